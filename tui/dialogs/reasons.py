"""Why a record is corrected: one of five reasons, or none and nothing is begun."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from testimony.corrections import CORRECTION_REASONS
from tui.keys_on_screen import key
from tui.strings.sentences import sentence
from tui.widgets.frame import program_of
from tui.widgets.rows import Column, Row, RowList
from tui.words import said


class ReasonDialog(ModalScreen[str | None]):
    """The reasons for a correction, one a row; answers the chosen one's code."""

    BINDINGS: ClassVar[list[BindingType]] = [key("escape", "close", "close")]

    def compose(self) -> ComposeResult:
        """The question and the rows."""
        language = program_of(self).language
        self.set_class(language == "ar", "-rtl")
        with Vertical(classes="dialog"):
            yield Static(said("correction.question", language), classes="strong")
            yield RowList((Column(heading=sentence("correction.reason", language)),))

    def on_mount(self) -> None:
        """Fill the rows."""
        language = program_of(self).language
        rows = [Row(id=one, cells=(sentence(f"correction.reason.{one}", language),)) for one in CORRECTION_REASONS]
        self.query_one(RowList).replace(rows)
        self.query_one(RowList).focus()

    @on(RowList.Opened)
    def chosen(self, message: RowList.Opened) -> None:
        """That reason."""
        self.dismiss(message.row.id)

    def action_close(self) -> None:
        """Back, nothing done."""
        self.dismiss(None)
