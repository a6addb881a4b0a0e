"""The rows of an answer, and which lean on paragraphs of the account that no body may see (profile-v1.md, 3)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from testimony.answers import Answer, Given, Members, NotAsked, elements_of, members_of, text_of
from testimony.forms.form import CONTAINERS, Field

_RANGES: Final = re.compile(r"([0-9]+)(?:-([0-9]+))?")
_EVENTS: Final = "index.events"
_EVENT: Final = "event"


def rows_of(slot: Field, answer: Answer) -> Iterator[tuple[str, Members]]:
    """The objects in an answer, each with its path; none where there is no given object or list of objects."""
    if slot.type == "list":
        yield from ((f"{slot.id}/{index}", element) for index, element in enumerate(elements_of(answer)))
    elif isinstance(answer, Given):
        yield slot.id, members_of(answer)


def leaning_rows(slots: Sequence[Field], answers: Mapping[str, Answer], restricted: Collection[int]) -> frozenset[str]:
    """The paths of the rows that lean on one of the paragraphs, numbered from 0, or may do so.

    A row leans on what it names.  One that could name paragraphs and names none may lean on any; what the index says
    of an event leans on what the event leans on.
    """
    if not restricted:
        return frozenset()
    rows = [
        (slot, path, members)
        for slot in slots
        if slot.type in CONTAINERS
        for path, members in rows_of(slot, answers[slot.id])
    ]
    leaning = {path for slot, path, members in rows if _leans(slot, members, restricted)}
    events = {_event(members) for slot, path, members in rows if slot.id == _EVENTS and path in leaning} - {""}
    return frozenset(leaning | {path for _, path, members in rows if _event(members) in events})


def _leans(slot: Field, members: Members, restricted: Collection[int]) -> bool:
    asked = [member.id for member in slot.members if member.type == "paragraphs"]
    texts = [text_of(members.get(name, NotAsked())) for name in asked]
    return bool(asked) and (not all(texts) or any(_names(text, one + 1) for text in texts for one in restricted))


def _names(text: str, number: int) -> bool:
    """Whether a `paragraphs` answer, as `3, 5-7`, names this paragraph."""
    return any(int(first) <= number <= int(last or first) for first, last in _RANGES.findall(text))


def _event(members: Members) -> str:
    return text_of(members.get(_EVENT, NotAsked()))
