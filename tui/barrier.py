"""The second line behind the text filter: what a widget drew is looked at once more before the terminal sees it."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.text_filter import display_safe


class ControlBarrier(LineFilter):
    """Characters that a terminal would act on leave no widget, whatever the widget did."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The same segments, the harmful characters left out so that every other cell keeps its place."""
        if all(segment.control or segment.text.isprintable() for segment in segments):
            return segments
        return [segment if segment.control else _cleared(segment) for segment in segments]


def _cleared(segment: Segment) -> Segment:
    if segment.text.isprintable():
        return segment
    kept = "".join(_kept(character) for character in segment.text)
    return Segment(kept, segment.style, None)


def _kept(character: str) -> str:
    if character in "\t\n":
        return " "
    return character if display_safe(character) == character else ""
