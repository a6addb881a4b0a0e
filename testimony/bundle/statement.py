"""bundle.txt: the signed statement that a judge can read (docs/format/bundle-v1.md, section 4)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from testimony.bundle.names import (
    BUNDLE_ID,
    CONTROL_NUMBER,
    FORM_ID,
    GUIDE_AR,
    GUIDE_EN,
    MAX_RECORDS,
    MAX_STATEMENT,
    RECORD_ID,
    SHA256,
)
from testimony.card import CODE
from testimony.errors import BundleError, BundleUnsupportedError
from testimony.text_lines import TextLines, is_plain_line, moment, moment_text, number

VERSION_LINE: Final = "testimony-vault bundle v1"
SUITE: Final = "age-mlkem768x25519 sshsig-ed25519 sshsig-mldsa44-ed25519 sha256"
MAX_PURPOSE: Final = 200
MAX_RECIPIENTS: Final = 16

_ANY_VERSION: Final = re.compile(rb"testimony-vault bundle v[0-9]{1,20}\n")
_NONE: Final = "none"
_DIGITS: Final = r"[0-9]{4}(?: [0-9]{4}){9}"
_VERSION: Final = r"[1-9][0-9]{0,5}"
_REASON: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")
_PROFILE: Final = re.compile(r"[a-z]{1,30}")
_TIME: Final = re.compile(r"[0-9T:+-]{25}")
_TIME_OR_NONE: Final = re.compile(rf"{_NONE}|{_TIME.pattern}")
_ID_OR_NONE: Final = re.compile(rf"{_NONE}|{BUNDLE_ID.pattern}")
_YES_NO: Final = re.compile(r"yes|no")
_ORIGIN: Final = re.compile(r"[!-~]{1,200}")
_SIGNER: Final = re.compile(rf"(device|body|person) ({CODE.pattern}) ({_DIGITS})")
_RECIPIENT: Final = re.compile(rf"({CODE.pattern}) ({_DIGITS}) ({SHA256.pattern})")
_FORM: Final = re.compile(rf"({FORM_ID.pattern}) ({SHA256.pattern})")
_COUNT: Final = re.compile(r"([0-9]+) of ([0-9]+); ([0-9]+) withheld")
_RECORD: Final = re.compile(
    rf"({CONTROL_NUMBER.pattern}) ({RECORD_ID.pattern}) v({_VERSION}) ({SHA256.pattern}) ({SHA256.pattern})"
)
_WITHHELD: Final = re.compile(rf"({RECORD_ID.pattern}) ({_REASON.pattern})")
_ANY: Final = re.compile(r".+")
_SIZE: Final = re.compile(r"[0-9]{1,16}")


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """One recipient: its code, its forty digits, the SHA-256 of its age recipient in hex."""

    code: str
    fingerprint: str
    recipient_digest: str


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Who sealed: kind and code of its card, its forty digits."""

    kind: str
    code: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    """One record: control number, id, version, and in hex its root and the SHA-256 of its head."""

    control_number: str
    record_id: str
    version: int
    root: str
    head_sha256: str


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """One record that was asked for and is not there, with the code of the reason."""

    record_id: str
    reason: str

    def __post_init__(self) -> None:
        if RECORD_ID.fullmatch(self.record_id) is None or _REASON.fullmatch(self.reason) is None:
            raise BundleError("withheld", "bundle.txt")


@dataclass(frozen=True, kw_only=True)
class CustodyLine:
    """The state of the custody log at sealing: origin, number of entries, root in hex."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Everything that the seal says about the bundle."""

    bundle_id: str
    previous: str | None
    practice: bool
    purpose: str
    profile: str
    signer: Signer
    recipients: tuple[Addressee, ...]
    claimed_time: datetime
    not_before: datetime | None
    not_after: datetime | None
    forms: tuple[tuple[str, str], ...]
    records: tuple[RecordLine, ...]
    withheld: tuple[Withheld, ...]
    custody: CustodyLine
    guides: tuple[str, str]
    manifest_sha256: str

    def to_text(self) -> bytes:
        """The lines of bundle.txt."""
        return "".join(f"{line}\n" for line in _lines(self)).encode("utf-8")


def is_purpose(text: str) -> bool:
    """Whether a text may stand as a purpose: one plain line of at most 200 characters."""
    return is_plain_line(text, MAX_PURPOSE)


def parse_statement(data: bytes) -> Statement:
    """The statement of bundle.txt, from its one accepted spelling.

    Raises:
        BundleUnsupportedError: A statement of another version.
        BundleError: Too long, or any other spelling ("spelling").
    """
    if len(data) > MAX_STATEMENT:
        raise BundleError("too-long", "bundle.txt")
    first = VERSION_LINE.encode("ascii") + b"\n"
    if not data.startswith(first) and _ANY_VERSION.match(data):
        raise BundleUnsupportedError(None, "bundle.txt")
    lines = TextLines(data, "bundle.txt", BundleError)
    statement = lines.made(lambda: _read(lines))
    lines.end()
    if statement.to_text() != data:
        raise BundleError("spelling", "bundle.txt")
    return statement


