"""A list of any length: only the rows in sight are drawn, and more are asked for when the end comes near."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.keys_on_screen import key
from tui.text_filter import display_line

NEAR: Final = 40  # rows from the end at which the next page is asked for


@dataclass(frozen=True, kw_only=True)
class Column:
    """A heading and its width in cells; width 0 takes what is left."""

    heading: str
    width: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """What identifies a row, and its cells as stored."""

    id: str
    cells: tuple[str, ...]


class RowList(ScrollView, can_focus=True):
    """Rows of cells under a heading line, with one pointed at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("up", "move(-1)", "row-up", show=False),
        key("down", "move(1)", "row-down", show=False),
        key("pageup", "page(-1)", "row-page-up", show=False),
        key("pagedown", "page(1)", "row-page-down", show=False),
        key("home", "move(-1000000000)", "row-first", show=False),
        key("end", "move(1000000000)", "row-last", show=False),
        key("enter", "open", "row-open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rowlist--heading", "rowlist--pointed", "rowlist--resting"}
    at: reactive[int] = reactive(0)

    class About(Message):
        """Something about one row."""

        def __init__(self, rows: "RowList", row: Row) -> None:
            self.rows = rows
            self.row = row
            super().__init__()

        @property
        def control(self) -> "RowList":
            """The list itself, so that handlers can be chosen by its id."""
            return self.rows

    class Opened(About):
        """A row was chosen."""

    class Pointed(About):
        """Another row is pointed at."""

    class NearEnd(Message):
        """The rows in hand come to an end."""

        def __init__(self, rows: "RowList") -> None:
            self.rows = rows
            super().__init__()

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._rows: list[Row] = []
        self._more = False
        self._wanted = ""

    @property
    def pointed(self) -> Row | None:
        """The row pointed at."""
        return self._rows[self.at] if 0 <= self.at < len(self._rows) else None

    @property
    def rows(self) -> Sequence[Row]:
        """The rows in hand."""
        return self._rows

    def replace(self, rows: Iterable[Row], *, more: bool = False) -> None:
        """Show these rows instead; `more` says that others follow."""
        before = self._wanted or (self.pointed.id if self.pointed else "")
        self._wanted = ""
        self._rows = list(rows)
        self._take_up(more=more)
        same = next((index for index, row in enumerate(self._rows) if row.id == before), self.at)
        self.at = min(same, max(0, len(self._rows) - 1))
        if row := self.pointed:
            self.post_message(self.Pointed(self, row))

    def extend(self, rows: Iterable[Row], *, more: bool) -> None:
        """Add the next page."""
        self._rows.extend(rows)
        self._take_up(more=more)

    def point_at(self, row_id: str) -> None:
        """Point at the row of that id; before any rows are in hand, as soon as it comes."""
        self._wanted = "" if self._rows else row_id
        self.at = next((index for index, row in enumerate(self._rows) if row.id == row_id), self.at)

    def _take_up(self, *, more: bool) -> None:
        self._more = more
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
        self.refresh()

    def action_move(self, step: int) -> None:
        """Point some rows further."""
        self.at = max(0, min(len(self._rows) - 1, self.at + step))

    def action_page(self, pages: int) -> None:
        """Point a screenful further."""
        self.action_move(pages * max(1, self.size.height - 2))

    def action_open(self) -> None:
        """Choose the row pointed at."""
        if row := self.pointed:
            self.post_message(self.Opened(self, row))

    def watch_at(self, _before: int, now: int) -> None:
        """Keep the row in sight and ask for more in time."""
        top = round(self.scroll_offset.y)
        visible = max(1, self.size.height - 1)
        if now < top:
            self.scroll_to(y=now, animate=False)
        elif now >= top + visible:
            self.scroll_to(y=now - visible + 1, animate=False)
        if row := self.pointed:
            self.post_message(self.Pointed(self, row))
        if self._more and now >= len(self._rows) - NEAR:
            self._more = False
            self.post_message(self.NearEnd(self))
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Point at a row; a second click chooses it."""
        index = event.y - 1 + round(self.scroll_offset.y)
        if event.y > 0 and index < len(self._rows):
            again = index == self.at and event.chain > 1
            self.at = index
            if again:
                self.action_open()

    def render_line(self, y: int) -> Strip:
        """The heading, then the rows in sight."""
        if y == 0:
            style = self.get_component_rich_style("rowlist--heading")
            return self._strip(tuple(column.heading for column in self._columns), style)
        index = y - 1 + round(self.scroll_offset.y)
        if index >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        return self._strip(self._rows[index].cells, self._style_of(index))

    def _style_of(self, index: int) -> Style:
        if index != self.at:
            return self.rich_style
        return self.get_component_rich_style("rowlist--pointed" if self.has_focus else "rowlist--resting")

    def _strip(self, cells: Sequence[str], style: Style) -> Strip:
        fixed = sum(column.width + 1 for column in self._columns if column.width)
        open_columns = sum(1 for column in self._columns if not column.width) or 1
        rest = max(4, (self.size.width - fixed) // open_columns - 1)
        is_rtl = self.screen.has_class("-rtl")
        parts = [
            _fitted(display_line(cell), column.width or rest, is_rtl=is_rtl)
            for cell, column in zip(cells, self._columns, strict=False)
        ]
        if is_rtl:
            parts.reverse()
        return Strip([Segment(" ".join(parts), style)]).adjust_cell_length(self.size.width, style)

    def on_focus(self) -> None:
        """Mark the row pointed at more strongly."""
        self.refresh()

    def on_blur(self) -> None:
        """Mark it more weakly."""
        self.refresh()


def _fitted(text: str, width: int, *, is_rtl: bool) -> str:
    """The text in exactly so many cells, from the side it is read from; what is cut says so."""
    missing = width - cell_len(text)
    if missing < 0:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
    return " " * missing + text if is_rtl and missing > 0 else set_cell_size(text, width)
