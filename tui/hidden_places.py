"""Hidden places of a record as they are called on a screen: by paragraph, by code, by the question of the form."""

from collections.abc import Iterable
from typing import Final

from testimony.forms.form import Form
from tui.answer_text import labelled
from tui.strings.sentences import Language, sentence
from vault.disclosure_requests import HiddenPlace

_ACCOUNT: Final = "account.text/"


def account_first(places: Iterable[HiddenPlace]) -> list[HiddenPlace]:
    """The places of the account in their order, then those of the other answers."""
    return sorted(places, key=lambda one: one.kind == "value")


def place_name(name: str, form: Form, language: Language) -> str:
    """The place of that path, or of that name in a redaction log, in words."""
    if not name.startswith(_ACCOUNT):
        return _value(name, form, language)
    number, _, inside = name.removeprefix(_ACCOUNT).partition("/")
    paragraph = int(number) + 1 if number.isdecimal() else number
    if not inside:
        return sentence("hidden.paragraph", language, number=paragraph)
    if inside.startswith("gap-"):
        return sentence("hidden.words", language, number=paragraph, gap=inside.removeprefix("gap-"))
    if inside[:1].isdigit():
        return sentence("hidden.some-words", language, number=paragraph)
    return sentence("hidden.name", language, number=paragraph, code=inside)


def _value(path: str, form: Form, language: Language) -> str:
    top, _, inside = path.partition("/")
    label = next((labelled(slot.label, language) for slot in form.fields if slot.id == top), "")
    if not label:
        return path
    return sentence("hidden.part", language, what=label, part=inside) if inside else label
