"""data/records/<control number>.json: what is shown of one record, and its proof (docs/format/bundle-v1.md, 3.2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from testimony.bundle.names import MAX_RECORD, SHA256
from testimony.bundle.revision import Revision, revision_from
from testimony.canonical import JsonValue, as_object, as_text, decode, encode
from testimony.consent_events import ConsentEvent, parse_event
from testimony.errors import BundleError, CanonicalError, ConsentError
from testimony.redaction.commitments import Commitment
from testimony.redaction.consent_tree import read_consent
from testimony.redaction.overlay import OverlayEntry, overlay_to_json, read_overlay
from testimony.text_lines import moment_text

FORMAT: Final = "testimony-vault record file v1"
_MEMBERS: Final = ("consent", "disclosure", "format", "head", "overlay", "revision")


@dataclass(frozen=True, kw_only=True)
class RecordFile:
    """SHA-256 of the head in hex, disclosures of record and consent events, the redactor's overlay, the revision."""

    head: str
    disclosure: JsonValue = field(repr=False)
    consent: JsonValue = field(repr=False)
    overlay: tuple[OverlayEntry, ...] = ()
    revision: Revision = field(default_factory=Revision)

    def to_bytes(self) -> bytes:
        """The file.

        Raises:
            BundleError: It would be larger than a reader accepts ("limit").
        """
        data = encode(
            {
                "consent": self.consent,
                "disclosure": self.disclosure,
                "format": FORMAT,
                "head": self.head,
                "overlay": overlay_to_json(self.overlay),
                "revision": self.revision.to_json(),
            }
        )
        if len(data) > MAX_RECORD:
            raise BundleError("limit", "record")
        return data


def parse_record_file(data: bytes, where: str) -> RecordFile:
    """The parts of a record file, none of them checked yet.

    Raises:
        BundleError: Too long, not canonical JSON, or other members than these.
        RedactionError: The overlay is malformed, repeated or out of order.
    """
    try:
        value = decode(data, limit=MAX_RECORD, where=where)
        members = as_object(value, where, required=_MEMBERS)
        if members["format"] != FORMAT:
            raise BundleError("record-format", where)
        head = as_text(members["head"], where, pattern=SHA256)
    except CanonicalError as error:
        raise BundleError(error.code, where) from error
    return RecordFile(
        head=head,
        disclosure=members["disclosure"],
        consent=members["consent"],
        overlay=read_overlay(members["overlay"]),
        revision=revision_from(members["revision"], where),
    )


def consent_shown(file: RecordFile, committed: Commitment) -> tuple[ConsentEvent, ...]:
    """The consent events that the file shows, in the order in which they were committed to.

    `committed` is the tree of the newest consent statement, or that of the head where there is none.

    Raises:
        RedactionError: They do not lead to that root.
        ConsentError: One of them is malformed, or has another number than its place.
    """
    shown = read_consent(file.consent, root=committed.root, n=committed.n)
    events = {place: parse_event(event) for place, event in shown.items()}
    if any(event.seq != place + 1 for place, event in events.items()):
        raise ConsentError("C5", "events-out-of-order")
    return tuple(events.values())


def consent_rows(control_number: str, events: Iterable[ConsentEvent]) -> tuple[tuple[str, ...], ...]:
    """The rows of consent-summary.csv about one record."""
    return tuple(
        (
            control_number,
            str(event.seq),
            moment_text(event.at),
            event.kind,
            event.recipient,
            event.purpose,
            event.answer,
            event.identity,
            event.how,
            event.script,
            "" if event.review_by is None else event.review_by.isoformat(),
        )
        for event in events
    )
