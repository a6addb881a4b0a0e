"""Handing over: what consent lets go to a body, reviewed as it will be rendered, then sealed into one file.

The gate is asked twice: for the preview, and again in the transaction that writes the `bundle.seal` entry (C3).  The
checkpoint of that transaction travels in the bundle, so that the receiver sees the entry of its own seal.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from keys.chance import random_hex
from keys.digests import sha256
from keys.digits import ungrouped
from testimony.bundle.names import CONDITIONS as CONDITIONS_FILE
from testimony.bundle.names import STATEMENT
from testimony.bundle.parcel import PackedCustody, Parcel
from testimony.bundle.seal import Sealed as SealedBundle
from testimony.bundle.seal import data_members, exhibit_members, seal_bundle
from testimony.bundle.statement import Withheld
from testimony.canonical import encode
from testimony.consent import Request
from testimony.custody.moments import wall_text
from testimony.errors import ConsentError
from testimony.leaks import LeakScan
from testimony.redaction.selection_text import selection_bytes
from vault.anchors import anchors_for
from vault.approvals import approved_records, approvers_of, require_approval
from vault.conditions import CONDITIONS
from vault.contacts import Contact, contact
from vault.custody import append, checkpoint_in, proofs_for
from vault.entitlement import require_recipient, require_writing
from vault.erasure_steps import tombstones_for
from vault.errors import PolicyError, VaultError
from vault.files import safe_name
from vault.fixed_words import telling
from vault.preview import Handover, HandoverRow, gate, needles_of, prepare, request_to_leave
from vault.records import get_record_in
from vault.redactions import decisions_in
from vault.revisions import Revised, log_revision
from vault.sealed_files import Progress, Sealing, write_sealed
from vault.seen_heads import grown_from
from vault.store import Transaction, Vault

__all__ = ["Handover", "HandoverRow", "Sealed", "abandon_unfinished", "prepare", "seal"]

_ID_IN_NAME: Final = 16
_WITHHELD: Final = "CONSENT"
_OVERHEAD: Final = 2 << 20
_RECORDS_OWN: Final = ("data/records/", "data/text/", "data/forms/")
_OTHERS: Final = "data/custody/anchors/"


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """The sealed file: where it lies, its bundle's id, SHA-256 in hex and size, and how many records are in it.

    `approvers` are the codes of the people who approved it, none where nobody else has looked.
    """

    path: Path
    bundle_id: str
    sha256: str
    size: int
    count: int
    withheld: int
    approvers: tuple[str, ...]


def seal(
    vault: Vault,
    handover: Handover,
    out: Path | None = None,
    progress: Progress | None = None,
    *,
    conditions: str = CONDITIONS,
) -> Sealed:
    """The sealed file in the folder `out` (the vault's outbox where none is named), for the body alone.

    Raises:
        ConsentError: Consent lets nothing go, or changed since the preview.
        PolicyError: A span that nobody walked through ("review-open"), hidden words that would be shown elsewhere
            ("same-words"), a decision since the preview ("review-changed"), a word that must not leave in an output
            file ("leak"), nothing was chosen ("no-records"), a roster does not let this device seal, or to these keys,
            now, or a second person has to look first.
        StorageFullError: No room; nothing that looks finished stays, and the log says that the bundle was abandoned.
        TestimonyError: A part does not fit the bundle.
    """
    _refuse_leaks_and_nothing(handover)
    abandon_unfinished(vault)
    begun = _begin(vault, handover, conditions)
    try:
        _refuse_shared_leaks(begun.parcel, handover)
        path, sealed = _write(vault, begun, out or vault.layout.outbox, progress)
    except BaseException as error:
        _abandon(vault, begun.parcel.bundle_id, error)
        raise
    return Sealed(
        path=path,
        bundle_id=sealed.bundle_id,
        sha256=sealed.sha256,
        size=sealed.size,
        count=handover.count,
        withheld=handover.withheld,
        approvers=begun.approvers,
    )


def abandon_unfinished(vault: Vault) -> None:
    """Say of every bundle whose sealing was cut off by a crash that it was abandoned."""
    for (bundle_id,) in vault.read("SELECT bundle_id FROM bundles WHERE state = 'building'"):
        _abandon(vault, bundle_id, None)


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """A parcel whose seal is in the log already."""

    parcel: Parcel = field(repr=False)
    to: Contact
    approvers: tuple[str, ...]


def _refuse_leaks_and_nothing(handover: Handover) -> None:
    for row in handover.rows:
        row.refuse_unfinished_walk()
        if row.rendition is not None and row.rendition.leaks:
            raise PolicyError("leak", row.rendition.leaks[0].file)
    if handover.count:
        return
    if not handover.rows:
        raise PolicyError("no-records")
    first = handover.rows[0]
    raise ConsentError(first.decision.rule, first.decision.reason, first.record_id)


def _refuse_shared_leaks(parcel: Parcel, handover: Handover) -> None:
    """The files that speak of every record, and all names, are searched for the words of all."""
    scan = LeakScan(needles_of(handover.rows))
    forms = {one.form for one in parcel.records}
    members = data_members(parcel)
    searched = {
        # The conditions are this vault's own words, the same for every bundle; forms are public.
        name: data
        for name, data in members.items()
        # What others signed has codes and digits, and keys in which short names stand by chance.
        if name != CONDITIONS_FILE and not name.startswith((*_RECORDS_OWN, _OTHERS))
    }
    searched[STATEMENT] = parcel.purpose.encode("utf-8")
    searched["the file names"] = "\n".join((*members, *exhibit_members(parcel))).encode("ascii")
    for name, data in searched.items():
        hits = scan.scan(name, data)
        if any(telling(hits, scan, form) for form in forms):
            raise PolicyError("leak", name)


def _begin(vault: Vault, handover: Handover, conditions: str) -> _Begun:
    """Ask the gate again and write down the seal, in one transaction."""
    now = vault.clock.now().wall
    bundle_id = random_hex(16)
    with vault.transaction() as tx:
        if contact(vault, handover.to.code) != handover.to:
            # Consent names a code: the card under it has to be the one that was compared.
            raise ConsentError("C3", "consent-changed", handover.to.code)
        approvers = approvers_of(tx, vault, handover)
        request = request_to_leave(handover, now, approvers)
        for row in handover.rows:
            ask_again(tx, vault, row, request)
        require_approval(tx, vault, handover, approvers)
        previous = _previous(tx, ungrouped(handover.to.fingerprint))
        append(tx, vault, "bundle.seal", bundle_id, _said_of_seal(handover, conditions, previous))
        require_writing(tx, vault, bundle_id)
        require_recipient(tx, vault, handover.to, bundle_id)
        note = checkpoint_in(tx, vault)
        parcel = Parcel(
            bundle_id=bundle_id,
            previous=previous,
            practice=vault.practice,
            purpose=handover.purpose,
            profile=handover.profile,
            claimed_time=now,
            conditions=conditions,
            records=approved_records(vault, handover, approvers, now.date().isoformat()),
            withheld=tuple(
                # Why is the witness's own affair: a body must not learn who refused it, or who is a child.
                Withheld(record_id=row.record_id, reason=_WITHHELD)
                for row in handover.rows
                if not row.allowed
            ),
            custody=_custody(tx, vault, handover, bundle_id, note),
        )
        _store(tx, handover, parcel, tx.head.size)
    return _Begun(parcel=parcel, to=handover.to, approvers=approvers)


def ask_again(tx: Transaction, vault: Vault, row: HandoverRow, request: Request) -> None:
    """Nothing, when consent lets the row go as it was prepared, read in the transaction that acts on it (C3).

    Raises:
        ConsentError: It does not any more ("consent-changed"), or it is for the public and not two people approved it
            ("public-use-unsigned").
    """
    if row.rendition is None:
        return
    packed = row.rendition.packed
    stored = get_record_in(tx, row.record_id, packed.line.version)
    decision, release = gate(stored, request)
    if decision.rule == "C15":
        raise ConsentError(decision.rule, "public-use-unsigned", row.record_id)
    now = None if stored.statement is None else stored.statement.text
    # A word about another body changes no release, but what is packed would no longer lead to the newest statement.
    if (
        release is None
        or release != packed.release
        or now != (None if packed.statement is None else packed.statement.text)
    ):
        raise ConsentError("C3", "consent-changed", row.record_id)
    if decisions_in(tx, release) != row.decisions or (stored.late, stored.restricted) != (
        row.rendition.late,
        row.rendition.restricted,
    ):
        raise PolicyError("review-changed", row.record_id)
    made = Revised(revision=row.rendition.revision, selection=row.rendition.selection)
    log_revision(tx, vault, stored, release, made)


def _said_of_seal(handover: Handover, conditions: str, previous: str | None) -> dict[str, str | int]:
    """What the entry of a seal says of it."""
    said: dict[str, str | int] = {
        "recipient": ungrouped(handover.to.fingerprint),
        "profile": handover.profile,
        "records": handover.count,
        "withheld": handover.withheld,
        "purpose": handover.purpose.replace(" ", "-"),
        "conditions": sha256(conditions.encode("utf-8")).hex(),
    }
    return said if previous is None else {**said, "previous": previous}


def _previous(tx: Transaction, fingerprint: str) -> str | None:
    row = tx.one(
        "SELECT bundle_id FROM bundles WHERE fingerprint = ? AND state = 'sealed' ORDER BY custody_size DESC LIMIT 1",
        (fingerprint,),
    )
    return None if row is None else str(row[0])


def _custody(tx: Transaction, vault: Vault, handover: Handover, bundle_id: str, note: bytes) -> PackedCustody:
    """The part of the log that travels, grown from what is known.

    Entries of these records, their walks for this body, this bundle, and tombstones of what the body was given once.
    """
    fingerprint = ungrouped(handover.to.fingerprint)
    going = [(row.record_id, row.rendition) for row in handover.rows if row.rendition is not None]
    objects = {bundle_id, *(record_id for record_id, _ in going), *(rendition.walk for _, rendition in going)}
    objects |= tombstones_for(tx, fingerprint)
    objects.update(kept for _, rendition in going for kept in rendition.attachments)
    anchors = anchors_for(vault, fingerprint, [record_id for record_id, _ in going], tx.head.size - 1)
    proofs = proofs_for(vault, objects | anchors.objects, since=grown_from(tx, fingerprint, anchors.sizes))
    return PackedCustody(
        log=proofs.log(),
        checkpoint=note,
        proofs=proofs.to_bytes(),
        anchors=anchors.files,
        not_before=anchors.not_before,
    )


def _store(tx: Transaction, handover: Handover, parcel: Parcel, custody_size: int) -> None:
    tx.execute(
        "INSERT INTO bundles (bundle_id, recipient, fingerprint, purpose, profile, state, records, withheld, sealed_at,"
        " previous_bundle_id, custody_size) VALUES (?, ?, ?, ?, ?, 'building', ?, ?, ?, ?, ?)",
        (
            parcel.bundle_id,
            handover.to.code,
            ungrouped(handover.to.fingerprint),
            parcel.purpose,
            parcel.profile,
            handover.count,
            handover.withheld,
            wall_text(parcel.claimed_time),
            parcel.previous,
            custody_size,
        ),
    )
    for rendition in (row.rendition for row in handover.rows if row.rendition is not None):
        line = rendition.packed.line
        revision = rendition.revision
        revised = (revision.number, sha256(rendition.packed.file).hex(), encode(revision.to_json()))
        tx.execute(
            "INSERT INTO bundle_records (bundle_id, record_id, version, root, outcome, revision, file_sha256, history,"
            " shown) VALUES (?, ?, ?, ?, 'sealed', ?, ?, ?, ?)",
            (
                parcel.bundle_id,
                line.record_id,
                line.version,
                bytes.fromhex(line.root),
                *revised,
                selection_bytes(rendition.selection),
            ),
        )


def _write(vault: Vault, begun: _Begun, out: Path, progress: Progress | None) -> tuple[Path, SealedBundle]:
    parcel = begun.parcel
    expected = _OVERHEAD + sum(one.size for record in parcel.records for one in record.exhibits)
    expected += sum(len(record.file) + len(record.reading_copy) for record in parcel.records)
    sealing = Sealing(
        write=lambda sink: seal_bundle(
            parcel, signer=vault.identity, signer_card=vault.card(), recipients=[begun.to.card], sink=sink
        ),
        settle=lambda name, sealed: _complete(vault, begun, name, sealed),
        expected=expected,
        progress=progress,
    )
    return write_sealed(out, f"{parcel.bundle_id[:_ID_IN_NAME]}.age", sealing)


def _complete(vault: Vault, begun: _Begun, name: str, sealed: SealedBundle) -> None:
    """Log the handing over, before the file has its name: a bundle that is out is never one that the log gave up."""
    with vault.transaction() as tx:
        tx.execute(
            "UPDATE bundles SET state = 'sealed', sha256 = ?, size = ?, file_name = ? WHERE bundle_id = ?",
            (sealed.sha256, sealed.size, name, sealed.bundle_id),
        )
        details: dict[str, str | int] = {
            "bundle_sha256": sealed.sha256,
            "size": sealed.size,
            "recipient": ungrouped(begun.to.fingerprint),
        }
        append(tx, vault, "bundle.handover", sealed.bundle_id, details)


def _abandon(vault: Vault, bundle_id: str, error: BaseException | None) -> None:
    """Say that no bundle came of it; where even that finds no room, the next sealing says it."""
    code = getattr(error, "code", "interrupted") if error is not None else "interrupted"
    try:
        with vault.transaction() as tx:
            tx.execute("UPDATE bundles SET state = 'abandoned' WHERE bundle_id = ?", (bundle_id,))
            append(tx, vault, "bundle.abandon", bundle_id, {"reason": safe_name(str(code))})
    except VaultError:
        if error is None:
            raise
