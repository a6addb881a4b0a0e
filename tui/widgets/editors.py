"""Text to write: the account on many lines, an answer on one; the place for Arabic editing order."""

from functools import lru_cache
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import TextArea

from tui.text_filter import display_line

MOST_PASTED: Final = 4_000_000  # characters; the account's own limit is told by the vault

# Keys of Textual's editor that select or delete more than a word: one slip and the next letter erases a testimony.
_WHOLESALE: Final = ("f6", "f7", "ctrl+u", "super+backspace", "ctrl+k", "ctrl+shift+k")


class AccountEditor(TextArea):
    """Many lines; what is typed stays as it is, what is drawn has one visible character for each stored one."""

    def __init__(self, text: str, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(text, id=id, classes=classes, soft_wrap=True, show_line_numbers=False, theme="css")
        for each in _WHOLESALE:
            self._bindings.key_to_bindings.pop(each, None)

    def action_cut(self) -> None:
        """Cut what is selected; without a selection nothing goes."""
        if not self.selection.is_empty:
            super().action_cut()

    def get_line(self, line_index: int) -> Text:
        """One line as it may be drawn, every cell still standing for its own character."""
        return Text(_same_length(self.document.get_line(line_index)), end="", no_wrap=True)

    async def _on_paste(self, event: events.Paste) -> None:
        if len(event.text) > MOST_PASTED:
            event.prevent_default()
            event.stop()
            self.post_message(PasteRefused())


class PasteRefused(Message):
    """A paste was larger than any answer may be."""


class LineEditor(AccountEditor):
    """One line; Enter goes on instead of beginning a new line."""

    class Submitted(Message):
        """Enter was pressed in the line."""

        def __init__(self, editor: "LineEditor") -> None:
            self.editor = editor
            super().__init__()

        @property
        def control(self) -> "LineEditor":
            """The line itself, so that handlers can be chosen by its id."""
            return self.editor

    DEFAULT_CSS: ClassVar[str] = "LineEditor { height: 1; border: none; padding: 0 1; scrollbar-size: 0 0; }"

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(_joined(text), id=id, classes=classes)
        self.soft_wrap = False
        self.move_cursor(self.document.end)  # what is typed goes on behind what stands there

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.prevent_default()
            event.stop()
            self.post_message(self.Submitted(self))

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if len(event.text) > MOST_PASTED:
            self.post_message(PasteRefused())
            return
        self._replace_via_keyboard(_joined(event.text), *self.selection)


def _joined(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text


_POINTS: dict[str, str] = {}


@lru_cache(maxsize=1024)
def _same_length(line: str) -> str:
    """The line with one visible character in the place of each that the filter would spell out."""
    if line.isascii() and line.isprintable():
        return line
    return "".join(map(_one_for_one, line))


def _one_for_one(character: str) -> str:
    mark = _POINTS.get(character)
    if mark is None:
        safe = display_line(character)
        mark = _POINTS[character] = safe if len(safe) == 1 else "◊"
    return mark
