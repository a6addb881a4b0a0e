"""Twenty starts at the same moment: one of them has the vault, the others are told so."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from practice_vaults import kinds_of, make_vault, passphrase
from shared_data import REPOSITORY

from vault.check import check_vault
from vault.store import Vault

STARTS = 20


def answers(*places: Path) -> Counter[str]:
    """What each start said while all the others were there."""
    child = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("starting_child.py")), *map(str, places)],
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    said = Counter(child.stdout.readline().strip() for _ in places)
    child.communicate("\n", timeout=60)
    return said


@pytest.mark.case("VF-14")
def test_of_twenty_simultaneous_starts_one_has_the_vault(tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    path = tmp_path / "field-1.vault"
    assert answers(*[path] * STARTS) == {"open": 1, "busy": STARTS - 1}
    with Vault.unlock(path, passphrase()) as vault:
        assert check_vault(vault).holds
        assert kinds_of(vault).count("vault.unlock") == 2


def test_of_twenty_simultaneous_creations_one_makes_the_vault(tmp_path: Path):
    path = tmp_path / "field-1.vault"
    said = answers(*[path] * STARTS)
    assert said["open"] == 1, said
    assert set(said) <= {"open", "busy", "already-exists", "not-a-vault"}
    assert [left.name for left in tmp_path.iterdir()] == [path.name]
    with Vault.unlock(path, passphrase()) as vault:
        assert check_vault(vault).holds


def test_the_harness_counts_every_writer(tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    places = [Path(shutil.copytree(tmp_path / "field-1.vault", tmp_path / f"{number}.vault")) for number in range(3)]
    assert answers(*places) == {"open": 3}
