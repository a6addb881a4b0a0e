"""The text filter: what stands between stored words and every widget and terminal line (security.md, section 4)."""

import unicodedata
from itertools import groupby
from typing import Final

_BIDI_NAMES: Final = {
    0x061C: "ALM",
    0x200E: "LRM",
    0x200F: "RLM",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
}
# Letters and marks by category that nevertheless draw nothing.
_BLANK_LETTERS: Final = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0})
_BLANK_MARKS: Final = frozenset({*range(0x180B, 0x180F), *range(0xE0100, 0xE01F0)})
# Format characters that Arabic script needs: joiners, and the number signs, which are visible.
_KEPT_FORMATS: Final = frozenset({0x200C, 0x200D, *range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2})
_LINE_MARKS: Final = {"\n": "␊", "\t": "␉"}
_MARKS_SHOWN: Final = 6  # vocalised Arabic needs three on one letter; more only floods the row above


def _stand_in(point: int) -> str | None:
    """The visible mark for a character a terminal acts on or nobody sees; None where the character may stand."""
    if point < 0x20:  # noqa: PLR2004 - the C0 block
        return None if point in (9, 10) else chr(0x2400 + point)
    if point == 0x7F:  # noqa: PLR2004 - DEL has its own picture
        return "␡"
    if name := _BIDI_NAMES.get(point):
        return f"‹{name}›"
    if point in _BLANK_LETTERS or point in _BLANK_MARKS:
        return f"‹{point:04X}›"
    character = chr(point)
    if character.isprintable() or point in _KEPT_FORMATS:
        return None
    return " " if unicodedata.category(character) == "Zs" else f"‹{point:02X}›"


class _Marks(dict[int, str | int]):
    """A translation table that decides on each character once."""

    def __missing__(self, point: int) -> str | int:
        mark = _stand_in(point)
        self[point] = point if mark is None else mark
        return self[point]


_MARKS: Final = _Marks()


def display_safe(text: str) -> str:
    """The text with every control, direction and invisible character as a visible mark; line ends and tabs stay."""
    shown = text.translate(_MARKS)
    return shown if shown.isascii() else _without_floods(shown)


def display_line(text: str) -> str:
    """As `display_safe`, on one line: line ends and tabs become marks too."""
    shown = display_safe(text)
    for character, mark in _LINE_MARKS.items():
        shown = shown.replace(character, mark)
    return shown


def _without_floods(text: str) -> str:
    if not any(map(unicodedata.combining, text)):
        return text
    return "".join(_bounded(list(run)) if marks else "".join(run) for marks, run in groupby(text, _is_mark))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"}


def _bounded(run: list[str]) -> str:
    left_out = len(run) - _MARKS_SHOWN
    return "".join(run) if left_out <= 0 else "".join(run[:_MARKS_SHOWN]) + f"‹+{left_out}›"
