"""Places in an account where a mark may be missing.  They propose: nothing is marked by them and nothing cleared.

Only the record itself and lists of places are asked, never what another witness said (record.md, section 6).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from testimony.dates import digits_to_ascii
from testimony.interview import Interview
from testimony.leaks import Needle, identifying
from testimony.mentions import Mark, owner_of, people_named
from testimony.names import NameIndex, looks_like_a_date

Reason = Literal["in-record", "number", "address", "place"]

# Papers, plates and short numbers; longer ones are marked by themselves.
_PAPER: Final = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,3}[ -]?)?[0-9]{5,12}(?![A-Za-z0-9])")
_ADDRESS: Final = re.compile(r"[^\s@<>()\",;:]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}|(?<!\w)@\w{3,40}")


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Unmarked words of a paragraph, numbered from 1 as in a hand mark; `who` where the record tells whom they mean."""

    paragraph: int
    occurrence: int
    reason: Reason
    words: str = field(repr=False)
    who: str = field(default="", repr=False)


def suggestions_for(interview: Interview, marks: Sequence[Mark], places: Iterable[str] = ()) -> tuple[Suggestion, ...]:
    """Where a text of this record that identifies somebody, a number, an address or one of these places is unmarked."""
    needles = identifying(interview)
    finders = _Finders(
        needles=needles,
        known=NameIndex(
            [(one.text,) for one in needles], phrases=[n for n, one in enumerate(needles) if not one.parts]
        ),
        places=_index_of_places(places),
    )
    found: list[Suggestion] = []
    for number, text in enumerate(interview.paragraphs):
        taken = [(one.start, one.end) for one in marks if one.paragraph == number]
        for start, end, reason, needle in _in_paragraph(text, finders):
            if not any(start < stop and begin < end for begin, stop in taken):
                taken.append((start, end))
                found.append(_suggestion(interview, number, (start, end), reason, needle))
    return tuple(sorted(found, key=lambda one: (one.paragraph, one.words, one.occurrence)))


@dataclass(frozen=True, kw_only=True)
class _Finders:
    needles: Sequence[Needle] = field(repr=False)
    known: NameIndex
    places: NameIndex


def _index_of_places(places: Iterable[str]) -> NameIndex:
    listed = [(name,) for name in dict.fromkeys(places)]
    return NameIndex(listed, phrases=range(len(listed)))


def _in_paragraph(text: str, finders: _Finders) -> Iterator[tuple[int, int, Reason, Needle | None]]:
    for one in finders.known.find(text):
        yield one.start, one.end, "in-record", finders.needles[one.owner]
    for match in _ADDRESS.finditer(text):
        yield *match.span(), "address", None
    for match in _PAPER.finditer(digits_to_ascii(text)):
        if not looks_like_a_date(match[0]):
            yield *match.span(), "number", None
    for one in finders.places.find(text):
        yield one.start, one.end, "place", None


def _suggestion(
    interview: Interview, number: int, span: tuple[int, int], reason: Reason, needle: Needle | None
) -> Suggestion:
    text = interview.paragraphs[number]
    words = text[span[0] : span[1]]
    return Suggestion(
        paragraph=number + 1,
        occurrence=_occurrence(text, words, span[0]),
        reason=reason,
        words=words,
        who="" if needle is None else _who(interview, needle),
    )


def _occurrence(text: str, words: str, start: int) -> int:
    """Which of the places where these words stand begins there, counted as a hand mark counts them."""
    count, place = 1, text.find(words)
    while 0 <= place < start:
        place = text.find(words, place + len(words))
        count += place >= 0
    return count


def _who(interview: Interview, needle: Needle) -> str:
    """Whom the record means by these words; empty where it does not say."""
    marked = next((one.who for one in interview.hand_marks if one.words == needle.text), "")
    names: Collection[Sequence[str]] = people_named(interview)
    return marked or (needle.text if owner_of(needle.text, list(names)) is not None else "")
