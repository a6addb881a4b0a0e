"""The header of an age v1 file, read and written in its one spelling (docs/format/sealing-v1.md, section 2).

Source: C2SP age.md, "Header".
"""

import base64
import re
from dataclasses import dataclass
from typing import Final

from keys.digests import equal, hkdf_sha256, hmac_sha256
from keys.errors import HeaderError, HeaderMacError
from keys.secret import Secret
from keys.streams import ReadAhead

MAX_HEADER: Final = 256 * 1024
MAX_STANZAS: Final = 64
_VERSION_LINE: Final = b"age-encryption.org/v1\n"
_COLUMNS: Final = 64
_MAC_SIZE: Final = 32
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]*")
_ARGUMENT: Final = re.compile(rb"[\x21-\x7e]+")


@dataclass(frozen=True, kw_only=True)
class Stanza:
    """One recipient's part of a header; the first argument is its type."""

    arguments: tuple[bytes, ...]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Header:
    """A header whose shape is right; `covered` are the bytes that its code authenticates."""

    stanzas: tuple[Stanza, ...]
    covered: bytes
    mac: bytes

    def check_mac(self, file_key: Secret) -> None:
        """Nothing, when the header is the one that was sealed with this file key.

        Raises:
            HeaderMacError: It is not.
        """
        if not equal(_mac(file_key, self.covered), self.mac):
            raise HeaderMacError


def read_header(source: ReadAhead) -> Header:
    """The header at the start of `source`, which is left at the first byte of the payload.

    Raises:
        HeaderError: The header breaks a rule of its grammar or a limit.
    """
    lines = _Lines(source)
    if lines.next() != _VERSION_LINE:
        raise HeaderError("not an age v1 file")
    stanzas: list[Stanza] = []
    while not (line := lines.next()).startswith(b"---"):
        if len(stanzas) == MAX_STANZAS:
            raise HeaderError(f"more than {MAX_STANZAS} stanzas")
        stanzas.append(Stanza(arguments=_arguments(line), body=_body(lines)))
    if not line.startswith(b"--- ") or not stanzas:
        raise HeaderError("no recipients, or the last line is malformed")
    mac = stanza_base64(line[4:-1])
    if len(mac) != _MAC_SIZE:
        raise HeaderError("the authentication code has the wrong length")
    return Header(stanzas=tuple(stanzas), covered=bytes(lines.seen[: -len(line)]) + b"---", mac=mac)


def format_header(stanzas: list[Stanza], file_key: Secret) -> bytes:
    """The header with its authentication code, up to and with the last line feed."""
    covered = b"".join([_VERSION_LINE, *map(_format_stanza, stanzas), b"---"])
    return covered + b" " + encode_base64(_mac(file_key, covered)) + b"\n"


def encode_base64(content: bytes) -> bytes:
    """Base64 without padding, the only form in a header."""
    return base64.b64encode(content).rstrip(b"=")


def stanza_base64(text: bytes) -> bytes:
    """The bytes of such base64.

    Raises:
        HeaderError: Another alphabet, padding, or bits that belong to no byte.
    """
    if not _BASE64.fullmatch(text) or len(text) % 4 == 1:
        raise HeaderError("not base64")
    content = base64.b64decode(text + b"=" * (-len(text) % 4))
    if encode_base64(content) != text:
        raise HeaderError("base64 is not spelled in the one allowed way")
    return content


class _Lines:
    """The lines of a header, kept as they were read, up to the limit."""

    def __init__(self, source: ReadAhead) -> None:
        self._source = source
        self.seen = bytearray()

    def next(self) -> bytes:
        line = self._source.read_line(MAX_HEADER - len(self.seen))
        if not line.endswith(b"\n"):
            raise HeaderError("longer than the limit, or it ends too early")
        self.seen += line
        return line


def _arguments(line: bytes) -> tuple[bytes, ...]:
    arguments = tuple(line[3:-1].split(b" "))
    if not line.startswith(b"-> ") or not all(map(_ARGUMENT.fullmatch, arguments)):
        raise HeaderError("a stanza does not begin as it should")
    return arguments


def _body(lines: _Lines) -> bytes:
    """The body: full lines and then one that is shorter, perhaps empty."""
    text = bytearray()
    while True:
        line = lines.next()[:-1]
        if len(line) > _COLUMNS or not _BASE64.fullmatch(line):
            raise HeaderError("a line of a stanza is too long or not base64")
        text += line
        if len(line) < _COLUMNS:
            return stanza_base64(bytes(text))


def _format_stanza(stanza: Stanza) -> bytes:
    text = encode_base64(stanza.body)
    lines = [text[start : start + _COLUMNS] + b"\n" for start in range(0, len(text) + 1, _COLUMNS)]
    return b"-> " + b" ".join(stanza.arguments) + b"\n" + b"".join(lines)


def _mac(file_key: Secret, covered: bytes) -> bytes:
    return hmac_sha256(hkdf_sha256(file_key.reveal(), b"header"), covered)
