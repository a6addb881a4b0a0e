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


def shown_among(before: str, words: str, after: str) -> Content:
    """Stored words on one line, reversed, with what stands around them."""
    return Content.assemble(shown_line(before), shown_line(words).stylize("reverse"), shown_line(after))


def said(key: str, language: Language, **values: object) -> Content:
    """One of our own sentences, with its values filtered."""
    return Content(sentence(key, language, **values))
