"""An import killed at any moment shows whole records only, and the next try takes in the rest."""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from practice_vaults import BODY, PURPOSE, acquaint, interview_bytes, make_vault, passphrase, receive

from vault.attachments import attach
from vault.check import check_vault
from vault.custody import append
from vault.handover import prepare, seal
from vault.orphans import find_orphans
from vault.received import get_received, received_exhibits
from vault.records import finish, new_from_interview
from vault.search import find_words
from vault.store import Vault

RECORDS = 8
KILLS = 8
CHILD = Path(__file__).with_name("intake_child.py")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A body's locked vault and a bundle for it: a file of 300 kB in every record."""
    folder = tmp_path_factory.mktemp("kills")
    with make_vault(folder, "field-1") as field, make_vault(folder, BODY, "legal") as body:
        acquaint(field, body)
        for number in range(RECORDS):
            record_id = new_from_interview(field, interview_bytes())
            (folder / "paper.bin").write_bytes(number.to_bytes(1) * 300_000)
            attach(field, record_id, folder / "paper.bin", kind="document", title="paper")
            finish(field, record_id)
        path = seal(field, prepare(field, to=BODY, purpose=PURPOSE, profile="full"), folder / "out").path
    return folder / f"{BODY}.vault", path


def faults(vault: Vault) -> list[str]:
    """What is not whole: a record without its words, its exhibit or its place in the search, or a fault of the vault."""
    found = [f"{one.layer} {one.code}" for one in check_vault(vault).findings if str(one.status) == "fail"]
    indexed = {hit.record_id for hit in find_words(vault, "quarry", limit=200)}
    for (record_id,) in vault.read("SELECT record_id FROM received_records"):
        (received,) = get_received(vault, record_id)
        if len(received.paragraphs) != 3 or len(received_exhibits(vault, received)) != 1 or record_id not in indexed:
            found.append(f"record {record_id}")
    return found


def killed_after(vault: Path, bundle: Path, seconds: float) -> str:
    """What the child said until it was killed."""
    child = subprocess.Popen([sys.executable, str(CHILD), str(vault), str(bundle)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = child.stdout.readline()
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    said += child.stdout.read()
    child.stdout.close()
    child.wait()
    return said


@pytest.mark.slow
@pytest.mark.case("BU-27")
def test_an_import_killed_anywhere_shows_whole_records_only_and_is_completed_by_the_next(
    sealed: tuple[Path, Path], tmp_path: Path
) -> None:
    original, bundle = sealed
    chance, partial = random.Random(20250412), 0
    for number in range(KILLS):
        path = tmp_path / f"{number}.vault"
        shutil.copytree(original, path)
        said = killed_after(path, bundle, chance.uniform(0, 0.8))
        assert said.startswith("begun")
        with Vault.unlock(path, passphrase()) as vault:
            (count,) = vault.read("SELECT count(*) FROM received_records")[0]
            partial += 0 < count < RECORDS
            assert faults(vault) == []
            result = receive(vault, bundle)
            assert result.failure is None
            assert vault.read("SELECT count(*) FROM received_records") == [(RECORDS,)]
            assert vault.read("SELECT count(*) FROM exhibits") == [(RECORDS,)]
            assert faults(vault) == []
            assert find_orphans(vault.layout, vault.read).files == ()
        shutil.rmtree(path)
    print(f"{KILLS} kills, {partial} of them in the middle of the records")


def test_the_harness_sees_a_record_that_is_not_whole(sealed: tuple[Path, Path], tmp_path: Path) -> None:
    original, bundle = sealed
    path = tmp_path / "control.vault"
    shutil.copytree(original, path)
    with Vault.unlock(path, passphrase()) as vault:
        receive(vault, bundle)
        assert faults(vault) == []
        with vault.transaction() as tx:
            tx.execute("DELETE FROM exhibits WHERE id = 1")
            append(tx, vault, "record.view", "control")
        assert len(faults(vault)) == 1
