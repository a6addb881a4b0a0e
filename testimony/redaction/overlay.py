"""Codes that the redactor puts into gaps after signing (docs/format/redaction-v1.md, section 10).

They are the redactor's word and not the recorder's: the seal of the bundle covers them, the signed root does not.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text
from testimony.errors import CanonicalError, RedactionError
from testimony.mentions import ALIAS
from testimony.redaction.disclosed import ACCOUNT, Disclosed, ShownParagraph
from testimony.redaction.disclosure import gap_over
from testimony.redaction.leaves import MAX_LEAVES, Paragraph
from testimony.redaction.redactor_marks import RedactorMark
from testimony.redaction.selection import Selection

MAX_ENTRIES: Final = 100_000
MAX_CODES: Final = 64
_PATH: Final = re.compile(rf"{re.escape(ACCOUNT)}/(0|[1-9][0-9]{{0,6}})")


@dataclass(frozen=True, kw_only=True)
class OverlayEntry:
    """The codes that the redactor puts into one gap of a paragraph, both from 0; a gap is named by its first leaf."""

    paragraph: int
    gap: int
    codes: tuple[str, ...]


def overlay_of(
    paragraphs: Sequence[Paragraph], seed: bytes, selection: Selection, marks: Iterable[RedactorMark]
) -> tuple[OverlayEntry, ...]:
    """What the redactor says of the gaps in which the words of these marks are hidden."""
    gaps: dict[tuple[int, int], dict[str, None]] = {}
    for one in sorted(marks, key=lambda mark: (mark.paragraph, mark.start)):
        paragraph = paragraphs[one.paragraph]
        view = selection.paragraphs.get(paragraph.path)
        gap = None if view is None else gap_over(paragraph, seed, view, (one.start, one.end))
        if gap is not None:
            gaps.setdefault((one.paragraph, gap), {})[one.code] = None
    return tuple(
        OverlayEntry(paragraph=paragraph, gap=gap, codes=tuple(codes))
        for (paragraph, gap), codes in sorted(gaps.items())
    )


def overlay_to_json(entries: Iterable[OverlayEntry]) -> JsonValue:
    """The member `overlay` of a record file."""
    return [{"codes": list(one.codes), "gap": one.gap, "path": f"{ACCOUNT}/{one.paragraph}"} for one in entries]


def read_overlay(value: JsonValue) -> tuple[OverlayEntry, ...]:
    """The entries of an overlay, in the order of the account.

    Raises:
        RedactionError: It is malformed ("overlay"), a code has another shape or stands twice ("overlay-code"), or a
            gap stands twice or out of its order ("overlay-order").
    """
    try:
        entries = tuple(_entry(one) for one in as_list(value, "overlay", limit=MAX_ENTRIES))
    except CanonicalError as error:
        raise RedactionError("overlay", "overlay") from error
    places = [(one.paragraph, one.gap) for one in entries]
    if any(before >= after for before, after in pairwise(places)):
        raise RedactionError("overlay", "overlay-order")
    return entries


def overlaid(disclosed: Disclosed, entries: Iterable[OverlayEntry]) -> Disclosed:
    """What is disclosed, with the redactor's codes in its gaps.

    Raises:
        RedactionError: An entry points at something else than a gap in a shown paragraph ("overlay-shown").
    """
    codes = {(one.paragraph, one.gap): one.codes for one in entries}
    gaps = {
        (shown.index, piece.gap)
        for shown in disclosed.paragraphs
        if isinstance(shown, ShownParagraph)
        for piece in shown.pieces
        if piece.kind == "gap"
    }
    astray = min(codes.keys() - gaps, default=None)
    if astray is not None:
        raise RedactionError(f"{ACCOUNT}/{astray[0]}", "overlay-shown")
    return replace(disclosed, overlay=codes)


def _entry(value: JsonValue) -> OverlayEntry:
    members = as_object(value, "overlay", required=("codes", "gap", "path"))
    match = _PATH.fullmatch(as_text(members["path"], "overlay"))
    if match is None:
        raise RedactionError("overlay", "overlay")
    codes = [as_text(one, "overlay") for one in as_list(members["codes"], "overlay", limit=MAX_CODES)]
    if not codes or len(set(codes)) != len(codes) or not all(map(ALIAS.fullmatch, codes)):
        raise RedactionError("overlay", "overlay-code")
    return OverlayEntry(
        paragraph=int(match[1]),
        gap=as_integer(members["gap"], "overlay", highest=MAX_LEAVES),
        codes=tuple(codes),
    )
