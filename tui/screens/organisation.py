"""Who works for an organisation on which device and until when, as its roster in force says; to be read only."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from testimony.validity import validity_of
from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.text_filter import display_line
from tui.widgets.rows import Column, Row, RowList
from tui.words import shown_line
from vault.rosters import Accepted, rosters_in_force


class InForce(Message):
    """The rosters in force, and the time at which they were read."""

    def __init__(self, rosters: tuple[Accepted, ...], now: datetime) -> None:
        self.rosters = rosters
        self.now = now
        super().__init__()


class OrganisationScreen(VaultScreen):
    """One line a device; the roster and the digits of the one pointed at below."""

    TITLE_KEY = "title.organisation"
    AUTO_FOCUS = "RowList"
    BINDINGS: ClassVar[list[BindingType]] = [key("a", "approve", "approve"), key("escape", "back", "back")]

    def __init__(self) -> None:
        super().__init__()
        self._below: dict[str, tuple[Accepted, str]] = {}

    def body(self) -> Iterable[Widget]:
        """The devices, then what stands behind the one pointed at."""
        yield Vertical(
            RowList(
                (
                    Column(heading=self.line("command.column.device"), width=14),
                    Column(heading=self.line("command.column.person"), width=8),
                    Column(heading=self.line("organisation.until"), width=10),
                    Column(heading=self.line("command.column.validity"), width=14),
                    Column(heading=self.line("command.column.roles")),
                )
            ),
            Static("", id="roster"),
            Static("", id="own"),
            Static("", id="digits", classes="code"),
            classes="page",
        )

    def on_mount(self) -> None:
        """Read the rosters."""
        self.ask(lambda vault: (rosters_in_force(vault), vault.clock.now().wall), lambda found: InForce(*found))

    async def fill_anew(self) -> None:
        """Read them anew for the other language."""
        self.on_mount()

    @on(InForce)
    def in_force(self, message: InForce) -> None:
        """List the devices of every roster."""
        self._below.clear()
        rows = [row for one in message.rosters for row in self._rows(one, message.now)]
        self.query_one(RowList).replace(rows)
        if not rows:
            self.query_one("#roster", Static).update(self.say("command.roster-show.none"))

    def _rows(self, accepted: Accepted, now: datetime) -> Iterator[Row]:
        roster = accepted.roster
        roles = {person.code: ", ".join(self._role(role) for role in person.roles) for person in roster.people}
        for device in roster.devices:
            stands = self.line(f"command.validity.{validity_of(roster, device.fingerprint, now)}")
            until = min(device.window.end, roster.window.end).date().isoformat()
            cells = (device.code, device.person, until, stands, roles[device.person])
            row = Row(id=f"{accepted.name} {device.fingerprint}", cells=tuple(map(display_line, cells)))
            self._below[row.id] = accepted, device.fingerprint
            yield row

    def _role(self, role: str) -> str:
        return self.line(f"command.role.{role}")

    @on(RowList.Pointed)
    def pointed(self, message: RowList.Pointed) -> None:
        """The roster that speaks of the device, and the device's digits."""
        accepted, digits = self._below[message.row.id]
        window, name = accepted.roster.window, accepted.card.code
        said = {"organisation": name, "number": accepted.roster.number}
        dates = {"start": window.start.date().isoformat(), "end": window.end.date().isoformat()}
        self.query_one("#roster", Static).update(self.say("command.roster-show.in-force", **said, **dates))
        own = "command.roster.own" if accepted.own else "command.roster.not-own"
        self.query_one("#own", Static).update(self.say(own, organisation=name))
        self.query_one("#digits", Static).update(shown_line(digits))

    def action_approve(self) -> None:
        """Approve, as the second person, what a colleague asks about."""
        from tui.screens.approval import ApprovalScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(ApprovalScreen())

    def refused(self, message: Refused) -> None:
        """Say why the rosters could not be read."""
        self.query_one("#roster", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back to the contacts."""
        self.dismiss(None)
