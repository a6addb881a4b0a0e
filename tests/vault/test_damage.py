"""A vault that was changed, cut, mixed or put back is refused or reported, and never replaced by a new one."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from practice_vaults import interview_json, make_vault, passphrase

from testimony.canonical import encode
from testimony.interview import parse_interview
from vault import _sqlcipher
from vault.attachments import attach
from vault.bindings import decode_bindings
from vault.check import VaultReport, check_vault
from vault.custody import append
from vault.drafts import list_drafts, load_draft, new_draft, save_draft
from vault.errors import VaultDamagedError, VaultError, VaultRolledBackError
from vault.opening import database_key
from vault.store import Vault

SOAK = bool(os.environ.get("TESTIMONY_SOAK"))
FLIPS = 10_000 if SOAK else 60
PAGE = 4096
DATABASE = "vault-0001.db"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locked vault with drafts, a contact-like bound row and an attachment; copied by every test."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"invented" * 5000)
    with make_vault(folder, "field-1") as vault:
        first = new_draft(vault, parse_interview(interview_json()))
        new_draft(vault, parse_interview(interview_json()))
        attach(vault, first, folder / "picture.png", kind="photo")
        _add_consent(vault, first, 1, "no")
    return folder / "field-1.vault"


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    target = tmp_path / "field-1.vault"
    shutil.copytree(whole, target)
    return target


def _add_consent(vault: Vault, record_id: str, seq: int, answer: str) -> None:
    with vault.transaction() as tx:
        tx.execute(
            "INSERT INTO consent_events (record_id, seq, at, kind, recipient, purpose, content) "
            "VALUES (?, ?, '2026-01-01T00:00:00+00:00', 'grant', 'body', 'court', ?)",
            (record_id, seq, answer.encode()),
        )
        append(tx, vault, "consent.grant", record_id, {"event": "0" * 64})


def examined(folder: Path) -> VaultReport | VaultError:
    """What opening and checking say; a refusal to open is an answer too."""
    try:
        with Vault.unlock(folder, passphrase()) as vault:
            return check_vault(vault)
    except VaultError as error:
        return error


def detected(folder: Path) -> bool:
    found = examined(folder)
    return isinstance(found, VaultError) or not found.holds


def test_the_whole_vault_holds_in_every_layer(copy: Path):
    report = examined(copy)
    assert isinstance(report, VaultReport)
    assert [(finding.layer, finding.status) for finding in report.findings] == [
        (layer, "pass") for layer in ("file", "pages", "log", "rows", "attachments")
    ]


@pytest.mark.slow
@pytest.mark.case("VF-01")
@pytest.mark.timeout(0 if SOAK else 300)
def test_any_flipped_bit_of_the_database_is_reported_and_its_page_named(copy: Path):
    database = copy / DATABASE
    original = database.read_bytes()
    chance = random.Random(7)
    headers = {path: path.read_bytes() for path in (copy / "header.A", copy / "header.B")}
    named = 0
    for _ in range(FLIPS):
        place = chance.randrange(len(original))
        broken = bytearray(original)
        broken[place] ^= 1 << chance.randrange(8)
        database.write_bytes(broken)
        found = examined(copy)
        assert isinstance(found, VaultError) or not found.holds, place
        if isinstance(found, VaultReport):
            texts = [finding.where for finding in found.findings if finding.layer == "pages"]
            assert any(f"page {place // PAGE + 1}" in text for text in texts)
            assert any(finding.next_step for finding in found.findings)
            named += 1
        elif place >= 16:
            named += str(place // PAGE + 1) in found.where.split()
        _restore(copy, original, headers)
    assert named >= FLIPS - 1


def _restore(folder: Path, database: bytes, headers: dict[Path, bytes]) -> None:
    for name in (DATABASE, f"{DATABASE}-wal"):
        (folder / name).unlink(missing_ok=True)
    (folder / DATABASE).write_bytes(database)
    for path, content in headers.items():
        path.write_bytes(content)


@pytest.mark.case("VF-02")
def test_any_single_old_page_put_back_without_the_key_is_noticed(copy: Path):
    old = (copy / DATABASE).read_bytes()
    with Vault.unlock(copy, passphrase()) as vault:
        record_id = list_drafts(vault)[0].record_id
        _add_consent(vault, record_id, 2, "withdrawn")
        save_draft(vault, record_id, load_draft(vault, record_id))
    new = (copy / DATABASE).read_bytes()
    headers = {path: path.read_bytes() for path in (copy / "header.A", copy / "header.B")}
    pages = [at for at in range(0, min(len(old), len(new)), PAGE) if old[at : at + PAGE] != new[at : at + PAGE]]
    assert len(pages) >= 5
    silent = 0
    for at in pages:
        mixed = new[:at] + old[at : at + PAGE] + new[at + PAGE :]
        _restore(copy, mixed, headers)
        silent += _is_silent(copy)
        _restore(copy, mixed, headers)
        assert detected(copy), at // PAGE + 1
    assert silent > 0, "SQLCipher alone must have passed some of these, else the test proves nothing"


def _is_silent(folder: Path) -> bool:
    """Whether SQLCipher and SQLite find nothing wrong: the control that the log is what notices."""
    from vault.header import open_header
    from vault.layout import Layout

    opened = open_header(Layout(folder=folder), passphrase())
    try:
        connection = _sqlcipher.open_database(folder / DATABASE, database_key(opened.key))
    except VaultError:
        return False
    try:
        return _sqlcipher.integrity_findings(connection) == []
    finally:
        connection.close()


@pytest.mark.case("VF-02")
def test_a_consent_that_was_undone_by_someone_with_the_key_is_named_by_its_row(copy: Path):
    with Vault.unlock(copy, passphrase()) as vault:
        record_id = vault.read("SELECT record_id FROM consent_events")[0][0]
        _behind_its_back(vault, "UPDATE consent_events SET content = x'796573'")
        report = check_vault(vault)
    failed = [(finding.layer, finding.code, finding.where) for finding in report.findings if finding.status == "fail"]
    assert failed == [("rows", "row-changed", f"consent_events {record_id}/1")]


def _behind_its_back(vault: Vault, sql: str) -> None:
    """Change a row without the vault noticing at once, as another program with the key could."""
    connection = vault.connection()
    connection.execute(sql)
    connection.execute("DELETE FROM touched")


@pytest.mark.case("VF-02")
@pytest.mark.parametrize(
    ("sql", "layer", "code"),
    [
        ("DELETE FROM consent_events", "rows", "row-missing"),
        ("INSERT INTO numbering VALUES ('ZZ', 5)", "rows", "row-unknown"),
        ("DELETE FROM custody WHERE seq = 3", "log", "log-seq"),
        (
            "UPDATE custody SET line = CAST(replace(CAST(line AS TEXT), 'field-1', 'field-2') AS BLOB) WHERE seq = 2",
            "log",
            "leaf",
        ),
        ("UPDATE bindings SET bound = CAST('[]' AS BLOB) WHERE seq = 1", "rows", "chain"),
        ("UPDATE bindings SET bound = x'00' WHERE seq = 1", "rows", "bindings"),
        ("UPDATE drafts SET content = x'7b7d'", "rows", "row-changed"),
        ("DELETE FROM drafts", "rows", "row-missing"),
        ("INSERT INTO checkpoints VALUES (1, zeroblob(32), '', x'00')", "log", "checkpoint"),
    ],
)
def test_each_kind_of_tampering_has_its_own_finding(copy: Path, sql: str, layer: str, code: str):
    with Vault.unlock(copy, passphrase()) as vault:
        _behind_its_back(vault, sql)
        report = check_vault(vault)
    assert (layer, code) in {(finding.layer, finding.code) for finding in report.findings if finding.status == "fail"}


def test_all_damage_is_listed_not_only_the_first(copy: Path):
    attachment = next(path for path in (copy / "attachments").rglob("*") if path.is_file())
    attachment.write_bytes(attachment.read_bytes()[:-1])
    with Vault.unlock(copy, passphrase()) as vault:
        _behind_its_back(vault, "UPDATE consent_events SET content = x'00'")
        _behind_its_back(vault, "UPDATE custody SET leaf = zeroblob(32) WHERE seq = 1")
        report = check_vault(vault)
        (copy / "header.A").write_bytes(b"{}")
        again = check_vault(vault)
    assert {finding.layer for finding in report.findings if finding.status == "fail"} == {"log", "rows", "attachments"}
    assert {finding.layer for finding in again.findings if finding.status == "fail"} == {
        "file",
        "log",
        "rows",
        "attachments",
    }


@pytest.mark.case("VF-18")
def test_a_check_uses_a_fresh_connection_and_can_be_repeated(copy: Path):
    with Vault.unlock(copy, passphrase()) as vault:
        before = vault.connection()
        assert check_vault(vault).holds
        assert vault.connection() is not before
        assert check_vault(vault).holds


@pytest.mark.case("VF-03")
def test_an_older_database_under_a_newer_header_is_called_a_rollback(copy: Path):
    old = (copy / DATABASE).read_bytes()
    Vault.unlock(copy, passphrase()).lock()
    (copy / DATABASE).write_bytes(old)
    with pytest.raises(VaultRolledBackError) as caught:
        Vault.unlock(copy, passphrase())
    assert caught.value.reason == "shorter"


@pytest.mark.case("VF-03")
def test_another_history_of_the_same_length_is_called_a_rollback(copy: Path, tmp_path: Path):
    other = tmp_path / "other"
    shutil.copytree(copy, other)
    Vault.unlock(copy, passphrase()).lock()
    with Vault.unlock(other, passphrase()) as vault, vault.transaction() as tx:
        append(tx, vault, "session.open", "x")
    for _ in range(2):
        Vault.unlock(copy, passphrase()).lock()
    shutil.copy(other / DATABASE, copy / DATABASE)
    with pytest.raises(VaultRolledBackError):
        Vault.unlock(copy, passphrase())


@pytest.mark.case("VF-03")
def test_a_whole_older_vault_opens_since_nothing_inside_it_can_know(copy: Path, tmp_path: Path):
    old = tmp_path / "old"
    shutil.copytree(copy, old)
    Vault.unlock(copy, passphrase()).lock()
    with Vault.unlock(old, passphrase()) as vault:
        assert check_vault(vault).holds


@pytest.mark.case("VF-04")
def test_a_database_cut_anywhere_is_damaged_and_stays_as_it_was_found(copy: Path):
    original = (copy / DATABASE).read_bytes()
    headers = {path: path.read_bytes() for path in (copy / "header.A", copy / "header.B")}
    lengths = [*range(0, 8 * PAGE, 512), *range(8 * PAGE, len(original), 3 * PAGE), len(original) - 1]
    for length in lengths:
        _restore(copy, original[:length], headers)
        found = examined(copy)
        assert isinstance(found, VaultDamagedError) or (isinstance(found, VaultReport) and not found.holds), length
        if isinstance(found, VaultError):
            assert (copy / DATABASE).read_bytes() == original[:length]


@pytest.mark.case("VF-04")
def test_a_missing_database_is_damage_and_no_new_one_is_made(copy: Path):
    (copy / DATABASE).unlink()
    with pytest.raises(VaultDamagedError) as caught:
        Vault.unlock(copy, passphrase())
    assert (caught.value.reason, caught.value.where) == ("absent", DATABASE)
    assert not (copy / DATABASE).exists()


@pytest.mark.case("VF-05")
def test_an_unencrypted_database_in_its_place_is_refused(copy: Path, tmp_path: Path):
    import sqlite3

    plain = sqlite3.connect(tmp_path / "plain.db")
    plain.execute("CREATE TABLE drafts (x)")
    plain.commit()
    plain.close()
    shutil.copy(tmp_path / "plain.db", copy / DATABASE)
    with pytest.raises(VaultDamagedError) as caught:
        Vault.unlock(copy, passphrase())
    assert caught.value.reason == "not-encrypted"


def _appended(folder: Path) -> None:
    path = folder / DATABASE
    path.write_bytes(path.read_bytes() + b"\x00")


def _appended_page(folder: Path) -> None:
    path = folder / DATABASE
    path.write_bytes(path.read_bytes() + bytes(PAGE))


def _holed(folder: Path) -> None:
    path = folder / DATABASE
    content = bytearray(path.read_bytes())
    content[20 * PAGE : 21 * PAGE] = bytes(PAGE)
    path.write_bytes(content)


@pytest.mark.case("VF-06")
@pytest.mark.parametrize("spoil", [_appended, _appended_page, _holed])
def test_a_database_that_grew_or_has_a_hole_is_detected(copy: Path, spoil: Callable[[Path], None]):
    spoil(copy)
    assert detected(copy)


@pytest.fixture
def interrupted(copy: Path, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The folder as a crash leaves it: an acknowledged save is still in the write-ahead log."""
    with Vault.unlock(copy, passphrase()) as vault:
        record_id = new_draft(vault, parse_interview(interview_json()))
        crashed = tmp_path / "crashed"
        shutil.copytree(copy, crashed)
        assert (crashed / f"{DATABASE}-wal").stat().st_size > 0
        yield crashed, record_id


