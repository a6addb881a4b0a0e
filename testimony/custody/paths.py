"""Paths through a Merkle tree as they stand in JSON: lists of hashes in hex (docs/format/custody-v1.md, section 7)."""

import re
from collections.abc import Sequence
from typing import Final

from keys.digests import DIGEST_SIZE
from testimony.canonical import JsonValue, as_list, as_text
from testimony.merkle import MAX_PATH

_HASH: Final = re.compile(rf"[0-9a-f]{{{2 * DIGEST_SIZE}}}")


def path_value(path: Sequence[bytes]) -> list[JsonValue]:
    """The path for JSON."""
    return [step.hex() for step in path]


def parse_path(value: JsonValue) -> tuple[bytes, ...]:
    """The path out of JSON.

    Raises:
        CanonicalError: It is too long, or a step is no hash in lower-case hex.
    """
    steps = as_list(value, "path", limit=MAX_PATH)
    return tuple(bytes.fromhex(as_text(step, "path", pattern=_HASH)) for step in steps)
