"""Whom words of an account mean: somebody who is mentioned already, or a new person, place or unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Static, TextArea

from testimony.forms.form import Form, Term
from testimony.hand_marks import HandMark
from testimony.mentions import owner_of
from tui.keys_on_screen import key
from tui.widgets.answer_parts import options_of
from tui.widgets.choice import Choice
from tui.widgets.editors import LineEditor
from tui.widgets.frame import program_of
from tui.widgets.reading import ReadingText
from tui.words import said


@dataclass(frozen=True, kw_only=True)
class Meant:
    """The words, whom they mean, and the role of somebody who is not mentioned yet; `mark` where the place is known."""

    words: str = field(repr=False)
    who: str = field(repr=False)
    role: str
    mark: HandMark | None = field(default=None, repr=False)


class MeaningDialog(ModalScreen[Meant | None]):
    """Asks for the words, where they are not known yet, then whom they mean; None where the person goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "go_on", "mark-now"), key("escape", "no", "close")]

    def __init__(self, mark: HandMark | None, names: Sequence[tuple[str, ...]], form: Form, role: str) -> None:
        super().__init__()
        self._mark = mark
        self._names = names
        self._roles = _roles_of(form)
        self._role = role

    def compose(self) -> ComposeResult:
        """The words, the name, and what a new name is."""
        language = program_of(self).language
        self.set_class(language == "ar", "-rtl")
        with Vertical(classes="dialog"):
            yield Static(said("marks.which-words" if self._mark is None else "marks.these-words", language))
            yield from self._words()
            yield Static(said("marks.whom", language), classes="label")
            yield LineEditor("" if self._mark is None else self._mark.who or self._mark.words, id="who")
            yield Static("", id="known", classes="quiet")
            yield Choice(options_of(self._roles, language), self._role or None, id="role")
            with Horizontal(classes="buttons"):
                yield Button(said("button.back", language), id="back")
                yield Button(said("button.mark", language), id="go-on")

    def _words(self) -> Iterator[Widget]:
        if self._mark is None:
            yield LineEditor(id="words")
        else:
            yield ReadingText(self._mark.words, classes="strong")

    def on_mount(self) -> None:
        """Whether the name is known already; the first line that is empty is written in."""
        self._say_whether_known()
        self.set_focus(self.query_one("#who" if self._mark is not None else "#words"))

    @property
    def _who(self) -> str:
        return self.query_one("#who", LineEditor).text.strip()

    @property
    def _is_known(self) -> bool:
        return owner_of(self._who, self._names) is not None

    @on(TextArea.Changed, "#who")
    def _say_whether_known(self) -> None:
        """A name that is known needs no role."""
        key_of_name = "marks.known" if self._is_known else "marks.new-name" if self._who else "marks.no-name"
        self.query_one("#known", Static).update(said(key_of_name, program_of(self).language))
        self.query_one("#role").display = bool(self._who) and not self._is_known

    @on(LineEditor.Submitted, "#words")
    def to_name(self) -> None:
        """On to whom they mean."""
        self.set_focus(self.query_one("#who"))

    @on(LineEditor.Submitted, "#who")
    @on(Button.Pressed, "#go-on")
    def action_go_on(self) -> None:
        """Mark, once there are words, a name, and a role for a new name."""
        words = self._mark.words if self._mark is not None else self.query_one("#words", LineEditor).text.strip()
        role = "" if self._is_known else self.query_one("#role", Choice).value or ""
        if not words:
            self.set_focus(self.query_one("#words"))
        elif not self._who:
            self.set_focus(self.query_one("#who"))
        elif not role and not self._is_known:
            self.set_focus(self.query_one("#role"))
        else:
            self.dismiss(Meant(words=words, who=self._who, role=role, mark=self._mark))

    @on(Button.Pressed, "#back")
    def action_no(self) -> None:
        """Back, nothing marked."""
        self.dismiss(None)


def _roles_of(form: Form) -> Sequence[Term]:
    """What somebody who is mentioned can be, in the words of the form."""
    members = next((asked.members for asked in form.fields if asked.id == "mentions"), ())
    return next((member.vocabulary for member in members if member.id == "role"), ())
