"""Erasure (C11): asked for, approved by a second person, done.  Keys, words and names go; a tombstone stays.

Every table of the database that names a record loses its rows of it, but for those listed here, which hold no word: a
table that somebody adds later is erased without being told to.
"""

from collections.abc import Iterator
from typing import Final

from testimony.custody.moments import wall_text
from vault.attachments import drop_exhibits, erase_files
from vault.erasure_approvals import refuse_typed, refuse_unsigned
from vault.erasure_steps import (
    REASONS,
    Going,
    Reason,
    last_step,
    log_approval,
    log_done,
    log_request,
    newest_of,
    reason_in,
    refuse_held,
)
from vault.errors import PolicyError
from vault.files import facts, remove
from vault.holds import require_record
from vault.people import forget_people
from vault.search import Searchable, unindex_record
from vault.store import Transaction, Vault
from vault.tombstones import Tombstone, store_tombstone

_WAITING: Final = (
    "SELECT b.file_name FROM bundles AS b JOIN bundle_records AS r USING (bundle_id)"
    " WHERE r.record_id = ? AND b.file_name IS NOT NULL"
)
# Ids, digests and codes of bodies: that something was handed over, asked and erased has to stay provable.
_KEPT: Final = frozenset({"bundle_records", "issued_notices", "notices", "tombstones"})


def request_erasure(vault: Vault, record_id: str, reason: Reason) -> None:
    """Ask for a record, finished here or received, to be erased.

    Raises:
        NotFoundError: There is no such record.
        PolicyError: The reason is none of the list ("erase-reason"), or it is asked for already ("erase-asked").
    """
    if reason not in REASONS:
        raise PolicyError("erase-reason")
    with vault.transaction() as tx:
        require_record(tx, record_id)
        if last_step(tx, record_id) is not None:
            raise PolicyError("erase-asked", record_id)
        log_request(tx, vault, record_id, reason)


def approve_erasure(vault: Vault, record_id: str, by: str) -> None:
    """Approve what was asked for, as the second person with the code `by`, where nobody can be asked to sign.

    Raises:
        NotFoundError: There is no such record.
        PolicyError: It was not asked for ("erase-not-asked"), it is approved already ("erase-approved"), there is a
            hold on it ("held"), the second person is the one who asked or who works here ("same-person"), the roster
            does not name them or took them back ("second-unknown"), or it names somebody who signs ("erase-unsigned").
        CustodyError: `by` is no code.
    """
    with vault.transaction() as tx:
        require_record(tx, record_id)
        step = last_step(tx, record_id)
        if step is None:
            raise PolicyError("erase-not-asked", record_id)
        if step.kind != "erase.request":
            raise PolicyError("erase-approved", record_id)
        if by in (step.act.actor, vault.settings.code):
            raise PolicyError("same-person", record_id)
        refuse_typed(vault, by)
        refuse_held(tx, record_id)
        log_approval(tx, vault, record_id, reason_in(step), by=by)


def erase(vault: Vault, record_id: str) -> Tombstone:
    """Erase what was approved: rows, keys, files, search and names; what stays of it.

    Raises:
        NotFoundError: There is no such record.
        PolicyError: It was not approved ("erase-not-approved"), not by a signature where the roster names somebody who
            signs ("erase-unsigned"), or there is a hold on it ("held").
        StorageError: A sealed file could not be removed: nothing is erased.  Or an exhibit could not, whose key is
            gone already.
    """
    with vault.transaction() as tx:
        require_record(tx, record_id)
        step = last_step(tx, record_id)
        if step is None or step.kind != "erase.approve":
            raise PolicyError("erase-not-approved", record_id)
        refuse_unsigned(tx, vault, record_id, step)
        refuse_held(tx, record_id)
        stone = _tombstone(vault, record_id, newest_of(tx, record_id), reason_in(step))
        unused = _erase_files_of(tx, vault, record_id)
        for name in _outbox_of(tx, record_id):
            # Others can open it, unlike an exhibit without its key: while it stays, the erasure is not done.
            remove(vault.layout.outbox / name)
        cases = _cases(tx, record_id)
        _erase_rows(tx, record_id)
        for case_code in cases:
            forget_people(tx, case_code)
        store_tombstone(tx, stone)
        log_done(tx, vault, record_id, stone.root)
    # Deleted pages are zeroed in the log that is written ahead; this moves the zeros into the database.
    vault.settle()
    erase_files(vault, unused)
    return stone


def waiting_with(vault: Vault, record_id: str) -> tuple[str, ...]:
    """The names of the sealed files in the outbox that hold this record, which go when it is erased."""
    rows = vault.read(_WAITING, (record_id,))
    return tuple(name for (name,) in rows if facts(vault.layout.outbox / name) is not None)


def _tombstone(vault: Vault, record_id: str, going: Going, reason: str) -> Tombstone:
    return Tombstone(
        record_id=record_id,
        control_number=going.control_number,
        version=going.version,
        root=going.root,
        erased_at=wall_text(vault.clock.now().wall),
        actor=vault.settings.code,
        reason=reason,
    )


def _erase_files_of(tx: Transaction, vault: Vault, record_id: str) -> list[str]:
    """Take exhibits with their keys and the search rows out; the attachments whose files may go."""
    unused = drop_exhibits(tx, vault, record_id)
    rows = [
        ("own", version, source)
        for version, source in tx.all("SELECT version, id FROM records WHERE record_id = ?", (record_id,))
    ]
    for version, source in tx.all("SELECT version, id FROM received_records WHERE record_id = ?", (record_id,)):
        unused += drop_exhibits(tx, vault, f"received/{source}")
        rows.append(("received", version, source))
    for origin, version, source in rows:
        unindex_record(tx, _searchable(origin, record_id, version, source))
    return unused


def _searchable(origin: str, record_id: str, version: int, source: int) -> Searchable:
    return Searchable(
        origin="own" if origin == "own" else "received",
        record_id=record_id,
        version=version,
        source=source,
        paragraphs=(),
        names=(),
    )


def _outbox_of(tx: Transaction, record_id: str) -> list[str]:
    """Sealed files with this record that still wait here to be handed over."""
    return [name for (name,) in tx.all(_WAITING, (record_id,))]


def _cases(tx: Transaction, record_id: str) -> list[str]:
    rows = tx.all("SELECT DISTINCT case_code FROM records WHERE record_id = ?", (record_id,))
    return [case_code for (case_code,) in rows if case_code]


def _erase_rows(tx: Transaction, record_id: str) -> None:
    for table in sorted(_tables(tx)):
        tx.execute(f"DELETE FROM {table} WHERE record_id = ?", (record_id,))  # noqa: S608  # names of our own schema


def _tables(tx: Transaction) -> Iterator[str]:
    """Every table with a column `record_id` but those that are kept."""
    rows = tx.all(
        "SELECT m.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c"
        " WHERE m.type = 'table' AND c.name = 'record_id'"
    )
    return (name for (name,) in rows if name not in _KEPT)
