"""Interviews that are wholly invented, for tests: no real person, place or event stands behind a word of them."""

import copy
from datetime import UTC, datetime
from typing import Any

from testimony.interview import Interview, parse_interview
from testimony.mentions import Person, alias, candidates, mark
from testimony.model import Exhibit, Record
from testimony.scripts import own_scripts

AT = datetime(2031, 5, 4, 12, 30, 0, tzinfo=UTC)
ALIAS_KEY = b"an invented alias key, 32 bytes "
SCRIPTS = {one.code: one.sha256 for one in own_scripts()}

_ENGLISH: dict[str, Any] = {
    "practice": True,
    "note": "Invented.",
    "language": "eng",
    "record": {"case_code": "Q7XK"},
    "session": {
        "started_at": "2031-05-04T09:00:00+03:00",
        "place": {"verbatim": "the blue kitchen behind the mill", "pcode": "XA010203"},
        "interviewer_code": "I-09",
        "interpreter_code": "none",
        "others_present": [],
        "prior_statements": "none",
    },
    "consent": {
        "interview": {"answer": "yes", "how": "spoken"},
        "limits_explained": {
            "points": [True] * 7,
            "script": "consent-en-1",
            "script_sha256": SCRIPTS["consent-en-1"],
        },
        "recording": {"audio": "no", "video": "no", "photo": "yes"},
        "share": [
            {"recipient": "court-a", "purpose": "criminal investigation", "answer": "yes"},
            {"recipient": "body-b", "purpose": "criminal investigation", "answer": "ask me first"},
            {"recipient": "paper-c", "purpose": "advocacy", "answer": "no"},
        ],
        "identity": [{"recipient": "court-a", "answer": "no"}],
        "contact": {"answer": "only through", "through": "the schoolteacher"},
        "confirm_end": "confirmed",
    },
    "witness": {
        "capacity": "adult",
        "name": {"given": "Tamsin", "father": "Orrin", "family": "Veldhuis", "latin": ["Tamzin Veldhuys"]},
        "contact": [{"channel": "phone", "value": "0700 555 0142"}],
        "birth": {"verbatim": "in the year of the flood", "edtf": "1990", "basis": "stated"},
    },
    "account": {
        "mode": "summary",
        "paragraphs": [
            "I am Tamsin. My neighbour Bellamy came at noon with two strangers.",
            "They took the lamp. BELLAMY's number is 0700 555 0199, mine is 0700-555-0142.",
            "Nothing else happened that day.",
        ],
        "source_of_knowledge": ["experienced", "saw, was told", "experienced"],
        "readback": {"answer": "yes", "language": "eng", "corrections": 0},
    },
    "mentions": [{"who": "Bellamy", "role": "victim", "relation": "neighbour"}],
    "exhibits": [{"kind": "sketch", "title": "the yard"}],
}

_ARABIC: dict[str, Any] = _ENGLISH | {
    "language": "apc",
    "witness": {
        "capacity": "adult",
        "name": {"given": "وردان", "father": "شهاب", "family": "الزعفراني", "kunya": "أبو سراج"},
        "contact": [],
        "birth": {"verbatim": "سنة الثلجة الكبيرة", "basis": "stated"},
    },
    "account": {
        "mode": "near-verbatim",
        "paragraphs": [
            "كنت في البستان مع سِراج وجارنا نعيم، ثم جاء أبو ليث.",
            "قال لنعيم: أين الزعفراني؟ فخرجتُ، ولم أر بعدها نعيماً.",
        ],
        "source_of_knowledge": ["experienced", "heard"],
        "readback": {"answer": "yes", "language": "apc", "corrections": 0},
    },
    "mentions": [
        {"who": "سراج", "role": "relative"},
        {"who": "نعيم", "role": "victim"},
        {"who": "أبو ليث", "role": "perpetrator as stated"},
    ],
}


def english() -> dict[str, Any]:
    """An interview that can be finished, as JSON of its own to change."""
    return copy.deepcopy(_ENGLISH)


def arabic() -> dict[str, Any]:
    """An interview in Arabic that can be finished, as JSON of its own to change."""
    return copy.deepcopy(_ARABIC)


def people_of(interview: Interview) -> tuple[Person, ...]:
    """Everyone the interview names, with ids and codes that are the same in every run."""
    people: list[Person] = []
    for number, candidate in enumerate(candidates(interview), start=1):
        uuid = number.to_bytes(16, "big")
        code = alias(ALIAS_KEY, uuid, candidate.kind, [person.code for person in people])
        people.append(Person(uuid=uuid, kind=candidate.kind, names=candidate.names, code=code))
    return tuple(people)


def record_of(value: dict[str, Any], *exhibits: Exhibit) -> Record:
    """A finished record's content, marked."""
    interview = parse_interview(value)
    people = people_of(interview)
    return Record(
        record_id="K7F3-9QZD",
        version=1,
        form=interview.form,
        interview=interview,
        persons=people,
        marks=mark(interview, people),
        exhibits=exhibits,
        control_number="TST-0000123",
    )


def told_words() -> frozenset[str]:
    """What no message may repeat of the English interview: names, numbers, the place, each sentence of the account."""
    name, told = _ENGLISH["witness"]["name"], _ENGLISH["account"]["paragraphs"]
    sentences = {sentence for text in told for sentence in text.split(". ")}
    numbers = {one["value"] for one in _ENGLISH["witness"]["contact"]} | {"0700 555 0199"}
    return frozenset(sentences | numbers | {name["given"], name["family"], "Bellamy", "blue kitchen"})
