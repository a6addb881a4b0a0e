"""Marks that a redactor sets on a finished record, whose words do not change any more (redaction-v1.md, section 10)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from keys.digests import hkdf_sha256, hmac_sha256
from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text, decode, encode
from testimony.mentions import ALIAS

MAX_MARKS: Final = 10_000
MAX_BYTES: Final = 16 * 1024 * 1024
_LABEL: Final = b"testimony/redactor-marks/v1\x00"
_OBJECT_LABEL: Final = b"testimony/redactor-marks-object/v1\x00"
_OBJECT_DIGITS: Final = 32
_KEYS: Final = ("code", "end", "name", "paragraph", "start", "version", "words")


@dataclass(frozen=True, kw_only=True)
class RedactorMark:
    """Characters of a paragraph, from 0, of one version of a record, that mean somebody with that name and code."""

    version: int
    paragraph: int
    start: int
    end: int
    code: str
    name: str = field(repr=False)
    words: str = field(repr=False)


def marks_to_bytes(marks: Iterable[RedactorMark]) -> bytes:
    """The one spelling of the marks of a record."""
    return encode([_to_json(one) for one in marks])


def parse_marks(data: bytes) -> tuple[RedactorMark, ...]:
    """The marks in these bytes.

    Raises:
        CanonicalError: Any spelling but the one that `marks_to_bytes` gives.
    """
    listed = as_list(decode(data, limit=MAX_BYTES, where="marks"), "marks", limit=MAX_MARKS)
    return tuple(_from_json(one) for one in listed)


def digest_of_marks(marks: Iterable[RedactorMark], seed: bytes) -> str:
    """How a custody entry names the marks: keyed by the record's seed, since there are few to be guessed."""
    return hmac_sha256(hkdf_sha256(seed, _LABEL), marks_to_bytes(marks)).hex()


def log_object_of_marks(record_id: str, seed: bytes) -> str:
    """What the log's entries about the marks on a record are about: no record's own chain tells of them."""
    digest = hmac_sha256(hkdf_sha256(seed, _OBJECT_LABEL), record_id.encode("ascii"))
    return f"marks/{digest.hex()[:_OBJECT_DIGITS]}"


def _to_json(one: RedactorMark) -> JsonValue:
    return {name: getattr(one, name) for name in _KEYS}


def _from_json(value: JsonValue) -> RedactorMark:
    members = as_object(value, "marks", required=_KEYS)
    version, paragraph, start, end = (
        as_integer(members[name], "marks") for name in ("version", "paragraph", "start", "end")
    )
    code = as_text(members["code"], "marks", pattern=ALIAS)
    name, words = (as_text(members[name], "marks") for name in ("name", "words"))
    return RedactorMark(version=version, paragraph=paragraph, start=start, end=end, code=code, name=name, words=words)
