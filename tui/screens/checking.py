"""The check of the vault: five layers, all damage listed, with the next step."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.strings.sentences import has_sentence
from tui.text_filter import display_line
from tui.widgets.rows import Column, Row, RowList
from vault.check import check_vault

if TYPE_CHECKING:
    from vault.check import Finding, VaultReport


class Checked(Message):
    """The check has ended."""

    def __init__(self, report: "VaultReport") -> None:
        self.report = report
        super().__init__()


class CheckScreen(VaultScreen):
    """One line a finding."""

    TITLE_KEY = "title.check"
    AUTO_FOCUS = "RowList"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f5", "check", "check-again"),
        key("l", "custody", "custody-log"),
        key("escape", "back", "back"),
    ]

    def body(self) -> Iterable[Widget]:
        """The outcome in words, then each finding."""
        yield Vertical(
            Static("", id="outcome", classes="strong"),
            RowList(
                (
                    Column(heading=self.line("check.layer"), width=22),
                    Column(heading=self.line("check.status"), width=14),
                    Column(heading=self.line("check.where")),
                )
            ),
            Static("", id="next"),
            classes="page",
        )

    def on_mount(self) -> None:
        """Check at once."""
        self.action_check()

    def action_check(self) -> None:
        """Check everything."""
        self.query_one("#outcome", Static).update(self.say("check.working"))
        self.ask(check_vault, Checked)

    @on(Checked)
    def checked(self, message: Checked) -> None:
        """Show every finding."""
        holds = message.report.holds
        self.query_one("#outcome", Static).update(self.say("check.holds" if holds else "check.fails"))
        rows = [self._row(number, each) for number, each in enumerate(message.report.findings)]
        self.query_one(RowList).replace(rows)

    def _row(self, number: int, finding: "Finding") -> Row:
        code = f"check.code.{finding.code}"
        what = self.line(code) if has_sentence(code) else finding.code
        cells = (self.line(f"check.layer.{finding.layer}"), self.line(f"status.{finding.status}"))
        where = f"{what} {finding.where}".strip() if finding.status != "pass" else ""
        step = f"check.next.{finding.next_step}" if finding.next_step else "check.next.none"
        return Row(id=f"{number} {step}", cells=tuple(map(display_line, (*cells, where))))

    @on(RowList.Pointed)
    def pointed(self, message: RowList.Pointed) -> None:
        """Say the next step for the finding pointed at."""
        self.query_one("#next", Static).update(self.say(message.row.id.partition(" ")[2]))

    def action_custody(self) -> None:
        """The head of the log, and what bounds it from outside."""
        from tui.screens.custody import CustodyScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(CustodyScreen())

    def refused(self, message: Refused) -> None:
        """The check could not be made."""
        self.query_one("#outcome", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back to the list."""
        self.dismiss(None)
