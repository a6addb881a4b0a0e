"""The part of a log that travels in a bundle, and its proof (docs/format/custody-v1.md, section 7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from testimony.canonical import as_integer, as_list, as_object, decode, encode
from testimony.custody.checkpoint import Checkpoint
from testimony.custody.entries import NO_ENTRY, Entry, line_hash, parse_entry
from testimony.custody.growth import Growth, grow, growth_value, read_growth
from testimony.custody.log import MAX_ENTRIES
from testimony.custody.moments import Moment, clock_note
from testimony.custody.paths import parse_path, path_value
from testimony.errors import CanonicalError, CustodyError
from testimony.merkle import MerkleTree, check_inclusion, leaf_hash

MAX_PROOFS: Final = 64 * 1024 * 1024
MAX_CARRIED: Final = 100_000
VERSION: Final = 1


@dataclass(frozen=True, kw_only=True)
class BundleProofs:
    """Some lines of a log of `size` entries, the audit path of each, and the proofs of growth from earlier sizes.

    `lines` are in the order of the log, `growth` begins with the newest size that the recipient can have seen.
    """

    size: int
    lines: tuple[bytes, ...] = field(repr=False)
    paths: tuple[tuple[bytes, ...], ...] = field(repr=False)
    growth: tuple[Growth, ...] = field(repr=False)

    def log(self) -> bytes:
        """The file `log.jsonl`: the lines, as they stand in the log."""
        return b"".join(self.lines)

    def to_bytes(self) -> bytes:
        """The file `proofs.json`."""
        return encode(
            {
                "growth": growth_value(self.growth),
                "paths": [path_value(path) for path in self.paths],
                "size": self.size,
                "v": VERSION,
            }
        )


@dataclass(frozen=True, kw_only=True)
class Carried:
    """The entries of a bundle, proved: each object with its own chain, unbroken from its first entry."""

    entries: tuple[Entry, ...] = field(repr=False)
    objects: Mapping[str, tuple[Entry, ...]] = field(repr=False)


def build_proofs(lines: Sequence[bytes], objects: Collection[str], *, since: Collection[int] = ()) -> BundleProofs:
    """The entries about these objects out of a whole log, with their proofs.  `since` are earlier sizes.

    Raises:
        CustodyError: A line is malformed, or the log was never of an earlier size.
    """
    wanted = [seq for seq, line in enumerate(lines) if parse_entry(line, seq=seq).object in objects]
    return prove(MerkleTree([leaf_hash(line) for line in lines]), {seq: lines[seq] for seq in wanted}, since=since)


def prove(tree: MerkleTree, lines: Mapping[int, bytes], *, since: Collection[int] = ()) -> BundleProofs:
    """The same from a tree over the whole log and the lines that travel, by sequence number.

    Raises:
        CustodyError: A line stands outside the tree, there are too many, or the log was never of an earlier size.
    """
    if len(lines) > MAX_CARRIED:
        raise CustodyError(None, "too-many")
    order = sorted(lines)
    return BundleProofs(
        size=tree.size,
        lines=tuple(lines[seq] for seq in order),
        paths=tuple(tree.inclusion_path(seq) for seq in order),
        growth=grow(tree, since),
    )


def parse_proofs(log: bytes, proofs: bytes) -> BundleProofs:
    """The proofs of a bundle from its two files.  Nothing is checked yet but their form.

    Raises:
        CustodyError: A file is too long, not of the one spelling, or they hold different numbers of entries.
    """
    if len(log) > MAX_PROOFS:
        raise CustodyError(None, "too-long")
    if log.count(b"\n") > MAX_CARRIED:
        raise CustodyError(None, "too-many")
    lines = tuple(line + b"\n" for line in log.split(b"\n"))
    if lines[-1] != b"\n":
        raise CustodyError(None, "malformed")
    try:
        found = _parse(proofs)
    except CanonicalError as error:
        raise CustodyError(None, "malformed") from error
    if len(lines) - 1 != len(found.paths):
        raise CustodyError(None, "malformed")
    return BundleProofs(size=found.size, lines=lines[:-1], paths=found.paths, growth=found.growth)


def check_proofs(proofs: BundleProofs, checkpoint: Checkpoint) -> Carried:
    """The entries, when all stand in the log of the checkpoint and each object's chain is whole from its start.

    All of them are of the device whose log it is: no device can put acts into another's mouth.

    Whether an object has later entries than those shown cannot be seen from here; the checkpoint's date bounds it.

    Raises:
        CustodyError: An entry is malformed, out of order, not in that log, of another device, or not chained.
    """
    if proofs.size != checkpoint.size:
        raise CustodyError(None, "size")
    entries = _included(proofs, checkpoint)
    return Carried(entries=entries, objects=MappingProxyType(_chains(entries, proofs.lines)))


def _included(proofs: BundleProofs, checkpoint: Checkpoint) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for line, path in zip(proofs.lines, proofs.paths, strict=True):
        entry = parse_entry(line)
        if entries and entry.seq <= entries[-1].seq:
            raise CustodyError(entry.seq, "seq")
        if not checkpoint.origin.endswith(f"/{entry.act.device}"):
            raise CustodyError(entry.seq, "device")
        check_inclusion(leaf_hash(line), entry.seq, checkpoint.size, path, checkpoint.root)
        entries.append(entry)
    return tuple(entries)


def _chains(entries: Sequence[Entry], lines: Sequence[bytes]) -> dict[str, tuple[Entry, ...]]:
    chains: dict[str, list[Entry]] = {}
    heads: dict[str, str] = {}
    before: tuple[int, str] = (-1, NO_ENTRY)
    last: Moment | None = None
    for entry, line in zip(entries, lines, strict=True):
        if entry.seq == before[0] + 1 and entry.prev != before[1]:
            raise CustodyError(entry.seq, "prev")
        if entry.seq == before[0] + 1 and entry.note != clock_note(last, entry.moment):
            raise CustodyError(entry.seq, "note")
        last = entry.moment
        if entry.object_prev != heads.get(entry.object, NO_ENTRY):
            raise CustodyError(entry.seq, "object-prev")
        before = (entry.seq, line_hash(line))
        heads[entry.object] = before[1]
        chains.setdefault(entry.object, []).append(entry)
    return {name: tuple(chain) for name, chain in chains.items()}


@dataclass(frozen=True, kw_only=True)
class _Parsed:
    size: int
    paths: tuple[tuple[bytes, ...], ...]
    growth: tuple[Growth, ...]


def _parse(proofs: bytes) -> _Parsed:
    value = decode(proofs, limit=MAX_PROOFS, where="proofs")
    members = as_object(value, "proofs", required=("growth", "paths", "size", "v"))
    as_integer(members["v"], "v", lowest=VERSION, highest=VERSION)
    size = as_integer(members["size"], "size", highest=MAX_ENTRIES)
    return _Parsed(
        size=size,
        paths=tuple(parse_path(path) for path in as_list(members["paths"], "paths", limit=MAX_CARRIED)),
        growth=read_growth(members["growth"], size=size),
    )
