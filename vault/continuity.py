"""Whether a revision that came in follows on what this vault took in before (docs/format/bundle-v1.md, section 3.2)."""

from typing import Literal

from testimony.bundle.continuity import Rendition, continuity_between
from testimony.bundle.verified_record import VerifiedRecord
from testimony.errors import BundleError
from testimony.receipts import Outcome
from testimony.redaction.head import parse_head
from vault.disclosure_requests import check_answer
from vault.store import Transaction, Vault

# first: there is none before it; unseen: that one never came here; narrower: something that was shown no longer is.
Continuity = Literal["first", "unseen", "same", "lifts", "narrower"]
Imported = tuple[Outcome, Continuity | None]  # what became of a record, and how it stands where it was taken in


def continuity_of(tx: Transaction, vault: Vault, record: VerifiedRecord) -> Continuity:
    """How a revision stands to the one before it, where that one is here.

    Raises:
        BundleError: It is no answer to a request of this vault, or it does not follow, by the code of what is wrong.
    """
    revision = record.revision
    if revision.since is None:
        return "first"
    row = tx.one(
        "SELECT head, disclosure FROM received_records WHERE record_id = ? AND version = ? AND disclosure_sha256 = ?",
        (record.record_id, record.version, revision.since),
    )
    if row is None and revision.request is not None:
        raise BundleError("other-request", record.control_number)
    if row is None:
        return "unseen"
    form = record.disclosed.form
    earlier = Rendition(head=parse_head(row[0]), head_text=row[0], file=row[1], form=form)
    later = Rendition(head=record.head, head_text=record.head_text, file=record.file, form=form)
    found = continuity_between(earlier, later)
    for fault in found.faults:
        raise BundleError(fault.code, f"{record.control_number} {fault.path}".strip())
    if revision.request is not None:
        check_answer(tx, vault, record, found.lifted)
    return found.step
