"""What stays of an erased record, kept so that nobody takes it for a record that never was."""

from dataclasses import dataclass

from vault.forms import ReadOne
from vault.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """What stays of an erased record: its id, number and root in hex, when, by whom and for which class of reason."""

    record_id: str
    control_number: str
    version: int
    root: str
    erased_at: str
    actor: str
    reason: str


def tombstone_of(read_one: ReadOne, record_id: str) -> Tombstone | None:
    """What stays of an erased record; None where none of this id was erased."""
    row = read_one(
        "SELECT record_id, control_number, version, root, erased_at, actor, reason FROM tombstones WHERE record_id = ?",
        (record_id,),
    )
    if row is None:
        return None
    found, control_number, version, root, erased_at, actor, reason = row
    return Tombstone(
        record_id=found,
        control_number=control_number,
        version=version,
        root=root.hex(),
        erased_at=erased_at,
        actor=actor,
        reason=reason,
    )


def store_tombstone(tx: Transaction, stone: Tombstone) -> None:
    """Keep it, in the place of one that a record of this id left before."""
    tx.execute(
        "INSERT OR REPLACE INTO tombstones (record_id, control_number, version, root, erased_at, actor, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            stone.record_id,
            stone.control_number,
            stone.version,
            bytes.fromhex(stone.root),
            stone.erased_at,
            stone.actor,
            stone.reason,
        ),
    )
