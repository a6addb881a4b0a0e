"""Salts from one seed: HKDF for each tree, then a GGM tree of HMACs (docs/format/redaction-v1.md, section 3).

The seed of an inner node gives the salts of the leaves below it, and of no others: that is what a disclosure shows.
"""

from collections.abc import Iterator
from typing import Final

from keys.digests import DIGEST_SIZE, hkdf_sha256, hmac_sha256, sha256
from testimony.errors import RedactionError

SEED_SIZE: Final = DIGEST_SIZE
_SEED_LABEL: Final = b"testimony/seed/v1\x00"
_VOIDS_LABEL: Final = b"testimony/voids/v1\x00"
_LEFT: Final = b"testimony/ggm/v1\x00"
_RIGHT: Final = b"testimony/ggm/v1\x01"
_LEAF: Final = b"\x00testimony/leaf/v1\x00"


class SaltTree:
    """The salts of one tree of `size` leaves, and the seeds of its inner nodes."""

    def __init__(self, record_seed: bytes, path: str, size: int) -> None:
        if len(record_seed) != SEED_SIZE:
            raise RedactionError(path, "seed")
        self._depth = (size - 1).bit_length()
        self._nodes = {(0, 0): hkdf_sha256(record_seed, _SEED_LABEL + path.encode("utf-8"))}

    def block(self, start: int, width: int) -> bytes:
        """The seed above the aligned block of `width` leaves that begins at `start`."""
        height = width.bit_length() - 1
        return self._node(self._depth - height, start >> height)

    def _node(self, level: int, index: int) -> bytes:
        known = self._nodes.get((level, index))
        if known is None:
            known = hmac_sha256(self._node(level - 1, index >> 1), _RIGHT if index & 1 else _LEFT)
            self._nodes[level, index] = known
        return known


def expand(seed: bytes, width: int) -> list[bytes]:
    """The salts of the `width` leaves below a seed, in their order."""
    level = [seed]
    while len(level) < width:
        level = [hmac_sha256(node, side) for node in level for side in (_LEFT, _RIGHT)]
    return level


def salted_hash(salt: bytes, framed: bytes) -> bytes:
    """The RFC 6962 hash of a leaf: its salt, then its frame."""
    return sha256(_LEAF + salt + framed)


def void_runs(record_seed: bytes, path: str) -> Iterator[int]:
    """How many voids follow each atom: coins that fall on one, until one falls on zero.

    The coins come from the seed, so that the tree can be built again from the record and its seed alone.
    """
    key = hkdf_sha256(record_seed, _VOIDS_LABEL + path.encode("utf-8"))
    number = ones = 0
    while True:
        coins = f"{int.from_bytes(hmac_sha256(key, number.to_bytes(4))):0256b}"
        *runs, rest = coins.split("0")
        for run in runs:
            yield ones + len(run)
            ones = 0
        ones += len(rest)
        number += 1
