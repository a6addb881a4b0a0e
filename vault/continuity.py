"""Whether a revision that came in follows on what this vault took in before (docs/format/bundle-v1.md, section 3.2)."""

from typing import Literal

from testimony.bundle.record_file import parse_record_file
from testimony.bundle.verified_record import VerifiedRecord
from testimony.errors import BundleError
from testimony.receipts import Outcome
from testimony.redaction.comparison import Shown, compare
from vault.disclosure_requests import check_answer
from vault.store import Transaction, Vault

# first: there is none before it; unseen: that one never came here; narrower: something that was shown no longer is.
Continuity = Literal["first", "unseen", "same", "lifts", "narrower"]
Imported = tuple[Outcome, Continuity | None]  # what became of a record, and how it stands where it was taken in


def continuity_of(tx: Transaction, vault: Vault, record: VerifiedRecord) -> Continuity:
    """How a revision stands to the one before it, where that one is here.

    Raises:
        BundleError: It is another record's, or it does not lift what it says ("other-revision").
        RedactionError: What it shows anew is not what stood there ("block").
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
    if row[0] != record.head_text:
        raise BundleError("other-revision", record.control_number)
    earlier, later = (parse_record_file(data, record.control_number) for data in (row[1], record.file))
    commitment, form = record.head.commitment, record.disclosed.form
    grown = compare(
        Shown(disclosure=earlier.disclosure, commitment=commitment, form=form),
        Shown(disclosure=later.disclosure, commitment=commitment, form=form),
    )
    carried = set(revision.lifts) - set(grown.lifted)
    follows = revision.number > earlier.revision.number and carried <= set(earlier.revision.lifts)
    if not follows or not set(grown.lifted) <= set(revision.lifts):
        raise BundleError("other-revision", record.control_number)
    if revision.request is not None:
        check_answer(tx, vault, record, grown.lifted)
    if grown.hidden:
        return "narrower"
    return "lifts" if grown.lifted else "same"
