"""Whether a revision that came in follows on what this vault took in before (docs/format/bundle-v1.md, section 3.2)."""

from collections.abc import Iterator, Sequence
from typing import Literal

from testimony.bundle.continuity import Rendition, continuity_between
from testimony.bundle.record_file import parse_record_file
from testimony.bundle.verified_record import VerifiedRecord
from testimony.errors import BundleError
from testimony.forms.form import Form
from testimony.receipts import Outcome
from testimony.redaction.head import parse_head
from vault.disclosure_requests import check_answer
from vault.store import Transaction, Vault

# first: there is none before it; restarts: it says so, and another first one that differs is here;
# unseen: the one before it never came here; narrower: something that was shown no longer is.
Continuity = Literal["first", "restarts", "unseen", "same", "lifts", "narrower"]
Imported = tuple[Outcome, Continuity | None]  # what became of a record, and how it stands where it was taken in


def continuity_of(tx: Transaction, vault: Vault, record: VerifiedRecord) -> Continuity:
    """How a revision stands to the one before it, where that one is here.

    Raises:
        BundleError: It is no answer to a request of this vault, or it does not follow, by the code of what is wrong.
    """
    revision = record.revision
    if revision.since is None:
        return "restarts" if any(_differs(earlier, record) for earlier in _of_one_revision(tx, record)) else "first"
    row = tx.one(
        "SELECT head, disclosure FROM received_records WHERE record_id = ? AND version = ? AND disclosure_sha256 = ?",
        (record.record_id, record.version, revision.since),
    )
    if row is None and revision.request is not None:
        raise BundleError("other-request", record.control_number)
    if row is None:
        return "unseen"
    found = continuity_between(_rendition(row, record.disclosed.form), _own(record))
    for fault in found.faults:
        raise BundleError(fault.code, f"{record.control_number} {fault.path}".strip())
    if revision.request is not None:
        check_answer(tx, vault, record, found.lifted)
    return found.step


def _of_one_revision(tx: Transaction, record: VerifiedRecord) -> Iterator[Rendition]:
    """The files of the same revision that are here already; with other words about consent there can be several."""
    rows = tx.all(
        "SELECT head, disclosure FROM received_records WHERE record_id = ? AND version = ? AND disclosure_sha256 <> ?",
        (record.record_id, record.version, record.file_sha256),
    )
    for row in rows:
        if parse_record_file(row[1], record.control_number).revision == record.revision:
            yield _rendition(row, record.disclosed.form)


def _differs(earlier: Rendition, record: VerifiedRecord) -> bool:
    return bool(continuity_between(earlier, _own(record)).faults)


def _rendition(row: Sequence[bytes], form: Form) -> Rendition:
    return Rendition(head=parse_head(row[0]), head_text=row[0], file=row[1], form=form)


def _own(record: VerifiedRecord) -> Rendition:
    return Rendition(head=record.head, head_text=record.head_text, file=record.file, form=record.disclosed.form)
