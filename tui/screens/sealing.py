"""The seal: where the sealed file goes, how far it is, and where it lies."""

from collections.abc import Iterable
from pathlib import Path
from threading import Event
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, ProgressBar, Static

from tui.keys_on_screen import key
from tui.screens.progress import Progressed
from tui.screens.screen import Refused, VaultScreen
from tui.text_filter import display_line
from tui.widgets.files import FileChooser
from tui.widgets.frame import Note
from tui.words import shown_line
from vault.errors import PolicyError
from vault.handover import Sealed, seal
from vault.preview import Handover


class SealedMessage(Message):
    """The sealed file is written, read back and in place."""

    def __init__(self, sealed: Sealed) -> None:
        self.sealed = sealed
        super().__init__()


class SealScreen(VaultScreen):
    """Seals for one body."""

    TITLE_KEY = "title.seal"
    AUTO_FOCUS = "FileChooser RowList"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "seal", "seal"), key("escape", "back", "back-or-stop")]

    def __init__(self, handover: Handover) -> None:
        super().__init__()
        self._handover = handover
        self._stop = Event()
        self._working = False
        self._done = False

    def about(self) -> str:
        """The body."""
        return display_line(self._handover.to.code)

    def body(self) -> Iterable[Widget]:
        """What leaves, for whom, and the folder."""
        handover = self._handover
        yield VerticalScroll(
            Static(
                self.say("seal.what", count=handover.count, to=handover.to.code, profile=self.line(self._profile())),
                classes="strong",
            ),
            Static(shown_line(handover.to.fingerprint), classes="code"),
            Static(self.say("seal.cannot-recall"), classes="warning"),
            Note(self.say("seal.folder"), classes="label"),
            FileChooser(folders_only=True),
            self.buttons(Button(self.say("button.seal"), id="seal")),
            ProgressBar(show_eta=False, id="progress"),
            Static("", id="outcome", classes="strong"),
            Static("", id="path", classes="code"),
            Static("", id="digest"),
            classes="page",
            can_focus=False,
        )

    def _profile(self) -> str:
        return f"profile.{self._handover.profile}"

    def on_mount(self) -> None:
        """Nothing runs yet: what leaves, for whom and where to stand together in view."""
        for name in ("#progress", "#outcome", "#path", "#digest"):
            self.query_one(name).display = False

    def _line_for(self, name: str) -> Static:
        line = self.query_one(name, Static)
        line.display = True
        return line

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """After the seal nothing is left to be sealed."""
        return not self._done if action == "seal" else super().check_action(action, parameters)

    @on(Button.Pressed, "#seal")
    def action_seal(self) -> None:
        """Seal into the folder chosen."""
        folder = self.query_one(FileChooser).path
        if not self._working and folder is not None:
            self._begin(folder)

    def _begin(self, folder: Path) -> None:
        self._working = True
        self._stop.clear()
        self.query_one(FileChooser).display = False
        self.query_one("#progress").display = True
        self._line_for("#outcome").update(self.say("seal.working"))
        handover, stop = self._handover, self._stop

        def progress(done: int, total: int) -> None:
            if stop.is_set():
                raise PolicyError("stopped")
            self.post_message(Progressed(done, total))

        self.ask(lambda vault: seal(vault, handover, folder, progress), SealedMessage)

    @on(Progressed)
    def progressed(self, message: Progressed) -> None:
        """Move the bar."""
        self.query_one(ProgressBar).update(total=message.total, progress=message.done)

    @on(SealedMessage)
    def sealed(self, message: SealedMessage) -> None:
        """Say where it lies and what its digest is."""
        self._working = False
        self._done = True
        self.refresh_bindings()
        self.query_one("#seal").display = False
        self.query_one(ProgressBar).update(total=1, progress=1)
        self._line_for("#outcome").update(self.say("seal.done", count=message.sealed.count))
        self._line_for("#path").update(shown_line(str(message.sealed.path)))
        self._line_for("#digest").update(self.say("seal.digest", digest=message.sealed.sha256))

    def refused(self, message: Refused) -> None:
        """Nothing that looks finished was left."""
        self._working = False
        self.query_one(FileChooser).display = True
        self.query_one("#progress").display = False
        self._line_for("#outcome").update(self.failure(message))
        self.call_after_refresh(self.query_one("#outcome").scroll_visible, animate=False)

    def action_back(self) -> None:
        """Stop the work, or go back; after the seal, back to the list."""
        if self._working:
            self._stop.set()
        elif self._done:
            self._leave()
        else:
            self.dismiss(None)

    def _leave(self) -> None:
        """Back to the list of records: the choice before has been carried out."""
        while len(self.app.screen_stack) > 2:  # noqa: PLR2004 - Textual's own first screen, and the list
            self.app.pop_screen()
