"""Two disclosures of one record, the later against the earlier (docs/format/redaction-v1.md, section 9).

What is shown anew is hashed again and compared, block by block, with the hashes that stood there in place of it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from keys.digests import equal
from testimony.canonical import JsonValue
from testimony.errors import RedactionError
from testimony.forms.form import Form
from testimony.redaction.commitments import Commitment
from testimony.redaction.leaf_reading import Budget
from testimony.redaction.opened import Gap, Opened, OpenLeaf, OpenParagraph, OpenTree
from testimony.redaction.reading import MAX_SHOWN, read_tree
from testimony.redaction.shapes import shape_of_form
from testimony.redaction.tiling import Roots

_RUN: Final = re.compile(r"(.+)/([0-9]{1,7})-([0-9]{1,7})")

Piece = tuple[int, bytes]  # how many leaves, and the root over them


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A disclosure with the commitment that it leads to."""

    disclosure: JsonValue
    commitment: Commitment
    form: Form

    def __repr__(self) -> str:
        return "Shown()"


@dataclass(frozen=True, kw_only=True)
class Growth:
    """The paths that only the later disclosure shows, and those that only the earlier one did.

    Of words the path is `<paragraph>/<first>-<last>`, the places of leaves in the paragraph's tree.
    """

    lifted: tuple[str, ...]
    hidden: tuple[str, ...]


def compare(earlier: Shown, later: Shown) -> Growth:
    """What two disclosures of one record show differently.

    Raises:
        RedactionError: One does not lead to its root, or a block is not what stands there in the other ("block").
    """
    before, after = _read(earlier), _read(later)
    for path in sorted(before.trees.keys() & after.trees.keys()):
        _check_blocks(path, before.trees[path].pieces, after.trees[path].pieces)
    return Growth(
        lifted=tuple(sorted(_only(after.tree, before.tree))), hidden=tuple(sorted(_only(before.tree, after.tree)))
    )


def shows(tree: OpenTree, path: str) -> bool:
    """Whether a disclosure shows what a path of `Growth` names."""
    return path in ShownPlaces(tree)


class ShownPlaces:
    """What a disclosure shows, ready to be asked of many paths of `Growth`."""

    def __init__(self, tree: OpenTree) -> None:
        shown = tuple(_shown(tree))
        self._paths = frozenset(one.path for one in shown)
        self._gaps = {one.path: _gaps(one) for one in shown if isinstance(one, OpenParagraph)}

    def __contains__(self, path: str) -> bool:
        run = _RUN.fullmatch(path)
        if run is None or run[1] not in self._gaps:
            return path in self._paths
        first, last, gaps = int(run[2]), int(run[3]), self._gaps[run[1]]
        # Gaps lie apart and in order: of those that begin up to the last place, the nearest reaches furthest.
        before = bisect_right(gaps, last, key=lambda gap: gap.start)
        return first <= last and (before == 0 or gaps[before - 1].start + gaps[before - 1].width <= first)


class _Pieces(Roots):
    """The blocks of a tree as they were put together."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []

    def add(self, width: int, block_root: bytes) -> None:
        self.pieces.append((width, block_root))
        super().add(width, block_root)


class _Recorder(Budget):
    """Keeps the blocks of every tree that is read."""

    def __init__(self) -> None:
        super().__init__(MAX_SHOWN)
        self.trees: dict[str, _Pieces] = {}

    def roots(self, path: str) -> Roots:
        return self.trees.setdefault(path, _Pieces())


@dataclass(frozen=True, kw_only=True)
class _Read:
    tree: OpenTree
    trees: dict[str, _Pieces]


def _read(shown: Shown) -> _Read:
    recorder = _Recorder()
    shape = shape_of_form(shown.form)
    tree = read_tree(shown.disclosure, commitment=shown.commitment, shape=shape, budget=recorder)
    return _Read(tree=tree, trees=recorder.trees)


def _check_blocks(path: str, before: Sequence[Piece], after: Sequence[Piece]) -> None:
    """The same leaves on both sides: where one has a block and the other its parts, the parts make the block."""
    left, right = iter(before), iter(after)
    for width, root in left:
        other_width, other_root = next(right, (0, b""))
        if other_width < width:
            other_width, other_root = _folded(right, (other_width, other_root), width)
        elif width < other_width:
            width, root = _folded(left, (width, root), other_width)  # noqa: PLW2901  # the rest of the same block
        if width != other_width or not equal(root, other_root):
            raise RedactionError(path, "block")
    if next(right, None) is not None:
        raise RedactionError(path, "block")


def _folded(pieces: Iterator[Piece], first: Piece, width: int) -> Piece:
    """The block of that width that begins with a piece, as far as the pieces go."""
    roots = Roots()
    roots.add(*first)
    while roots.size < width and (piece := next(pieces, None)) is not None:
        roots.add(*piece)
    return roots.size, roots.root()


def _only(tree: Opened, other: Opened | None) -> Iterator[str]:
    """The paths that the one shows and the other does not."""
    if isinstance(tree, OpenTree):
        known = other.items if isinstance(other, OpenTree) else {}
        if not tree.items and other is None:
            yield tree.path
        for place, item in tree.items.items():
            yield from _only(item, known.get(place))
    elif other is None:
        yield tree.path
    elif isinstance(tree, OpenParagraph) and isinstance(other, OpenParagraph):
        yield from (f"{tree.path}/{start}-{end - 1}" for start, end in _without(_gaps(other), _gaps(tree)))


def _gaps(paragraph: OpenParagraph) -> list[Gap]:
    return [item for item in paragraph.items if isinstance(item, Gap)]


def _without(gaps: Sequence[Gap], others: Sequence[Gap]) -> Iterator[tuple[int, int]]:
    """The runs of places in the first gaps that are in none of the others."""
    rest = iter(others)
    other = next(rest, None)
    for gap in gaps:
        start, end = gap.start, gap.start + gap.width
        while other is not None and other.start < end:
            if start < other.start:
                yield start, other.start
            start = max(start, other.start + other.width)
            if start > end:
                break  # it reaches beyond this gap, perhaps into the next
            other = next(rest, None)
        if start < end:
            yield start, end


def _shown(tree: OpenTree) -> Iterator[OpenLeaf | OpenParagraph | OpenTree]:
    for item in tree.items.values():
        if isinstance(item, OpenTree):
            yield from _shown(item)
            if not item.items:
                yield item
        else:
            yield item
