"""The custody log from outside: its head as forty digits and as a picture, and what outside bounds its times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from testimony.custody.anchors import Anchor, AnchorKind, newest_before
from testimony.text_lines import moment_text
from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.text_filter import display_line
from tui.widgets.head_picture import HeadPicture
from tui.widgets.rows import Column, Row, RowList
from tui.words import shown_line
from vault.anchors import anchors_of
from vault.contacts import contact_by_fingerprint
from vault.custody import head, note_kept
from vault.store import Vault

_PAPER: Final = "paper"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The head of the log, how many entries it has, the outside things in it, and the codes of those who gave them."""

    size: int
    digits: str
    anchors: tuple[Anchor, ...]
    codes: Mapping[str, str]
    newest: datetime | None


class Stands(Message):
    """The log was read; `kept` says that its head is on paper from now on."""

    def __init__(self, standing: Standing, *, kept: bool = False) -> None:
        self.standing = standing
        self.kept = kept
        super().__init__()


class CustodyScreen(VaultScreen):
    """The digits first: whoever has them on paper can show later that nothing was removed."""

    TITLE_KEY = "title.custody"
    AUTO_FOCUS = "RowList"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("p", "keep_on_paper", "kept-on-paper"),
        key("q", "picture", "head-picture"),
        key("escape", "back", "back"),
    ]

    def body(self) -> Iterable[Widget]:
        """The head, the picture where it is asked for, and the outside things."""
        yield VerticalScroll(
            Static("", id="head", classes="strong"),
            Static("", id="digits", classes="code"),
            HeadPicture(id="picture"),
            Static("", id="outside"),
            RowList(
                (
                    Column(heading=self.line("custody.at"), width=25),
                    Column(heading=self.line("custody.kind"), width=16),
                    Column(heading=self.line("custody.size"), width=8),
                    Column(heading=self.line("custody.by")),
                )
            ),
            Static("", id="outcome"),
            classes="page",
            can_focus=False,
        )

    def on_mount(self) -> None:
        """Read the head."""
        self.query_one("#picture").display = False
        self.ask(_standing, Stands)

    async def fill_anew(self) -> None:
        """Show it in the other language."""
        self.on_mount()

    @on(Stands)
    def stands(self, message: Stands) -> None:
        """Show it."""
        standing = message.standing
        self.query_one("#head", Static).update(self.say("custody.head", size=standing.size))
        self.query_one("#digits", Static).update(shown_line(standing.digits))
        self.query_one(HeadPicture).show(standing.digits)
        anchors = sorted(standing.anchors, key=lambda one: one.at, reverse=True)
        self.query_one(RowList).replace(self._row(one, standing.codes.get(one.by, one.by)) for one in anchors)
        newest = standing.newest
        self.query_one("#outside", Static).update(
            self.say("custody.nothing-outside")
            if newest is None
            else self.say("custody.newest-outside", at=moment_text(newest))
        )
        self.query_one("#outcome", Static).update(self.say("custody.kept" if message.kept else "custody.keys"))

    def _row(self, one: Anchor, by: str) -> Row:
        kind = self.line(f"custody.kind.{one.kind}")
        cells = (moment_text(one.at), kind, str(one.size), by)
        return Row(id=f"{one.entry}", cells=tuple(map(display_line, cells)))

    def action_keep_on_paper(self) -> None:
        """Say in the log that its head is copied; the digits that follow are those to copy."""
        self.ask(_kept, lambda standing: Stands(standing, kept=True))

    def action_picture(self) -> None:
        """The picture instead of the list, and back."""
        picture, rows = self.query_one("#picture"), self.query_one(RowList)
        picture.display = not picture.display
        for name in ("#outside", "#outcome"):
            self.query_one(name).display = not picture.display
        rows.display = not picture.display
        if rows.display:
            rows.focus()

    def refused(self, message: Refused) -> None:
        """Say why the log could not be read."""
        self.query_one("#outcome", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back to the check."""
        self.dismiss(None)


def _standing(vault: Vault) -> Standing:
    size, anchors = vault.log_state.size, anchors_of(vault)
    known = {one.by: contact_by_fingerprint(vault, one.by) for one in anchors if one.kind != AnchorKind.TOKEN}
    return Standing(
        size=size,
        digits=head(vault),
        anchors=anchors,
        codes={by: giver.code for by, giver in known.items() if giver is not None},
        newest=newest_before(size, anchors),
    )


def _kept(vault: Vault) -> Standing:
    note_kept(vault, _PAPER)
    return _standing(vault)
