"""The verification report: conditions of use first, one line a check, the verdict in words, the fingerprint."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from testimony.bundle.findings import Finding, Status
from testimony.report import headline
from testimony.report_codes import meaning_of
from testimony.report_words import CHECK_NAMES, LIMITS
from tui.failures import failure_message
from tui.keys_on_screen import key
from tui.screens.screen import VaultScreen
from tui.widgets.reading import ReadingText
from tui.words import shown, shown_line

if TYPE_CHECKING:
    from testimony.verify import Examination
    from vault.intake import Intake

_CLASSES = {Status.PASS: "good", Status.FAIL: "bad", Status.NOT_MADE: "warning"}


class ReportScreen(VaultScreen):
    """What was checked and what came of it."""

    TITLE_KEY = "title.report"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [key("escape,f2", "back", "to-list")]

    def __init__(self, intake: "Intake") -> None:
        super().__init__()
        self._intake = intake

    def body(self) -> Iterable[Widget]:
        """Verdict, signer, outcomes, conditions, checks, limits: the conditions were read before anything entered."""
        examination = self._intake.examination
        parts: list[Widget] = [*self._verdict(examination), *self._outcomes()]
        if self._intake.conditions:
            heading = Static(self.say("report.conditions"), classes="strong label")
            parts += [heading, ReadingText(self._intake.conditions)]
        parts += [Static(self.say("report.checks"), classes="strong label"), *self._checks(examination.findings)]
        parts += [
            Static(self.say("report.limits"), classes="strong label"),
            ReadingText(LIMITS[self.language], classes="quiet"),
        ]
        yield VerticalScroll(*parts, classes="page tight")

    def _verdict(self, examination: "Examination") -> list[Widget]:
        verdict = ReadingText(headline(examination, self.language), classes=f"strong {examination.verdict}")
        lines: list[Widget] = [Static(self.say("report.verdict"), classes="strong label"), verdict]
        if examination.statement is not None:
            signer = examination.statement.signer
            lines += [
                Static(self.say("report.signer", code=signer.code)),
                Static(shown_line(signer.fingerprint), classes="code"),
            ]
        if self._intake.failure is not None:
            lines.append(Static(Content(failure_message(self._intake.failure, self.language)), classes="bad"))
        if self._intake.own:
            lines.append(Static(self.say("report.own"), classes="warning"))
        return lines

    def _outcomes(self) -> list[Widget]:
        if not self._intake.outcomes:
            return [Static(self.say("report.nothing-entered"), classes="strong label")]
        lines: list[Widget] = [Static(self.say("report.records"), classes="strong label")]
        for outcome in self._intake.outcomes:
            what = self.line(f"outcome.{outcome.outcome}")
            lines.append(Static(shown_line(f"{outcome.control_number}  {outcome.record_id}  {what}")))
        if self._intake.receipt_path is not None:
            lines.append(Static(self.say("report.receipt", path=self._intake.receipt_path)))
        elif self._intake.failure is None and not self._intake.own:
            lines.append(Static(self.say("report.receipt-kept")))
        return lines

    def _checks(self, findings: Sequence[Finding]) -> list[Widget]:
        return [self._check(finding) for finding in findings]

    def _check(self, finding: Finding) -> Static:
        name = CHECK_NAMES[self.language][finding.name]
        line = f"{self.line(f'status.{finding.status}')} · {name}"
        if finding.status is Status.FAIL:
            line += f"\n    {meaning_of(finding.code, self.language)} ({finding.where})".removesuffix(" ()")
        return Static(shown(line), classes=_CLASSES[finding.status])

    def action_back(self) -> None:
        """Back to the list of records."""
        self.dismiss(None)
