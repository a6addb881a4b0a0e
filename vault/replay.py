"""The custody log replayed against every row: what SQLCipher cannot see (docs/format/vault-v1.md, section 7)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from testimony.custody.checkpoint import origin_of, parse_checkpoint
from testimony.custody.log import check_log
from testimony.errors import CustodyError
from testimony.merkle import MerkleTree, leaf_hash
from vault._sqlcipher import database_errors
from vault.bindings import BOUND, DRAFTS, NO_CHAIN, Binding, chain_of, decode_bindings, rows_now
from vault.errors import VaultDamagedError
from vault.store import Vault


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that does not hold: a stable code and the entry or row where it shows."""

    code: str
    where: str


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What the log says each bound row is: the digest and, for a draft, the sequence it was bound at."""

    faults: tuple[Fault, ...]
    rows: dict[tuple[str, str | int, str | int], Binding] = field(repr=False)


def log_faults(vault: Vault) -> tuple[Fault, ...]:
    """What is wrong with the lines themselves, their hashes, and the checkpoints over them."""
    faults: list[Fault] = []
    leaves: list[bytes] = []
    for seq, leaf, line in vault.read("SELECT seq, leaf, line FROM custody ORDER BY seq"):
        leaves.append(leaf_hash(line))
        if leaf != leaves[-1]:
            faults.append(Fault(code="leaf", where=f"entry {seq}"))
    try:
        summary = check_log(line for (line,) in vault.read("SELECT line FROM custody ORDER BY seq"))
    except CustodyError as error:
        return (*faults, Fault(code=f"log-{error.code}", where=f"entry {error.seq}"))
    if summary.state != vault.log_state:
        faults.append(Fault(code="log-end", where=f"entry {summary.size}"))
    return (*faults, *_checkpoint_faults(vault, MerkleTree(leaves)))


def replayed(vault: Vault, key: bytes) -> Replay:
    """The chain of bindings, link by link, and the last binding of each row."""
    faults: list[Fault] = []
    rows: dict[tuple[str, str | int, str | int], Binding] = {}
    chain = NO_CHAIN
    links = vault.read(
        "SELECT b.seq, b.peaks, b.bound, b.chain, c.leaf FROM bindings b LEFT JOIN custody c USING (seq) ORDER BY b.seq"
    )
    for seq, peaks, bound, link, leaf in links:
        if chain_of(key, chain, (leaf or b"", peaks, bound)) != link:
            faults.append(Fault(code="chain", where=f"entry {seq}"))
        chain = link
        try:
            for binding in decode_bindings(bound, f"entry {seq}"):
                rows[_name(binding)] = binding
        except VaultDamagedError:
            faults.append(Fault(code="bindings", where=f"entry {seq}"))
    return Replay(faults=tuple(faults), rows=rows)


def row_faults(vault: Vault, key: bytes) -> tuple[Fault, ...]:
    """Every bound row that is not what the log says: changed, missing, or unknown to it."""
    found = replayed(vault, key)
    expected = {name: one for name, one in found.rows.items() if one.digest is not None}
    faults = list(found.faults)
    for table in (*BOUND, DRAFTS):
        known = {name: one for name, one in expected.items() if name[0] == table}
        try:
            with database_errors():
                faults += _table_faults(rows_now(vault.connection(), key, table), known)
        except VaultDamagedError:
            faults.append(Fault(code="unreadable", where=table))
            vault.reconnect()
    return tuple(faults)


def _table_faults(rows: Iterator[Binding], expected: dict[tuple[str, str | int, str | int], Binding]) -> list[Fault]:
    faults = []
    for binding in rows:
        known = expected.pop(_name(binding), None)
        if known is None:
            faults.append(Fault(code="row-unknown", where=_where(binding)))
        elif not _agrees(binding, known):
            faults.append(Fault(code="row-changed", where=_where(binding)))
    return faults + [Fault(code="row-missing", where=_where(binding)) for binding in expected.values()]


def _agrees(now: Binding, known: Binding) -> bool:
    """Whether a row is as it was bound; a draft may have been saved since, which counts its sequence up."""
    if now.row.table == DRAFTS and int(now.row.second) > int(known.row.second):
        return True
    return now.digest == known.digest


def _name(binding: Binding) -> tuple[str, str | int, str | int]:
    row = binding.row
    return row.table, row.first, "" if row.table == DRAFTS else row.second


def _where(binding: Binding) -> str:
    row = binding.row
    # The row of a setting or an identity has no content in its name; nor have ids and codes.
    return f"{row.table} {row.first}" + (f"/{row.second}" if row.second != "" and row.table != DRAFTS else "")


def _checkpoint_faults(vault: Vault, tree: MerkleTree) -> Iterator[Fault]:
    signer = vault.identity.public
    for size, root, note in vault.read("SELECT size, root, note FROM checkpoints ORDER BY size"):
        where = f"checkpoint {size}"
        try:
            found = parse_checkpoint(note, signer)
        except CustodyError as error:
            yield Fault(code=error.code, where=where)
            continue
        same = found.origin == origin_of(signer) and found.size == size and found.root == root
        if not same or size > tree.size or tree.root(size) != root:
            yield Fault(code="checkpoint", where=where)
