"""Companions of a record: a translation, a transcript, an observation, each an object of its own class (companion-v1).

What the witness said is in the record alone.  A companion says which version it belongs to and who made it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from testimony.answers import NotAsked, elements_of, text_of
from testimony.canonical import JsonValue
from testimony.errors import InterviewError, Problem
from testimony.forms.form import Field, Form, FormKind
from testimony.forms.reading import companion_form
from testimony.interview import Interview, parse_interview
from testimony.mentions import MAX_NAMES, Person, mark
from testimony.model import Record

COMPANION_VERSION: Final = 1
_FORMS: Final[dict[FormKind, str]] = {
    "translation": "translation-1",
    "transcript": "transcript-1",
    "observation": "observation-1",
}
_EXHIBIT: Final = "source.exhibit"
_NAMES: Final = "mentions"


def form_of_kind(kind: FormKind) -> Form:
    """The form with which a companion of that kind is made.

    Raises:
        FormError: It is no companion's kind.
    """
    return companion_form(_FORMS.get(kind, ""))


def read_companion(value: JsonValue, kind: FormKind, source: Record, root: bytes) -> Interview:
    """The answers of a companion of this version of a record; which one it belongs to is filled in here.

    Raises:
        InterviewError: Every problem in it.
        LimitExceededError: A text or a list is longer than the format allows.
    """
    if not isinstance(value, dict):
        raise InterviewError([Problem(path="companion", rule="not-an-object")])
    given = value.get("source")
    if given is not None and not isinstance(given, dict):
        raise InterviewError([Problem(path="source", rule="not-an-object")])
    own: dict[str, JsonValue] = {"record": source.record_id, "version": source.version, "root": root.hex()}
    interview = parse_interview({**value, "source": {**(given or {}), **own}}, form_of_kind(kind))
    problems = (
        *_missing(interview),
        *_other_source(given or {}, own),
        *_about_source(interview, source),
        *_unknown_people(interview, source.persons),
    )
    if interview.hand_marks:
        # A mark means somebody whom its own record names; here the codes of the source do that.
        problems = (*problems, Problem(path="marks", rule="unknown-member"))
    if problems:
        raise InterviewError(problems)
    return interview


def companion_record(interview: Interview, source: Record, companion_id: str, control_number: str) -> Record:
    """The companion as it is committed to, with the codes of the source's people wherever it names them."""
    people = people_in(interview, source.persons)
    return Record(
        record_id=companion_id,
        version=COMPANION_VERSION,
        form=interview.form,
        interview=interview,
        persons=people,
        marks=mark(interview, people),
        control_number=control_number,
    )


def people_in(interview: Interview, people: Sequence[Person]) -> tuple[Person, ...]:
    """The people of the source in their order, each with the names by which the companion calls them as well."""
    written: dict[str, list[str]] = {}
    for element in elements_of(interview.answers.get(_NAMES, NotAsked())):
        code, who = (text_of(element.get(name, NotAsked())).strip() for name in ("code", "who"))
        written.setdefault(code, []).append(who)
    return tuple(
        replace(one, names=tuple(dict.fromkeys((*one.names, *written.get(one.code, ()))))[:MAX_NAMES]) for one in people
    )


def _missing(interview: Interview) -> Iterator[Problem]:
    for asked in interview.form.fields:
        if asked.id in interview.unparsed:
            yield Problem(path=asked.id, rule="unparsed")
        elif asked.required and not _answered(interview, asked):
            yield Problem(path=asked.id, rule="required")
    for place, element in enumerate(elements_of(interview.answers.get(_NAMES, NotAsked()))):
        if not all(text_of(element.get(name, NotAsked())).strip() for name in ("who", "code")):
            yield Problem(path=f"{_NAMES}/{place}", rule="required")


def _answered(interview: Interview, asked: Field) -> bool:
    if asked.type == "narrative":
        return any(paragraph.strip() for paragraph in interview.paragraphs)
    return not isinstance(interview.answers[asked.id], NotAsked)


def _other_source(given: dict[str, JsonValue], own: dict[str, JsonValue]) -> Iterator[Problem]:
    """A file that says whose companion it is must not become that of another version."""
    return (
        Problem(path=f"source.{name}", rule="other-source") for name in own if given.get(name, own[name]) != own[name]
    )


def _about_source(interview: Interview, source: Record) -> Iterator[Problem]:
    kind = interview.form.kind
    if kind == "translation" and len(interview.paragraphs) != len(source.interview.paragraphs):
        # What is withheld of a paragraph is withheld of its translation: so each has one, of the same number.
        yield Problem(path="account.text", rule="one-a-source-paragraph")
    numbers = {one.control_number for one in source.exhibits}
    if kind == "transcript" and text_of(interview.answers[_EXHIBIT]) not in numbers:
        yield Problem(path=_EXHIBIT, rule="no-such-exhibit")


def _unknown_people(interview: Interview, people: Sequence[Person]) -> Iterator[Problem]:
    codes = {one.code for one in people}
    for place, element in enumerate(elements_of(interview.answers.get(_NAMES, NotAsked()))):
        if text_of(element.get("code", NotAsked())) not in codes:
            yield Problem(path=f"{_NAMES}/{place}/code", rule="no-such-person")
