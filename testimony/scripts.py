"""The text that is read out to a witness before consent, and its digest (docs/format/script-v1.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from keys.digests import sha256
from testimony.answers import NotAsked, members_of, text_of
from testimony.errors import ScriptError
from testimony.interview import Interview

MAX_SCRIPT: Final = 64 * 1024  # bytes
LIMITS: Final = "consent.limits_explained"
_OWN: Final = (("consent-ar-1", "ara"), ("consent-en-1", "eng"))
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LANGUAGE: Final = re.compile(r"[a-z]{3}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
# Controls, and what makes a text look different from its bytes: byte order marks, overrides and isolates of direction.
_REFUSED: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
# One written language for all who speak a form of it: ISO 639-3 calls these macrolanguages.
_FORMS_OF: Final[Mapping[str, frozenset[str]]] = {
    "ara": frozenset(
        [
            "aao",
            "abh",
            "abv",
            "acm",
            "acq",
            "acw",
            "acx",
            "acy",
            "adf",
            "aeb",
            "aec",
            "afb",
            "ajp",
            "apc",
            "apd",
            "arb",
            "arq",
            "ars",
            "ary",
            "arz",
            "auz",
            "avl",
            "ayh",
            "ayl",
            "ayn",
            "ayp",
            "pga",
            "shu",
            "ssh",
        ]
    ),
    "kur": frozenset(("ckb", "kmr", "sdh")),
}


@dataclass(frozen=True, kw_only=True)
class Script:
    """One text in one language; `code` names it for ever, `sha256` is over exactly the bytes of `text` in UTF-8."""

    code: str
    language: str
    sha256: str
    text: str = field(repr=False)


def read_script(code: str, language: str, data: bytes) -> Script:
    """The script in these bytes.

    Raises:
        ScriptError: The code or the language is none; too long, empty, or no plain text of whole lines.
    """
    if not _CODE.fullmatch(code):
        raise ScriptError("code", "script")
    if not _LANGUAGE.fullmatch(language):
        raise ScriptError("language", "script")
    if len(data) > MAX_SCRIPT:
        raise ScriptError("limit", code)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ScriptError("not-utf-8", code) from None
    if not text.strip() or not text.endswith("\n") or _REFUSED.search(text):
        raise ScriptError("not-plain-text", code)
    return Script(code=code, language=language, sha256=sha256(data).hex(), text=text)


@cache
def own_scripts() -> tuple[Script, ...]:
    """The scripts that are part of this release."""
    texts = resources.files("testimony.script_texts")
    return tuple(read_script(code, language, texts.joinpath(f"{code}.txt").read_bytes()) for code, language in _OWN)


def speaks(script: Script, language: str) -> bool:
    """Whether a script is in that language, or in the written language of which it is a form."""
    return language == script.language or language in _FORMS_OF.get(script.language, frozenset())


def script_named(interview: Interview) -> tuple[str, str]:
    """Code and digest of the text that the interview says was read out; empty where it does not say."""
    members = members_of(interview.answers[LIMITS])
    return text_of(members.get("script", NotAsked())), text_of(members.get("script_sha256", NotAsked()))


def has_digest(interview: Interview) -> bool:
    """Whether the interview says by its digest which text was read out (C14)."""
    return _DIGEST.fullmatch(script_named(interview)[1]) is not None


def interpreted(interview: Interview) -> bool:
    """Whether somebody interpreted, and the record says who by a code."""
    return text_of(interview.answers["session.interpreter_code"]) not in ("", "none")
