"""Receive: a sealed file; nothing of it enters before every check has passed."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeGuard

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, ProgressBar, Static

from testimony.report import is_unexamined
from tui.keys_on_screen import key
from tui.screens.progress import Progressed
from tui.screens.screen import Refused, VaultScreen
from tui.widgets.files import FileChooser
from tui.widgets.frame import Note
from vault.answers import is_request
from vault.errors import PolicyError
from vault.intake import receive

if TYPE_CHECKING:
    from vault.intake import Intake


class Received(Message):
    """The file was checked, and its records taken in where it holds."""

    def __init__(self, intake: "Intake") -> None:
        self.intake = intake
        super().__init__()


class Told(Message):
    """What kind of file was chosen."""

    def __init__(self, path: Path, *, request: bool) -> None:
        self.path = path
        self.request = request
        super().__init__()


class ReceiveScreen(VaultScreen):
    """Chooses the file and shows how far the checks are."""

    TITLE_KEY = "title.receive"
    AUTO_FOCUS = "FileChooser RowList"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "receive", "receive-now"), key("escape", "back", "back")]

    def __init__(self) -> None:
        super().__init__()
        self._working = False
        self._path: Path | None = None

    def body(self) -> Iterable[Widget]:
        """The file, then the progress."""
        yield VerticalScroll(
            Static(self.say("receive.intro")),
            Note(self.say("receive.file"), classes="label"),
            FileChooser(),
            self.buttons(Button(self.say("button.receive"), id="receive")),
            ProgressBar(show_eta=False, id="progress"),
            Static("", id="outcome"),
            classes="page",
            can_focus=False,
        )

    def on_mount(self) -> None:
        """Nothing runs yet."""
        self.query_one("#progress").display = False

    @on(Button.Pressed, "#receive")
    def action_receive(self) -> None:
        """Check the file, then take it in."""
        path = self.query_one(FileChooser).path
        if path is None:
            self.tell("receive.choose", severity="warning")
        elif not self._working:
            self.do(lambda: Told(path, request=is_request(path)))

    @on(Told)
    def told(self, message: Told) -> None:
        """A request is answered; everything else is checked as a bundle."""
        if message.request:
            from tui.screens.answer import AnswerScreen  # noqa: PLC0415 - loaded when it is needed

            self.app.switch_screen(AnswerScreen(message.path))
        elif not self._working:
            self._begin(message.path)

    def _begin(self, path: Path, accepted: str | None = None) -> None:
        self._working = True
        self._path = path
        self.query_one("#progress").display = True
        self.query_one("#outcome", Static).update(self.say("receive.working"))

        def accept(conditions: str) -> bool:
            return conditions == accepted  # what was on the screen, and nothing else

        def progress(done: int, total: int) -> None:
            self.post_message(Progressed(done, total))

        self.ask(lambda vault: receive(vault, path, accept, progress, receipt_folder=path.parent), Received)

    @on(Progressed)
    def progressed(self, message: Progressed) -> None:
        """Move the bar."""
        self.query_one(ProgressBar).update(total=message.total, progress=message.done)

    @on(Received)
    def received(self, message: Received) -> None:
        """Show the report; where there was nothing to examine, say so in one sentence and stay."""
        from tui.screens.report import ReportScreen  # noqa: PLC0415 - loaded when it is needed

        failure = message.intake.failure
        if _is_unaccepted(failure):
            self._ask_first(failure, message.intake.conditions)
        elif failure is not None and _is_nothing_for_us(message.intake):
            self.refused(Refused(failure))
        else:
            self.app.switch_screen(ReportScreen(message.intake))

    def _ask_first(self, failure: PolicyError, conditions: str) -> None:
        """Show the conditions; the vault is not kept waiting meanwhile, and the file is checked again afterwards."""
        from tui.screens.conditions import ConditionsScreen  # noqa: PLC0415 - loaded when it is needed

        path = self._path

        def answered(accepted: str | None) -> None:
            if accepted is None or path is None:
                self.refused(Refused(failure))
            else:
                self._begin(path, accepted)

        self.app.push_screen(ConditionsScreen(conditions), answered)

    def refused(self, message: Refused) -> None:
        """Nothing was taken in."""
        self._working = False
        self.query_one("#progress").display = False
        self.query_one("#outcome", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back to the list, unless a file is being checked."""
        if not self._working:
            self.dismiss(None)


def _is_unaccepted(failure: Exception | None) -> TypeGuard[PolicyError]:
    return isinstance(failure, PolicyError) and failure.reason == "conditions-not-accepted"


def _is_nothing_for_us(intake: "Intake") -> bool:
    """No bundle, one of an unknown version, or one for somebody else: no report says more than that."""
    reason = getattr(intake.failure, "reason", "")
    return is_unexamined(intake.examination) or reason in ("not-for-you", "addressed-to-another")
