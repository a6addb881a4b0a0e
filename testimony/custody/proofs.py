"""The part of a log that travels in a bundle, and its proof (docs/format/custody-v1.md, section 7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from keys.digests import DIGEST_SIZE
from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text, decode, encode
from testimony.custody.checkpoint import Checkpoint
from testimony.custody.entries import NO_ENTRY, Entry, line_hash, parse_entry
from testimony.custody.log import MAX_ENTRIES
from testimony.errors import CanonicalError, CustodyError
from testimony.merkle import MAX_PATH, MerkleTree, TreeHead, check_consistency, check_inclusion, leaf_hash

MAX_PROOFS: Final = 64 * 1024 * 1024
MAX_CARRIED: Final = 100_000
VERSION: Final = 1
_HASH_DIGITS: Final = 2 * DIGEST_SIZE


@dataclass(frozen=True, kw_only=True)
class BundleProofs:
    """Some lines of a log of `size` entries, the audit path of each, and the growth since an earlier size.

    `lines` are in the order of the log.  `since` is 0 where the recipient has seen no earlier checkpoint.
    """

    size: int
    lines: tuple[bytes, ...] = field(repr=False)
    paths: tuple[tuple[bytes, ...], ...] = field(repr=False)
    since: int
    growth: tuple[bytes, ...] = field(repr=False)

    def log(self) -> bytes:
        """The file `log.jsonl`: the lines, as they stand in the log."""
        return b"".join(self.lines)

    def to_bytes(self) -> bytes:
        """The file `proofs.json`."""
        return encode(
            {
                "growth": [step.hex() for step in self.growth],
                "paths": [[step.hex() for step in path] for path in self.paths],
                "since": self.since,
                "size": self.size,
                "v": VERSION,
            }
        )


@dataclass(frozen=True, kw_only=True)
class Carried:
    """The entries of a bundle, proved: each object with its own chain, unbroken from its first entry."""

    entries: tuple[Entry, ...] = field(repr=False)
    objects: Mapping[str, tuple[Entry, ...]] = field(repr=False)


def build_proofs(lines: Sequence[bytes], objects: Collection[str], *, since: int = 0) -> BundleProofs:
    """The entries about these objects out of a whole log, with their proofs.  `since` is an earlier size, or 0.

    Raises:
        CustodyError: A line is malformed, or the log was never of the earlier size.
    """
    wanted = [seq for seq, line in enumerate(lines) if parse_entry(line, seq=seq).object in objects]
    return prove(MerkleTree([leaf_hash(line) for line in lines]), {seq: lines[seq] for seq in wanted}, since=since)


def prove(tree: MerkleTree, lines: Mapping[int, bytes], *, since: int = 0) -> BundleProofs:
    """The same from a tree over the whole log and the lines that travel, by sequence number.

    Raises:
        CustodyError: A line stands outside the tree, there are too many, or the log was never of the earlier size.
    """
    if len(lines) > MAX_CARRIED:
        raise CustodyError(None, "too-many")
    order = sorted(lines)
    return BundleProofs(
        size=tree.size,
        lines=tuple(lines[seq] for seq in order),
        paths=tuple(tree.inclusion_path(seq) for seq in order),
        since=since,
        growth=tree.consistency_path(since) if since else (),
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
    return BundleProofs(size=found.size, lines=lines[:-1], paths=found.paths, since=found.since, growth=found.growth)


def check_proofs(proofs: BundleProofs, checkpoint: Checkpoint, *, seen: Checkpoint | None = None) -> Carried:
    """The entries, when all stand in the log of the checkpoint and each object's chain is whole from its start.

    All of them are of the device whose log it is: no device can put acts into another's mouth.

    Whether an object has later entries than those shown cannot be seen from here; the checkpoint's date bounds it.

    Raises:
        CustodyError: An entry is malformed, out of order, not in that log, of another device, or not chained; or the
            log does not continue the one of the checkpoint `seen` before.
    """
    if proofs.size != checkpoint.size:
        raise CustodyError(None, "size")
    if seen is not None:
        _check_growth(proofs, checkpoint, seen)
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
    for entry, line in zip(entries, lines, strict=True):
        if entry.seq == before[0] + 1 and entry.prev != before[1]:
            raise CustodyError(entry.seq, "prev")
        if entry.object_prev != heads.get(entry.object, NO_ENTRY):
            raise CustodyError(entry.seq, "object-prev")
        before = (entry.seq, line_hash(line))
        heads[entry.object] = before[1]
        chains.setdefault(entry.object, []).append(entry)
    return {name: tuple(chain) for name, chain in chains.items()}


def _check_growth(proofs: BundleProofs, checkpoint: Checkpoint, seen: Checkpoint) -> None:
    if seen.origin != checkpoint.origin:
        raise CustodyError(None, "origin")
    if proofs.since != seen.size:
        raise CustodyError(None, "consistency")
    check_consistency(
        TreeHead(size=seen.size, root=seen.root),
        TreeHead(size=checkpoint.size, root=checkpoint.root),
        proofs.growth,
    )


@dataclass(frozen=True, kw_only=True)
class _Parsed:
    size: int
    paths: tuple[tuple[bytes, ...], ...]
    since: int
    growth: tuple[bytes, ...]


def _parse(proofs: bytes) -> _Parsed:
    value = decode(proofs, limit=MAX_PROOFS, where="proofs")
    members = as_object(value, "proofs", required=("growth", "paths", "since", "size", "v"))
    as_integer(members["v"], "v", lowest=VERSION, highest=VERSION)
    size = as_integer(members["size"], "size", highest=MAX_ENTRIES)
    return _Parsed(
        size=size,
        paths=tuple(_path(path) for path in as_list(members["paths"], "paths", limit=MAX_CARRIED)),
        since=as_integer(members["since"], "since", highest=size),
        growth=_path(members["growth"]),
    )


def _path(value: JsonValue) -> tuple[bytes, ...]:
    return tuple(_hash(step) for step in as_list(value, "path", limit=MAX_PATH))


def _hash(value: JsonValue) -> bytes:
    text = as_text(value, "path")
    if len(text) != _HASH_DIGITS or not text.isascii() or text.lower() != text:
        raise CanonicalError("path", "bad-text")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise CanonicalError("path", "bad-text") from None
