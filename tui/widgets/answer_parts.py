"""The parts an answer is typed into, one a type of the form; each gives back the JSON value of what stands in it."""

from collections.abc import Iterable, Sequence
from typing import Final

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from testimony.canonical import JsonValue
from testimony.forms.form import Field, Term
from tui.answer_text import labelled
from tui.strings.sentences import Language, has_sentence
from tui.widgets.choice import Choice, Option
from tui.widgets.editors import LineEditor
from tui.widgets.several import Several
from tui.words import said, shown_line

_SEPARATORS: Final = "،,"
_FIRST: Final = ("yes", "no")


class PartChanged(Message):
    """Something in an answer is different now."""


def options_of(vocabulary: Sequence[Term], language: Language) -> list[Option]:
    """The vocabulary of a field as it is offered: yes, then no, at every question, so that habit gives nothing away."""
    ordered = sorted(vocabulary, key=lambda term: _FIRST.index(term.value) if term.value in _FIRST else len(_FIRST))
    return [Option(value=term.value, label=labelled(term.label, language)) for term in ordered]


class TextPart(LineEditor):
    """One text, code, date, count or list of texts on one line."""

    def __init__(self, asked: Field, value: JsonValue) -> None:
        super().__init__(_as_line(value))
        self._asked = asked
        self._before = value

    def raw(self) -> JsonValue:
        """The value as the form wants it; an empty line is no answer."""
        text = self.text
        if not text.strip():
            return self._before if isinstance(self._before, dict) else None
        if self._asked.type == "integer" and text.strip().isdecimal():
            return int(text)
        if self._asked.type == "texts":
            return [part.strip() for part in _split(text) if part.strip()]
        return text if self._asked.type == "text" else text.strip()


class ChoicePart(Choice):
    """One value of a vocabulary."""

    def __init__(self, asked: Field, value: JsonValue, language: Language) -> None:
        super().__init__(options_of(asked.vocabulary, language), value if isinstance(value, str) else None)
        self._before = value

    def raw(self) -> JsonValue:
        """The value chosen, or what stood there before anything was chosen."""
        return self.value if self.value is not None or not isinstance(self._before, dict) else self._before


class PointsPart(Vertical):
    """Several points, each answered by yes or no; all points make the answer."""

    def __init__(self, asked: Field, value: JsonValue, language: Language) -> None:
        super().__init__(classes="part")
        self._asked = asked
        self._language = language
        known = value if isinstance(value, list) else []
        self._values = [known[index] is True if index < len(known) else None for index in range(len(asked.vocabulary))]
        if value is None:
            self._values = [None] * len(asked.vocabulary)

    def compose(self) -> Iterable[Widget]:
        """One line a point."""
        yes_no = [Option(value=each, label=said(f"answer.{each}", self._language).plain) for each in ("yes", "no")]
        for term, value in zip(self._asked.vocabulary, self._values, strict=True):
            yield Static(shown_line(labelled(term.label, self._language)))
            yield Choice(yes_no, None if value is None else "yes" if value else "no")

    def raw(self) -> JsonValue:
        """A yes or no for every point; a point left open is not yet explained."""
        chosen = [choice.value for choice in self.query(Choice)]
        return None if all(value is None for value in chosen) else [value == "yes" for value in chosen]


class SeveralPart(Several):
    """Any number of words of a vocabulary."""

    def __init__(self, asked: Field, value: JsonValue, language: Language) -> None:
        known = [str(each) for each in value] if isinstance(value, list) else []
        super().__init__(options_of(asked.vocabulary, language), known)

    def raw(self) -> JsonValue:
        """The words chosen; none is no answer."""
        return list(self.chosen) or None


class GroupPart(Vertical):
    """An answer of several members, each under its own label."""

    def __init__(self, asked: Field, value: JsonValue, language: Language) -> None:
        super().__init__(classes="part")
        self._asked = asked
        self._language = language
        self._before = value if isinstance(value, dict) else {}

    def compose(self) -> Iterable[Widget]:
        """Label, then part, for every member but files."""
        for member in self._members():
            yield Static(shown_line(labelled(member.label, self._language)), classes="member")
            yield part_for(member, self._before.get(member.id), self._language)

    def _members(self) -> list[Field]:
        return [each for each in self._asked.members if each.type != "blob" and each.computed is None]

    def raw(self) -> JsonValue:
        """The members that have an answer; files stay as they were."""
        parts = [child for child in self.children if isinstance(child, Part)]
        values = {member.id: part.raw() for member, part in zip(self._members(), parts, strict=False)}
        kept = {name: value for name, value in self._before.items() if name not in values}
        whole: dict[str, JsonValue] = {**kept, **{name: value for name, value in values.items() if value is not None}}
        return whole or None


class ListPart(Vertical):
    """Any number of groups, or the word that there is none."""

    def __init__(self, asked: Field, value: JsonValue, language: Language) -> None:
        super().__init__(classes="part")
        self._asked = asked
        self._language = language
        self._elements = value if isinstance(value, list) else []
        self._none: JsonValue = next((term.value for term in asked.vocabulary), None) or []
        self._is_none = value is not None and value == self._none

    def compose(self) -> Iterable[Widget]:
        """The word for none, the groups, and the way to add one."""
        none = said("answer.none", self._language).plain
        yield Choice([Option(value="none", label=none)], "none" if self._is_none else None, id="none")
        for element in self._elements:
            yield GroupPart(self._asked, element, self._language)
        yield Button(said(self._add_key(), self._language), id="add", classes="add")

    def _add_key(self) -> str:
        key = f"add.{self._asked.id}"
        return key if has_sentence(key) else "add.entry"

    def raw(self) -> JsonValue:
        """The groups with content, the word for none, or no answer."""
        filled = [raw for raw in (group.raw() for group in self.query(GroupPart)) if raw]
        if filled:
            return filled
        return self._none if self.query_one("#none", Choice).value else None

    @on(Button.Pressed, "#add")
    async def add(self, event: Button.Pressed) -> None:
        """One more group; the word for none goes."""
        event.stop()
        group = GroupPart(self._asked, None, self._language)
        await self.mount(group, before="#add")
        self.query_one("#none", Choice).value = None
        self.screen.set_focus(next((child for child in group.children if child.focusable), None))
        self.post_message(PartChanged())

    @on(Choice.Chosen, "#none")
    async def none_chosen(self, event: Choice.Chosen) -> None:
        """None: empty groups go; groups with words stay, and then it is not none."""
        if event.value:
            for group in self.query(GroupPart):
                if not group.raw():
                    await group.remove()


Part = TextPart | ChoicePart | SeveralPart | PointsPart | GroupPart | ListPart


def part_for(asked: Field, value: JsonValue, language: Language) -> Part:
    """The part that takes an answer of that type."""
    if asked.type == "choice":
        return ChoicePart(asked, value, language)
    if asked.type == "texts" and asked.vocabulary:
        return SeveralPart(asked, value, language)
    if asked.type == "booleans":
        return PointsPart(asked, value, language)
    if asked.type == "list":
        return ListPart(asked, value, language)
    if asked.members:
        return GroupPart(asked, value, language)
    return TextPart(asked, value)


def _as_line(value: JsonValue) -> str:
    if isinstance(value, list):
        return "، ".join(str(each) for each in value)
    return "" if value is None or isinstance(value, dict | bool) else str(value)


def _split(text: str) -> Iterable[str]:
    for separator in _SEPARATORS:
        text = text.replace(separator, "\n")
    return text.split("\n")
