"""The vault beside the same work without it, in one run: a record saved, an attachment taken in and out.

The plain side of a save runs the same statements through the same library, without a key. Each figure is the best of
several rounds, taken in turn with its counterpart; below 1 the vault is the faster.
"""

import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlcipher3 import dbapi2

from keys.chance import random_bytes, random_secret
from keys.kdf_cost import TEST_COST
from keys.secret import Secret
from testimony.custody.entries import Act
from vault import _sqlcipher
from vault.attachments import attach, list_for, open_attachment
from vault.bindings import watch
from vault.clock import SystemClock
from vault.custody import moment_of
from vault.drafts import new_draft
from vault.files import create_exclusive
from vault.migrate import build_schema
from vault.store import Vault, VaultSettings
from vault.transaction import LogHead, Transaction

ROUNDS, SAVES = 7, 60
CONTENT = 40_000
ATTACHMENT = 100 << 20
MAX_SAVE, MAX_IN, MAX_OUT, MAX_PEAK = 1.6, 2.0, 1.6, 256


class Recorder:
    """A database with the vault's tables, in which records are saved as the vault saves them."""

    def __init__(self, connection: _sqlcipher.Connection) -> None:
        self.connection = connection
        self.key = random_secret(32)
        self.head = LogHead()
        self.saved = 0
        build_schema(connection)
        watch(connection)

    def save(self) -> None:
        """One record with its search words and its custody entry, on the disk when this returns."""
        self.saved += 1
        record_id = f"{self.saved:08d}"
        self.connection.execute("BEGIN IMMEDIATE")
        tx = Transaction(self.connection, self.key, self.head)
        tx.execute(
            "INSERT INTO records (record_id, version, stage, finished_at, control_number, root, leaves, seed, head, "
            "content) VALUES (?, 1, 'finished', '2026-01-01T00:00:00+00:00', ?, ?, 4096, ?, ?, ?)",
            (record_id, record_id, bytes(32), bytes(32), bytes(900), random_bytes(CONTENT)),
        )
        words = " ".join(f"w{number * self.saved % 5003}" for number in range(1000))
        tx.execute("INSERT INTO search_words (rowid, words, stems) VALUES (?, ?, ?)", (self.saved, words, words))
        details = {"version": 1, "root": "0" * 64, "head": "0" * 64}
        act = Act(kind="record.finish", object=record_id, actor="a", device="d", details=details)
        tx.append(act, moment_of(SystemClock()))
        self.head = tx.close()
        self.connection.execute("COMMIT")


def plain_connection(path: Path) -> _sqlcipher.Connection:
    """The same library and settings without a key."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    for statement, _, _ in _sqlcipher._SETTINGS:  # noqa: SLF001  # the same settings, or the comparison would be none
        connection.execute(f"PRAGMA {statement}")
    return connection


def keyed_connection(path: Path) -> _sqlcipher.Connection:
    """The vault's own way to its database."""
    create_exclusive(path).close()
    return _sqlcipher.open_database(path, random_secret(48))


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def saves(folder: Path) -> float:
    """How many times longer a save takes with the key than without."""
    plain, keyed = Recorder(plain_connection(folder / "plain.db")), Recorder(keyed_connection(folder / "keyed.db"))
    times: dict[Recorder, list[float]] = {plain: [], keyed: []}
    for _ in range(ROUNDS):
        for one in (plain, keyed):
            times[one].append(seconds(lambda one=one: [one.save() for _ in range(SAVES)]))
    return min(times[keyed]) / min(times[plain])


def copy(source: Path, target: Path) -> None:
    """Copy a file and wait for the disk."""
    with source.open("rb") as reader, target.open("wb") as writer:
        shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())


def take_out(vault: Vault, attachment_id: str, target: Path) -> None:
    """Write an attachment into a plain file and wait for the disk."""
    with open_attachment(vault, attachment_id) as reader, target.open("wb") as writer:
        shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())


def practice_vault(folder: Path, code: str) -> Vault:
    """A new vault that opens cheaply."""
    settings = VaultSettings(profile="practice", code=code, cost=TEST_COST)
    return Vault.create(folder / f"{code}.vault", Secret(b"a passphrase for this run"), settings)


def attachments(folder: Path) -> tuple[float, float]:
    """How many times longer than a synced copy it takes to put an attachment in and to take it out."""
    copies, ins, outs = [], [], []
    with practice_vault(folder, "bench-1") as vault:
        record_id = new_draft(vault)
        for number in range(ROUNDS):
            source = folder / f"source-{number}"
            source.write_bytes(os.urandom(ATTACHMENT))
            copies.append(seconds(lambda source=source: copy(source, folder / "copy")))
            ins.append(seconds(lambda source=source: attach(vault, record_id, source, kind="video")))
            attachment_id = list_for(vault, record_id)[-1].attachment_id
            outs.append(seconds(lambda one=attachment_id: take_out(vault, one, folder / "out")))
            assert (folder / "out").read_bytes() == source.read_bytes()
            source.unlink()
    return min(ins) / min(copies), min(outs) / min(copies)


def peak(folder: Path) -> float:
    """MiB of memory at the highest, after a file of 512 MiB was taken in."""
    with (folder / "large").open("wb") as stream:
        for _ in range(512):
            stream.write(os.urandom(1 << 20))
    with practice_vault(folder, "bench-2") as vault:
        attach(vault, new_draft(vault), folder / "large", kind="video")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print each figure beside its limit; 1 when one is above it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = {"peak memory, MiB": (peak(folder), MAX_PEAK), "save / unkeyed save": (saves(folder), MAX_SAVE)}
        taken_in, taken_out = attachments(folder)
    figures |= {"attachment in / copy": (taken_in, MAX_IN), "attachment out / copy": (taken_out, MAX_OUT)}
    for what, (figure, limit) in figures.items():
        print(f"{what:24} {figure:7.2f}   at most {limit}")
    return int(any(figure > limit for figure, limit in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
