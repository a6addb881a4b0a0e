"""The database door: the only module that knows SQLCipher.

The order of the statements is docs/format/vault-v1.md, section 5; each line there keeps a trap shut.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from sqlcipher3 import dbapi2

from keys.secret import Secret
from vault.errors import (
    AlreadyExistsError,
    NotFoundError,
    StorageError,
    StorageFullError,
    UnsafeEnvironmentError,
    VaultBusyError,
    VaultDamagedError,
    VaultError,
    VaultLockedError,
)

PAGE_SIZE = 4096
APPLICATION_ID = 0x54564C54  # "TVLT"
KEY_SIZE = 48  # 32 bytes of key and 16 of salt, SQLCipher's raw form of 96 hex digits

Value: TypeAlias = int | str | bytes | None
Row: TypeAlias = tuple[Any, ...]


class Connection(Protocol):
    """What the vault uses of a database connection."""

    in_transaction: bool

    def execute(self, sql: str, parameters: Sequence[Value] = ..., /) -> "Cursor":
        """Run one statement."""

    def close(self) -> None:
        """Close the file."""


class Cursor(Protocol):
    """What the vault uses of a statement's result."""

    rowcount: int
    lastrowid: int | None

    def fetchone(self) -> Any:  # noqa: ANN401  # sqlcipher3 carries no types
        """The next row or None."""

    def fetchall(self) -> list[Any]:
        """The remaining rows."""

    def __iter__(self) -> Iterator[Any]: ...


# Each of these would be accepted silently when misspelt, so its answer is read back.
_SETTINGS = (
    ("locking_mode = EXCLUSIVE", "locking_mode", "exclusive"),
    ("journal_mode = WAL", "journal_mode", "wal"),
    ("synchronous = FULL", "synchronous", 2),
    ("fullfsync = ON", "fullfsync", 1),
    ("checkpoint_fullfsync = ON", "checkpoint_fullfsync", 1),
    ("temp_store = MEMORY", "temp_store", 2),
    ("secure_delete = ON", "secure_delete", 1),
    ("foreign_keys = ON", "foreign_keys", 1),
    ("recursive_triggers = ON", "recursive_triggers", 1),
    ("trusted_schema = OFF", "trusted_schema", 0),
    ("cell_size_check = ON", "cell_size_check", 1),
    ("cache_size = -65536", "cache_size", -65536),
    ("journal_size_limit = 16777216", "journal_size_limit", 16777216),
    ("busy_timeout = 0", "busy_timeout", 0),
)
_DENIED_PRAGMAS = frozenset(name for _, name, _ in _SETTINGS) | frozenset(
    {"temp_store_directory", "key", "rekey", "hexkey", "hexrekey", "textkey", "textrekey", "writable_schema",
     "cipher_memory_security", "cipher_log", "cipher_log_level", "cipher_plaintext_header_size"}
)  # fmt: skip

