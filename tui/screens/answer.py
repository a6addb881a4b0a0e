"""Answering a request: what a body asks to see, place by place with its words, a yes or a no each; then the seal."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.hidden_places import place_name
from tui.keys_on_screen import key
from tui.screens.places import PlacesScreen
from tui.text_filter import display_line
from tui.widgets.reading import ReadingText
from tui.widgets.rows import Column, Row, RowList
from vault.answers import Answerable, answer_request, take_request
from vault.handover import Sealed
from vault.store import Vault
from vault.viewing import note_viewed


class Taken(Message):
    """The request holds, and the log says that its words are shown."""

    def __init__(self, ready: Answerable) -> None:
        self.ready = ready
        super().__init__()


class Answered(Message):
    """The answer is sealed."""

    def __init__(self, sealed: Sealed) -> None:
        self.sealed = sealed
        super().__init__()


class AnswerScreen(PlacesScreen):
    """One request; nothing is granted beforehand, and nothing is sealed before each place has its answer."""

    TITLE_KEY = "title.answer"
    AUTO_FOCUS = PLACES = "#lifts"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("y", "decide(True)", "grant"),
        key("n", "decide(False)", "refuse"),
        key("f2", "next", "next"),
        key("escape", "back", "back"),
    ]

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._ready: Answerable | None = None
        self._granted: dict[str, bool] = {}

    def body(self) -> Iterable[Widget]:
        """Who asks and why, the places, the words of the one pointed at; behind them the folder."""
        columns = (Column(heading=self.line("answer.shown"), width=8), Column(heading=self.line("request.place")))
        asked = (
            Static("", id="asks", classes="strong"),
            ReadingText(id="why"),
            RowList(columns, id="lifts"),
            VerticalScroll(ReadingText(id="words"), id="shown-words"),
            Static(self.say("answer.keys"), classes="quiet"),
        )
        folder = (Static(self.say("seal.cannot-recall"), classes="warning"), self.label("seal.folder"))
        yield self.steps(asked, folder, Button(self.say("button.seal"), id="seal"))

    def on_mount(self) -> None:
        """Check the request."""
        self.show_places()
        self.ask(partial(_taken, path=self._path), Taken)

    def fill_places(self) -> None:
        """The places, once the request was checked."""
        if self._ready is not None:
            self._show(self._ready)

    @on(Taken)
    def taken(self, message: Taken) -> None:
        """Show who asks for what."""
        self._ready = message.ready
        self._show(message.ready)

    def _show(self, ready: Answerable) -> None:
        request = ready.request
        ground = self.line(f"ground.{request.ground}")
        said = {"body": request.requester, "record": request.record_id, "ground": ground}
        self.query_one("#asks", Static).update(self.say("answer.asks", **said))
        self.query_one("#why", ReadingText).show(request.words)
        self._list(ready)

    def _list(self, ready: Answerable) -> None:
        record = ready.stored.record
        rows = []
        for one in ready.lifts:
            name = place_name(one.path, record.interview.form, self.language) if record is not None else one.path
            rows.append(Row(id=one.path, cells=(self._decision(one.path), display_line(name))))
        self.query_one("#lifts", RowList).replace(rows)

    def _decision(self, path: str) -> str:
        granted = self._granted.get(path)
        return "" if granted is None else self.line("answer.yes" if granted else "answer.no")

    @on(RowList.Pointed, "#lifts")
    def pointed(self, message: RowList.Pointed) -> None:
        """The words that would be shown there."""
        lifts = () if self._ready is None else self._ready.lifts
        text = next((one.text for one in lifts if one.path == message.row.id), "")
        self.query_one("#words", ReadingText).show(text)

    def action_decide(self, granted: bool) -> None:  # noqa: FBT001 - the binding's value
        """Show the place pointed at to the body, or not; on to the next one."""
        rows = self.query_one("#lifts", RowList)
        if self._ready is None or rows.pointed is None or self.at_folder or self.done:
            return
        self._granted[rows.pointed.id] = granted
        self._list(self._ready)
        rows.action_move(1)

    @on(Button.Pressed, "#seal")
    def action_next(self) -> None:
        """On to the folder once each place has its answer, then seal."""
        if self.done:
            self.dismiss(None)
        elif self.at_folder:
            self._seal()
        elif self._ready is None or self._working:
            return
        elif any(one.path not in self._granted for one in self._ready.lifts):
            self.tell_outcome("answer.decide-each")
        elif not any(self._granted.values()):
            self.end("answer.nothing")
        else:
            self.show_folder("answer.count", count=sum(self._granted.values()), of=len(self._granted))

    def _seal(self) -> None:
        ready = self._ready
        if ready is None or (folder := self.begin("seal.working")) is None:
            return
        granted = [path for path, is_yes in self._granted.items() if is_yes]
        self.ask(lambda vault: answer_request(vault, ready, granted, folder), Answered)

    @on(Answered)
    def answered(self, message: Answered) -> None:
        """Say where the answer lies."""
        self.end("answer.done", message.sealed.path)


def _taken(vault: Vault, path: Path) -> Answerable:
    ready = take_request(vault, path)
    note_viewed(vault, {ready.stored.record_id: ready.stored.version})
    return ready
