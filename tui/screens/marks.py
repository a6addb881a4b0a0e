"""The marks of an interview: who is meant by which words, and where a mark may still be missing."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from testimony.errors import InterviewError
from testimony.hand_marks import HandMark, span_of
from testimony.mentions import people_named
from testimony.suggestions import Suggestion
from tui.dialogs.marking import MeaningDialog, Meant
from tui.keys_on_screen import key
from tui.screens.screen import Refused, VaultScreen
from tui.text_filter import display_line
from tui.widgets.question_box import problem_key
from tui.widgets.reading import ReadingText
from tui.widgets.rows import Column, Row, RowList
from tui.words import shown_among
from vault.marking import AskedMark, Marked, mark_by_hand, marked, remove_mark, view_marked
from vault.store import Vault

_AROUND = 120  # characters shown on each side of the words pointed at


class Looked(Message):
    """The marks as they stand now."""

    def __init__(self, found: Marked) -> None:
        self.found = found
        super().__init__()


class MarksScreen(VaultScreen):
    """Suggestions first, then the marks set by hand, then what is marked by itself."""

    TITLE_KEY = "title.marks"
    AUTO_FOCUS = "RowList"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2,enter", "mark_pointed", "mark-words"),
        key("n", "mark_other", "mark-other"),
        key("delete,backspace", "take_away", "mark-away"),
        key("escape", "back", "back"),
    ]

    def __init__(self, record_id: str, selected: HandMark | None = None) -> None:
        super().__init__()
        self._record_id = record_id
        self._selected = selected
        self._found: Marked | None = None
        self._aside: set[Suggestion] = set()

    def about(self) -> str:
        """The record's id."""
        return self._record_id

    def body(self) -> Iterable[Widget]:
        """The rows, the words around those pointed at, and what the keys do."""
        yield Vertical(
            Static("", id="count", classes="strong"),
            RowList(
                (
                    Column(heading=self.line("marks.paragraph"), width=4),
                    Column(heading=self.line("marks.words"), width=20),
                    Column(heading=self.line("marks.means"), width=20),
                    Column(heading=self.line("marks.how")),
                )
            ),
            ReadingText(id="around"),
            Static(self.say("marks.keys"), classes="quiet"),
            classes="page",
        )

    def on_mount(self) -> None:
        """Look, once the log says so."""
        self.ask(partial(view_marked, record_id=self._record_id), Looked)

    async def fill_anew(self) -> None:
        """Show the same in the other language."""
        if self._found is not None:
            self._show(self._found)

    @on(Looked)
    def looked(self, message: Looked) -> None:
        """Show what there is; words that were selected in the account are asked about at once."""
        self._found = message.found
        self._show(message.found)
        selected, self._selected = self._selected, None
        if selected is not None:
            self._ask_about(selected, "")

    def _show(self, found: Marked) -> None:
        open_ones = self._suggestions(found)
        key_of_count = "marks.count" if open_ones else "marks.none-suggested"
        self.query_one("#count", Static).update(self.say(key_of_count, count=len(open_ones)))
        rows = [*map(self._suggested, range(len(open_ones)), open_ones), *self._by_hand(found), *self._by_itself(found)]
        self.query_one(RowList).replace(rows)
        if not rows:
            self.query_one("#around", ReadingText).update("")

    def _suggestions(self, found: Marked) -> list[Suggestion]:
        return [one for one in found.suggestions if one not in self._aside]

    def _suggested(self, number: int, one: Suggestion) -> Row:
        how = self.line("marks.suggested", why=self.line(f"suggestion.{one.reason}"))
        return self._row(f"suggested {number}", one.paragraph, one.words, one.who, how)

    def _by_hand(self, found: Marked) -> Iterator[Row]:
        for number, one in enumerate(found.interview.hand_marks, start=1):
            stands = span_of(one, found.interview.paragraphs) is not None
            how = self.line("marks.by-hand" if stands else "marks.gone")
            yield self._row(f"hand {number}", one.paragraph, one.words, one.who, how)

    def _by_itself(self, found: Marked) -> Iterator[Row]:
        for number, one in enumerate(found.by_itself):
            text = found.interview.paragraphs[one.paragraph]
            row_id = f"itself {number}"
            who = found.names[one.person]
            yield self._row(row_id, one.paragraph + 1, text[one.start : one.end], who, self.line("marks.by-itself"))

    def _row(self, row_id: str, paragraph: int, *cells: str) -> Row:
        return Row(id=row_id, cells=(str(paragraph), *map(display_line, cells)))

    @on(RowList.Pointed)
    def pointed(self, message: RowList.Pointed) -> None:
        """The words around, so that it is clear who is meant."""
        found, place = self._found, self._place_of(message.row.id)
        if found is None or place is None:
            self.query_one("#around", ReadingText).update("")
            return
        paragraph, start, end = place
        text = found.interview.paragraphs[paragraph]
        self.query_one("#around", ReadingText).update(
            shown_among(text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND])
        )

    def _place_of(self, row_id: str) -> tuple[int, int, int] | None:
        """Paragraph, start and end of the words of a row; None where they stand nowhere any longer."""
        found = self._found
        kind, _, number = row_id.partition(" ")
        if found is None:
            return None
        if kind == "itself":
            one = found.by_itself[int(number)]
            return one.paragraph, one.start, one.end
        by_hand = found.interview.hand_marks[int(number) - 1] if kind == "hand" else self._as_mark(int(number))
        span = span_of(by_hand, found.interview.paragraphs)
        return None if span is None else (by_hand.paragraph - 1, *span)

    def _as_mark(self, number: int) -> HandMark:
        """The mark that a suggestion would become."""
        if self._found is None:
            return HandMark(paragraph=1, words="", who="")
        one = self._suggestions(self._found)[number]
        return HandMark(paragraph=one.paragraph, words=one.words, who=one.who, occurrence=one.occurrence)

    @on(RowList.Opened)
    def action_mark_pointed(self) -> None:
        """Ask whom the suggested words mean."""
        row = self.query_one(RowList).pointed
        kind, _, number = ("" if row is None else row.id).partition(" ")
        if kind == "suggested" and self._found is not None:
            suggestion = self._suggestions(self._found)[int(number)]
            self._ask_about(self._as_mark(int(number)), "place" if suggestion.reason == "place" else "")
        elif kind:
            self.tell("marks.marked-already")

    def action_mark_other(self) -> None:
        """Ask for words that nobody suggested."""
        self._ask_about(None, "")

    def _ask_about(self, mark: HandMark | None, role: str) -> None:
        if self._found is not None:
            names = people_named(self._found.interview)
            roles = self._found.interview.form
            self.app.push_screen(MeaningDialog(mark, names, roles, role), self._meant)

    def _meant(self, meant: Meant | None) -> None:
        found = self._found
        if meant is None or found is None:
            return
        mark = found.first_open(meant.words, meant.who) if meant.mark is None else meant.mark
        if mark is None:
            self.tell("marks.not-there", severity="warning")
            return
        asked = AskedMark(
            mark=HandMark(paragraph=mark.paragraph, words=mark.words, who=meant.who, occurrence=mark.occurrence),
            role=meant.role,
        )
        self.ask(partial(_with_mark, record_id=self._record_id, asked=asked), Looked)

    def action_take_away(self) -> None:
        """Take a mark by hand back, or put a suggestion aside until this screen is opened again."""
        row = self.query_one(RowList).pointed
        kind, _, number = ("" if row is None else row.id).partition(" ")
        if kind == "suggested" and self._found is not None:
            self._aside.add(self._suggestions(self._found)[int(number)])
            self._show(self._found)
        elif kind == "hand":
            self.ask(partial(_without_mark, record_id=self._record_id, number=int(number)), Looked)
        elif kind:
            self.tell("marks.by-name")

    def refused(self, message: Refused) -> None:
        """Say which rule a mark would break."""
        error = message.error
        if isinstance(error, InterviewError) and error.problems:
            self.tell(problem_key(error.problems[0].rule), severity="warning")
        else:
            super().refused(message)

    def action_back(self) -> None:
        """Back to the account."""
        self.dismiss(None)


def _with_mark(vault: Vault, record_id: str, asked: AskedMark) -> Marked:
    mark_by_hand(vault, record_id, [asked])
    return marked(vault, record_id)


def _without_mark(vault: Vault, record_id: str, number: int) -> Marked:
    remove_mark(vault, record_id, number)
    return marked(vault, record_id)
