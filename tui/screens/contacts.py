"""Contacts: whom this vault seals for, each added after forty digits were compared; and this vault's own card."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from testimony.card import MAX_CARD, Card
from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.text_filter import display_line
from tui.widgets.editors import LineEditor
from tui.widgets.files import FileChooser
from tui.widgets.frame import Note
from tui.widgets.rows import Column, Row, RowList
from tui.words import shown_line
from vault.contacts import Contact, add_contact, list_contacts, preview_card
from vault.files import read_bounded, write_all
from vault.stick_files import new_file


class Listed(Message):
    """All contacts, and this vault's own card."""

    def __init__(self, found: list[Contact], own: Card) -> None:
        self.found = found
        self.own = own
        super().__init__()


class Read(Message):
    """A card file was read."""

    def __init__(self, data: bytes, card: Card) -> None:
        self.data = data
        self.card = card
        super().__init__()


class Added(Message):
    """The contact was added."""


class Written(Message):
    """The own card was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__()


class ContactsScreen(VaultScreen):
    """The list of contacts, and the forty digits to read aloud."""

    TITLE_KEY = "title.contacts"
    AUTO_FOCUS = "RowList"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("n,f2", "add", "add-contact"),
        key("k", "own_card", "own-card"),
        key("o", "organisation", "organisation"),
        key("escape", "back", "back"),
    ]

    def body(self) -> Iterable[Widget]:
        """Contacts above, the own digits below."""
        yield Vertical(
            RowList(
                (
                    Column(heading=self.line("contacts.code"), width=13),
                    Column(heading=self.line("contacts.kind"), width=7),
                    Column(heading=self.line("contacts.digits")),
                )
            ),
            Static(self.say("contacts.empty"), id="empty"),
            Note(self.say("contacts.own"), classes="label"),
            Static("", id="own", classes="code"),
            classes="page",
        )

    def on_mount(self) -> None:
        """Read the contacts."""
        self._read()

    def on_screen_resume(self) -> None:
        """One may have been added."""
        self._read()

    async def fill_anew(self) -> None:
        """Read them anew for the other language."""
        self._read()

    def _read(self) -> None:
        self.ask(lambda vault: (list_contacts(vault), preview_card(vault.card())), lambda both: Listed(*both))

    @on(Listed)
    def listed(self, message: Listed) -> None:
        """Show them."""
        rows = [self._row(each.card) for each in message.found]
        self.query_one(RowList).replace(rows)
        self.query_one("#empty").display = not rows
        self.query_one("#own", Static).update(shown_line(message.own.public.fingerprint))

    def _row(self, card: Card) -> Row:
        cells = (card.code, self.line(f"card.{card.kind}"), card.public.fingerprint)
        return Row(id=card.code, cells=tuple(map(display_line, cells)))

    def action_add(self) -> None:
        """Add a card."""
        self.app.push_screen(AddContactScreen())

    def action_organisation(self) -> None:
        """Who works on which device."""
        from tui.screens.organisation import OrganisationScreen  # noqa: PLC0415 - loaded when it is needed

        self.app.push_screen(OrganisationScreen())

    def action_own_card(self) -> None:
        """Write this vault's card to a file."""
        self.app.push_screen(OwnCardScreen())

    def action_back(self) -> None:
        """Back to the list of records."""
        self.dismiss(None)


class AddContactScreen(VaultScreen):
    """A card file, and the forty digits as the other side reads them out."""

    TITLE_KEY = "title.add-contact"
    AUTO_FOCUS = "FileChooser RowList"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "next", "next"), key("escape", "back", "back")]

    def __init__(self) -> None:
        super().__init__()
        self._data: bytes | None = None

    def body(self) -> Iterable[Widget]:
        """First the file; then whose it says it is, and the digits."""
        yield VerticalScroll(
            Note(self.say("contacts.file")),
            FileChooser(),
            Static("", id="whose", classes="strong"),
            Static("", id="how"),
            LineEditor(id="digits"),
            self.buttons(Button(self.say("button.next"), id="next")),
            Static("", id="outcome"),
            classes="page",
            can_focus=False,
        )

    def on_mount(self) -> None:
        """The digits come after the file."""
        self.query_one("#digits").display = False

    @on(Button.Pressed, "#next")
    @on(LineEditor.Submitted, "#digits")
    def action_next(self) -> None:
        """Read the card, then compare."""
        self.query_one("#outcome", Static).update("")
        path = self.query_one(FileChooser).path
        if self._data is not None:
            self._compare(self._data, self.query_one("#digits", LineEditor).text)
        elif path is None:
            self.tell("contacts.choose-file", severity="warning")
        else:
            self.do(lambda: _read_card(path))

    @on(Read)
    def read(self, message: Read) -> None:
        """Ask for the digits; they are not shown, so that nobody only nods."""
        self._data = message.data
        kind = self.line(f"card.{message.card.kind}")
        self.query_one(FileChooser).display = False
        self.query_one("#whose", Static).update(self.say("contacts.whose", code=message.card.code, kind=kind))
        self.query_one("#how", Static).update(self.say("contacts.compare"))
        digits = self.query_one("#digits")
        digits.display = True
        digits.focus()

    def _compare(self, data: bytes, digits: str) -> None:
        self.ask(lambda vault: add_contact(vault, data, digits), lambda _contact: Added())

    @on(Added)
    def added(self) -> None:
        """Back to the list."""
        self.tell("contacts.added")
        self.dismiss(None)

    def refused(self, message: Refused) -> None:
        """Say why it was not added."""
        self.query_one("#outcome", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back, nothing added."""
        self.dismiss(None)


class OwnCardScreen(VaultScreen):
    """Where to write this vault's card."""

    TITLE_KEY = "title.own-card"
    AUTO_FOCUS = "FileChooser RowList"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "write", "write-card"), key("escape", "back", "back")]

    def body(self) -> Iterable[Widget]:
        """A folder."""
        yield VerticalScroll(
            Static(self.say("contacts.own-why")),
            Note(self.say("contacts.folder"), classes="label"),
            FileChooser(folders_only=True),
            self.buttons(Button(self.say("button.write-card"), id="write")),
            Static("", id="outcome"),
            classes="page",
            can_focus=False,
        )

    @on(Button.Pressed, "#write")
    def action_write(self) -> None:
        """Write the card there."""
        folder = self.query_one(FileChooser).path
        if folder is not None:
            self.ask(lambda vault: vault.card(), lambda data: _write_card(folder, data))

    @on(Written)
    def written(self, message: Written) -> None:
        """Say where it lies."""
        self.query_one("#outcome", Static).update(self.say("contacts.written", path=message.path))

    def refused(self, message: Refused) -> None:
        """Say why it was not written."""
        self.query_one("#outcome", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back to the contacts."""
        self.dismiss(None)


def _read_card(path: Path) -> Message:
    data = read_bounded(path, MAX_CARD)
    return Read(data, preview_card(data))


def _write_card(folder: Path, data: bytes) -> Message:
    path = folder / f"{preview_card(data).code}.card"
    with new_file(path) as stream:
        write_all(stream, data)
    return Written(path)
