"""Large vaults: a page of the list is read by its key, whatever lies before and behind it (RF-16)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import make_vault

from vault.check import check_vault
from vault.custody import append
from vault.record_list import _PARTS, list_records
from vault.store import Vault

COUNT = 100_000 if os.environ.get("TESTIMONY_SOAK") else 3_000
VERSIONS = 10_000 if os.environ.get("TESTIMONY_SOAK") else 1_000
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_INSERT = (
    "INSERT INTO records (record_id, version, stage, finished_at, case_code, interviewed_on)"
    " VALUES (?, ?, 'refused', ?, 'K7F3-9QZD', '2025-04-12')"
)


def name_of(number: int) -> str:
    letters = "".join(_ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A vault with many refusals, and as many versions of one of them as a record may have."""
    with make_vault(tmp_path, "field-1") as made:
        with made.transaction() as tx:
            for number in range(COUNT):
                tx.execute(_INSERT, (name_of(number), 1, f"2025-04-12T00:00:00.{number:06}+03:00"))
            for version in range(2, VERSIONS + 1):
                tx.execute(_INSERT, (name_of(0), version, f"2025-04-13T00:00:00.{version:06}+03:00"))
            append(tx, made, "record.refuse", name_of(0))
        yield made


@pytest.mark.slow
@pytest.mark.case("RF-16")
def test_a_vault_of_many_records_and_versions_lists_each_once_and_checks_whole(vault: Vault):
    seen: list[tuple[str, int]] = []
    page = list_records(vault, limit=1000)
    while page:
        seen += [(row.record_id, row.version) for row in page]
        page = list_records(vault, after=page[-1].cursor, limit=1000)
    assert len(seen) == len(set(seen)) == COUNT
    assert seen[0] == (name_of(0), VERSIONS)
    assert check_vault(vault).holds


@pytest.mark.case("RF-16")
@pytest.mark.parametrize("part", _PARTS[1:])  # drafts are few: a person has to finish them
def test_a_page_of_the_list_is_found_by_an_index_and_never_sorted(vault: Vault, part: str):
    plan = [str(detail) for *_, detail in vault.read(f"EXPLAIN QUERY PLAN {part}", ("~", 2**62, 50))]
    assert plan
    assert [
        step for step in plan if "TEMP B-TREE" in step or (step.startswith("SCAN") and "USING INDEX" not in step)
    ] == []
