"""A cosignature: a colleague's device signs the head of another's log that it saw (docs/format/cosignature-v1.md)."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from keys.digests import DIGEST_SIZE
from keys.errors import KeysError
from keys.identity import Identity
from keys.public_identity import PublicIdentity
from keys.signature import COSIGNATURE, Signatures, check_signatures
from testimony.bundle.names import SHA256
from testimony.card import CODE
from testimony.custody.checkpoint import MAX_CHECKPOINT, Checkpoint
from testimony.custody.growth import MAX_GROWTH, Growth
from testimony.errors import AnchorError, CustodyError
from testimony.merkle import MAX_PATH
from testimony.text_lines import TextLines, moment, moment_text, number, split_signatures, with_signatures

MAX_COSIGNATURE: Final = 64 * 1024
MAX_HEAD_FILE: Final = MAX_CHECKPOINT + MAX_GROWTH * (16 + MAX_PATH * 45)

_FIRST_LINE: Final = "testimony-vault cosignature v1"
_ORIGIN: Final = re.compile(r"testimony-vault\.invalid/device/[0-9]{40}")
_SIZE: Final = re.compile(r"[0-9]{1,16}")
_COSIGNER: Final = re.compile(rf"({CODE.pattern}) ([0-9]{{4}}(?: [0-9]{{4}}){{9}})")
_TIME: Final = re.compile(r"[0-9T:+-]{25}")
_OLD: Final = re.compile(rb"old (0|[1-9][0-9]{0,9})")
_HASH_TEXT: Final = 44


@dataclass(frozen=True, kw_only=True)
class Cosignature:
    """Whose log was seen, how long and with which root; by which device, by its code and forty digits; and when."""

    checkpoint: Checkpoint
    cosigner: str
    fingerprint: str
    at: datetime

    def text(self) -> bytes:
        """The lines that are signed."""
        lines = [
            _FIRST_LINE,
            f"custody-origin: {self.checkpoint.origin}",
            f"custody-size: {self.checkpoint.size}",
            f"custody-root: {self.checkpoint.root.hex()}",
            f"cosigner: {self.cosigner} {self.fingerprint}",
            f"seen: {moment_text(self.at)}",
        ]
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    def to_text(self, identity: Identity) -> bytes:
        """The file: the lines and both signatures.

        Raises:
            AnchorError: The identity is not the cosigner's.
        """
        if identity.public.fingerprint != self.fingerprint:
            raise AnchorError("cosigner", self.cosigner)
        text = self.text()
        return with_signatures(text, identity.sign(text, COSIGNATURE))


@dataclass(frozen=True, kw_only=True)
class SignedCosignature:
    """A cosignature that was read and not yet believed: `check` gives it out."""

    fingerprint: str
    _cosignature: Cosignature = field(repr=False)
    _signatures: Signatures = field(repr=False)

    def check(self, cosigner: PublicIdentity) -> Cosignature:
        """The cosignature, when this cosigner signed it.

        Raises:
            AnchorError: Somebody else did, or a signature does not hold.
        """
        if cosigner.fingerprint != self.fingerprint:
            raise AnchorError("cosigner", "cosignature")
        try:
            check_signatures(self._cosignature.text(), self._signatures, COSIGNATURE, cosigner)
        except KeysError as error:
            raise AnchorError("signature", "cosignature") from error
        return self._cosignature


def parse_cosignature(data: bytes) -> SignedCosignature:
    """The cosignature in a file, from its one accepted spelling, its signatures not yet checked.

    Raises:
        AnchorError: Too long or spelled otherwise.
    """
    if len(data) > MAX_COSIGNATURE:
        raise AnchorError("too-long", "cosignature")
    text, signatures = split_signatures(data, "cosignature", AnchorError)
    lines = TextLines(text, "cosignature", AnchorError)
    try:
        found = lines.made(lambda: _read(lines))
    except CustodyError:
        raise AnchorError("spelling", "cosignature") from None
    lines.end()
    if not text.isascii() or found.text() != text:
        raise AnchorError("spelling", "cosignature")
    return SignedCosignature(fingerprint=found.fingerprint, _cosignature=found, _signatures=signatures)


def head_file(note: bytes, growth: Sequence[Growth]) -> bytes:
    """The file that goes to a colleague: proofs of growth, an empty line, the signed checkpoint."""
    lines: list[bytes] = []
    for one in growth or (Growth(since=0, path=()),):
        lines.append(b"old %d" % one.since)
        lines += [b64encode(step) for step in one.path]
    return b"".join(line + b"\n" for line in lines) + b"\n" + note


def parse_head_file(data: bytes) -> tuple[bytes, tuple[Growth, ...]]:
    """The signed checkpoint of such a file, not yet checked, and the proofs of growth before it.

    Raises:
        AnchorError: Too long or spelled otherwise.
    """
    if len(data) > MAX_HEAD_FILE:
        raise AnchorError("too-long", "checkpoint")
    proofs, _, note = data.partition(b"\n\n")
    growth: list[Growth] = []
    for line in proofs.split(b"\n"):
        old = _OLD.fullmatch(line)
        if old is not None:
            growth.append(Growth(since=int(old[1]), path=()))
        elif growth:
            last = growth.pop()
            growth.append(Growth(since=last.since, path=(*last.path, _hash(line))))
        if not growth or len(growth) > MAX_GROWTH or len(growth[-1].path) > MAX_PATH:
            raise AnchorError("spelling", "checkpoint")
    found = tuple(one for one in growth if one.since)
    if head_file(note, found) != data:
        raise AnchorError("spelling", "checkpoint")
    return note, found


def _read(lines: TextLines) -> Cosignature:
    lines.literal(_FIRST_LINE)
    checkpoint = Checkpoint(
        origin=lines.value("custody-origin", _ORIGIN),
        size=number(lines.value("custody-size", _SIZE)),
        root=bytes.fromhex(lines.value("custody-root", SHA256)),
    )
    cosigner, fingerprint = lines.value("cosigner", _COSIGNER).split(" ", 1)
    at = moment(lines.value("seen", _TIME))
    return Cosignature(checkpoint=checkpoint, cosigner=cosigner, fingerprint=fingerprint, at=at)


def _hash(line: bytes) -> bytes:
    try:
        step = b64decode(line, validate=True)
    except (Base64Error, ValueError):
        raise AnchorError("spelling", "checkpoint") from None
    if len(line) != _HASH_TEXT or len(step) != DIGEST_SIZE:
        raise AnchorError("spelling", "checkpoint")
    return step
