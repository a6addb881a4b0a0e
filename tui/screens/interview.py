"""The interview by steps: built from the form, saved within two seconds of the last key."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button

from testimony.forms.form import Field
from testimony.forms.reading import core_form
from testimony.interview import Interview
from tui.dialogs.question import QuestionDialog
from tui.keys_on_screen import key
from tui.screens.draft import Draft, draft_in_hand
from tui.screens.finish import CLOSED, FinishScreen
from tui.screens.interview_pages import page_of
from tui.screens.interview_steps import FINISH, marks_of, steps_of, width_of
from tui.screens.screen import Refused, VaultScreen
from tui.screens.whereabouts import Whereabouts, lead_back, whereabouts_on
from tui.widgets.account import AccountPage
from tui.widgets.attached import AttachedFiles, FilesListed
from tui.widgets.editors import AccountEditor, PasteRefused
from tui.widgets.frame import TitleLine
from tui.widgets.question_box import QuestionBox
from tui.widgets.rows import Column, Row, RowList
from vault.attachments import list_for, remove_exhibit
from vault.drafts import load_draft, save_draft
from vault.errors import VaultError
from vault.finishing import missing_for_finish
from vault.sittings import close_session
from vault.viewing import open_identity

if TYPE_CHECKING:
    from vault.attachments import Attached
    from vault.store import Vault

SAVE_EVERY: Final = 1.0  # seconds; a key press is in the vault before two have passed


class Loaded(Message):
    """The draft was read from the vault."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__()


