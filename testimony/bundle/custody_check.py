"""Checks of the custody log's part in a bundle (docs/format/bundle-v1.md, section 6.5; custody-v1.md, section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from testimony.bundle.findings import Check, Ledger
from testimony.bundle.names import CUSTODY_CHECKPOINT, CUSTODY_FILES, CUSTODY_LOG, CUSTODY_PROOFS
from testimony.bundle.seal_check import Seal
from testimony.bundle.statement import CustodyLine, RecordLine, Statement
from testimony.custody.checkpoint import Checkpoint, parse_checkpoint
from testimony.custody.entries import Entry
from testimony.custody.proofs import Carried, check_proofs, parse_proofs
from testimony.errors import CustodyError, TestimonyError

_FINISHING = ("record.finish", "record.correct")
_SEALING = "bundle.seal"


@dataclass(frozen=True, kw_only=True)
class VerifiedCustody:
    """The sender's log as the bundle proves it: its signed head, and every entry about what the bundle holds."""

    checkpoint: Checkpoint
    note: bytes = field(repr=False)
    carried: Carried = field(repr=False)


def check_custody(
    files: Mapping[str, bytes], seal: Seal, seen: Mapping[str, Checkpoint], ledger: Ledger
) -> VerifiedCustody | None:
    """Check checkpoint, entries and chains; None where they do not hold.

    `seen` gives, by origin, the checkpoint of an earlier bundle that this log must continue.
    """
    for name in CUSTODY_FILES:
        if name not in files:
            ledger.fail(Check.MEMBERS, "absent", name)
    if not files.keys() >= set(CUSTODY_FILES):
        return None
    checkpoint = _checkpoint(files[CUSTODY_CHECKPOINT], seal, ledger)
    carried = None if checkpoint is None else _entries(files, checkpoint, seen, ledger)
    if checkpoint is None or carried is None:
        return None
    for line in seal.statement.records:
        _record_chain(line, carried.objects.get(line.record_id, ()), ledger)
    ledger.made(Check.RECORD_CHAINS)
    _seal_entry(seal.statement, carried, ledger)
    return VerifiedCustody(checkpoint=checkpoint, note=files[CUSTODY_CHECKPOINT], carried=carried)


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


def _entries(
    files: Mapping[str, bytes], checkpoint: Checkpoint, seen: Mapping[str, Checkpoint], ledger: Ledger
) -> Carried | None:
    try:
        proofs = parse_proofs(files[CUSTODY_LOG], files[CUSTODY_PROOFS])
        carried = check_proofs(proofs, checkpoint, seen=seen.get(checkpoint.origin))
    except CustodyError as error:
        ledger.fail(Check.ENTRIES, error.code, CUSTODY_LOG if error.seq is None else f"entry {error.seq}")
        return None
    ledger.made(Check.ENTRIES)
    return carried


def _record_chain(line: RecordLine, chain: tuple[Entry, ...], ledger: Ledger) -> None:
    finished = any(
        entry.kind in _FINISHING
        and entry.details.get("root") == line.root
        and entry.details.get("version") == line.version
        and entry.details.get("head") == line.head_sha256
        for entry in chain
    )
    ledger.expect(finished, Check.RECORD_CHAINS, "no-finish-entry", line.control_number)


def _seal_entry(statement: Statement, carried: Carried, ledger: Ledger) -> None:
    fingerprints = {one.fingerprint.replace(" ", "") for one in statement.recipients}
    chain = carried.objects.get(statement.bundle_id, ())
    sealed = any(
        entry.kind == _SEALING
        and entry.details.get("recipient") in fingerprints
        and entry.details.get("profile") == statement.profile
        and entry.details.get("records") == len(statement.records)
        for entry in chain
    )
    abandoned = any(entry.kind == "bundle.abandon" for entry in chain)
    ledger.expect(sealed and not abandoned, Check.SEAL_ENTRY, "no-seal-entry", CUSTODY_LOG)
