"""Redaction decisions as they are kept: the newest state of each walk, and an entry for each time it was saved.

What was decided before and undone is gone from here, so that only the last state can leave; the log keeps the digest of
every state.
"""

from typing import Protocol

from testimony.consent import Release
from testimony.custody.moments import wall_text
from testimony.errors import TestimonyError
from testimony.redaction.decisions import Decisions, parse_decisions
from vault._sqlcipher import Row, Value
from vault.custody import append
from vault.errors import VaultDamagedError
from vault.records import StoredRecord
from vault.store import Transaction, Vault

_THIS = "WHERE record_id = ? AND version = ? AND body = ? AND purpose = ? AND profile = ?"


class _Reads(Protocol):
    """What both a vault and a transaction can do: find one row."""

    def __call__(self, sql: str, parameters: tuple[Value, ...], /) -> Row | None: ...


def decisions_under(vault: Vault, release: Release) -> Decisions | None:
    """What was decided about a record under this release; None where nobody began to walk through it.

    Raises:
        VaultDamagedError: What is stored cannot be read.
    """
    return _found(vault.read_one, release)


def decisions_in(tx: Transaction, release: Release) -> Decisions | None:
    """The same inside a transaction: what is sealed must be what was decided last.

    Raises:
        VaultDamagedError: What is stored cannot be read.
    """
    return _found(tx.one, release)


def save_decisions(vault: Vault, stored: StoredRecord, decisions: Decisions) -> None:
    """Keep the walk as far as it went, in place of its earlier state.

    Raises:
        RedactionError: The record has no seed: a refusal has nothing to walk through.
    """
    key = (decisions.record_id, decisions.version, decisions.body, decisions.purpose, decisions.profile)
    with vault.transaction() as tx:
        at, content = wall_text(vault.clock.now().wall), decisions.to_bytes()
        if not tx.execute(f"UPDATE redactions SET decided_at = ?, content = ? {_THIS}", (at, content, *key)):  # noqa: S608
            tx.execute(
                "INSERT INTO redactions (record_id, version, body, purpose, profile, decided_at, content)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*key, at, content),
            )
        details: dict[str, str | int] = {
            "profile": decisions.profile,
            "digest": decisions.digest(stored.seed),
            "version": decisions.version,
        }
        append(tx, vault, "redaction.apply", decisions.log_object(stored.seed), details)


def _found(read_one: _Reads, release: Release) -> Decisions | None:
    key = (release.record_id, release.version, release.recipient, release.purpose, release.profile)
    row = read_one(f"SELECT content FROM redactions {_THIS}", key)  # noqa: S608  # our own words
    if row is None:
        return None
    try:
        return parse_decisions(row[0])
    except TestimonyError as error:
        raise VaultDamagedError("decisions", f"record {release.record_id}") from error