class Saved(Message):
    """That state of the interview is in the vault."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        super().__init__()


class Revealed(Message):
    """The reveal of the identity stands in the custody log."""


class InterviewScreen(VaultScreen):
    """One interview, any step reachable at any time."""

    TITLE_KEY = "title.interview"
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "next_step", "next-step"),
        key("shift+f2", "previous_step", "previous-step", show=False),
        key("escape", "back", "steps-or-leave"),
        key("f8", "to_finish", "to-finish"),
    ]

    def __init__(self, record_id: str) -> None:
        super().__init__()
        self._record_id = record_id
        self._steps = steps_of(core_form())
        self._step = self._steps[0]
        self._draft: Draft | None = None
        self._saving = False
        self._revealed = False

    def about(self) -> str:
        """The record's id; never a name."""
        return self._record_id

    def body(self) -> Iterable[Widget]:
        """The steps at the side, the step in hand beside them."""
        steps = RowList((Column(heading="", width=1), Column(heading=self.line("interview.steps"))), id="steps")
        page = VerticalScroll(id="step")
        yield Horizontal(*((page, steps) if self.language == "ar" else (steps, page)), id="interview")

    def on_mount(self) -> None:
        """Read the draft; from now on save every second what is new."""
        self.set_interval(SAVE_EVERY, self._save_what_is_new)
        self.ask(partial(draft_in_hand, record_id=self._record_id), Loaded)

    @on(Loaded)
    async def loaded(self, message: Loaded) -> None:
        """Show the first step."""
        self._draft = message.draft
        self._steps = steps_of(message.draft.interview.form)
        self._step = self._steps[0]
        await self._show_step()

    async def fill_anew(self) -> None:
        """Show the step in hand in the other language."""
        await self._show_step()

    def _save_what_is_new(self) -> None:
        draft = self._draft
        if draft is None or self._saving or not draft.is_unsaved:
            return
        self._saving = True
        interview = draft.gather()
        self._show_problems()
        self._show_marks()
        self.ask(lambda vault: save_draft(vault, draft.record_id, interview), lambda _none: Saved(interview))

    @on(Saved)
    def saved(self, message: Saved) -> None:
        """Say so, unless more was typed meanwhile."""
        self._saving = False
        if self._draft is not None:
            self._draft.note_saved(message.interview)
            self._say_how_saved(self._draft)

    def _say_how_saved(self, draft: Draft) -> None:
        if draft.is_unsaved:
            self.program.note_unsaved()
        else:
            self.program.note_saved()

    def refused(self, message: Refused) -> None:
        """What could not be saved stays typed, and is tried again."""
        self._saving = False
        super().refused(message)

    def keep(self) -> None:
        """Save at once and wait for it."""
        draft = self._draft
        if draft is None or not draft.is_unsaved or not self.program.session.is_open:
            return
        interview = draft.gather()
        self.program.session.ask(lambda vault: save_draft(vault, draft.record_id, interview))
        draft.note_saved(interview)
        self._say_how_saved(draft)

    @on(QuestionBox.Edited)
    def edited(self, message: QuestionBox.Edited) -> None:
        """Take the answer; it is saved within a second."""
        if self._draft is not None:
            self._draft.take(message.asked, message.raw)
            self.program.note_unsaved()

    @on(AccountPage.Edited)
    def account_edited(self, message: AccountPage.Edited) -> None:
        """Take the account and its sources."""
        if self._draft is None:
            return
        if message.text_changed:
            self._draft.take(self._field("account.text"), list(message.paragraphs) or None)
        self._draft.take(self._field("account.source_of_knowledge"), list(message.sources) or None)
        self.program.note_unsaved()

    @on(PasteRefused)
    def paste_refused(self) -> None:
        """Say that nothing of it was taken."""
        self.tell("paste.too-large", severity="warning")

    @on(AccountPage.Marking)
    def mark_words(self, message: AccountPage.Marking) -> None:
        """Mark whom words mean, once everything typed is saved."""
        from tui.screens.marks import MarksScreen  # noqa: PLC0415 - loaded when it is needed

        if self._draft is not None and self.kept() and not self._draft.is_unsaved:
            marking = MarksScreen(self._record_id, message.selected)
            self.app.push_screen(marking, partial(self._marked, whereabouts_on(self)))
        else:
            self.tell("marks.save-first", severity="warning")

    async def _marked(self, before: Whereabouts, _none: str | None) -> None:
        """Go on with the draft in which the marks stand."""
        read = partial(load_draft, record_id=self._record_id)
        scripts = () if self._draft is None else self._draft.scripts
        self._draft = Draft(self._record_id, self.program.session.ask(read), scripts)
        await self._show_step()
        lead_back(self, before)

    def _field(self, name: str) -> Field:
        return next(field for step in self._steps for field in step.fields if field.id == name)

    async def _show_step(self) -> None:
        draft = self._draft
        page = self.query_one("#step", VerticalScroll)
        await page.remove_children()
        if draft is None:
            return
        draft.gather()
        await page.mount_all(page_of(self._step, draft, self.language, identity_shown=self._revealed))
        if self._step.id == "exhibits":
            self.ask(partial(list_for, record_id=self._record_id), FilesListed)
        self.query_one("#interview").set_class(self.editor is not None, "-wide")
        page.scroll_home(animate=False)
        self._show_marks()
        self._show_problems()
        self.query_one("#steps", RowList).point_at(self._step.id)
        self.query_one(TitleLine).show_about(f"{self._record_id} · {self._step.name(self.language)}")
        self._focus_first(page)

    def _focus_first(self, page: VerticalScroll) -> None:
        """The first question; the account itself where its words have begun."""
        if self.editor is not None and self._draft is not None and self._draft.interview.paragraphs:
            self.set_focus(self.editor)
            return
        seen = [widget for widget in self.focus_chain if page in widget.ancestors]  # what is hidden takes no keys
        first = next((widget for widget in seen if not isinstance(widget, Button)), None)
        self.set_focus(first or next(iter(seen), None) or self.query_one("#steps"))

    def _show_marks(self) -> None:
        if self._draft is None:
            return
        marks = marks_of(self._steps, self._draft.interview)
        rows = [
            Row(id=step.id, cells=(self.line(f"mark.{marks[step.id]}"), step.name(self.language)))
            for step in self._steps
        ]
        steps = self.query_one("#steps", RowList)
        steps.styles.width = width_of(self._steps, self.language)
        steps.replace(rows)

    def _show_problems(self) -> None:
        if self._draft is not None:
            for box in self.query(QuestionBox):
                box.show_problem(self._draft.problems.get(box.field_id, ""))
                box.show_if_asked(self._draft.interview)

    @on(RowList.Opened, "#steps")
    async def step_chosen(self, message: RowList.Opened) -> None:
        """Go to a step."""
        await self._go(message.row.id)

    async def action_next_step(self) -> None:
        """Go to the next step."""
        at = self._steps.index(self._step)
        await self._go(self._steps[min(at + 1, len(self._steps) - 1)].id)

    async def action_previous_step(self) -> None:
        """Go to the step before."""
        at = self._steps.index(self._step)
        await self._go(self._steps[max(at - 1, 0)].id)

    async def action_to_finish(self) -> None:
        """Go to the checklist."""
        await self._go(FINISH)

    async def _go(self, step_id: str) -> None:
        if not self.kept():
            return
        if step_id != FINISH:
            self._step = next(step for step in self._steps if step.id == step_id)
            await self._show_step()
            return
        if self._draft is not None:
            self._show_checklist(self._draft)

    def _show_checklist(self, draft: Draft) -> None:
        check = partial(missing_for_finish, record_id=self._record_id, interview=draft.gather())
        try:
            problems = self.program.session.ask(check)
        except VaultError as error:
            self.refuse(error)
        else:
            self.app.push_screen(FinishScreen(draft, problems), self._came_back)

    async def _came_back(self, step_of_field: str | None) -> None:
        """From the checklist: to the step of the field chosen there, or stay; a closed record is left."""
        if step_of_field == CLOSED:
            self._leave()
            return
        step = next((step for step in self._steps for field in step.fields if field.id == step_of_field), self._step)
        await self._go(step.id)

    def action_back(self) -> None:
        """From a question to the steps, from the steps to the list; everything is saved first."""
        steps = self.query_one("#steps", RowList)
        if steps.has_focus:
            if self.kept():
                self._leave()
        else:
            self.query_one("#interview").remove_class("-wide")
            steps.focus()

    def _leave(self) -> None:
        self._draft = None
        with suppress(VaultError):  # a disk too full for this entry: the next opening says that the sitting broke off
            self.program.session.ask(partial(close_session, record_id=self._record_id))
        self.dismiss()

    @on(Button.Pressed, "#reveal")
    def reveal(self) -> None:
        """Show the identity; that it was opened is written to the custody log first."""
        self.ask(partial(open_identity, record_id=self._record_id), lambda _none: Revealed())

    @on(Revealed)
    async def revealed(self) -> None:
        """Now the questions about the person are shown."""
        self._revealed = True
        await self._show_step()

    @on(Button.Pressed, "#add-exhibit")
    def add_exhibit(self) -> None:
        """Choose a file, after everything typed is saved."""
        from tui.screens.exhibit import ExhibitScreen  # noqa: PLC0415 - loaded when it is needed

        if self.kept():
            self.app.push_screen(ExhibitScreen(self._record_id), self._exhibit_added)

    def _exhibit_added(self, _none: str | None) -> None:
        self.ask(partial(list_for, record_id=self._record_id), FilesListed)

    @on(FilesListed)
    def files_listed(self, message: FilesListed) -> None:
        """Show the files that are in the vault."""
        for files in self.query(AttachedFiles):
            files.show(message.files)

    @on(AttachedFiles.Remove)
    def ask_to_remove(self, message: AttachedFiles.Remove) -> None:
        """Once more, before a file goes."""
        question = QuestionDialog(self.say("files.remove"), "button.remove")
        self.app.push_screen(question, partial(self._remove, message.position))

    def _remove(self, position: int, go_on: bool | None) -> None:  # noqa: FBT001 - Textual's signature
        if go_on:
            self.ask(partial(_without_file, record_id=self._record_id, position=position), FilesListed)

    @property
    def editor(self) -> AccountEditor | None:
        """The account's editor where it is shown."""
        return next(iter(self.query(AccountEditor).filter("#account-text")), None)


def _without_file(vault: "Vault", record_id: str, position: int) -> "Sequence[Attached]":
    remove_exhibit(vault, record_id, position)
    return list_for(vault, record_id)
