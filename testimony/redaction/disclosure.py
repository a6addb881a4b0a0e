"""A disclosure: the shown values of a tree with the proof that they stand in it (redaction-v1.md, section 5)."""

from base64 import b64encode
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import groupby

from testimony.canonical import JsonValue
from testimony.forms.form import Form
from testimony.redaction.atoms import Atom, AtomKind, atoms_of
from testimony.redaction.commitments import Commitment, Grove, grove_of_branch, grove_of_paragraph
from testimony.redaction.disclosed import Disclosed
from testimony.redaction.leaves import Branch, Leaf, LeafType, Node, Paragraph
from testimony.redaction.reading import read_tree
from testimony.redaction.selection import ParagraphView, Selection
from testimony.redaction.shapes import shape_of_form
from testimony.redaction.tiling import cover

HIDE = "hide"
SHOW = "show"
VOID: dict[str, JsonValue] = {"type": "void"}
TYPE_NAMES = {
    LeafType.TEXT: "text",
    LeafType.INTEGER: "integer",
    LeafType.DATE: "date",
    LeafType.ABSENT: "absent",
    LeafType.BLOB: "blob",
}


def disclose(branch: Branch, seed: bytes, selection: Selection) -> dict[str, JsonValue]:
    """The disclosure of what the selection shows, for canonical JSON.

    Raises:
        RedactionError: A tree has too many leaves, or the seed is of another size.
    """
    children = branch.children
    shown = [_shown(child, selection) for child in children]
    # A list that is shown in part keeps its voids hidden: else they would tell how many elements there are.
    voids = all(shown) and all(_entire(child, selection) for child in children)
    shown += [voids] * (branch.size - len(children))

    def leaf(place: int) -> JsonValue:
        return _leaf(children[place], seed, selection) if place < len(children) else VOID

    return _tree(grove_of_branch(branch, seed), shown, leaf)


def read_disclosure(value: JsonValue, *, root: bytes, n: int, form: Form) -> Disclosed:
    """What a disclosure proves of the record with this root over `n` leaves, made with this form.

    Raises:
        RedactionError: It is malformed, shows a value where the form has none, or does not lead to that root.
    """
    tree = read_tree(value, commitment=Commitment(root=root, n=n), shape=shape_of_form(form))
    return Disclosed(form=form, tree=tree)


def gap_over(paragraph: Paragraph, seed: bytes, view: ParagraphView, span: tuple[int, int]) -> int | None:
    """The first leaf of the gap in which words of this span are hidden; None where none of them is.

    Raises:
        RedactionError: The paragraph has too many atoms.
    """
    atoms = atoms_of(paragraph, seed)
    shown = _visible(atoms, view)
    starts, ends = [span[0]], [span[1]]
    hidden = (
        place
        for place, atom in enumerate(atoms)
        if not shown[place] and atom.kind is not AtomKind.VOID and _in_gap(atom, starts, ends)
    )
    place = next(hidden, None)
    while place and not shown[place - 1]:
        place -= 1
    return place


def _shown(node: Node, selection: Selection) -> bool:
    if isinstance(node, Paragraph):
        return node.path in selection.paragraphs
    return selection.touched(node.path)


def _entire(node: Node, selection: Selection) -> bool:
    return isinstance(node, Paragraph) or selection.whole(node.path)


def _leaf(node: Node, seed: bytes, selection: Selection) -> JsonValue:
    if isinstance(node, Leaf):
        return {"path": node.path, "type": TYPE_NAMES[node.type], "value": _value(node)}
    inner = (
        _paragraph(node, seed, selection.paragraphs[node.path])
        if isinstance(node, Paragraph)
        else disclose(node, seed, selection)
    )
    return {"path": node.path, "type": "subtree", **inner}


def _value(leaf: Leaf) -> JsonValue:
    if leaf.type is LeafType.BLOB:
        return {"sha256": leaf.value[:32].hex(), "size": int.from_bytes(leaf.value[32:])}
    return leaf.value.decode("utf-8")


def _paragraph(paragraph: Paragraph, seed: bytes, view: ParagraphView) -> dict[str, JsonValue]:
    atoms = atoms_of(paragraph, seed)
    shown = _visible(atoms, view)
    return _tree(grove_of_paragraph(paragraph, atoms, seed), shown, lambda place: _atom(atoms[place]))


def _atom(atom: Atom) -> JsonValue:
    return [atom.kind.value] if atom.kind is AtomKind.VOID else [atom.kind.value, atom.text]


def _visible(atoms: Sequence[Atom], view: ParagraphView) -> list[bool]:
    """Which atoms are shown: a mention shows one half of its pair; voids beside a gap are part of the gap."""
    starts, ends = _merged(view.hidden)
    gaps = [atom.kind is not AtomKind.VOID and _in_gap(atom, starts, ends) for atom in atoms]
    _spread(atoms, gaps, range(len(atoms)))
    _spread(atoms, gaps, range(len(atoms) - 1, -1, -1))
    return [
        not gap
        and (atom.kind is not AtomKind.CODE or atom.start not in view.named)
        and (atom.kind is not AtomKind.NAME or atom.start in view.named or atom.start in view.told)
        for atom, gap in zip(atoms, gaps, strict=True)
    ]


def _merged(hidden: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """The same spans apart from each other and in their order, as starts and ends."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(span for span in hidden if span[0] < span[1]):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _in_gap(atom: Atom, starts: Sequence[int], ends: Sequence[int]) -> bool:
    last = bisect_left(starts, atom.end) - 1
    return last >= 0 and atom.start < ends[last]


def _spread(atoms: Sequence[Atom], gaps: list[bool], order: range) -> None:
    beside = False
    for place in order:
        if atoms[place].kind is AtomKind.VOID:
            gaps[place] = gaps[place] or beside
        beside = gaps[place]


def _tree(grove: Grove, shown: Sequence[bool], leaf: Callable[[int], JsonValue]) -> dict[str, JsonValue]:
    runs: list[JsonValue] = []
    start = 0
    for visible, group in groupby(shown):
        end = start + len(list(group))
        runs.append(_show(grove, start, end, leaf) if visible else _hide(grove, start, end))
        start = end
    return {"n": grove.size, "runs": runs}


def _show(grove: Grove, start: int, end: int, leaf: Callable[[int], JsonValue]) -> JsonValue:
    seeds = b"".join(grove.salts.block(block.start, block.width) for block in cover(start, end))
    return [SHOW, b64encode(seeds).decode("ascii"), *(leaf(place) for place in range(start, end))]


def _hide(grove: Grove, start: int, end: int) -> JsonValue:
    hashes = b"".join(grove.block_root(block.start, block.width) for block in cover(start, end))
    return [HIDE, end - start, b64encode(hashes).decode("ascii")]
