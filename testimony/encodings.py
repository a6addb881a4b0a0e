"""Encodings in which a word may stand in a file, and what a text says once they are undone (profile-v1.md, 4)."""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from testimony.folding import fold

# Digests, keys and signatures are random letters in which a short name stands by chance.
_HEX_RUN: Final = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32,}(?![0-9A-Za-z])")
_BASE64_RUN: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42,}={0,2}(?![A-Za-z0-9+/=])")
_ARMOR: Final = re.compile(r"-----BEGIN SSH SIGNATURE-----[A-Za-z0-9+/=\s]{0,8192}-----END SSH SIGNATURE-----")
_FEW: Final = 3

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|([\"\\/bfnrt]))")
_ESCAPED: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_QUOTED: Final = re.compile(r"(?:=[0-9A-F]{2})+")

# Runs that may say something once they are decoded; shorter ones are found by the encoded forms of each word.
_LETTERS_16: Final = re.compile(r"[0-9A-Fa-f]{12,}")
_LETTERS_64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_URL_TO_PLAIN: Final = str.maketrans("-_", "+/")
_CUT: Final = 3  # bytes of one character that a border of four letters may cut off
_CONTINUED: Final = bytes(range(0x80, 0xC0))
_WIDE: Final = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_HIGH_BYTES: Final = (0x00, 0x06)  # of the two bytes of a letter: Latin, Arabic


def readings(text: str) -> Iterator[str]:
    """The text, and what it says once one layer of escapes, entities, base64 or hex is undone."""
    plain = without_random(text)
    yield plain
    if "\\" in plain:
        yield _ESCAPE.sub(_unescape, plain)
    if "%" in plain:
        yield _PERCENT.sub(_unquote, plain)
    if "&" in plain:
        yield html.unescape(plain)
    if "=" in plain:
        yield _QUOTED.sub(_unquote, plain)
    decoded = "\n".join((*_from_base64(text), *_from_hex(text)))
    if decoded:
        yield decoded


def wide_readings(window: bytes) -> Iterator[str]:
    """What the bytes say in UTF-16 and UTF-32, where they may be that; empty where they are something else."""
    if sum(map(window.count, _HIGH_BYTES)) * 4 < len(window):
        return
    for encoding in _WIDE:
        for start in range(2 if encoding.startswith("utf-16") else 4):
            text = window[start:].decode(encoding, "replace")
            if is_words(text):
                yield text


def is_words(text: str) -> bool:
    """Whether a decoded text is one: hardly any of its bytes were none of its characters."""
    return text.count("\ufffd") * 8 <= len(text)


def without_random(text: str) -> str:
    """The same text with keys, digests and signatures blanked, every place kept."""
    for pattern in (_ARMOR, _HEX_RUN, _BASE64_RUN):
        text = pattern.sub(_blank_if_random, text)
    return text


def spellings(text: str) -> tuple[str, ...]:
    """The text in the forms in which it may have been encoded: as given, in two normal forms, in other case, folded."""
    forms = (
        text,
        unicodedata.normalize("NFC", text),
        unicodedata.normalize("NFD", text),
        text.lower(),
        text.upper(),
        " ".join(fold(text).split()),
    )
    return tuple(dict.fromkeys(forms))


def lettered_forms(raw: bytes) -> Iterator[bytes]:
    """The bytes in hex and base64, in letters alone; of base64 the part that does not depend on the neighbours."""
    yield raw.hex().encode("ascii")
    yield raw.hex().upper().encode("ascii")
    for lead in range(3):
        inner = base64.b64encode(bytes(lead) + raw)[(0, 2, 3)[lead] : -4]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")


def wide_forms(text: str) -> Iterator[bytes]:
    """The text in UTF-16 and UTF-32 in both orders."""
    for encoding in _WIDE:
        yield text.encode(encoding)


def _blank_if_random(match: re.Match[str]) -> str:
    run = match[0]
    if match.re is _BASE64_RUN:
        counts = (sum(map(kind, run)) for kind in (str.isdigit, str.isupper, str.islower))
        if min(counts) < _FEW:
            return run
    return " " * len(run)


def _unescape(match: re.Match[str]) -> str:
    code, letter = match.groups()
    if code is not None:
        return chr(int(code, 16))
    return _ESCAPED.get(letter, letter)


def _unquote(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "").replace("=", "")).decode("utf-8", "replace")


def _from_base64(text: str) -> Iterator[str]:
    """What the runs of letters say as base64 in each of its alignments; nothing for digests and keys."""
    for match in _LETTERS_64.finditer(text):
        run = match[0].translate(_URL_TO_PLAIN)
        for start in range(4):
            whole = run[start : start + (len(run) - start) // 4 * 4]
            rest = run[start + len(whole) :]
            # Two or three letters behind the last four say one or two bytes more.
            padded = whole + (rest + "=" * (4 - len(rest)) if len(rest) > 1 else "")
            said = _said(base64.b64decode(padded.encode("ascii")))
            if said:
                yield said


def _from_hex(text: str) -> Iterator[str]:
    for match in _LETTERS_16.finditer(text):
        for start in range(2):
            run = match[0][start:]
            said = _said(binascii.unhexlify(run[: len(run) // 2 * 2]))
            if said:
                yield said


def _said(data: bytes) -> str:
    """The text in these bytes, whose first and last character may be cut; empty where they are none."""
    inner = data.lstrip(_CONTINUED) if data[:1] > b"\x7f" else data
    if len(data) - len(inner) > _CUT:
        return ""
    try:
        return inner.decode("utf-8")
    except UnicodeDecodeError as error:
        return inner[: error.start].decode("utf-8") if error.start >= len(inner) - _CUT else ""
