"""An interview as it was taken: nothing dropped and nothing guessed (docs/format/interview-v1.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from testimony.answers import (
    MAX_TEXT,
    Answer,
    Members,
    NotAsked,
    answer_to_json,
    elements_of,
    read_answer,
    text_of,
    texts_of,
)
from testimony.canonical import JsonValue
from testimony.errors import InterviewError, LimitExceededError, Problem
from testimony.forms.form import Field, Form
from testimony.forms.reading import core_form
from testimony.hand_marks import HandMark, hand_marks_to_json, read_hand_marks

MAX_INTERVIEW: Final = 64 * 1024 * 1024  # bytes of JSON: whatever the limits of its parts allow, this file holds

# Where a field stands in the file when its place is not `group.name` of its id.
_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "session.language": ("language",),
    "account.text": ("account", "paragraphs"),
}
_REMARKS: Final = ("practice", "note", "marks", "unparsed")


@dataclass(frozen=True, kw_only=True)
class Interview:
    """The answers to one form; `answers` has every field of the form, `unparsed` what was typed and is no value yet."""

    form: Form = field(repr=False)
    answers: Mapping[str, Answer] = field(repr=False)
    practice: bool = False
    note: str = field(default="", repr=False)
    hand_marks: tuple[HandMark, ...] = field(default=(), repr=False)
    unparsed: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The account, one text a paragraph, exactly as stored."""
        return texts_of(self.answers["account.text"])

    @property
    def language(self) -> str:
        """The ISO 639-3 code of the interview's language; empty where it was not given."""
        return text_of(self.answers["session.language"])

    def answered(self, field_id: str, value: JsonValue) -> "Interview":
        """The interview with one answer read anew from its JSON value.

        Raises:
            InterviewError: The value breaks a rule of its field, or there is no such field.
            LimitExceededError: It is longer than the format allows.
        """
        asked = _field_of(self.form, field_id)
        problems: list[Problem] = []
        answer = read_answer(value, asked, field_id, problems)
        problems += _repeated_choices(field_id, answer)
        if problems:
            raise InterviewError(problems)
        rest = {name: text for name, text in self.unparsed.items() if name != field_id}
        return replace(self, answers={**self.answers, field_id: answer}, unparsed=rest)

    def typed(self, field_id: str, text: str) -> "Interview":
        """The interview that keeps what was typed for a field although it is no value yet: a lock costs no word.

        Raises:
            InterviewError: There is no such field.
            LimitExceededError: It is longer than an answer may be.
        """
        _field_of(self.form, field_id)
        _refuse_long(text, field_id)
        return replace(self, unparsed={**self.unparsed, field_id: text})

    def to_json(self) -> JsonValue:
        """The JSON value that `parse_interview` reads back as the same interview; what was not asked is left out."""
        value: dict[str, JsonValue] = {"practice": self.practice}
        if self.note:
            value["note"] = self.note
        for asked in self.form.fields:
            answer = self.answers[asked.id]
            if not isinstance(answer, NotAsked):
                _put(value, place_of(asked.id), answer_to_json(answer))
        if self.hand_marks:
            value["marks"] = hand_marks_to_json(self.hand_marks)
        if self.unparsed:
            value["unparsed"] = dict(self.unparsed)
        return value


def empty_interview(language: str = "", *, practice: bool = False, form: Form | None = None) -> Interview:
    """An interview in which nothing was asked yet; the language may be given at once.

    Raises:
        InterviewError: The language is no ISO 639-3 code.
    """
    form = form or core_form()
    blank = Interview(form=form, answers={asked.id: NotAsked() for asked in form.fields}, practice=practice)
    return blank.answered("session.language", language) if language else blank


