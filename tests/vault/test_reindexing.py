"""The index built anew finds what the old one found, and leaves none of the old words behind."""

from pathlib import Path

import pytest
from practice_vaults import BODY, PURPOSE, acquaint, make_vault, receive, recorded, walk_through

from vault.custody import append
from vault.errors import VaultDamagedError
from vault.handover import prepare, seal
from vault.reindexing import rebuild_index
from vault.search import find_words
from vault.store import Vault

QUERIES = ("quarry", "mill", "thistlewood", "waiting", "TST-0000001")


def found(vault: Vault) -> list[list[tuple[str, int, int | None, str]]]:
    return [
        [(hit.record_id, hit.source, hit.paragraph, hit.snippet) for hit in find_words(vault, query, limit=100)]
        for query in QUERIES
    ]


def test_own_and_received_records_are_found_as_before(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1", prefix="TST") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        ids = [recorded(field) for _ in range(2)]
        for profile in ("pseudonymised", "full"):
            walk_through(field, *ids, profile=profile)
            handover = prepare(field, to=BODY, purpose=PURPOSE, profile=profile)
            receive(body, seal(field, handover, tmp_path / "out").path)
        for vault, count in ((field, 2), (body, 4)):
            before, size = found(vault), vault.log_state.size
            assert rebuild_index(vault) == count
            assert found(vault) == before
            assert any(before)
            assert vault.log_state.size == size


def test_words_of_an_index_that_went_wrong_are_gone(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1") as vault:
        recorded(vault)
        with vault.transaction() as tx:
            tx.execute("INSERT INTO search_words (rowid, words, stems) VALUES (77, 'stray', 'stray')")
        rebuild_index(vault)
        blocks = b"".join(block for (block,) in vault.read("SELECT block FROM search_words_data"))
        assert b"stray" not in blocks


def test_a_record_that_cannot_be_read_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1") as vault:
        recorded(vault)
        before = found(vault)
        with vault.transaction() as tx:
            tx.execute("UPDATE records SET content = ?", (b"{}",))
            append(tx, vault, "record.view", "test")
        with pytest.raises(VaultDamagedError):
            rebuild_index(vault)
        assert found(vault) == before
