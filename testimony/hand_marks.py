"""Marks set by hand: words of a paragraph that mean someone, whatever they say (docs/format/interview-v1.md, 8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from testimony.answers import MAX_TEXT
from testimony.canonical import JsonValue
from testimony.errors import LimitExceededError, Problem

MAX_HAND_MARKS: Final = 10_000
_REQUIRED: Final = frozenset({"paragraph", "words", "who"})
_MEMBERS: Final = _REQUIRED | {"occurrence"}
_MAX_NUMBER: Final = 1 << 31


@dataclass(frozen=True, kw_only=True)
class HandMark:
    """The words of a paragraph, numbered from 1, that mean `who`: those that stand there for the k-th time, from 1.

    It holds the words and not their place, so that an edit beside them moves nothing.
    """

    paragraph: int
    words: str = field(repr=False)
    who: str = field(repr=False)
    occurrence: int = 1


def span_of(mark: HandMark, paragraphs: Sequence[str]) -> tuple[int, int] | None:
    """Where the words stand in their paragraph, in characters; None where they stand there no longer."""
    if mark.paragraph > len(paragraphs):
        return None
    text = paragraphs[mark.paragraph - 1]
    start = end = 0
    for _ in range(mark.occurrence):
        start = text.find(mark.words, end)
        if start < 0:
            return None
        end = start + len(mark.words)
    return start, end


def hand_marks_to_json(marks: Iterable[HandMark]) -> list[JsonValue]:
    """The member `marks` of an interview file."""
    return [
        {"occurrence": one.occurrence, "paragraph": one.paragraph, "who": one.who, "words": one.words} for one in marks
    ]


def read_hand_marks(value: JsonValue, problems: list[Problem]) -> tuple[HandMark, ...]:
    """The marks in a list; what is wrong with one is added to the problems.

    Raises:
        LimitExceededError: More than 10,000, or words longer than a text may be.
    """
    if not isinstance(value, list):
        problems.append(Problem(path="marks", rule="not-a-list"))
        return ()
    if len(value) > MAX_HAND_MARKS:
        raise LimitExceededError("too-many-marks", "marks")
    marks = []
    for place, one in enumerate(value):
        path = f"marks/{place}"
        if not isinstance(one, dict) or not one.keys() >= _REQUIRED or not one.keys() <= _MEMBERS:
            problems.append(Problem(path=path, rule="unknown-member" if isinstance(one, dict) else "not-an-object"))
        elif (mark := _read(one, path, problems)) is not None:
            marks.append(mark)
    return tuple(marks)


def _read(members: Mapping[str, JsonValue], path: str, problems: list[Problem]) -> HandMark | None:
    paragraph = _number(members["paragraph"], path, problems)
    occurrence = _number(members.get("occurrence", 1), path, problems)
    words, who = (_text(members[name], path, problems) for name in ("words", "who"))
    if not (paragraph and occurrence and words and who):
        return None
    return HandMark(paragraph=paragraph, words=words, who=who, occurrence=occurrence)


def _number(value: JsonValue, path: str, problems: list[Problem]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MAX_NUMBER:
        return value
    problems.append(Problem(path=path, rule="not-a-count"))
    return 0


def _text(value: JsonValue, path: str, problems: list[Problem]) -> str:
    """A text with something in it; blanks at its ends would be marked with it, so there are none."""
    if not isinstance(value, str) or not value or value != value.strip():
        problems.append(Problem(path=path, rule="mark-words"))
        return ""
    try:
        size = len(value.encode("utf-8"))
    except UnicodeEncodeError:
        problems.append(Problem(path=path, rule="lone-surrogate"))
        return ""
    if size > MAX_TEXT:
        raise LimitExceededError("text-too-long", path)
    return value
