"""Checks of one record's consent: the events shown, the newest statement over all (docs/format/bundle-v1.md, 6.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from keys.errors import KeysError
from keys.signature import CONSENT as CONSENT_NAMESPACE
from keys.signature import Signatures, check_signatures
from testimony.bundle.findings import Check, Ledger
from testimony.bundle.names import CONSENT, CONSENT_ED25519, CONSENT_HYBRID, CONSENT_PARTS, record_member
from testimony.bundle.record_file import RecordFile, consent_shown
from testimony.bundle.seal_check import Seal
from testimony.bundle.statement import RecordLine
from testimony.consent import standing
from testimony.consent_events import ConsentEvent
from testimony.consent_statement import ConsentStatement, parse_statement
from testimony.errors import TestimonyError
from testimony.redaction.head import RecordHead


@dataclass(frozen=True, kw_only=True)
class ShownConsent:
    """The events that a record shows, and the statement they lead to; None where they lead to the head."""

    events: tuple[ConsentEvent, ...] = field(repr=False)
    statement: ConsentStatement | None


@dataclass(frozen=True, kw_only=True)
class RecordInQuestion:
    """What the consent of a record is held against."""

    line: RecordLine
    head: RecordHead = field(repr=False)
    file: RecordFile = field(repr=False)
    parts: Mapping[str, bytes] = field(repr=False)


def check_consent(asked: RecordInQuestion, seal: Seal, ledger: Ledger) -> ShownConsent | None:
    """The consent of a record; None where what is shown proves nothing."""
    statement = None
    if any(part in asked.parts for part in CONSENT_PARTS):
        statement = _statement(asked, seal, ledger)
        if statement is None:
            return None
    committed = asked.head.consent if statement is None else statement.consent
    try:
        events = consent_shown(asked.file, committed)
        _check_standing(asked.line, events, seal, ledger)
    except TestimonyError as error:
        ledger.fail(Check.CONSENT, error.code, asked.line.control_number)
        return None
    known = statement is None or all(event.seq <= statement.events for event in events)
    ledger.expect(known, Check.CONSENT, "other-statement", asked.line.control_number)
    return ShownConsent(events=events, statement=statement)


def _statement(asked: RecordInQuestion, seal: Seal, ledger: Ledger) -> ConsentStatement | None:
    where = asked.line.control_number
    missing = [record_member(where, part) for part in CONSENT_PARTS if part not in asked.parts]
    for name in missing:
        ledger.fail(Check.COUNTS, "absent", name)
    if missing:
        return None
    text = asked.parts[CONSENT]
    signatures = Signatures(ed25519=asked.parts[CONSENT_ED25519], hybrid=asked.parts[CONSENT_HYBRID])
    try:
        check_signatures(text, signatures, CONSENT_NAMESPACE, seal.signer.public)
        statement = parse_statement(text)
    except (KeysError, TestimonyError) as error:
        ledger.fail(Check.CONSENT, error.code, where)
        return None
    head = asked.head
    agrees = (statement.record_id, statement.practice, statement.custody_origin) == (
        head.record_id,
        head.practice,
        head.custody_origin,
    ) and statement.custody_size < seal.statement.custody.size
    ledger.expect(agrees, Check.CONSENT, "other-statement", where)
    return statement


def _check_standing(line: RecordLine, events: tuple[ConsentEvent, ...], seal: Seal, ledger: Ledger) -> None:
    """A live yes for the body and purpose, not past its review date, the end shown, no word about others."""
    where = line.control_number
    said = seal.statement
    bodies = {one.code for one in said.recipients}
    grants = [standing(events, body, said.purpose) for body in sorted(bodies)]
    live = all(grant is not None and grant.live for grant in grants)
    day = said.claimed_time.date()
    due = any(grant is None or grant.review_by is None or grant.review_by < day for grant in grants)
    others = any(not event.about_everything and event.recipient not in bodies for event in events)
    ended = any(event.about_everything and event.kind != "refuse" for event in events)
    ledger.expect(not others, Check.CONSENT, "about-another-body", where)
    ledger.expect(ended, Check.CONSENT, "no-end-question", where)
    ledger.expect(len(bodies) == 1, Check.CONSENT, "more-than-one-body", where)
    if ledger.expect(live, Check.CONSENT, "no-live-consent", where):
        ledger.expect(not due, Check.CONSENT, "review-due", where)
