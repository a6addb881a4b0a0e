"""The custody log of this vault: one entry for each act, in the same transaction as the act (custody-v1.md)."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from keys.chance import random_hex
from keys.digits import parse_forty_digits, ungrouped
from keys.identity import Identity
from testimony.custody.checkpoint import Checkpoint, head_digits, origin_of
from testimony.custody.entries import Act, Entry
from testimony.custody.moments import Moment, wall_text
from testimony.custody.proofs import BundleProofs, prove
from testimony.merkle import MerkleTree, Peaks, leaf_hash
from vault.bindings import DRAFTS, RowKey
from vault.clock import Clock
from vault.transaction import Transaction

if TYPE_CHECKING:
    from vault.store import Vault

VAULT = "vault"  # the object of acts on the vault as a whole
_PAGE = 1000
_SALT_BYTES = 16


def append(  # noqa: PLR0913  # the agreed shape: what, to what, with which details, by whom
    tx: Transaction,
    vault: "Vault",
    kind: str,
    object_id: str,
    details: Mapping[str, str | int] | None = None,
    *,
    actor: str | None = None,
) -> Entry:
    """The entry for an act on `object_id`, added to the log inside this transaction.

    Raises:
        CustodyError: The kind is unknown or a detail is not of its type.
    """
    act = Act(
        kind=kind,
        object=object_id,
        actor=actor or vault.settings.code,
        device=device_of(vault.identity),
        details=dict(details or {}),
    )
    return tx.append(act, moment_of(vault.clock))


def salted(details: Mapping[str, str | int]) -> dict[str, str | int]:
    """The details of an act that is nobody's business outside, with what keeps its line from being guessed at."""
    return {**details, "salt": random_hex(_SALT_BYTES)}


def device_of(identity: Identity) -> str:
    """How the log names a device: its forty digits without blanks."""
    return ungrouped(identity.public.fingerprint)


def moment_of(clock: Clock) -> Moment:
    """The clock's reading in the form of the log."""
    reading = clock.now()
    return Moment(wall=reading.wall, monotonic_ns=reading.monotonic_ns, boot=reading.boot_id)


def log_draft_saves(tx: Transaction, vault: "Vault") -> None:
    """One entry for each draft that was saved since the log last knew of it, whatever the number of saves."""
    for record_id, sequence in tx.all("SELECT record_id, sequence FROM drafts WHERE sequence > logged"):
        tx.execute("UPDATE drafts SET logged = sequence WHERE record_id = ?", (record_id,))
        tx.bind(RowKey(table=DRAFTS, first=record_id, second=sequence))
        append(tx, vault, "record.save", record_id, {"number": sequence})


def log_lines(vault: "Vault", *, since: int = 0) -> Iterator[bytes]:
    """The lines of the log from entry `since` on, a page at a time."""
    rows = vault.read("SELECT seq, line FROM custody WHERE seq >= ? ORDER BY seq LIMIT ?", (since, _PAGE))
    while rows:
        yield from (line for _, line in rows)
        rows = vault.read("SELECT seq, line FROM custody WHERE seq > ? ORDER BY seq LIMIT ?", (rows[-1][0], _PAGE))


def lines_about(vault: "Vault", object_id: str) -> list[bytes]:
    """The lines of one object's own chain, oldest first."""
    return [line for (line,) in vault.read("SELECT line FROM custody WHERE object = ? ORDER BY seq", (object_id,))]


def leaf_hashes(vault: "Vault") -> list[bytes]:
    """The leaf hash of every entry, in order: what inclusion and consistency proofs are computed from."""
    return [leaf for (leaf,) in vault.read("SELECT leaf FROM custody ORDER BY seq")]


def proofs_for(vault: "Vault", objects: Collection[str], *, since: Collection[int] = ()) -> BundleProofs:
    """Every entry about these objects, with its proof against the log as it stands, also within a transaction.

    `since` are the sizes that the receiver can have seen already.

    Raises:
        CustodyError: There are too many entries, or the log was never of an earlier size.
    """
    lines: dict[int, bytes] = {}
    for one in objects:
        lines.update(vault.read("SELECT seq, line FROM custody WHERE object = ?", (one,)))
    return prove(MerkleTree(leaf_hashes(vault)), lines, since=since)


def current(tx: Transaction, vault: "Vault") -> Checkpoint:
    """The log with every entry of this transaction so far, unsigned."""
    state = tx.head.state
    return Checkpoint(origin=origin_of(vault.identity.public), size=state.size, root=state.root())


def checkpoint_in(tx: Transaction, vault: "Vault") -> bytes:
    """The signed checkpoint over every entry so far, kept in this transaction."""
    made = current(tx, vault)
    note = made.signed(vault.identity)
    tx.execute(
        "INSERT OR IGNORE INTO checkpoints (size, root, made_at, note) VALUES (?, ?, ?, ?)",
        (made.size, made.root, wall_text(vault.clock.now().wall), note),
    )
    return note


def checkpoint(vault: "Vault") -> bytes:
    """The signed checkpoint over the whole log as it stands."""
    with vault.transaction() as tx:
        return checkpoint_in(tx, vault)


def note_kept(vault: "Vault", kept: str) -> None:
    """Say in the log that its head is kept outside, and where: a code, such as `paper`.

    The entry names the log as it was before it, and stands under the head that is read off after it.

    Raises:
        CustodyError: The place is no code.
    """
    state = vault.log_state
    with vault.transaction() as tx:
        append(tx, vault, "checkpoint", VAULT, {"size": state.size, "root": state.root().hex(), "kept": kept})


def head(vault: "Vault") -> str:
    """The head of the log as forty digits, to be written on paper or read aloud."""
    state = vault.log_state
    return head_digits(Checkpoint(origin=origin_of(vault.identity.public), size=state.size, root=state.root()))


def size_at_head(vault: "Vault", digits: str) -> int | None:
    """How many entries the log had when these forty digits were its head; None where they never were.

    Raises:
        KeyFormatError: They are no forty digits.
    """
    wanted, origin, peaks = parse_forty_digits(digits), origin_of(vault.identity.public), Peaks()
    for line in log_lines(vault):
        peaks = peaks.add(leaf_hash(line))
        if head_digits(Checkpoint(origin=origin, size=peaks.size, root=peaks.root())) == wanted:
            return peaks.size
    return None
