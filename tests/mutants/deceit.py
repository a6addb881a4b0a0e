"""What a way out would see that does not ask the gate about the record's own consent."""

from dataclasses import replace
from datetime import date

from testimony.consent import Request
from testimony.consent_events import ConsentEvent
from vault.records import StoredRecord


def granted(stored: StoredRecord, request: Request) -> StoredRecord:
    """The record as if the person had agreed to exactly this body and purpose, identity and all."""
    yes = ConsentEvent(
        seq=1,
        at=request.at,
        kind="grant",
        recipient=request.recipient,
        purpose=request.purpose,
        answer="yes",
        identity="yes",
        review_by=date.max,
    )
    end = ConsentEvent(seq=2, at=request.at, kind="confirm", answer="yes")
    return replace(stored, events=(yes, end), statement=None)
