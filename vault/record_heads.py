"""The head that this device signs of a record or companion: its content, where the log stands, what the clock shows."""

from testimony.custody.moments import Moment, clock_note
from testimony.model import Record
from testimony.redaction.commitments import Commitment
from testimony.redaction.head import RecordHead
from vault.custody import current
from vault.store import Transaction, Vault


def head_of(
    tx: Transaction, vault: Vault, record: Record, trees: tuple[Commitment, Commitment], now: Moment
) -> RecordHead:
    """The head of a first version, before its own entry is in the log; `trees` are its content's and its consent's."""
    content, consent = trees
    log = current(tx, vault)
    return RecordHead(
        practice=record.interview.practice,
        record_id=record.record_id,
        version=record.version,
        previous_root=None,
        control_number=record.control_number or "",
        form_id=record.form.id,
        form_sha256=record.form.digest,
        root=content.root.hex(),
        leaves=content.n,
        recorder=vault.settings.code,
        device=vault.identity.public.fingerprint,
        consent_root=consent.root.hex(),
        consent_leaves=consent.n,
        custody_origin=log.origin,
        custody_size=log.size,
        claimed_time=now.wall,
        clock_note=clock_note(tx.head.state.moment, now),
        not_before=None,
    )
