"""Withdrawal on one screen: what cannot be called back, what left, what the witness asks, and the code typed."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, cast

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalGroup, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from testimony.withdrawal import ASKED, Asked
from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.strings.sentences import Language, sentence
from tui.text_filter import display_line
from tui.widgets.choice import Choice, Option
from tui.widgets.editors import LineEditor
from tui.widgets.reading import ReadingText
from tui.words import shown_line
from vault.records import events_of
from vault.store import Vault
from vault.withdrawal import Delivered, Wish, Withdrawn, delivered, withdraw

EVERYBODY = ""


class Weighed(Message):
    """What left already, and which bodies the person spoke about."""

    def __init__(self, left: Sequence[Delivered], bodies: Sequence[str]) -> None:
        self.left = left
        self.bodies = bodies
        super().__init__()


class Done(Message):
    """It is written down; the notices lie in the outbox."""

    def __init__(self, withdrawn: Withdrawn) -> None:
        self.withdrawn = withdrawn
        super().__init__()


class WithdrawalScreen(VaultScreen):
    """The witness takes back what she agreed to."""

    TITLE_KEY = "title.withdrawal"
    AUTO_FOCUS = "#asks"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "withdraw", "withdraw-now"), key("escape", "back", "back")]

    def __init__(self, record_id: str) -> None:
        super().__init__()
        self._record_id = record_id
        self._working = False
        self._done = False

    def about(self) -> str:
        """The record's id."""
        return self._record_id

    def body(self) -> Iterable[Widget]:
        """The plain words, the choices, the code; below what left, and the plain words in the other language."""
        other: Language = "en" if self.language == "ar" else "ar"
        options = [Option(value=asks, label=self.line(f"withdrawal.asks.{asks}")) for asks in ASKED]
        yield VerticalScroll(
            Static(self.say("withdraw.cannot-recall"), classes="warning"),
            Static(self.say("withdrawal.what"), id="what"),
            Choice(options, id="asks"),
            Static(self.say("withdrawal.from"), id="whom"),
            VerticalGroup(id="from"),
            Static("", id="means", classes="strong"),
            Static(self.say("withdrawal.code", code=self._record_id), id="type"),
            LineEditor(id="code"),
            Static("", id="outcome", classes="strong"),
            VerticalGroup(id="left"),
            ReadingText(sentence("withdraw.cannot-recall", other), classes="quiet"),
            classes="page tight",
            can_focus=False,
        )

    def on_mount(self) -> None:
        """Ask what left already, and for whom something was said."""
        self._weigh()

    def change_language(self) -> None:
        """Show it in the other language; a choice that was made is made again."""
        super().change_language()
        if not self._done:
            self.call_after_refresh(self._weigh)

    def _weigh(self) -> None:
        record_id = self._record_id

        def weigh(vault: Vault) -> tuple[tuple[Delivered, ...], tuple[str, ...]]:
            spoken = [event.recipient for event in events_of(vault, record_id) if event.recipient]
            left = delivered(vault, record_id)
            return left, tuple(dict.fromkeys((*spoken, *(one.body for one in left))))

        self.ask(weigh, lambda found: Weighed(*found))

    @on(Weighed)
    async def weighed(self, message: Weighed) -> None:
        """Show what left, and let one body be chosen instead of everybody."""
        options = [Option(value=EVERYBODY, label=self.line("withdrawal.everybody"))]
        options += [Option(value=body, label=display_line(body)) for body in message.bodies]
        place = self.query_one("#from", VerticalGroup)
        await place.remove_children()
        await place.mount(Choice(options, EVERYBODY, id="body"))
        lines = [Static(self.say("withdraw.delivered" if message.left else "withdraw.delivered-none"))]
        for one in message.left:
            said = {"body": one.body, "at": one.sealed_at, "bundle": one.bundle_id, "version": one.version}
            lines.append(Static(self.say("withdraw.bundle", **said), classes="quiet"))
        await self._show_below(lines)

    async def _show_below(self, lines: Sequence[Widget]) -> None:
        left = self.query_one("#left", VerticalGroup)
        await left.remove_children()
        await left.mount_all(lines)

    @on(Choice.Chosen, "#asks")
    def asked(self, message: Choice.Chosen) -> None:
        """Say in plain words what will happen."""
        self.query_one("#means", Static).update(
            "" if message.value is None else self.say(f"withdraw.means.{message.value}")
        )

    @on(LineEditor.Submitted, "#code")
    def action_withdraw(self) -> None:
        """Withdraw, once an outcome was chosen and the record's code typed."""
        if self._working or self._done:
            return
        asks = self.query_one("#asks", Choice).value
        if asks is None:
            self.query_one("#outcome", Static).update(self.say("withdrawal.choose"))
        elif self.query_one("#code", LineEditor).text.strip().upper() != self._record_id:
            self.query_one("#outcome", Static).update(self.say("withdrawal.other-code"))
        else:
            self._begin(cast("Asked", asks))

    def _begin(self, asks: Asked) -> None:
        self._working = True
        bodies = self.query("#body").results(Choice)
        body = next((choice.value for choice in bodies), EVERYBODY)
        wish, record_id = Wish(asks=asks, to=body or None), self._record_id
        self.ask(lambda vault: withdraw(vault, record_id, wish, vault.layout.outbox), Done)

    @on(Done)
    async def withdrawn(self, message: Done) -> None:
        """Say that it is done, and which files have to be handed over."""
        self._working, self._done = False, True
        for name in ("#what", "#asks", "#whom", "#from", "#means", "#type", "#code"):
            self.query_one(name).display = False
        self.query_one("#outcome", Static).update(self.say("command.withdraw.done"))
        paths = message.withdrawn.notices
        lines = [Static(self.say("withdrawal.hand-over" if paths else "withdrawal.nobody"))]
        await self._show_below([*lines, *(Static(shown_line(str(path)), classes="code") for path in paths)])
        self.query_one("#left").scroll_visible(animate=False)

    def refused(self, message: Refused) -> None:
        """Say why nothing was withdrawn."""
        self._working = False
        self.query_one("#outcome", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back to the record."""
        self.dismiss(None)
