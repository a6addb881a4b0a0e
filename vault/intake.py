"""Taking in: a sealed file goes into quarantine, is verified whole, then imported record by record, and answered.

Nothing of a bundle is stored before its last check held.  Import is idempotent: after a crash the same file is taken
in again, what is there stays, the rest follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from keys.digests import sha256
from keys.digits import ungrouped
from testimony.bundle.custody_check import custody_line
from testimony.bundle.findings import Check, Verdict
from testimony.bundle.unseal import BundleFile
from testimony.bundle.verified_record import VerifiedExhibit, VerifiedRecord
from testimony.custody.growth import Standing, growth_bytes
from testimony.custody.moments import wall_text
from testimony.errors import TestimonyError
from testimony.receipts import Outcome
from testimony.trust import Trust
from testimony.verify import Examination, VerifiedBundle, examine_bundle, verified
from vault.acceptance import Acceptance, conditions_digest, log_acceptance, require_accepted
from vault.attachments import Stored, erase_files, store_stream, sweep
from vault.contacts import check_addressed
from vault.continuity import Continuity, Imported, continuity_of
from vault.custody import append
from vault.entitlement import require_believed, sender_of, trusted
from vault.errors import NotFoundError, PolicyError, StorageError, VaultError
from vault.quarantine import Taken, quarantined
from vault.receipts import first_outcomes, signed_receipt, write_receipt
from vault.received import Origin, OutcomeName, card_in, erased_since, log_outcome, outcome_of, store_record
from vault.received_companions import store_companions
from vault.sealed_files import Progress
from vault.seen_heads import heads_seen_of, unseen
from vault.store import Vault

_REFUSALS: Final = ("not-for-you", "addressed-to-another", "unknown-signer")


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What came of a file: every finding, and for each record of a verified bundle what became of it.

    `failure` is why nothing was taken in, None where something was, or where it is this vault's `own` export.
    `standing` is how the sender's log stands to what was seen of it before; None where nothing was taken in.
    `continuity` is how each record stands to its revision before, `vouched_by` the roster by whose word the sender is
    known, empty where its own digits were compared.
    """

    examination: Examination
    sender: str
    conditions: str = field(repr=False)
    outcomes: tuple[Outcome, ...]
    receipt_path: Path | None
    own: bool
    standing: Standing | None
    vouched_by: str
    failure: TestimonyError | VaultError | None
    continuity: Mapping[str, Continuity] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The verdict of the examination."""
        return self.examination.verdict

    def raise_failure(self) -> None:
        """Nothing, when the bundle was taken in.

        Raises:
            VerificationError: The first check that failed.
            PolicyError: Not for this vault, by an unknown signer, or of the other profile.
        """
        if self.failure is not None:
            raise self.failure


@dataclass(frozen=True, kw_only=True)
class _Incoming:
    """A verified bundle of a known sender, and the file it came in."""

    bundle: VerifiedBundle = field(repr=False)
    origin: Origin
    taken: Taken
    vouched_by: str

    @property
    def sha256(self) -> str:
        return self.bundle.sha256 or ""

    def count(self, outcomes: Sequence[Outcome]) -> dict[str, int]:
        names: tuple[OutcomeName, ...] = ("imported", "already", "conflict", "quarantined")
        return {name: sum(one.outcome == name for one in outcomes) for name in names}


def receive(
    vault: Vault,
    path: Path,
    accept: Acceptance,
    progress: Progress | None = None,
    *,
    receipt_folder: Path | None = None,
) -> Intake:
    """What came of a sealed file; the receipt goes into `receipt_folder`, and stays in the vault where none is named.

    `accept` is shown the conditions after the last check held and before anything enters.
    A bundle that fails a check, or that may not be taken in, is a result and no error: see `Intake.failure`.

    Raises:
        SourceFileError: No plain file.
        NotFoundError: Nothing is there.
        StorageFullError: No room; what was imported before stays, and a second try imports the rest.
    """
    with quarantined(vault, path, progress) as taken:
        source = _opened(vault, taken)
        trust = Trust.of((*trusted(vault).fingerprints, vault.identity.public.fingerprint))
        examination = examine_bundle(
            source,
            trust=trust,
            recipient=vault.identity.public.recipient,
            seen=lambda signer: heads_seen_of(vault, signer),
        )
        try:
            incoming = _admitted(vault, examination, taken)
            if incoming is not None:
                require_accepted(vault, incoming.bundle, accept)
        except (TestimonyError, VaultError) as failure:
            return _refused(vault, examination, failure)
        if incoming is None:
            return _result(examination, own=True)
        return _take_in(vault, incoming, examination, receipt_folder)


def _opened(vault: Vault, taken: Taken) -> BundleFile:
    taken.stream.seek(0)
    return BundleFile(taken.stream, [vault.identity.opener()])


def _admitted(vault: Vault, examination: Examination, taken: Taken) -> _Incoming | None:
    """The bundle, when this vault may take it in; None where this vault sealed it itself."""
    if _is_own(vault, examination):
        return None
    for finding in examination.failures:
        if finding.code in _REFUSALS:
            raise PolicyError(finding.code, finding.where)
    _refuse_twin(vault, examination)
    bundle = verified(examination)
    check_addressed(vault, bundle.statement.recipients)
    signer = bundle.statement.signer
    sender = sender_of(vault, signer.fingerprint)
    if sender is None:
        raise PolicyError("unknown-signer", signer.code)
    require_believed(vault, bundle.signer.public, bundle.custody.checkpoint)
    if bundle.statement.practice != vault.practice:
        raise PolicyError("practice-mismatch", bundle.statement.bundle_id)
    if Check.AGE_LAYER not in examination.layers:
        raise PolicyError("not-sealed", bundle.statement.bundle_id)
    name, vouched_by = sender
    origin = Origin(sender=name, fingerprint=ungrouped(signer.fingerprint), bundle_id=bundle.statement.bundle_id)
    return _Incoming(bundle=bundle, origin=origin, taken=taken, vouched_by=vouched_by)


def _is_own(vault: Vault, examination: Examination) -> bool:
    """Whether this vault sealed the bundle: whoever sent it back (BU-25), it was made for somebody else."""
    signer = examination.signer
    others = [finding for finding in examination.failures if finding.name != Check.ADDRESSED]
    return signer is not None and signer.public == vault.identity.public and not others


def _refuse_twin(vault: Vault, examination: Examination) -> None:
    """Two bundles with one id and different content, each whole in itself: an alarm with both digests (BU-12)."""
    statement = examination.statement
    if statement is None or any(finding.name != Check.GROWTH for finding in examination.failures):
        return
    known = vault.read_one("SELECT statement, sha256 FROM received_bundles WHERE bundle_id = ?", (statement.bundle_id,))
    if known is not None and known[0] != statement.to_text():
        raise PolicyError("bundle-conflict", f"{statement.bundle_id} {known[1]} {examination.sha256}")


def _refused(vault: Vault, examination: Examination, failure: TestimonyError | VaultError) -> Intake:
    """One entry about a sealed file that was not taken in; a file that is no bundle at all leaves none."""
    if examination.sha256 is not None:
        details: dict[str, str | int] = {
            "verdict": str(examination.verdict),
            "bundle_sha256": examination.sha256,
            "failed": len(examination.failures),
        }
        with vault.transaction() as tx:
            append(tx, vault, "bundle.verify", f"file/{examination.sha256[:32]}", details)
    return _result(examination, failure=failure)


def _result(
    examination: Examination, *, own: bool = False, failure: TestimonyError | VaultError | None = None
) -> Intake:
    statement = examination.statement
    return Intake(
        examination=examination,
        sender="" if statement is None else statement.signer.code,
        conditions="" if examination.contents is None else examination.contents.conditions,
        outcomes=(),
        receipt_path=None,
        own=own,
        standing=None,
        vouched_by="",
        failure=failure,
    )


def _take_in(vault: Vault, incoming: _Incoming, examination: Examination, folder: Path | None) -> Intake:
    if not _begin(vault, incoming):
        sweep(vault)  # an import that broke off may have left files that no row names
    files = _unpack(vault, incoming)
    imported = [_import(vault, incoming, record, files) for record in incoming.bundle.records]
    outcomes = tuple(outcome for outcome, _ in imported)
    _drop_unused(vault, files)
    receipt = _conclude(vault, incoming, outcomes)
    return Intake(
        examination=examination,
        sender=incoming.origin.sender,
        conditions=incoming.bundle.conditions,
        outcomes=outcomes,
        continuity={one.control_number: how for one, how in imported if how is not None},
        receipt_path=write_receipt(folder, incoming.origin.bundle_id, receipt),
        own=False,
        standing=incoming.bundle.custody.standing,
        vouched_by=incoming.vouched_by,
        failure=None,
    )


def _begin(vault: Vault, incoming: _Incoming) -> bool:
    """Note that the bundle is here and was verified, and whether this is the first time; nothing more later."""
    bundle, origin = incoming.bundle, incoming.origin
    with vault.transaction() as tx:
        if tx.one("SELECT 1 FROM received_bundles WHERE bundle_id = ?", (origin.bundle_id,)) is not None:
            return False
        line = custody_line(bundle.custody.checkpoint)
        tx.execute(
            "INSERT INTO received_bundles (bundle_id, sender, sha256, size, verdict, state, received_at,"
            " custody_origin, custody_size, custody_root, custody_growth, statement, conditions, signer_card)"
            " VALUES (?, ?, ?, ?, ?, 'importing', ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                origin.bundle_id,
                origin.sender,
                incoming.sha256,
                incoming.taken.size,
                str(bundle.verdict),
                wall_text(vault.clock.now().wall),
                line.origin,
                line.size,
                bundle.custody.checkpoint.root,
                growth_bytes(unseen(tx, line.origin, bundle.custody.growth)),
                bundle.statement.to_text(),
                bundle.conditions,
                card_in(_opened(vault, incoming.taken).members()),
            ),
        )
        came: dict[str, str | int] = {
            "signer": origin.fingerprint,
            "bundle_sha256": incoming.sha256,
            "size": incoming.taken.size,
        }
        append(tx, vault, "bundle.receive", origin.bundle_id, came)
        held: dict[str, str | int] = {"verdict": str(bundle.verdict), "bundle_sha256": incoming.sha256, "failed": 0}
        append(tx, vault, "bundle.verify", origin.bundle_id, held)
        log_acceptance(tx, vault, bundle)
    return True


def _unpack(vault: Vault, incoming: _Incoming) -> dict[str, Stored]:
    """The exhibits of the records that are new here, encrypted into the vault, by their member names."""
    with vault.transaction() as tx:
        new = [one for one in incoming.bundle.records if outcome_of(tx, one, incoming.origin) == "imported"]
    wanted = {exhibit.member: exhibit for record in new for exhibit in record.exhibits}
    if not wanted:
        return {}
    stored: dict[str, Stored] = {}
    try:
        for member in _opened(vault, incoming.taken).members():
            exhibit = wanted.get(member.name)
            if exhibit is not None:
                stored[member.name] = store_stream(vault, member, room=member.size)
                _compare(stored[member.name], exhibit)
    except BaseException:
        erase_files(vault, [one.attachment_id for one in stored.values()])
        raise
    return stored


def _compare(stored: Stored, exhibit: VerifiedExhibit) -> None:
    if (stored.sha256, stored.size) != (exhibit.sha256, exhibit.size):
        raise StorageError("read-back", exhibit.member)


def _import(vault: Vault, incoming: _Incoming, record: VerifiedRecord, files: Mapping[str, Stored]) -> Imported:
    """What became of one record, in a transaction of its own."""
    outcome: OutcomeName
    continuity: Continuity | None = None
    try:
        with vault.transaction() as tx:
            outcome = outcome_of(tx, record, incoming.origin)
            if outcome == "imported":
                continuity = continuity_of(tx, vault, record)
                store_record(tx, vault, record, incoming.origin, files)
            if outcome != "conflict" and not erased_since(tx, record, incoming.origin):
                # A record that is here already may come again with a translation that is not.
                store_companions(tx, record, incoming.origin)
            log_outcome(tx, vault, record, incoming.origin, outcome)
    except (TestimonyError, NotFoundError):
        # One bad record stops no other: it is named in the report and in the receipt.
        outcome = "quarantined"
        with vault.transaction() as tx:
            log_outcome(tx, vault, record, incoming.origin, outcome)
    return Outcome(control_number=record.control_number, record_id=record.record_id, outcome=outcome), continuity


def _drop_unused(vault: Vault, files: Mapping[str, Stored]) -> None:
    """Remove what no row refers to: copies of files that were here already."""
    for stored in files.values():
        if vault.read_one("SELECT 1 FROM attachments WHERE attachment_id = ?", (stored.attachment_id,)) is None:
            erase_files(vault, [stored.attachment_id])


def _conclude(vault: Vault, incoming: _Incoming, outcomes: tuple[Outcome, ...]) -> bytes:
    """The signed receipt: the one of the first complete import, for it is what the sender may hold already."""
    bundle_id = incoming.origin.bundle_id
    with vault.transaction() as tx:
        row = tx.one("SELECT receipt FROM received_bundles WHERE bundle_id = ?", (bundle_id,))
        if row is not None and row[0] is not None:
            return bytes(row[0])
        receipt = signed_receipt(vault, incoming.bundle, first_outcomes(tx, incoming.origin.bundle_id, outcomes))
        tx.execute(
            "UPDATE received_bundles SET state = 'imported', receipt = ? WHERE bundle_id = ?", (receipt, bundle_id)
        )
        details: dict[str, str | int] = {
            "signer": incoming.origin.fingerprint,
            "bundle_sha256": incoming.sha256,
            "verdict": str(incoming.bundle.verdict),
            "conditions": conditions_digest(incoming.bundle),
        }
        details |= incoming.count(outcomes)
        append(tx, vault, "bundle.import", bundle_id, details)
        issued: dict[str, str | int] = {"receipt": sha256(receipt).hex(), "recipient": incoming.origin.fingerprint}
        append(tx, vault, "receipt.issue", bundle_id, issued)
    return receipt