def _lines(statement: Statement) -> list[str]:
    withheld = len(statement.withheld)
    return [
        VERSION_LINE,
        f"suite: {SUITE}",
        f"bundle: {statement.bundle_id}",
        f"previous: {statement.previous or _NONE}",
        f"practice: {'yes' if statement.practice else 'no'}",
        f"purpose: {statement.purpose}",
        f"profile: {statement.profile}",
        f"signer: {statement.signer.kind} {statement.signer.code} {statement.signer.fingerprint}",
        *(f"recipient: {one.code} {one.fingerprint} {one.recipient_digest}" for one in statement.recipients),
        f"claimed-time: {moment_text(statement.claimed_time)}",
        f"not-before: {_time_text(statement.not_before)}",
        f"not-after: {_time_text(statement.not_after)}",
        *(f"form: {form_id} {digest}" for form_id, digest in statement.forms),
        f"count: {len(statement.records)} of {len(statement.records) + withheld}; {withheld} withheld",
        *map(_record_text, statement.records),
        *(f"withheld: {one.record_id} {one.reason}" for one in statement.withheld),
        f"custody-origin: {statement.custody.origin}",
        f"custody-size: {statement.custody.size}",
        f"custody-root: {statement.custody.root}",
        f"guide: {GUIDE_EN} {statement.guides[0]}",
        f"guide: {GUIDE_AR} {statement.guides[1]}",
        f"manifest: {statement.manifest_sha256}",
    ]


def _record_text(line: RecordLine) -> str:
    return f"record: {line.control_number} {line.record_id} v{line.version} {line.root} {line.head_sha256}"


def _time_text(at: datetime | None) -> str:
    return _NONE if at is None else moment_text(at)


def _read(lines: TextLines) -> Statement:
    lines.literal(VERSION_LINE)
    lines.literal(f"suite: {SUITE}")
    statement = Statement(
        bundle_id=lines.value("bundle", BUNDLE_ID),
        previous=_unless_none(lines.value("previous", _ID_OR_NONE)),
        practice=lines.value("practice", _YES_NO) == "yes",
        purpose=_purpose(lines.value("purpose", _ANY)),
        profile=lines.value("profile", _PROFILE),
        signer=_signer(lines.value("signer", _SIGNER)),
        recipients=tuple(_addressee(value) for value in lines.values("recipient", _RECIPIENT)),
        claimed_time=moment(lines.value("claimed-time", _TIME)),
        not_before=_time(lines.value("not-before", _TIME_OR_NONE)),
        not_after=_time(lines.value("not-after", _TIME_OR_NONE)),
        forms=tuple(_form(value) for value in lines.values("form", _FORM)),
        records=_records(lines),
        withheld=tuple(_withheld(value) for value in lines.values("withheld", _WITHHELD)),
        custody=_custody(lines),
        guides=(_guide(lines, GUIDE_EN), _guide(lines, GUIDE_AR)),
        manifest_sha256=lines.value("manifest", SHA256),
    )
    _refuse_twins(statement)
    return statement


def _refuse_twins(statement: Statement) -> None:
    """One recipient at least, nothing named twice, and every list in its one order."""
    controls = [line.control_number for line in statement.records]
    ids = [line.record_id for line in statement.records] + [line.record_id for line in statement.withheld]
    forms = [form_id for form_id, _ in statement.forms]
    recipients = [one.fingerprint for one in statement.recipients]
    ordered = all(names == sorted(set(names)) for names in (controls, forms, recipients))
    kept_order = [one.record_id for one in statement.withheld]
    if not 1 <= len(recipients) <= MAX_RECIPIENTS or not 1 <= len(controls) <= MAX_RECORDS:
        raise ValueError
    if not ordered or kept_order != sorted(kept_order) or len(set(ids)) != len(ids):
        raise ValueError


def _records(lines: TextLines) -> tuple[RecordLine, ...]:
    lines.value("count", _COUNT)  # the count is compared when the whole statement is written again
    return tuple(_record(value) for value in lines.values("record", _RECORD))


def _record(value: str) -> RecordLine:
    control_number, record_id, version, root, head_sha256 = value.split(" ")
    return RecordLine(
        control_number=control_number,
        record_id=record_id,
        version=number(version.removeprefix("v")),
        root=root,
        head_sha256=head_sha256,
    )


def _custody(lines: TextLines) -> CustodyLine:
    return CustodyLine(
        origin=lines.value("custody-origin", _ORIGIN),
        size=number(lines.value("custody-size", _SIZE)),
        root=lines.value("custody-root", SHA256),
    )


def _purpose(value: str) -> str:
    if not is_purpose(value):
        raise ValueError
    return value


def _signer(value: str) -> Signer:
    kind, code, fingerprint = value.split(" ", 2)
    return Signer(kind=kind, code=code, fingerprint=fingerprint)


def _addressee(value: str) -> Addressee:
    code, rest = value.split(" ", 1)
    fingerprint, recipient_digest = rest.rsplit(" ", 1)
    return Addressee(code=code, fingerprint=fingerprint, recipient_digest=recipient_digest)


def _form(value: str) -> tuple[str, str]:
    form_id, digest = value.split(" ")
    return form_id, digest


def _withheld(value: str) -> Withheld:
    record_id, reason = value.split(" ")
    return Withheld(record_id=record_id, reason=reason)


def _guide(lines: TextLines, name: str) -> str:
    return lines.value("guide", re.compile(rf"{re.escape(name)} {SHA256.pattern}")).split(" ")[1]


def _unless_none(value: str) -> str | None:
    return None if value == _NONE else value


def _time(value: str) -> datetime | None:
    return None if value == _NONE else moment(value)
