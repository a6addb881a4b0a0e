"""Checks of the custody log's part in a bundle (docs/format/bundle-v1.md, section 6.5; custody-v1.md, section 7)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

from keys.digests import sha256
from keys.digits import ungrouped
from keys.public_identity import PublicIdentity
from testimony.bundle.anchor_check import check_anchors, check_times
from testimony.bundle.findings import Check, Ledger
from testimony.bundle.names import CONDITIONS, CUSTODY_CHECKPOINT, CUSTODY_FILES, CUSTODY_LOG, CUSTODY_PROOFS
from testimony.bundle.seal_check import Seal
from testimony.bundle.statement import CustodyLine, RecordLine
from testimony.bundle.verified_record import VerifiedRecord
from testimony.consent_events import ConsentEvent
from testimony.consent_statement import ConsentStatement
from testimony.custody.anchors import Anchor, Interval, interval_of
from testimony.custody.checkpoint import Checkpoint, parse_checkpoint
from testimony.custody.entries import Entry
from testimony.custody.growth import Growth, SeenHead, Standing, check_growth
from testimony.custody.proofs import BundleProofs, Carried, check_proofs, parse_proofs
from testimony.errors import CustodyError, TestimonyError

FINISHING: Final = ("record.finish", "record.correct")  # of the first version, of each later one
_SEALING: Final = "bundle.seal"
_WITHDRAWAL: Final = "consent.withdraw"
_TOMBSTONE: Final = "tombstone/"
_ERASED: Final = "erase.done"
_EVERYTHING: Final = "everything"
_ONE_BODY: Final = "one-body"
_CONSENT_KINDS: Final = frozenset(f"consent.{kind}" for kind in ("grant", "change", "withdraw", "confirm", "refuse"))
_WALKS: Final = frozenset({"redaction.apply", "redaction.lift"})
# Acts under objects of their own that are nobody's business outside (custody-v1, section 4).
_NEVER_TOLD: Final = frozenset({"redaction.approve", "hold.set", "hold.clear", "erase.request", "erase.approve"})
# Review dates are held against the claimed time: it must not be another than that of the act in the log.
_SAME_TIME: Final = timedelta(days=1)

# What a reader has seen of the log of a device before this bundle.
EarlierHeads: TypeAlias = Callable[[PublicIdentity], Sequence[SeenHead]]


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """A record that is erased at its sender: its root where the entry names it, and when by the sender's clock."""

    record_id: str
    root: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class VerifiedCustody:
    """The sender's log as the bundle proves it: its signed head, and every entry about what the bundle holds.

    `growth` are the proofs from earlier sizes; `standing` is how the head stands to those seen before; `anchors` are
    the outside things that bound the times of its entries.
    """

    checkpoint: Checkpoint
    note: bytes = field(repr=False)
    carried: Carried = field(repr=False)
    growth: tuple[Growth, ...] = field(repr=False)
    standing: Standing
    anchors: tuple[Anchor, ...]

    @property
    def tombstones(self) -> tuple[Tombstone, ...]:
        """What its sender says it has erased of all that this body was ever given, in the order of its log."""
        stones = (entry for entry in self.carried.entries if entry.kind == _ERASED)
        return tuple(
            Tombstone(
                record_id=entry.object.removeprefix(_TOMBSTONE),
                root=str(entry.details["root"]) if "root" in entry.details else None,
                at=entry.moment.wall,
            )
            for entry in stones
        )

    def interval_of_version(self, record_id: str, version: int) -> Interval:
        """Between which outside things this version of a record was finished."""
        for entry in self.carried.objects.get(record_id, ()):
            if entry.kind in FINISHING and entry.details.get("version") == version:
                return interval_of(entry.seq, self.anchors)
        return Interval(not_before=None, not_after=None)


def check_custody(
    files: Mapping[str, bytes],
    seal: Seal,
    seen: EarlierHeads,
    records: Sequence[VerifiedRecord],
    ledger: Ledger,
) -> VerifiedCustody | None:
    """Check checkpoint, entries and chains; None where they do not hold.

    `seen` gives the heads of this device's log that were seen before; `records` are those that hold.
    """
    for name in CUSTODY_FILES:
        if name not in files:
            ledger.fail(Check.MEMBERS, "absent", name)
    if not files.keys() >= set(CUSTODY_FILES):
        return None
    checkpoint = _checkpoint(files[CUSTODY_CHECKPOINT], seal, ledger)
    proofs = None if checkpoint is None else _proofs(files, ledger)
    if checkpoint is None or proofs is None:
        return None
    standing = _growth(proofs, checkpoint, seen(seal.signer.public), ledger)
    carried = _entries(proofs, checkpoint, ledger)
    if carried is None:
        return None
    _record_chains(seal, records, carried, ledger)
    _only_own(seal, carried, ledger)
    ledger.made(Check.RECORD_CHAINS)
    _seal_entry(seal, carried, ledger)
    others = {name: data for name, data in files.items() if name not in CUSTODY_FILES}
    anchors = check_anchors(others, (checkpoint, proofs, carried), seal.statement, ledger)
    sealing = carried.objects.get(seal.statement.bundle_id, ())
    if sealing:
        check_times(seal.statement, records, sealing[0].seq, anchors, ledger)
    return VerifiedCustody(
        checkpoint=checkpoint,
        note=files[CUSTODY_CHECKPOINT],
        carried=carried,
        growth=proofs.growth,
        standing=standing,
        anchors=anchors,
    )


