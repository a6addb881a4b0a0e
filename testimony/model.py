"""A finished record's content: the interview, who is named in it and where, and its exhibits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, cast

from testimony.answers import MAX_ELEMENTS, Answer, Blob, Given, Members, NotAsked, elements_of, text_of
from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text, decode, encode
from testimony.coarsening import coarsened
from testimony.errors import CanonicalError
from testimony.forms.form import Form
from testimony.forms.reading import core_form
from testimony.interview import MAX_INTERVIEW, Interview, parse_interview
from testimony.mentions import (
    ALIAS,
    MAX_MARKS,
    MAX_NAMES,
    MAX_PEOPLE,
    PERSON_ID_SIZE,
    Kind,
    Mark,
    Person,
    code_of,
)

FORMAT: Final = "testimony-record 1"
MAX_RECORD: Final = 2 * MAX_INTERVIEW  # bytes of JSON
MAX_VERSION: Final = 10_000

RECORD_ID: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
CONTROL_NUMBER: Final = re.compile(r"[A-Z0-9]{2,6}-[0-9]{7}")
_EXTENSION = re.compile(r"[a-z0-9]{0,16}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEX_ID = re.compile(rf"[0-9a-f]{{{2 * PERSON_ID_SIZE}}}")
_EXHIBIT_TEXTS: Final = ("kind", "title", "original_name", "media_type")


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A file that belongs to a record; `size` in bytes, `sha256` in hex, both of the original bytes."""

    control_number: str | None = None
    kind: str
    title: str = field(default="", repr=False)
    original_name: str = field(default="", repr=False)
    media_type: str = ""
    sha256: str
    size: int
    extension: str = ""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was fixed when a version of a record was finished."""

    record_id: str
    version: int
    form: Form = field(repr=False)
    interview: Interview = field(repr=False)
    persons: tuple[Person, ...] = field(default=(), repr=False)
    marks: tuple[Mark, ...] = field(default=(), repr=False)
    exhibits: tuple[Exhibit, ...] = ()
    control_number: str | None = None

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """What every slot of the form commits to: the answers, with codes, files and coarser values filled in.

        Element i of the slot `exhibits` is exhibit i of this record; described exhibits without a file follow.
        """
        answers = dict(self.interview.answers)
        for asked in self.form.fields:
            if asked.type == "list" and asked.member("who") and asked.member("code"):
                answers[asked.id] = _coded(answers[asked.id], self.persons)
        if "exhibits" in answers:
            answers["exhibits"] = _with_files(answers["exhibits"], self.exhibits)
        return answers | coarsened(self.form, answers)

    def to_bytes(self) -> bytes:
        """The one spelling of the record, for the vault."""
        return encode(
            {
                "format": FORMAT,
                "record_id": self.record_id,
                "version": self.version,
                "form": {"id": self.form.id, "sha256": self.form.digest},
                "control_number": self.control_number,
                "interview": self.interview.to_json(),
                "persons": [_person_to_json(person) for person in self.persons],
                "marks": [[mark.paragraph, mark.start, mark.end, mark.person] for mark in self.marks],
                "exhibits": [_exhibit_to_json(exhibit) for exhibit in self.exhibits],
            }
        )


def parse_record(data: bytes, form: Form | None = None) -> Record:
    """The record in these bytes, read with its own form.

    Raises:
        CanonicalError: Another spelling, another form, or a value out of its bounds.
        InterviewError: The interview in it breaks a rule of the form.
    """
    form = form or core_form()
    names = ("record_id", "version", "form", "control_number", "interview", "persons", "marks", "exhibits", "format")
    value = as_object(decode(data, limit=MAX_RECORD, where="record"), "record", required=names)
    if value["format"] != FORMAT or value["form"] != {"id": form.id, "sha256": form.digest}:
        raise CanonicalError("record", "unsupported")
    interview = parse_interview(value["interview"], form)
    persons = tuple(_person(one) for one in as_list(value["persons"], "persons", limit=MAX_PEOPLE))
    bounds = _Bounds(paragraphs=[len(text) for text in interview.paragraphs], people=len(persons))
    return Record(
        record_id=as_text(value["record_id"], "record", pattern=RECORD_ID),
        version=as_integer(value["version"], "record", lowest=1, highest=MAX_VERSION),
        form=form,
        interview=interview,
        persons=persons,
        marks=_marks(as_list(value["marks"], "marks", limit=MAX_MARKS), bounds),
        exhibits=tuple(_exhibit(one) for one in as_list(value["exhibits"], "exhibits", limit=MAX_ELEMENTS)),
        control_number=_control_number(value["control_number"], "record"),
    )


def _coded(answer: Answer, persons: Sequence[Person]) -> Answer:
    """A list of people named, each with the code of its person."""
    elements = elements_of(answer)
    if not elements:
        return answer
    coded: list[Members] = []
    for element in elements:
        code = code_of(text_of(element.get("who", NotAsked())), persons)
        coded.append(element if code is None else {**element, "code": Given(code)})
    return Given(tuple(coded))


def _with_files(answer: Answer, exhibits: Sequence[Exhibit]) -> Answer:
    """The exhibits that have files, then those that were described and have none."""
    if not exhibits:
        return answer
    described = list(elements_of(answer))
    filled: list[Members] = []
    for exhibit in exhibits:
        same = next((one for one in described if _describes(one, exhibit)), None)
        if same is not None:
            described.remove(same)
        filled.append({**(same or {}), **_exhibit_members(exhibit)})
    return Given((*filled, *described))


def _describes(element: Members, exhibit: Exhibit) -> bool:
    kind, title = (text_of(element.get(name, NotAsked())) for name in ("kind", "title"))
    return (kind, title) == (exhibit.kind, exhibit.title)


def _exhibit_members(exhibit: Exhibit) -> dict[str, Answer]:
    texts = {name: getattr(exhibit, name) for name in _EXHIBIT_TEXTS}
    members: dict[str, Answer] = {name: Given(text) for name, text in texts.items() if text}
    members["file"] = Given(Blob(sha256=exhibit.sha256, size=exhibit.size))
    return members


def _person_to_json(person: Person) -> JsonValue:
    return {"uuid": person.uuid.hex(), "kind": person.kind, "names": list(person.names), "code": person.code}


def _person(value: JsonValue) -> Person:
    members = as_object(value, "persons", required=("uuid", "kind", "names", "code"))
    code = as_text(members["code"], "persons", pattern=ALIAS)
    if members["kind"] != code[0]:
        raise CanonicalError("persons", "kind-differs")
    names = as_list(members["names"], "persons", limit=MAX_NAMES)
    return Person(
        uuid=bytes.fromhex(as_text(members["uuid"], "persons", pattern=_HEX_ID)),
        kind=cast("Kind", code[0]),
        names=tuple(as_text(name, "persons") for name in names),
        code=code,
    )


def _exhibit_to_json(exhibit: Exhibit) -> JsonValue:
    return {
        "control_number": exhibit.control_number,
        "kind": exhibit.kind,
        "title": exhibit.title,
        "original_name": exhibit.original_name,
        "media_type": exhibit.media_type,
        "sha256": exhibit.sha256,
        "size": exhibit.size,
        "extension": exhibit.extension,
    }


def _exhibit(value: JsonValue) -> Exhibit:
    names = ("control_number", "sha256", "size", "extension", *_EXHIBIT_TEXTS)
    members = as_object(value, "exhibits", required=names)
    kind, title, original_name, media_type = (as_text(members[name], "exhibits") for name in _EXHIBIT_TEXTS)
    return Exhibit(
        control_number=_control_number(members["control_number"], "exhibits"),
        kind=kind,
        title=title,
        original_name=original_name,
        media_type=media_type,
        sha256=as_text(members["sha256"], "exhibits", pattern=_DIGEST),
        size=as_integer(members["size"], "exhibits"),
        extension=as_text(members["extension"], "exhibits", pattern=_EXTENSION),
    )


def _control_number(value: JsonValue, where: str) -> str | None:
    return None if value is None else as_text(value, where, pattern=CONTROL_NUMBER)


@dataclass(frozen=True, kw_only=True)
class _Bounds:
    paragraphs: Sequence[int]
    people: int


def _marks(listed: list[JsonValue], bounds: _Bounds) -> tuple[Mark, ...]:
    """The marks, in order, inside their paragraphs, never over each other."""
    marks: list[Mark] = []
    place = (0, 0)
    for one in listed:
        parts = [as_integer(number, "marks") for number in as_list(one, "marks", limit=4)]
        if len(parts) != len(("paragraph", "start", "end", "person")):
            raise CanonicalError("marks", "bad-mark")
        mark = Mark(paragraph=parts[0], start=parts[1], end=parts[2], person=parts[3])
        inside = mark.paragraph < len(bounds.paragraphs) and mark.end <= bounds.paragraphs[mark.paragraph]
        if not inside or mark.start >= mark.end or mark.person >= bounds.people:
            raise CanonicalError("marks", "out-of-bounds")
        if (mark.paragraph, mark.start) < place:
            raise CanonicalError("marks", "out-of-order")
        place = (mark.paragraph, mark.end)
        marks.append(mark)
    return tuple(marks)
