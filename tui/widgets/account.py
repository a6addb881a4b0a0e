"""The account: numbered paragraphs in the witness's own words, and for each how the person knows."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static, TextArea

from testimony.canonical import JsonValue
from testimony.forms.form import Field
from testimony.hand_marks import HandMark, span_of
from tui.keys_on_screen import key
from tui.strings.sentences import Language
from tui.widgets.answer_parts import options_of
from tui.widgets.choice import Choice
from tui.widgets.editors import AccountEditor
from tui.widgets.several import Several
from tui.words import said

_BETWEEN: Final = "\n\n"


class AccountPage(Vertical):
    """The editor, the number of the paragraph in hand, and its sources of knowledge."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("f7", "to_sources", "to-sources", show=False),  # the line below the account names it
        key("f4", "to_marks", "to-marks"),
    ]

    class Edited(Message):
        """Paragraphs or sources changed."""

        def __init__(self, paragraphs: list[str], sources: list[str], *, text_changed: bool) -> None:
            self.paragraphs = paragraphs
            self.sources = sources
            self.text_changed = text_changed
            super().__init__()

    class Marking(Message):
        """Somebody wants to mark words: those selected, or to look at all marks where nothing is selected."""

        def __init__(self, selected: HandMark | None) -> None:
            self.selected = selected
            super().__init__()

    def __init__(self, sources_field: Field, paragraphs: Sequence[str], sources: JsonValue, language: Language) -> None:
        super().__init__(id="account-page")
        self._field = sources_field
        self._language = language
        self._paragraphs = list(paragraphs)
        known = [str(each) for each in sources] if isinstance(sources, list) else []
        self._sources = (known + [""] * len(self._paragraphs))[: len(self._paragraphs)]
        self._text = _BETWEEN.join(self._paragraphs)

    def compose(self) -> Iterable[Widget]:
        """Editor above, sources of the paragraph in hand below."""
        yield AccountEditor(self._text, id="account-text")
        yield Static("", id="account-place", classes="quiet")
        yield Several(options_of(self._field.vocabulary, self._language), (), id="account-sources")

    def on_mount(self) -> None:
        """Show the sources of the first paragraph."""
        self._show_sources()

    def action_to_sources(self) -> None:
        """From the words to their source, and back."""
        sources, editor = self.query_one(Several), self.query_one(AccountEditor)
        (editor if sources.has_focus else sources).focus()

    def action_to_marks(self) -> None:
        """To the marks, with the words selected in the account."""
        editor = self.query_one(AccountEditor)
        lines = editor.document.lines
        start, end = (sum(len(line) + 1 for line in lines[:row]) + cell for row, cell in sorted(editor.selection))
        self.post_message(self.Marking(words_at("\n".join(lines), start, end)))

    @on(TextArea.Changed)
    def typed(self, event: TextArea.Changed) -> None:
        """Paragraphs are what stands between empty lines; each keeps its source."""
        event.stop()
        text = event.text_area.text
        if text != self._text:
            self._text = text
            after = paragraphs_in(text)
            self._sources = carried(self._paragraphs, after, self._sources)
            self._paragraphs = after
            self.post_message(self.Edited(after, list(self._sources), text_changed=True))
        self._show_sources()

    @on(TextArea.SelectionChanged)
    def moved(self, event: TextArea.SelectionChanged) -> None:
        """Another paragraph may be in hand."""
        event.stop()
        self._show_sources()

    @on(Choice.Chosen)
    def source_chosen(self, event: Choice.Chosen) -> None:
        """The source of the paragraph in hand."""
        event.stop()
        at = self._at()
        if at < len(self._sources):
            self._sources[at] = ", ".join(self.query_one(Several).chosen)
            self.post_message(self.Edited(list(self._paragraphs), list(self._sources), text_changed=False))

    def _at(self) -> int:
        editor = self.query_one(AccountEditor)
        before = editor.document.lines[: editor.cursor_location[0] + 1]
        return max(0, len(paragraphs_in("\n".join(before))) - 1)

    def _show_sources(self) -> None:
        at, count = self._at(), len(self._paragraphs)
        place = said("account.place", self._language, number=at + 1, count=count) if count else said(
            "account.empty", self._language
        )  # fmt: skip
        self.query_one("#account-place", Static).update(place)
        several = self.query_one(Several)
        several.disabled = not count
        chosen = self._sources[at].split(", ") if at < len(self._sources) and self._sources[at] else []
        several.show_chosen(chosen)


def paragraphs_in(text: str) -> list[str]:
    """The paragraphs of a text: what stands between empty lines, each exactly as typed."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return ["\n".join(lines) for lines in paragraphs if lines]


def words_at(text: str, start: int, end: int) -> HandMark | None:
    """A mark, still of nobody, for what stands between two places of a text; None where it is not in one paragraph."""
    words = text[start:end].strip()
    at = start + len(text[start:end]) - len(text[start:end].lstrip())
    place = 0
    for number, paragraph in enumerate(paragraphs_in(text), start=1):
        place = text.index(paragraph, place)
        if place <= at and at + len(words) <= place + len(paragraph):
            return _mark_at(paragraph, number, words, at - place)
        place += len(paragraph)
    return None


def _mark_at(paragraph: str, number: int, words: str, start: int) -> HandMark | None:
    for occurrence in range(1, paragraph.count(words) + 1 if words else 1):
        mark = HandMark(paragraph=number, words=words, who="", occurrence=occurrence)
        if span_of(mark, [""] * (number - 1) + [paragraph]) == (start, start + len(words)):
            return mark
    return None


def carried(before: Sequence[str], after: Sequence[str], sources: Sequence[str]) -> list[str]:
    """The sources of the paragraphs after an edit: each stays with its own paragraph."""
    if len(before) == len(after):
        return list(sources)
    kept = [""] * len(after)
    for tag, start, end, to_start, to_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "insert":
            for source, target in zip(range(start, end), range(to_start, to_end), strict=False):
                kept[target] = sources[source]
    return kept
