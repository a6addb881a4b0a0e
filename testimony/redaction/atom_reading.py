"""Reading the shown atoms of a paragraph (docs/format/redaction-v1.md, section 5.3)."""

from typing import Final

from testimony.canonical import JsonValue
from testimony.errors import RedactionError
from testimony.redaction.atoms import AtomFrames, AtomKind
from testimony.redaction.leaf_reading import Budget
from testimony.redaction.opened import Gap, OpenAtom, OpenParagraph

_KINDS: Final = {kind.value: kind for kind in AtomKind}
_SPOKEN: Final = 2


class AtomLayout:
    """The atoms of a paragraph, as they come by: a code stands right before its name, and neither alone."""

    def __init__(self, path: str, budget: Budget) -> None:
        self.path = path
        self.budget = budget
        self._frames = AtomFrames(path)
        self._items: list[OpenAtom | Gap] = []
        # What stood in the place before: a kind, or None for a hidden leaf.  Before the first there is no code.
        self._before: AtomKind | None = AtomKind.VOID

    def gap(self, gap: Gap) -> None:
        """Take in a hidden run."""
        self._items.append(gap)
        self._before = None

    def framed(self, place: int, value: JsonValue) -> bytes:
        """The frame of the next shown atom.

        Raises:
            RedactionError: It is malformed, or half of a mention stands without the other.
        """
        kind, text = self._parts(value)
        if self._before is AtomKind.CODE and kind is not AtomKind.NAME:
            raise RedactionError(self.path, "mention")
        if kind is AtomKind.NAME and not self._may_be_named():
            raise RedactionError(self.path, "mention")
        self._before = kind
        if kind is AtomKind.VOID:
            return self._frames.void
        self._items.append(OpenAtom(kind=kind, text=text, place=place))
        try:
            return self._frames.frame(kind, text)
        except UnicodeEncodeError:
            raise RedactionError(self.path, "value") from None

    def close(self) -> None:
        """Nothing, when the paragraph does not end between a code and its name.

        Raises:
            RedactionError: It does.
        """
        if self._before is AtomKind.CODE:
            raise RedactionError(self.path, "mention")

    def opened(self) -> OpenParagraph:
        """The paragraph as shown."""
        return OpenParagraph(path=self.path, items=tuple(self._items))

    def _may_be_named(self) -> bool:
        """Whether the leaf before may be this name's code: shown, or hidden and not another code's name."""
        if self._before is not None:
            return self._before is AtomKind.CODE
        gap = self._items[-1]
        before = self._items[-2] if len(self._items) > 1 else None
        lone = isinstance(before, OpenAtom) and before.kind is AtomKind.CODE
        return isinstance(gap, Gap) and gap.width > lone

    def _parts(self, value: JsonValue) -> tuple[AtomKind, str]:
        if not isinstance(value, list) or not value or not isinstance(value[0], str):
            raise RedactionError(self.path, "malformed")
        kind = _KINDS.get(value[0])
        if kind is None or len(value) != (1 if kind is AtomKind.VOID else _SPOKEN):
            raise RedactionError(self.path, "malformed")
        if kind is AtomKind.VOID:
            return kind, ""
        text = value[1]
        if not isinstance(text, str) or not text:
            raise RedactionError(self.path, "value")
        return kind, text
