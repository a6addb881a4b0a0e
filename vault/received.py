"""Records taken in from others: stored as they were disclosed, each whole or not at all (formats.md, section 1.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Final, Literal

from testimony.bundle.names import MAX_RECORD, SIGNER_CARD
from testimony.bundle.unseal import Member
from testimony.bundle.verified_record import VerifiedExhibit, VerifiedRecord
from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text, decode, encode
from testimony.card import MAX_CARD
from testimony.custody.moments import wall_text
from testimony.errors import TestimonyError
from testimony.forms.form import Form
from testimony.redaction.disclosed import Disclosed, ShownParagraph
from testimony.redaction.head import RecordHead, parse_head
from vault._sqlcipher import Row
from vault.attachments import Attached, Stored, keep, list_for
from vault.custody import append
from vault.errors import NotFoundError, VaultDamagedError
from vault.forms import ReadOne, form_of_digest, keep_form
from vault.notices import HeldNotice, notices_about
from vault.search import Searchable, index_record
from vault.store import Transaction, Vault

OutcomeName = Literal["imported", "already", "conflict", "quarantined"]

_MAX_CONTENT: Final = 2 * MAX_RECORD
_MAX_LISTED: Final = 1_000_000
_PLACE_SLOTS: Final = ("session.place", "session.place~district", "session.place~governorate")
_SELECT: Final = (
    "SELECT r.id, r.record_id, r.version, r.control_number, r.sender, r.bundle_id, r.received_at, b.conditions,"
    " r.head, r.content FROM received_records AS r JOIN received_bundles AS b USING (bundle_id)"
)
_DAY_SLOTS: Final = ("session.started_at", "session.started_at~month")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a record comes from: the contact's code, its forty digits without spaces, and the bundle."""

    sender: str
    fingerprint: str
    bundle_id: str


@dataclass(frozen=True, kw_only=True)
class ReceivedRecord:
    """What one bundle shows of a record of others.

    `answers` has each shown slot by its id, `paragraphs` the shown ones by their place from 0, `hidden` the paths of
    what was withheld.  `notices` are what the witness asks since, to be shown before any word.
    """

    source: int
    record_id: str
    version: int
    control_number: str
    sender: str
    bundle_id: str
    received_at: str
    conditions: str = field(repr=False)
    head: RecordHead = field(repr=False)
    form: Form = field(repr=False)
    answers: Mapping[str, JsonValue] = field(repr=False)
    paragraphs: tuple[tuple[int, str], ...] = field(repr=False)
    hidden: tuple[str, ...] = field(repr=False)
    notices: tuple[HeldNotice, ...] = ()


def card_in(members: Iterable[Member]) -> bytes:
    """The signer's card of a verified bundle, as it travelled.

    Raises:
        NotFoundError: There is none.
    """
    for member in members:
        if member.name == SIGNER_CARD:
            return b"".join(iter(partial(member.read, MAX_CARD), b""))
    raise NotFoundError("card")


def outcome_of(tx: Transaction, record: VerifiedRecord, origin: Origin) -> OutcomeName:
    """What will become of a record: one that contradicts what is here is a conflict, the same disclosure is here.

    A record that this vault finished itself counts as well.
    """
    if _contradicts(tx, record):
        return "conflict"
    known = tx.one(
        "SELECT 1 FROM received_records WHERE record_id = ? AND version = ? AND sender = ? AND disclosure_sha256 = ?",
        (record.record_id, record.version, origin.sender, record.file_sha256),
    )
    return "imported" if known is None and not erased_since(tx, record, origin) else "already"


def erased_since(tx: Transaction, record: VerifiedRecord, origin: Origin) -> bool:
    """Whether the record was erased since this very bundle brought it: the same file must not bring it back."""
    rows = tx.all(
        "SELECT 1 FROM tombstones, received_bundles WHERE record_id = ? AND bundle_id = ? AND state = 'imported'",
        (record.record_id, origin.bundle_id),
    )
    return bool(rows)


