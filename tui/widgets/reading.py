"""Text to read: stored words and our own sentences."""

from textual.widgets import Static

from tui.words import shown


class ReadingText(Static):
    """Stored text, drawn through the filter; the place for Arabic reading order."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(shown(text), id=id, classes=classes)

    def show(self, text: str) -> None:
        """Replace the text."""
        self.update(shown(text))
