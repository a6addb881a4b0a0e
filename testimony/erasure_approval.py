"""An approval of an erasure: a second person signs that one record may go for good (docs/format/approval-v1.md, 4)."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from testimony.approval import DEVICE, Approvable, SignedApproval, Subject, parse_request, read_approval, read_request
from testimony.bundle.names import RECORD_ID, SHA256
from testimony.text_lines import TextLines, number

_RECORD: Final = re.compile(rf"({RECORD_ID.pattern}) ([0-9]{{1,16}}) ([0-9a-f]{{64}})")
_REASON: Final = re.compile(r"withdrawn|court-order|retention-over|mistake|other")


@dataclass(frozen=True, kw_only=True)
class Erasure(Approvable):
    """Which record is to go from which device's vault, why, and the SHA-256 of the log's line that asks for it."""

    kind: ClassVar[str] = "erasure approval"
    label: ClassVar[bytes] = b"testimony/erasure/v1\x00"

    device: str
    record_id: str
    version: int
    root: str
    reason: str
    asked: str

    def lines(self) -> list[str]:
        """The lines that say it."""
        return [
            f"device: {self.device}",
            f"record: {self.record_id} {self.version} {self.root}",
            f"reason: {self.reason}",
            f"asked: {self.asked}",
        ]


def is_about_erasure(data: bytes) -> bool:
    """Whether a request or an approval says in its first line that it is about an erasure; nothing else is read."""
    return data.startswith(f"testimony-vault {Erasure.kind} ".encode("ascii"))


def parse_any_request(data: bytes) -> Subject | Erasure:
    """What a request asks a second person to approve: a seal or an erasure, as its first line says.

    Raises:
        ApprovalError: Too long or spelled otherwise.
    """
    return parse_erasure_request(data) if is_about_erasure(data) else parse_request(data)


def parse_erasure_request(data: bytes) -> Erasure:
    """The erasure that a request asks for, from its one accepted spelling.

    Raises:
        ApprovalError: Too long or spelled otherwise.
    """
    return read_request(data, Erasure.kind, _erasure)


def parse_erasure_approval(data: bytes) -> SignedApproval[Erasure]:
    """The approval of an erasure, from its one accepted spelling, its signatures not yet checked.

    Raises:
        ApprovalError: Too long or spelled otherwise.
    """
    return read_approval(data, Erasure.kind, _erasure)


def _erasure(lines: TextLines) -> Erasure:
    device = lines.value("device", DEVICE)
    record_id, version, root = lines.value("record", _RECORD).split(" ")
    return Erasure(
        device=device,
        record_id=record_id,
        version=number(version),
        root=root,
        reason=lines.value("reason", _REASON),
        asked=lines.value("asked", SHA256),
    )
