"""What of a record is shown (docs/format/redaction-v1.md, section 6).  What is not named here stays hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from testimony.redaction.leaves import parents


@dataclass(frozen=True, kw_only=True)
class ParagraphView:
    """How one paragraph is shown.

    `named` holds the start of each mention whose words are shown; every other mention shows its code.  `told` holds
    the start of each of which both are shown: its code was shown before, and now its words are as well.
    `hidden` holds spans of characters that leave a gap, mentions inside them included.
    """

    named: frozenset[int] = frozenset()
    told: frozenset[int] = frozenset()
    hidden: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The paths that are shown, a container's whole, and the paragraphs that are shown, each in its manner."""

    shown: frozenset[str]
    paragraphs: Mapping[str, ParagraphView] = field(default_factory=dict)

    def whole(self, path: str) -> bool:
        """Whether all of this path is shown."""
        return path in self.shown or any(parent in self.shown for parent in parents(path))

    def touched(self, path: str) -> bool:
        """Whether this path is shown, or something inside it."""
        return path in self._opened or self.whole(path)

    @cached_property
    def _opened(self) -> frozenset[str]:
        named = (*self.shown, *self.paragraphs)
        return frozenset(named).union(parent for path in named for parent in parents(path))
