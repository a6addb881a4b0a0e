"""What is left out of a span, and why: some of its words, or all of it. No reason is chosen beforehand."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from testimony.redaction.reasons import REASON_CODES, ReasonCode
from tui.keys_on_screen import key
from tui.widgets.choice import Choice, Option
from tui.widgets.editors import LineEditor
from tui.widgets.frame import program_of
from tui.words import said

LeftOut = tuple[str, ReasonCode]  # the words, none where all of the span is left out, and the reason


class LeavingOutDialog(ModalScreen[LeftOut | None]):
    """Asks for the words, where only some are left out, and for the reason; None where the person goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "go_on", "leave-out-now"),
        key("escape", "no", "close"),
    ]

    def __init__(self, *, whole: bool) -> None:
        super().__init__()
        self._whole = whole

    def compose(self) -> ComposeResult:
        """The words, the reasons, and two buttons."""
        language = program_of(self).language
        self.set_class(language == "ar", "-rtl")
        with Vertical(classes="dialog"):
            yield Static(said("walk.hide-all" if self._whole else "walk.hide-words", language))
            if not self._whole:
                yield LineEditor(id="words")
            yield Static(said("walk.reason", language), classes="label")
            yield Choice([Option(value=code, label=code) for code in REASON_CODES], id="reason")
            yield Static("", id="means", classes="quiet")
            yield Static("", id="lacking", classes="warning")
            with Horizontal(classes="buttons"):
                yield Button(said("button.back", language), id="back")
                yield Button(said("button.leave-out", language), id="go-on")

    def on_mount(self) -> None:
        """Say what the code pointed at means."""
        self.watch(self.query_one("#reason", Choice), "at", self._say_what_it_means)

    def _say_what_it_means(self, at: int) -> None:
        self.query_one("#means", Static).update(said(f"reason.code.{REASON_CODES[at]}", program_of(self).language))

    @on(LineEditor.Submitted)
    @on(Button.Pressed, "#go-on")
    def action_go_on(self) -> None:
        """Leave it out, once there is a reason and something to leave out."""
        words = "" if self._whole else self.query_one("#words", LineEditor).text.strip()
        reason = self.query_one("#reason", Choice).value
        code = next((one for one in REASON_CODES if one == reason), None)
        if not (words or self._whole):
            self._say_what_lacks("words")
        elif code is None:
            self._say_what_lacks("reason")
        else:
            self.dismiss((words, code))

    def _say_what_lacks(self, part: str) -> None:
        self.query_one("#lacking", Static).update(said(f"walk.lacks-{part}", program_of(self).language))
        self.query_one(f"#{part}").focus()

    @on(Choice.Chosen)
    def reason_chosen(self) -> None:
        """What was lacking is there now."""
        self.query_one("#lacking", Static).update("")

    @on(Button.Pressed, "#back")
    def action_no(self) -> None:
        """Back, nothing left out."""
        self.dismiss(None)
