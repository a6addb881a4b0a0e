"""Checks of the outside things that bound the times of a log (docs/format/bundle-v1.md, sections 3.6 and 6.5)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from keys.digests import sha256
from testimony.bundle.findings import Check, Ledger
from testimony.bundle.names import anchor_card_member, anchor_head_member, anchor_member
from testimony.bundle.statement import Statement
from testimony.bundle.verified_record import VerifiedRecord
from testimony.card import Card, parse_card
from testimony.cosignature import parse_cosignature
from testimony.custody.anchors import Anchor, AnchorKind, day_of, newest_before
from testimony.custody.checkpoint import Checkpoint, origin_of, parse_text
from testimony.custody.entries import Entry
from testimony.custody.growth import Growth
from testimony.custody.proofs import BundleProofs, Carried
from testimony.errors import AnchorError, TestimonyError
from testimony.merkle import TreeHead, check_consistency
from testimony.receipts import parse_receipt
from testimony.time_tokens import parse_token

_IMPORTS: Final = {
    AnchorKind.RECEIPT: ("receipt.import", "receipt"),
    AnchorKind.COSIGNATURE: ("cosignature.import", "cosignature"),
    AnchorKind.TOKEN: ("token.import", "token"),
}


@dataclass(frozen=True, kw_only=True)
class _Log:
    """What the anchors are held against: the head that travels, its growth, its entries, and the anchors' files."""

    checkpoint: Checkpoint
    growth: Mapping[int, Growth] = field(repr=False)
    entries: Mapping[tuple[str, str], Entry] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    recipients: frozenset[str]


def check_anchors(
    files: Mapping[str, bytes],
    log: tuple[Checkpoint, BundleProofs, Carried],
    statement: Statement,
    ledger: Ledger,
) -> tuple[Anchor, ...]:
    """The outside things that hold: each about this log, taken into it, and of whom this recipient may know."""
    checkpoint, proofs, carried = log
    held = _Log(
        checkpoint=checkpoint,
        growth={one.since: one for one in proofs.growth},
        entries=_imports(carried),
        files=files,
        recipients=frozenset(one.fingerprint for one in statement.recipients),
    )
    found: list[Anchor] = []
    used: set[str] = set()
    for name in sorted(files):
        reader = next((read for ending, read in _READERS.items() if name.endswith(f".{ending}")), None)
        if reader is None:
            continue
        try:
            anchor, others = reader(held, name)
        except TestimonyError as error:
            ledger.fail(Check.ANCHORS, error.code, name)
            continue
        found.append(anchor)
        used.update((name, *others))
    for name in sorted(files.keys() - used):
        if not name.endswith(tuple(f".{ending}" for ending in _READERS)):
            ledger.fail(Check.ANCHORS, "unused", name)
    ledger.made(Check.ANCHORS)
    return tuple(found)


def check_times(
    statement: Statement, records: Iterable[VerifiedRecord], sealing: int, anchors: Sequence[Anchor], ledger: Ledger
) -> None:
    """The times that statement and heads say are no other than the anchors shown prove."""
    says = (statement.not_before, statement.not_after)
    ledger.expect(says == (newest_before(sealing, anchors), None), Check.ANCHORS, "other-not-before", "bundle.txt")
    for record in records:
        proved = newest_before(record.head.custody_size, anchors)
        said = record.head.not_before
        # A head may know of more than travels to this body, never of less.
        enough = proved is None or (said is not None and said >= day_of(proved))
        # Another offset would tell where that body answered.
        whole_day = said is None or (said == day_of(said) and not said.utcoffset())
        ledger.expect(enough and whole_day, Check.ANCHORS, "other-not-before", record.control_number)


def _imports(carried: Carried) -> dict[tuple[str, str], Entry]:
    """The entries that took something in, by kind and digest; the first where one stands twice."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in carried.entries:
        for kind, detail in _IMPORTS.values():
            if entry.kind == kind:
                found.setdefault((kind, str(entry.details[detail])), entry)
    return found


def _taken_in(log: _Log, kind: AnchorKind, name: str) -> Entry:
    """The entry that took the file into the log; its name is its digest."""
    digest = sha256(log.files[name]).hex()
    if name != anchor_member(digest, kind):
        raise AnchorError("other-name", name)
    entry = log.entries.get((_IMPORTS[kind][0], digest))
    if entry is None:
        raise AnchorError("no-anchor-entry", name)
    return entry


def _covers(log: _Log, head: Checkpoint, name: str) -> None:
    """The head is an earlier one of this very log."""
    growth = log.growth.get(head.size)
    if head.origin != log.checkpoint.origin or growth is None:
        raise AnchorError("other-log", name)
    check_consistency(
        TreeHead(size=head.size, root=head.root),
        TreeHead(size=log.checkpoint.size, root=log.checkpoint.root),
        growth.path,
    )


def _card(log: _Log, fingerprint: str, name: str) -> tuple[Card, str]:
    member = anchor_card_member(fingerprint)
    if member not in log.files:
        raise AnchorError("no-card", name)
    card = parse_card(log.files[member])
    if card.public.fingerprint != fingerprint:
        raise AnchorError("other-signer", member)
    return card, member


def _receipt(log: _Log, name: str) -> tuple[Anchor, tuple[str, ...]]:
    signed = parse_receipt(log.files[name])
    if signed.fingerprint not in log.recipients:
        raise AnchorError("about-another-body", name)
    card, member = _card(log, signed.fingerprint, name)
    receipt = signed.check(card.public)
    head = Checkpoint(
        origin=receipt.custody.origin, size=receipt.custody.size, root=bytes.fromhex(receipt.custody.root)
    )
    _covers(log, head, name)
    entry = _taken_in(log, AnchorKind.RECEIPT, name)
    anchor = Anchor(kind=AnchorKind.RECEIPT, size=head.size, at=receipt.at, entry=entry.seq, by=receipt.fingerprint)
    return anchor, (member,)


def _cosignature(log: _Log, name: str) -> tuple[Anchor, tuple[str, ...]]:
    signed = parse_cosignature(log.files[name])
    card, member = _card(log, signed.fingerprint, name)
    if card.kind == "body" and signed.fingerprint not in log.recipients:
        raise AnchorError("about-another-body", name)
    if log.checkpoint.origin == origin_of(card.public):
        raise AnchorError("own-log", name)
    said = signed.check(card.public)
    _covers(log, said.checkpoint, name)
    entry = _taken_in(log, AnchorKind.COSIGNATURE, name)
    anchor = Anchor(
        kind=AnchorKind.COSIGNATURE, size=said.checkpoint.size, at=said.at, entry=entry.seq, by=said.fingerprint
    )
    return anchor, (member,)


def _token(log: _Log, name: str) -> tuple[Anchor, tuple[str, ...]]:
    token = parse_token(log.files[name])
    member = anchor_head_member(token.imprint.hex())
    text = log.files.get(member)
    if text is None or sha256(text) != token.imprint:
        raise AnchorError("imprint", name)
    head = parse_text(text)
    _covers(log, head, name)
    entry = _taken_in(log, AnchorKind.TOKEN, name)
    anchor = Anchor(
        kind=AnchorKind.TOKEN,
        size=head.size,
        at=token.at,
        entry=entry.seq,
        by=str(entry.details.get("authority", "")),
    )
    return anchor, (member,)


_Reader = Callable[[_Log, str], tuple[Anchor, tuple[str, ...]]]
_READERS: Final[Mapping[str, _Reader]] = {
    AnchorKind.RECEIPT: _receipt,
    AnchorKind.COSIGNATURE: _cosignature,
    AnchorKind.TOKEN: _token,
}
