"""The signed statement over all consent events of a record after one more was added (consent-statement-v1.md)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from testimony.consent_events import MAX_EVENTS
from testimony.errors import ConsentStatementError
from testimony.redaction.commitments import Commitment
from testimony.redaction.leaves import MAX_LEAVES
from testimony.text_lines import TextLines, moment, moment_text, number

MAX_STATEMENT: Final = 1024

_FIRST_LINE: Final = "testimony-vault consent statement v1"
_WHERE: Final = "consent statement"
_YES_NO: Final = re.compile(r"yes|no")
_RECORD_ID: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,6}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_ORIGIN: Final = re.compile(r"testimony-vault\.invalid/device/[0-9]{40}")
_SIZE: Final = re.compile(r"[1-9][0-9]{0,9}")
_TIME: Final = re.compile(r"[0-9T:+-]{25}")


@dataclass(frozen=True, kw_only=True)
class ConsentStatement:
    """How many events there are, and the tree over all of them; hashes in hex.

    `custody_size` is the size of the device's log before the entry of the newest event.
    """

    practice: bool
    record_id: str
    events: int
    consent_root: str
    consent_leaves: int
    custody_origin: str
    custody_size: int
    claimed_time: datetime

    @property
    def consent(self) -> Commitment:
        """The tree of the events."""
        return Commitment(root=bytes.fromhex(self.consent_root), n=self.consent_leaves)

    def to_text(self) -> bytes:
        """The lines that are signed."""
        lines = [
            _FIRST_LINE,
            f"practice: {'yes' if self.practice else 'no'}",
            f"record: {self.record_id}",
            f"events: {self.events}",
            f"consent-root: {self.consent_root}",
            f"consent-leaves: {self.consent_leaves}",
            f"custody-origin: {self.custody_origin}",
            f"custody-size: {self.custody_size}",
            f"claimed-time: {moment_text(self.claimed_time)}",
        ]
        return "".join(f"{line}\n" for line in lines).encode("ascii")


def parse_statement(data: bytes) -> ConsentStatement:
    """The statement in these bytes, from its one spelling.  Its signatures are not checked here.

    Raises:
        ConsentStatementError: Too long, of another version, or spelled otherwise.
    """
    if len(data) > MAX_STATEMENT:
        raise ConsentStatementError("limit", _WHERE)
    lines = TextLines(data, _WHERE, ConsentStatementError)
    statement = lines.made(lambda: _read(lines))
    lines.end()
    fits = statement.events <= MAX_EVENTS and statement.consent_leaves <= MAX_LEAVES
    if not fits or statement.to_text() != data:
        raise ConsentStatementError("spelling", _WHERE)
    return statement


def _read(lines: TextLines) -> ConsentStatement:
    lines.literal(_FIRST_LINE)
    return ConsentStatement(
        practice=lines.value("practice", _YES_NO) == "yes",
        record_id=lines.value("record", _RECORD_ID),
        events=number(lines.value("events", _COUNT)),
        consent_root=lines.value("consent-root", _HASH),
        consent_leaves=number(lines.value("consent-leaves", _COUNT)),
        custody_origin=lines.value("custody-origin", _ORIGIN),
        custody_size=number(lines.value("custody-size", _SIZE)),
        claimed_time=moment(lines.value("claimed-time", _TIME)),
    )
