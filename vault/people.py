"""The people of a case and their codes: one person, one code inside a case; another case, another code (record.md, 5).

Whether two interviews of a case mean the same person is decided by the name as it was told and the part the person
played, folded and compared whole.  Nothing is guessed beyond that: a wrong guess would join two people for ever.
"""

from typing import Final, cast

from keys.chance import random_bytes
from testimony.canonical import JsonValue, as_list, as_text, decode, encode
from testimony.errors import CanonicalError
from testimony.interview import Interview
from testimony.mentions import PERSON_ID_SIZE, Candidate, Kind, Person, alias, candidates, normalise_for_match
from vault.errors import VaultDamagedError
from vault.store import Transaction

_ALIAS_KEY: Final = 32
_MAX_NAMES: Final = 1 << 20


def people_of(tx: Transaction, case_code: str, interview: Interview) -> tuple[Person, ...]:
    """Everyone whom the interview names, each with the code of the case; new people get one here.

    The order is that of `testimony.mentions.candidates`.
    """
    known = _people_in(tx, case_code)
    people = []
    for candidate in candidates(interview):
        person = _same(known, candidate)
        if person is None:
            person = _mint(tx, case_code, candidate, {one.code for one in known})
            known.append(person)
        people.append(Person(uuid=person.uuid, kind=person.kind, names=candidate.names, code=person.code))
    return tuple(people)


def forget_people(tx: Transaction, case_code: str) -> None:
    """Drop the people of a case whom none of its records names any more; the last record takes the case's key along."""
    rows = tx.all("SELECT content FROM records WHERE case_code = ? AND content IS NOT NULL", (case_code,))
    marked = tx.all(
        "SELECT DISTINCT m.content FROM redactor_marks AS m JOIN records AS r USING (record_id) WHERE r.case_code = ?",
        (case_code,),
    )
    for person_id, code in tx.all("SELECT person_id, code FROM persons WHERE case_code = ?", (case_code,)):
        named = any(person_id.encode("ascii") in content for (content,) in rows)
        # A redactor's mark names its person by the code.
        if not named and not any(code.encode("ascii") in content for (content,) in marked):
            tx.execute("DELETE FROM persons WHERE person_id = ?", (person_id,))
    open_drafts = tx.one("SELECT 1 FROM drafts WHERE case_code = ?", (case_code,))
    if not rows and open_drafts is None:
        tx.execute("DELETE FROM alias_keys WHERE case_code = ?", (case_code,))


def person_of(tx: Transaction, case_code: str, candidate: Candidate) -> Person:
    """The person of the case with the same part and the same name; a new one where there is none."""
    known = _people_in(tx, case_code)
    return _same(known, candidate) or _mint(tx, case_code, candidate, {one.code for one in known})


def _people_in(tx: Transaction, case_code: str) -> list[Person]:
    rows = tx.all("SELECT person_id, kind, code, content FROM persons WHERE case_code = ? ORDER BY code", (case_code,))
    return [_person(*row) for row in rows]


def _same(known: list[Person], candidate: Candidate) -> Person | None:
    """The person of the case with the same part and the same whole name; the first of a candidate's names is whole."""
    wanted = _folded(candidate.names[0])
    return next((one for one in known if one.kind == candidate.kind and _folded(one.names[0]) == wanted), None)


def _folded(name: str) -> str:
    return " ".join(normalise_for_match(name).split())


def _mint(tx: Transaction, case_code: str, candidate: Candidate, taken: set[str]) -> Person:
    uuid = random_bytes(PERSON_ID_SIZE)
    code = alias(_alias_key(tx, case_code), uuid, candidate.kind, taken)
    tx.execute(
        "INSERT INTO persons (person_id, case_code, kind, code, content) VALUES (?, ?, ?, ?, ?)",
        (uuid.hex(), case_code, candidate.kind, code, encode(list(candidate.names))),
    )
    return Person(uuid=uuid, kind=candidate.kind, names=candidate.names, code=code)


def _alias_key(tx: Transaction, case_code: str) -> bytes:
    row = tx.one("SELECT key FROM alias_keys WHERE case_code = ?", (case_code,))
    if row is not None:
        return bytes(row[0])
    key = random_bytes(_ALIAS_KEY)
    tx.execute("INSERT INTO alias_keys (case_code, key) VALUES (?, ?)", (case_code, key))
    return key


def _person(person_id: str, kind: str, code: str, content: bytes) -> Person:
    try:
        value: JsonValue = decode(content, limit=_MAX_NAMES, where="persons")
        names = tuple(as_text(name, "persons") for name in as_list(value, "persons", limit=1000))
    except CanonicalError as error:
        raise VaultDamagedError("content", "persons") from error
    if not names:
        raise VaultDamagedError("content", "persons")
    return Person(uuid=bytes.fromhex(person_id), kind=cast("Kind", kind), names=names, code=code)
