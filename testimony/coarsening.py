"""Coarser values, computed once at finishing so that a coarse value shown is still the recorder's own word."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from testimony.answers import Answer, Given, Members, NotAsked, elements_of, members_of, text_of
from testimony.dates import Bounds, When, parse_day, parse_edtf, parse_time
from testimony.errors import DateError
from testimony.forms.form import Field, Form

_STARTED_AT: Final = "session.started_at"
# OCHA COD-AB codes: two letters, then two digits a level.  A code of another make has no coarser form here.
_GOVERNORATE: Final = 4
_DISTRICT: Final = 6
# Bands are at least ten years wide, apart from the two that end at the age of consent.
_BANDS: Final = (*((0, 9), (10, 17), (18, 29)), *((age, age + 9) for age in range(30, 120, 10)))


def coarsened(form: Form, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The coarser slots of a form; one that cannot be computed without guessing has the state of its field."""
    coarse: dict[str, Answer] = {}
    for asked in form.fields:
        for coarser in asked.coarser:
            answer = answers[asked.id]
            value = _RULES[coarser.rule](answer, answers) if isinstance(answer, Given) else ""
            state = NotAsked() if isinstance(answer, Given) else answer
            coarse[coarser.id] = Given(value) if value else state
        if any(member.computed is not None for member in asked.members):
            coarse[asked.id] = _with_computed(asked, answers[asked.id])
    return coarse


def read_when(members: Members) -> When:
    """The typed form of a `when` answer; what was not given is None.

    Raises:
        DateError: A bound that is no day.
    """
    texts = {name: text_of(answer) for name, answer in members.items()}
    return When(
        verbatim=texts.get("verbatim") or None,
        calendar=texts.get("calendar") or None,
        edtf=texts.get("edtf") or None,
        earliest=parse_day(texts["earliest"]) if texts.get("earliest") else None,
        latest=parse_day(texts["latest"]) if texts.get("latest") else None,
        qualifier=texts.get("qualifier") or None,
        basis=texts.get("basis") or None,
        anchor=texts.get("anchor") or None,
        time_of_day=texts.get("time_of_day") or None,
    )


def _with_computed(asked: Field, answer: Answer) -> Answer:
    """A list with the computed members of each element filled in."""
    elements = elements_of(answer)
    return Given(tuple(_filled(asked, element) for element in elements)) if elements else answer


def _filled(asked: Field, element: Members) -> Members:
    filled = dict(element)
    for member in asked.members:
        if member.computed is not None:
            source = element.get(member.computed.source, NotAsked())
            value = _OF_TEXT[member.computed.rule](text_of(source))
            state = NotAsked() if isinstance(source, Given) else source
            filled[member.id] = Given(value) if value else state
    return filled


def _month(answer: Answer, _: Mapping[str, Answer]) -> str:
    return text_of(answer)[: len("2025-04")]


def _month_of(text: str) -> str:
    """The month of a time or of a date expression; none where it may be one of two."""
    try:
        bounds = parse_edtf(text.partition("T")[0])
    except DateError:
        return ""
    if bounds.earliest is None or bounds.latest is None:
        return ""
    first, last = bounds.earliest.isoformat()[: len("2025-04")], bounds.latest.isoformat()[: len("2025-04")]
    return first if first == last else ""


def _place(length: int) -> "_Rule":
    def rule(answer: Answer, _: Mapping[str, Answer]) -> str:
        return _cut(length)(text_of(members_of(answer).get("pcode", NotAsked())))

    return rule


def _cut(length: int) -> Callable[[str], str]:
    def cut(code: str) -> str:
        digits = code[2:]
        in_levels = len(digits) % 2 == 0 and digits.isascii() and digits.isdigit()
        return code[:length] if in_levels and len(code) >= length else ""

    return cut


def _band(answer: Answer, answers: Mapping[str, Answer]) -> str:
    started = text_of(answers[_STARTED_AT])
    try:
        bounds = read_when(members_of(answer)).bounds()
        at = parse_time(started).date() if started else None
    except DateError:
        return ""
    if bounds is None or bounds.earliest is None or bounds.latest is None or at is None or bounds.latest > at:
        return ""
    return _band_of(bounds, at)


def _band_of(bounds: Bounds, at: date) -> str:
    """The band that holds both the youngest and the oldest age that the bounds allow; none where they differ."""
    if bounds.earliest is None or bounds.latest is None:
        return ""
    youngest, oldest = _age(bounds.latest, at), _age(bounds.earliest, at)
    for lowest, highest in _BANDS:
        if lowest <= youngest and oldest <= highest:
            return f"{lowest}-{highest}"
    return ""


def _age(born: date, at: date) -> int:
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


_Rule = Callable[[Answer, Mapping[str, Answer]], str]
_RULES: Final[Mapping[str, _Rule]] = {
    "month": _month,
    "governorate": _place(_GOVERNORATE),
    "district": _place(_DISTRICT),
    "band": _band,
}
_OF_TEXT: Final[Mapping[str, Callable[[str], str]]] = {
    "month": _month_of,
    "governorate": _cut(_GOVERNORATE),
    "district": _cut(_DISTRICT),
}
