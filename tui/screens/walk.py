"""The walk: a record span by span as it will leave; each is kept, or words of it or all of it are left out."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from testimony.redaction.reasons import ReasonCode
from testimony.redaction.spans import Span, uncovered
from tui.answer_text import labelled
from tui.dialogs.leaving_out import LeavingOutDialog, LeftOut
from tui.dialogs.question import QuestionDialog
from tui.keys_on_screen import key
from tui.screens.screen import VaultScreen
from tui.widgets.reading import ReadingText
from vault.errors import NotFoundError
from vault.review import Walk, save_walk

_SAVED_EVERY: Final = 10


class WalkScreen(VaultScreen):
    """One span at a time; hands back the record's id, whether the walk came to its end or was broken off."""

    TITLE_KEY = "title.walk"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "keep_span", "keep-span"),
        key("w", "words", "hide-words"),
        key("x", "whole", "hide-span"),
        key("left", "step(-1)", "span-before"),
        key("right", "step(1)", "span-after"),
        key("escape", "back", "back"),
    ]

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self._walk = walk
        self._saved = walk.decisions
        self._steps = 0
        self._at = next((place for place, one in enumerate(walk.spans) if one.decision is None), 0)

    def about(self) -> str:
        """The record's id and the body."""
        return f"{self._walk.release.record_id} · {self._walk.release.recipient}"

    def body(self) -> Iterable[Widget]:
        """Where the walk is, the span as it would leave, and what keeps it here."""
        yield Vertical(
            Static("", id="place", classes="strong"),
            VerticalScroll(ReadingText("", id="span"), id="reading"),
            Static("", id="note"),
            Static(self.say("walk.keys"), classes="quiet"),
            classes="page",
        )

    def on_mount(self) -> None:
        """Show the first open span."""
        self._show()

    async def fill_anew(self) -> None:
        """Show the same span in the other language."""
        self._show()

    def keep(self) -> None:
        """Save what was decided since the last time."""
        if self._walk.decisions != self._saved:
            self.program.session.ask(partial(save_walk, walk=self._walk))
            self._saved = self._walk.decisions

    @property
    def _span(self) -> Span:
        return self._walk.spans[self._at]

    def action_keep_span(self) -> None:
        """This span leaves as it is shown; on to the next one that is open."""
        path = self._span.path
        decision = self._span.decision
        if decision is None or decision.outcome != "hide":
            self._walk = self._walk.keeping(path)
        self._steps += 1
        if self._steps % _SAVED_EVERY == 0 and not self.kept():
            return
        waiting = {*self._walk.open, *(one.path for one in self._walk.same)}
        places = [place for place, one in enumerate(self._walk.spans) if one.path in waiting]
        if not places:
            self.action_back()
        else:
            self._at = next((place for place in places if place > self._at), places[0])
            self._show()

    def action_words(self) -> None:
        """Leave out words of this paragraph."""
        if self._span.paragraph is None:
            self.tell("walk.whole-only", severity="warning")
        else:
            self.app.push_screen(LeavingOutDialog(whole=False), self._words_named)

    def action_whole(self) -> None:
        """Leave out all of it, or take it in again."""
        decision = self._span.decision
        if decision is not None and decision.outcome == "hide":
            self._walk = self._walk.undoing(self._span.path)
            self._show()
        else:
            self.app.push_screen(LeavingOutDialog(whole=True), self._words_named)

    def _words_named(self, left_out: LeftOut | None) -> None:
        if left_out is None:
            return
        words, code = left_out
        try:
            if words:
                self._walk = self._walk.hiding_words(self._span.path, words, code)
            else:
                self._walk = self._walk.hiding(self._span.path, code)
        except NotFoundError as error:
            self.refuse(error)
            return
        self._show()
        self._ask_about_same(code)

    def _ask_about_same(self, code: ReasonCode) -> None:
        """The same words elsewhere stop the seal until they are left out there, or kept span by span."""
        count = len(self._walk.same)
        if count:
            question = QuestionDialog(self.say("walk.same", count=count), "button.leave-out-too")
            self.app.push_screen(question, partial(self._same_answered, code))

    def _same_answered(self, code: ReasonCode, everywhere: bool | None) -> None:  # noqa: FBT001 - Textual's callback
        if everywhere:
            self._walk = self._walk.hiding_same(code)
            self._show()

    def action_step(self, step: int) -> None:
        """To the span before or behind this one, nothing decided."""
        self._at = (self._at + step) % len(self._walk.spans)
        self._show()

    def action_back(self) -> None:
        """Back to the decisions; what was decided stays."""
        if self.kept():
            self.dismiss(self._walk.release.record_id)

    def _show(self) -> None:
        span, count = self._span, len(self._walk.spans)
        state = "open" if span.decision is None else span.decision.outcome
        said = {"number": self._at + 1, "total": count, "state": self.line(f"walk.{state}"), "what": self._what(span)}
        self.query_one("#place", Static).update(self.say("walk.place", **said))
        self.query_one("#span", ReadingText).show(span.as_decided())
        self.query_one("#reading").scroll_home(animate=False)
        self.query_one("#note", Static).update(self._note(span))

    def _what(self, span: Span) -> str:
        """The paragraph or file by its number, a value by its question."""
        top, _, place = span.path.partition("/")
        number, _, _ = place.partition("/")
        if span.kind != "text" and number.isdecimal():
            return self.line(f"walk.{span.kind}", number=int(number) + 1)
        form = self._walk.stored.record.interview.form if self._walk.stored.record else None
        asked = next((one for one in form.fields if one.id == top), None) if form else None
        return span.path if asked is None else labelled(asked.label, self.language)

    def _note(self, span: Span) -> Content:
        if span.decision is not None and span.decision.outcome == "hide":
            return self.say("walk.hidden", why=self.line(f"reason.code.{span.decision.code}"))
        if any(one.path == span.path for one in self._walk.same):
            return self.say("walk.same-here")
        hidden = () if span.decision is None else span.decision.hidden
        return self.say("walk.held" if uncovered(span.held, hidden) else "walk.as-leaves")
