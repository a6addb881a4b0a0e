"""What all screens share: their frame, their language, and the way to the vault and back."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widget import Widget

from keys.errors import KeysError
from testimony.errors import TestimonyError
from tui.failures import failure_message
from tui.screens.whereabouts import Whereabouts, lead_back, whereabouts_on
from tui.strings.sentences import Language, sentence
from tui.widgets.frame import Foot, TitleLine
from tui.words import said
from vault.errors import VaultError

if TYPE_CHECKING:
    from tui.app import TestimonyApp
    from vault.store import Vault

T = TypeVar("T")


class Refused(Message):
    """The vault refused what a worker asked; the screen says so."""

    def __init__(self, error: KeysError | TestimonyError | VaultError) -> None:
        self.error = error
        super().__init__()


class VaultScreen(Screen[str | None]):
    """A screen with title, body, status and keys; it may hand one id or path back to the screen before it."""

    TITLE_KEY: ClassVar[str] = ""
    AUTO_FOCUS: ClassVar[str | None] = "*"

    @property
    def program(self) -> "TestimonyApp":
        """The running program."""
        return cast("TestimonyApp", self.app)

    @property
    def language(self) -> Language:
        """The language the sentences are shown in."""
        return self.program.language

    def say(self, key: str, **values: object) -> Content:
        """One of our sentences, ready for a widget."""
        return said(key, self.language, **values)

    def line(self, key: str, **values: object) -> str:
        """One of our sentences as text, for a heading or a message."""
        return sentence(key, self.language, **values)

    def about(self) -> str:
        """What the title says besides the name of the screen."""
        return ""

    def body(self) -> Iterable[Widget]:
        """The widgets between title and status."""
        return ()

    def compose(self) -> ComposeResult:
        """Title, body, status and keys."""
        self.set_class(self.language == "ar", "-rtl")
        yield TitleLine(self.TITLE_KEY, self.about())
        yield from self.body()
        yield Foot()

    @property
    def focus_chain(self) -> list[Widget]:
        """What Tab goes through: in reading order, also where buttons are read from the right."""
        chain = super().focus_chain
        if self.language != "ar":
            return chain
        rows = [list(row) for _, row in groupby(chain, key=lambda widget: widget.parent)]
        return [each for row in rows for each in (row[::-1] if _is_button_row(row[0]) else row)]

    def buttons(self, *widgets: Widget) -> Horizontal:
        """Buttons side by side, in reading order."""
        return Horizontal(*(reversed(widgets) if self.language == "ar" else widgets), classes="buttons")

    def tell(self, key: str, *, severity: SeverityLevel = "information", **values: object) -> None:
        """A short message over the screen."""
        self.app.notify(sentence(key, self.language, **values), severity=severity, markup=False, timeout=8)

    def failure(self, message: Refused) -> Content:
        """The sentence for a refusal, ready for a widget."""
        return Content(failure_message(message.error, self.language))

    def refuse(self, error: KeysError | TestimonyError | VaultError) -> None:
        """Say why something was refused and what comes next."""
        self.app.notify(failure_message(error, self.language), severity="error", markup=False, timeout=12)

    @work(thread=True)
    def ask(self, act: Callable[["Vault"], T], answer: Callable[[T], Message]) -> None:
        """Ask the vault in its own thread; the answer or the refusal comes back as one message."""
        self.post_message(self._outcome(lambda: answer(self.program.session.ask(act))))

    @work(thread=True, exclusive=True, group="work")
    def do(self, work_to_do: Callable[[], Message]) -> None:
        """Do slow work that needs no open vault; its message comes back."""
        self.post_message(self._outcome(work_to_do))

    def _outcome(self, act: Callable[[], Message]) -> Message:
        try:
            return act()
        except (KeysError, TestimonyError, VaultError) as error:
            return Refused(error)

    @on(Refused)
    def hear_refusal(self, message: Refused) -> None:
        """Hand the refusal to the screen's own way of saying it."""
        message.stop()
        self.refused(message)

    def refused(self, message: Refused) -> None:
        """Say why the vault refused."""
        self.refuse(message.error)

    def keep(self) -> None:
        """Save what is unsaved, at once; called before a lock, a signal or leaving."""

    def kept(self) -> bool:
        """Whether everything typed is saved; a refusal is said, and the words stay on the screen."""
        try:
            self.keep()
        except (KeysError, TestimonyError, VaultError) as error:
            self.refuse(error)
            return False
        return True

    def change_language(self) -> None:
        """Show every sentence in the language chosen now."""
        if self.kept():
            before = whereabouts_on(self)
            self.refresh(recompose=True)
            self.call_after_refresh(self._shown_anew, before)

    async def _shown_anew(self, before: Whereabouts) -> None:
        await self.fill_anew()
        lead_back(self, before)

    async def fill_anew(self) -> None:
        """Show again what is not part of the body; called after a change of the language."""


def _is_button_row(widget: Widget) -> bool:
    return widget.parent is not None and widget.parent.has_class("buttons")
