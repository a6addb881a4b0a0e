"""An invented record that every redaction test may ask for.  No real person or event is described."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from testimony.interview import parse_interview
from testimony.mentions import Person, alias, candidates, mark
from testimony.model import Exhibit, Record
from testimony.redaction.commitments import Commitment, commit
from testimony.redaction.record_slots import record_tree

SEED = bytes(range(32))

INTERVIEW: dict[str, Any] = {
    "practice": True,
    "note": "Invented for tests.",
    "language": "eng",
    "session": {
        "started_at": "2026-03-02T11:00:00+03:00",
        "place": {"verbatim": "a room behind the bakery", "pcode": "XX0102"},
        "interviewer_code": "I-11",
        "interpreter_code": "none",
        "others_present": [],
        "prior_statements": "none",
    },
    "consent": {
        "interview": {"answer": "yes", "how": "spoken"},
        "limits_explained": {"points": [True, True, True, True, True, True, False], "script": "consent-en-1"},
        "recording": {"audio": "no", "video": "no", "photo": "yes"},
        "share": [
            {"recipient": "body-a", "purpose": "investigation", "answer": "yes"},
            {"recipient": "body-b", "purpose": "investigation", "answer": "no"},
        ],
        "identity": [{"recipient": "body-a", "answer": "no"}],
        "contact": {"state": "declined"},
        "confirm_end": "confirmed",
    },
    "witness": {
        "capacity": "adult",
        "name": {"given": "Tamsin", "family": "Orrery", "latin": ["Tamzin", "Tamsyn"]},
        "contact": [{"channel": "phone", "value": "0900 111 222"}],
        "birth": {"verbatim": "1980", "edtf": "1980", "basis": "stated"},
    },
    "account": {
        "mode": "verbatim",
        "paragraphs": [
            "We were at home, Bartolo and I, when the lights went out.",
            "They asked for Bartolo. Quillon's van stood outside; I saw Quillon drive it.",
            "I do not want to say more about that night.",
        ],
        "source_of_knowledge": ["experienced", "saw, heard", "experienced"],
        "readback": {"answer": "yes", "language": "eng", "corrections": 2},
    },
    "mentions": [
        {"who": "Bartolo", "role": "victim", "relation": "brother"},
        {"who": "Quillon", "role": "perpetrator as stated"},
    ],
    "exhibits": [{"kind": "photo", "title": "the door"}],
}


def _record(change: Callable[[dict[str, Any]], object] | None = None) -> Record:
    value = copy.deepcopy(INTERVIEW)
    if change is not None:
        change(value)
    interview = parse_interview(value)
    persons: list[Person] = []
    for number, one in enumerate(candidates(interview)):
        uuid = bytes([number]) * 16
        code = alias(b"k" * 32, uuid, one.kind, {person.code for person in persons})
        persons.append(Person(uuid=uuid, kind=one.kind, names=one.names, code=code))
    return Record(
        record_id="K7F3-9QZD",
        version=1,
        form=interview.form,
        interview=interview,
        persons=tuple(persons),
        marks=mark(interview, persons),
        exhibits=(Exhibit(kind="photo", title="the door", original_name="orrery.jpg", sha256="ab" * 32, size=12345),),
        control_number="ABC-0000123",
    )


@pytest.fixture(scope="session")
def make_record() -> Callable[..., Record]:
    return _record


@pytest.fixture(scope="session")
def record() -> Record:
    return _record()


@pytest.fixture(scope="session")
def tree(record: Record):
    return record_tree(record)


@pytest.fixture(scope="session")
def commitment(tree) -> Commitment:
    return commit(tree, SEED)


@pytest.fixture(scope="session")
def seed() -> bytes:
    return SEED
