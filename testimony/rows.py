"""The rows of an answer, and which lean on paragraphs of the account that no body may see (profile-v1.md, 3)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from testimony.answers import Answer, Given, Members, NotAsked, elements_of, members_of, text_of
from testimony.forms.form import CONTAINERS, Field
from testimony.mentions import owner_of
from testimony.model import Record

_RANGES: Final = re.compile(r"([0-9]+)(?:-([0-9]+))?")
_EVENTS: Final = "index.events"
_EVENT: Final = "event"
_WHO: Final = "who"


def rows_of(slot: Field, answer: Answer) -> Iterator[tuple[str, Members]]:
    """The objects in an answer, each with its path; none where there is no given object or list of objects."""
    if slot.type == "list":
        yield from ((f"{slot.id}/{index}", element) for index, element in enumerate(elements_of(answer)))
    elif isinstance(answer, Given):
        yield slot.id, members_of(answer)


def leaning_rows(record: Record, restricted: Collection[int]) -> frozenset[str]:
    """The paths of the rows that lean on one of the paragraphs, numbered from 0, or may do so.

    A row leans on what it names.  One that could name paragraphs and names none may lean on any; what the index says
    of an event leans on what the event leans on; and a row about somebody who is named in these paragraphs alone
    leans on them whatever it says.
    """
    if not restricted:
        return frozenset()
    slots, answers = record.form.slots, record.answers
    rows = list(_rows(slots, answers))
    leaning = {path for slot, path, members in rows if _leans(slot, members, restricted)}
    events = {_event(members) for slot, path, members in rows if slot.id == _EVENTS and path in leaning} - {""}
    about = rows_about_those_only_in(record, restricted)
    return frozenset(leaning | about | {path for _, path, members in rows if _event(members) in events})


def rows_about_those_only_in(record: Record, paragraphs: Collection[int]) -> frozenset[str]:
    """The paths of the rows whose `who` is somebody that the account names, and in these paragraphs alone."""
    elsewhere = {one.person for one in record.marks if one.paragraph not in paragraphs}
    only = {one.person for one in record.marks} - elsewhere
    if not only:
        return frozenset()
    names_of = [person.names for person in record.persons]
    return frozenset(
        path
        for _, path, members in _rows(record.form.slots, record.answers)
        if (who := text_of(members.get(_WHO, NotAsked()))) and owner_of(who, names_of) in only
    )


def _rows(slots: Sequence[Field], answers: Mapping[str, Answer]) -> Iterator[tuple[Field, str, Members]]:
    containers = (slot for slot in slots if slot.type in CONTAINERS)
    yield from ((slot, path, members) for slot in containers for path, members in rows_of(slot, answers[slot.id]))


def _leans(slot: Field, members: Members, restricted: Collection[int]) -> bool:
    asked = [member.id for member in slot.members if member.type == "paragraphs"]
    texts = [text_of(members.get(name, NotAsked())) for name in asked]
    return bool(asked) and (not all(texts) or any(_names(text, one + 1) for text in texts for one in restricted))


def _names(text: str, number: int) -> bool:
    """Whether a `paragraphs` answer, as `3, 5-7`, names this paragraph."""
    return any(int(first) <= number <= int(last or first) for first, last in _RANGES.findall(text))


def _event(members: Members) -> str:
    return text_of(members.get(_EVENT, NotAsked())).casefold()