def custody_line(checkpoint: Checkpoint) -> CustodyLine:
    """The checkpoint as the statement and a receipt say it."""
    return CustodyLine(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root.hex())


def _checkpoint(note: bytes, seal: Seal, ledger: Ledger) -> Checkpoint | None:
    try:
        checkpoint = parse_checkpoint(note, seal.signer.public)
    except TestimonyError as error:
        ledger.fail(Check.CHECKPOINT, error.code, CUSTODY_CHECKPOINT)
        return None
    same = custody_line(checkpoint) == seal.statement.custody
    ledger.expect(same, Check.CHECKPOINT, "other-checkpoint", CUSTODY_CHECKPOINT)
    return checkpoint


def _proofs(files: Mapping[str, bytes], ledger: Ledger) -> BundleProofs | None:
    try:
        return parse_proofs(files[CUSTODY_LOG], files[CUSTODY_PROOFS])
    except CustodyError as error:
        ledger.fail(Check.ENTRIES, error.code, CUSTODY_PROOFS)
        return None


def _growth(proofs: BundleProofs, checkpoint: Checkpoint, seen: Sequence[SeenHead], ledger: Ledger) -> Standing:
    """How the log stands to what was seen before; where it contradicts that, the check fails."""
    if not seen:
        return Standing.FIRST
    ledger.made(Check.GROWTH)
    try:
        return check_growth(checkpoint, proofs.growth, seen)
    except CustodyError as error:
        ledger.fail(Check.GROWTH, error.code, CUSTODY_PROOFS)
        return Standing.FIRST


def _entries(proofs: BundleProofs, checkpoint: Checkpoint, ledger: Ledger) -> Carried | None:
    try:
        carried = check_proofs(proofs, checkpoint)
    except CustodyError as error:
        ledger.fail(Check.ENTRIES, error.code, CUSTODY_LOG if error.seq is None else f"entry {error.seq}")
        return None
    ledger.made(Check.ENTRIES)
    return carried


def _record_chains(seal: Seal, records: Iterable[VerifiedRecord], carried: Carried, ledger: Ledger) -> None:
    """Every record's own chain; where the record itself does not hold, only what the statement says is looked for."""
    verified = {record.record_id: record for record in records}
    for line in seal.statement.records:
        chain = carried.objects.get(line.record_id, ())
        finishing = _finishing(line, chain)
        if not ledger.expect(finishing is not None, Check.RECORD_CHAINS, "no-finish-entry", line.control_number):
            continue
        record = verified.get(line.record_id)
        if finishing is None or record is None:
            continue
        head = record.head
        agrees = (
            finishing.seq >= head.custody_size
            and finishing.act.actor == head.recorder
            and finishing.details.get("previous_root") == head.previous_root
        )
        ledger.expect(agrees, Check.RECORD_CHAINS, "other-finish-entry", line.control_number)
        _check_consent_entries(record, chain, ledger)


def _only_own(seal: Seal, carried: Carried, ledger: Ledger) -> None:
    """No act that stays with the sender, of walks only those through these records under this profile, no tombstone."""
    statement = seal.statement
    walks = {entry.object for entry in carried.entries if entry.kind in _WALKS}
    others = [
        entry
        for entry in carried.entries
        if entry.kind in _NEVER_TOLD
        or (entry.kind in _WALKS and not entry.object.startswith("walk/"))
        or (entry.kind == "redaction.apply" and entry.details["profile"] != statement.profile)
    ]
    # A record that is erased cannot be sealed any more: one of the two is not true.
    gone = {entry.object for entry in carried.entries if entry.kind == _ERASED}
    erased = gone & {f"{_TOMBSTONE}{line.record_id}" for line in statement.records}
    own = not others and not erased and len(walks) <= len(statement.records)
    ledger.expect(own, Check.RECORD_CHAINS, "others-entry", CUSTODY_LOG)


