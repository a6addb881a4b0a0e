"""Paths through a Merkle tree as they stand in JSON: lists of hashes in hex (docs/format/custody-v1.md, section 7)."""

from collections.abc import Sequence
from typing import Final

from keys.digests import DIGEST_SIZE
from testimony.canonical import JsonValue, as_list, as_text
from testimony.errors import CanonicalError
from testimony.merkle import MAX_PATH

_HASH_DIGITS: Final = 2 * DIGEST_SIZE


def path_value(path: Sequence[bytes]) -> list[JsonValue]:
    """The path for JSON."""
    return [step.hex() for step in path]


def parse_path(value: JsonValue) -> tuple[bytes, ...]:
    """The path out of JSON.

    Raises:
        CanonicalError: It is too long, or a step is no hash in lower-case hex.
    """
    return tuple(_hash(step) for step in as_list(value, "path", limit=MAX_PATH))


def _hash(value: JsonValue) -> bytes:
    text = as_text(value, "path")
    if len(text) != _HASH_DIGITS or not text.isascii() or text.lower() != text:
        raise CanonicalError("path", "bad-text")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise CanonicalError("path", "bad-text") from None
