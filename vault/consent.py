"""Consent after a record was finished: what the person says now is added, and a new statement is signed over all of it.

Nothing is edited.  The row, the statement and the custody entry that names it are saved together or not at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from keys.signature import CONSENT, Signatures
from testimony.consent import Grant, standing
from testimony.consent_events import ConsentEvent, EventAnswer, EventIdentity, EventKind, add_months
from testimony.consent_statement import ConsentStatement
from testimony.redaction.consent_tree import commit_consent
from vault.consent_log import entry_details, review_months, store_event
from vault.custody import append, current
from vault.errors import PolicyError
from vault.records import StatementRow, StoredRecord, get_record_in
from vault.store import Transaction, Vault

WAYS: Final = ("spoken", "recorded", "thumbprint", "signed")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the person says now about one body and purpose; C13: every way of saying it is as good as a signature."""

    recipient: str
    purpose: str
    answer: EventAnswer
    identity: EventIdentity = "no"
    how: str = "spoken"
    script: str = ""


def record_answer(vault: Vault, record_id: str, answer: Answer) -> ConsentEvent:
    """The event that was added: a grant, a change, a confirmation of the grant there is, or a refusal.

    Raises:
        NotFoundError: There is no such record.
        PolicyError: It holds no interview ("refused-record"), or the way of saying it is unknown ("consent-way").
        ConsentError: The code, purpose or script is not spelled as one.
    """
    if answer.how not in WAYS:
        raise PolicyError("consent-way")
    with vault.transaction() as tx:
        stored = finished_in(tx, record_id)
        months = review_months(vault)
        grant = standing(stored.events, answer.recipient, answer.purpose)
        return add_event(tx, vault, stored, lambda seq, at: _event(answer, grant, (seq, at, months))).events[-1]


def finished_in(tx: Transaction, record_id: str) -> StoredRecord:
    """The record, when it holds an interview.

    Raises:
        NotFoundError: There is no such record.
        PolicyError: The person refused the interview: there is nothing to share ("refused-record").
    """
    stored = get_record_in(tx, record_id)
    if stored.record is None or stored.head is None:
        raise PolicyError("refused-record", record_id)
    return stored


def add_event(
    tx: Transaction, vault: Vault, stored: StoredRecord, make: Callable[[int, datetime], ConsentEvent]
) -> StoredRecord:
    """The record with one more event, which `make` makes of its number and the time, under a new signed statement."""
    at = vault.clock.now().wall
    event = make(len(stored.events) + 1, at)
    events = (*stored.events, event)
    text = _statement(tx, vault, stored, events).to_text()
    signatures = vault.identity.sign(text, CONSENT)
    store_event(tx, stored.record_id, event)
    tx.execute(
        "INSERT INTO consent_statements (record_id, number, version, content, signature, pq_signature)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (stored.record_id, event.seq, stored.version, text, signatures.ed25519, signatures.hybrid),
    )
    append(tx, vault, f"consent.{event.kind}", stored.record_id, entry_details(event, stored.seed, text))
    return replace(stored, events=events, statement=_row(event.seq, text, signatures, stored.seed))


def _row(number: int, text: bytes, signatures: Signatures, seed: bytes) -> StatementRow:
    return StatementRow(number=number, text=text, signatures=signatures, seed=seed)


def _statement(
    tx: Transaction, vault: Vault, stored: StoredRecord, events: tuple[ConsentEvent, ...]
) -> ConsentStatement:
    log = current(tx, vault)
    tree = commit_consent([event.to_bytes() for event in events], stored.seed, number=len(events))
    return ConsentStatement(
        practice=vault.practice,
        record_id=stored.record_id,
        events=len(events),
        consent_root=tree.root.hex(),
        consent_leaves=tree.n,
        custody_origin=log.origin,
        custody_size=log.size,
        claimed_time=events[-1].at,
    )


def _event(answer: Answer, grant: Grant | None, made: tuple[int, datetime, int]) -> ConsentEvent:
    seq, at, months = made
    yes = answer.answer == "yes"
    return ConsentEvent(
        seq=seq,
        at=at,
        kind=_kind(answer, grant),
        recipient=answer.recipient,
        purpose=answer.purpose,
        answer=answer.answer,
        identity=answer.identity if yes else "no",
        how=answer.how,
        script=answer.script,
        review_by=add_months(at.date(), months) if yes else None,
    )


def _kind(answer: Answer, grant: Grant | None) -> EventKind:
    """A yes to what is a yes already confirms it, and moves its review date; with another level it changes it."""
    live = grant is not None and grant.live
    if answer.answer != "yes":
        return "change" if live else "refuse"
    if grant is None or not live:
        return "grant"
    return "confirm" if grant.identity == answer.identity else "change"
