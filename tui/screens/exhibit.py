"""One exhibit: a file, what kind it is, and its title; copied, encrypted and hashed into the vault."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, ProgressBar, Static

from testimony.forms.reading import core_form
from tui.keys_on_screen import key
from tui.screens.progress import Progressed
from tui.screens.screen import Refused, VaultScreen
from tui.widgets.answer_parts import options_of
from tui.widgets.choice import Choice
from tui.widgets.editors import LineEditor
from tui.widgets.files import FileChooser
from tui.widgets.frame import Note
from vault.attachments import attach
from vault.finishing import is_granted

if TYPE_CHECKING:
    from vault.store import Vault


class Attached(Message):
    """The file is in the vault; `agreed` says whether the answers so far let the record be finished with it."""

    def __init__(self, *, agreed: bool) -> None:
        self.agreed = agreed
        super().__init__()


class ExhibitScreen(VaultScreen):
    """Adds one file to an interview."""

    TITLE_KEY = "title.exhibit"
    AUTO_FOCUS = "FileChooser RowList"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "attach", "attach"), key("escape", "back", "back")]

    def __init__(self, record_id: str) -> None:
        super().__init__()
        self._record_id = record_id
        self._working = False

    def body(self) -> Iterable[Widget]:
        """The file, the kind, the title."""
        kinds = next(field for field in core_form().fields if field.id == "exhibits").member("kind")
        yield VerticalScroll(
            Note(self.say("exhibit.file")),
            FileChooser(),
            Note(self.say("exhibit.kind"), classes="label"),
            Choice(options_of(kinds.vocabulary if kinds else (), self.language), id="kind"),
            Note(self.say("exhibit.title"), classes="label"),
            LineEditor(id="title"),
            self.buttons(Button(self.say("button.attach"), id="attach")),
            ProgressBar(show_eta=False, id="progress"),
            Static("", id="outcome"),
            classes="page",
            can_focus=False,
        )

    def on_mount(self) -> None:
        """Nothing runs yet."""
        self.query_one("#progress").display = False

    def action_back(self) -> None:
        """Back to the interview, unless a file is being copied."""
        if not self._working:
            self.dismiss(None)

    @on(Button.Pressed, "#attach")
    def action_attach(self) -> None:
        """Copy the file into the vault."""
        path, kind = self.query_one(FileChooser).path, self.query_one("#kind", Choice).value
        title = self.query_one("#title", LineEditor).text.strip()
        if self._working:
            return
        if path is None or kind is None:
            self.tell("exhibit.incomplete", severity="warning")
            return
        self._begin(path, kind, title)

    def _begin(self, path: Path, kind: str, title: str) -> None:
        self._working = True
        self.query_one(FileChooser).display = False
        self.query_one("#progress").display = True
        self.query_one("#outcome", Static).update(self.say("exhibit.working"))
        record_id = self._record_id

        def progress(done: int, total: int) -> None:
            self.post_message(Progressed(done, total))

        def add(vault: "Vault") -> bool:
            attach(vault, record_id, path, kind=kind, title=title, progress=progress)
            return is_granted(vault, record_id, kind)

        self.ask(add, lambda agreed: Attached(agreed=agreed))

    @on(Progressed)
    def progressed(self, message: Progressed) -> None:
        """Move the bar."""
        self.query_one(ProgressBar).update(total=message.total, progress=message.done)

    @on(Attached)
    def attached(self, message: Attached) -> None:
        """Back to the interview."""
        if message.agreed:
            self.tell("exhibit.done")
        else:
            self.tell("exhibit.not-agreed", severity="warning")
        self.dismiss(None)

    def refused(self, message: Refused) -> None:
        """The file was not taken."""
        self._working = False
        self.query_one(FileChooser).display = True
        self.query_one("#progress").display = False
        self.query_one("#outcome", Static).update(self.failure(message))
