"""The field for a passphrase: no echo, no count, nothing to copy."""

from typing import ClassVar, Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.frame import program_of
from tui.words import said

MOST: Final = 4096  # characters kept; the rule about 1,024 bytes is told by keys.passphrase


class PassphraseField(Widget, can_focus=True):
    """Takes keys and a paste, tells in words which script was typed, and never shows how much."""

    DEFAULT_CSS: ClassVar[str] = "PassphraseField { height: 1; padding: 0 1; }"
    state: reactive[str] = reactive("empty")

    class Submitted(Message):
        """Enter was pressed in the field."""

        def __init__(self, field: "PassphraseField") -> None:
            self.field = field
            super().__init__()

        @property
        def control(self) -> "PassphraseField":
            """The field itself, so that handlers can be chosen by its id."""
            return self.field

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._typed: list[str] = []

    def take(self) -> str:
        """What was typed; the field is empty afterwards."""
        typed = "".join(self._typed)
        self.clear()
        return typed

    def clear(self) -> None:
        """Forget what was typed."""
        self._typed.clear()
        self.state = "empty"

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed yet."""
        return not self._typed

    def render(self) -> Content:
        """Which keyboard was used, in words: never the text, never its length."""
        return said(f"passphrase.{self.state}", program_of(self).language)

    def on_key(self, event: events.Key) -> None:
        """Take one key."""
        if event.key == "enter":
            self.post_message(self.Submitted(self))
        elif event.key in ("backspace", "ctrl+h"):
            del self._typed[-1:]
        elif event.key == "ctrl+u":
            self._typed.clear()
        elif event.is_printable and event.character is not None:
            self._add(event.character)
        else:
            return
        event.stop()
        event.prevent_default()
        self._tell()

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste without its line ends."""
        event.stop()
        self._add(event.text.rstrip("\r\n"))
        self._tell()

    def _add(self, text: str) -> None:
        self._typed.extend(text[: MOST - len(self._typed)])

    def _tell(self) -> None:
        from keys.passphrase import script_of  # noqa: PLC0415 - the word list is loaded with it, not at the first paint

        typed = self._typed
        self.state = "empty" if not typed else "space" if typed[-1].isspace() else script_of(typed)
