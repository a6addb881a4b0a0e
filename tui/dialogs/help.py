"""F1: what this screen is for, and what the keys do."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tui.keys_on_screen import key
from tui.strings.sentences import has_sentence
from tui.widgets.frame import key_name, program_of
from tui.words import said, shown_line


class HelpDialog(ModalScreen[None]):
    """Help for one screen."""

    BINDINGS: ClassVar[list[BindingType]] = [key("escape,enter", "dismiss", "close")]

    def __init__(self, about: Screen[object]) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """The purpose of the screen, the focused thing, then each key with its sentence."""
        program = program_of(self)
        language = program.language
        self.set_class(language == "ar", "-rtl")
        with VerticalScroll(classes="dialog"):
            yield Static(said(self._topic(), language), classes="strong")
            yield Static(said("help.keys", language), classes="label quiet")
            seen: set[str] = set()
            for active in self._about.active_bindings.values():
                tip = active.binding.tooltip
                if tip and tip not in seen and has_sentence(tip):
                    seen.add(tip)
                    name = key_name(active.binding.key)
                    yield Static(shown_line(f"{name:<10} ") + said(tip, language))

    def _topic(self) -> str:
        topic = getattr(self._about, "TITLE_KEY", "").replace("title.", "help.", 1)
        return topic if has_sentence(topic) else "help.general"
