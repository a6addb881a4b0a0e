"""The way into a vault, one step after the other (docs/format/vault-v1.md, section 5)."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from keys.digests import equal
from keys.errors import KeyFormatError, WrongPassphraseError
from keys.identity import Identity
from keys.secret import Secret
from keys.vault_key import VaultKey
from testimony.canonical import as_integer, as_object, decode, encode
from testimony.errors import CanonicalError
from vault._sqlcipher import PAGE_SIZE, Connection, damaged_pages, database_errors, looked_at, open_database
from vault.bindings import watch
from vault.errors import (
    NotAVaultError,
    StorageError,
    UnsafeEnvironmentError,
    VaultDamagedError,
    VaultRolledBackError,
)
from vault.files import FileFacts, FileLock, absolute, facts, is_folder, open_regular, remove
from vault.header import Header, OpenedHeader, open_header
from vault.layout import Layout
from vault.migrate import check_schema
from vault.process import Risk, folder_risks, harden, machine_risks, owner, process_id
from vault.settings import VaultSettings, settings_from
from vault.transaction import LogHead, read_head, verified_tail

_MAX_LOCK_NOTE: Final = 256
_PLAIN_MAGIC: Final = b"SQLite format 3\x00"
_SALT_SIZE: Final = 16
_OTHERS: Final = 0o077
_MAX_ATTEMPTS: Final = 1_000_000
_WAL, _JOURNAL, _SHARED = "-wal", "-journal", "-shm"
_CLOSED: Final = frozenset({"vault.lock", "vault.create"})


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something found at opening that a person should see: a stable code, and how many or which."""

    code: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Everything that an open vault is made of."""

    layout: Layout
    lock: FileLock
    header: Header
    slot: int
    failed_attempts: int
    key: VaultKey
    connection: Connection
    head: LogHead
    settings: VaultSettings
    identity: Identity
    card: bytes = field(repr=False)
    notes: tuple[Note, ...]


def open_vault(path: Path, passphrase: Secret) -> Opened:
    """Everything of the vault at `path`, its database connected and found to be whole at its ends.

    Raises:
        NotAVaultError, VaultBusyError, UnsafeEnvironmentError: Before any key is touched.
        WrongPassphraseError: No slot opens.
        VaultError: What stands there is damaged, rolled back, or of another release.
    """
    harden()
    folder = absolute(path)
    notes = [*_folder_notes(folder)]
    layout = Layout(folder=folder)
    if all(facts(path) is None for path in layout.headers):
        raise NotAVaultError("no-header")
    lock = FileLock(layout.lock)
    try:
        opened = _open_counted(layout, passphrase, lock)
        notes += [Note(code="header-damaged", detail=name) for name in opened.damaged]
        return connect_vault(layout, lock, opened, tuple(notes))
    except BaseException:
        lock.release()
        raise


def connect_vault(layout: Layout, lock: FileLock, opened: OpenedHeader, notes: tuple[Note, ...]) -> Opened:
    """The vault whose header is open already; its database and everything in it is checked before it is used.

    Raises:
        VaultError: As `open_vault`.
    """
    failed = _attempts(lock)
    lock.write(lock_note(failed))
    left = _log_left(layout, opened.header)
    if left:
        _look_first(layout, opened)
    connection = connect_database(layout, opened.header, opened.key)
    try:
        with database_errors():
            head = read_head(connection)
            notes = (*notes, *_closing_notes(connection, left=left))
            refuse_rollback(connection, opened, head)
            settings, identity, card = _contents(connection, opened.header)
    except VaultDamagedError as error:
        connection.close()
        raise with_pages(error, layout, opened.header, opened.key) from error
    except BaseException:
        connection.close()
        raise
    return Opened(
        layout=layout,
        lock=lock,
        header=opened.header,
        slot=opened.slot,
        failed_attempts=failed,
        key=opened.key,
        connection=connection,
        head=head,
        settings=settings,
        identity=identity,
        card=card,
        notes=notes,
    )


def with_pages(error: VaultDamagedError, layout: Layout, header: Header, key: VaultKey) -> VaultDamagedError:
    """The same error, naming the pages that do not authenticate where that is what is wrong.

    No other connection may be open.
    """
    if error.reason not in ("corrupt", "unreadable"):
        return error
    pages = damaged_pages(layout.database(header.database), database_key(key))
    # The key is the right one, as the header proved: a file that does not open with it has a damaged first page.
    pages = pages or ([1] if error.reason == "unreadable" else [])
    return VaultDamagedError("pages", " ".join(map(str, pages))) if pages else error


def connect_database(layout: Layout, header: Header, key: VaultKey) -> Connection:
    """A connection to the database that the header names, after what its bytes alone can tell was checked.

    Raises:
        VaultDamagedError: No plain file, of a wrong length, not encrypted, another vault's, or with a foreign schema.
    """
    path = layout.database(header.database)
    check_at_rest(path, header)
    try:
        connection = open_database(path, database_key(key))
    except VaultDamagedError as error:
        raise with_pages(error, layout, header, key) from error
    try:
        with database_errors():
            check_schema(connection)
            watch(connection)
    except VaultDamagedError as error:
        connection.close()
        raise with_pages(error, layout, header, key) from error
    except BaseException:
        connection.close()
        raise
    return connection


def database_key(key: VaultKey) -> Secret:
    """SQLCipher's raw key: 32 bytes of key and 16 of salt."""
    return Secret(key.subkey("sqlcipher").reveal() + key.subkey("sqlcipher-salt", _SALT_SIZE).reveal())


