"""An approval: a second person saw exactly what is to leave, and signs that it may (docs/format/approval-v1.md)."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final, Generic, TypeVar

from keys.digests import sha256
from keys.digits import forty_digits
from keys.errors import KeysError
from keys.identity import Identity, PublicIdentity
from keys.signature import APPROVAL, Signatures, check_signatures
from testimony.bundle.names import MAX_RECORDS, MIB, RECORD_ID, SHA256
from testimony.bundle.statement import is_purpose
from testimony.card import CODE
from testimony.errors import ApprovalError
from testimony.text_lines import TextLines, moment, moment_text, number, split_signatures, with_signatures

MAX_APPROVAL: Final = 4 * MIB

_DIGITS: Final = r"[0-9]{4}(?: [0-9]{4}){9}"
DEVICE: Final = re.compile(_DIGITS)
_SOMEBODY: Final = re.compile(rf"({CODE.pattern}) ({_DIGITS})")
_PURPOSE: Final = re.compile(r".{1,200}")
_PROFILE: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_RENDERED: Final = re.compile(rf"({RECORD_ID.pattern}) ([0-9]{{1,16}}) ([0-9a-f]{{64}})")
_TIME: Final = re.compile(r"[0-9T:+-]{25}")


class Approvable(ABC):
    """What a second person may approve: `kind` stands in the first line of both texts, `label` before the digest."""

    kind: ClassVar[str]
    label: ClassVar[bytes]

    @abstractmethod
    def lines(self) -> list[str]:
        """The lines that say it."""

    def to_text(self) -> bytes:
        """The request: an unsigned text without names or words."""
        return _text([_title(f"{self.kind} request"), *self.lines()])

    @property
    def digest(self) -> bytes:
        """What stands for all of it."""
        return sha256(self.label + self.to_text())

    @property
    def digits(self) -> str:
        """The digest as forty digits, to be read on one screen and typed on another."""
        return forty_digits(self.digest)


_Said = TypeVar("_Said", bound=Approvable)


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """One record as it would leave: its id and version, and the SHA-256 of its record file."""

    record_id: str
    version: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Subject(Approvable):
    """What is to be approved: whose seal, for whom and for what, which renditions, which leak report; not a word."""

    kind: ClassVar[str] = "approval"
    label: ClassVar[bytes] = b"testimony/rendition/v1\x00"

    device: str
    recipient: str
    fingerprint: str
    purpose: str
    profile: str
    leak_report: str
    records: tuple[Rendered, ...]

    def __post_init__(self) -> None:
        if not self.records or len(self.records) > MAX_RECORDS or not is_purpose(self.purpose):
            raise ApprovalError("subject", "approval")
        if len({one.record_id for one in self.records}) != len(self.records):
            raise ApprovalError("twin", "approval")

    def lines(self) -> list[str]:
        """The lines that say it."""
        return [
            f"device: {self.device}",
            f"recipient: {self.recipient} {self.fingerprint}",
            f"purpose: {self.purpose}",
            f"profile: {self.profile}",
            f"leak-report: {self.leak_report}",
            *(f"record: {one.record_id} {one.version} {one.sha256}" for one in self.records),
        ]


@dataclass(frozen=True, kw_only=True)
class Approval(Generic[_Said]):
    """Who looked at the subject and says that it may be."""

    subject: _Said
    approver: str
    fingerprint: str
    at: datetime

    def text(self) -> bytes:
        """The lines that are signed."""
        said = [f"approver: {self.approver} {self.fingerprint}", f"approved: {moment_text(self.at)}"]
        return _text([_title(self.subject.kind), *self.subject.lines(), *said])

    def to_text(self, identity: Identity) -> bytes:
        """The approval file: the lines and both signatures.

        Raises:
            ApprovalError: The identity is not the approver's.
        """
        if identity.public.fingerprint != self.fingerprint:
            raise ApprovalError("approval-signer", self.approver)
        text = self.text()
        return with_signatures(text, identity.sign(text, APPROVAL))


@dataclass(frozen=True, kw_only=True)
class SignedApproval(Generic[_Said]):
    """An approval that was read and not yet believed: `check` gives it out."""

    fingerprint: str
    _approval: Approval[_Said] = field(repr=False)
    _signatures: Signatures = field(repr=False)

    def check(self, approver: PublicIdentity) -> Approval[_Said]:
        """The approval, when this approver signed it.

        Raises:
            ApprovalError: It names another approver, or one of its signatures fails.
        """
        if approver.fingerprint != self.fingerprint:
            raise ApprovalError("approval-signer", "approval")
        try:
            check_signatures(self._approval.text(), self._signatures, APPROVAL, approver)
        except KeysError as error:
            raise ApprovalError("approval-signature", "approval") from error
        return self._approval


def parse_request(data: bytes) -> Subject:
    """The subject of a request, from its one accepted spelling.

    Raises:
        ApprovalError: Too long or spelled otherwise.
    """
    return read_request(data, Subject.kind, _subject)


def parse_approval(data: bytes) -> SignedApproval[Subject]:
    """The approval in a file, from its one accepted spelling, its signatures not yet checked.

    Raises:
        ApprovalError: Too long or spelled otherwise.
    """
    return read_approval(data, Subject.kind, _subject)


def read_request(data: bytes, kind: str, read: Callable[[TextLines], _Said]) -> _Said:
    """The subject of a request of this kind, whose lines `read` reads.

    Raises:
        ApprovalError: Too long or spelled otherwise.
    """
    lines = _lines(data, data)
    lines.literal(_title(f"{kind} request"))
    subject = lines.made(lambda: read(lines))
    lines.end()
    if subject.to_text() != data:
        raise ApprovalError("spelling", "approval")
    return subject


def read_approval(data: bytes, kind: str, read: Callable[[TextLines], _Said]) -> SignedApproval[_Said]:
    """The approval of this kind in a file, whose subject's lines `read` reads.

    Raises:
        ApprovalError: Too long or spelled otherwise.
    """
    text, signatures = split_signatures(data[: MAX_APPROVAL + 1], "approval", ApprovalError)
    lines = _lines(data, text)
    lines.literal(_title(kind))
    approval = lines.made(lambda: _approval(lines, read))
    lines.end()
    if approval.text() != text:
        raise ApprovalError("spelling", "approval")
    return SignedApproval(fingerprint=approval.fingerprint, _approval=approval, _signatures=signatures)


def _title(what: str) -> str:
    return f"testimony-vault {what} v1"


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _lines(data: bytes, text: bytes) -> TextLines:
    if len(data) > MAX_APPROVAL:
        raise ApprovalError("approval-too-long", "approval")
    return TextLines(text, "approval", ApprovalError)


def _subject(lines: TextLines) -> Subject:
    device = lines.value("device", DEVICE)
    recipient, fingerprint = _pair(lines.value("recipient", _SOMEBODY))
    return Subject(
        device=device,
        recipient=recipient,
        fingerprint=fingerprint,
        purpose=lines.value("purpose", _PURPOSE),
        profile=lines.value("profile", _PROFILE),
        leak_report=lines.value("leak-report", SHA256),
        records=tuple(map(_rendered, lines.values("record", _RENDERED))),
    )


def _approval(lines: TextLines, read: Callable[[TextLines], _Said]) -> Approval[_Said]:
    subject = read(lines)
    approver, fingerprint = _pair(lines.value("approver", _SOMEBODY))
    at = moment(lines.value("approved", _TIME))
    return Approval(subject=subject, approver=approver, fingerprint=fingerprint, at=at)


def _pair(value: str) -> tuple[str, str]:
    code, _, digits = value.partition(" ")
    return code, digits


def _rendered(value: str) -> Rendered:
    record_id, version, digest = value.split(" ")
    return Rendered(record_id=record_id, version=number(version), sha256=digest)
