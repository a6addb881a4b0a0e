"""The first screen where no vault is named: open one, create one, or practise."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.keys_on_screen import key
from tui.places import vaults_folder, vaults_here
from tui.screens.screen import VaultScreen
from tui.text_filter import display_line
from tui.widgets.editors import LineEditor
from tui.widgets.frame import Note
from tui.widgets.rows import Column, Row, RowList


class WelcomeScreen(VaultScreen):
    """Which vault?"""

    TITLE_KEY = "title.welcome"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "create", "create-vault"),
        key("f5", "look_again", "look-again"),
    ]

    def body(self) -> Iterable[Widget]:
        """The vaults found, a place to name another, two ways to begin, and the other language."""
        yield Vertical(
            Static(self.say("welcome.intro")),
            Static(self.say("welcome.first-time"), id="first-time"),
            RowList((Column(heading=self.line("welcome.vaults")), Column(heading=self.line("welcome.folder")))),
            Note(self.say("welcome.other"), classes="label"),
            LineEditor(id="path"),
            self.buttons(
                Button(self.say("button.open"), id="open"),
                Button(self.say("button.create-vault"), id="create"),
                Button(self.say("button.practise"), id="practise"),
                Button(self.say("key.language"), id="language"),
            ),
            classes="page",
        )

    def on_mount(self) -> None:
        """Look for vaults."""
        self.action_look_again()

    def action_look_again(self) -> None:
        """List the vaults that are there now."""
        found = vaults_here(vaults_folder())
        rows = self.query_one(RowList)
        rows.replace(
            Row(id=str(path), cells=(display_line(path.stem), display_line(str(path.parent)))) for path in found
        )
        rows.display = bool(found)
        self.query_one("#first-time").display = not found
        # Where there is no vault no button has the focus: a first Enter never chooses between a real one and practice.
        (rows if found else self.query_one("#path")).focus()

    def change_language(self) -> None:
        """Show the list anew as well."""
        super().change_language()
        self.call_after_refresh(self.action_look_again)

    @on(Button.Pressed, "#language")
    def speak_the_other(self) -> None:
        """Change the language, by a button that is named in the other one."""
        self.program.action_language()

    @on(RowList.Opened)
    def open_listed(self, message: RowList.Opened) -> None:
        """Open the vault chosen from the list."""
        self._open(Path(message.row.id))

    @on(LineEditor.Submitted, "#path")
    @on(Button.Pressed, "#open")
    def open_named(self) -> None:
        """Open the vault whose path was typed, or the one pointed at."""
        typed = self.query_one("#path", LineEditor).text.strip()
        pointed = self.query_one(RowList).pointed
        if typed:
            self._open(Path(typed).expanduser().absolute())
        elif pointed is not None:
            self._open(Path(pointed.id))
        else:
            self.tell("welcome.name-one", severity="warning")

    def _open(self, path: Path) -> None:
        from tui.screens.unlock import UnlockScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(UnlockScreen(path))

    @on(Button.Pressed, "#create")
    def action_create(self) -> None:
        """Create a vault."""
        from tui.screens.create import CreateScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(CreateScreen(practice=False))

    @on(Button.Pressed, "#practise")
    def practise(self) -> None:
        """Create a vault for practice."""
        from tui.screens.create import CreateScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(CreateScreen(practice=True))
