"""The only way from words to a widget: filtered, and never read as markup (screens.md, section 1)."""

from textual.content import Content

from tui.strings.sentences import Language, sentence
from tui.text_filter import display_line, display_safe


def shown(text: str) -> Content:
    """Stored text as it may be drawn, on as many lines as it has."""
    return Content(display_safe(text))


def shown_line(text: str) -> Content:
    """Stored text as it may be drawn, on one line."""
    return Content(display_line(text))


def said(key: str, language: Language, **values: object) -> Content:
    """One of our own sentences, with its values filtered."""
    return Content(sentence(key, language, **values))
