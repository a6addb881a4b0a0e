"""One answer out of a few, nothing chosen beforehand; silence stays silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys_on_screen import key
from tui.text_filter import display_line


@dataclass(frozen=True, kw_only=True)
class Option:
    """One possible answer: what is stored and what is read."""

    value: str
    label: str


class Choice(Widget, can_focus=True):
    """`( )` and `(•)` side by side; arrows move, space or Enter chooses, Delete takes the choice back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("left,up", "move(-1)", "choice-back", show=False),
        key("right,down", "move(1)", "choice-on", show=False),
        key("space,enter", "choose", "choice-choose", show=False),
        key("delete,backspace", "unchoose", "choice-clear", show=False),
    ]
    DEFAULT_CSS: ClassVar[str] = "Choice { height: auto; padding: 0 1; }"
    value: reactive[str | None] = reactive[str | None](None)
    at: reactive[int] = reactive(0)

    class Chosen(Message):
        """The answer changed; `value` is None where it was taken back."""

        def __init__(self, choice: "Choice", value: str | None) -> None:
            self.choice = choice
            self.value = value
            super().__init__()

        @property
        def control(self) -> "Choice":
            """The choice itself, so that handlers can be chosen by its id."""
            return self.choice

    def __init__(self, options: Sequence[Option], value: str | None = None, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._options = tuple(options)
        self.set_reactive(Choice.value, value)
        self.set_reactive(Choice.at, self._place_of(value))

    def render(self) -> Content:
        """The options, wrapped as whole words of the answer."""
        rows = [
            Content("  ").join(self._drawn(index) for index in row) for row in self._rows(self.content_size.width or 60)
        ]
        return Content("\n").join(rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """As many lines as the options need at that width."""
        return len(self._rows(width))

    def action_move(self, step: int) -> None:
        """Point at the next or previous option, round and round."""
        self.at = (self.at + step) % len(self._options)

    def action_choose(self) -> None:
        """Choose the option pointed at."""
        self._become(self._options[self.at].value)

    def action_unchoose(self) -> None:
        """Take the choice back."""
        self._become(None)

    def on_click(self, event: events.Click) -> None:
        """Choose the option under the pointer."""
        offset = event.get_content_offset(self)
        if offset is not None and (index := self._index_at(offset.x, offset.y)) is not None:
            self.at = index
            self.action_choose()

    def _become(self, value: str | None) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Chosen(self, value))

    def _place_of(self, value: str | None) -> int:
        return next((index for index, option in enumerate(self._options) if option.value == value), 0)

    def _text(self, index: int) -> str:
        option = self._options[index]
        return f"({'•' if option.value == self.value else ' '}) {display_line(option.label)}"

    def _drawn(self, index: int) -> Content:
        pointed = self.has_focus and index == self.at
        return Content.styled(self._text(index), "reverse" if pointed else "")

    def _rows(self, width: int) -> list[list[int]]:
        rows: list[list[int]] = [[]]
        used = 0
        for index in range(len(self._options)):
            needed = cell_len(self._text(index)) + 2
            if rows[-1] and used + needed > width + 2:
                rows.append([])
                used = 0
            rows[-1].append(index)
            used += needed
        return rows

    def _index_at(self, x: int, y: int) -> int | None:
        rows = self._rows(self.content_size.width or 60)
        if not 0 <= y < len(rows):
            return None
        start = self._margin(rows[y])
        for index in rows[y]:
            end = start + cell_len(self._text(index)) + 2
            if start <= x < end:
                return index
            start = end
        return None

    def _margin(self, row: list[int]) -> int:
        """The empty cells before a row that stands at the right side."""
        if not self.screen.has_class("-rtl"):
            return 0
        used = sum(cell_len(self._text(index)) + 2 for index in row) - 2
        return max(0, self.content_size.width - used)

    def on_focus(self) -> None:
        """Show where the pointer is."""
        self.refresh()

    def on_blur(self) -> None:
        """Take the pointer away."""
        self.refresh()
