"""First run: a vault, its passphrase made, typed back and used once before the first record."""

from collections.abc import Iterable
from typing import ClassVar, Literal, cast

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, LoadingIndicator, Static

from keys.errors import KeysError
from tui.keys_on_screen import key
from tui.places import SUFFIX, vaults_folder
from tui.screens.screen import Refused, VaultScreen
from tui.widgets.choice import Choice, Option
from tui.widgets.editors import LineEditor
from tui.widgets.frame import Note
from tui.widgets.passphrase import PassphraseField
from tui.words import shown_line

_STAGES = ("choose", "show", "type", "use")


class Created(Message):
    """The vault exists and is locked."""


class Opened(Message):
    """The vault was opened with the passphrase typed a second time."""


class CreateScreen(VaultScreen):
    """Four stages: choose, write down, type back, use once."""

    TITLE_KEY = "title.create"
    BINDINGS: ClassVar[list[BindingType]] = [key("f2", "next", "next"), key("escape", "back", "back")]

    def __init__(self, *, practice: bool) -> None:
        super().__init__()
        self._practice = practice
        self._stage = "choose"
        self._made = ""
        self._path = vaults_folder() / SUFFIX
        self._name: str | None = None
        self._code = "I-01" if practice else ""
        self._role = "field"
        self._kind = "words"
        self._typed = ""

    def body(self) -> Iterable[Widget]:
        """All four stages; one is shown."""
        yield Vertical(*self._choose(), id="choose", classes="page stage")
        yield Vertical(
            Static(self.say("create.write-down"), classes="strong"),
            Static("", id="made", classes="code"),
            Static(self.say("create.write-why"), classes="quiet"),
            id="show",
            classes="page stage",
        )
        yield Vertical(
            Static("", id="type-intro", classes="strong"),
            PassphraseField(id="type-field"),
            LoadingIndicator(id="working"),
            Static("", id="type-outcome"),
            id="type",
            classes="page stage",
        )
        yield Vertical(
            Static(self.say("create.use-once"), classes="strong"),
            PassphraseField(id="use-field"),
            Static("", id="use-outcome"),
            id="use",
            classes="page stage",
        )

    def about(self) -> str:
        """That it is for practice, in every stage."""
        return self.line("frame.practice") if self._practice else ""

    def _choose(self) -> Iterable[Widget]:
        yield Static(self.say("create.practice" if self._practice else "create.intro"))
        yield Note(self.say("create.name"), classes="label")
        yield LineEditor(self._name if self._name is not None else self._first_name(), id="name")
        yield Note(self.say("create.code"), classes="label")
        yield LineEditor(self._code, id="code")
        yield Note(self.say("create.role"), classes="label")
        yield Choice(self._options("role", ("field", "legal")), self._role, id="role")
        yield Note(self.say("create.kind"), classes="label")
        yield Choice(self._options("kind", ("words", "digits", "own")), self._kind, id="kind")
        yield self.buttons(Button(self.say("button.next"), id="next"))

    def _first_name(self) -> str:
        return self.line("create.practice-name") if self._practice else ""

    def keep(self) -> None:
        """Remember the choices, so that a change of the language changes none of them."""
        self._name = self.query_one("#name", LineEditor).text
        self._code = self.query_one("#code", LineEditor).text.strip()
        self._role = self.query_one("#role", Choice).value or "field"
        self._kind = self.query_one("#kind", Choice).value or "own"

    def _options(self, name: str, values: tuple[str, ...]) -> list[Option]:
        return [Option(value=value, label=self.line(f"create.{name}.{value}")) for value in values]

    def on_mount(self) -> None:
        """Begin with the choices."""
        self.query_one("#working").display = False
        self._go("choose", "#name")

    async def fill_anew(self) -> None:
        """Go on in the stage in hand, with the passphrase that was made."""
        self.query_one("#working").display = False
        self.query_one("#made", Static).update(shown_line(self._made))
        self._go(self._stage, "")

    def _go(self, stage: str, focus: str) -> None:
        self._stage = stage
        for name in _STAGES:
            self.query_one(f"#{name}").display = name == stage
        if focus:
            self.query_one(focus).focus()
        else:
            self.set_focus(None)

    @on(Button.Pressed, "#next")
    @on(PassphraseField.Submitted)
    def action_next(self) -> None:
        """The next stage."""
        {"choose": self._chosen, "show": self._written, "type": self._typed_back, "use": self._used}[self._stage]()

    def action_back(self) -> None:
        """One stage back, or to the first screen; after the vault exists there is no way back."""
        if self._stage in ("show", "type"):
            self._go("choose", "#name")
        elif self._stage == "choose":
            self.app.pop_screen()

    def _chosen(self) -> None:
        self.keep()
        name = (self._name or "").strip()
        if not name or name.startswith(".") or "/" in name or "\0" in name or len(name.encode(errors="replace")) > 80:  # noqa: PLR2004
            self.tell("create.bad-name", severity="warning")
            return
        self._path = vaults_folder() / f"{name}{SUFFIX}"
        if self._path.exists():
            self.tell("create.name-taken", severity="warning")
            return
        self._make_passphrase()

    def _make_passphrase(self) -> None:
        from keys.passphrase import generate_digits, generate_words  # noqa: PLC0415 - the word list is loaded here

        self._typed = ""
        self._made = {"words": generate_words, "digits": generate_digits}.get(self._kind, str)()
        self.query_one("#made", Static).update(shown_line(self._made))
        if self._made:
            self._go("show", "")
        else:
            self._ask("create.own-first")

    def _written(self) -> None:
        self._ask("create.type-back")

    def _ask(self, question: str) -> None:
        self.query_one("#type-intro", Static).update(self.say(question))
        self.query_one("#type-outcome", Static).update("")
        self._go("type", "#type-field")

    def _typed_back(self) -> None:
        field = self.query_one("#type-field", PassphraseField)
        if field.disabled:
            return
        typed = field.take()
        if not self._made and not self._typed:
            self._take_own(typed)
        elif _same(typed, self._made or self._typed):
            self._typed = typed
            self._create(typed)
        else:
            self.query_one("#type-outcome", Static).update(self.say("create.differs"))

    def _take_own(self, typed: str) -> None:
        from keys.passphrase import ambiguous_letters  # noqa: PLC0415 - loaded when they are needed
        from tui.opening import refuse_weak  # noqa: PLC0415

        try:
            refuse_weak(typed, self._path, self._code)
        except KeysError as error:
            self.query_one("#type-outcome", Static).update(self.failure(Refused(error)))
            return
        self._typed = typed
        self._ask("create.own-again")
        if ambiguous_letters(typed):
            self.query_one("#type-outcome", Static).update(self.say("create.twin-letters"))

    def _create(self, typed: str) -> None:
        self.query_one("#type-field", PassphraseField).disabled = True
        self.query_one("#working").display = True
        self.query_one("#type-outcome", Static).update(self.say("create.working"))
        profile: Literal["real", "practice"] = "practice" if self._practice else "real"
        role = cast("Literal['field', 'legal']", self._role)
        program, path, code = self.program, self._path, self._code

        def create() -> Message:
            from tui.opening import create_vault  # noqa: PLC0415 - the database is loaded in the worker
            from vault.settings import VaultSettings  # noqa: PLC0415 - as above

            settings = VaultSettings(profile=profile, code=code, role=role, language=program.language)
            create_vault(path, typed, settings, program.clock)
            return Created()

        self.do(create)

    @on(Created)
    def created(self) -> None:
        """The passphrase is forgotten here; it is needed once more."""
        self._made = self._typed = ""
        self.query_one("#made", Static).update("")
        self.query_one("#working").display = False
        self._go("use", "#use-field")

    def _used(self) -> None:
        field = self.query_one("#use-field", PassphraseField)
        if field.disabled:
            return
        typed = field.take()
        field.disabled = True
        self.query_one("#use-outcome", Static).update(self.say("unlock.working"))
        program, path = self.program, self._path

        def use() -> Message:
            from tui.opening import unlock_vault  # noqa: PLC0415 - the database is loaded in the worker

            program.session.open(lambda: unlock_vault(path, typed, program.clock))
            return Opened()

        self.do(use)

    @on(Opened)
    def opened(self) -> None:
        """Go to the list."""
        from tui.opening import show_records  # noqa: PLC0415 - loaded when it is needed

        show_records(self.program, self._path)

    def refused(self, message: Refused) -> None:
        """Say why; what was typed has to be typed again."""
        self.query_one("#working").display = False
        for name in ("type", "use"):
            self.query_one(f"#{name}-field", PassphraseField).disabled = False
            self.query_one(f"#{name}-outcome", Static).update(self.failure(message))
        self.query_one(f"#{self._stage}-field").focus()


def _same(typed: str, expected: str) -> bool:
    from keys.passphrase import normalise  # noqa: PLC0415 - the word list is loaded here

    try:
        return normalise(typed) == normalise(expected)
    except KeysError:
        return False
