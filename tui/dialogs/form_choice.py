"""Which form an interview is begun with; asked only where there is more than one."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from testimony.forms.form import Form
from tui.answer_text import labelled
from tui.keys_on_screen import key
from tui.strings.sentences import sentence
from tui.text_filter import display_line
from tui.widgets.frame import program_of
from tui.widgets.rows import Column, Row, RowList
from tui.words import said


class FormChoiceDialog(ModalScreen[str]):
    """Hands back the id of the form chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [key("escape", "dismiss", "close")]

    def __init__(self, forms: Sequence[Form]) -> None:
        super().__init__()
        self._forms = forms

    def compose(self) -> ComposeResult:
        """One row a form."""
        language = program_of(self).language
        self.set_class(language == "ar", "-rtl")
        with Vertical(classes="dialog"):
            yield Static(said("forms.choose", language), classes="strong")
            yield RowList(
                (
                    Column(heading=sentence("forms.id", language), width=16),
                    Column(heading=sentence("forms.title", language)),
                )
            )

    def on_mount(self) -> None:
        """The core form first."""
        language = program_of(self).language
        rows = [
            Row(id=form.id, cells=(display_line(form.id), display_line(labelled(form.title, language))))
            for form in self._forms
        ]
        self.query_one(RowList).replace(rows)
        self.query_one(RowList).focus()

    @on(RowList.Opened)
    def chosen(self, message: RowList.Opened) -> None:
        """That form."""
        self.dismiss(message.row.id)
