"""The second person: what a colleague's request is about, and the digits that were read on the colleague's screen."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalGroup, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from testimony.approval import MAX_APPROVAL, Subject
from testimony.erasure_approval import Erasure, parse_any_request
from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.strings.sentences import has_sentence
from tui.widgets.editors import LineEditor
from tui.widgets.files import FileChooser
from tui.widgets.frame import Note
from tui.words import shown_line
from vault.files import read_bounded, write_all
from vault.second_person import give_approval
from vault.stick_files import new_file
from vault.store import Vault


class Asked(Message):
    """A request was read."""

    def __init__(self, path: Path, about: Subject | Erasure) -> None:
        self.path = path
        self.about = about
        super().__init__()


class Given(Message):
    """The signed approval lies there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__()


class ApprovalScreen(VaultScreen):
    """First the file, then what it is about and the digits; the approval is written beside the request."""

    TITLE_KEY = "title.approval"
    AUTO_FOCUS = "FileChooser RowList"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "next", "next"), key("escape", "back", "back")]

    def __init__(self) -> None:
        super().__init__()
        self._asked: Asked | None = None
        self._done = False

    def body(self) -> Iterable[Widget]:
        """The file; what it is about; the digits."""
        yield VerticalScroll(
            Static(self.say("approval.intro")),
            Note(self.say("approval.file"), id="which"),
            FileChooser(),
            VerticalGroup(id="about"),
            LineEditor(id="digits"),
            self.buttons(Button(self.say("button.next"), id="next")),
            Static("", id="outcome", classes="strong"),
            Static("", id="path", classes="code"),
            classes="page",
            can_focus=False,
        )

    def on_mount(self) -> None:
        """The digits come after the file."""
        self.query_one("#digits").display = False

    def change_language(self) -> None:
        """Show it in the other language; the request is chosen again."""
        self._asked = None
        super().change_language()
        self.call_after_refresh(self.on_mount)

    @on(Button.Pressed, "#next")
    @on(LineEditor.Submitted, "#digits")
    def action_next(self) -> None:
        """Read the request, then approve it."""
        path, asked = self.query_one(FileChooser).path, self._asked
        if self._done:
            self.dismiss(None)
        elif asked is not None:
            digits = self.query_one("#digits", LineEditor).text
            self.ask(lambda vault: _approve(vault, asked, digits), Given)
        elif path is None:
            self.tell("approval.choose", severity="warning")
        else:
            self.do(lambda: _read(path))

    @on(Asked)
    async def asked(self, message: Asked) -> None:
        """Say what would be approved, and ask for the digits."""
        self._asked = message
        for name in ("FileChooser", "#which"):
            self.query_one(name).display = False
        self.query_one("#outcome", Static).update("")
        await self.query_one("#about").mount_all(self._lines(message.about))
        digits = self.query_one("#digits")
        digits.display = True
        digits.focus()

    def _lines(self, about: Subject | Erasure) -> Iterator[Widget]:
        if isinstance(about, Erasure):
            why = f"erasure.reason.{about.reason}"
            reason = self.line(why) if has_sentence(why) else about.reason
            yield Static(self.say("approval.erasure", record=about.record_id, reason=reason), classes="strong")
        else:
            profile = self.line(f"profile.{about.profile}")
            said = {"count": len(about.records), "body": about.recipient, "profile": profile}
            yield Static(self.say("approval.seal", **said), classes="strong")
            yield Static(self.say("approval.purpose", purpose=about.purpose))
            yield Static(shown_line("  ".join(one.record_id for one in about.records)), classes="code")
        yield Static(self.say("approval.digits"), classes="label")

    @on(Given)
    def given(self, message: Given) -> None:
        """Say where it lies."""
        self._done = True
        for name in ("#digits", "#about"):
            self.query_one(name).display = False
        self.query_one("#outcome", Static).update(self.say("approval.given"))
        self.query_one("#path", Static).update(shown_line(str(message.path)))

    def refused(self, message: Refused) -> None:
        """Say why nothing was approved."""
        self.query_one("#outcome", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back to the organisation."""
        self.dismiss(None)


def _read(path: Path) -> Message:
    return Asked(path, parse_any_request(read_bounded(path, MAX_APPROVAL)))


def _approve(vault: Vault, asked: Asked, digits: str) -> Path:
    """The new file beside the request; none stays where nothing was approved."""
    path = asked.path.with_name(f"{asked.path.name}.approval")
    with new_file(path) as stream:
        write_all(stream, give_approval(vault, asked.about, digits))
    return path