def _contradicts(tx: Transaction, record: VerifiedRecord) -> bool:
    """Whether another root is here under its id and version, or a correction and the text that it corrects differ."""
    root, previous = record.root, record.head.previous_root
    known = {
        (version, held.hex())
        for table in ("received_records", "records")
        for version, held in tx.all(
            f"SELECT version, root FROM {table} WHERE record_id = ? AND root IS NOT NULL",  # noqa: S608  # two names
            (record.record_id,),
        )
    }
    corrections = tx.all(
        "SELECT head FROM received_records WHERE record_id = ? AND version = ?",
        (record.record_id, record.version + 1),
    )
    return (
        any(version == record.version and held != root for version, held in known)
        or any(version == record.version - 1 and held != previous for version, held in known)
        or any(parse_head(head).previous_root != root for (head,) in corrections)
    )


def log_outcome(tx: Transaction, vault: Vault, record: VerifiedRecord, origin: Origin, outcome: OutcomeName) -> None:
    """One entry for what became of a record."""
    details: dict[str, str | int] = {
        "version": record.version,
        "root": record.root,
        "bundle": origin.bundle_id,
        "outcome": outcome,
        "control": record.control_number,
        "disclosure": record.file_sha256,
        "signer": origin.fingerprint,
    }
    append(tx, vault, "record.import", record.record_id, details)


def store_record(
    tx: Transaction, vault: Vault, record: VerifiedRecord, origin: Origin, files: Mapping[str, Stored]
) -> None:
    """Store a record with its exhibits, index and entry; `files` are its exhibits by their member names.

    Raises:
        NotFoundError: One of its exhibits is not among the files.
    """
    disclosed = record.disclosed
    keep_form(tx, vault, disclosed.form)
    source = tx.insert(
        "INSERT INTO received_records (record_id, version, revision, disclosure_sha256, bundle_id, sender, received_at,"
        " control_number, case_code, interviewed_on, place, language, root, head, signature, pq_signature, disclosure,"
        " content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.record_id,
            record.version,
            record.revision.number,
            record.file_sha256,
            origin.bundle_id,
            origin.sender,
            wall_text(vault.clock.now().wall),
            record.control_number,
            _text(disclosed.answers.get("record.case_code")),
            (_first(disclosed, _DAY_SLOTS) or "")[:10] or None,
            _first(disclosed, _PLACE_SLOTS),
            _text(disclosed.answers.get("session.language")),
            bytes.fromhex(record.root),
            record.head_text,
            record.signatures.ed25519,
            record.signatures.hybrid,
            record.file,
            _content(disclosed),
        ),
    )
    for exhibit in record.exhibits:
        if exhibit.member not in files:
            raise NotFoundError("exhibit", exhibit.control_number)
        _store_exhibit(tx, vault, (source, record), exhibit, files[exhibit.member])
    row = tx.one(f"{_SELECT} WHERE r.id = ?", (source,))
    if row is not None:
        index_record(tx, searchable_of(_received(tx.one, row)))


def get_received(vault: Vault, record_id: str) -> tuple[ReceivedRecord, ...]:
    """Every disclosure of a record that was taken in: the newest version first, of each the one that came last.

    Raises:
        NotFoundError: There is none.
        VaultDamagedError: What is stored cannot be read.
    """
    rows = vault.read(f"{_SELECT} WHERE r.record_id = ? ORDER BY r.version DESC, r.id DESC", (record_id,))
    if not rows:
        raise NotFoundError("record", record_id)
    read = vault.read_one
    return tuple(replace(_received(read, row), notices=notices_about(vault, row[0])) for row in rows)


def received_exhibits(vault: Vault, received: ReceivedRecord) -> tuple[Attached, ...]:
    """The exhibits that came with a disclosure."""
    return list_for(vault, _exhibits_key(received.source))


