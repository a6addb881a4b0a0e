"""Which paragraphs of which version no body sees any more, and how that passes from one version to another (C12).

A paragraph with the same words stays restricted.  Where the words are in no paragraph of the other version, every
paragraph that is new there is restricted until somebody lifts it: nobody can know which of them says the same.
"""

from collections.abc import Collection, Sequence
from typing import Final

from keys.digests import hkdf_sha256, hmac_sha256
from testimony.canonical import encode
from vault.custody import append
from vault.store import Transaction, Vault

_LABEL: Final = b"testimony/restrictions/v1\x00"


def same_elsewhere(number: int, texts: Sequence[str], others: Sequence[str]) -> frozenset[int]:
    """The paragraphs of `others`, from 0, that are restricted with that paragraph of `texts`."""
    equal = frozenset(place for place, text in enumerate(others) if text == texts[number])
    return equal or frozenset(place for place, text in enumerate(others) if text not in texts)


def restricted_in(tx: Transaction, record_id: str, version: int) -> frozenset[int]:
    """The restricted paragraphs of a version, from 0."""
    rows = tx.all("SELECT paragraph FROM restrictions WHERE record_id = ? AND version = ?", (record_id, version))
    return frozenset(number for (number,) in rows)


def add_rows(tx: Transaction, record_id: str, version: int, numbers: Collection[int]) -> None:
    """Restrict these paragraphs of a version as well."""
    for number in sorted(numbers):
        tx.execute(
            "INSERT OR IGNORE INTO restrictions (record_id, version, paragraph) VALUES (?, ?, ?)",
            (record_id, version, number),
        )


def carry_restrictions(
    tx: Transaction, record_id: str, version: int, *, before: Sequence[str], after: Sequence[str]
) -> None:
    """Restrict in the version that corrects `version` what is restricted in that."""
    carried: set[int] = set()
    for number in restricted_in(tx, record_id, version):
        carried |= same_elsewhere(number, before, after)
    add_rows(tx, record_id, version + 1, carried)


def log_restrictions(  # noqa: PLR0913  # what an entry says
    tx: Transaction, vault: Vault, record_id: str, *, kind: str, seed: bytes, version: int, reason: str
) -> None:
    """The entry for a change; the paragraphs stand in it behind a digest that nobody outside can guess."""
    rows = tx.all(
        "SELECT version, paragraph FROM restrictions WHERE record_id = ? ORDER BY version, paragraph", (record_id,)
    )
    digest = hmac_sha256(hkdf_sha256(seed, _LABEL), encode([list(row) for row in rows])).hex()
    append(tx, vault, kind, record_id, {"digest": digest, "version": version, "reason": reason})
