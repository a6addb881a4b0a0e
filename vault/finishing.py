"""Finishing: a draft becomes a signed record in one transaction, or a refusal that keeps a code and a date (C1).

After this nothing in the record can be edited (C12): a correction is a new version that names the old root.
"""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from keys.chance import random_bytes, random_code
from keys.digests import sha256
from keys.signature import RECORD, Signatures
from testimony.answers import Given, NotAsked, members_of, text_of
from testimony.consent import events_from
from testimony.consent_events import ConsentEvent
from testimony.corrections import changed_consent
from testimony.custody.checkpoint import head_digits
from testimony.custody.moments import wall_text
from testimony.errors import InterviewError, Problem
from testimony.interview import Interview
from testimony.mentions import mark
from testimony.model import Exhibit, Record
from testimony.readiness import missing_for_finish as missing_answers
from testimony.readiness import refused, ungranted
from testimony.redaction.commitments import Commitment, commit
from testimony.redaction.consent_tree import commit_consent
from testimony.redaction.record_slots import record_tree
from testimony.redaction.salts import SEED_SIZE
from vault.anchors import not_before_of
from vault.attachments import drop_exhibits, erase_files, list_for
from vault.consent_log import entry_details, review_months, store_event
from vault.custody import append, current, moment_of
from vault.drafts import draft_version, load_draft
from vault.entitlement import require_writing
from vault.numbering import take_numbers
from vault.people import people_of
from vault.record_heads import head_of
from vault.restriction_rows import carry_restrictions, log_restrictions, restricted_in
from vault.scripts import script_problems
from vault.search import Searchable, index_record
from vault.store import Transaction, Vault
from vault.versions import Basis, basis_of

