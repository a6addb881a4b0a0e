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
    """What leaves, to be read to the last line; hands back the record's id once it was walked through."""

    TITLE_KEY = "title.preview"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "reviewed", "reviewed"),
        key("escape", "back", "back"),
    ]

    def __init__(self, record_id: str, text: str, *, is_reviewed: bool) -> None:
        super().__init__()
        self._record_id = record_id
        self._text = text
        self._is_reviewed = is_reviewed

    def about(self) -> str:
        """The record's id."""
        return self._record_id

    def body(self) -> Iterable[Widget]:
        """Whether it was reviewed, then the reading copy."""
        yield Static(self.say("preview.reviewed" if self._is_reviewed else "preview.intro"), classes="quiet intro")
        yield VerticalScroll(ReadingText(self._text), classes="page")

    def action_reviewed(self) -> None:
        """Every line was read by a person."""
        self.dismiss(self._record_id)

    def action_back(self) -> None:
        """Back without a review."""
        self.dismiss(None)
