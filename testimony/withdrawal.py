"""A notice of withdrawal: what a witness asks of a body that has her record (docs/format/withdrawal-v1.md)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, cast

from keys.errors import KeysError
from keys.identity import Identity, PublicIdentity
from keys.signature import WITHDRAWAL, Signatures, check_signatures
from testimony.bundle.names import BUNDLE_ID, KIB, RECORD_ID
from testimony.bundle.statement import is_purpose
from testimony.card import CODE
from testimony.errors import WithdrawalError
from testimony.text_lines import TextLines, moment, moment_text, split_signatures, with_signatures

Asked = Literal["stop-sharing", "remove-name", "erase"]

ASKED: Final[tuple[Asked, ...]] = ("stop-sharing", "remove-name", "erase")
MAX_NOTICE: Final = 256 * KIB
MAX_BUNDLES: Final = 1000

_FIRST_LINE: Final = "testimony-vault withdrawal v1"
_WHERE: Final = "withdrawal"
_YES_NO: Final = re.compile(r"yes|no")
_ASKED: Final = re.compile("|".join(ASKED))
_PARTY: Final = re.compile(rf"({CODE.pattern}) ([0-9]{{4}}(?: [0-9]{{4}}){{9}})")
_PURPOSE: Final = re.compile(r"[^\n]{1,200}")
_TIME: Final = re.compile(r"[0-9T:+-]{25}")


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who sends or receives a notice: the code of the card and its forty digits."""

    code: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What is asked about one record in these bundles; `purpose` is None where it is about every purpose."""

    practice: bool
    record_id: str
    asks: Asked
    purpose: str | None
    sender: Party
    receiver: Party
    at: datetime
    bundles: tuple[str, ...]

    def text(self) -> bytes:
        """The lines that are signed."""
        lines = [
            _FIRST_LINE,
            f"practice: {'yes' if self.practice else 'no'}",
            f"record: {self.record_id}",
            f"asks: {self.asks}",
            *([] if self.purpose is None else [f"purpose: {self.purpose}"]),
            f"sender: {self.sender.code} {self.sender.fingerprint}",
            f"receiver: {self.receiver.code} {self.receiver.fingerprint}",
            f"claimed-time: {moment_text(self.at)}",
            *(f"bundle: {bundle}" for bundle in self.bundles),
        ]
        return "".join(f"{line}\n" for line in lines).encode("utf-8")

    def to_text(self, identity: Identity) -> bytes:
        """The notice as a file: the lines and both signatures.

        Raises:
            WithdrawalError: The identity is not the sender's, or the notice cannot be ("spelling").
        """
        if identity.public.fingerprint != self.sender.fingerprint:
            raise WithdrawalError("withdrawal-sender", self.sender.code)
        text = self.text()
        data = with_signatures(text, identity.sign(text, WITHDRAWAL))
        parse_notice(data)
        return data


@dataclass(frozen=True, kw_only=True)
class SignedNotice:
    """A notice that was read and not yet believed: `check` gives it out."""

    sender: Party
    _notice: Notice = field(repr=False)
    _signatures: Signatures = field(repr=False)

    def check(self, sender: PublicIdentity) -> Notice:
        """The notice, when this sender signed it.

        Raises:
            WithdrawalError: It names another sender, or one of its signatures fails.
        """
        if sender.fingerprint != self.sender.fingerprint:
            raise WithdrawalError("withdrawal-sender", _WHERE)
        try:
            check_signatures(self._notice.text(), self._signatures, WITHDRAWAL, sender)
        except KeysError as error:
            raise WithdrawalError("withdrawal-signature", _WHERE) from error
        return self._notice


def parse_notice(data: bytes) -> SignedNotice:
    """The notice in a file, from its one accepted spelling, its signatures not yet checked.

    Raises:
        WithdrawalError: Too long or spelled otherwise.
    """
    if len(data) > MAX_NOTICE:
        raise WithdrawalError("limit", _WHERE)
    text, signatures = split_signatures(data, _WHERE, WithdrawalError)
    lines = TextLines(text, _WHERE, WithdrawalError)
    notice = lines.made(lambda: _read(lines))
    lines.end()
    ordered = 1 <= len(notice.bundles) <= MAX_BUNDLES and list(notice.bundles) == sorted(set(notice.bundles))
    if not ordered or notice.text() != text or not (notice.purpose is None or is_purpose(notice.purpose)):
        raise WithdrawalError("spelling", _WHERE)
    return SignedNotice(sender=notice.sender, _notice=notice, _signatures=signatures)


def _read(lines: TextLines) -> Notice:
    lines.literal(_FIRST_LINE)
    return Notice(
        practice=lines.value("practice", _YES_NO) == "yes",
        record_id=lines.value("record", RECORD_ID),
        asks=cast("Asked", lines.value("asks", _ASKED)),
        purpose=lines.optional("purpose", _PURPOSE),
        sender=_party(lines.value("sender", _PARTY)),
        receiver=_party(lines.value("receiver", _PARTY)),
        at=moment(lines.value("claimed-time", _TIME)),
        bundles=tuple(lines.values("bundle", BUNDLE_ID)),
    )


def _party(value: str) -> Party:
    code, fingerprint = value.split(" ", 1)
    return Party(code=code, fingerprint=fingerprint)
