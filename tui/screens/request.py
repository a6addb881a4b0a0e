"""Asking for what is hidden: the places of a received record, the ground, and the folder for the signed request."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalGroup, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from keys.digests import sha256
from testimony.disclosure_request import GROUNDS
from testimony.forms.form import Form
from tui.hidden_places import place_name
from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.text_filter import display_line
from tui.widgets.choice import Choice, Option
from tui.widgets.editors import LineEditor
from tui.widgets.files import FileChooser
from tui.widgets.frame import Note
from tui.widgets.rows import Column, Row, RowList
from tui.words import shown_line
from vault.disclosure_requests import HiddenPlace, make_request, received_newest
from vault.files import create_exclusive, sync, write_all
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


class RequestScreen(VaultScreen):
    """First what is asked for and why, then where the file goes."""

    TITLE_KEY = "title.request"
    AUTO_FOCUS = "#places"
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
        self._done = False

    def about(self) -> str:
        """The record's id."""
        return self._record_id

    def body(self) -> Iterable[Widget]:
        """Places, ground and words; behind them the folder."""
        grounds = [Option(value=one, label=self.line(f"ground.{one}")) for one in GROUNDS]
        yield VerticalScroll(
            VerticalGroup(
                Static(self.say("request.intro"), id="intro"),
                RowList(
                    (Column(heading="", width=3), Column(heading=self.line("request.place"))),
                    id="places",
                ),
                Note(self.say("request.ground"), classes="label"),
                Choice(grounds, id="ground"),
                Note(self.say("request.words"), classes="label"),
                LineEditor(id="words"),
                id="asked",
            ),
            VerticalGroup(
                Static("", id="count", classes="strong"),
                Note(self.say("request.folder"), classes="label"),
                FileChooser(folders_only=True),
                self.buttons(Button(self.say("button.write-request"), id="write")),
                id="where",
            ),
            VerticalGroup(Static("", id="outcome", classes="strong"), Static("", id="path", classes="code")),
            classes="page tight",
            can_focus=False,
        )

    def on_mount(self) -> None:
        """Read what is hidden."""
        self.query_one("#where").display = False
        self.ask(partial(_read, record_id=self._record_id), lambda found: Hidden(*found))

    def change_language(self) -> None:
        """Show it in the other language; the ground is chosen again."""
        super().change_language()
        if not self._done:
            self.call_after_refresh(self._begin_anew)

    def _begin_anew(self) -> None:
        self.query_one("#where").display = False
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
            for one in sorted(found.places, key=lambda one: one.kind == "value")  # the account first
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
        if row is not None and self._hidden is not None and not self.query_one("#where").display:
            self._chosen ^= {row.id}
            self._list(self._hidden)

    @on(LineEditor.Submitted, "#words")
    def action_next(self) -> None:
        """On to the folder, then write."""
        if self._done:
            self.dismiss(None)
        elif self.query_one("#where").display:
            self.write()
        elif not self._chosen:
            self._say("request.choose-place", "#places")
        elif self.query_one("#ground", Choice).value is None:
            self._say("request.choose-ground", "#ground")
        else:
            self._ask_where()

    def _say(self, sentence_key: str, focus: str) -> None:
        self.query_one("#outcome", Static).update(self.say(sentence_key))
        self.set_focus(self.query_one(focus))

    def _ask_where(self) -> None:
        self.query_one("#asked").display = False
        self.query_one("#where").display = True
        self.query_one("#outcome", Static).update("")
        self.query_one("#count", Static).update(self.say("request.count", count=len(self._chosen)))
        self.set_focus(self.query_one("#entries"))

    @on(Button.Pressed, "#write")
    def write(self) -> None:
        """Sign the request and write it there."""
        folder, ground = self.query_one(FileChooser).path, self.query_one("#ground", Choice).value
        if folder is None or ground is None or self._done:
            return
        words = self.query_one("#words", LineEditor).text.strip() or ground
        record_id, hidden = self._record_id, sorted(self._chosen)

        def write(vault: Vault) -> Path:
            data = make_request(vault, record_id, hidden, ground=ground, words=words)
            path = folder / f"{record_id}-{sha256(data).hex()[:8]}.request"
            with create_exclusive(path) as stream:
                write_all(stream, data)
                sync(stream)
            return path

        self.ask(write, Written)

    @on(Written)
    def written(self, message: Written) -> None:
        """Say where it lies and who has to get it."""
        self._done = True
        self.query_one("#where").display = False
        self.query_one("#outcome", Static).update(self.say("request.written"))
        self.query_one("#path", Static).update(shown_line(str(message.path)))

    def refused(self, message: Refused) -> None:
        """Say why nothing was written."""
        self.query_one("#outcome", Static).update(self.failure(message))

    def action_back(self) -> None:
        """From the folder to the places, from the places to the record."""
        if self._done or not self.query_one("#where").display:
            self.dismiss(None)
        else:
            self.query_one("#where").display = False
            self.query_one("#asked").display = True
            self.set_focus(self.query_one("#places"))


def _read(vault: Vault, record_id: str) -> tuple[tuple[HiddenPlace, ...], Form]:
    found = received_newest(vault, record_id)
    return found.hidden, found.disclosed.form
