"""Corrections: a further version of a record, under its id, with the earlier text kept (record.md, section 2).

The draft of a correction is edited and finished like any other; `vault.finishing` ties it to the version before.
"""

from testimony.canonical import parse_lenient
from testimony.comparison import Comparison, compare
from testimony.corrections import CORRECTION_REASONS, changed_consent
from testimony.errors import InterviewError
from testimony.interview import MAX_INTERVIEW, Interview, parse_interview
from testimony.readiness import missing_for_finish
from vault.attachments import carry_exhibits
from vault.custody import append
from vault.drafts import draft_version, insert_draft
from vault.entitlement import require_writing
from vault.errors import NotFoundError, PolicyError
from vault.finishing import Finished, finish
from vault.records import get_record
from vault.reserve import with_reserve
from vault.scripts import with_script_digest
from vault.store import Vault
from vault.versions import Basis, basis_of
from vault.viewing import note_viewed


def begin_correction(vault: Vault, record_id: str, reason: str) -> int:
    """The number of the version whose draft is open now, with the text of the newest version in it.

    Raises:
        NotFoundError: There is no such record here.
        PolicyError: No reason of the list ("correct-reason"), a draft that is open already ("correct-open"), or a
            record that cannot be corrected: refused, erased or withdrawn; or the roster does not let this device write.
        StorageFullError: No room; nothing was begun.
    """
    basis = _basis(vault, record_id, reason)
    with_reserve(vault.layout, lambda: _begin(vault, basis, basis.record.interview, reason))
    return basis.version + 1


def correct(vault: Vault, record_id: str, data: bytes, reason: str) -> Finished:
    """The finished correction with the interview of a JSON file in place of that of the newest version.

    Raises:
        CanonicalError: The bytes are no JSON that may be read.
        LimitExceededError: A text or a list is longer than the format allows.
        NotFoundError: There is no such record here.
        InterviewError: Something is missing, or an answer about consent is another; nothing was begun.
        PolicyError: As for `begin_correction`; also an invented interview for a real vault or the reverse.
        StorageFullError: No room; a draft of the correction may have stayed.
    """
    basis = _basis(vault, record_id, reason)
    given = parse_interview(parse_lenient(data, limit=MAX_INTERVIEW, where="interview"), basis.record.form)
    interview = with_script_digest(vault, given)
    if interview.practice != vault.practice:
        raise PolicyError("practice-mismatch")
    problems = (*missing_for_finish(interview), *changed_consent(basis.first, interview))
    if problems:
        raise InterviewError(problems)
    with_reserve(vault.layout, lambda: _begin(vault, basis, interview, reason))
    return finish(vault, record_id)


def compare_versions(vault: Vault, record_id: str, before: int, after: int) -> Comparison:
    """What the later of two finished versions has otherwise; the log says that both were viewed.

    Raises:
        NotFoundError: There is no such version.
    """
    versions = [get_record(vault, record_id, number).record for number in (before, after)]
    old, new = versions
    if old is None or new is None:
        raise NotFoundError("record", record_id)
    for number in (before, after):
        note_viewed(vault, {record_id: number})
    return compare(old.interview, new.interview)


def _basis(vault: Vault, record_id: str, reason: str) -> Basis:
    if reason not in CORRECTION_REASONS:
        raise PolicyError("correct-reason", reason)
    basis = basis_of(vault, record_id)
    if draft_version(vault, record_id) is not None:
        raise PolicyError("correct-open", record_id)
    return basis


def _begin(vault: Vault, basis: Basis, interview: Interview, reason: str) -> None:
    record_id = basis.record.record_id
    with vault.transaction() as tx:
        insert_draft(tx, vault, record_id, interview, (basis.version, reason))
        carry_exhibits(tx, record_id, basis.version)
        append(tx, vault, "correction.begin", record_id, {"version": basis.version + 1, "reason": reason})
        require_writing(tx, vault, record_id)
