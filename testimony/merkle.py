"""Merkle trees of RFC 6962, section 2.1, with the proof checks of RFC 9162, section 2.1.

The custody log and the redaction trees use the same three hashes: an empty tree, a leaf, a node.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from keys.digests import DIGEST_SIZE, equal, sha256
from testimony.errors import CustodyError

EMPTY_ROOT: Final = sha256(b"")
MAX_PATH: Final = 64


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 6962, 2.1)."""
    return sha256(b"\x00" + data)


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two children (RFC 6962, 2.1)."""
    return sha256(b"\x01" + left + right)


@dataclass(frozen=True, kw_only=True)
class Peaks:
    """A tree reduced to the roots of its largest perfect subtrees, left to right: enough to grow it."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def add(self, leaf: bytes) -> "Peaks":
        """The tree with one more leaf hash at its right end."""
        hashes = list(self.hashes)
        grow(hashes, self.size, leaf)
        return Peaks(size=self.size + 1, hashes=tuple(hashes))

    def root(self) -> bytes:
        """The root of the whole tree."""
        return _fold(self.hashes)


def grow(peaks: list[bytes], size: int, leaf: bytes) -> None:
    """Take one more leaf hash into the peaks of a tree of `size` leaves."""
    while size & 1:
        leaf = node_hash(peaks.pop(), leaf)
        size >>= 1
    peaks.append(leaf)


class MerkleTree:
    """All perfect subtrees of a list of leaf hashes, so that any root or path costs a few hashes only."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._levels = [list(hashes)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            self._levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0])

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves, or of all.

        Raises:
            CustodyError: The tree is not that large.
        """
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise CustodyError(None, "size")
        return self._range(0, size)

    def inclusion_path(self, index: int) -> tuple[bytes, ...]:
        """The audit path of one leaf, lowest sibling first (RFC 6962, 2.1.1).

        Raises:
            CustodyError: There is no such leaf.
        """
        if not 0 <= index < self.size:
            raise CustodyError(index, "inclusion")
        path: list[bytes] = []
        low, high = 0, self.size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low = middle
        return tuple(reversed(path))

    def consistency_path(self, earlier: int) -> tuple[bytes, ...]:
        """The proof that the first `earlier` leaves are still the beginning (RFC 6962, 2.1.2).

        Raises:
            CustodyError: The tree never had that size; an empty one needs no proof and has none.
        """
        if not 0 < earlier <= self.size:
            raise CustodyError(None, "consistency")
        path: list[bytes] = []
        low, high, whole = 0, self.size, True
        while earlier != high:
            middle = low + _split(high - low)
            if earlier <= middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low, whole = middle, False
        if not whole:
            path.append(self._range(low, high))
        return tuple(reversed(path))

    def _range(self, low: int, high: int) -> bytes:
        """The root over [low, high), where low is a multiple of the largest power of two below the width."""
        peaks: list[bytes] = []
        while low < high:
            level = (high - low).bit_length() - 1
            peaks.append(self._levels[level][low >> level])
            low += 1 << level
        return _fold(peaks)


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of none, the hash of nothing."""
    return MerkleTree(hashes).root()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes whose number is a power of two."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def inclusion_path(index: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """The audit path of one leaf.

    Raises:
        CustodyError: There is no such leaf.
    """
    return MerkleTree(hashes).inclusion_path(index)


def consistency_path(earlier: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """The proof that the first `earlier` leaves are still the beginning.

    Raises:
        CustodyError: The tree never had that size, or it was empty.
    """
    return MerkleTree(hashes).consistency_path(earlier)


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> None:
    """Nothing, when the leaf hash stands at `index` in the tree of `size` leaves (RFC 9162, 2.1.3.2).

    Raises:
        CustodyError: It does not, or the path has another length than that place needs.
    """
    if not 0 <= index < size or not _hashes_only(path):
        raise CustodyError(index, "inclusion")
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise CustodyError(index, "inclusion")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            place, last = _skip_left_edge(place, last)
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    if last != 0 or not equal(found, expected):
        raise CustodyError(index, "inclusion")


@dataclass(frozen=True, kw_only=True)
class TreeHead:
    """A tree at one size."""

    size: int
    root: bytes


def check_consistency(earlier: TreeHead, later: TreeHead, path: Sequence[bytes]) -> None:
    """Nothing, when the later tree begins with the earlier one (RFC 9162, 2.1.4.2).

    Raises:
        CustodyError: It does not, it is smaller, or the proof has another length than the two sizes need.
    """
    if earlier.size > later.size or not _hashes_only(path):
        raise CustodyError(None, "consistency")
    if earlier.size in (0, later.size):
        expected = EMPTY_ROOT if earlier.size == 0 else later.root
        if path or not equal(earlier.root, expected):
            raise CustodyError(None, "consistency")
        return
    _check_growth(earlier, later, list(path))


def _check_growth(earlier: TreeHead, later: TreeHead, path: list[bytes]) -> None:
    if earlier.size & (earlier.size - 1) == 0:
        path.insert(0, earlier.root)
    place, last = earlier.size - 1, later.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not path:
        raise CustodyError(None, "consistency")
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise CustodyError(None, "consistency")
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            place, last = _skip_left_edge(place, last)
        else:
            after = node_hash(after, sibling)
        place, last = place >> 1, last >> 1
    if last != 0 or not (equal(before, earlier.root) and equal(after, later.root)):
        raise CustodyError(None, "consistency")


def _skip_left_edge(place: int, last: int) -> tuple[int, int]:
    """Both places moved up while this one is the right end of an odd level, where nothing is hashed."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _hashes_only(path: Sequence[bytes]) -> bool:
    return len(path) <= MAX_PATH and all(len(step) == DIGEST_SIZE for step in path)


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    folded = peaks[-1]
    for peak in reversed(peaks[:-1]):
        folded = node_hash(peak, folded)
    return folded
