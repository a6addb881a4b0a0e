"""Folded words: how two spellings of one word are compared.  Stored text is never folded, bytes are evidence.

The rules are those of docs/format/interview-v1.md, section "Folding"; a change of them asks for a new index version.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

# Alef, ya, kaf, ta marbuta and hamza of every Arabic-script keyboard to one letter; carriers lose their hamza by NFKD.
_LETTERS: Final = {
    "\u0671": "\u0627",
    "\u0672": "\u0627",
    "\u0673": "\u0627",
    "\u0629": "\u0647",
    "\u06c3": "\u0647",
    "\u06c1": "\u0647",
    "\u06be": "\u0647",
    "\u06d5": "\u0647",
    "\u0649": "\u064a",
    "\u06cc": "\u064a",
    "\u06d2": "\u064a",
    "\u06a9": "\u0643",
    "\u0621": "",
    "\u0640": "",
    "\u0674": "",
}
_DROPPED: Final = ("Mn", "Me", "Cf")


class _Folds(dict[int, str]):
    """Every character to its folded form, learned as it is met."""

    def __missing__(self, point: int) -> str:
        spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(point)).casefold())
        self[point] = "".join(_fold_one(character) for character in spread)
        return self[point]


def _fold_one(character: str) -> str:
    if unicodedata.category(character) in _DROPPED:
        return ""
    digit = unicodedata.decimal(character, None)
    return _LETTERS.get(character, character) if digit is None else str(digit)


_FOLDS = _Folds()

# A run of letters with the marks and invisible characters inside it, or a run of digits.
_INSIDE = (
    "\u00ad\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
)
_WORD: Final = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_INSIDE}])*|\d+")


class Word(NamedTuple):
    """A word of a text: where it stands, and its folded form."""

    start: int
    end: int
    folded: str

    def __repr__(self) -> str:
        return f"Word({self.start}, {self.end})"


def fold(text: str) -> str:
    """The text as it is compared: NFKC, no case, no marks, one form of alef, ya, kaf and ta marbuta, ASCII digits."""
    return text.translate(_FOLDS)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place of the original one."""
    folded: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(text):
        form = _FOLDS[ord(character)]
        folded.append(form)
        offsets.extend([index] * len(form))
    return "".join(folded), offsets


def words(text: str) -> Iterator[Word]:
    """The words of a text in their order, with their places in it."""
    for match in _WORD.finditer(text):
        folded = match[0].translate(_FOLDS)
        if folded:
            yield Word(match.start(), match.end(), folded)