@pytest.mark.case("VF-07")
def test_after_a_crash_what_was_acknowledged_is_there(interrupted: tuple[Path, str]):
    folder, record_id = interrupted
    with Vault.unlock(folder, passphrase()) as vault:
        assert record_id in {draft.record_id for draft in list_drafts(vault)}
        assert check_vault(vault).holds


@pytest.mark.case("VF-07")
def test_a_write_ahead_log_of_another_vault_brings_in_no_foreign_row(interrupted: tuple[Path, str], tmp_path: Path):
    folder, _ = interrupted
    with make_vault(tmp_path, "other") as other:
        foreign = new_draft(other, parse_interview(interview_json()))
        shutil.copy(other.path / f"{DATABASE}-wal", folder / f"{DATABASE}-wal")
    found = examined(folder)
    if isinstance(found, VaultReport):
        with Vault.unlock(folder, passphrase()) as vault:
            assert foreign not in {draft.record_id for draft in list_drafts(vault)}


@pytest.mark.case("VF-07")
def test_garbage_beside_the_database_changes_nothing(copy: Path):
    for name in ("-wal", "-shm", "-journal"):
        (copy / f"{DATABASE}{name}").write_bytes(b"\xa5" * 70_000)
    found = examined(copy)
    assert isinstance(found, VaultError) or found.holds


