"""A paragraph as atoms: words, mentions in pairs, voids between them (docs/format/redaction-v1.md, section 4)."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from testimony.errors import RedactionError
from testimony.redaction.leaves import ATOMS_MULTIPLE, MAX_LEAVES, LeafType, Paragraph, frame
from testimony.redaction.salts import void_runs

# Pinned here, since Unicode's own list of white space changes between versions and a tree must not.
_SPACE: Final = "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_ATOM: Final = re.compile(f"[{_SPACE}]+|[^{_SPACE}]+[{_SPACE}]*")


class AtomKind(StrEnum):
    """What an atom is; the value is its sign in a disclosure."""

    WORD = "w"
    CODE = "@c"
    NAME = "@"
    VOID = "v"


class Atom(NamedTuple):
    """One atom: its text, and the characters of the paragraph it stands for."""

    kind: AtomKind
    text: str
    start: int
    end: int

    def __repr__(self) -> str:
        return f"Atom({self.kind.name})"


def atoms_of(paragraph: Paragraph, seed: bytes) -> list[Atom]:
    """All atoms of a paragraph in their order, a multiple of 64; the texts of words and names give it exactly.

    Raises:
        RedactionError: There are more than a tree may have.
    """
    atoms: list[Atom] = []
    voids = void_runs(seed, paragraph.path)
    for atom in spoken(paragraph):
        atoms.append(atom)
        if atom.kind is not AtomKind.CODE:
            atoms.extend(_VOIDS[:1] * next(voids))
    atoms.extend(_VOIDS * (-len(atoms) % ATOMS_MULTIPLE or (0 if atoms else ATOMS_MULTIPLE)))
    if len(atoms) > MAX_LEAVES:
        raise RedactionError(paragraph.path, "too-many")
    return atoms


def spoken(paragraph: Paragraph) -> Iterator[Atom]:
    """The words and mentions of a paragraph in their order, without the voids."""
    place = 0
    for mention in paragraph.mentions:
        yield from _words(paragraph, place, mention.start)
        yield Atom(AtomKind.CODE, mention.code, mention.start, mention.end)
        yield Atom(AtomKind.NAME, paragraph.text[mention.start : mention.end], mention.start, mention.end)
        place = mention.end
    yield from _words(paragraph, place, len(paragraph.text))


class AtomFrames:
    """The frames of a paragraph's atoms: the path tells the words from the mentions."""

    def __init__(self, path: str) -> None:
        self._heads = {
            kind: frame(path + end, leaf, b"")[:-8]
            for kind, end, leaf in (
                (AtomKind.WORD, "/w", LeafType.TEXT),
                (AtomKind.NAME, "/@", LeafType.TEXT),
                (AtomKind.CODE, "/@", LeafType.ALIAS),
            )
        }
        self.void = frame(path, LeafType.VOID, b"")

    def frame(self, kind: AtomKind, text: str) -> bytes:
        """The frame of one atom."""
        if kind is AtomKind.VOID:
            return self.void
        value = text.encode("utf-8")
        return self._heads[kind] + len(value).to_bytes(8) + value


_VOIDS: Final = [Atom(AtomKind.VOID, "", 0, 0)]


def _words(paragraph: Paragraph, start: int, end: int) -> Iterator[Atom]:
    found = [match.span() for match in _ATOM.finditer(paragraph.text, start, end)]
    for first in range(0, len(found), paragraph.words):
        low, high = found[first][0], found[min(first + paragraph.words, len(found)) - 1][1]
        yield Atom(AtomKind.WORD, paragraph.text[low:high], low, high)
