"""Anchors: what stands outside this device and bounds the times of its log (docs/format/custody-v1.md, section 5.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from keys.digests import sha256
from keys.digits import ungrouped
from testimony.bundle.names import MAX_ANCHOR, MAX_ANCHORS, anchor_card_member, anchor_head_member, anchor_member
from testimony.custody.anchors import Anchor, AnchorKind, Interval, day_of, interval_of, newest_before
from testimony.custody.checkpoint import Checkpoint, origin_of
from testimony.custody.entries import Entry, parse_entry
from testimony.text_lines import moment_text
from vault._sqlcipher import Row
from vault.contacts import contact_by_fingerprint
from vault.custody import lines_about
from vault.store import Transaction, Vault

_FINISHING: Final = ("record.finish", "record.correct")
_SELECT: Final = "SELECT kind, giver, custody_size, at, entry, digest, object, content FROM anchors"


@dataclass(frozen=True, kw_only=True)
class PackedAnchors:
    """The anchors that travel: their files by member name, the objects of their entries, the sizes they cover.

    `not_before` is the time of the newest of them.
    """

    files: Mapping[str, bytes] = field(repr=False)
    objects: frozenset[str]
    sizes: frozenset[int]
    not_before: datetime | None


@dataclass(frozen=True, kw_only=True)
class _Kept:
    anchor: Anchor
    digest: str
    object: str
    content: bytes = field(repr=False)


def keep_anchor(tx: Transaction, kind: AnchorKind, said: tuple[str, int, datetime], entry: Entry, data: bytes) -> None:
    """Keep an outside thing: `said` is whose it is (forty digits, or the authority), which size it covers, and when.

    `entry` is the one that took it into the log.
    """
    giver, size, at = said
    tx.execute(
        "INSERT INTO anchors (digest, kind, giver, custody_size, at, entry, object, content)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (sha256(data).hex(), kind, giver, size, moment_text(at), entry.seq, entry.object, data),
    )


def anchors_of(vault: Vault) -> tuple[Anchor, ...]:
    """Every outside thing that this log contains, also within a transaction."""
    return tuple(one.anchor for one in map(_kept, vault.read(_SELECT)))


def not_before_of(vault: Vault) -> datetime | None:
    """The day of the newest outside thing that this log contains, for the head of a record; None without one."""
    newest = newest_before(1 << 62, anchors_of(vault))
    return None if newest is None else day_of(newest)


def finished_between(vault: Vault, record_id: str, version: int) -> Interval:
    """Between which outside things this version of a record was finished."""
    for line in lines_about(vault, record_id):
        entry = parse_entry(line)
        if entry.kind in _FINISHING and entry.details.get("version") == version:
            return interval_of(entry.seq, anchors_of(vault))
    return Interval(not_before=None, not_after=None)


def anchors_for(vault: Vault, fingerprint: str, record_ids: Iterable[str], sealing: int) -> PackedAnchors:
    """The anchors that bound the finishing of these records and entry `sealing`, as far as this body may know of them.

    A body never sees the receipt or cosignature of another one.  An anchor whose card is gone, or which is too long,
    stays here: an interval that is wider than it could be is no wrong one.
    """
    known = [one for one in map(_kept, vault.read(_SELECT)) if _may_go(vault, one, fingerprint)]
    chosen = _chosen(known, [sealing, *_finishings(vault, record_ids)])
    files: dict[str, bytes] = {}
    for one in chosen:
        files[anchor_member(one.digest, one.anchor.kind)] = one.content
        files.update(_besides(vault, one.anchor))
    return PackedAnchors(
        files=files,
        objects=frozenset(one.object for one in chosen),
        sizes=frozenset(one.anchor.size for one in chosen),
        not_before=newest_before(sealing, [one.anchor for one in chosen]),
    )


def _may_go(vault: Vault, one: _Kept, fingerprint: str) -> bool:
    if len(one.content) > MAX_ANCHOR:
        return False
    if one.anchor.kind is AnchorKind.TOKEN:
        return True
    giver = contact_by_fingerprint(vault, one.anchor.by)
    if giver is None:
        return False
    colleague = one.anchor.kind is AnchorKind.COSIGNATURE and giver.card.kind != "body"
    return colleague or ungrouped(one.anchor.by) == fingerprint


def _finishings(vault: Vault, record_ids: Iterable[str]) -> list[int]:
    lines = [line for record_id in record_ids for line in lines_about(vault, record_id)]
    return [entry.seq for entry in map(parse_entry, lines) if entry.kind in _FINISHING]


def _chosen(known: Sequence[_Kept], places: Iterable[int]) -> list[_Kept]:
    """For each place and kind of anchor the nearest on either side, each once."""
    chosen: dict[str, _Kept] = {}
    wanted = sorted(set(places), reverse=True)
    for kind in AnchorKind:
        of_kind = {one.anchor: one for one in known if one.anchor.kind is kind}
        for place in wanted:
            found = interval_of(place, of_kind)
            for anchor in (found.not_before, found.not_after):
                if anchor is not None:
                    chosen.setdefault(of_kind[anchor].digest, of_kind[anchor])
    # Each may need one more file, a card or a head.
    return list(chosen.values())[: MAX_ANCHORS // 2]


def _besides(vault: Vault, anchor: Anchor) -> dict[str, bytes]:
    """What is needed to check an anchor: the card of whoever signed it, or the head that a time-stamp is about."""
    if anchor.kind is AnchorKind.TOKEN:
        row = vault.read_one("SELECT root FROM checkpoints WHERE size = ?", (anchor.size,))
        root = bytes(row[0]) if row is not None else b""
        text = Checkpoint(origin=origin_of(vault.identity.public), size=anchor.size, root=root).text()
        return {anchor_head_member(sha256(text).hex()): text}
    giver = contact_by_fingerprint(vault, anchor.by)
    return {} if giver is None else {anchor_card_member(anchor.by): giver.card_bytes}


def _kept(row: Row) -> _Kept:
    kind, giver, size, at, entry, digest, object_id, content = row
    anchor = Anchor(kind=AnchorKind(kind), size=size, at=datetime.fromisoformat(at), entry=entry, by=giver)
    return _Kept(anchor=anchor, digest=digest, object=object_id, content=content)
