"""A list of places with their codes, as an organisation imports it (docs/format/gazetteer-v1.md)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from testimony.errors import GazetteerError, LimitExceededError, Line
from testimony.folding import fold, words

MAX_GAZETTEER: Final = 64 << 20  # bytes
MAX_PLACES: Final = 1_000_000
COLUMNS: Final = ("pcode", "level", "name_en", "name_ar")
COUNTRY: Final = re.compile(r"[A-Z]{2}")
_MAX_PROBLEMS: Final = 1_000

_PCODE: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{1,18}")
_LEVEL: Final = re.compile(r"[1-9]")
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{0,200}")
_QUOTED_LINE: Final = re.compile(r'(?:[^",]*|"(?:[^"]|"")*")(?:,(?:[^",]*|"(?:[^"]|"")*"))*')
_CELL: Final = re.compile(r'(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))')


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place of a gazetteer; it is public, and says nothing about anybody."""

    pcode: str
    level: int
    name_en: str
    name_ar: str

    @property
    def folded(self) -> str:
        """Every word of its names as they are compared, each with a blank before it."""
        return "".join(f" {word.folded}" for name in (self.name_en, self.name_ar) for word in words(name))


def read_gazetteer(data: bytes, country: str) -> Iterator[Place]:
    """The places of a file, one after the other; whoever takes them keeps none before the last one came.

    Raises:
        GazetteerError: Every line that breaks a rule, behind the last place; or at once where no line can be read.
        LimitExceededError: The file is longer, or has more lines, than the format allows.
    """
    if len(data) > MAX_GAZETTEER:
        raise LimitExceededError("gazetteer-too-long", "gazetteer")
    lines = _lines(data)
    order = _order(lines[0])
    if len(lines) - 1 > MAX_PLACES:
        raise LimitExceededError("gazetteer-too-long", "gazetteer")
    problems: list[Line] = []
    seen: set[str] = set()
    for number, line in enumerate(lines[1:], start=2):
        found = _place(line, order, country, seen)
        if isinstance(found, Place):
            seen.add(found.pcode)
            yield found
        elif len(problems) < _MAX_PROBLEMS:
            problems.append(Line(number=number, rule=found))
    if problems:
        raise GazetteerError("lines", problems)
    if not seen:
        raise GazetteerError("no-places")


def query_words(text: str) -> tuple[str, ...]:
    """What is looked for, as it is compared."""
    return tuple(word.folded for word in words(fold(text)))


def _lines(data: bytes) -> list[str]:
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        raise GazetteerError(
            "not-utf-8", [Line(number=data.count(b"\n", 0, error.start) + 1, rule="not-utf-8")]
        ) from None
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if not lines:
        raise GazetteerError("no-places")
    return [line.removesuffix("\r") for line in lines]


def _order(heading: str) -> tuple[int, ...]:
    names = [cell.strip().casefold() for cell in _cells(heading) or ()]
    if sorted(names) != sorted(COLUMNS):
        raise GazetteerError("columns", [Line(number=1, rule="columns")])
    return tuple(names.index(name) for name in COLUMNS)


def _cells(line: str) -> list[str] | None:
    """The cells of a line by RFC 4180; None where its quotes are not as they should be."""
    if '"' not in line:
        return line.split(",")
    if _QUOTED_LINE.fullmatch(line) is None:
        return None
    return [quoted.replace('""', '"') if quoted else plain for quoted, plain in _CELL.findall(line)]


def _place(line: str, order: Sequence[int], country: str, seen: set[str]) -> "Place | str":
    """The place of a line, or the rule that it breaks."""
    cells = _cells(line)
    if cells is None or len(cells) != len(COLUMNS):
        return "cells"
    pcode, level, name_en, name_ar = (cells[index] for index in order)
    named = _NAME.fullmatch(name_en) and _NAME.fullmatch(name_ar) and (name_en + name_ar).strip()
    rules = (
        (_PCODE.fullmatch(pcode), "pcode"),
        (pcode.startswith(country), "other-country"),
        (pcode not in seen, "pcode-twice"),
        (_LEVEL.fullmatch(level), "level"),
        (named, "name"),
    )
    broken = next((rule for holds, rule in rules if not holds), None)
    return broken or Place(pcode=pcode, level=int(level), name_en=name_en, name_ar=name_ar)