_FULL, _IO, _BUSY, _LOCKED, _MEMORY = 13, 10, 5, 6, 7
_CORRUPT, _NOT_A_DATABASE, _READ_ONLY, _CANNOT_OPEN, _AUTH = 11, 26, 8, 14, 23
_CONSTRAINT = 19


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn what the database says into our own errors; a mistake in our own SQL stays what it is.

    Raises:
        StorageFullError: No space for the write; it was undone.
        StorageError: The disk refused.
        VaultDamagedError: A page does not decrypt or a structure is broken.
        VaultBusyError: Another process has the file.
        AlreadyExistsError: A second row under the same key.
    """
    try:
        yield
    except dbapi2.ProgrammingError as error:
        if "thread" in str(error) or "closed" in str(error):
            raise VaultLockedError("thread" if "thread" in str(error) else "closed") from error
        raise
    except dbapi2.Error as error:
        ours = _ours(getattr(error, "sqlite_errorcode", 0) or 0, str(error))
        if ours is None:
            raise
        raise ours from error
    except MemoryError as error:
        raise UnsafeEnvironmentError("memory") from error


def open_database(path: Path, key: Secret) -> Connection:
    """The database at an absolute path, never made when it is not there; an empty file becomes a new one.

    Raises:
        VaultDamagedError: The file does not open with its key.
        VaultBusyError: Another process has it open.
        UnsafeEnvironmentError: The library at hand does not encrypt, or took a setting otherwise than asked.
    """
    return _connect(path, key)


@contextmanager
def looked_at(path: Path, key: Secret) -> Iterator[Connection]:
    """The database with its write-ahead log as they stand, neither of which is changed; it may leave a `-shm` file.

    Raises:
        VaultError: As `open_database`; also while reading.
    """
    with database_errors():
        connection: Connection = dbapi2.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=0)
    try:
        with database_errors():
            _set_key(connection, key)
            yield connection
    finally:
        connection.close()


def memory_database() -> Connection:
    """A database in memory, to build a schema for comparison: it has no key and must never hold a row."""
    connection: Connection = dbapi2.connect(":memory:", isolation_level=None)
    return connection


def checkpoint(connection: Connection) -> None:
    """Move everything from the write-ahead log into the database file and cut the log to nothing.

    Raises:
        VaultBusyError: Another process still reads from it.
    """
    with database_errors():
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise VaultBusyError


def integrity_findings(connection: Connection) -> list[str]:
    """What SQLCipher (authentication of each page) and SQLite (structure) find wrong; empty when nothing is."""
    found: list[str] = []
    for pragma in ("cipher_integrity_check", "integrity_check"):
        try:
            rows = connection.execute(f"PRAGMA {pragma}").fetchall()
        except dbapi2.Error as error:
            found.append(f"{pragma}: {getattr(error, 'sqlite_errorname', None) or 'SQLITE_ERROR'}")
            continue
        found += [str(text) for (text,) in rows if text != "ok"]
    return found


def damaged_pages(path: Path, key: Secret) -> list[int]:
    """The numbers of the pages whose authentication code does not match, the first hundred; no other connection open.

    Only the key is set: a damaged page of the schema would stop every other statement.  As immutable the file is left
    as it was found: closing would else move a write-ahead log into it.
    """
    connection = dbapi2.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None, timeout=0)
    try:
        _set_key(connection, key)
        found = [re.search(r"page (\d+)", text) for text in integrity_findings(connection)]
    finally:
        connection.close()
    return [int(match[1]) for match in found if match][:100]


def _connect(path: Path, key: Secret) -> Connection:
    if not path.is_absolute() or len(key) != KEY_SIZE:
        # A key of another length would silently become a passphrase, a relative name could be read as a URI.
        raise UnsafeEnvironmentError("connection")
    with database_errors():
        connection: Connection = dbapi2.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=0)
    try:
        with database_errors():
            _prepare(connection, key)
    except VaultError:
        connection.close()
        raise
    return connection


def _prepare(connection: Any, key: Secret) -> None:  # noqa: ANN401  # sqlcipher3 carries no types
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise UnsafeEnvironmentError("no-cipher")
    _set_key(connection, key)
    connection.enable_load_extension(False)  # noqa: FBT003  # the library's own signature
    for statement, name, expected in _SETTINGS:
        connection.execute(f"PRAGMA {statement}")
        if connection.execute(f"PRAGMA {name}").fetchone() != (expected,):
            raise UnsafeEnvironmentError("setting", name)
    connection.set_authorizer(_authorize)


def _set_key(connection: Any, key: Secret) -> None:  # noqa: ANN401  # sqlcipher3 carries no types
    connection.execute("PRAGMA cipher_log_level = NONE")  # else SQLCipher writes over the screen
    raw = bytearray(b"x'" + key.reveal().hex().encode() + b"'")
    connection.set_key(raw)  # a PRAGMA key in an f-string would leave copies of the key in memory
    raw[:] = bytes(len(raw))


def _authorize(action: int, first: str | None, second: str | None, *_: object) -> int:
    if action in (dbapi2.SQLITE_ATTACH, dbapi2.SQLITE_DETACH):
        return int(dbapi2.SQLITE_DENY)
    if action == dbapi2.SQLITE_PRAGMA and second is not None and (first or "").lower() in _DENIED_PRAGMAS:
        return int(dbapi2.SQLITE_DENY)
    if action == dbapi2.SQLITE_FUNCTION and (second or "").lower() == "load_extension":
        return int(dbapi2.SQLITE_DENY)
    return int(dbapi2.SQLITE_OK)


def _ours(code: int, text: str) -> VaultError | None:
    if code & 0xFF == _CONSTRAINT:
        # The wheel gives no extended codes; these two texts are SQLite's own and fixed.
        return AlreadyExistsError("row") if text.startswith("UNIQUE") else _missing(text)
    by_kind: dict[int, VaultError] = {
        _FULL: StorageFullError(where="database"),
        _IO: StorageError("io", "database"),
        _BUSY: VaultBusyError(),
        _LOCKED: VaultBusyError(),
        _MEMORY: UnsafeEnvironmentError("memory"),
        _CORRUPT: VaultDamagedError("corrupt", "database"),
        _NOT_A_DATABASE: VaultDamagedError("unreadable", "database"),
        _READ_ONLY: StorageError("read-only", "database"),
        _CANNOT_OPEN: StorageError("cannot-open", "database"),
        _AUTH: UnsafeEnvironmentError("forbidden-statement"),
    }
    return by_kind.get(code & 0xFF)


def _missing(text: str) -> VaultError | None:
    return NotFoundError("row") if text.startswith("FOREIGN KEY") else None
