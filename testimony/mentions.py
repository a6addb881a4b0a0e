"""People in an account: who they are, where they are named, and the codes that may stand for them."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from keys.digests import hmac_sha256, lp
from testimony.answers import NotAsked, elements_of, members_of, text_of, texts_of
from testimony.errors import LimitExceededError
from testimony.folding import fold, fold_with_offsets
from testimony.interview import Interview
from testimony.names import NameIndex, different_numbers, is_number, numbers_in

Kind = Literal["W", "V", "P", "T", "I", "N"]

PERSON_ID_SIZE: Final = 16  # bytes
MAX_PEOPLE: Final = 10_000
MAX_NAMES: Final = 100
MAX_MARKS: Final = 1_000_000
ALIAS: Final = re.compile(r"[WVPTIN]-[0-9A-HJKMNP-TV-Z]{4}")
_ALIAS_LABEL = b"testimony/alias/v1"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_KIND_OF_ROLE: Final[dict[str, Kind]] = {
    "victim": "V",
    "witness": "W",
    "perpetrator as stated": "P",
    "interpreter": "T",
    "interviewer": "I",
    "intermediary": "I",
}
_NAME_ORDER: Final = ("given", "father", "grandfather", "family")
_OTHER_NAMES: Final = ("mother", "kunya")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Someone, or a number, that an interview names and that needs a code.

    Kinds: W witness, V victim, P perpetrator as stated, T interpreter, I interviewer or intermediary, N anyone else
    and numbers.
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


def normalise_with_offsets(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the place of the original one."""
    return fold_with_offsets(text)


def candidates(interview: Interview) -> tuple[Candidate, ...]:
    """Everyone who needs a code: those mentioned in their order, then the witness, then the numbers named.

    Raises:
        LimitExceededError: More than 10,000.
    """
    mentioned: list[Candidate] = []
    seen: set[str] = set()
    for element in elements_of(interview.answers["mentions"]):
        who = text_of(element.get("who", NotAsked())).strip()
        if fold(who) and fold(who) not in seen:
            seen.add(fold(who))
            role = text_of(element.get("role", NotAsked()))
            mentioned.append(Candidate(kind=_KIND_OF_ROLE.get(role, "N"), names=(who,)))
    names = witness_names(interview)
    witness = [Candidate(kind="W", names=names)] if names else []
    found = (*mentioned, *witness, *_numbers(interview))
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
    names += [contact for contact in _contacts(interview) if not is_number(contact)]
    return tuple(dict.fromkeys(name for name in names if fold(name).strip()))[:MAX_NAMES]


def mark(interview: Interview, people: Sequence[Person]) -> tuple[Mark, ...]:
    """Every place in the account where one of these people is named or one of these numbers given.

    Whole words in folded form; the Arabic prefixes و ف ب ل ك ال stay outside.  Marks never overlap and stand in order.

    Raises:
        LimitExceededError: More than 1,000,000 marks.
    """
    index = NameIndex([person.names for person in people])
    marks: list[Mark] = []
    for number, paragraph in enumerate(interview.paragraphs):
        marks += [
            Mark(paragraph=number, start=found.start, end=found.end, person=found.owner)
            for found in index.find(paragraph)
        ]
        if len(marks) > MAX_MARKS:
            raise LimitExceededError("too-many-marks", "account.text")
    return tuple(marks)


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


def _numbers(interview: Interview) -> Iterator[Candidate]:
    given = [contact for contact in _contacts(interview) if is_number(contact)]
    told = [paragraph[start:end] for paragraph in interview.paragraphs for start, end in numbers_in(paragraph)]
    for number in different_numbers((*given, *told)):
        yield Candidate(kind="N", names=(number,))


def _contacts(interview: Interview) -> list[str]:
    elements = elements_of(interview.answers["witness.contact"])
    return [text_of(element.get("value", NotAsked())).strip() for element in elements]