def check_at_rest(path: Path, header: Header) -> FileFacts:
    """What the file system says about a database that nobody has connected.

    It is read with `open` here and never later: closing a second descriptor would drop SQLite's own locks.

    Raises:
        VaultDamagedError: It is absent, no plain file, empty, cut within a page, not encrypted, or another vault's.
    """
    found = facts(path)
    if found is None:
        raise VaultDamagedError("absent", path.name)
    if not found.regular or found.links != 1:
        raise VaultDamagedError("not-a-plain-file", path.name)
    _check_companions(path)
    # Half a page at the end is what a power cut leaves of a checkpoint, and the write-ahead log repairs it.
    if found.size == 0 or (found.size % PAGE_SIZE and not _size(_companion(path, _WAL))):
        raise VaultDamagedError("length", path.name)
    with open_regular(path) as stream:
        start = stream.read(_SALT_SIZE)
    if start == _PLAIN_MAGIC:
        raise VaultDamagedError("not-encrypted", path.name)
    if not equal(start, bytes.fromhex(header.salt)):
        raise VaultDamagedError("first-page", path.name)
    return found


def refuse_rollback(connection: Connection, opened: OpenedHeader, head: LogHead) -> None:
    """Return when the log contains all that the header has seen of it.

    Raises:
        VaultRolledBackError: It is shorter than it was, or at the same place another one.
        VaultDamagedError: An entry since then is not bound by the key of this vault.
    """
    header = opened.header
    known = bytes.fromhex(header.log_chain)
    if head.size < header.log_size:
        raise VaultRolledBackError("shorter", str(head.size))
    row = connection.execute("SELECT chain FROM bindings WHERE seq = ?", (header.log_size - 1,)).fetchone()
    if row is None or not equal(row[0], known):
        raise VaultRolledBackError("other-history", str(header.log_size))
    key = opened.key.subkey("log-head")
    if not verified_tail(connection, key.reveal(), header.log_size, known):
        raise VaultDamagedError("log-end", "bindings")


def lock_note(failed: int) -> bytes:
    """What the lock file says while the vault is open: who has it, and how often a passphrase failed before."""
    return encode({"failed": failed, "pid": process_id()})


def _check_companions(path: Path) -> None:
    """Refuse what SQLite would read or write beside the database and what this vault cannot have left there.

    In WAL mode there never is a journal; a planted one would be played back into the database.
    """
    log = facts(_companion(path, _WAL))
    if log is not None and (not log.regular or log.links != 1):
        raise VaultDamagedError("not-a-plain-file", path.name + _WAL)
    if facts(_companion(path, _JOURNAL)) is not None:
        raise VaultDamagedError("foreign-file", path.name + _JOURNAL)


def _log_left(layout: Layout, header: Header) -> bool:
    return bool(_size(_companion(layout.database(header.database), _WAL)))


def _look_first(layout: Layout, opened: OpenedHeader) -> None:
    """Return when the write-ahead log that was left belongs here; a foreign or older one must not reach the database.

    Opening for writing and closing again would move it into the database, whatever came of the checks.
    """
    path = layout.database(opened.header.database)
    check_at_rest(path, opened.header)
    try:
        with looked_at(path, database_key(opened.key)) as connection:
            refuse_rollback(connection, opened, read_head(connection))
    except VaultDamagedError as error:
        raise with_pages(error, layout, opened.header, opened.key) from error
    except StorageError:
        return  # a disk too full to look; the same is asked again once connected
    finally:
        remove(_companion(path, _SHARED))


def _closing_notes(connection: Connection, *, left: bool) -> list[Note]:
    """Whether the last session ended without locking, and whether the log that a crash leaves is there to tell."""
    (kind,) = connection.execute("SELECT kind FROM custody ORDER BY seq DESC LIMIT 1").fetchone()
    if kind in _CLOSED:
        return []
    return [Note(code="not-closed" if left else "not-closed-log-gone")]


def _companion(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    found = facts(path)
    return 0 if found is None else found.size


def _open_counted(layout: Layout, passphrase: Secret, lock: FileLock) -> OpenedHeader:
    """The open header; a passphrase that fails is counted, and said at the next opening that succeeds."""
    try:
        return open_header(layout, passphrase)
    except WrongPassphraseError:
        lock.write(lock_note(min(_attempts(lock) + 1, _MAX_ATTEMPTS)))
        raise


def _attempts(lock: FileLock) -> int:
    try:
        note = as_object(
            decode(lock.read(_MAX_LOCK_NOTE), limit=_MAX_LOCK_NOTE, where="lock"), "lock", required=("failed", "pid")
        )
        return as_integer(note["failed"], "lock", highest=_MAX_ATTEMPTS)
    except CanonicalError:
        return 0


def _folder_notes(folder: Path) -> list[Note]:
    if not is_folder(folder):
        raise NotAVaultError("absent" if facts(folder) is None else "not-a-folder")
    risks: tuple[Risk, ...] = (*folder_risks(folder), *machine_risks())
    for risk in risks:
        if risk.refused:
            raise UnsafeEnvironmentError(risk.code)
    notes = [Note(code=risk.code) for risk in risks]
    found = facts(folder)
    if found is not None and found.owner != owner():
        notes.append(Note(code="other-owner"))
    if found is not None and found.mode & _OTHERS:
        notes.append(Note(code="open-to-others"))
    return notes


def _contents(connection: Connection, header: Header) -> tuple[VaultSettings, Identity, bytes]:
    rows = dict(connection.execute("SELECT name, value FROM settings").fetchall())
    if rows.pop("vault", "") != header.vault_id or rows.get("profile") != header.profile:
        raise VaultDamagedError("other-vault", "database")
    found = connection.execute("SELECT secret, card FROM identity").fetchone()
    if found is None:
        raise VaultDamagedError("identity", "database")
    try:
        return settings_from(rows), Identity.from_secret(Secret(found[0])), found[1]
    except KeyFormatError as error:
        raise VaultDamagedError("identity", "database") from error
