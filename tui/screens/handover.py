"""Hand over: a body, a purpose and a profile; then the gate's decision about every record."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from testimony.consent import PROFILE_NAMES
from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.strings.sentences import has_sentence
from tui.text_filter import display_line
from tui.widgets.choice import Choice, Option
from tui.widgets.editors import LineEditor
from tui.widgets.frame import Note
from tui.widgets.rows import Column, Row, RowList
from vault.contacts import Contact, list_contacts
from vault.preview import Handover, HandoverRow, prepare
from vault.review import Walk, walk_of
from vault.viewing import note_viewed

if TYPE_CHECKING:
    from vault.store import Vault


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be handed over, to whom and for what."""

    to: str
    purpose: str
    profile: str
    left_out: frozenset[str] = frozenset()


class Bodies(Message):
    """All contacts."""

    def __init__(self, found: list[Contact]) -> None:
        self.found = found
        super().__init__()


class Prepared(Message):
    """The gate has decided."""

    def __init__(self, handover: Handover) -> None:
        self.handover = handover
        super().__init__()


class Opened(Message):
    """One record is ready to be walked through."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        super().__init__()


class HandoverScreen(VaultScreen):
    """To whom, for what, and how much of it."""

    TITLE_KEY = "title.handover"
    AUTO_FOCUS = "RowList"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "next", "next"), key("escape", "back", "back")]

    def body(self) -> Iterable[Widget]:
        """The body, the purpose, the profile."""
        profiles = [Option(value=name, label=self.line(f"profile.{name}")) for name in PROFILE_NAMES]
        yield Vertical(
            RowList((Column(heading=self.line("handover.to"), width=18), Column(heading=self.line("contacts.digits")))),
            Note(self.say("handover.purpose"), classes="label"),
            LineEditor("criminal investigation", id="purpose"),
            Note(self.say("handover.profile"), classes="label"),
            Choice(profiles, "pseudonymised", id="profile"),
            Static(self.say("profile.pseudonymised.means"), id="means", classes="quiet"),
            self.buttons(Button(self.say("button.next"), id="next")),
            classes="page",
        )

    def on_mount(self) -> None:
        """Read the contacts."""
        self.ask(list_contacts, Bodies)

    async def fill_anew(self) -> None:
        """Read them anew for the other language."""
        self.on_mount()

    @on(Bodies)
    def bodies(self, message: Bodies) -> None:
        """List them."""
        rows = [Row(id=each.code, cells=(display_line(each.code), each.fingerprint)) for each in message.found]
        self.query_one(RowList).replace(rows)
        if not rows:
            self.tell("handover.no-contact", severity="warning")

    @on(Choice.Chosen, "#profile")
    def profile_chosen(self, message: Choice.Chosen) -> None:
        """Say what the profile keeps and leaves out."""
        profile = message.value or "pseudonymised"
        self.query_one("#means", Static).update(self.say(f"profile.{profile}.means"))

    @on(Button.Pressed, "#next")
    @on(LineEditor.Submitted, "#purpose")
    def action_next(self) -> None:
        """Ask the gate about every finished record."""
        row, profile = self.query_one(RowList).pointed, self.query_one("#profile", Choice).value
        purpose = self.query_one("#purpose", LineEditor).text.strip()
        if row is None or profile is None or not purpose:
            self.tell("handover.incomplete", severity="warning")
        else:
            self.app.push_screen(DecisionsScreen(Wish(to=row.id, purpose=purpose, profile=profile)))

    def action_back(self) -> None:
        """Back to the list."""
        self.dismiss(None)


class DecisionsScreen(VaultScreen):
    """One line a record: goes or stays, and why; Enter shows it as it will leave."""

    TITLE_KEY = "title.decisions"
    AUTO_FOCUS = "RowList"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "seal", "to-seal"),
        key("x", "leave_out", "leave-out"),
        key("escape", "back", "back"),
    ]

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self._wish = wish
        self._handover: Handover | None = None
        self._all: list[HandoverRow] = []

    def about(self) -> str:
        """The body and the purpose."""
        return f"{self._wish.to} · {self._wish.purpose}"

    def body(self) -> Iterable[Widget]:
        """The counts, the records, the reason of the one pointed at."""
        yield Vertical(
            Static(self.say("decisions.working"), id="count", classes="strong"),
            RowList(
                (
                    Column(heading=self.line("records.id"), width=10),
                    Column(heading=self.line("decisions.number"), width=12),
                    Column(heading=self.line("decisions.decision"), width=10),
                    Column(heading=self.line("decisions.why")),
                )
            ),
            Static("", id="reason"),
            Static(self.say("decisions.keys"), classes="quiet"),
            classes="page",
        )

    def on_mount(self) -> None:
        """Ask the gate."""
        self._prepare()

    async def fill_anew(self) -> None:
        """Ask again for the other language."""
        self._prepare()

    def _prepare(self) -> None:
        self.ask(partial(_prepared, wish=self._wish), Prepared)

    @on(Prepared)
    def prepared(self, message: Prepared) -> None:
        """Show the decisions."""
        self._handover = message.handover
        known = {row.record_id for row in message.handover.rows}
        self._all = [*message.handover.rows, *(row for row in self._all if row.record_id not in known)]
        self._all.sort(key=lambda row: row.control_number)
        self.query_one(RowList).replace(self._row(row) for row in self._all)
        waiting, kept = sum(map(_waits, message.handover.rows)), message.handover.withheld
        leaving = message.handover.count - waiting
        self.query_one("#count", Static).update(
            self.say("decisions.count", count=leaving, waiting=waiting, withheld=kept)
        )

    def _row(self, row: HandoverRow) -> Row:
        if row.record_id in self._wish.left_out:
            decision, why = "left-out", self.line("decision.left-out.why")
        elif row.rendition is None:
            decision, why = "stays", self._why(row)
        elif row.rendition.leaks:
            decision, why = "leak", self.line("decision.leak.why", place=row.rendition.leaks[0].file)
        else:
            decision, why = "waits" if _waits(row) else "goes", self._shown(row)
        cells = (row.record_id, row.control_number, self.line(f"decision.{decision}"), why)
        return Row(id=row.record_id, cells=tuple(map(display_line, cells)))

    def _why(self, row: HandoverRow) -> str:
        code = f"failure.consent.{row.decision.reason}"
        why = self.line(code if has_sentence(code) else "reason.other")
        return self.line("decision.rule", rule=row.decision.rule, why=why)

    def _shown(self, row: HandoverRow) -> str:
        rendition = row.rendition
        if rendition is None:
            return ""
        if rendition.open:
            return self.line("decision.open", open=len(rendition.open), count=rendition.spans)
        if rendition.same:
            return self.line("decision.same", count=len(rendition.same))
        return self.line(
            "decision.shown",
            shown=rendition.paragraphs_shown,
            count=rendition.paragraphs,
            files=rendition.exhibits,
        )

    @on(RowList.Pointed)
    def pointed(self, message: RowList.Pointed) -> None:
        """The whole reason below."""
        self.query_one("#reason", Static).update(self.say("decisions.reason", why=message.row.cells[-1]))

    @on(RowList.Opened)
    def preview(self, message: RowList.Opened) -> None:
        """Walk through the record, or read it where the profile asks for no walk."""
        row = next(each for each in self._all if each.record_id == message.row.id)
        if row.rendition is None:
            self.tell("decisions.nothing-to-show", severity="warning")
        else:
            self.ask(partial(_opened, wish=self._wish, record_id=row.record_id), Opened)

    @on(Opened)
    def opened(self, message: Opened) -> None:
        """Span by span, from the first that is open."""
        from tui.screens.preview import PreviewScreen  # noqa: PLC0415 - loaded when it is needed
        from tui.screens.walk import WalkScreen  # noqa: PLC0415 - as above

        walk = message.walk
        if walk.spans:
            self.app.push_screen(WalkScreen(walk), self._walked)
            return
        row = next(each for each in self._all if each.record_id == walk.release.record_id)
        if row.rendition is not None:
            self.app.push_screen(PreviewScreen(row.record_id, row.rendition.text))

    def _walked(self, _: str | None) -> None:
        self._prepare()

    def action_leave_out(self) -> None:
        """Leave the record pointed at out, or take it in again."""
        row = self.query_one(RowList).pointed
        if row is not None:
            self._wish = replace(self._wish, left_out=self._wish.left_out ^ {row.id})
            self._prepare()

    def action_seal(self) -> None:
        """Go on to the seal, where anything may leave."""
        from tui.screens.sealing import SealScreen  # noqa: PLC0415 - loaded when it is needed

        handover = self._handover
        if handover is None:
            return
        if not handover.count:
            self.tell("decisions.nothing-leaves", severity="warning")
        elif any(row.rendition is not None and row.rendition.leaks for row in handover.rows):
            self.tell("decisions.leak", severity="error")
        elif any(row.rendition is not None and (row.rendition.open or row.rendition.same) for row in handover.rows):
            self.tell("decisions.open", severity="warning")
        else:
            self.app.push_screen(SealScreen(handover))

    def refused(self, message: Refused) -> None:
        """Say why the gate gave no answer."""
        self.query_one("#count", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back to the choice of the body."""
        self.dismiss(None)


def _prepared(vault: "Vault", wish: Wish) -> Handover:
    chosen = None
    if wish.left_out:
        everything = prepare(vault, to=wish.to, purpose=wish.purpose, profile=wish.profile)
        chosen = [row.record_id for row in everything.rows if row.record_id not in wish.left_out]
    return prepare(
        vault,
        to=wish.to,
        purpose=wish.purpose,
        profile=wish.profile,
        record_ids=chosen,
    )


def _opened(vault: "Vault", wish: Wish, record_id: str) -> Walk:
    """The walk through a record, once the log says that its words are shown."""
    walk = walk_of(vault, record_id, to=wish.to, purpose=wish.purpose, profile=wish.profile)
    note_viewed(vault, {record_id: walk.stored.version})
    return walk


def _waits(row: HandoverRow) -> bool:
    """Whether consent lets it go, and somebody still has to decide what of it is shown."""
    rendition = row.rendition
    return rendition is not None and not rendition.leaks and bool(rendition.open or rendition.same)
