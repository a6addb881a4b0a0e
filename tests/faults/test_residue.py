"""After a whole day's work no word of a testimony stands unencrypted in any file, of the vaults or beside them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from faults.audit import CANARIES, SOURCE, residue
from faults.tracing import Nursery


@pytest.mark.case("FS-06")
def test_after_a_whole_session_no_file_holds_a_word_of_it(
    workplace: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "SQLITE_TMPDIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    nursery = Nursery(Path(__file__).with_name("session_child.py"))
    day = workplace()
    ran = nursery.run(f"{day} receive honest")
    nursery.close()
    assert ran.done("receive")
    assert residue(tmp_path) == []
    left = [
        path for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "SQLITE_TMPDIR") for path in (tmp_path / name).rglob("*")
    ]
    assert left == [], "the product writes nothing outside the vault and the chosen target"
    assert list(day.rglob("*.part")) == []


@pytest.mark.parametrize(
    "spoil", [*CANARIES[:3], SOURCE[:4096], os.urandom(5000) + CANARIES[-1]], ids=["0", "1", "2", "3", "4"]
)
def test_the_harness_finds_a_file_that_holds_one_word(spoil: bytes, tmp_path: Path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "left.tmp").write_bytes(spoil)
    assert residue(tmp_path) != []
