"""The conditions of a bundle, to be read and accepted before anything of it enters."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.keys_on_screen import key
from tui.screens.screen import VaultScreen
from tui.widgets.reading import ReadingText


class ConditionsScreen(VaultScreen):
    """Hands back the conditions where the body accepts them, and None where it does not."""

    TITLE_KEY = "title.conditions"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f2", "accept", "accept-conditions"),
        key("escape", "back", "back"),
    ]

    def __init__(self, conditions: str) -> None:
        super().__init__()
        self._conditions = conditions

    def body(self) -> Iterable[Widget]:
        """The question, the conditions, the button."""
        yield VerticalScroll(
            Static(self.say("conditions.intro"), classes="strong"),
            ReadingText(self._conditions),
            self.buttons(Button(self.say("button.accept-conditions"), id="accept")),
            classes="page",
        )

    @on(Button.Pressed, "#accept")
    def action_accept(self) -> None:
        """The body accepts them."""
        self.dismiss(self._conditions)

    def action_back(self) -> None:
        """It does not, or not now."""
        self.dismiss(None)
