"""What stands beside a record and is not the witness's word: translations, transcripts, observations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from testimony.errors import CanonicalError, InterviewError
from testimony.forms.form import FormKind
from testimony.interview import MAX_INTERVIEW
from tui.answer_text import answer_lines
from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.strings.sentences import Language
from tui.text_filter import display_line
from tui.widgets.files import FileChooser
from tui.widgets.frame import Note
from tui.widgets.question_box import problem_key
from tui.widgets.reading import ReadingText
from tui.widgets.rows import Column, Row, RowList
from vault.companions import StoredCompanion, add_companion, companions_of
from vault.files import read_bounded
from vault.received import ReceivedRecord
from vault.received_companions import companions_received
from vault.records import StoredRecord
from vault.store import Vault
from vault.viewing import note_viewed


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One companion as it is shown."""

    companion_id: str
    kind: str
    language: str
    control_number: str
    text: str = field(repr=False)


class Found(Message):
    """The companions were read, and the log says so."""

    def __init__(self, companions: tuple[Beside, ...]) -> None:
        self.companions = companions
        super().__init__()


class Added(Message):
    """The companion is signed and stands beside its record."""


class CompanionsScreen(VaultScreen):
    """A list above, the text of the one pointed at below."""

    TITLE_KEY = "title.companions"
    AUTO_FOCUS = "RowList"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("t", "add('translation')", "add-translation"),
        key("s", "add('transcript')", "add-transcript"),
        key("o", "add('observation')", "add-observation"),
        key("escape", "back", "back"),
    ]

    def __init__(self, viewed: StoredRecord | ReceivedRecord) -> None:
        super().__init__()
        self._viewed = viewed
        self._found: tuple[Beside, ...] = ()

    def about(self) -> str:
        """The record's id."""
        return self._viewed.record_id

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a record of one's own is given companions."""
        return isinstance(self._viewed, StoredRecord) if action == "add" else super().check_action(action, parameters)

    def body(self) -> Iterable[Widget]:
        """The list, and the text."""
        yield Vertical(
            Static(self.say("companions.intro"), classes="quiet"),
            RowList(
                (
                    Column(heading=self.line("companions.kind"), width=14),
                    Column(heading=self.line("companions.language"), width=8),
                    Column(heading=self.line("decisions.number")),
                ),
                id="companions",
            ),
            VerticalScroll(ReadingText(id="text"), id="companion"),
            classes="page",
        )

    def on_mount(self) -> None:
        """Read them."""
        self._read()

    async def fill_anew(self) -> None:
        """Read them anew for the other language."""
        self._read()

    def _read(self) -> None:
        self.ask(partial(_beside, viewed=self._viewed, language=self.language), Found)

    @on(Found)
    def found(self, message: Found) -> None:
        """List them."""
        self._found = message.companions
        self.query_one("#companions", RowList).replace(map(self._row, message.companions))
        if not message.companions:
            self.query_one("#text", ReadingText).update(self.say("companions.none"))

    def _row(self, one: Beside) -> Row:
        cells = (self.line(f"companions.kind.{one.kind}"), one.language, one.control_number)
        return Row(id=one.companion_id, cells=tuple(map(display_line, cells)))

    @on(RowList.Pointed)
    def pointed(self, message: RowList.Pointed) -> None:
        """Its text."""
        text = next((one.text for one in self._found if one.companion_id == message.row.id), "")
        self.query_one("#text", ReadingText).show(text)
        self.query_one("#companion").scroll_home(animate=False)

    def action_add(self, kind: FormKind) -> None:
        """Add one of that kind from a file."""
        self.app.push_screen(AddCompanionScreen(self._viewed.record_id, kind), self._came_back)

    def _came_back(self, added: str | None) -> None:
        if added is not None:
            self._read()

    def action_back(self) -> None:
        """Back to the record."""
        self.dismiss(None)


class AddCompanionScreen(VaultScreen):
    """The file in which a companion was written; it is signed as a whole and never edited."""

    TITLE_KEY = "title.add-companion"
    AUTO_FOCUS = "FileChooser RowList"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "add", "add-companion"), key("escape", "back", "back")]

    def __init__(self, record_id: str, kind: FormKind) -> None:
        super().__init__()
        self._record_id = record_id
        self._kind = kind

    def about(self) -> str:
        """The record's id."""
        return self._record_id

    def body(self) -> Iterable[Widget]:
        """What it will be, and the file."""
        yield VerticalScroll(
            Static(self.say(f"companions.what.{self._kind}")),
            Note(self.say("companions.file"), classes="label"),
            FileChooser(),
            self.buttons(Button(self.say("button.sign"), id="sign")),
            Static("", id="outcome", classes="warning"),
            classes="page",
            can_focus=False,
        )

    @on(Button.Pressed, "#sign")
    def action_add(self) -> None:
        """Sign it beside its record."""
        path = self.query_one(FileChooser).path
        if path is None:
            self.tell("companions.choose", severity="warning")
        else:
            self.ask(partial(_add, record_id=self._record_id, kind=self._kind, path=path), lambda _added: Added())

    @on(Added)
    def added(self) -> None:
        """Back to the list."""
        self.tell("companions.added")
        self.dismiss(self._record_id)

    def refused(self, message: Refused) -> None:
        """Say what is wrong in the file."""
        error, outcome = message.error, self.query_one("#outcome", Static)
        if isinstance(error, InterviewError) and error.problems:
            first = error.problems[0]
            outcome.update(self.say("problem.at", place=first.path, problem=self.line(problem_key(first.rule))))
        elif isinstance(error, CanonicalError):
            outcome.update(self.say("companions.not-json"))
        else:
            outcome.update(self.failure(message))

    def action_back(self) -> None:
        """Back, nothing added."""
        self.dismiss(None)


def _add(vault: Vault, record_id: str, kind: FormKind, path: Path) -> StoredCompanion:
    return add_companion(vault, record_id, kind, read_bounded(path, MAX_INTERVIEW))


def _beside(vault: Vault, viewed: StoredRecord | ReceivedRecord, language: Language) -> tuple[Beside, ...]:
    record_id, version = viewed.record_id, viewed.version
    if isinstance(viewed, StoredRecord):
        found = tuple(_own(one, language) for one in companions_of(vault, record_id, version))
    else:
        found = tuple(
            Beside(
                companion_id=one.companion_id,
                kind=one.kind,
                language=one.language,
                control_number=one.control_number,
                text=one.text,
            )
            for one in companions_received(vault, record_id, version)
        )
    if found:
        note_viewed(vault, {record_id: version})
    return found


def _own(stored: StoredCompanion, language: Language) -> Beside:
    return Beside(
        companion_id=stored.companion_id,
        kind=stored.kind,
        language=stored.record.interview.language,
        control_number=stored.record.control_number or "",
        text="\n".join(_lines(stored, language)),
    )


def _lines(stored: StoredCompanion, language: Language) -> Iterator[str]:
    """The paragraphs, then how it was made."""
    interview = stored.record.interview
    yield from (f"{number}. {text}\n" for number, text in enumerate(interview.paragraphs, start=1))
    for label, text in answer_lines(interview, language, mask=None):
        yield f"{label}: {text}"
