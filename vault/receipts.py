"""Receipts: those this vault gives, and those that come back, each an anchor of this vault's log in other hands."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from keys.digests import sha256
from keys.digits import ungrouped
from testimony.bundle.custody_check import custody_line
from testimony.bundle.findings import Verdict
from testimony.card import parse_card
from testimony.custody.anchors import AnchorKind
from testimony.custody.checkpoint import origin_of
from testimony.errors import ReceiptError
from testimony.receipts import MAX_RECEIPT, Outcome, Receipt, parse_receipt
from testimony.verify import VerifiedBundle
from vault.anchors import keep_anchor
from vault.contacts import contact_by_fingerprint
from vault.custody import append
from vault.errors import AlreadyImportedError, NotFoundError, PolicyError, VaultError
from vault.files import ensure_folder, read_bounded, write_atomic
from vault.store import Transaction, Vault

_ID_IN_NAME: Final = 16


@dataclass(frozen=True, kw_only=True)
class ImportedReceipt:
    """What the receiver says: which bundle, its verdict, what became of each record."""

    bundle_id: str
    receiver: str
    verdict: Verdict
    outcomes: tuple[Outcome, ...]


def signed_receipt(vault: Vault, bundle: VerifiedBundle, outcomes: tuple[Outcome, ...]) -> bytes:
    """What this vault answers to a bundle that it took in."""
    own = parse_card(vault.card())
    return Receipt(
        bundle_id=bundle.statement.bundle_id,
        bundle_sha256=bundle.sha256 or "",
        verdict=bundle.verdict,
        receiver=own.code,
        fingerprint=own.public.fingerprint,
        at=vault.clock.now().wall,
        custody=custody_line(bundle.custody.checkpoint),
        outcomes=outcomes,
    ).to_text(vault.identity)


def write_receipt(folder: Path | None, bundle_id: str, receipt: bytes) -> Path | None:
    """Where the receipt lies outside the vault; None where no folder was named, or the one named cannot be written.

    It is in the database in any case, and is written when the same file is received again.
    """
    if folder is None:
        return None
    path = folder / f"{bundle_id[:_ID_IN_NAME]}.receipt"
    try:
        ensure_folder(folder)
        write_atomic(path, receipt)
    except VaultError:
        return None
    return path


def import_receipt(vault: Vault, path: Path) -> ImportedReceipt:
    """The receipt in a file, checked against the bundle it is about, stored and logged.

    Raises:
        ReceiptError: Malformed, not signed by its receiver, or about another bundle, file, log or list of records.
        PolicyError: Its receiver is no contact ("unknown-signer").
        NotFoundError: This vault sealed no such bundle for this receiver.
        AlreadyImportedError: A receipt of this receiver for this bundle is there already.
    """
    data = read_bounded(path, MAX_RECEIPT)
    signed = parse_receipt(data)
    sender = contact_by_fingerprint(vault, signed.fingerprint)
    if sender is None:
        raise PolicyError("unknown-signer", signed.fingerprint)
    receipt = signed.check(sender.card.public)
    with vault.transaction() as tx:
        _check_bundle(tx, vault, receipt)
        _store(tx, vault, receipt, data)
        details = {
            "receipt": sha256(data).hex(),
            "verdict": str(receipt.verdict),
            "signer": ungrouped(receipt.fingerprint),
            "bundle_sha256": receipt.bundle_sha256,
        }
        entry = append(tx, vault, "receipt.import", receipt.bundle_id, details)
        keep_anchor(tx, AnchorKind.RECEIPT, (receipt.fingerprint, receipt.custody.size, receipt.at), entry, data)
    return ImportedReceipt(
        bundle_id=receipt.bundle_id, receiver=sender.code, verdict=receipt.verdict, outcomes=receipt.outcomes
    )


def _check_bundle(tx: Transaction, vault: Vault, receipt: Receipt) -> None:
    row = tx.one(
        "SELECT sha256, custody_size FROM bundles WHERE bundle_id = ? AND fingerprint = ? AND state = 'sealed'",
        (receipt.bundle_id, ungrouped(receipt.fingerprint)),
    )
    if row is None:
        raise NotFoundError("bundle", receipt.bundle_id)
    if row[0] != receipt.bundle_sha256:
        raise ReceiptError("receipt-bundle", receipt.bundle_id)
    checkpoint = tx.one("SELECT root FROM checkpoints WHERE size = ?", (row[1],))
    seen = (receipt.custody.origin, receipt.custody.size, receipt.custody.root)
    if checkpoint is None or seen != (origin_of(vault.identity.public), row[1], checkpoint[0].hex()):
        raise ReceiptError("receipt-custody", receipt.bundle_id)
    sealed = tx.all("SELECT record_id FROM bundle_records WHERE bundle_id = ?", (receipt.bundle_id,))
    if {record_id for (record_id,) in sealed} != {one.record_id for one in receipt.outcomes}:
        raise ReceiptError("receipt-records", receipt.bundle_id)


def _store(tx: Transaction, vault: Vault, receipt: Receipt, data: bytes) -> None:
    known = tx.one(
        "SELECT 1 FROM receipts WHERE bundle_id = ? AND receiver = ?",
        (receipt.bundle_id, ungrouped(receipt.fingerprint)),
    )
    if known is not None:
        raise AlreadyImportedError("receipt", receipt.bundle_id)
    tx.execute(
        "INSERT INTO receipts (bundle_id, receiver, received_at, verdict, custody_size, content)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            receipt.bundle_id,
            ungrouped(receipt.fingerprint),
            vault.clock.now().wall.isoformat(timespec="seconds"),
            str(receipt.verdict),
            receipt.custody.size,
            data,
        ),
    )


def first_outcomes(tx: Transaction, bundle_id: str, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """The outcomes as of the first try: what a crash had let in of this bundle is "imported", not "already"."""
    rows = tx.all("SELECT record_id FROM received_records WHERE bundle_id = ?", (bundle_id,))
    mine = {record_id for (record_id,) in rows}
    return tuple(
        Outcome(control_number=one.control_number, record_id=one.record_id, outcome="imported")
        if one.outcome == "already" and one.record_id in mine
        else one
        for one in outcomes
    )
