"""The list: code, date, stage and place of every record; never a survivor's name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tui.keys_on_screen import key
from tui.screens.screen import VaultScreen
from tui.text_filter import display_line
from tui.widgets.rows import Column, Row, RowList
from vault.forms import list_forms, own_form
from vault.records import list_records

if TYPE_CHECKING:
    from testimony.forms.form import Form
    from vault.records import RecordRow
    from vault.store import Vault

PAGE: Final = 200


class Page(Message):
    """A page of the list was read."""

    def __init__(self, rows: "list[RecordRow]", *, first: bool) -> None:
        self.rows = rows
        self.first = first
        super().__init__()


class NewDraft(Message):
    """An empty interview was made."""

    def __init__(self, record_id: str) -> None:
        self.record_id = record_id
        super().__init__()


class FormsFound(Message):
    """The forms an interview can be begun with were read."""

    def __init__(self, forms: "tuple[Form, ...]") -> None:
        self.forms = forms
        super().__init__()


class RecordsScreen(VaultScreen):
    """Every record of the vault, its own and those received."""

    TITLE_KEY = "title.records"
    AUTO_FOCUS = "RowList"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("n,f2", "new", "new-interview"),
        key("h", "hand_over", "hand-over"),
        key("r", "receive", "receive"),
        key("c", "contacts", "contacts"),
        key("f3", "find", "find"),
        key("f5", "check", "check-vault"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._cursor: str | None = None

    def body(self) -> Iterable[Widget]:
        """The list, and what to do when it is empty."""
        yield Vertical(
            RowList(
                (
                    Column(heading=self.line("records.id"), width=13),
                    Column(heading=self.line("records.case"), width=10),
                    Column(heading=self.line("records.date"), width=10),
                    Column(heading=self.line("records.stage"), width=14),
                    Column(heading=self.line("records.place")),
                )
            ),
            Static(self.say("records.empty"), id="empty"),
            classes="list",
        )

    def on_mount(self) -> None:
        """Read the first page."""
        self.query_one("#empty").display = False
        self._read_first()

    def on_screen_resume(self) -> None:
        """Coming back: something may have changed."""
        if self.program.session.is_open:
            self._read_first()

    async def fill_anew(self) -> None:
        """Read the list anew for the other language."""
        self._read_first()

    def _read_first(self) -> None:
        self.ask(lambda vault: list_records(vault, after=None, limit=PAGE), lambda rows: Page(rows, first=True))

    @on(RowList.NearEnd)
    def near_end(self) -> None:
        """Read the next page."""
        last = self._cursor
        self.ask(lambda vault: list_records(vault, after=last, limit=PAGE), lambda rows: Page(rows, first=False))

    @on(Page)
    def page(self, message: Page) -> None:
        """Show a page."""
        table = self.query_one(RowList)
        rows = [self._row(row) for row in message.rows]
        self._cursor = message.rows[-1].cursor if message.rows else None
        more = len(rows) == PAGE
        if message.first:
            table.replace(rows, more=more)
            self.query_one("#empty").display = not rows
        else:
            table.extend(rows, more=more)

    def _row(self, row: "RecordRow") -> Row:
        cells = (row.name, row.case_code, row.date, self.line(f"stage.{row.stage}"), row.place)
        return Row(id=f"{row.stage} {row.record_id}", cells=tuple(display_line(str(cell or "")) for cell in cells))

    @on(RowList.Opened)
    def opened(self, message: RowList.Opened) -> None:
        """A draft is written on; everything else is read."""
        stage, _, record_id = message.row.id.partition(" ")
        self._show(record_id, stage)

    def _show(self, record_id: str, stage: str) -> None:
        if stage == "draft":
            from tui.screens.interview import InterviewScreen  # noqa: PLC0415 - loaded when it is needed

            self.app.push_screen(InterviewScreen(record_id))
        else:
            from tui.screens.record import RecordScreen  # noqa: PLC0415 - loaded when it is needed

            self.app.push_screen(RecordScreen(record_id))

    def action_new(self) -> None:
        """Begin an interview."""
        self.ask(list_forms, FormsFound)

    @on(FormsFound)
    def forms_found(self, message: FormsFound) -> None:
        """Ask for the form where there is a choice."""
        if len(message.forms) == 1:
            self._begin(message.forms[0].id)
            return
        from tui.dialogs.form_choice import FormChoiceDialog  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(FormChoiceDialog(message.forms), self._begin)

    def _begin(self, form_id: str | None) -> None:
        language = "arb" if self.language == "ar" else "eng"
        if form_id is not None:
            self.ask(lambda vault: _new(vault, language, form_id), NewDraft)

    @on(NewDraft)
    def begun(self, message: NewDraft) -> None:
        """Go to the new interview."""
        self._show(message.record_id, "draft")

    def action_hand_over(self) -> None:
        """Hand records over to a body."""
        from tui.screens.handover import HandoverScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(HandoverScreen())

    def action_receive(self) -> None:
        """Take in a bundle."""
        from tui.screens.receive import ReceiveScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(ReceiveScreen())

    def action_contacts(self) -> None:
        """People and bodies whose keys were compared."""
        from tui.screens.contacts import ContactsScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(ContactsScreen())

    def action_find(self) -> None:
        """Find words in the records."""
        from tui.screens.find import FindScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(FindScreen())

    def action_check(self) -> None:
        """Check that the vault is whole."""
        from tui.screens.checking import CheckScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(CheckScreen())


def _new(vault: "Vault", language: str, form_id: str) -> str:
    from testimony.interview import empty_interview  # noqa: PLC0415 - loaded when it is needed
    from vault.drafts import new_draft  # noqa: PLC0415 - loaded when it is needed

    return new_draft(vault, empty_interview(language, practice=vault.practice, form=own_form(vault, form_id)))
