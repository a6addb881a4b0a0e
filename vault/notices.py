"""Notices of withdrawal that came in: what a witness asks about a record that this vault received.

A notice is shown before the record wherever a word of it is shown, and the record leaves this vault in no form.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from keys.digests import sha256
from keys.digits import ungrouped
from testimony.custody.moments import wall_text
from testimony.errors import WithdrawalError
from testimony.withdrawal import MAX_NOTICE, Asked, Notice, parse_notice
from vault._sqlcipher import Row
from vault.custody import append
from vault.entitlement import known_card, sender_of
from vault.errors import AlreadyImportedError, NotFoundError, PolicyError
from vault.files import read_bounded
from vault.store import Transaction, Vault

# Whether a notice n reaches the received record r: what was here, whichever bundle it came in first; and what the
# notice names, whenever that arrives.
REACHES: Final = (
    "n.record_id = r.record_id AND n.sender = r.sender AND (r.id <= n.newest"
    " OR r.bundle_id IN (SELECT b.bundle_id FROM notice_bundles AS b WHERE b.digest = n.digest))"
)
_ABOUT: Final = (
    "SELECT n.record_id, n.sender, n.asks, n.purpose, n.claimed_at, n.received_at FROM notices AS n"  # noqa: S608  # ours
    f" JOIN received_records AS r ON {REACHES} WHERE r.id = ? ORDER BY n.received_at, n.digest"
)
_WITHDRAWN: Final = f"SELECT DISTINCT r.id FROM notices AS n JOIN received_records AS r ON {REACHES}"  # noqa: S608  # ours


@dataclass(frozen=True, kw_only=True)
class HeldNotice:
    """What is asked, by whom it came, and when; `purpose` is None where it is about every purpose."""

    record_id: str
    sender: str
    asks: Asked
    purpose: str | None
    claimed_at: str
    received_at: str


def import_notice(vault: Vault, path: Path) -> HeldNotice:
    """The notice in a file, checked against its sender and the bundles it names, stored and logged.

    Raises:
        WithdrawalError: Malformed, forged, or about bundles of another sender ("withdrawal-bundle").
        PolicyError: Its sender is no contact and in no roster ("unknown-signer"), it is for another body
            ("not-for-you"), or practice and real are mixed ("practice-mismatch").
        NotFoundError: None of its bundles, or no such record in them, was ever received from this sender.
        AlreadyImportedError: This notice is here already.
    """
    data = read_bounded(path, MAX_NOTICE)
    signed = parse_notice(data)
    card = known_card(vault, signed.sender.fingerprint)
    sender = sender_of(vault, signed.sender.fingerprint)
    if card is None or sender is None:
        raise PolicyError("unknown-signer", signed.sender.fingerprint)
    notice, name = signed.check(card.public), sender[0]
    if notice.receiver.fingerprint != vault.identity.public.fingerprint:
        raise PolicyError("not-for-you", notice.receiver.code)
    if notice.practice != vault.practice:
        raise PolicyError("practice-mismatch", notice.record_id)
    digest = sha256(data).hex()
    with vault.transaction() as tx:
        _check_received(tx, notice, name, digest)
        held = _store(tx, vault, notice, (name, digest, data))
        details = {"notice": digest, "asks": notice.asks, "signer": ungrouped(notice.sender.fingerprint)}
        append(tx, vault, "withdrawal.import", notice.record_id, details)
    return held


def notices_about(vault: Vault, source: int) -> tuple[HeldNotice, ...]:
    """What is asked about one received record, by its row, oldest first; empty where nothing is."""
    return tuple(map(_held, vault.read(_ABOUT, (source,))))


def withdrawn_sources(vault: Vault) -> frozenset[int]:
    """The rows of all received records that a notice reaches."""
    return frozenset(source for (source,) in vault.read(_WITHDRAWN))


def refuse_withdrawn(vault: Vault, source: int) -> None:
    """Nothing, when the record may be used beyond this vault: for whatever copies, prints or passes it on.

    Raises:
        PolicyError: Its witness withdrew ("withdrawn-notice").
    """
    held = notices_about(vault, source)
    if held:
        raise PolicyError("withdrawn-notice", held[0].record_id)


def _check_received(tx: Transaction, notice: Notice, sender: str, digest: str) -> None:
    if tx.one("SELECT 1 FROM notices WHERE digest = ?", (digest,)) is not None:
        raise AlreadyImportedError("notice", notice.record_id)
    senders = [
        str(row[0])
        for bundle_id in notice.bundles
        if (row := tx.one("SELECT sender FROM received_bundles WHERE bundle_id = ?", (bundle_id,))) is not None
    ]
    if any(one != sender for one in senders):
        raise WithdrawalError("withdrawal-bundle", notice.record_id)
    if not senders:
        raise NotFoundError("bundle", notice.bundles[0])
    known = tx.one("SELECT 1 FROM received_records WHERE record_id = ? AND sender = ?", (notice.record_id, sender))
    if known is None:
        raise NotFoundError("record", notice.record_id)


def _store(tx: Transaction, vault: Vault, notice: Notice, came: tuple[str, str, bytes]) -> HeldNotice:
    sender, digest, data = came
    row = (
        notice.record_id,
        sender,
        notice.asks,
        notice.purpose,
        wall_text(notice.at),
        wall_text(vault.clock.now().wall),
    )
    tx.execute(
        "INSERT INTO notices (record_id, sender, asks, purpose, claimed_at, received_at, digest, content, newest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM received_records))",
        (*row, digest, data),
    )
    for bundle_id in notice.bundles:
        tx.execute("INSERT INTO notice_bundles (digest, bundle_id) VALUES (?, ?)", (digest, bundle_id))
    return _held(row)


def _held(row: Row) -> HeldNotice:
    record_id, sender, asks, purpose, claimed_at, received_at = row
    return HeldNotice(
        record_id=record_id,
        sender=sender,
        asks=cast("Asked", asks),
        purpose=purpose,
        claimed_at=claimed_at,
        received_at=received_at,
    )
