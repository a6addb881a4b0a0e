"""The sentences in the language of the person who reads them."""

import os
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Final, Literal

from tui.text_filter import display_safe

Language = Literal["en", "ar"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "ar")


def sentence(key: str, language: Language, **values: object) -> str:
    """The sentence of that key, its values shown through the text filter; the key itself where none is written."""
    pattern = catalogue(language).get(key)
    if pattern is None:
        return key
    return _FORMATTER.vformat(pattern, (), {name: _shown(value) for name, value in values.items()})


def has_sentence(key: str) -> bool:
    """Whether the catalogues know the key."""
    return key in catalogue("en")


def language_from_environment(environment: Mapping[str, str] | None = None) -> Language:
    """Arabic where LANGUAGE, LC_ALL, LC_MESSAGES or LANG asks for it first, otherwise English."""
    variables = os.environ if environment is None else environment
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := variables.get(name):
            return "ar" if value.lower().split(":")[0].split("_")[0].split(".")[0] == "ar" else "en"
    return "en"


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """All sentences of one language by key."""
    if language == "ar":
        from tui.strings.ar.catalogue import SENTENCES as ARABIC  # noqa: PLC0415 - only the language read is loaded

        return ARABIC
    from tui.strings.en.catalogue import SENTENCES as ENGLISH  # noqa: PLC0415 - as above

    return ENGLISH


def placeholders(pattern: str) -> frozenset[str]:
    """The names of the values a sentence asks for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(pattern) if name is not None)


def _shown(value: object) -> str:
    return display_safe(str(value))


class _Plain(Formatter):
    """Values are put in as they are: no attribute, index or format code; a missing one shows its own name."""

    def get_field(self, field_name: str, _args: object, kwargs: Mapping[str, object]) -> tuple[object, str]:
        return kwargs.get(field_name, f"{{{field_name}}}"), field_name


_FORMATTER: Final = _Plain()
