"""The second person: who else has to look before something leaves for the first time, and their word when they did.

Only where the roster that this device works under names another approver is anything demanded; for the public, two.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from keys.digests import sha256
from keys.digits import ungrouped
from testimony.approval import Approval, Rendered, Subject, parse_approval
from testimony.bundle.parcel import PackedRecord, RedactionRow
from testimony.consent import is_public
from testimony.custody.moments import wall_text
from vault.errors import AlreadyImportedError, PolicyError
from vault.preview import Handover
from vault.rosters import governing
from vault.second_person import checked_by_contact, has_another, note_approved, require_approver, still_approves
from vault.store import Transaction, Vault

_FOR_THE_PUBLIC: Final = RedactionRow(
    path="record", code="OTHER", basis="public use", by="", approved_by="", on="", review_by=""
)


def subject_of(vault: Vault, handover: Handover) -> Subject:
    """What a second person would approve: exactly these renditions, for this body, purpose and profile.

    Raises:
        ApprovalError: Nothing would leave.
    """
    return Subject(
        device=vault.identity.public.fingerprint,
        recipient=handover.to.code,
        fingerprint=handover.to.fingerprint,
        purpose=handover.purpose,
        profile=handover.profile,
        leak_report=sha256("\n".join(leak_report(handover)).encode("utf-8")).hex(),
        records=tuple(
            Rendered(
                record_id=row.record_id,
                version=row.rendition.packed.line.version,
                sha256=row.rendition.packed.shown_sha256,
            )
            for row in handover.rows
            if row.rendition is not None
        ),
    )


def leak_report(handover: Handover) -> tuple[str, ...]:
    """For each record how many words were looked for in what leaves, and each file in which one stands; no word."""
    return tuple(
        " ".join((row.record_id, str(len(row.rendition.needles)), *(hit.file for hit in row.rendition.leaks)))
        for row in handover.rows
        if row.rendition is not None
    )


def request_approval(vault: Vault, handover: Handover) -> bytes:
    """The request for a second person: digests of what is to leave, no names and no words.

    Raises:
        ApprovalError: Nothing would leave.
        PolicyError: A span that nobody walked through ("review-open"), hidden words that would be shown elsewhere
            ("same-words"), or a word that must not leave in an output file ("leak").
    """
    for row in handover.rows:
        row.refuse_unfinished_walk()
        if row.rendition is not None and row.rendition.leaks:
            raise PolicyError("leak", row.rendition.leaks[0].file)
    return subject_of(vault, handover).to_text()


def take_approval(vault: Vault, data: bytes) -> Approval[Subject]:
    """The approval in a file, kept for the sealing of exactly what it names.

    Raises:
        ApprovalError: Malformed, or not signed by its approver.
        PolicyError: Its signer is no contact ("unknown-signer"), may not approve by the roster now ("approval-role"),
            is the person of this device ("approval-own"), or approved another device's seal ("approval-device").
        AlreadyImportedError: This person's approval of the same renditions is here.
    """
    signed = parse_approval(data)
    approval = checked_by_contact(vault, signed)
    if approval is None:
        raise PolicyError("unknown-signer", signed.fingerprint)
    if approval.subject.device != vault.identity.public.fingerprint:
        raise PolicyError("approval-device", approval.approver)
    require_approver(vault, approval)
    digest = approval.subject.digest.hex()
    with vault.transaction() as tx:
        if tx.one("SELECT 1 FROM approvals WHERE digest = ? AND approver = ?", (digest, approval.approver)) is not None:
            raise AlreadyImportedError("approval", approval.approver)
        tx.execute(
            "INSERT INTO approvals (digest, approver, taken_at, content) VALUES (?, ?, ?, ?)",
            (digest, approval.approver, wall_text(vault.clock.now().wall), data),
        )
        note_approved(tx, vault, approval.subject)
    return approval


def approvers_of(tx: Transaction, vault: Vault, handover: Handover) -> tuple[str, ...]:
    """The codes of everybody whose approval of these very renditions still holds, in order.

    Raises:
        ApprovalError: Nothing would leave, or a signature in this vault fails.
    """
    subject, accepted = subject_of(vault, handover), governing(vault)
    if accepted is None:
        return ()
    rows = tx.all("SELECT content FROM approvals WHERE digest = ?", (subject.digest.hex(),))
    approvals = [checked_by_contact(vault, parse_approval(content)) for (content,) in rows]
    return tuple(
        sorted(
            one.approver
            for one in approvals
            if one is not None
            and one.subject == subject
            and still_approves(vault, accepted.roster, one.approver, one.fingerprint)
        )
    )


def require_approval(tx: Transaction, vault: Vault, handover: Handover, approvers: Sequence[str]) -> None:
    """Nothing, when somebody approved, or nobody has to.

    Raises:
        PolicyError: A second person has to look first, and the roster names somebody who could: it is the first bundle
            for this body under this profile ("approval-needed"), or it shows what was hidden before ("approval-lifts").
    """
    accepted = governing(vault)
    if approvers or accepted is None or not has_another(accepted.roster, vault.identity.public.fingerprint):
        return
    if not _sealed_before(tx, handover):
        raise PolicyError("approval-needed", handover.to.code)
    if any(row.rendition is not None and row.rendition.revision.lifts for row in handover.rows):
        raise PolicyError("approval-lifts", handover.to.code)


def approved_records(vault: Vault, handover: Handover, approvers: Sequence[str], on: str) -> tuple[PackedRecord, ...]:
    """What leaves, with the approvers' codes in each row of the redaction log that somebody answers for.

    For the public each record has one such row in any case, where nothing of it is withheld too.
    """
    codes = " ".join(approvers)
    first = replace(_FOR_THE_PUBLIC, by=vault.settings.code, on=on)
    added = (first,) if is_public(handover.purpose) else ()
    return tuple(
        replace(packed, redactions=tuple(_with_codes(row, codes) for row in (*added, *packed.redactions)))
        for packed in (row.rendition.packed for row in handover.rows if row.rendition is not None)
    )


def _with_codes(row: RedactionRow, codes: str) -> RedactionRow:
    # Nobody answers for the row of a code in an account: it follows from the record alone.
    return replace(row, approved_by=codes) if row.by else row


def _sealed_before(tx: Transaction, handover: Handover) -> bool:
    row = tx.one(
        "SELECT 1 FROM bundles WHERE fingerprint = ? AND profile = ? AND state = 'sealed' LIMIT 1",
        (ungrouped(handover.to.fingerprint), handover.profile),
    )
    return row is not None