def _store_exhibit(
    tx: Transaction, vault: Vault, of: tuple[int, VerifiedRecord], exhibit: VerifiedExhibit, stored: Stored
) -> None:
    source, record = of
    shown = next((one.members for one in record.disclosed.exhibits if one.index == exhibit.index), {})
    kept = keep(tx, vault, stored)
    # Two senders may have the same prefix: their control numbers are not ours to keep apart.
    tx.execute(
        "INSERT INTO exhibits (record_id, position, attachment_id, kind, title, original_name, media_type, extension)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            _exhibits_key(source),
            exhibit.index,
            kept,
            _text(shown.get("kind")) or "other",
            _text(shown.get("title")) or "",
            _text(shown.get("original_name")) or "",
            _text(shown.get("media_type")) or "",
            PurePosixPath(exhibit.member).suffix[1:],
        ),
    )
    details: dict[str, str | int] = {
        "exhibit": kept,
        "sha256": exhibit.sha256,
        "size": exhibit.size,
        "control": exhibit.control_number,
    }
    append(tx, vault, "exhibit.import", kept, details)


def _exhibits_key(source: int) -> str:
    return f"received/{source}"


def searchable_of(received: ReceivedRecord) -> Searchable:
    """What of a received record is found by search: the shown paragraphs, names, codes and numbers."""
    texts = dict(received.paragraphs)
    return Searchable(
        origin="received",
        record_id=received.record_id,
        version=received.version,
        source=received.source,
        paragraphs=[texts.get(place, "") for place in range(max(texts, default=-1) + 1)],
        names=[received.record_id, received.control_number, *_named(received.answers)],
    )


def _named(answers: Mapping[str, JsonValue]) -> list[str]:
    """The names and codes that are shown."""
    found = [_text(answers.get("record.case_code")) or ""]
    mentions = answers.get("mentions")
    for one in mentions if isinstance(mentions, list) else []:
        if isinstance(one, dict):
            found += [_text(one.get("who")) or "", _text(one.get("code")) or ""]
    name = answers.get("witness.name")
    found += [text for text in (name.values() if isinstance(name, dict) else ()) if isinstance(text, str)]
    return found


def _shown(disclosed: Disclosed) -> list[tuple[int, str]]:
    return [(one.index, one.text()) for one in disclosed.paragraphs if isinstance(one, ShownParagraph)]


def _content(disclosed: Disclosed) -> bytes:
    return encode(
        {
            "answers": dict(disclosed.answers),
            "hidden": list(disclosed.hidden),
            "paragraphs": [[index, text] for index, text in _shown(disclosed)],
        }
    )


def _first(disclosed: Disclosed, slots: tuple[str, ...]) -> str | None:
    """The first of these slots that is shown, as text; of a place its words."""
    for slot in slots:
        value = disclosed.answers.get(slot)
        text = _text(value.get("verbatim")) if isinstance(value, dict) else _text(value)
        if text:
            return text
    return None


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None


def _received(read_one: ReadOne, row: Row) -> ReceivedRecord:
    source, record_id, version, control_number, sender, bundle_id, received_at, conditions, head, content = row
    try:
        value = as_object(
            decode(content, limit=_MAX_CONTENT, where="received"),
            "received",
            required=("answers", "hidden", "paragraphs"),
        )
        pairs = [as_list(one, "paragraphs", limit=2) for one in as_list(value["paragraphs"], "p", limit=_MAX_LISTED)]
        answers = value["answers"]
        signed = parse_head(head)
        return ReceivedRecord(
            source=source,
            record_id=record_id,
            version=version,
            control_number=control_number,
            sender=sender,
            bundle_id=bundle_id,
            received_at=received_at,
            conditions=conditions,
            head=signed,
            form=form_of_digest(read_one, signed.form_sha256),
            answers=answers if isinstance(answers, dict) else {},
            paragraphs=tuple((as_integer(pair[0], "p"), as_text(pair[1], "p")) for pair in pairs),
            hidden=tuple(as_text(path, "hidden") for path in as_list(value["hidden"], "hidden", limit=_MAX_LISTED)),
        )
    except TestimonyError as error:
        raise VaultDamagedError("content", f"received {record_id}") from error
