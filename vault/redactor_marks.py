"""A person who is recognised after signing: the redactor marks the words, and a code stands for them from then on.

The record stays as it was signed.  The marks lie beside it and act in each rendition (docs/format/redaction-v1.md, 10).
"""

from collections.abc import Sequence

from testimony.answers import text_of
from testimony.errors import InterviewError, Problem
from testimony.hand_marks import span_of
from testimony.mentions import Candidate, kind_of_role, owner_of
from testimony.model import Record
from testimony.names import glued_prefix
from testimony.redaction.redactor_marks import RedactorMark, digest_of_marks, log_object_of_marks, marks_to_bytes
from vault.custody import append
from vault.errors import NotFoundError
from vault.marking import AskedMark
from vault.people import person_of
from vault.records import StoredRecord, get_record, get_record_in
from vault.store import Transaction, Vault
from vault.viewing import note_viewed

# These marks act under every profile that hides people; the log names the one that a body gets by default.
_PROFILE = "pseudonymised"


def mark_after_signing(vault: Vault, record_id: str, asked: Sequence[AskedMark]) -> int:
    """How many of the redactor's marks stand on the newest version of a record, with these added.

    Raises:
        NotFoundError: There is no such finished record.
        InterviewError: A mark marks nothing, lies on another, or is of somebody who is not mentioned and has no role.
    """
    with vault.transaction() as tx:
        stored = get_record_in(tx, record_id)
        if stored.record is None:
            raise NotFoundError("record", record_id)
        marks = list(stored.late)
        for one in asked:
            made = _made(tx, stored.record, one)
            if made not in marks:
                _refuse_overlap(made, marks)
                marks.append(made)
        _store(tx, record_id, marks)
        _log(tx, vault, stored, marks, "redaction.apply")
    return sum(one.version == stored.version for one in marks)


def remove_redactor_mark(vault: Vault, record_id: str, number: int) -> None:
    """Take back the redactor's mark with that number, from 1.

    Raises:
        NotFoundError: There is no such record, or no such mark.
    """
    with vault.transaction() as tx:
        stored = get_record_in(tx, record_id)
        if not 1 <= number <= len(stored.late):
            raise NotFoundError("mark", str(number))
        marks = [*stored.late[: number - 1], *stored.late[number:]]
        _store(tx, record_id, marks)
        _log(tx, vault, stored, marks, "redaction.lift")


def view_redactor_marks(vault: Vault, record_id: str) -> tuple[RedactorMark, ...]:
    """The redactor's marks on a finished record, once the log says that somebody looked.

    Raises:
        NotFoundError: There is no such finished record.
    """
    stored = get_record(vault, record_id)
    note_viewed(vault, {record_id: stored.version})
    return stored.late


def _made(tx: Transaction, record: Record, asked: AskedMark) -> RedactorMark:
    mark = asked.mark
    span = span_of(mark, record.interview.paragraphs)
    if span is None:
        raise InterviewError([Problem(path="account.text", rule="mark-gone", paragraph=mark.paragraph - 1)])
    owner = owner_of(mark.who, [one.names for one in record.persons])
    if owner is None and not asked.role:
        raise InterviewError([Problem(path="mentions", rule="mark-of-nobody")])
    if owner is None:
        candidate = Candidate(kind=kind_of_role(asked.role), names=(mark.who,))
        person = person_of(tx, text_of(record.interview.answers["record.case_code"]), candidate)
    else:
        person = record.persons[owner]
    start = span[0] + glued_prefix(mark.words, person.names)
    paragraph = record.interview.paragraphs[mark.paragraph - 1]
    return RedactorMark(
        version=record.version,
        paragraph=mark.paragraph - 1,
        start=start,
        end=span[1],
        code=person.code,
        name=mark.who,
        words=paragraph[start : span[1]],
    )


def _refuse_overlap(made: RedactorMark, marks: Sequence[RedactorMark]) -> None:
    for one in marks:
        same = (one.version, one.paragraph) == (made.version, made.paragraph)
        if same and one.start < made.end and made.start < one.end:
            raise InterviewError([Problem(path="account.text", rule="mark-overlaps", paragraph=made.paragraph)])


def _store(tx: Transaction, record_id: str, marks: Sequence[RedactorMark]) -> None:
    ordered = sorted(marks, key=lambda one: (one.version, one.paragraph, one.start))
    tx.execute("DELETE FROM redactor_marks WHERE record_id = ?", (record_id,))
    if ordered:
        content = marks_to_bytes(ordered)
        tx.execute("INSERT INTO redactor_marks (record_id, content) VALUES (?, ?)", (record_id, content))


def _log(tx: Transaction, vault: Vault, stored: StoredRecord, marks: Sequence[RedactorMark], kind: str) -> None:
    details: dict[str, str | int] = {"digest": digest_of_marks(marks, stored.seed), "version": stored.version}
    if kind == "redaction.apply":
        details["profile"] = _PROFILE
    append(tx, vault, kind, log_object_of_marks(stored.record_id, stored.seed), details)
