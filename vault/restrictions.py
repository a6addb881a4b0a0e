"""Restricting a passage of a finished record (C12): nothing is edited, no body sees it again, and the log says so."""

from typing import Final, Literal

from vault.errors import NotFoundError
from vault.records import StoredRecord, get_record, get_record_in
from vault.restriction_rows import add_rows, log_restrictions, same_elsewhere
from vault.store import Transaction, Vault

Reason = Literal["asked", "safety", "other"]

REASONS: Final[tuple[Reason, ...]] = ("asked", "safety", "other")


def restrict(vault: Vault, record_id: str, paragraph: int, reason: Reason, version: int | None = None) -> None:
    """Keep a paragraph, from 1, from every body, in this version (the newest, where none is named) and all others.

    Raises:
        NotFoundError: There is no such finished record, or no such paragraph.
    """
    with vault.transaction() as tx:
        stored = get_record_in(tx, record_id, version)
        texts = _texts(stored, paragraph)
        for other in _versions(tx, record_id):
            others = texts if other.version == stored.version else _texts(other)
            add_rows(tx, record_id, other.version, same_elsewhere(paragraph - 1, texts, others))
        _log(tx, vault, stored, "redaction.restrict", reason)


def lift_restriction(vault: Vault, record_id: str, paragraph: int, reason: Reason, version: int | None = None) -> None:
    """Let a paragraph follow consent and profile again, with the same words in other versions; nothing else is freed.

    Raises:
        NotFoundError: There is no such finished record, or the paragraph is not restricted ("restriction").
    """
    with vault.transaction() as tx:
        stored = get_record_in(tx, record_id, version)
        text = _texts(stored, paragraph)[paragraph - 1]
        if paragraph - 1 not in stored.restricted:
            raise NotFoundError("restriction", str(paragraph))
        for other in _versions(tx, record_id):
            for place in (place for place, words in enumerate(_texts(other)) if words == text):
                tx.execute(
                    "DELETE FROM restrictions WHERE record_id = ? AND version = ? AND paragraph = ?",
                    (record_id, other.version, place),
                )
        _log(tx, vault, stored, "redaction.unrestrict", reason)


def list_restrictions(vault: Vault, record_id: str) -> tuple[tuple[int, int], ...]:
    """Each restricted paragraph as version and number from 1.

    Raises:
        NotFoundError: There is no such finished record.
    """
    get_record(vault, record_id)
    rows = vault.read(
        "SELECT version, paragraph + 1 FROM restrictions WHERE record_id = ? ORDER BY version, paragraph", (record_id,)
    )
    return tuple((version, number) for version, number in rows)


def _versions(tx: Transaction, record_id: str) -> list[StoredRecord]:
    rows = tx.all("SELECT version FROM records WHERE record_id = ?", (record_id,))
    return [get_record_in(tx, record_id, version) for (version,) in rows]


def _texts(stored: StoredRecord, paragraph: int = 1) -> tuple[str, ...]:
    if stored.record is None:
        raise NotFoundError("record", stored.record_id)
    texts = stored.record.interview.paragraphs
    if not 1 <= paragraph <= len(texts):
        raise NotFoundError("paragraph", str(paragraph))
    return texts


def _log(tx: Transaction, vault: Vault, stored: StoredRecord, kind: str, reason: str) -> None:
    log_restrictions(tx, vault, stored.record_id, kind=kind, seed=stored.seed, version=stored.version, reason=reason)
