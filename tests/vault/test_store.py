"""The vault as a whole: made at once or not at all, open for one, locked for good."""

import json
import os
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from practice_vaults import kinds_of, make_vault, passphrase

from keys.errors import WrongPassphraseError
from keys.kdf_cost import FLOOR, PRACTICE_COST, TEST_COST
from keys.passphrase import normalise
from keys.secret import Secret
from testimony.card import parse_card
from vault.clock import Reading
from vault.custody import log_lines
from vault.errors import (
    AlreadyExistsError,
    NotAVaultError,
    PolicyError,
    UnloggedChangeError,
    VaultBusyError,
    VaultDamagedError,
    VaultLockedError,
)
from vault.store import Vault, VaultSettings


class SetClock:
    """A clock that stands where a test put it."""

    def __init__(self, wall: datetime, monotonic_ns: int = 10**12, boot_id: str = "boot-1") -> None:
        self.reading = Reading(wall=wall, monotonic_ns=monotonic_ns, boot_id=boot_id)

    def now(self) -> Reading:
        return self.reading


def test_a_vault_opens_again_with_its_passphrase_and_keeps_its_identity_and_settings(tmp_path: Path):
    made = make_vault(tmp_path, "field-1", prefix="AB")
    card, fingerprint, settings = made.card(), made.identity.public.fingerprint, made.settings
    made.lock()
    with Vault.unlock(tmp_path / "field-1.vault", passphrase()) as vault:
        assert (vault.card(), vault.identity.public.fingerprint) == (card, fingerprint)
        assert vault.settings.rows() == settings.rows()
        assert vault.settings.prefix == "AB"
        assert vault.practice
        assert parse_card(card).practice
        assert kinds_of(vault) == ["vault.create", "vault.lock", "vault.unlock"]


def test_everything_in_the_folder_is_for_its_owner_alone_from_the_first_byte(tmp_path: Path):
    old = os.umask(0)
    try:
        make_vault(tmp_path, "field-1").lock()
    finally:
        os.umask(old)
    folder = tmp_path / "field-1.vault"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


