"""Legal holds: an authority and a reason that keep a record from being erased, visible wherever it is shown (C11)."""

import re
from dataclasses import dataclass
from typing import Final

from testimony.custody.entries import Entry, parse_entry
from testimony.errors import CustodyError
from vault.custody import append, salted
from vault.errors import NotFoundError, PolicyError, VaultDamagedError
from vault.record_list import absent
from vault.store import Transaction, Vault

_CODE: Final = re.compile(r"[A-Za-z0-9._:@/+-]{1,64}")
_LAST: Final = (
    "SELECT seq, line FROM custody WHERE object = ? AND kind IN ('hold.set', 'hold.clear') ORDER BY seq DESC LIMIT 1"
)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Who demands that the record stays, why, and since when."""

    authority: str
    reason: str
    since: str


def set_hold(vault: Vault, record_id: str, authority: str, reason: str) -> None:
    """Keep the record from being erased until the hold is cleared.

    Raises:
        NotFoundError: There is no such record.
        PolicyError: The authority or the reason is no code ("hold-code"), or there is a hold already ("held-already").
    """
    with vault.transaction() as tx:
        require_record(tx, record_id)
        if hold_in(tx, record_id) is not None:
            raise PolicyError("held-already", record_id)
        append(tx, vault, "hold.set", _object(record_id), salted(_details(authority, reason)))


def clear_hold(vault: Vault, record_id: str, authority: str, reason: str) -> None:
    """End the hold; the log keeps that it was there.

    Raises:
        NotFoundError: There is no such record, or no hold on it.
        PolicyError: The authority or the reason is no code ("hold-code").
    """
    with vault.transaction() as tx:
        require_record(tx, record_id)
        if hold_in(tx, record_id) is None:
            raise NotFoundError("hold", record_id)
        append(tx, vault, "hold.clear", _object(record_id), salted(_details(authority, reason)))


def hold_on(vault: Vault, record_id: str) -> Hold | None:
    """The hold on a record, None where there is none."""
    row = vault.read_one(_LAST, (_object(record_id),))
    return None if row is None else _hold(_entry(row[0], row[1]))


def hold_in(tx: Transaction, record_id: str) -> Hold | None:
    """The same inside a transaction."""
    row = tx.one(_LAST, (_object(record_id),))
    return None if row is None else _hold(_entry(row[0], row[1]))


def require_record(tx: Transaction, record_id: str) -> None:
    """Nothing, when the vault holds a finished or received record of this id.

    Raises:
        NotFoundError: It does not.
    """
    for table in ("SELECT 1 FROM records WHERE record_id = ?", "SELECT 1 FROM received_records WHERE record_id = ?"):
        if tx.one(table, (record_id,)) is not None:
            return
    raise absent(tx.one, record_id)


def _object(record_id: str) -> str:
    """Not the record itself, whose chain travels: no body learns which authority demands it."""
    return f"hold/{record_id}"


def _details(authority: str, reason: str) -> dict[str, str | int]:
    if not _CODE.fullmatch(authority) or not _CODE.fullmatch(reason):
        raise PolicyError("hold-code")
    return {"authority": authority, "reason": reason}


def _entry(seq: int, line: bytes) -> Entry:
    try:
        return parse_entry(line, seq=seq)
    except CustodyError as error:
        raise VaultDamagedError("entry", f"custody {seq}") from error


def _hold(entry: Entry) -> Hold | None:
    if entry.kind != "hold.set":
        return None
    details = entry.details
    return Hold(
        authority=str(details["authority"]),
        reason=str(details.get("reason", "")),
        since=entry.moment.wall.isoformat(timespec="seconds"),
    )