def _check_consent_entries(record: VerifiedRecord, chain: Sequence[Entry], ledger: Ledger) -> None:
    """The statement is the one that the newest word about consent names, and no withdrawal of everything is hidden."""
    where = record.control_number
    shown = {event.seq: event for event in record.consent}
    # A withdrawal towards one body is not another body's business: that body's own is among the events it must see.
    words = [entry for entry in chain if entry.kind in _CONSENT_KINDS]
    whole = [entry for entry in words if entry.kind == _WITHDRAWAL and entry.details.get("reach") == _EVERYTHING]
    hidden = {entry.details.get("number") for entry in whole} - shown.keys()
    ledger.expect(not hidden, Check.CONSENT, "withdrawn-since", where)
    told = [(entry, shown[number]) for entry in words if (number := entry.details.get("number")) in shown]
    same = all(_is_about(entry, event) for entry, event in told)
    ledger.expect(same, Check.CONSENT, "other-event", where)
    ledger.expect(_is_newest(record.statement, _since_finishing(chain)), Check.CONSENT, "other-statement", where)


def _is_about(entry: Entry, event: ConsentEvent) -> bool:
    """Whether an entry is that of a shown event, as far as it tells: its kind, and how far a withdrawal reaches."""
    reach = _EVERYTHING if event.about_everything else _ONE_BODY
    return entry.kind == f"consent.{event.kind}" and entry.details.get("reach", reach) == reach


def _since_finishing(chain: Sequence[Entry]) -> list[Entry]:
    """The entries about consent behind the first finishing of the record."""
    first = next((entry.seq for entry in chain if entry.kind in FINISHING), 0)
    return [entry for entry in chain if entry.kind in _CONSENT_KINDS and entry.seq > first]


def _is_newest(statement: ConsentStatement | None, later: Sequence[Entry]) -> bool:
    """Whether every later word has its statement, and the one shown is that of the last."""
    if statement is None or not later:
        return statement is None and not later
    newest = later[-1]
    digest = sha256(statement.to_text()).hex()
    first = next((entry.seq for entry in later if entry.details.get("statement") == digest), 0)
    return (
        all("statement" in entry.details for entry in later)
        and newest.details.get("statement") == digest
        and newest.details.get("number") == statement.events
        and first >= statement.custody_size
    )


def _finishing(line: RecordLine, chain: Sequence[Entry]) -> Entry | None:
    """The one entry that finished this version; None where there is none, or where versions do not follow on."""
    finished = [entry for entry in chain if entry.kind in FINISHING]
    for version, (before, entry) in enumerate(pairwise([None, *finished]), start=1):
        previous = None if before is None else before.details.get("root")
        kind = FINISHING[version > 1]
        if entry is None or (entry.kind, entry.details.get("version")) != (kind, version):
            return None
        if entry.details.get("previous_root") != previous:
            return None
    wanted = (line.version, line.root, line.head_sha256)
    found = (one for one in finished if tuple(map(one.details.get, ("version", "root", "head"))) == wanted)
    return next(found, None)


def _seal_entry(seal: Seal, carried: Carried, ledger: Ledger) -> None:
    """One sealing, the first act on this bundle, that says what the statement says; everything in it was finished."""
    statement = seal.statement
    chain = carried.objects.get(statement.bundle_id, ())
    kinds = [entry.kind for entry in chain]
    sealed = kinds[:1] == [_SEALING] and kinds.count(_SEALING) == 1 and "bundle.abandon" not in kinds
    if not ledger.expect(sealed, Check.SEAL_ENTRY, "no-seal-entry", CUSTODY_LOG):
        return
    said = chain[0].details
    held = {line.record_id for line in statement.records}
    finished = all(
        entry.seq < chain[0].seq for entry in carried.entries if entry.kind in FINISHING and entry.object in held
    )
    agrees = (
        said.get("recipient") in {ungrouped(one.fingerprint) for one in statement.recipients}
        and abs(chain[0].moment.wall - statement.claimed_time) <= _SAME_TIME
        and said.items() >= {"profile": statement.profile, "records": len(statement.records)}.items()
        and all(said[name] == value for name, value in _also_said(seal).items() if name in said)
    )
    ledger.expect(agrees and finished, Check.SEAL_ENTRY, "other-seal-entry", CUSTODY_LOG)


def _also_said(seal: Seal) -> dict[str, str | int | None]:
    """What the entry of a sealing may say besides."""
    statement = seal.statement
    return {
        "withheld": len(statement.withheld),
        "purpose": statement.purpose.replace(" ", "-"),
        "previous": statement.previous,
        "conditions": seal.manifest.get(CONDITIONS),
    }
