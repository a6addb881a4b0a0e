"""Find: literal words in every record of the vault, names and accounts, in Arabic and English."""

from collections.abc import Iterable
from typing import ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.text_filter import display_line
from tui.widgets.editors import LineEditor
from tui.widgets.frame import Note
from tui.widgets.reading import ReadingText
from tui.widgets.rows import Column, Row, RowList
from vault.search import Hit
from vault.viewing import find_noted

PAGE: Final = 100


class Found(Message):
    """What was found."""

    def __init__(self, hits: list[Hit], *, first: bool) -> None:
        self.hits = hits
        self.first = first
        super().__init__()


class FindScreen(VaultScreen):
    """A line for the words, the places found, and the words around the one pointed at."""

    TITLE_KEY = "title.find"
    AUTO_FOCUS = "#words"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "search", "search"), key("escape", "back", "back")]

    def __init__(self) -> None:
        super().__init__()
        self._hits: list[Hit] = []
        self._asked = ""

    def body(self) -> Iterable[Widget]:
        """Words above, places in the middle, one snippet below."""
        yield Vertical(
            Note(self.say("find.words")),
            LineEditor(id="words"),
            Static("", id="count", classes="quiet"),
            RowList(
                (
                    Column(heading=self.line("records.id"), width=10),
                    Column(heading=self.line("find.place"), width=14),
                    Column(heading=self.line("find.snippet")),
                )
            ),
            ReadingText(id="snippet"),
            classes="page",
        )

    @on(LineEditor.Submitted, "#words")
    def action_search(self) -> None:
        """Look for the words."""
        self._asked = self.query_one("#words", LineEditor).text
        self._look(None)

    def _look(self, after: str | None) -> None:
        asked = self._asked
        self.ask(
            lambda vault: find_noted(vault, asked, limit=PAGE, after=after),
            lambda hits: Found(hits, first=after is None),
        )

    @on(RowList.NearEnd)
    def near_end(self) -> None:
        """The next page."""
        self._look(self._hits[-1].cursor)

    @on(Found)
    def found(self, message: Found) -> None:
        """Show the places."""
        self._hits = message.hits if message.first else [*self._hits, *message.hits]
        more = len(message.hits) == PAGE
        rows = [self._row(hit) for hit in message.hits]
        table = self.query_one(RowList)
        if not message.first:
            table.extend(rows, more=more)
            return
        table.replace(rows, more=more)
        self.query_one("#count", Static).update(self.say("find.some" if rows else "find.none", count=len(rows)))
        self.query_one("#snippet", ReadingText).show(self._words(message.hits[0]) if rows else "")
        if rows:
            table.focus()

    def _row(self, hit: Hit) -> Row:
        place = self.line("find.names") if hit.paragraph is None else self.line("find.at", number=hit.paragraph + 1)
        return Row(id=hit.cursor, cells=tuple(map(display_line, (hit.record_id, place, self._words(hit)))))

    def _words(self, hit: Hit) -> str:
        """The words found; of a row of names only that there is one, since reading names is a step of its own."""
        words = self.line("command.search.in-names") if hit.paragraph is None else hit.snippet
        return self.line("find.withdrawn", words=words) if hit.withdrawn else words

    @on(RowList.Pointed)
    def pointed(self, message: RowList.Pointed) -> None:
        """Show the words around."""
        hit = next((each for each in self._hits if each.cursor == message.row.id), None)
        if hit is not None:
            self.query_one("#snippet", ReadingText).show(self._words(hit))

    @on(RowList.Opened)
    def opened(self, message: RowList.Opened) -> None:
        """Read the record."""
        from tui.screens.record import RecordScreen  # noqa: PLC0415 - loaded when it is needed

        hit = next(each for each in self._hits if each.cursor == message.row.id)
        self.app.push_screen(RecordScreen(hit.record_id))

    def refused(self, message: Refused) -> None:
        """Say why nothing was looked for."""
        self.query_one("#count", Static).update(self.failure(message))

    def action_back(self) -> None:
        """Back to the list."""
        self.dismiss(None)
