"""Dates as people give them: the words first, then a value with bounds, never a guess (docs/format/interview-v1.md).

The expressions are a subset of EDTF of our own, since the two libraries tried widen or drop the qualifiers.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from testimony.errors import DateError

MAX_EXPRESSION: Final = 500  # characters
_MAX_CHOICES = 32
_OPEN = ("", "..")
_ONE = re.compile(r"(?P<year>[0-9X]{4})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?)?(?P<qualifier>[~?%]?)")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class _Digits(dict[int, int]):
    """Every decimal digit of Unicode to its ASCII twin, learned as it is met."""

    def __missing__(self, point: int) -> int:
        digit = unicodedata.decimal(chr(point), None)
        self[point] = point if digit is None else ord("0") + digit
        return self[point]


_DIGITS = _Digits()


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The first and last day that a date expression allows; None where that end is open."""

    earliest: date | None
    latest: date | None
    approximate: bool = False
    uncertain: bool = False


@dataclass(frozen=True, kw_only=True)
class When:
    """A time as it was told, and what was made of it; None where nothing was given."""

    verbatim: str | None = field(default=None, repr=False)
    calendar: str | None = None
    edtf: str | None = field(default=None, repr=False)
    earliest: date | None = field(default=None, repr=False)
    latest: date | None = field(default=None, repr=False)
    qualifier: str | None = None
    basis: str | None = None
    anchor: str | None = field(default=None, repr=False)
    time_of_day: str | None = field(default=None, repr=False)

    def bounds(self) -> Bounds | None:
        """The stated bounds, else those of the expression; None where only words were given.

        Raises:
            DateError: The expression is outside the subset.
        """
        if self.earliest is not None or self.latest is not None:
            return Bounds(earliest=self.earliest, latest=self.latest)
        return None if self.edtf is None else parse_edtf(self.edtf)


def digits_to_ascii(text: str) -> str:
    """The text with Arabic-Indic, Persian and all other decimal digits as 0 to 9."""
    return text.translate(_DIGITS)


def parse_time(text: str) -> datetime:
    """The moment of an RFC 3339 time with seconds and an offset; any decimal digits.

    Raises:
        DateError: Another shape, or a moment that no calendar has.
    """
    ascii_text = digits_to_ascii(text)
    if _TIME.fullmatch(ascii_text) is None:
        raise DateError("bad-time")
    try:
        return datetime.fromisoformat(ascii_text)
    except ValueError:
        raise DateError("no-such-time") from None


def parse_day(text: str) -> date:
    """The day of a YYYY-MM-DD date; any decimal digits.

    Raises:
        DateError: Another shape, or a day that no calendar has.
    """
    ascii_text = digits_to_ascii(text)
    if _DAY.fullmatch(ascii_text) is None:
        raise DateError("bad-date")
    try:
        return date.fromisoformat(ascii_text)
    except ValueError:
        raise DateError("no-such-day") from None


def parse_edtf(text: str) -> Bounds:
    """The bounds of a date expression: YYYY, YYYY-MM, YYYY-MM-DD, X digits, `~ ? %`, intervals, one-of sets.

    Raises:
        DateError: Outside the subset, a day that does not exist, or an interval that ends before it starts.
    """
    if len(text) > MAX_EXPRESSION:
        raise DateError("too-long")
    ascii_text = digits_to_ascii(text)
    if ascii_text.startswith("[") and ascii_text.endswith("]"):
        return _one_of(ascii_text[1:-1])
    if "/" in ascii_text:
        return _interval(ascii_text, "/")
    return _single(ascii_text)


def _one_of(text: str) -> Bounds:
    parts = text.split(",")
    if len(parts) > _MAX_CHOICES:
        raise DateError("too-many-choices")
    return _hull([_interval(part, "..") if ".." in part else _single(part) for part in parts])


def _interval(text: str, separator: str) -> Bounds:
    start, _, end = text.partition(separator)
    first = None if start in _OPEN else _single(start)
    last = None if end in _OPEN else _single(end)
    earliest = None if first is None else first.earliest
    latest = None if last is None else last.latest
    if earliest is None and latest is None:
        raise DateError("no-date")
    if earliest is not None and latest is not None and latest < earliest:
        raise DateError("ends-before-it-starts")
    ends = [end for end in (first, last) if end is not None]
    return Bounds(
        earliest=earliest,
        latest=latest,
        approximate=any(end.approximate for end in ends),
        uncertain=any(end.uncertain for end in ends),
    )


def _hull(choices: list[Bounds]) -> Bounds:
    earliest = [choice.earliest for choice in choices if choice.earliest is not None]
    latest = [choice.latest for choice in choices if choice.latest is not None]
    return Bounds(
        earliest=min(earliest) if len(earliest) == len(choices) else None,
        latest=max(latest) if len(latest) == len(choices) else None,
        approximate=any(choice.approximate for choice in choices),
        uncertain=any(choice.uncertain for choice in choices),
    )


def _single(text: str) -> Bounds:
    match = _ONE.fullmatch(text)
    if match is None:
        raise DateError("bad-date")
    year, month, day, qualifier = match.group("year", "month", "day", "qualifier")
    years = _fitting(year, 1, 9999)
    months = _fitting(month or "XX", 1, 12)
    days = _fitting(day or "XX", 1, 31)
    return Bounds(
        earliest=_first_day(years, months, days),
        latest=_first_day(years[::-1], months[::-1], days[::-1]),
        approximate=qualifier in ("~", "%"),
        uncertain=qualifier in ("?", "%"),
    )


def _fitting(pattern: str, lowest: int, highest: int) -> list[int]:
    width = len(pattern)
    if "X" not in pattern:
        number = int(pattern)
        return [number] if lowest <= number <= highest else []
    shape = re.compile(pattern.replace("X", "[0-9]"))
    return [number for number in range(lowest, highest + 1) if shape.fullmatch(f"{number:0{width}}")]


def _first_day(years: list[int], months: list[int], days: list[int]) -> date:
    for found in _days(years, months, days):
        return found
    raise DateError("no-such-day")


def _days(years: list[int], months: list[int], days: list[int]) -> Iterator[date]:
    for year in years:
        for month in months:
            for day in days:
                try:
                    yield date(year, month, day)
                except ValueError:
                    continue  # 30 February is no day; the next candidate may be one
