"""The signed head of a record's version: lines that a judge can read (docs/format/head-v1.md)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keys.digits import parse_forty_digits, ungrouped
from keys.errors import KeyFormatError
from testimony.errors import RedactionError, TestimonyError
from testimony.redaction.commitments import Commitment
from testimony.redaction.leaves import MAX_LEAVES
from testimony.text_lines import TextLines, moment, moment_text, number

FIRST_LINE: Final = "testimony-vault record head v1"
MAX_HEAD: Final = 4096

_NONE: Final = "none"
_YES_NO: Final = re.compile(r"yes|no")
_RECORD_ID: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
_CONTROL: Final = re.compile(r"[A-Z0-9]{2,6}-[0-9]{7}")
_VERSION: Final = re.compile(r"[1-9][0-9]{0,5}")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,6}")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_HASH_OR_NONE: Final = re.compile(rf"{_NONE}|{_HASH.pattern}")
_FORM_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIGITS: Final = re.compile(r"[0-9]{4}(?: [0-9]{4}){9}")
_ORIGIN: Final = re.compile(r"testimony-vault\.invalid/device/[0-9]{40}")
_TIME: Final = re.compile(r"[0-9T:+-]{25}")
_TIME_OR_NONE: Final = re.compile(rf"{_NONE}|{_TIME.pattern}")
_NOTE: Final = re.compile(r"ok|reboot|clock-back|implausible")
_PATTERNS: Final = {
    "record_id": _RECORD_ID,
    "control_number": _CONTROL,
    "form_id": _FORM_ID,
    "form_sha256": _HASH,
    "root": _HASH,
    "recorder": _CODE,
    "device": _DIGITS,
    "consent_root": _HASH,
    "custody_origin": _ORIGIN,
    "clock_note": _NOTE,
}


@dataclass(frozen=True, kw_only=True)
class RecordHead:
    """What a device signs of a record's version: hashes in hex, `device` in forty digits, times with offset.

    `custody_size` is the size of the device's log before the entry of this version; `not_before` is the time of the
    newest outside thing that the log contained then, None where there was none.
    """

    practice: bool
    record_id: str
    version: int
    previous_root: str | None
    control_number: str
    form_id: str
    form_sha256: str
    root: str
    leaves: int
    recorder: str
    device: str
    consent_root: str
    consent_leaves: int
    custody_origin: str
    custody_size: int
    claimed_time: datetime
    clock_note: str
    not_before: datetime | None

    def __post_init__(self) -> None:
        wrong = [name for name, pattern in _PATTERNS.items() if pattern.fullmatch(getattr(self, name)) is None]
        if wrong or (self.previous_root is not None and _HASH.fullmatch(self.previous_root) is None):
            raise RedactionError("head", "spelling")
        counts = (self.leaves, self.consent_leaves)
        if not all(1 <= count <= MAX_LEAVES for count in counts) or not 1 <= self.version <= 10**6 - 1:
            raise RedactionError("head", "count")
        _check_device(self.device, self.custody_origin)
        for at in (self.claimed_time, self.not_before):
            _check_time(at)

    @property
    def commitment(self) -> Commitment:
        """The record's tree."""
        return Commitment(root=bytes.fromhex(self.root), n=self.leaves)

    @property
    def consent(self) -> Commitment:
        """The tree of its consent events."""
        return Commitment(root=bytes.fromhex(self.consent_root), n=self.consent_leaves)

    def to_text(self) -> bytes:
        """The lines that are signed."""
        return "".join(f"{line}\n" for line in _lines(self)).encode("ascii")


def parse_head(data: bytes) -> RecordHead:
    """The head in these bytes, from its one spelling.  Its signatures are not checked here.

    Raises:
        RedactionError: Too long, another version, or any other spelling.
    """
    if len(data) > MAX_HEAD:
        raise RedactionError("head", "too-long")
    try:
        lines = TextLines(data, "head", TestimonyError)
        head = lines.made(lambda: _read(lines))
        lines.end()
    except RedactionError:
        raise
    except TestimonyError as error:
        raise RedactionError(error.where, error.code) from None
    if head.to_text() != data:
        raise RedactionError("head", "spelling")
    return head


def _lines(head: RecordHead) -> list[str]:
    return [
        FIRST_LINE,
        f"practice: {'yes' if head.practice else 'no'}",
        f"record: {head.record_id}",
        f"version: {head.version}",
        f"previous-root: {head.previous_root or _NONE}",
        f"control-number: {head.control_number}",
        f"form: {head.form_id}",
        f"form-sha256: {head.form_sha256}",
        f"root: {head.root}",
        f"leaves: {head.leaves}",
        f"recorder: {head.recorder}",
        f"device: {head.device}",
        f"consent-root: {head.consent_root}",
        f"consent-leaves: {head.consent_leaves}",
        f"custody-origin: {head.custody_origin}",
        f"custody-size: {head.custody_size}",
        f"claimed-time: {moment_text(head.claimed_time)}",
        f"clock-note: {head.clock_note}",
        f"not-before: {_NONE if head.not_before is None else moment_text(head.not_before)}",
    ]


def _read(lines: TextLines) -> RecordHead:
    lines.literal(FIRST_LINE)
    return RecordHead(
        practice=lines.value("practice", _YES_NO) == "yes",
        record_id=lines.value("record", _RECORD_ID),
        version=number(lines.value("version", _VERSION)),
        previous_root=_unless_none(lines.value("previous-root", _HASH_OR_NONE)),
        control_number=lines.value("control-number", _CONTROL),
        form_id=lines.value("form", _FORM_ID),
        form_sha256=lines.value("form-sha256", _HASH),
        root=lines.value("root", _HASH),
        leaves=number(lines.value("leaves", _COUNT)),
        recorder=lines.value("recorder", _CODE),
        device=lines.value("device", _DIGITS),
        consent_root=lines.value("consent-root", _HASH),
        consent_leaves=number(lines.value("consent-leaves", _COUNT)),
        custody_origin=lines.value("custody-origin", _ORIGIN),
        custody_size=number(lines.value("custody-size", _SIZE)),
        claimed_time=moment(lines.value("claimed-time", _TIME)),
        clock_note=lines.value("clock-note", _NOTE),
        not_before=_time(lines.value("not-before", _TIME_OR_NONE)),
    )


def _unless_none(text: str) -> str | None:
    return None if text == _NONE else text


def _time(text: str) -> datetime | None:
    return None if text == _NONE else moment(text)


def _check_device(digits: str, origin: str) -> None:
    try:
        parse_forty_digits(digits)
    except KeyFormatError as error:
        raise RedactionError("head", "device") from error
    if not origin.endswith("/" + ungrouped(digits)):
        raise RedactionError("head", "device")


def _check_time(at: datetime | None) -> None:
    try:
        if at is not None:
            moment(moment_text(at))
    except ValueError:
        raise RedactionError("head", "time") from None
