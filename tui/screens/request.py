"""Asking for what is hidden: the places of a received record, the ground, and the folder for the signed request."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from keys.digests import sha256
from testimony.disclosure_request import GROUNDS
from testimony.forms.form import Form
from tui.hidden_places import account_first, place_name
from tui.keys_on_screen import key
from tui.screens.places import PlacesScreen
from tui.text_filter import display_line
from tui.widgets.choice import Choice, Option
from tui.widgets.editors import LineEditor
from tui.widgets.rows import Column, Row, RowList
from vault.disclosure_requests import HiddenPlace, issue_request, received_newest, sign_request
from vault.files import write_all
from vault.stick_files import new_file
from vault.store import Vault


class Hidden(Message):
    """What is hidden in the record, and the form that names it."""

    def __init__(self, places: tuple[HiddenPlace, ...], form: Form) -> None:
        self.places = places
        self.form = form
        super().__init__()


class Written(Message):
    """The signed request lies there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__()


class RequestScreen(PlacesScreen):
    """First what is asked for and why, then where the file goes."""

    TITLE_KEY = "title.request"
    AUTO_FOCUS = PLACES = "#places"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "next", "next"),
        key("space,enter", "choose", "choose-place"),
        key("escape", "back", "back"),
    ]

    def __init__(self, record_id: str) -> None:
        super().__init__()
        self._record_id = record_id
        self._hidden: Hidden | None = None
        self._chosen: set[str] = set()

    def about(self) -> str:
        """The record's id."""
        return self._record_id

    def body(self) -> Iterable[Widget]:
        """Places, ground and words; behind them the folder."""
        grounds = [Option(value=one, label=self.line(f"ground.{one}")) for one in GROUNDS]
        asked = (
            Static(self.say("request.intro"), id="intro"),
            RowList((Column(heading="", width=3), Column(heading=self.line("request.place"))), id="places"),
            self.label("request.ground"),
            Choice(grounds, id="ground"),
            self.label("request.words"),
            LineEditor(id="words"),
        )
        yield self.steps(asked, (self.label("request.folder"),), Button(self.say("button.write-request"), id="write"))

    def on_mount(self) -> None:
        """Read what is hidden."""
        self.show_places()
        self.ask(partial(_read, record_id=self._record_id), lambda found: Hidden(*found))

    def fill_places(self) -> None:
        """The places; the ground is chosen again."""
        if self._hidden is not None:
            self._list(self._hidden)

    @on(Hidden)
    def found(self, message: Hidden) -> None:
        """List the places."""
        self._hidden = message
        self._list(message)

    def _list(self, found: Hidden) -> None:
        rows = [
            Row(
                id=one.path,
                cells=(self._mark_of(one.path), display_line(place_name(one.name, found.form, self.language))),
            )
            for one in account_first(found.places)
        ]
        self.query_one("#places", RowList).replace(rows)
        if not rows:
            self.query_one("#intro", Static).update(self.say("request.nothing-hidden"))

    def _mark_of(self, path: str) -> str:
        return "[x]" if path in self._chosen else "[ ]"

    @on(RowList.Opened, "#places")
    def action_choose(self) -> None:
        """Ask for the place pointed at, or not."""
        row = self.query_one("#places", RowList).pointed
        if row is not None and self._hidden is not None and not self.at_folder:
            self._chosen ^= {row.id}
            self._list(self._hidden)

    @on(LineEditor.Submitted, "#words")
    def action_next(self) -> None:
        """On to the folder, then write."""
        if self.done:
            self.dismiss(None)
        elif self.at_folder:
            self.write()
        elif not self._chosen:
            self._say("request.choose-place", "#places")
        elif self.query_one("#ground", Choice).value is None:
            self._say("request.choose-ground", "#ground")
        else:
            self.show_folder("request.count", count=len(self._chosen))

    def _say(self, sentence_key: str, focus: str) -> None:
        self.tell_outcome(sentence_key)
        self.set_focus(self.query_one(focus))

    @on(Button.Pressed, "#write")
    def write(self) -> None:
        """Sign the request and write it there."""
        ground = self.query_one("#ground", Choice).value
        if ground is None or (folder := self.begin()) is None:
            return
        words = self.query_one("#words", LineEditor).text.strip() or ground
        record_id, hidden = self._record_id, sorted(self._chosen)

        def write(vault: Vault) -> Path:
            signed = sign_request(vault, record_id, hidden, ground=ground, words=words)
            path = folder / f"{record_id}-{sha256(signed.data).hex()[:8]}.request"
            with new_file(path) as stream:
                write_all(stream, signed.data)
                issue_request(vault, signed)
            return path

        self.ask(write, Written)

    @on(Written)
    def written(self, message: Written) -> None:
        """Say where it lies and who has to get it."""
        self.end("request.written", message.path)


def _read(vault: Vault, record_id: str) -> tuple[tuple[HiddenPlace, ...], Form]:
    found = received_newest(vault, record_id)
    return found.hidden, found.disclosed.form
