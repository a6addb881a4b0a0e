"""The finish: what is still missing, what will be locked, the code typed; then the head of the log to copy on paper."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from testimony.errors import Problem
from testimony.readiness import refused
from tui.keys_on_screen import key
from tui.screens.draft import Draft
from tui.screens.interview_steps import place_of_problem
from tui.screens.screen import Refused, VaultScreen
from tui.text_filter import display_line
from tui.widgets.editors import LineEditor
from tui.widgets.frame import Note
from tui.widgets.head_picture import HeadPicture
from tui.widgets.question_box import problem_key
from tui.widgets.reading import ReadingText
from tui.widgets.rows import Column, Row, RowList
from tui.words import shown_line
from vault.records import finish

if TYPE_CHECKING:
    from vault.records import Finished


CLOSED: Final = "closed"  # handed back instead of a field: there is no interview to go back to


class Done(Message):
    """The record is closed and signed."""

    def __init__(self, finished: "Finished") -> None:
        self.finished = finished
        super().__init__()


class FinishScreen(VaultScreen):
    """The checklist before the end; it hands back the field a person chose to go to."""

    TITLE_KEY = "title.finish"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "finish", "finish"),
        key("escape", "back", "back"),
    ]

    def __init__(self, draft: Draft, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self._draft = draft
        self._problems = problems
        self._done = False
        self._working = False

    def about(self) -> str:
        """The record's id."""
        return self._draft.record_id

    def body(self) -> Iterable[Widget]:
        """Either what is missing, or what comes now."""
        if self._problems:
            yield Static(self.say("finish.missing", count=len(self._problems)), classes="strong intro")
            yield RowList((Column(heading=self.line("finish.where")), Column(heading=self.line("finish.what"))))
            yield ReadingText(id="whole")
        else:
            yield VerticalScroll(*self._ready(), classes="page", can_focus=False)

    def _ready(self) -> Iterable[Widget]:
        is_refusal = refused(self._draft.interview)
        yield Static(self.say("finish.refusal" if is_refusal else "finish.will-lock"), classes="strong")
        if not is_refusal:
            yield Static(self.say("finish.locked-parts"))
            yield Static(self.say("finish.marks-first"), classes="quiet")
        yield Note(self.say("finish.type-code"), classes="label")
        yield Static(shown_line(self._draft.record_id), classes="code")
        yield LineEditor(id="typed")
        yield Static("", id="outcome")
        yield Static("", id="head", classes="code")
        yield Static("", id="after")
        yield HeadPicture(id="picture")

    def on_mount(self) -> None:
        """List what is missing."""
        if self._problems:
            self.query_one(RowList).replace(self._row(problem) for problem in self._problems)

    def _row(self, problem: Problem) -> Row:
        place = place_of_problem(self._draft.interview.form, problem.path, self.language)
        if problem.paragraph is not None:
            place = self.line("finish.paragraph", place=place, number=problem.paragraph + 1)
        what = self.line(problem_key(problem.rule))
        return Row(id=problem.path.split("/")[0], cells=(display_line(place), display_line(what)))

    @on(RowList.Pointed)
    def pointed(self, message: RowList.Pointed) -> None:
        """The whole of what is missing there, on as many lines as it needs."""
        self.query_one("#whole", ReadingText).show(": ".join(message.row.cells))

    @on(RowList.Opened)
    def to_field(self, message: RowList.Opened) -> None:
        """Go where something is missing."""
        self.dismiss(message.row.id)

    def action_back(self) -> None:
        """Back to the interview, or to the list once it is closed."""
        if self._done:
            self._leave()
        elif not self._working:
            self.dismiss(None)

    def _leave(self) -> None:
        self.dismiss(CLOSED)

    @on(LineEditor.Submitted, "#typed")
    def action_finish(self) -> None:
        """Close the record, once its code was typed."""
        if self._problems:
            self.tell("finish.first-complete", severity="warning")
        elif self._done:
            self._leave()
        elif not self._working:
            self._finish(self.query_one("#typed", LineEditor).text)

    def _finish(self, typed: str) -> None:
        record_id = self._draft.record_id
        if _plain(typed) != _plain(record_id):
            self.query_one("#outcome", Static).update(self.say("finish.other-code"))
            return
        self._working = True
        self.query_one("#outcome", Static).update(self.say("finish.working"))
        self.ask(lambda vault: finish(vault, record_id), Done)

    @on(Done)
    def finished(self, message: Done) -> None:
        """Show the head of the log as forty digits."""
        self._working = False
        self._done = True
        self.program.note_saved()
        self.query_one("#typed").display = False
        control = message.finished.control_number or message.finished.record_id
        self.query_one("#outcome", Static).update(self.say("finish.done", number=control))
        self.query_one("#head", Static).update(shown_line(message.finished.head_digits))
        self.query_one("#after", Static).update(self.say("finish.copy-head"))
        self.query_one(HeadPicture).show(message.finished.head_digits)

    def refused(self, message: Refused) -> None:
        """Nothing was closed."""
        self._working = False
        self.query_one("#outcome", Static).update(self.failure(message))


def _plain(code: str) -> str:
    """The code without the dash and in capitals, with the digits that Crockford reads for letters."""
    return code.strip().upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
