"""Spans of a record that a person walks through before a body sees them (docs/format/decisions-v1.md, section 3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from testimony.redaction.atoms import Atom, AtomKind, spoken
from testimony.redaction.decisions import SpanDecision, WordRange
from testimony.redaction.leaves import Paragraph
from testimony.redaction.reasons import ReasonCode

SpanKind = Literal["paragraph", "text", "file"]
GAP: str = "[…]"


@dataclass(frozen=True, kw_only=True)
class SpanWord:
    """One word as it would leave, or the code in place of a name; `start` and `end` are places in the paragraph."""

    start: int
    end: int
    text: str = field(repr=False)
    is_code: bool = False


@dataclass(frozen=True, kw_only=True)
class Same:
    """Words that are hidden in one place and would be shown in this one."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Span:
    """A paragraph, a value of free text, or a file; `text` is what stands there, of a file what kind of file it is.

    `held` are the places where a name stands that keeps the span here whatever was decided, unless they are hidden.
    `decision` is None where nobody has walked through the span.
    """

    path: str
    kind: SpanKind
    text: str = field(repr=False)
    paragraph: Paragraph | None = field(default=None, repr=False)
    held: tuple[tuple[int, int], ...] = ()
    decision: SpanDecision | None = None

    @cached_property
    def words(self) -> tuple[SpanWord, ...]:
        """The words of a paragraph, each name that has one as its code; none for a value or a file."""
        return () if self.paragraph is None else tuple(_words(self.paragraph))

    @property
    def leaves(self) -> bool:
        """Whether something of the span leaves as it was decided."""
        decision = self.decision
        return decision is not None and decision.outcome != "hide" and not uncovered(self.held, decision.hidden)

    def as_decided(self, gap: str = GAP) -> str:
        """The span as it would leave, with one mark for each gap; as if it were kept where nothing was decided."""
        if self.paragraph is None:
            return self.text
        hidden = () if self.decision is None else self.decision.hidden
        return "".join(_pieces(self.paragraph, hidden, gap))


def gap_codes(paragraph: Paragraph, ranges: Sequence[WordRange]) -> tuple[tuple[ReasonCode, ...], ...]:
    """The reasons of each gap that these ranges leave, in the order of the gaps."""
    gaps: list[list[ReasonCode]] = []
    before = False
    for atom in spoken(paragraph):
        if atom.kind is AtomKind.CODE:
            continue  # it covers the same characters as its name
        codes = [one.code for one in ranges if one.code is not None and one.start < atom.end and atom.start < one.end]
        if codes and not before:
            gaps.append([])
        for code in codes:
            if code not in gaps[-1]:
                gaps[-1].append(code)
        before = bool(codes)
    return tuple(tuple(codes) for codes in gaps)


def uncovered(places: Sequence[tuple[int, int]], covers: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The places that do not lie whole within one of the covers."""
    return tuple(one for one in places if not any(start <= one[0] and one[1] <= end for start, end in covers))


def _words(paragraph: Paragraph) -> Iterator[SpanWord]:
    for atom in spoken(paragraph):
        if atom.kind is AtomKind.CODE:
            yield SpanWord(start=atom.start, end=atom.end, text=atom.text, is_code=True)
        elif atom.kind is AtomKind.WORD and atom.text.strip():
            yield SpanWord(start=atom.start, end=atom.start + len(atom.text.rstrip()), text=atom.text.strip())


def _pieces(paragraph: Paragraph, hidden: Sequence[tuple[int, int]], gap: str) -> Iterator[str]:
    """The blanks at the ends of a gap are hidden with its words; one stands for them here, so that words stay apart."""
    hidden_before = ""
    for atom in spoken(paragraph):
        if _is_in(atom, hidden):
            if not hidden_before:
                yield f"{_blank(atom.text[:1])}{gap}"
            hidden_before = atom.text
        elif atom.kind is not AtomKind.NAME:
            yield f"{_blank(hidden_before[-1:])}{atom.text}"
            hidden_before = ""


def _blank(character: str) -> str:
    return " " if character.isspace() else ""


def _is_in(atom: Atom, hidden: Sequence[tuple[int, int]]) -> bool:
    return any(start < atom.end and atom.start < end for start, end in hidden)
