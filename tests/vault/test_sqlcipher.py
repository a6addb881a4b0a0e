"""The database door keeps its traps shut."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from practice_vaults import interview_json, make_vault
from sqlcipher3 import dbapi2

from keys.chance import random_secret
from keys.secret import Secret
from testimony.interview import parse_interview
from vault import _sqlcipher
from vault.drafts import discard_draft, load_draft, new_draft, save_draft
from vault.errors import StorageFullError, UnsafeEnvironmentError, VaultBusyError, VaultDamagedError, VaultError
from vault.files import create_exclusive
from vault.opening import database_key
from vault.store import Vault

PAGE = 4096


@pytest.fixture
def key() -> Secret:
    return random_secret(48)


def opened(path: Path, key: Secret) -> _sqlcipher.Connection:
    create_exclusive(path).close()
    return _sqlcipher.open_database(path, key)


def test_a_database_is_never_made_by_opening_it(tmp_path: Path, key: Secret):
    with pytest.raises(VaultError):
        _sqlcipher.open_database(tmp_path / "absent.db", key)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.case("VF-22")
def test_a_relative_name_or_a_key_of_another_length_never_reaches_the_library(tmp_path: Path, key: Secret):
    for path, bad in ((Path("file:x.db?mode=memory"), key), (tmp_path / "a.db", Secret(b"k" * 32)), (tmp_path / "a.db", Secret(b""))):  # fmt: skip
        with pytest.raises(UnsafeEnvironmentError):
            _sqlcipher.open_database(path, bad)


@pytest.mark.case("VF-22")
def test_names_full_of_uri_syntax_are_plain_names(tmp_path: Path, key: Secret):
    path = tmp_path / "x?mode=memory&cache=shared#f%41.db"
    opened(path, key).close()
    assert path.exists()


def test_every_page_is_encrypted_and_the_settings_are_those_of_the_page(tmp_path: Path, key: Secret):
    connection = opened(tmp_path / "a.db", key)
    connection.execute("CREATE TABLE t (x)")
    for pragma, value in (
        ("journal_mode", "wal"), ("locking_mode", "exclusive"), ("synchronous", 2), ("temp_store", 2), ("secure_delete", 1),
        ("trusted_schema", 0), ("cell_size_check", 1), ("foreign_keys", 1), ("cipher_page_size", "4096"),
    ):  # fmt: skip
        assert connection.execute(f"PRAGMA {pragma}").fetchone() == (value,), pragma
    _sqlcipher.checkpoint(connection)
    connection.close()
    assert not (tmp_path / "a.db").read_bytes().startswith(b"SQLite format 3")
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"], "no shared memory file and no log stay behind"


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH 'other.db' AS other",
        "PRAGMA temp_store = FILE",
        "PRAGMA rekey = \"x'00'\"",
        "PRAGMA key = 'x'",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA synchronous = OFF",
        "PRAGMA secure_delete = OFF",
        "PRAGMA cipher_log = stderr",
        "VACUUM INTO 'copy.db'",
        "VACUUM",
        "SELECT load_extension('x')",
    ],
)
def test_statements_that_could_weaken_or_copy_the_database_are_refused(tmp_path: Path, key: Secret, statement: str):
    connection = opened(tmp_path / "a.db", key)
    with pytest.raises((UnsafeEnvironmentError, dbapi2.OperationalError)), _sqlcipher.database_errors():
        connection.execute(statement)
    connection.close()


def test_no_copy_of_the_database_can_be_made(tmp_path: Path, key: Secret):
    connection = opened(tmp_path / "a.db", key)
    connection.execute("CREATE TABLE t (x)")
    with pytest.raises(UnsafeEnvironmentError), _sqlcipher.database_errors():
        connection.execute("VACUUM INTO ?", (str(tmp_path / "c.db"),))
    assert not (tmp_path / "c.db").exists()
    connection.close()


@pytest.mark.case("VF-14")
def test_a_second_connection_can_neither_read_nor_write(tmp_path: Path, key: Secret):
    connection = opened(tmp_path / "a.db", key)
    connection.execute("CREATE TABLE t (x)")
    with pytest.raises(VaultBusyError):
        _sqlcipher.open_database(tmp_path / "a.db", key)
    connection.close()


def test_a_wrong_key_is_an_unreadable_file_and_not_an_empty_one(tmp_path: Path, key: Secret):
    connection = opened(tmp_path / "a.db", key)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(VaultDamagedError):
        _sqlcipher.open_database(tmp_path / "a.db", random_secret(48))
    assert (tmp_path / "a.db").read_bytes() == before


@pytest.mark.case("VF-19")
def test_a_library_that_does_not_encrypt_is_refused_before_the_first_write(
    tmp_path: Path, key: Secret, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(_sqlcipher, "dbapi2", sqlite3)
    create_exclusive(tmp_path / "a.db").close()
    with pytest.raises(UnsafeEnvironmentError) as caught:
        _sqlcipher.open_database(tmp_path / "a.db", key)
    assert caught.value.reason == "no-cipher"
    assert (tmp_path / "a.db").read_bytes() == b""


_NOISY = """
import sys
from pathlib import Path
from keys.secret import Secret
from vault import _sqlcipher
from vault.errors import VaultError
path = Path(sys.argv[1])
try:
    connection = _sqlcipher.open_database(path, Secret(b"k" * 48))
    for pragma in ("cipher_integrity_check", "integrity_check"):
        _sqlcipher.integrity_findings(connection)
