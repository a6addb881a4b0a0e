"""People in an account: who they are, where they are named, and the codes that may stand for them."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from keys.digests import hmac_sha256, lp
from testimony.answers import NotAsked, elements_of, members_of, text_of, texts_of
from testimony.errors import LimitExceededError, Problem
from testimony.folding import fold
from testimony.hand_marks import HandMark, span_of
from testimony.interview import Interview
from testimony.names import NameIndex, different_numbers, glued_prefix, is_number, numbers_in

Kind = Literal["W", "V", "P", "T", "I", "L", "U", "N"]

PERSON_ID_SIZE: Final = 16  # bytes
MAX_PEOPLE: Final = 10_000
MAX_NAMES: Final = 100
MAX_MARKS: Final = 1_000_000
ALIAS: Final = re.compile(r"[WVPTILUN]-[0-9A-HJKMNP-TV-Z]{4}")
_ALIAS_LABEL = b"testimony/alias/v1"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_KIND_OF_ROLE: Final[dict[str, Kind]] = {
    "victim": "V",
    "witness": "W",
    "perpetrator as stated": "P",
    "interpreter": "T",
    "interviewer": "I",
    "intermediary": "I",
    "place": "L",
    "unit": "U",
}
# Of a place or a unit one word is no name by itself: "the Northern Bridge" is neither north nor a bridge.
WHOLE_NAMES: Final[frozenset[Kind]] = frozenset({"L", "U"})
_NAME_ORDER: Final = ("given", "father", "grandfather", "family")
_OTHER_NAMES: Final = ("mother", "kunya")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Someone, a place, a unit or a number that an interview names and that needs a code.

    Kinds: W witness, V victim, P perpetrator as stated, T interpreter, I interviewer or intermediary, L place,
    U unit, N anyone else and numbers.
    """

    kind: Kind
    names: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A candidate that has its random id (16 bytes) and its code in the case."""

    uuid: bytes = field(repr=False)
    kind: Kind
    names: tuple[str, ...] = field(repr=False)
    code: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A span of a paragraph, in characters, that names the person of that index."""

    paragraph: int
    start: int
    end: int
    person: int


def normalise_for_match(text: str) -> str:
    """The text as it is compared, in search, marks and leak scan alike; never what is stored."""
    return fold(text)


def candidates(interview: Interview) -> tuple[Candidate, ...]:
    """Everyone who needs a code: those mentioned in their order, then the witness, then the numbers named.

    Raises:
        LimitExceededError: More than 10,000.
    """
    found = (*_named(interview), *_numbers(interview))
    if len(found) > MAX_PEOPLE:
        raise LimitExceededError("too-many-people", "account.text")
    return found


def witness_names(interview: Interview) -> tuple[str, ...]:
    """The witness's own name, whole and in parts, in every script it was given, and addresses that are no number.

    At most 100; the leak scan looks for the rest as well.
    """
    members = members_of(interview.answers["witness.name"])
    ordered = [text_of(members.get(name, NotAsked())).strip() for name in _NAME_ORDER]
    parts = [part for part in ordered if part]
    given, family = ordered[0], ordered[-1]
    names = [" ".join(parts), f"{given} {family}".strip(), *parts]
    names += [text_of(members.get(name, NotAsked())).strip() for name in _OTHER_NAMES]
    names += texts_of(members.get("latin", NotAsked()))
    latin = interview.answers.get("witness.latin", NotAsked())
    names += [text_of(element.get("form", NotAsked())).strip() for element in elements_of(latin)]
    names += [contact for contact in _contacts(interview) if not is_number(contact)]
    return tuple(dict.fromkeys(name for name in names if fold(name).strip()))[:MAX_NAMES]


def mark(interview: Interview, people: Sequence[Person]) -> tuple[Mark, ...]:
    """Every place in the account where one of these people is named or one of these numbers given.

    What was marked by hand, and around it whole words in folded form; the Arabic prefixes و ف ب ل ك ال stay outside.
    Marks never overlap and stand in order.  A hand mark that `mark_problems` names is left out.

    Raises:
        LimitExceededError: More than 1,000,000 marks.
    """
    index = NameIndex(
        [person.names for person in people],
        phrases={place for place, person in enumerate(people) if person.kind in WHOLE_NAMES},
    )
    by_hand: dict[int, list[Mark]] = {}
    for one in _placed(interview)[0]:
        by_hand.setdefault(one.paragraph, []).append(one)
    marks: list[Mark] = []
    for number, paragraph in enumerate(interview.paragraphs):
        marks += _in_paragraph(index, number, paragraph, by_hand.get(number, []))
        if len(marks) > MAX_MARKS:
            raise LimitExceededError("too-many-marks", "account.text")
    return tuple(marks)


def mark_problems(interview: Interview) -> tuple[Problem, ...]:
    """Every hand mark that marks nothing: its words are gone, it overlaps another, or nobody of that name is known."""
    return _placed(interview)[1]


