"""The seven limits, with the text that is read out: chosen from those of the vault, its digest never typed (C14)."""

from collections.abc import Iterable, Sequence
from typing import Final

from textual import on
from textual.widget import Widget
from textual.widgets import Static

from testimony.canonical import JsonValue
from testimony.forms.form import Field
from testimony.scripts import LIMITS, Script
from tui.answer_text import labelled
from tui.strings.sentences import Language
from tui.widgets.answer_parts import GroupPart, Part, part_for
from tui.widgets.choice import Choice, Option
from tui.widgets.reading import ReadingText
from tui.words import said, shown_line

_CHOSEN: Final = ("script", "script_sha256")


class LimitsPart(GroupPart):
    """The text to read aloud, then the points; a text that is not in this vault stays until another is chosen."""

    def __init__(self, asked: Field, value: JsonValue, language: Language, scripts: Sequence[Script]) -> None:
        super().__init__(asked, value, language)
        self._scripts = {one.code: one for one in scripts}

    def compose(self) -> Iterable[Widget]:
        """The choice of text, the text, then each other member under its label."""
        code = self._before.get("script")
        chosen = self._scripts.get(code) if isinstance(code, str) else None
        options = [Option(value=one.code, label=f"{one.code} ({one.language})") for one in self._scripts.values()]
        yield Static(said("limits.script", self._language), classes="member")
        yield Choice(options, None if chosen is None else chosen.code, id="script")
        yield ReadingText("" if chosen is None else chosen.text, id="script-text", classes="paragraph")
        for member in self._members():
            yield Static(shown_line(labelled(member.label, self._language)), classes="member")
            yield part_for(member, self._before.get(member.id), self._language)

    def _members(self) -> list[Field]:
        return [each for each in super()._members() if each.id not in _CHOSEN]

    def raw(self) -> JsonValue:
        """The points, and of the text its code and digest together or neither."""
        parts = [child for child in self.children if isinstance(child, Part)]
        values = {member.id: part.raw() for member, part in zip(self._members(), parts, strict=False)}
        chosen = self._scripts.get(self.query_one("#script", Choice).value or "")
        if chosen is not None:
            values |= {"script": chosen.code, "script_sha256": chosen.sha256}
        elif self._before.get("script") not in self._scripts:
            values |= {name: self._before.get(name) for name in _CHOSEN}
        whole: dict[str, JsonValue] = {name: value for name, value in values.items() if value is not None}
        return whole or None

    @on(Choice.Chosen, "#script")
    def show_text(self, event: Choice.Chosen) -> None:
        """Show what is to be read aloud; the answer itself is taken by the question."""
        chosen = self._scripts.get(event.value or "")
        self.query_one("#script-text", ReadingText).show("" if chosen is None else chosen.text)


def asks_for_text(asked: Field) -> bool:
    """Whether a field is the one that says which text was read out."""
    return asked.id == LIMITS
