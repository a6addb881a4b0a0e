"""Reading a disclosure: one spelling, exact tiling, every path where the form puts it (redaction-v1.md, section 5).

A tree is rebuilt from its runs while it is read; nothing of it is returned before its root was compared.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from keys.digests import DIGEST_SIZE, equal
from testimony.canonical import JsonValue
from testimony.errors import RedactionError
from testimony.merkle import perfect_root
from testimony.redaction.atom_reading import AtomLayout
from testimony.redaction.commitments import Commitment
from testimony.redaction.leaf_reading import Budget, is_count, read_value
from testimony.redaction.leaves import (
    ATOMS_MULTIPLE,
    MAX_LEAVES,
    SHORTEST_LIST,
    LeafType,
    Padding,
    frame,
    join,
    padded_size,
    subtree_value,
)
from testimony.redaction.opened import Gap, Opened, OpenTree
from testimony.redaction.salts import expand, salted_hash
from testimony.redaction.shapes import LeafShape, ListShape, ObjectShape, ParagraphShape, Shape
from testimony.redaction.tiling import Roots, cover

MAX_SHOWN: Final = MAX_LEAVES
_VOID: Final = {"type": "void"}
_RUN_HEAD: Final = 2
_HIDE_PARTS: Final = 3


def read_tree(
    value: JsonValue,
    *,
    commitment: Commitment,
    shape: ObjectShape | ListShape,
    path: str = "",
    budget: Budget | None = None,
) -> OpenTree:
    """What a disclosure shows of the tree with this commitment.

    Raises:
        RedactionError: The disclosure is malformed, shows a value where the shape has none, or does not lead to
            the committed root.
    """
    layout = _SlotLayout(path, shape, budget or Budget(MAX_SHOWN))
    found = _rebuild(value, path, shape, layout)
    if found.n != commitment.n or not equal(found.root, commitment.root):
        raise RedactionError(path, "root")
    return layout.opened()


def _rebuild(value: JsonValue, path: str, shape: Shape, layout: "_SlotLayout | AtomLayout") -> Commitment:
    if not isinstance(value, dict) or value.keys() != {"n", "runs"}:
        raise RedactionError(path, "malformed")
    size, runs = value["n"], value["runs"]
    if not is_count(size) or not _fits(size, shape):
        raise RedactionError(path, "count")
    if not isinstance(runs, list):
        raise RedactionError(path, "malformed")
    roots = layout.budget.roots(path)
    before = None
    for run in runs:
        if not isinstance(run, list) or len(run) < _RUN_HEAD or run[0] == before:
            raise RedactionError(path, "malformed")
        before = run[0]
        _add_run(run, roots, size, layout)
    if roots.size != size:
        raise RedactionError(path, "tiling")
    layout.close()
    return Commitment(root=roots.root(), n=size)


def _fits(size: int, shape: Shape) -> bool:
    if not 1 <= size <= MAX_LEAVES:
        return False
    if isinstance(shape, ObjectShape):
        return size == padded_size(len(shape.members), Padding.OBJECT)
    if isinstance(shape, ParagraphShape):
        return size % ATOMS_MULTIPLE == 0
    return size >= SHORTEST_LIST and size & (size - 1) == 0


def _add_run(run: Sequence[JsonValue], roots: Roots, size: int, layout: "_SlotLayout | AtomLayout") -> None:
    start = roots.size
    if run[0] == "hide" and len(run) == _HIDE_PARTS:
        width = run[1]
        if not is_count(width) or not 1 <= width <= size - start:
            raise RedactionError(layout.path, "tiling")
        for block, block_root in _blocks(run[2], start, start + width, layout.path):
            roots.add(block, block_root)
        layout.gap(Gap(start=start, width=width))
    elif run[0] == "show" and _RUN_HEAD < len(run) <= _RUN_HEAD + size - start:
        layout.budget.take(len(run) - _RUN_HEAD, layout.path)
        shown = enumerate(run[_RUN_HEAD:], start)
        for block, seed in _blocks(run[1], start, start + len(run) - _RUN_HEAD, layout.path):
            framed = (layout.framed(place, value) for place, value in islice(shown, block))
            hashes = map(salted_hash, expand(seed, block), framed)
            roots.add(block, perfect_root(list(hashes)))
    else:
        raise RedactionError(layout.path, "tiling")


def _blocks(text: JsonValue, start: int, end: int, path: str) -> Iterator[tuple[int, bytes]]:
    """Width and 32 bytes for each block of the one cover of [start, end)."""
    widths = [block.width for block in cover(start, end)]
    if not isinstance(text, str):
        raise RedactionError(path, "malformed")
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (Base64Error, UnicodeEncodeError):
        raise RedactionError(path, "malformed") from None
    if len(data) != DIGEST_SIZE * len(widths) or b64encode(data).decode("ascii") != text:
        raise RedactionError(path, "cover")
    for number, width in enumerate(widths):
        yield width, data[DIGEST_SIZE * number : DIGEST_SIZE * (number + 1)]


class _SlotLayout:
    """The slots of an object or the elements of a list, as they come by."""

    def __init__(self, path: str, shape: ObjectShape | ListShape, budget: Budget) -> None:
        self.path = path
        self.budget = budget
        self._shape = shape
        self._items: dict[int, Opened] = {}
        self._gaps: list[Gap] = []
        self._ended = False
        self._void = frame(path, LeafType.VOID, b"")

    def gap(self, gap: Gap) -> None:
        if isinstance(self._shape, ObjectShape):
            # Each hidden member is named to the reader later: a few bytes must not stand for a million names.
            self.budget.take(gap.width, self.path)
        self._gaps.append(gap)

    def framed(self, place: int, value: JsonValue) -> bytes:
        """The frame of the shown leaf at this place.

        Raises:
            RedactionError: It is not what the shape has there.
        """
        slot = self._slot(place, value)
        if slot is None:
            return self._void
        framed, self._items[place] = _leaf(value, *slot, self)
        return framed

    def close(self) -> None:
        """Nothing: an object or list may end anywhere."""

    def opened(self) -> OpenTree:
        return OpenTree(path=self.path, items=self._items, gaps=tuple(self._gaps))

    def _slot(self, place: int, value: JsonValue) -> tuple[str, Shape] | None:
        """Path and shape of what must stand there; None for a void."""
        if isinstance(self._shape, ObjectShape):
            if place < len(self._shape.members):
                name, shape = self._shape.members[place]
                return join(self.path, name), shape
            self._ended = True
        if value == _VOID:
            self._ended = True
            return None
        if self._ended:
            # Behind the first void there are only voids: else an element could be passed off as none.
            raise RedactionError(join(self.path, place), "void")
        return join(self.path, place), self._shape.element if isinstance(self._shape, ListShape) else self._shape

    def is_list(self) -> bool:
        return isinstance(self._shape, ListShape)


def _leaf(value: JsonValue, path: str, shape: Shape, parent: _SlotLayout) -> tuple[bytes, Opened]:
    if not isinstance(value, dict) or "type" not in value:
        raise RedactionError(path, "malformed")
    if value.get("path") != path:
        raise RedactionError(path, "path")
    if value["type"] == "subtree" and not isinstance(shape, LeafShape):
        inner = {name: part for name, part in value.items() if name not in ("path", "type")}
        return _subtree(inner, path, shape, parent.budget)
    leaf = read_value(value, path, shape, absent=not parent.is_list())
    return leaf.framed, leaf.opened


def _subtree(
    value: Mapping[str, JsonValue], path: str, shape: ObjectShape | ListShape | ParagraphShape, budget: Budget
) -> tuple[bytes, Opened]:
    layout = AtomLayout(path, budget) if isinstance(shape, ParagraphShape) else _SlotLayout(path, shape, budget)
    found = _rebuild(dict(value), path, shape, layout)
    return frame(path, LeafType.SUBTREE, subtree_value(found.n, found.root)), layout.opened()
