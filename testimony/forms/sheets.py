"""The sheets of an XLSForm as rows of named cells (docs/format/xlsform-v1.md)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from testimony.errors import FormError
from testimony.forms.form import Label

MAX_CELL: Final = 4_096  # characters

Rows = Sequence[Sequence[str]]

_LABEL_COLUMN: Final = re.compile(r"label(?:\s*::?\s*(?P<language>.+))?", re.IGNORECASE)
_CODE: Final = re.compile(r"\((?P<code>[A-Za-z-]+)\)\s*$")
_LANGUAGES: Final[Mapping[str, str]] = {
    "en": "en",
    "english": "en",
    "ar": "ar",
    "arabic": "ar",
    "العربية": "ar",
    "عربي": "ar",
}
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_BLANKS: Final = re.compile(r"\s+")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MAX_LABEL: Final = 500  # characters


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """The cells of the three sheets, the names of all others, and how many cells were computed."""

    survey: Rows
    choices: Rows = ()
    settings: Rows = ()
    other_sheets: tuple[str, ...] = ()
    formulas: int = 0


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One row: its number as a person sees it, and its cells that hold something, by the name of their column."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """The cell of a column; empty where there is none."""
        return self.cells.get(column, "")

    def languages(self, default: str) -> dict[str, str]:
        """The labels by language; one without a language is of the form's default, or of its script."""
        labels: dict[str, str] = {}
        plain = ""
        for column, text in self.cells.items():
            found = _LABEL_COLUMN.fullmatch(column)
            if found is None:
                continue
            language = language_of(found["language"]) if found["language"] else None
            if found["language"] is None:
                plain = text
            elif language is not None:
                labels[language] = text
        if plain:
            labels.setdefault(default or ("ar" if _ARABIC.search(plain) else "en"), plain)
        return labels


def rows_of(sheet: str, rows: Rows, *, needed: Sequence[str]) -> tuple[SheetRow, ...]:
    """The rows behind the heading that hold something.

    Raises:
        FormError: A column that is needed is missing ("no-column"), or a heading stands there twice ("column-twice").
    """
    if not rows:
        return ()
    headings = [_heading(cell) for cell in rows[0]]
    named = [heading for heading in headings if heading]
    if len(set(named)) != len(named):
        raise FormError("column-twice", sheet)
    if any(column not in named for column in needed):
        raise FormError("no-column", sheet)
    return tuple(_rows(sheet, headings, rows))


def language_of(words: str) -> str | None:
    """The language a column is in, by its code in brackets or by its name; None for every other than en and ar."""
    code = _CODE.search(words)
    return _LANGUAGES.get((code["code"] if code else words).strip().casefold())


def is_label(column: str) -> bool:
    """Whether a column holds labels in a language that a form has."""
    found = _LABEL_COLUMN.fullmatch(column)
    return found is not None and (not found["language"] or language_of(found["language"]) is not None)


def label_of(words: str) -> str:
    """The words as a label: on one line, without what a terminal would act on, no longer than a label may be."""
    text = _UNSEEN.sub("", _BLANKS.sub(" ", words)).strip()
    return text if len(text) <= MAX_LABEL else text[: MAX_LABEL - 1] + "…"


def both(labels: Mapping[str, str], otherwise: str) -> Label:
    """One label in both languages; a language that is missing has the words of the other."""
    english, arabic = labels.get("en", ""), labels.get("ar", "")
    return Label(en=label_of(english or arabic) or otherwise, ar=label_of(arabic or english) or otherwise)


def _rows(sheet: str, headings: Sequence[str], rows: Rows) -> Iterator[SheetRow]:
    for number, row in enumerate(rows[1:], start=2):
        cells = {heading: text for heading, text in zip(headings, row, strict=False) if text}
        beyond = [text for heading, text in zip(headings, row, strict=False) if text and not heading]
        cells.pop("", None)
        if beyond or any(row[len(headings) :]):
            cells["(no heading)"] = "x"
        if cells:
            yield SheetRow(sheet=sheet, number=number, cells=cells)


def _heading(cell: str) -> str:
    text = _BLANKS.sub(" ", cell).strip()
    return text if _LABEL_COLUMN.fullmatch(text) else text.casefold().replace(" ", "_")
