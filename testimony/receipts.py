"""A receipt: what a receiver says became of a bundle, signed by it (docs/format/receipt-v1.md)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, cast

from keys.errors import KeysError
from keys.identity import Identity, PublicIdentity
from keys.signature import RECEIPT, Signatures, check_signatures
from testimony.bundle.findings import Verdict
from testimony.bundle.names import BUNDLE_ID, CONTROL_NUMBER, MAX_RECORDS, MIB, RECORD_ID, SHA256
from testimony.bundle.statement import CustodyLine
from testimony.card import CODE
from testimony.errors import ReceiptError
from testimony.text_lines import TextLines, moment, moment_text, number, split_signatures, with_signatures

OutcomeName = Literal["imported", "already", "conflict", "quarantined"]

MAX_RECEIPT: Final = 4 * MIB

_FIRST_LINE: Final = "testimony-vault receipt v1"
_VERDICT: Final = re.compile("|".join(Verdict))
_RECEIVER: Final = re.compile(rf"({CODE.pattern}) ([0-9]{{4}}(?: [0-9]{{4}}){{9}})")
_TIME: Final = re.compile(r"[0-9T:+-]{25}")
_ORIGIN: Final = re.compile(r"[!-~]{1,200}")
_SIZE: Final = re.compile(r"[0-9]{1,16}")
_OUTCOME: Final = re.compile(
    rf"({CONTROL_NUMBER.pattern}) ({RECORD_ID.pattern}) (imported|already|conflict|quarantined)"
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one record."""

    control_number: str
    record_id: str
    outcome: OutcomeName


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Which bundle arrived, by its id and the SHA-256 of the sealed file, and what became of it.

    `receiver` is the code of the receiver's card and `fingerprint` its forty digits; `custody` is the state of the
    sender's log as the receiver saw it, which anchors that log outside the sender's hands.
    """

    bundle_id: str
    bundle_sha256: str
    verdict: Verdict
    receiver: str
    fingerprint: str
    at: datetime
    custody: CustodyLine
    outcomes: tuple[Outcome, ...]

    def text(self) -> bytes:
        """The lines that are signed."""
        lines = [
            _FIRST_LINE,
            f"bundle: {self.bundle_id}",
            f"bundle-sha256: {self.bundle_sha256}",
            f"verdict: {self.verdict}",
            f"receiver: {self.receiver} {self.fingerprint}",
            f"received: {moment_text(self.at)}",
            f"custody-origin: {self.custody.origin}",
            f"custody-size: {self.custody.size}",
            f"custody-root: {self.custody.root}",
            *(f"record: {one.control_number} {one.record_id} {one.outcome}" for one in self.outcomes),
        ]
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    def to_text(self, identity: Identity) -> bytes:
        """The receipt file: the lines and both signatures.

        Raises:
            ReceiptError: The identity is not the receiver's.
        """
        if identity.public.fingerprint != self.fingerprint:
            raise ReceiptError("receipt-receiver", self.receiver)
        text = self.text()
        return with_signatures(text, identity.sign(text, RECEIPT))


@dataclass(frozen=True, kw_only=True)
class SignedReceipt:
    """A receipt that was read and not yet believed: `check` gives it out."""

    fingerprint: str
    _receipt: Receipt = field(repr=False)
    _signatures: Signatures = field(repr=False)

    def check(self, receiver: PublicIdentity) -> Receipt:
        """The receipt, when this receiver signed it.

        Raises:
            ReceiptError: It names another receiver, or one of its signatures fails.
        """
        if receiver.fingerprint != self.fingerprint:
            raise ReceiptError("receipt-receiver", "receipt")
        try:
            check_signatures(self._receipt.text(), self._signatures, RECEIPT, receiver)
        except KeysError as error:
            raise ReceiptError("receipt-signature", "receipt") from error
        return self._receipt


def parse_receipt(data: bytes) -> SignedReceipt:
    """The receipt in a file, from its one accepted spelling, its signatures not yet checked.

    Raises:
        ReceiptError: Too long or spelled otherwise.
    """
    if len(data) > MAX_RECEIPT:
        raise ReceiptError("receipt-too-long", "receipt")
    text, signatures = split_signatures(data, "receipt", ReceiptError)
    lines = TextLines(text, "receipt", ReceiptError)
    receipt = lines.made(lambda: _read(lines))
    lines.end()
    twice = len({one.record_id for one in receipt.outcomes}) != len(receipt.outcomes)
    if not text.isascii() or receipt.text() != text or len(receipt.outcomes) > MAX_RECORDS or twice:
        raise ReceiptError("spelling", "receipt")
    return SignedReceipt(fingerprint=receipt.fingerprint, _receipt=receipt, _signatures=signatures)


def _read(lines: TextLines) -> Receipt:
    lines.literal(_FIRST_LINE)
    bundle_id = lines.value("bundle", BUNDLE_ID)
    bundle_sha256 = lines.value("bundle-sha256", SHA256)
    verdict = Verdict(lines.value("verdict", _VERDICT))
    receiver, fingerprint = lines.value("receiver", _RECEIVER).split(" ", 1)
    return Receipt(
        bundle_id=bundle_id,
        bundle_sha256=bundle_sha256,
        verdict=verdict,
        receiver=receiver,
        fingerprint=fingerprint,
        at=moment(lines.value("received", _TIME)),
        custody=CustodyLine(
            origin=lines.value("custody-origin", _ORIGIN),
            size=number(lines.value("custody-size", _SIZE)),
            root=lines.value("custody-root", SHA256),
        ),
        outcomes=tuple(_outcome(value) for value in lines.values("record", _OUTCOME)),
    )


def _outcome(value: str) -> Outcome:
    control_number, record_id, outcome = value.split(" ")
    return Outcome(control_number=control_number, record_id=record_id, outcome=cast("OutcomeName", outcome))
