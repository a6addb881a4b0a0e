"""The root of a tree under a seed (docs/format/redaction-v1.md, sections 2 to 4)."""

from collections.abc import Callable
from dataclasses import dataclass

from testimony.merkle import perfect_root
from testimony.redaction.atoms import Atom, AtomFrames, atoms_of
from testimony.redaction.leaves import Branch, Leaf, LeafType, Node, Paragraph, frame, subtree_value
from testimony.redaction.salts import SaltTree, expand, salted_hash
from testimony.redaction.tiling import Roots, cover


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """A root of 32 bytes over `n` leaves."""

    root: bytes
    n: int


class Grove:
    """One tree ready to be hashed or shown: its frames, each made when it is asked for, and its salts."""

    def __init__(self, path: str, size: int, framed: Callable[[int], bytes], seed: bytes) -> None:
        self.path = path
        self.size = size
        self._framed = framed
        self.salts = SaltTree(seed, path, size)

    def block_root(self, start: int, width: int) -> bytes:
        """The root of an aligned block."""
        salts = expand(self.salts.block(start, width), width)
        return perfect_root([salted_hash(salt, self._framed(place)) for place, salt in enumerate(salts, start)])

    def commitment(self) -> Commitment:
        """The root of the whole tree."""
        roots = Roots()
        for block in cover(0, self.size):
            roots.add(block.width, self.block_root(block.start, block.width))
        return Commitment(root=roots.root(), n=self.size)


def commit(node: Branch | Paragraph, seed: bytes) -> Commitment:
    """The commitment to a tree.  `seed` is the record's own, of 32 bytes.

    Raises:
        RedactionError: A tree has too many leaves, or the seed is of another size.
    """
    if isinstance(node, Paragraph):
        return grove_of_paragraph(node, atoms_of(node, seed), seed).commitment()
    return grove_of_branch(node, seed).commitment()


def grove_of_paragraph(paragraph: Paragraph, atoms: list[Atom], seed: bytes) -> Grove:
    """The tree over a paragraph's atoms."""
    frames = AtomFrames(paragraph.path)
    return Grove(paragraph.path, len(atoms), lambda place: frames.frame(atoms[place].kind, atoms[place].text), seed)


def grove_of_branch(branch: Branch, seed: bytes) -> Grove:
    """The tree over a branch's children and its voids."""
    void = frame(branch.path, LeafType.VOID, b"")
    children = branch.children

    def framed(place: int) -> bytes:
        return _framed(children[place], seed) if place < len(children) else void

    return Grove(branch.path, branch.size, framed, seed)


def _framed(node: Node, seed: bytes) -> bytes:
    if isinstance(node, Leaf):
        return frame(node.path, node.type, node.value)
    inner = commit(node, seed)
    return frame(node.path, LeafType.SUBTREE, subtree_value(inner.n, inner.root))
