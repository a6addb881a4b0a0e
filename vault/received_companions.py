"""Translations and transcripts that came in with a record, stored as they were disclosed beside it."""

from dataclasses import dataclass, field

from keys.digests import sha256
from testimony.bundle.verified_record import VerifiedCompanion, VerifiedRecord
from vault.received import Origin
from vault.store import Transaction, Vault


@dataclass(frozen=True, kw_only=True)
class ReceivedCompanion:
    """What a bundle shows of a companion; `text` is its reading copy."""

    companion_id: str
    kind: str
    language: str
    control_number: str
    sender: str
    text: str = field(repr=False)


def store_companions(tx: Transaction, record: VerifiedRecord, origin: Origin) -> None:
    """Store what came with a record; what is here already stays as it is."""
    for companion in record.companions:
        tx.execute(
            "INSERT OR IGNORE INTO received_companions (companion_id, record_id, version, kind, language,"
            " control_number, sender, bundle_id, disclosure_sha256, head, signature, pq_signature, disclosure, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                companion.head.record_id,
                record.record_id,
                record.version,
                companion.kind,
                _language(companion),
                companion.control_number,
                origin.sender,
                origin.bundle_id,
                sha256(companion.file).hex(),
                companion.head_text,
                companion.signatures.ed25519,
                companion.signatures.hybrid,
                companion.file,
                companion.text,
            ),
        )


def companions_received(vault: Vault, record_id: str, version: int) -> tuple[ReceivedCompanion, ...]:
    """What came in with that version of a record, in the order in which it came."""
    rows = vault.read(
        "SELECT companion_id, kind, language, control_number, sender, content FROM received_companions"
        " WHERE record_id = ? AND version = ? ORDER BY id",
        (record_id, version),
    )
    return tuple(
        ReceivedCompanion(
            companion_id=row[0],
            kind=row[1],
            language=row[2],
            control_number=row[3],
            sender=row[4],
            text=bytes(row[5]).decode("utf-8"),
        )
        for row in rows
    )


def _language(companion: VerifiedCompanion) -> str:
    language = companion.disclosed.answers.get("session.language")
    return language if isinstance(language, str) else ""