def parse_interview(value: JsonValue, form: Form | None = None) -> Interview:
    """The interview in a JSON value.

    Raises:
        InterviewError: Every problem found, in the order of the form.
        LimitExceededError: A text, a list or the account is longer than the format allows.
    """
    form = form or core_form()
    if not isinstance(value, dict):
        raise InterviewError([Problem(path="interview", rule="not-an-object")])
    problems: list[Problem] = _unknown_places(value, form)
    answers: dict[str, Answer] = {}
    for asked in form.fields:
        answers[asked.id] = read_answer(_get(value, place_of(asked.id)), asked, asked.id, problems)
        problems += _repeated_choices(asked.id, answers[asked.id])
    interview = Interview(
        form=form,
        answers=answers,
        practice=_practice(value, problems),
        note=_note(value, problems),
        hand_marks=read_hand_marks(value.get("marks", []), problems),
        unparsed=_unparsed(value, form, problems),
    )
    if problems:
        raise InterviewError(problems)
    return interview


def place_of(field_id: str) -> tuple[str, ...]:
    """The keys under which a field stands in an interview file."""
    return _PLACES.get(field_id) or tuple(field_id.split("."))


def _field_of(form: Form, field_id: str) -> Field:
    found = next((asked for asked in form.fields if asked.id == field_id), None)
    if found is None:
        raise InterviewError([Problem(path="interview", rule="unknown-member")])
    return found


def _refuse_long(text: str, path: str) -> None:
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise InterviewError([Problem(path=path, rule="lone-surrogate")]) from None
    if size > MAX_TEXT:
        raise LimitExceededError("text-too-long", path)


def _put(value: dict[str, JsonValue], place: tuple[str, ...], inner: JsonValue) -> None:
    if len(place) == 1:
        value[place[0]] = inner
        return
    group = value.setdefault(place[0], {})
    if isinstance(group, dict):
        group[place[1]] = inner


def _get(value: dict[str, JsonValue], place: tuple[str, ...]) -> JsonValue:
    found: JsonValue = value
    for key in place:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _unknown_places(value: dict[str, JsonValue], form: Form) -> list[Problem]:
    """One problem for each member that no field of the form stands at: nothing is dropped in silence."""
    places = {place_of(asked.id) for asked in form.fields}
    groups = {place[0] for place in places if len(place) > 1}
    problems = []
    for key, inner in value.items():
        if key in groups:
            problems += _unknown_in_group(key, inner, places)
        elif (key,) not in places and key not in _REMARKS:
            problems.append(Problem(path="interview", rule="unknown-member"))
    return problems


def _unknown_in_group(group: str, inner: JsonValue, places: set[tuple[str, ...]]) -> list[Problem]:
    if inner is None:
        return []
    if not isinstance(inner, dict):
        return [Problem(path=group, rule="not-an-object")]
    return [Problem(path=group, rule="unknown-member") for key in inner if (group, key) not in places]


def _repeated_choices(field_id: str, answer: Answer) -> list[Problem]:
    """C2: two answers for one recipient and purpose would contradict each other."""
    if field_id not in ("consent.share", "consent.identity"):
        return []
    pairs = [_pair(element) for element in elements_of(answer)]
    return [Problem(path=field_id, rule="C2-repeated")] if len(set(pairs)) != len(pairs) else []


def _pair(element: Members) -> tuple[str, str]:
    return text_of(element.get("recipient", NotAsked())), text_of(element.get("purpose", NotAsked()))


def _practice(value: dict[str, JsonValue], problems: list[Problem]) -> bool:
    practice = value.get("practice", False)
    if isinstance(practice, bool):
        return practice
    problems.append(Problem(path="practice", rule="not-yes-or-no"))
    return False


def _note(value: dict[str, JsonValue], problems: list[Problem]) -> str:
    note = value.get("note", "")
    if isinstance(note, str):
        _refuse_long(note, "note")
        return note
    problems.append(Problem(path="note", rule="not-a-text"))
    return ""


def _unparsed(value: dict[str, JsonValue], form: Form, problems: list[Problem]) -> dict[str, str]:
    typed = value.get("unparsed", {})
    known = {asked.id for asked in form.fields}
    if not isinstance(typed, dict) or not known.issuperset(typed):
        problems.append(Problem(path="unparsed", rule="unknown-member"))
        return {}
    kept = {name: text for name, text in typed.items() if isinstance(text, str)}
    if len(kept) != len(typed):
        problems.append(Problem(path="unparsed", rule="not-a-text"))
    for name, text in kept.items():
        _refuse_long(text, name)
    return kept
