"""The vault: where records live on this machine, open from `create` or `unlock` until `lock`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from keys.identity import Identity
from keys.secret import Secret
from keys.vault_key import Purpose
from testimony.custody.entries import Entry
from testimony.custody.log import LogState
from vault._sqlcipher import PAGE_SIZE, Connection, Row, Value, checkpoint, database_errors
from vault.clock import Clock, SystemClock
from vault.creation import create_vault
from vault.custody import VAULT, append, log_draft_saves
from vault.errors import StorageError, StorageFullError, VaultBusyError, VaultDamagedError, VaultError, VaultLockedError
from vault.files import facts
from vault.header import HeaderCopy, write_header
from vault.layout import Layout
from vault.opening import Note, Opened, connect_database, lock_note, open_vault, with_pages
from vault.orphans import orphan_notes
from vault.reserve import make_reserve, release_reserve, with_reserve
from vault.settings import Profile, VaultSettings
from vault.transaction import LogHead, Transaction

__all__ = ["Transaction", "Vault", "VaultSettings"]

_SETTLE_AFTER_NS: Final = 30_000_000_000


class Vault:
    """An open vault.  One thread owns it: the one that opened it."""

    def __init__(self, opened: Opened, clock: Clock) -> None:
        """For `create` and `unlock`, which are the only makers."""
        self._opened = opened
        self._connection: Connection | None = opened.connection
        self._head = opened.head
        self._header = opened.header
        self._log_key = opened.key.subkey("log-head")
        self._unsettled_ns: int | None = None
        self._untouchable = False
        self.clock = clock
        self.notes: tuple[Note, ...] = opened.notes

    @classmethod
    def create(cls, path: Path, passphrase: Secret, settings: VaultSettings, *, clock: Clock | None = None) -> "Vault":
        """A new vault at `path`, open.  The passphrase is normalised already.

        Raises:
            AlreadyExistsError: Something stands at the path.
            PolicyError: A real vault was to have a cheap passphrase slot.
            UnsafeEnvironmentError: A network folder, or a library that does not encrypt.
            StorageFullError: There is no room.
        """
        clock = clock or SystemClock()
        return cls(create_vault(path, passphrase, settings, clock), clock)

    @classmethod
    def unlock(cls, path: Path, passphrase: Secret, *, clock: Clock | None = None) -> "Vault":
        """The vault at `path`, open; `notes` says what was found on the way.

        Raises:
            NotAVaultError: Nothing there is a vault.
            VaultBusyError: Another process has it open.
            WrongPassphraseError: No slot opens.
            VaultDamagedError: A part is not what was written.
            VaultRolledBackError: The database is older than its header.
            VaultTooNewError: A newer release wrote it.
        """
        vault = cls(open_vault(path, passphrase), clock or SystemClock())
        try:
            vault._note_opening()
        except VaultDamagedError as error:
            raise vault._named(error) from error
        except BaseException:
            vault._drop()
            raise
        return vault

    def lock(self) -> None:
        """Write the last entry and the head, close the files and wipe the keys; a second call does nothing."""
        if self._connection is None:
            return
        try:
            if not self._untouchable:
                self._say_goodbye()
        finally:
            self._drop()

    @property
    def path(self) -> Path:
        """The vault's folder."""
        return self._opened.layout.folder

    @property
    def layout(self) -> Layout:
        """Where things stand in the vault's folder."""
        return self._opened.layout

    @property
    def settings(self) -> VaultSettings:
        """What was chosen at creation."""
        return self._opened.settings

    @property
    def profile(self) -> Profile:
        """`real`, or `practice` where everything is invented."""
        return self._opened.settings.profile

    @property
    def practice(self) -> bool:
        """Whether everything in this vault is invented."""
        return self._opened.settings.practice

    @property
    def vault_id(self) -> str:
        """32 hex digits that only this vault's key gives."""
        return self._header.vault_id

    @property
    def identity(self) -> Identity:
        """The keys by which this device signs and opens.

        Raises:
            VaultLockedError: The vault was locked.
        """
        self._require()
        return self._opened.identity

    @property
    def log_state(self) -> LogState:
        """The custody log's end, as last committed."""
        return self._head.state

    def card(self) -> bytes:
        """This device's card, to be given to others."""
        return self._opened.card

    def subkey(self, purpose: Purpose) -> Secret:
        """A key of 32 bytes for one purpose.

        Raises:
            VaultLockedError: The vault was locked.
        """
        self._require()
        return self._opened.key.subkey(purpose)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Statements and custody entries that are saved together when the block ends, and not at all when it raises.

        Raises:
            VaultLockedError: The vault was locked.
            VaultBusyError: Another transaction of this vault is open, or another process has the file.
            StorageFullError: No room: nothing of it is saved, and the reserve was freed for the next try.
            UnloggedChangeError: A bound row was changed and no custody entry says so.
        """
        connection = self._require()
        if connection.in_transaction:
            raise VaultBusyError("transaction")
        with database_errors():
            connection.execute("BEGIN IMMEDIATE")
        tx = Transaction(connection, self._log_key, self._head)
        try:
            yield tx
            head = tx.close()
            with database_errors():
                connection.execute("COMMIT")
        except BaseException as error:
            self._undo(connection, error)
            raise
        self._committed(head)

    def read(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Every row of a query."""
        with database_errors():
            return self._require().execute(sql, parameters).fetchall()

    def read_one(self, sql: str, parameters: Sequence[Value] = ()) -> Row | None:
        """The first row of a query, or None."""
        with database_errors():
            row: Row | None = self._require().execute(sql, parameters).fetchone()
            return row

    def settle(self) -> None:
        """Move what was saved from the write-ahead log into the database; for idle moments and before closing."""
        checkpoint(self._require())
        self._unsettled_ns = None

    def reconnect(self) -> None:
        """Close the database and open it afresh: one bad page must not colour what a later check sees.

        Raises:
            VaultDamagedError: The file is not what it was; the vault is then locked.
        """
        connection = self._require()
        with suppress(VaultError):  # a connection that met a bad page can do nothing more, not even this
            self.settle()
        connection.close()
        self._connection = None
        try:
            self._connection = connect_database(self.layout, self._header, self._opened.key)
        except VaultError:
            self._drop()
            raise

    def connection(self) -> Connection:
        """The open connection, for the checks alone.

        Raises:
            VaultLockedError: The vault was locked.
        """
        return self._require()

    def leave_as_found(self) -> None:
        """Write nothing more when locking: the database is damaged and is to be copied before anything else."""
        self._untouchable = True

    def vouches_for(self, copy: HeaderCopy) -> bool:
        """Whether a copy of the header was written with this vault's key and not changed since."""
        self._require()
        return copy.is_of(self._opened.key)

    def size_fault(self) -> bool:
        """Whether the database file is longer or shorter than its pages, after everything was moved into it."""
        self.settle()
        found = facts(self.layout.database(self._header.database))
        (pages,) = self.read_one("PRAGMA page_count") or (0,)
        return found is None or found.size != int(pages) * PAGE_SIZE

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.lock()
            return
        with suppress(VaultError):  # the first error is the one to be told
            self.lock()

    def __repr__(self) -> str:
        return "Vault(locked)" if self._connection is None else "Vault(open)"

    def _require(self) -> Connection:
        if self._connection is None:
            raise VaultLockedError
        return self._connection

    def _note_opening(self) -> None:
        opened = self._opened
        entry = with_reserve(self.layout, self._log_opening)
        # So that the database itself says that it was opened: a write-ahead log that vanishes later is then missed.
        with suppress(StorageFullError, StorageError):
            self.settle()
        opened.lock.write(lock_note(0))
        notes = [Note(code="failed-attempts", detail=str(opened.failed_attempts))] if opened.failed_attempts else []
        if entry.note != "ok":
            notes.append(Note(code=entry.note))
        make_reserve(self.layout, practice=self.practice)
        self.notes = (*opened.notes, *notes, *orphan_notes(self.layout, self.read))

    def _log_opening(self) -> Entry:
        opened = self._opened
        with self.transaction() as tx:
            if opened.failed_attempts:
                append(tx, self, "vault.failed", VAULT, {"attempts": opened.failed_attempts})
            return append(tx, self, "vault.unlock", VAULT, {"slot": opened.slot})

    def _log_locking(self) -> None:
        with self.transaction() as tx:
            log_draft_saves(tx, self)
            append(tx, self, "vault.lock", VAULT)

    def _say_goodbye(self) -> None:
        with_reserve(self.layout, self._log_locking)
        with suppress(StorageFullError):  # what is saved stays saved in the write-ahead log
            self.settle()
        with_reserve(self.layout, self._write_head)

    def _named(self, error: VaultDamagedError) -> VaultDamagedError:
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                connection.close()
            return with_pages(error, self.layout, self._header, self._opened.key)
        finally:
            self._drop()

    def _committed(self, head: LogHead) -> None:
        self._head = head
        now = self.clock.now().monotonic_ns
        if self._unsettled_ns is None:
            self._unsettled_ns = now
        elif now - self._unsettled_ns > _SETTLE_AFTER_NS:
            # The save is on the disk already: what fails here fails again, and is said, at the next one.
            with suppress(VaultError):
                self.settle()

    def _undo(self, connection: Connection, error: BaseException) -> None:
        with suppress(VaultError), database_errors():
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        if isinstance(error, StorageFullError):
            release_reserve(self.layout)
            with suppress(VaultError):
                checkpoint(connection)

    def _write_head(self) -> None:
        header = replace(self._header, log_size=self._head.size, log_chain=self._head.chain.hex())
        self._header = write_header(self.layout, header, self._opened.key)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._opened.identity.wipe()
        self._opened.key.wipe()
        self._log_key.wipe()
        try:
            if connection is not None:
                with database_errors():
                    connection.close()
        finally:
            self._opened.lock.release()
