"""Unlock: the passphrase, without echo and without count."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, LoadingIndicator, Static

from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.text_filter import display_line
from tui.widgets.frame import Note
from tui.widgets.passphrase import PassphraseField
from tui.words import shown_line


class Unlocked(Message):
    """The vault is open."""


class UnlockScreen(VaultScreen):
    """The passphrase of one vault."""

    TITLE_KEY = "title.unlock"
    AUTO_FOCUS = "PassphraseField"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "unlock", "unlock"),
        key("escape", "other", "other-vault"),
    ]

    def __init__(self, path: Path, *, is_locked: bool = False) -> None:
        super().__init__()
        self._path = path
        self._is_locked = is_locked

    def body(self) -> Iterable[Widget]:
        """Which vault, the field, and what the keyboard is set to."""
        yield Vertical(
            Static(self.say("unlock.locked" if self._is_locked else "unlock.intro"), classes="strong"),
            Static(shown_line(self._path.stem), classes="code"),
            Static(shown_line(str(self._path.parent)), classes="quiet"),
            Note(self.say("unlock.passphrase"), classes="label"),
            PassphraseField(),
            Note(self.say("unlock.no-echo"), classes="quiet"),
            self.buttons(Button(self.say("button.unlock"), id="unlock")),
            LoadingIndicator(id="working"),
            Static(id="outcome"),
            classes="page",
        )

    def on_mount(self) -> None:
        """Nothing is being worked on yet."""
        self.query_one("#working").display = False

    @on(Button.Pressed, "#unlock")
    @on(PassphraseField.Submitted)
    def action_unlock(self) -> None:
        """Try the passphrase."""
        field = self.query_one(PassphraseField)
        if field.disabled:
            return
        typed = field.take()
        self._busy(busy=True)
        program, path = self.program, self._path

        def unlock() -> Message:
            from tui.opening import unlock_vault  # noqa: PLC0415 - the database is loaded in the worker

            program.session.open(lambda: unlock_vault(path, typed, program.clock))
            return Unlocked()

        self.do(unlock)

    def _busy(self, *, busy: bool) -> None:
        self.query_one(PassphraseField).disabled = busy
        self.query_one("#working").display = busy
        self.query_one("#outcome", Static).update(self.say("unlock.working") if busy else "")

    @on(Unlocked)
    def unlocked(self) -> None:
        """Go to the list."""
        from tui.opening import show_records  # noqa: PLC0415 - loaded when it is needed

        show_records(self.program, self._path)

    def refused(self, message: Refused) -> None:
        """Say why it did not open; the field is empty again."""
        self._busy(busy=False)
        self.query_one("#outcome", Static).update(self.failure(message))
        self.query_one(PassphraseField).focus()

    def about(self) -> str:
        """The name of the vault."""
        return display_line(self._path.stem)

    def action_other(self) -> None:
        """Choose another vault, unless this one is being opened."""
        if self.query_one(PassphraseField).disabled:
            return
        from tui.screens.welcome import WelcomeScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.switch_screen(WelcomeScreen())
