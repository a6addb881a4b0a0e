"""Runs of leaves as aligned blocks, and a root from such blocks (docs/format/redaction-v1.md, section 5)."""

from collections.abc import Iterator
from dataclasses import dataclass

from testimony.merkle import EMPTY_ROOT, node_hash


@dataclass(frozen=True, kw_only=True)
class Block:
    """The leaves [start, start + width): `width` is a power of two, `start` a multiple of it."""

    start: int
    width: int


def cover(start: int, end: int) -> Iterator[Block]:
    """The one list of largest aligned blocks that tiles [start, end)."""
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        if start:
            width = min(width, start & -start)
        yield Block(start=start, width=width)
        start += width


class Roots:
    """A root built from aligned blocks that arrive from left to right."""

    def __init__(self) -> None:
        self._stack: list[tuple[int, bytes]] = []
        self.size = 0

    def add(self, width: int, block_root: bytes) -> None:
        """Take in the root of the next aligned block."""
        stack = self._stack
        self.size += width
        while stack and stack[-1][0] == width:
            block_root = node_hash(stack.pop()[1], block_root)
            width *= 2
        stack.append((width, block_root))

    def root(self) -> bytes:
        """The RFC 6962 root over all blocks so far."""
        if not self._stack:
            return EMPTY_ROOT
        folded = self._stack[-1][1]
        for _, block_root in reversed(self._stack[:-1]):
            folded = node_hash(block_root, folded)
        return folded