except VaultError:
    pass
"""


@pytest.mark.case("VF-20")
def test_the_library_prints_nothing_about_damaged_pages(tmp_path: Path, repository: Path):
    path = tmp_path / "a.db"
    connection = opened(path, Secret(b"k" * 48))
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES (zeroblob(50000))")
    connection.close()
    for place in (PAGE * 3 + 9, 20):
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)
        ran = subprocess.run([sys.executable, "-c", _NOISY, str(path)], cwd=repository, capture_output=True, check=True)
        assert (ran.stdout, ran.stderr) == (b"", b"")


@pytest.mark.case("VF-16")
def test_a_full_database_is_called_full_and_keeps_what_it_had(tmp_path: Path, key: Secret):
    connection = opened(tmp_path / "a.db", key)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count = 10")
    with pytest.raises(StorageFullError), _sqlcipher.database_errors():
        connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    connection.close()


CANARY = "xylophonecanary"


def decrypted(vault: Vault) -> bytes:
    """Every page of the database file as it is under the encryption, free pages and slack included."""
    raw = database_key(vault._opened.key).reveal()[:32]
    content = (vault.path / "vault-0001.db").read_bytes()
    wal = vault.path / "vault-0001.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0
    plain = b""
    for at in range(0, len(content), PAGE):
        page = content[at : at + PAGE]
        body = page[16 if at == 0 else 0 : -80]
        decryptor = Cipher(AES(raw), CBC(page[-80:-64])).decryptor()
        plain += decryptor.update(body) + decryptor.finalize()
    return plain


@pytest.mark.case("VF-21")
def test_words_that_were_removed_from_a_draft_are_nowhere_in_the_file(tmp_path: Path):
    with make_vault(tmp_path, "field-1") as vault:
        words = interview_json(account__paragraphs=[f"{CANARY} {number}" for number in range(300)], account__source_of_knowledge=["saw"] * 300)  # fmt: skip
        record_id = new_draft(vault, parse_interview(words))
        gone = new_draft(vault, parse_interview(words))
        vault.settle()
        assert decrypted(vault).count(CANARY.encode()) >= 550, "the control: the words are found while they are there"
        save_draft(vault, record_id, load_draft(vault, record_id).answered("account.text", ["nothing of that"]))
        discard_draft(vault, gone)
        vault.settle()
        assert CANARY.encode() not in decrypted(vault)


@pytest.mark.case("VF-21")
def test_words_that_were_deleted_from_the_search_index_are_nowhere_in_the_file(tmp_path: Path):
    with make_vault(tmp_path, "field-1") as vault:
        with vault.transaction() as tx:
            for number in range(200):
                tx.execute(
                    "INSERT INTO search_words (rowid, words, stems) VALUES (?, ?, '')",
                    (number, f"{CANARY} w{number} other"),
                )
        vault.settle()
        assert CANARY.encode()[1:] in decrypted(vault), "the control"
        with vault.transaction() as tx:
            for number in range(200):
                tx.execute(
                    "INSERT INTO search_words (search_words, rowid, words, stems) VALUES ('delete', ?, ?, '')",
                    (number, f"{CANARY} w{number} other"),
                )
        vault.settle()
        assert CANARY.encode()[1:] not in decrypted(vault)