FIRST_VERSION: Final = 1
_CASE_CODE_LENGTH: Final = 8


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What finishing made: for a record its version, root in hex and control number, for a refusal none of them.

    `head_digits` is the head of the custody log with this act in it, to be written on paper.
    """

    record_id: str
    version: int
    stage: Literal["finished", "refused"]
    root: str
    control_number: str
    head_digits: str


@dataclass(frozen=True, kw_only=True)
class _Signed:
    """A record with everything that was made from it for good; `basis` is what it corrects, None for a first version.

    `events` are those that come with it: a correction adds none.
    """

    record: Record = field(repr=False)
    basis: Basis | None = field(repr=False)
    events: tuple[ConsentEvent, ...] = field(repr=False)
    seed: bytes = field(repr=False)
    commitment: Commitment
    head: bytes = field(repr=False)
    signatures: Signatures = field(repr=False)
    finished_at: str


def finish(vault: Vault, record_id: str) -> Finished:
    """Close a draft: the record or the further version of one that comes of it, or the refusal.

    Raises:
        NotFoundError: There is no such draft.
        InterviewError: Something is missing or forbidden; every problem is in it.
        PolicyError: The record that it corrects was withdrawn or erased since, or the roster of the organisation does
            not let this device finish now.
        TestimonyError: The account is larger than its tree may be.
        StorageFullError: No room; the draft is as it was.
    """
    interview = with_case_code(load_draft(vault, record_id))
    problems = missing_for_finish(vault, record_id, interview)
    if problems:
        raise InterviewError(problems)
    basis = _basis(vault, record_id)
    if refused(interview):
        return _refuse(vault, record_id, interview)
    with vault.transaction() as tx:
        require_writing(tx, vault, record_id)
        signed = _sign(tx, vault, _record(tx, vault, record_id, interview, basis), basis)
        source = _store(tx, signed)
        _log(tx, vault, signed)
        _carry_restrictions(tx, vault, signed)
        index_record(tx, searchable_of(signed.record, source))
        tx.execute("DELETE FROM drafts WHERE record_id = ?", (record_id,))
        digits = head_digits(current(tx, vault))
    return Finished(
        record_id=record_id,
        version=signed.record.version,
        stage="finished",
        root=signed.commitment.root.hex(),
        control_number=signed.record.control_number or "",
        head_digits=digits,
    )


def missing_for_finish(vault: Vault, record_id: str, interview: Interview) -> tuple[Problem, ...]:
    """Every reason why the draft cannot be finished with these answers and the files attached to it; empty when it can.

    A refused interview keeps no file, so none stands in its way.
    """
    problems = missing_answers(interview)
    basis = _basis(vault, record_id)
    if basis is None and not refused(interview):
        problems = (*problems, *script_problems(vault, interview))
    if basis is not None:
        # Here a no would be a changed answer: what was finished once cannot become a refusal.
        problems = (*problems, *changed_consent(basis.first, interview))
    elif refused(interview):
        return problems
    kinds = [one.exhibit.kind for one in list_for(vault, record_id)]
    return (*problems, *(Problem(path=f"exhibits/file/{place}", rule="C6") for place in ungranted(interview, kinds)))


def is_granted(vault: Vault, record_id: str, kind: str) -> bool:
    """Whether a file of this kind may stay in the draft, as its answers are now (C6).

    Raises:
        NotFoundError: There is no such draft.
    """
    return not ungranted(load_draft(vault, record_id), [kind])


def with_case_code(interview: Interview) -> Interview:
    """The interview with a case code: a random one where none was given, so that it tells nothing."""
    if not isinstance(interview.answers["record.case_code"], NotAsked):
        return interview
    letters = random_code(_CASE_CODE_LENGTH)
    return interview.answered("record.case_code", f"{letters[:4]}-{letters[4:]}")


def _basis(vault: Vault, record_id: str) -> Basis | None:
    """What the draft corrects; None for a draft of a first version."""
    return None if draft_version(vault, record_id) in (None, FIRST_VERSION) else basis_of(vault, record_id)


def _refuse(vault: Vault, record_id: str, interview: Interview) -> Finished:
    """Only the code, the date and the word "refused" stay; exhibits and all other words go."""
    now = moment_of(vault.clock)
    with vault.transaction() as tx:
        unused = drop_exhibits(tx, vault, record_id)
        tx.execute("DELETE FROM drafts WHERE record_id = ?", (record_id,))
        tx.execute(
            "INSERT INTO records (record_id, version, stage, finished_at, case_code, interviewed_on)"
            " VALUES (?, ?, 'refused', ?, ?, ?)",
            (record_id, FIRST_VERSION, wall_text(now.wall), _text(interview, "record.case_code"), _day(interview)),
        )
        append(tx, vault, "consent.refuse", record_id)
        append(tx, vault, "record.refuse", record_id)
        digits = head_digits(current(tx, vault))
    vault.settle()
    erase_files(vault, unused)
    return Finished(
        record_id=record_id, version=FIRST_VERSION, stage="refused", root="", control_number="", head_digits=digits
    )


def _sign(tx: Transaction, vault: Vault, record: Record, basis: Basis | None) -> _Signed:
    now = moment_of(vault.clock)
    months = review_months(vault)
    events = events_from(record.interview, now.wall, review_months=months) if basis is None else ()
    seed = random_bytes(SEED_SIZE)
    said = [event.to_bytes() for event in (events if basis is None else basis.events)]
    trees = commit(record_tree(record), seed), commit_consent(said, seed)
    head = replace(
        head_of(tx, vault, record, trees, now),
        previous_root=None if basis is None else basis.root.hex(),
        not_before=not_before_of(vault),
    ).to_text()
    return _Signed(
        record=record,
        basis=basis,
        events=events,
        seed=seed,
        commitment=trees[0],
        head=head,
        signatures=vault.identity.sign(head, RECORD),
        finished_at=wall_text(now.wall),
    )


def _record(tx: Transaction, vault: Vault, record_id: str, interview: Interview, basis: Basis | None) -> Record:
    """The record with numbers of its own: those of an earlier version are in bundles, and may not mean two files."""
    attached = list_for(vault, record_id)
    numbers = take_numbers(tx, vault.settings.prefix, 1 + len(attached))
    people = people_of(tx, _text(interview, "record.case_code"), interview)
    return Record(
        record_id=record_id,
        version=FIRST_VERSION if basis is None else basis.version + 1,
        form=interview.form,
        interview=interview,
        persons=people,
        marks=mark(interview, people),
        exhibits=tuple(
            replace(one.exhibit, control_number=number) for one, number in zip(attached, numbers[1:], strict=True)
        ),
        control_number=numbers[0],
    )


def _store(tx: Transaction, signed: _Signed) -> int:
    """Store the record, its consent and its numbers; the id of its row."""
    record, interview = signed.record, signed.record.interview
    source = tx.insert(
        "INSERT INTO records (record_id, version, stage, finished_at, control_number, case_code, interviewed_on, place,"
        " language, form, root, leaves, previous_root, seed, head, signature, pq_signature, content)"
        " VALUES (?, ?, 'finished', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.record_id,
            record.version,
            signed.finished_at,
            record.control_number,
            _text(interview, "record.case_code"),
            _day(interview),
            text_of(members_of(interview.answers["session.place"]).get("verbatim", NotAsked())),
            interview.language,
            record.form.id,
            signed.commitment.root,
            signed.commitment.n,
            None if signed.basis is None else signed.basis.root,
            signed.seed,
            signed.head,
            signed.signatures.ed25519,
            signed.signatures.hybrid,
            record.to_bytes(),
        ),
    )
    for event in signed.events:
        store_event(tx, record.record_id, event)
    for position, exhibit in enumerate(record.exhibits):
        _number_exhibit(tx, record, position, exhibit)
    return source


def _number_exhibit(tx: Transaction, record: Record, position: int, exhibit: Exhibit) -> None:
    which = (record.record_id, record.version)
    tx.execute(
        "UPDATE exhibits SET control_number = ? WHERE record_id = ? AND version = ? AND position ="
        " (SELECT position FROM exhibits WHERE record_id = ? AND version = ? ORDER BY position LIMIT 1 OFFSET ?)",
        (exhibit.control_number, *which, *which, position),
    )


def _log(tx: Transaction, vault: Vault, signed: _Signed) -> None:
    record = signed.record
    for event in signed.events:
        append(tx, vault, f"consent.{event.kind}", record.record_id, entry_details(event, signed.seed))
    _log_readback(tx, vault, record)
    details: dict[str, str | int] = {
        "version": record.version,
        "root": signed.commitment.root.hex(),
        "head": sha256(signed.head).hex(),
        "control": record.control_number or "",
        "leaves": signed.commitment.n,
    }
    if signed.basis is None:
        append(tx, vault, "record.finish", record.record_id, details)
        return
    row = tx.one("SELECT reason FROM drafts WHERE record_id = ?", (record.record_id,))
    details |= {"previous_root": signed.basis.root.hex(), "reason": "other" if row is None else str(row[0])}
    append(tx, vault, "record.correct", record.record_id, details)


def _log_readback(tx: Transaction, vault: Vault, record: Record) -> None:
    """Say whether the account was read back, where that was answered."""
    members = members_of(record.interview.answers["account.readback"])
    answer, corrections = text_of(members.get("answer", NotAsked())), members.get("corrections")
    details: dict[str, str | int] = {"answer": answer}
    if isinstance(corrections, Given) and isinstance(corrections.value, int):
        details["corrections"] = corrections.value
    if answer:
        append(tx, vault, "readback", record.record_id, details)


def _carry_restrictions(tx: Transaction, vault: Vault, signed: _Signed) -> None:
    """What no body sees of the version before, none sees of its correction."""
    if signed.basis is None:
        return
    record, old = signed.record, signed.basis.record
    before, after = old.interview.paragraphs, record.interview.paragraphs
    carry_restrictions(tx, record.record_id, signed.basis.version, before=before, after=after)
    if restricted_in(tx, record.record_id, record.version):
        which = {"kind": "redaction.restrict", "reason": "carried"}
        log_restrictions(tx, vault, record.record_id, seed=signed.seed, version=record.version, **which)


def searchable_of(record: Record, source: int) -> Searchable:
    """What of a record is found by search: its paragraphs, and names, codes and numbers; `source` is its row id."""
    names = [name for person in record.persons for name in (*person.names, person.code)]
    codes = [record.record_id, record.control_number or "", _text(record.interview, "record.case_code")]
    return Searchable(
        origin="own",
        record_id=record.record_id,
        version=record.version,
        source=source,
        paragraphs=record.interview.paragraphs,
        names=tuple(dict.fromkeys((*codes, *names))),
    )


def _text(interview: Interview, name: str) -> str:
    return text_of(interview.answers[name])


def _day(interview: Interview) -> str:
    return _text(interview, "session.started_at")[:10]
