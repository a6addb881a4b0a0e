"""Records: taken from an interview file, finished, listed, and read back whole (record.md, sections 1 to 4)."""

from dataclasses import dataclass, field
from typing import Literal, cast

from keys.signature import Signatures
from testimony.canonical import parse_lenient
from testimony.consent_events import ConsentEvent, parse_event
from testimony.errors import TestimonyError
from testimony.forms.form import Form
from testimony.interview import MAX_INTERVIEW, parse_interview
from testimony.model import Record, parse_record
from testimony.redaction.head import RecordHead, parse_head
from testimony.redaction.redactor_marks import RedactorMark, parse_marks
from vault._sqlcipher import Row
from vault.drafts import new_draft
from vault.errors import VaultDamagedError
from vault.finishing import Finished, finish, with_case_code
from vault.forms import ReadOne, form_of_digest
from vault.record_list import RecordRow, absent, list_records
from vault.scripts import with_script_digest
from vault.store import Transaction, Vault

__all__ = [
    "Finished",
    "RecordRow",
    "StoredRecord",
    "events_of",
    "finish",
    "get_record",
    "list_records",
    "new_from_interview",
]


@dataclass(frozen=True, kw_only=True)
class StatementRow:
    """The newest consent statement of a record: over how many events, signed, and the seed its salts come from."""

    number: int
    text: bytes = field(repr=False)
    signatures: Signatures = field(repr=False)
    seed: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class StoredRecord:
    """A finished record of this vault, or (with a code and a date alone) a refusal.

    `seed` opens every salt of the record: it stays in the vault.  `restricted` are the paragraphs, from 0, that no body
    sees any more.
    """

    record_id: str
    version: int
    stage: Literal["finished", "refused"]
    finished_at: str
    case_code: str | None
    interviewed_on: str | None
    record: Record | None = field(repr=False)
    head: RecordHead | None = field(repr=False)
    head_text: bytes = field(repr=False)
    signatures: Signatures | None = field(repr=False)
    seed: bytes = field(repr=False)
    events: tuple[ConsentEvent, ...] = field(repr=False)
    statement: StatementRow | None = None
    late: tuple[RedactorMark, ...] = field(default=(), repr=False)
    restricted: frozenset[int] = frozenset()


def new_from_interview(vault: Vault, data: bytes, form: Form | None = None) -> str:
    """The id of a new draft with the interview of a JSON file, by the core form where no other one is named.

    Raises:
        CanonicalError: The bytes are no JSON that may be read.
        InterviewError: Every problem in the interview.
        LimitExceededError: A text or a list is longer than the format allows.
        PolicyError: An invented interview for a real vault, or a real one for a practice vault.
    """
    interview = parse_interview(parse_lenient(data, limit=MAX_INTERVIEW, where="interview"), form)
    return new_draft(vault, with_case_code(with_script_digest(vault, interview)))


def get_record(vault: Vault, record_id: str, version: int | None = None) -> StoredRecord:
    """That version of a record that this vault finished, the newest where none is named.

    Raises:
        NotFoundError: There is none; a draft is no record yet.
        VaultDamagedError: What is stored cannot be read as a record.
    """
    row = vault.read_one(_VERSION, (record_id, version, version))
    if row is None:
        raise absent(vault.read_one, record_id)
    rows = vault.read(_EVENTS, (record_id,))
    return _stored(vault.read_one, row, [content for (content,) in rows])


def get_record_in(tx: Transaction, record_id: str, version: int | None = None) -> StoredRecord:
    """The same inside a transaction: consent is read in the one that acts on it (C3).

    Raises:
        NotFoundError: There is none.
        VaultDamagedError: What is stored cannot be read as a record.
    """
    row = tx.one(_VERSION, (record_id, version, version))
    if row is None:
        raise absent(tx.one, record_id)
    return _stored(tx.one, row, [content for (content,) in tx.all(_EVENTS, (record_id,))])


def events_of(vault: Vault, record_id: str) -> tuple[ConsentEvent, ...]:
    """The consent events of a record, in their order.

    Raises:
        VaultDamagedError: One cannot be read.
    """
    return _events(record_id, [content for (content,) in vault.read(_EVENTS, (record_id,))])


_VERSION = (
    "SELECT record_id, version, stage, finished_at, case_code, interviewed_on, head, signature, pq_signature, seed,"
    " content FROM records WHERE record_id = ? AND (? IS NULL OR version = ?) ORDER BY version DESC LIMIT 1"
)
_EVENTS = "SELECT content FROM consent_events WHERE record_id = ? ORDER BY seq"
_LATE = "SELECT content FROM redactor_marks WHERE record_id = ?"
_RESTRICTED = "SELECT group_concat(paragraph) FROM restrictions WHERE record_id = ? AND version = ?"
_STATEMENT = (
    "SELECT s.number, s.content, s.signature, s.pq_signature, r.seed FROM consent_statements AS s"
    " JOIN records AS r USING (record_id, version) WHERE s.record_id = ? ORDER BY s.number DESC LIMIT 1"
)


def _stored(read_one: ReadOne, row: Row, events: list[bytes]) -> StoredRecord:
    record_id, version, stage, finished_at, case_code, interviewed_on, head, signature, pq_signature, seed, content = (
        row
    )
    finished = stage == "finished"
    opened = _head(record_id, head) if finished else None
    statement = read_one(_STATEMENT, (record_id,))
    return StoredRecord(
        record_id=record_id,
        version=version,
        stage=cast("Literal['finished', 'refused']", stage),
        finished_at=finished_at,
        case_code=case_code,
        interviewed_on=interviewed_on,
        record=None if opened is None else _record(record_id, content, form_of_digest(read_one, opened.form_sha256)),
        head=opened,
        head_text=head or b"",
        signatures=Signatures(ed25519=signature, hybrid=pq_signature) if finished else None,
        seed=seed or b"",
        events=_events(record_id, events),
        statement=None if statement is None else _statement(statement),
        late=_late(record_id, read_one(_LATE, (record_id,))),
        restricted=_restricted(read_one(_RESTRICTED, (record_id, version))),
    )


def _restricted(row: Row | None) -> frozenset[int]:
    return frozenset() if row is None or row[0] is None else frozenset(map(int, str(row[0]).split(",")))


def _late(record_id: str, row: Row | None) -> tuple[RedactorMark, ...]:
    """The marks that a redactor set on any version of the record."""
    try:
        return () if row is None else parse_marks(row[0])
    except TestimonyError as error:
        raise VaultDamagedError("marks", f"record {record_id}") from error


def _statement(row: Row) -> StatementRow:
    number, text, signature, pq_signature, seed = row
    signatures = Signatures(ed25519=signature, hybrid=pq_signature)
    return StatementRow(number=number, text=text, signatures=signatures, seed=seed)


def _record(record_id: str, content: bytes, form: Form) -> Record:
    try:
        return parse_record(content, form)
    except TestimonyError as error:
        raise VaultDamagedError("content", f"record {record_id}") from error


def _head(record_id: str, head: bytes) -> RecordHead:
    try:
        return parse_head(head)
    except TestimonyError as error:
        raise VaultDamagedError("head", f"record {record_id}") from error


def _events(record_id: str, rows: list[bytes]) -> tuple[ConsentEvent, ...]:
    try:
        return tuple(parse_event(content) for content in rows)
    except TestimonyError as error:
        raise VaultDamagedError("consent", f"record {record_id}") from error
