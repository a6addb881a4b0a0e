"""When an interview was in hand: from opening it on the screen until it was left, or cut off (record.md, section 4)."""

from typing import Final

from vault.custody import append
from vault.store import Transaction, Vault

_LAST: Final = "SELECT kind FROM custody WHERE object = ? AND kind GLOB 'session.*' ORDER BY seq DESC LIMIT 1"


def open_session(vault: Vault, record_id: str) -> None:
    """Say that the interview is in hand; of an earlier sitting that was cut off, that it was."""
    with vault.transaction() as tx:
        abort_session(tx, vault, record_id, "interrupted")
        append(tx, vault, "session.open", record_id)


def close_session(vault: Vault, record_id: str) -> None:
    """Say that the interview was left; nothing where it is not in hand."""
    with vault.transaction() as tx:
        if _in_hand(tx, record_id):
            append(tx, vault, "session.close", record_id)


def abort_session(tx: Transaction, vault: Vault, record_id: str, reason: str) -> None:
    """Say that a sitting ended without being left; nothing where the interview is not in hand."""
    if _in_hand(tx, record_id):
        append(tx, vault, "session.abort", record_id, {"reason": reason})


def _in_hand(tx: Transaction, record_id: str) -> bool:
    row = tx.one(_LAST, (record_id,))
    return row is not None and row[0] == "session.open"