@pytest.mark.case("VF-23")
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER undo AFTER INSERT ON consent_events BEGIN DELETE FROM consent_events; END",
        "CREATE VIEW everything AS SELECT * FROM drafts",
        "ALTER TABLE drafts ADD COLUMN spare TEXT",
        "DROP INDEX custody_object",
    ],
)
def test_a_schema_that_someone_with_the_key_changed_is_refused(copy: Path, statement: str):
    with Vault.unlock(copy, passphrase()) as vault:
        vault.connection().execute(statement)
    with pytest.raises(VaultDamagedError) as caught:
        Vault.unlock(copy, passphrase())
    assert caught.value.reason == "schema"


@pytest.mark.case("VF-10")
def test_a_database_of_another_version_is_named_new_or_old(copy: Path):
    with Vault.unlock(copy, passphrase()) as vault:
        vault.connection().execute("PRAGMA user_version = 99")
    assert getattr(examined(copy), "code", "") == "vault-too-new"


@pytest.mark.case("VF-10")
def test_a_database_without_a_version_is_too_old(copy: Path):
    with Vault.unlock(copy, passphrase()) as vault:
        vault.connection().execute("PRAGMA user_version = 0")
    assert getattr(examined(copy), "code", "") == "vault-too-old"


@pytest.mark.parametrize(
    "value",
    [
        {},
        [[]],
        [["records", "a", ""]],
        [["records", "a", "", 1]],
        [["nowhere", "a", "", None]],
        [[["records"], "a", "", None]],
    ],
)
def test_bound_rows_of_another_shape_are_damage(value: Any) -> None:
    assert decode_bindings(encode([["records", "a", "", None]]), "bindings")
    with pytest.raises(VaultDamagedError):
        decode_bindings(encode(value), "bindings")
