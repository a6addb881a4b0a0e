"""Someone had the folder for a while and gave it back: nothing of theirs is followed, written through or believed."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import interview_json, make_vault, passphrase

from keys.errors import EnvironmentFaultError
from testimony.interview import parse_interview
from vault import _sqlcipher
from vault.check import check_vault
from vault.drafts import list_drafts, new_draft
from vault.errors import SourceFileError, UnsafeEnvironmentError, VaultDamagedError, VaultRolledBackError
from vault.store import Vault

DATABASE = "vault-0001.db"
WAL = f"{DATABASE}-wal"


def save(vault: Vault) -> str:
    return new_draft(vault, parse_interview(interview_json()))


def notes(vault: Vault) -> set[str]:
    return {note.code for note in vault.notes} - {"swap", "hibernation"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with make_vault(tmp_path, "field-1") as vault:
        save(vault)
    return tmp_path / "field-1.vault"


@pytest.fixture
def crashed(folder: Path, tmp_path: Path) -> Path:
    """The folder as a crash leaves it, with three drafts, two of them in the write-ahead log alone."""
    with Vault.unlock(folder, passphrase()) as vault:
        save(vault)
        save(vault)
        return Path(shutil.copytree(folder, tmp_path / "crashed.vault"))


@pytest.fixture
def precious(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "a file of the same user"
    path.write_bytes(b"precious")
    yield path
    assert path.read_bytes() == b"precious"


@pytest.mark.case("VF-12")
@pytest.mark.parametrize("name", ["lock", WAL])
def test_a_second_name_of_another_file_is_not_written_through(name: str, folder: Path, precious: Path):
    (folder / name).unlink(missing_ok=True)
    os.link(precious, folder / name)
    with pytest.raises((SourceFileError, VaultDamagedError)):
        Vault.unlock(folder, passphrase())


@pytest.mark.case("VF-12")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_lock_that_is_no_plain_file_is_refused(kind: str, folder: Path, precious: Path):
    (folder / "lock").unlink()
    {
        "link": lambda: (folder / "lock").symlink_to(precious),
        "pipe": lambda: os.mkfifo(folder / "lock"),
        "folder": (folder / "lock").mkdir,
    }[kind]()
    with pytest.raises(SourceFileError):
        Vault.unlock(folder, passphrase())


@pytest.mark.case("VF-07")
def test_a_planted_journal_is_refused_before_anything_is_played_back(folder: Path):
    before = (folder / DATABASE).read_bytes()
    # A header that says: nothing to put back, and the database was one page long.
    planted = (
        bytes.fromhex("d9d505f920a163d7")
        + bytes(4)
        + bytes(4)
        + (1).to_bytes(4)
        + (512).to_bytes(4)
        + (4096).to_bytes(4)
    )
    (folder / f"{DATABASE}-journal").write_bytes(planted.ljust(512, b"\0") + bytes(4096))
    with pytest.raises(VaultDamagedError):
        Vault.unlock(folder, passphrase())
    assert (folder / DATABASE).read_bytes() == before
    (folder / f"{DATABASE}-journal").unlink()
    with Vault.unlock(folder, passphrase()) as vault:
        assert check_vault(vault).holds


@pytest.mark.case("VF-07")
def test_an_older_write_ahead_log_is_refused_and_leaves_the_newer_database_as_it_is(crashed: Path):
    older = (crashed / WAL).read_bytes()
    with Vault.unlock(crashed, passphrase()) as vault:
        for _ in range(3):
            save(vault)
    before = (crashed / DATABASE).read_bytes()
    (crashed / WAL).write_bytes(older)
    with pytest.raises((VaultRolledBackError, VaultDamagedError)):
        Vault.unlock(crashed, passphrase())
    assert (crashed / DATABASE).read_bytes() == before
    assert (crashed / WAL).read_bytes() == older
    (crashed / WAL).unlink()
    with Vault.unlock(crashed, passphrase()) as vault:
        assert len(list_drafts(vault)) == 6
        assert check_vault(vault).holds


@pytest.mark.case("VF-07")
@pytest.mark.parametrize("cut", ["absent", "empty"])
def test_a_write_ahead_log_that_is_gone_after_a_crash_is_said(cut: str, crashed: Path):
    (crashed / WAL).unlink()
    if cut == "empty":
        (crashed / WAL).touch()
    with Vault.unlock(crashed, passphrase()) as vault:
        assert len(list_drafts(vault)) == 1
        assert "not-closed-log-gone" in notes(vault)
    with Vault.unlock(crashed, passphrase()) as vault:
        assert notes(vault) == set()


def test_a_crash_that_lost_nothing_is_said_as_that(crashed: Path):
    with Vault.unlock(crashed, passphrase()) as vault:
        assert len(list_drafts(vault)) == 3
        assert notes(vault) == {"not-closed"}
        assert check_vault(vault).holds
    assert {path.name for path in crashed.iterdir()} >= {DATABASE}
    assert not list(crashed.glob(f"{DATABASE}-*"))


@pytest.mark.case("FS-07")
def test_a_database_that_grew_by_half_a_page_is_repaired_from_its_write_ahead_log(crashed: Path):
    with (crashed / DATABASE).open("ab") as stream:
        stream.write(bytes(512))
    with Vault.unlock(crashed, passphrase()) as vault:
        assert len(list_drafts(vault)) == 3
        assert check_vault(vault).holds


def test_a_folder_that_is_called_unfinished_is_left_alone_and_keeps_nobody_out(folder: Path):
    for name in ("x.part", "outbox/y.part"):
        (folder / name).mkdir()
    with Vault.unlock(folder, passphrase()) as vault:
        assert check_vault(vault).holds
    assert (folder / "x.part").is_dir()


@pytest.mark.case("VF-08")
def test_a_forged_header_copy_that_asks_for_more_memory_than_there_is_does_not_keep_anyone_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    import resource

    forged = json.loads((folder / "header.B").read_bytes())
    forged["generation"] += 100
    forged["profile"] = "real"
    forged["slots"][0]["argon2id"] = {"m": 1 << 21, "p": 1, "t": 3}
    (folder / "header.B").write_bytes(json.dumps(forged, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, before[1]))
    try:
        with Vault.unlock(folder, passphrase()) as vault:
            assert "header-damaged" in notes(vault)
    except EnvironmentFaultError as error:
        raise AssertionError("one forged slot blocks the others") from error
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def test_a_counter_of_failed_passphrases_at_its_end_stays_there(folder: Path):
    (folder / "lock").write_text('{"failed":1000000,"pid":1}')
    from keys.errors import WrongPassphraseError
    from keys.passphrase import normalise

    for _ in range(2):
        with pytest.raises(WrongPassphraseError):
            Vault.unlock(folder, normalise("another invented phrase"))
    assert json.loads((folder / "lock").read_bytes())["failed"] == 1_000_000


@pytest.mark.parametrize("name", [name for _, name, _ in _sqlcipher._SETTINGS])
def test_no_setting_of_the_opening_can_be_changed_afterwards(name: str, folder: Path):
    with Vault.unlock(folder, passphrase()) as vault, pytest.raises(UnsafeEnvironmentError):
        vault.read(f"PRAGMA {name} = 0")
