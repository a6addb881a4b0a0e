"""Translations, transcripts and observations in the vault: signed objects of their own beside their record.

One is whole when it is added and never edited; another text of the same source is another companion (companion-v1).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from keys.chance import random_bytes
from keys.digests import sha256
from keys.signature import RECORD, Signatures
from testimony.answers import text_of
from testimony.bundle.packing import pack_companion
from testimony.bundle.parcel import PackedCompanion
from testimony.canonical import parse_lenient
from testimony.companion_plan import CompanionPlan, ShownSource, plan_companion
from testimony.companions import companion_record, read_companion
from testimony.consent import Release
from testimony.custody.moments import wall_text
from testimony.errors import TestimonyError
from testimony.forms.form import FormKind
from testimony.forms.reading import companion_form
from testimony.interview import MAX_INTERVIEW
from testimony.leaks import Needle
from testimony.model import Record, parse_record
from testimony.redaction.commitments import commit
from testimony.redaction.consent_tree import commit_consent
from testimony.redaction.disclosure import disclose
from testimony.redaction.record_slots import record_tree
from testimony.redaction.salts import SEED_SIZE
from vault._sqlcipher import Row
from vault.custody import append, moment_of
from vault.drafts import free_id
from vault.errors import NotFoundError, PolicyError, VaultDamagedError
from vault.numbering import take_numbers
from vault.record_heads import head_of
from vault.reserve import with_reserve
from vault.store import Transaction, Vault
from vault.versions import basis_of

_COLUMNS: Final = "companion_id, record_id, version, kind, finished_at, head, signature, pq_signature, seed, content"


@dataclass(frozen=True, kw_only=True)
class StoredCompanion:
    """A companion with everything that was signed; `version` is that of the record that it belongs to."""

    companion_id: str
    record_id: str
    version: int
    kind: FormKind
    finished_at: str
    record: Record = field(repr=False)
    head_text: bytes = field(repr=False)
    signatures: Signatures = field(repr=False)
    seed: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class RenderedCompanion:
    """A companion as it would leave with its record, and what must not stand in its files."""

    packed: PackedCompanion = field(repr=False)
    needles: tuple[Needle, ...] = field(repr=False)


def add_companion(vault: Vault, record_id: str, kind: FormKind, data: bytes) -> StoredCompanion:
    """The companion of the newest version of a record, from a JSON file; signed and stored when this returns.

    Raises:
        NotFoundError: There is no such record here.
        PolicyError: It was refused, erased or withdrawn, or practice and real would be mixed.
        CanonicalError: The bytes are no JSON that may be read.
        InterviewError: Every problem in it.
        LimitExceededError: A text or a list is longer than the format allows.
        StorageFullError: No room; nothing was added.
    """
    basis = basis_of(vault, record_id)
    value = parse_lenient(data, limit=MAX_INTERVIEW, where="companion")
    interview = read_companion(value, kind, basis.record, basis.root)
    if interview.practice != vault.practice:
        raise PolicyError("practice-mismatch")

    def add() -> StoredCompanion:
        with vault.transaction() as tx:
            number = take_numbers(tx, vault.settings.prefix, 1)[0]
            record = companion_record(interview, basis.record, free_id(tx), number)
            stored = _signed(tx, vault, record, (record_id, basis.version))
            _store(tx, stored)
            _log(tx, vault, stored)
        return stored

    return with_reserve(vault.layout, add)


def companions_of(vault: Vault, record_id: str, version: int | None = None) -> tuple[StoredCompanion, ...]:
    """The companions of a record, or of one version of it, in the order in which they were added.

    Raises:
        VaultDamagedError: One cannot be read.
    """
    rows = vault.read(
        f"SELECT {_COLUMNS} FROM companions WHERE record_id = ? AND (? IS NULL OR version = ?) ORDER BY rowid",  # noqa: S608  # constant names
        (record_id, version, version),
    )
    return tuple(map(_stored, rows))


def get_companion(vault: Vault, companion_id: str) -> StoredCompanion:
    """The companion of that id.

    Raises:
        NotFoundError: There is none.
        VaultDamagedError: It cannot be read.
    """
    row = vault.read_one(f"SELECT {_COLUMNS} FROM companions WHERE companion_id = ?", (companion_id,))  # noqa: S608  # constant names
    if row is None:
        raise NotFoundError("record", companion_id)
    return _stored(row)


def render_companions(vault: Vault, source: ShownSource, release: Release) -> Iterator[RenderedCompanion]:
    """What may leave with this version of its source, each packed as it will stand in the bundle.

    Raises:
        TestimonyError: A stored companion and its head do not fit each other.
    """
    for stored in companions_of(vault, source.record.record_id, source.record.version):
        plan = plan_companion(stored.record, source, release)
        if plan is not None:
            yield RenderedCompanion(packed=_packed(stored, plan), needles=plan.needles)


def _packed(stored: StoredCompanion, plan: CompanionPlan) -> PackedCompanion:
    disclosure = disclose(record_tree(stored.record), stored.seed, plan.selection)
    return pack_companion(stored.head_text, stored.signatures, disclosure, stored.record.form.content)


def _signed(tx: Transaction, vault: Vault, record: Record, source: tuple[str, int]) -> StoredCompanion:
    now = moment_of(vault.clock)
    seed = random_bytes(SEED_SIZE)
    # No event of consent: a companion has none but that of its source.
    trees = commit(record_tree(record), seed), commit_consent([], seed)
    head = head_of(tx, vault, record, trees, now).to_text()
    return StoredCompanion(
        companion_id=record.record_id,
        record_id=source[0],
        version=source[1],
        kind=record.form.kind,
        finished_at=wall_text(now.wall),
        record=record,
        head_text=head,
        signatures=vault.identity.sign(head, RECORD),
        seed=seed,
    )


def _store(tx: Transaction, stored: StoredCompanion) -> None:
    tx.execute(
        f"INSERT INTO companions ({_COLUMNS}, control_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # constant names
        (
            stored.companion_id,
            stored.record_id,
            stored.version,
            stored.kind,
            stored.finished_at,
            stored.head_text,
            stored.signatures.ed25519,
            stored.signatures.hybrid,
            stored.seed,
            stored.record.to_bytes(),
            stored.record.control_number,
        ),
    )


def _log(tx: Transaction, vault: Vault, stored: StoredCompanion) -> None:
    """On the chain of the source, which travels with it; an observation has its own, which never does."""
    details: dict[str, str | int] = {"digest": sha256(stored.head_text).hex()}
    if stored.kind == "observation":
        append(tx, vault, "observation.add", stored.companion_id, details)
        return
    answers = stored.record.answers
    details |= {"language": stored.record.interview.language, "method": text_of(answers["companion.method"])}
    append(tx, vault, f"{stored.kind}.add", stored.record_id, details)


def _stored(row: Row) -> StoredCompanion:
    companion_id, record_id, version, kind, finished_at, head, signature, pq_signature, seed, content = row
    try:
        record = parse_record(content, companion_form(f"{kind}-1"))
    except TestimonyError as error:
        raise VaultDamagedError("content", f"companion {companion_id}") from error
    return StoredCompanion(
        companion_id=companion_id,
        record_id=record_id,
        version=version,
        kind=record.form.kind,
        finished_at=finished_at,
        record=record,
        head_text=head,
        signatures=Signatures(ed25519=signature, hybrid=pq_signature),
        seed=seed,
    )
