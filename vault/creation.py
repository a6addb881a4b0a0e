"""The making of a vault, in a folder beside its place that takes its name only when everything in it is whole."""

from pathlib import Path
from typing import Final

from keys.chance import random_hex
from keys.identity import Identity
from keys.secret import Secret
from keys.slots import TEST_COST, KdfCost, Slot, VaultKey, calibrate, make_slot
from testimony.card import Card
from testimony.custody.entries import Act
from vault._sqlcipher import Connection, checkpoint, database_errors, open_database
from vault.bindings import watch
from vault.clock import Clock, stopwatch
from vault.custody import VAULT, device_of, moment_of
from vault.errors import AlreadyExistsError, PolicyError, UnsafeEnvironmentError
from vault.files import (
    PART,
    FileLock,
    absolute,
    create_exclusive,
    facts,
    make_folder,
    move,
    remove_tree,
    sync_folder,
)
from vault.header import FORMAT, Header, OpenedHeader, write_both
from vault.layout import FIRST_DATABASE, Layout
from vault.migrate import build_schema
from vault.opening import Note, Opened, connect_vault, database_key
from vault.process import folder_risks, free_memory, harden, machine_risks
from vault.reserve import make_reserve
from vault.settings import VaultSettings
from vault.transaction import LogHead, Transaction

_SALT_SIZE: Final = 16


def create_vault(path: Path, passphrase: Secret, settings: VaultSettings, clock: Clock) -> Opened:
    """A new vault at `path`, open; after a crash there is either the whole of it or a folder of another name.

    Raises:
        AlreadyExistsError: Something stands at the path.
        PolicyError: A real vault was to have a cheap passphrase slot.
        UnsafeEnvironmentError: A network folder.
        StorageFullError: There is no room.
    """
    harden()
    folder = absolute(path)
    if facts(folder) is not None:
        raise AlreadyExistsError("vault")
    risks = (*folder_risks(folder.parent), *machine_risks())
    if refused := [risk.code for risk in risks if risk.refused]:
        raise UnsafeEnvironmentError(refused[0])
    settings = settings.filled()
    building = folder.with_name(f".{random_hex(8)}{PART}")
    make_folder(building)
    try:
        opened, lock = _build(Layout(folder=building), passphrase, settings, clock)
        _take_name(building, folder)
    except BaseException:
        remove_tree(building)
        raise
    return connect_vault(Layout(folder=folder), lock, opened, tuple(Note(code=risk.code) for risk in risks))


def choose_cost(settings: VaultSettings) -> KdfCost:
    """What a guess at the passphrase is to cost: as asked, else what this machine does in about 1.5 seconds.

    Raises:
        PolicyError: The cheap cost of tests for a real vault.
    """
    cost = settings.cost or calibrate(free_memory=free_memory(), timer=stopwatch)
    if cost == TEST_COST and not settings.practice:
        raise PolicyError("cheap-cost")
    return cost


def _take_name(building: Path, folder: Path) -> None:
    # A rename would silently replace an empty folder that somebody made in the meantime.
    if facts(folder) is not None:
        raise AlreadyExistsError("vault")
    move(building, folder)


def _build(layout: Layout, passphrase: Secret, settings: VaultSettings, clock: Clock) -> tuple[OpenedHeader, FileLock]:
    cost, key = choose_cost(settings), VaultKey.generate()
    slot = make_slot(key, passphrase, cost=cost, label="first")
    for folder in (layout.attachments, layout.outbox):
        make_folder(folder)
    lock = FileLock(layout.lock)
    try:
        return _fill(layout, key, slot, settings, clock), lock
    except BaseException:
        lock.release()
        raise


def _fill(layout: Layout, key: VaultKey, slot: Slot, settings: VaultSettings, clock: Clock) -> OpenedHeader:
    head = _build_database(layout, key, settings, clock)
    header = Header(
        generation=1,
        vault_id=key.vault_id.hex(),
        profile=settings.profile,
        database=FIRST_DATABASE,
        salt=key.subkey("sqlcipher-salt", _SALT_SIZE).reveal().hex(),
        log_size=head.size,
        log_chain=head.chain.hex(),
        slots=(slot.to_json(),),
    )
    header = write_both(layout, header, key)
    make_reserve(layout, practice=settings.practice)
    sync_folder(layout.folder)
    return OpenedHeader(key=key, slot=0, header=header, damaged=())


def _build_database(layout: Layout, key: VaultKey, settings: VaultSettings, clock: Clock) -> LogHead:
    path = layout.database(FIRST_DATABASE)
    # SQLite would make the file readable to others; its write-ahead log takes the permissions of the file.
    create_exclusive(path).close()
    connection = open_database(path, database_key(key))
    try:
        with database_errors():
            build_schema(connection)
            watch(connection)
            connection.execute("BEGIN IMMEDIATE")
            head = _first_rows(connection, key, settings, clock)
            connection.execute("COMMIT")
            checkpoint(connection)
    finally:
        connection.close()
    return head


def _card(settings: VaultSettings, identity: Identity) -> Card:
    # Consent names bodies, and a body receives in its legal team's vault: that vault shows the body's card.
    legal = settings.role == "legal"
    return Card(
        kind="body" if legal else "device",
        code=settings.code if legal else settings.device,
        practice=settings.practice,
        public=identity.public,
    )


def _first_rows(connection: Connection, key: VaultKey, settings: VaultSettings, clock: Clock) -> LogHead:
    tx = Transaction(connection, key.subkey("log-head"), LogHead())
    vault_id, identity = key.vault_id.hex(), Identity.generate()
    for name, value in {**settings.rows(), "vault": vault_id}.items():
        tx.execute("INSERT INTO settings (name, value) VALUES (?, ?)", (name, value))
    card = _card(settings, identity)
    tx.execute(
        "INSERT INTO identity (id, secret, card) VALUES (1, ?, ?)",
        (identity.secret().reveal(), card.to_text(identity)),
    )
    details: dict[str, str | int] = {
        "profile": settings.profile, "format": FORMAT, "role": settings.role, "prefix": settings.prefix
    }  # fmt: skip
    act = Act(kind="vault.create", object=VAULT, actor=settings.code, device=device_of(identity), details=details)
    identity.wipe()
    tx.append(act, moment_of(clock))
    return tx.close()
