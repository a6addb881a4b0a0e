"""Consent events in the vault: their rows, their custody entries, and after how many months a grant is reviewed."""

from typing import Final

from keys.digests import sha256
from testimony.consent import REVIEW_MONTHS
from testimony.consent_events import ConsentEvent
from testimony.custody.moments import wall_text
from testimony.redaction.consent_tree import event_digest
from vault.custody import VAULT, append
from vault.errors import PolicyError
from vault.store import Transaction, Vault

MAX_REVIEW_MONTHS: Final = 120
_REVIEW: Final = "review-months"


def review_months(vault: Vault) -> int:
    """After how many months a grant has to be confirmed (C18)."""
    row = vault.read_one("SELECT value FROM settings WHERE name = ?", (_REVIEW,))
    return REVIEW_MONTHS if row is None else int(row[0])


def set_review_months(vault: Vault, months: int) -> None:
    """Set it for every grant from now on; grants that were given keep their date.

    Raises:
        PolicyError: Not between 1 and 120 months ("review-months").
    """
    if not 1 <= months <= MAX_REVIEW_MONTHS:
        raise PolicyError("review-months")
    with vault.transaction() as tx:
        tx.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (_REVIEW, str(months)))
        digest = sha256(f"{_REVIEW}={months}".encode("ascii")).hex()
        append(tx, vault, "vault.settings", VAULT, {"digest": digest, "setting": _REVIEW})


def store_event(tx: Transaction, record_id: str, event: ConsentEvent) -> None:
    """Add the row of an event; rows are never edited."""
    tx.execute(
        "INSERT INTO consent_events (record_id, seq, at, kind, recipient, purpose, content)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (record_id, event.seq, wall_text(event.at), event.kind, event.recipient, event.purpose, event.to_bytes()),
    )


def entry_details(event: ConsentEvent, seed: bytes, statement: bytes | None = None) -> dict[str, str | int]:
    """What the custody entry of an event says: its number and keyed digest, never whom it is about."""
    details: dict[str, str | int] = {"event": event_digest(event.to_bytes(), seed), "number": event.seq}
    if statement is not None:
        details["statement"] = sha256(statement).hex()
    if event.kind == "withdraw":
        details["reach"] = "everything" if event.about_everything else "one-body"
    return details
