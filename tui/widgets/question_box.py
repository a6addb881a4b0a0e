"""One question of the form: its label, its part, its state, and what is wrong with it."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static, TextArea

from testimony.answers import NotAsked
from testimony.canonical import JsonValue
from testimony.forms.form import Field
from testimony.interview import Interview
from testimony.readiness import is_relevant
from testimony.scripts import Script
from tui.answer_text import labelled
from tui.keys_on_screen import key
from tui.strings.sentences import Language, has_sentence, sentence
from tui.text_filter import display_line
from tui.widgets.answer_parts import PartChanged, part_for
from tui.widgets.choice import Choice
from tui.widgets.editors import LineEditor
from tui.widgets.frame import program_of
from tui.widgets.limits_part import LimitsPart, asks_for_text
from tui.words import said

_STATES: Final = ("unknown", "declined", "not asked")


class QuestionBox(Vertical):
    """A field of the form as it is asked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("f4", "next_state", "answer-state"),
        key("f5", "now", "now"),
    ]

    class Edited(Message):
        """The answer to a field is different now; `raw` is its JSON value."""

        def __init__(self, asked: Field, raw: JsonValue) -> None:
            self.asked = asked
            self.raw = raw
            super().__init__()

    def __init__(self, asked: Field, value: JsonValue, language: Language, scripts: Sequence[Script] = ()) -> None:
        super().__init__(classes="question")
        self._asked = asked
        self._language = language
        state = value.get("state") if isinstance(value, dict) else None
        self._state = state if isinstance(state, str) else None
        known = None if self._state else value
        self._part = (
            LimitsPart(asked, known, language, scripts) if asks_for_text(asked) else part_for(asked, known, language)
        )
        self._last = value
        self._problem = ""

    @property
    def field_id(self) -> str:
        """The id of the field."""
        return self._asked.id

    def compose(self) -> Iterable[Widget]:
        """Label and state, hint, part, problem."""
        yield Static(self._heading(), id="heading", classes="heading")
        hint = f"hint.{self._asked.id}"
        if has_sentence(hint):
            yield Static(said(hint, self._language), classes="quiet")
        yield self._part
        yield Static("", id="problem", classes="warning")

    def on_mount(self) -> None:
        """No problem is known yet."""
        self.query_one("#problem").display = False

    def show_problem(self, rule: str) -> None:
        """Say under the question what is wrong with the answer; an empty rule takes it away."""
        if rule != self._problem:
            self._problem = rule
            line = self.query_one("#problem", Static)
            line.display = bool(rule)
            line.update(said(problem_key(rule), self._language) if rule else "")

    def show_if_asked(self, interview: Interview) -> None:
        """Show the question where its condition holds; an answer that stands already is never hidden."""
        answered = not isinstance(interview.answers[self.field_id], NotAsked)
        self.display = answered or self.field_id in interview.unparsed or is_relevant(self._asked, interview)

    def _heading(self) -> Content:
        number = f"{self._asked.number} · " if self._asked.number else ""
        text = f"{number}{labelled(self._asked.label, self._language)}"
        if self._asked.required:
            text += f"  {sentence('question.required', self._language)}"
        if self._state:
            text += f"  ‹{sentence(f'state.{self._state}', self._language)}›"
        return Content(display_line(text))

    def action_next_state(self) -> None:
        """Answered, unknown, declined, not asked, and round again."""
        states: list[str | None] = [None, *_STATES]
        self._state = states[(states.index(self._state) + 1) % len(states)]
        self._tell()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The clock is offered only where a time is asked for."""
        return self._asked.type == "time" if action == "now" else super().check_action(action, parameters)

    def action_now(self) -> None:
        """Put in this computer's date and time, for the interviewer to confirm."""
        now = program_of(self).clock.now().wall
        self.query_one(LineEditor).text = now.isoformat(timespec="seconds")

    @on(TextArea.Changed)
    @on(Choice.Chosen)
    @on(PartChanged)
    def changed(self, event: Message) -> None:
        """A word typed or a choice made is an answer given."""
        event.stop()
        raw = self._part.raw()
        if self._state and raw is not None and raw != self._last:
            self._state = None
        self._tell()

    def _tell(self) -> None:
        raw: JsonValue = {"state": self._state} if self._state else self._part.raw()
        self.query_one("#heading", Static).update(self._heading())
        if raw != self._last:
            self._last = raw
            self.post_message(self.Edited(self._asked, raw))


def problem_key(rule: str) -> str:
    """The sentence for a rule that an answer breaks."""
    key = f"problem.{rule}"
    return key if has_sentence(key) else "problem.other"
