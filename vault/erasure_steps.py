"""The steps of an erasure in the log, each under an object that is no record's (custody-v1, section 4)."""

from dataclasses import dataclass
from typing import Final, Literal

from testimony.custody.entries import Entry, line_hash, parse_entry
from testimony.errors import CustodyError
from vault.custody import append, salted
from vault.errors import PolicyError, VaultDamagedError
from vault.holds import hold_in
from vault.store import Transaction, Vault

Reason = Literal["withdrawn", "court-order", "retention-over", "mistake", "other"]

REASONS: Final[tuple[Reason, ...]] = ("withdrawn", "court-order", "retention-over", "mistake", "other")

_SCOPE: Final = "erase"
_LAST: Final = "SELECT seq, line FROM custody WHERE object IN (?, ?) ORDER BY seq DESC LIMIT 1"
_ASKED: Final = "SELECT seq, line FROM custody WHERE object = ? AND kind = 'erase.request' ORDER BY seq DESC LIMIT 1"
_NEWEST: Final = (
    "SELECT version, control_number, root FROM records WHERE record_id = ? UNION ALL"
    " SELECT version, control_number, root FROM received_records WHERE record_id = ? ORDER BY 1 DESC LIMIT 1"
)
_TOLD: Final = (
    "SELECT DISTINCT record_id FROM tombstones JOIN bundle_records USING (record_id) JOIN bundles USING (bundle_id)"
    " WHERE fingerprint = ? AND state = 'sealed'"
)


@dataclass(frozen=True, kw_only=True)
class Going:
    """What is to be erased: the newest version of a record, its number and its root in hex; zeros where it has none."""

    version: int
    control_number: str
    root: str


def newest_of(tx: Transaction, record_id: str) -> Going:
    """The newest version of a record that is here, finished or received."""
    version, control_number, root = tx.one(_NEWEST, (record_id, record_id)) or (1, None, None)
    return Going(version=version, control_number=control_number or "", root=(root or bytes(32)).hex())


def log_request(tx: Transaction, vault: Vault, record_id: str, reason: Reason) -> None:
    """The entry of a request: that it was asked for, and why, is no body's business."""
    append(tx, vault, "erase.request", _steps(record_id), salted({"scope": _SCOPE, "reason": reason}))


def log_approval(  # noqa: PLR0913  # what an entry says
    tx: Transaction, vault: Vault, record_id: str, reason: str, *, by: str, approval: str | None = None
) -> None:
    """The entry of an approval, by the digest of what was signed where it was."""
    details: dict[str, str | int] = {"scope": _SCOPE, "reason": reason}
    if approval is not None:
        details["approval"] = approval
    append(tx, vault, "erase.approve", _steps(record_id), salted(details), actor=by)


def log_done(tx: Transaction, vault: Vault, record_id: str, root: str) -> None:
    """The entry that the record is gone, which bodies that have it may see."""
    append(tx, vault, "erase.done", _done(record_id), {"scope": _SCOPE, "root": root})


def last_step(tx: Transaction, record_id: str) -> Entry | None:
    """The last step of an erasure that is under way."""
    row = tx.one(_LAST, (_steps(record_id), _done(record_id)))
    entry = None if row is None else _entry(row[0], row[1])
    return None if entry is None or entry.kind == "erase.done" else entry


def asked_in(tx: Transaction, record_id: str) -> tuple[Entry, str]:
    """The entry that asked for the erasure that is under way, and the SHA-256 of its line in hex.

    Raises:
        PolicyError: Nobody asked for one ("erase-not-asked").
    """
    row = None if last_step(tx, record_id) is None else tx.one(_ASKED, (_steps(record_id),))
    if row is None:
        raise PolicyError("erase-not-asked", record_id)
    return _entry(row[0], row[1]), line_hash(row[1])


def reason_in(step: Entry) -> str:
    """The class of reason that a step names."""
    return str(step.details.get("reason", "other"))


def refuse_held(tx: Transaction, record_id: str) -> None:
    """Nothing, when no authority holds the record.

    Raises:
        PolicyError: One does ("held").
    """
    if hold_in(tx, record_id) is not None:
        raise PolicyError("held", record_id)


def tombstones_for(tx: Transaction, fingerprint: str) -> frozenset[str]:
    """The objects of the tombstones of all that was sealed for a body once and is erased here since: it may know."""
    return frozenset(_done(record_id) for (record_id,) in tx.all(_TOLD, (fingerprint,)))


def _steps(record_id: str) -> str:
    return f"erase/{record_id}"


def _done(record_id: str) -> str:
    return f"tombstone/{record_id}"


def _entry(seq: int, line: bytes) -> Entry:
    try:
        return parse_entry(line, seq=seq)
    except CustodyError as error:
        raise VaultDamagedError("entry", f"custody {seq}") from error