def kind_of_role(role: str) -> Kind:
    """The kind of someone mentioned in that role."""
    return _KIND_OF_ROLE.get(role, "N")


def people_named(interview: Interview) -> list[tuple[str, ...]]:
    """The names of each of those mentioned, then those of the witness: whom a mark by hand may mean."""
    return [one.names for one in _named(interview)]


def owner_of(who: str, names_of: Sequence[Sequence[str]]) -> int | None:
    """Whose name this is, folded and whole; None where it is nobody's."""
    wanted = _folded(who)
    return next((place for place, names in enumerate(names_of) if wanted in map(_folded, names)), None)


def alias(alias_key: bytes, person_uuid: bytes, kind: Kind, taken: Collection[str]) -> str:
    """The code of a person in the case of that key, such as W-7F3K: 20 bits, drawn again while it is taken."""
    for attempt in range(1 << 20):
        message = _ALIAS_LABEL + b"\x00" + lp(person_uuid, attempt.to_bytes(4, "big"))
        bits = int.from_bytes(hmac_sha256(alias_key, message)[:4], "big") >> 12
        code = f"{kind}-" + "".join(_CROCKFORD[bits >> shift & 31] for shift in (15, 10, 5, 0))
        if code not in taken:
            return code
    # A case would need a million people to come here.
    raise OverflowError("no code left")


def code_of(name: str, people: Sequence[Person]) -> str | None:
    """The code of the first person who bears exactly this name, folded; None where nobody does."""
    wanted = fold(name).strip()
    for person in people:
        if any(fold(known).strip() == wanted for known in person.names):
            return person.code
    return None


def _named(interview: Interview) -> list[Candidate]:
    """Those mentioned, in their order, then the witness."""
    mentioned: list[Candidate] = []
    seen: set[str] = set()
    for element in elements_of(interview.answers["mentions"]):
        who = text_of(element.get("who", NotAsked())).strip()
        if fold(who) and fold(who) not in seen:
            seen.add(fold(who))
            role = text_of(element.get("role", NotAsked()))
            mentioned.append(Candidate(kind=kind_of_role(role), names=(who,)))
    names = witness_names(interview)
    return [*mentioned, Candidate(kind="W", names=names)] if names else mentioned


def _placed(interview: Interview) -> tuple[list[Mark], tuple[Problem, ...]]:
    """The hand marks in the order of the account, and a problem for each that cannot be one."""
    problems: list[Problem] = []
    marks: list[Mark] = []
    # The people of a record begin in this order.
    names_of = people_named(interview) if interview.hand_marks else []
    for one in interview.hand_marks:
        owner = owner_of(one.who, names_of)
        span = span_of(one, interview.paragraphs)
        if owner is None:
            problems.append(Problem(path="mentions", rule="mark-of-nobody"))
        elif span is None:
            problems.append(Problem(path="account.text", rule="mark-gone", paragraph=one.paragraph - 1))
        else:
            marks.append(_mark_of(one, span, owner, names_of[owner]))
    marks.sort(key=lambda one: (one.paragraph, one.start, one.end))
    apart: list[Mark] = []
    for found in marks:
        if apart and apart[-1].paragraph == found.paragraph and found.start < apart[-1].end:
            problems.append(Problem(path="account.text", rule="mark-overlaps", paragraph=found.paragraph))
        else:
            apart.append(found)
    return apart, tuple(problems)


def _mark_of(one: HandMark, span: tuple[int, int], owner: int, names: Sequence[str]) -> Mark:
    """The mark on these words; a prefix written to a known name stays outside, as of any name that is found."""
    start, end = span
    return Mark(paragraph=one.paragraph - 1, start=start + glued_prefix(one.words, names), end=end, person=owner)


def _in_paragraph(index: NameIndex, number: int, text: str, by_hand: Sequence[Mark]) -> Iterator[Mark]:
    """The marks of a paragraph in order: those made by hand, and what is found in the stretches between them."""
    place = 0
    for one in (*by_hand, None):
        end = len(text) if one is None else one.start
        for found in index.find(text[place:end]):
            yield Mark(paragraph=number, start=place + found.start, end=place + found.end, person=found.owner)
        if one is not None:
            yield one
            place = one.end


def _folded(name: str) -> str:
    return " ".join(fold(name).split())


def _numbers(interview: Interview) -> Iterator[Candidate]:
    given = [contact for contact in _contacts(interview) if is_number(contact)]
    told = [paragraph[start:end] for paragraph in interview.paragraphs for start, end in numbers_in(paragraph)]
    for number in different_numbers((*given, *told)):
        yield Candidate(kind="N", names=(number,))


def _contacts(interview: Interview) -> list[str]:
    elements = elements_of(interview.answers["witness.contact"])
    return [text_of(element.get("value", NotAsked())).strip() for element in elements]
