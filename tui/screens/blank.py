"""Nothing at all, and the page for a window that is too small."""

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from tui.widgets.frame import program_of
from tui.words import said


class BlankScreen(Screen[None]):
    """Nothing, until F12 is pressed again."""


class TooSmallScreen(Screen[None]):
    """One sentence; everything else waits until the window is larger."""

    def compose(self) -> ComposeResult:
        """The sentence."""
        yield Static(said("small.page", program_of(self).language), id="small")
