"""One question before something that cannot be taken back."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.keys_on_screen import key
from tui.widgets.frame import program_of
from tui.words import said


class QuestionDialog(ModalScreen[bool]):
    """Asks, and answers True only where the person chose to go on."""

    BINDINGS: ClassVar[list[BindingType]] = [key("escape", "no", "close")]

    def __init__(self, question: Content, go_on_key: str) -> None:
        super().__init__()
        self._question = question
        self._go_on_key = go_on_key

    def compose(self) -> ComposeResult:
        """The question and two buttons; the harmless one is focused."""
        language = program_of(self).language
        self.set_class(language == "ar", "-rtl")
        with Vertical(classes="dialog"):
            yield Static(self._question)
            with Horizontal(classes="buttons"):
                yield Button(said("button.back", language), id="back")
                yield Button(said(self._go_on_key, language), id="go-on")

    @on(Button.Pressed, "#go-on")
    def action_yes(self) -> None:
        """Go on."""
        self.dismiss(True)  # noqa: FBT003 - Textual's signature

    @on(Button.Pressed, "#back")
    def action_no(self) -> None:
        """Back, nothing done."""
        self.dismiss(False)  # noqa: FBT003 - as above
