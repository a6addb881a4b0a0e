"""The preview: one record exactly as the bundle writer renders it for the body."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tui.keys_on_screen import key
from tui.screens.screen import VaultScreen
from tui.widgets.reading import ReadingText


class PreviewScreen(VaultScreen):
    """What leaves under a profile that asks for no walk, to be read to the last line."""

    TITLE_KEY = "title.preview"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [key("escape,f2", "back", "back")]

    def __init__(self, record_id: str, text: str) -> None:
        super().__init__()
        self._record_id = record_id
        self._text = text

    def about(self) -> str:
        """The record's id."""
        return self._record_id

    def body(self) -> Iterable[Widget]:
        """The reading copy."""
        yield Static(self.say("preview.intro"), classes="quiet intro")
        yield VerticalScroll(ReadingText(self._text), classes="page")

    def action_back(self) -> None:
        """Back to the decisions."""
        self.dismiss(None)
