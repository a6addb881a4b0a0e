"""The piece of an original text around the words that were searched for, and where they stand in it."""

import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from testimony.mentions import normalise_for_match
from vault.stems import stems_of, words_of

_BEFORE: Final = 60
_LONGEST: Final = 200
# A word of the original may carry marks and invisible characters that its normalised form has lost.
_MARKS: Final = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufe20-\ufe2f"
)
_WORD: Final = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """Original text, the found words in it as (start, end), and whether text was left out before and after."""

    text: str = field(repr=False)
    spans: tuple[tuple[int, int], ...]
    clipped: tuple[bool, bool]


def snippet_of(text: str, words: Collection[str]) -> Snippet:
    """At most 200 characters of `text` around the first of the normalised `words`, or of another form of them."""
    found = _found(text, frozenset(words))
    first = next(found, (0, 0))
    start = _word_start(text, max(0, first[0] - _BEFORE), first[0])
    end = _word_end(text, start)
    shown = itertools.takewhile(lambda span: span[1] <= end, itertools.chain((first,), found))
    return Snippet(
        text=text[start:end],
        spans=tuple((left - start, right - start) for left, right in shown if left < right),
        clipped=(start > 0, end < len(text)),
    )


def _found(text: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    stems = frozenset(stem for word in words for stem in stems_of(word))
    for match in _WORD.finditer(text):
        for word in words_of(normalise_for_match(match[0])):
            if word in words or stems & stems_of(word):
                yield match.span()
                break


def _word_start(text: str, start: int, first: int) -> int:
    if start == 0:
        return 0
    gap = text.find(" ", start, first)
    return start if gap < 0 else gap + 1


def _word_end(text: str, start: int) -> int:
    end = start + _LONGEST
    if end >= len(text):
        return len(text)
    gap = text.rfind(" ", start + _LONGEST // 2, end)
    return end if gap < 0 else gap
