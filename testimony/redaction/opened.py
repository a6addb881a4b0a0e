"""What a disclosure shows, once it is proved: values, nested trees, and gaps between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from testimony.canonical import JsonValue
from testimony.redaction.atoms import AtomKind
from testimony.redaction.leaves import LeafType


@dataclass(frozen=True, kw_only=True)
class OpenLeaf:
    """A shown value.  A blob is its digest and size, an absent one its state, all others are text."""

    path: str
    type: LeafType
    value: str | Mapping[str, JsonValue] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A run of `width` hidden leaves from `start` on."""

    start: int
    width: int


class OpenAtom(NamedTuple):
    """A shown atom of a paragraph that is no void, and its place in the paragraph's tree."""

    kind: AtomKind
    text: str
    place: int

    def __repr__(self) -> str:
        return f"OpenAtom({self.kind.name}, {self.place})"


@dataclass(frozen=True, kw_only=True)
class OpenParagraph:
    """A paragraph with its shown atoms and its gaps, in their order."""

    path: str
    items: tuple[OpenAtom | Gap, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class OpenTree:
    """An object or list: what is shown by its place, and the gaps.  `complete` when nothing is hidden here."""

    path: str
    items: Mapping[int, "Opened"] = field(repr=False)
    gaps: tuple[Gap, ...]

    @property
    def complete(self) -> bool:
        """Whether this tree itself has no gap; trees inside it may have some."""
        return not self.gaps


Opened = OpenLeaf | OpenTree | OpenParagraph