@pytest.mark.case("VF-13")
def test_a_folder_that_others_may_enter_is_opened_with_a_warning(tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    (tmp_path / "field-1.vault").chmod(0o755)
    with Vault.unlock(tmp_path / "field-1.vault", passphrase()) as vault:
        assert "open-to-others" in [note.code for note in vault.notes]


def test_the_database_is_encrypted_from_its_first_byte(tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    content = (tmp_path / "field-1.vault" / "vault-0001.db").read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert b"CREATE TABLE" not in content
    assert b"vault.create" not in content


def test_a_wrong_passphrase_is_wrong_and_is_told_at_the_next_opening(tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    for _ in range(3):
        with pytest.raises(WrongPassphraseError):
            Vault.unlock(tmp_path / "field-1.vault", normalise("another passphrase altogether"))
    with Vault.unlock(tmp_path / "field-1.vault", passphrase()) as vault:
        assert ("failed-attempts", "3") in [(note.code, note.detail) for note in vault.notes]
        assert kinds_of(vault, 2) == ["vault.failed", "vault.unlock"]
    with Vault.unlock(tmp_path / "field-1.vault", passphrase()) as vault:
        assert "failed-attempts" not in [note.code for note in vault.notes]


def test_a_real_vault_with_a_cheap_passphrase_slot_is_refused_by_policy(tmp_path: Path):
    with pytest.raises(PolicyError) as caught:
        VaultSettings(profile="real", code="field-1", cost=TEST_COST)
    assert caught.value.reason == "cheap-cost"
    assert VaultSettings(profile="real", code="field-1", cost=FLOOR).cost == PRACTICE_COST


@pytest.mark.case("VF-09")
def test_a_real_vault_whose_header_offers_a_cheap_slot_is_refused_before_any_derivation(tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    for name in ("header.A", "header.B"):
        path = tmp_path / "field-1.vault" / name
        path.write_bytes(path.read_bytes().replace(b'"profile":"practice"', b'"profile":"real"'))
    with pytest.raises(VaultDamagedError) as caught:
        Vault.unlock(tmp_path / "field-1.vault", passphrase())
    assert caught.value.reason == "slots"


def test_settings_that_would_not_fit_into_a_card_or_a_control_number_are_refused():
    for change in ({"code": "a name with spaces"}, {"code": "x", "prefix": "toolong"}, {"code": "x", "role": "boss"}):
        with pytest.raises(PolicyError):
            VaultSettings(**{"profile": "practice", **change})


def test_a_vault_never_takes_the_place_of_anything(tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    before = {path: path.read_bytes() for path in (tmp_path / "field-1.vault").rglob("*") if path.is_file()}
    with pytest.raises(AlreadyExistsError):
        make_vault(tmp_path, "field-1")
    (tmp_path / "empty.vault").mkdir()
    with pytest.raises(AlreadyExistsError):
        make_vault(tmp_path, "empty")
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.vault", "field-1.vault"]


def test_a_creation_that_fails_leaves_nothing_that_looks_like_a_vault(tmp_path: Path):
    class BrokenClock:
        def now(self) -> Reading:
            raise VaultBusyError

    settings = VaultSettings(profile="practice", code="field-1", cost=TEST_COST)
    with pytest.raises(VaultBusyError):
        Vault.create(tmp_path / "field-1.vault", passphrase(), settings, clock=BrokenClock())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.case("VF-12")
def test_what_is_no_folder_of_its_own_is_no_vault(tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    (tmp_path / "link.vault").symlink_to(tmp_path / "field-1.vault")
    (tmp_path / "file.vault").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe.vault")
    (tmp_path / "empty.vault").mkdir()
    for name in ("link.vault", "file.vault", "pipe.vault", "empty.vault", "absent.vault"):
        with pytest.raises(NotAVaultError):
            Vault.unlock(tmp_path / name, passphrase())
    with pytest.raises(NotAVaultError):
        Vault.unlock(Path("/dev/full"), passphrase())
    assert list((tmp_path / "empty.vault").iterdir()) == [], "looking at a folder must not begin a vault in it"


@pytest.mark.case("VF-12")
@pytest.mark.parametrize("kind", ["symlink", "hard link", "pipe", "folder"])
def test_a_database_that_is_no_plain_file_of_its_own_is_refused(tmp_path: Path, kind: str):
    make_vault(tmp_path, "field-1").lock()
    database = tmp_path / "field-1.vault" / "vault-0001.db"
    elsewhere = tmp_path / "elsewhere.db"
    database.rename(elsewhere)
    if kind == "symlink":
        database.symlink_to(elsewhere)
    elif kind == "hard link":
        database.hardlink_to(elsewhere)
    elif kind == "pipe":
        os.mkfifo(database)
    else:
        database.mkdir()
    with pytest.raises(VaultDamagedError) as caught:
        Vault.unlock(tmp_path / "field-1.vault", passphrase())
    assert caught.value.reason == "not-a-plain-file"


_SECOND = """
import sys, time
from pathlib import Path
from keys.secret import Secret
from vault.store import Vault
from vault.errors import VaultError
began = time.monotonic()
try:
    Vault.unlock(Path(sys.argv[1]), Secret(b"anything"))
except VaultError as error:
    print(error.code, time.monotonic() - began)
"""


@pytest.mark.case("VF-14")
def test_a_second_process_is_turned_away_within_a_second_and_writes_nothing(tmp_path: Path, repository: Path):
    with make_vault(tmp_path, "field-1") as vault:
        before = {path.name: path.stat().st_mtime_ns for path in vault.path.iterdir()}
        told = subprocess.run(
            [sys.executable, "-c", _SECOND, str(vault.path)], cwd=repository, capture_output=True, text=True, check=True
        ).stdout.split()
        assert told[0] == "vault-busy"
        assert float(told[1]) < 1
        assert {path.name: path.stat().st_mtime_ns for path in vault.path.iterdir()} == before
        with pytest.raises(VaultBusyError):
            Vault.unlock(vault.path, passphrase())


@pytest.mark.case("VF-15")
def test_a_lock_file_left_by_a_dead_process_or_another_computer_does_not_keep_anyone_out(tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    (tmp_path / "field-1.vault" / "lock").write_text('{"failed":0,"pid":1}')
    Vault.unlock(tmp_path / "field-1.vault", passphrase()).lock()
    (tmp_path / "field-1.vault" / "lock").write_bytes(b"\xff" * 10_000)
    Vault.unlock(tmp_path / "field-1.vault", passphrase()).lock()


@pytest.mark.case("VF-22")
@pytest.mark.parametrize(
    "name",
    ["خزنة.vault", "é.vault", "a b\nc.vault", "-rf", ".hidden", "file:x.db?mode=memory", "file:y?nolock=1", ":memory:", "%41#?.vault", "v" * 255],
)  # fmt: skip
def test_a_vault_may_have_any_name_and_no_name_is_read_as_an_option_or_a_uri(tmp_path: Path, name: str):
    settings = VaultSettings(profile="practice", code="field-1", cost=TEST_COST)
    Vault.create(tmp_path / name, passphrase(), settings).lock()
    with Vault.unlock(tmp_path / name, passphrase()) as vault:
        assert vault.path == tmp_path / name
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "vault-0001.db").stat().st_size > 4096


def test_a_locked_vault_gives_nothing_and_locking_twice_is_harmless(tmp_path: Path):
    vault = make_vault(tmp_path, "field-1")
    identity, key = vault.identity, vault._opened.key
    vault.lock()
    vault.lock()
    for use in (lambda: vault.read("SELECT 1"), lambda: vault.identity, lambda: vault.subkey("blind-index"), lambda: vault.transaction().__enter__()):  # fmt: skip
        with pytest.raises(VaultLockedError):
            use()
    assert repr(vault) == "Vault(locked)"
    with pytest.raises(Exception, match="wiped"):
        key.secret()
    with pytest.raises(Exception, match="wiped"):
        identity.secret()


def test_a_thread_that_did_not_open_the_vault_is_told_so(tmp_path: Path):
    told: list[BaseException] = []

    def use(vault: Vault) -> None:
        try:
            vault.read("SELECT 1")
        except VaultLockedError as error:
            told.append(error)

    with make_vault(tmp_path, "field-1") as vault:
        thread = threading.Thread(target=use, args=(vault,))
        thread.start()
        thread.join()
    assert len(told) == 1


def test_a_transaction_is_saved_whole_or_not_at_all(tmp_path: Path):
    with make_vault(tmp_path, "field-1") as vault:
        size = vault.log_state.size
        row = "INSERT INTO checkpoints (size, root, made_at, note) VALUES (9, zeroblob(32), '', x'')"
        with pytest.raises(AlreadyExistsError), vault.transaction() as tx:
            assert [tx.execute(row) for _ in range(2)]
        assert vault.read("SELECT * FROM checkpoints") == []
        assert vault.log_state.size == size


def test_a_change_of_a_bound_row_without_a_custody_entry_is_refused_and_undone(tmp_path: Path):
    with make_vault(tmp_path, "field-1") as vault:
        for change in (
            "UPDATE settings SET value = 'x' WHERE name = 'prefix'",
            "DELETE FROM identity",
            "INSERT OR REPLACE INTO settings VALUES ('prefix', 'QQ')",
        ):
            with pytest.raises(UnloggedChangeError), vault.transaction() as tx:
                tx.execute(change)
        assert vault.read_one("SELECT value FROM settings WHERE name = 'prefix'") == (vault.settings.prefix,)


def test_transactions_do_not_nest(tmp_path: Path):
    with make_vault(tmp_path, "field-1") as vault, vault.transaction(), pytest.raises(VaultBusyError):
        vault.transaction().__enter__()


@pytest.mark.case("CK-01", "CK-02")
def test_a_clock_set_back_or_absurd_is_noted_in_the_entry_and_refuses_nothing(tmp_path: Path):
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    settings = VaultSettings(profile="practice", code="field-1", cost=TEST_COST)
    Vault.create(tmp_path / "a.vault", passphrase(), settings, clock=SetClock(now)).lock()
    readings = [
        SetClock(now - timedelta(days=1), 10**12 + 1),
        SetClock(datetime(1970, 1, 1, tzinfo=UTC), 10**12 + 2),
        SetClock(datetime(9999, 1, 1, tzinfo=UTC), 10**12 + 3),
    ]
    for clock in readings:
        with Vault.unlock(tmp_path / "a.vault", passphrase(), clock=clock) as vault:
            assert {"clock-back", "implausible"} & {note.code for note in vault.notes}
    with Vault.unlock(tmp_path / "a.vault", passphrase()) as vault:
        lines = [json.loads(line) for line in log_lines(vault)]
    assert [line["seq"] for line in lines] == list(range(len(lines)))


def test_a_vault_says_nothing_secret_about_itself(tmp_path: Path):
    with make_vault(tmp_path, "field-1") as vault:
        assert repr(vault) == "Vault(open)"
        assert vault.identity.secret().reveal().hex() not in repr(vault._opened)
        assert "BEGIN" not in repr(vault._opened)
    assert isinstance(passphrase(), Secret)
