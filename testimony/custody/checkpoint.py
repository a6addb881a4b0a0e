"""A log's head, signed: a C2SP tlog-checkpoint in a C2SP signed note (docs/format/custody-v1.md, section 6)."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import Final

from keys.digests import DIGEST_SIZE, sha256
from keys.digits import forty_digits, ungrouped
from keys.errors import SignatureError
from keys.identity import Identity
from keys.public_identity import PublicIdentity
from keys.signature import verify_raw
from testimony.custody.log import MAX_ENTRIES, LogSummary
from testimony.errors import CustodyError

MAX_CHECKPOINT: Final = 1024
_ED25519_TYPE: Final = b"\x01"
_HEAD_LABEL: Final = b"testimony/head/v1\x00"
_ORIGIN_PREFIX: Final = "testimony-vault.invalid/device/"
_ORIGIN: Final = re.compile(re.escape(_ORIGIN_PREFIX) + r"[0-9]{40}")
_TEXT: Final = re.compile(
    r"(?P<text>(?P<origin>[!-~]{1,128})\n(?P<size>0|[1-9][0-9]{0,9})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)"
)
_NOTE: Final = re.compile(_TEXT.pattern + r"\n— (?P<name>[!-~]{1,128}) (?P<signature>[A-Za-z0-9+/]{91}=)\n")
_SIGNATURE_SIZE: Final = 68


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The log of `origin` at one size, with its root of 32 bytes."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if _ORIGIN.fullmatch(self.origin) is None:
            raise CustodyError(None, "origin")
        if not 0 <= self.size <= MAX_ENTRIES or len(self.root) != DIGEST_SIZE:
            raise CustodyError(None, "checkpoint")

    def text(self) -> bytes:
        """What is signed: origin, size and root, a line each."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode('ascii')}\n".encode("ascii")

    def signed(self, identity: Identity) -> bytes:
        """The note, signed with the plain Ed25519 key of the device.

        Raises:
            CustodyError: The log is another device's.
        """
        if self.origin != origin_of(identity.public):
            raise CustodyError(None, "origin")
        blob = _key_id(self.origin, identity.public) + identity.sign_raw(self.text())
        return self.text() + f"\n— {self.origin} {b64encode(blob).decode('ascii')}\n".encode()


def origin_of(public: PublicIdentity) -> str:
    """The name of a device's log.  The domain `.invalid` belongs to nobody, for ever (RFC 2606)."""
    return origin_of_digits(public.fingerprint)


def origin_of_digits(fingerprint: str) -> str:
    """The same, of a device known by its forty digits alone."""
    return _ORIGIN_PREFIX + ungrouped(fingerprint)


def parse_checkpoint(note: bytes, signer: PublicIdentity) -> Checkpoint:
    """The checkpoint in a note, which this device signed.

    Raises:
        CustodyError: The note is not spelled as `signed` spells it, is of another device, or its signature fails.
    """
    found = _NOTE.fullmatch(_ascii_note(note))
    if found is None:
        raise CustodyError(None, "checkpoint")
    checkpoint = Checkpoint(origin=found["origin"], size=int(found["size"]), root=_base64(found["root"]))
    if checkpoint.origin != origin_of(signer) or found["name"] != checkpoint.origin:
        raise CustodyError(None, "origin")
    blob = _base64(found["signature"])
    if len(blob) != _SIGNATURE_SIZE or blob[:4] != _key_id(checkpoint.origin, signer):
        raise CustodyError(None, "checkpoint-signature")
    try:
        verify_raw(signer.ed25519, blob[4:], found["text"].encode("ascii"))
    except SignatureError as error:
        raise CustodyError(None, "checkpoint-signature") from error
    return checkpoint


def origin_in(note: bytes) -> str:
    """The origin that a note names, nothing of it checked: by it a reader finds the key.

    Raises:
        CustodyError: The note is not spelled as `signed` spells it.
    """
    found = _NOTE.fullmatch(_ascii_note(note))
    if found is None or _ORIGIN.fullmatch(found["origin"]) is None:
        raise CustodyError(None, "checkpoint")
    return found["origin"]


def parse_text(text: bytes) -> Checkpoint:
    """The checkpoint in its three lines alone, which a digest elsewhere proves.

    Raises:
        CustodyError: They are not spelled as `text` spells them.
    """
    found = _TEXT.fullmatch(_ascii_note(text))
    if found is None:
        raise CustodyError(None, "checkpoint")
    return Checkpoint(origin=found["origin"], size=int(found["size"]), root=_base64(found["root"]))


def check_against(summary: LogSummary, checkpoint: Checkpoint) -> None:
    """Nothing, when a whole log is the one of the checkpoint: no entry gone from its end, none changed.

    Raises:
        CustodyError: The size or the root is another.
    """
    if summary.size != checkpoint.size:
        raise CustodyError(min(summary.size, checkpoint.size), "size")
    if summary.root != checkpoint.root:
        raise CustodyError(None, "root")


def head_digits(checkpoint: Checkpoint) -> str:
    """The head as forty digits, to be written on paper or read aloud."""
    return forty_digits(sha256(_HEAD_LABEL + checkpoint.text()))


def _key_id(name: str, public: PublicIdentity) -> bytes:
    # C2SP signed-note: the key name, a line feed, the signature type, the key.
    return sha256(name.encode("ascii") + b"\n" + _ED25519_TYPE + public.ed25519)[:4]


def _ascii_note(note: bytes) -> str:
    if len(note) > MAX_CHECKPOINT:
        raise CustodyError(None, "too-long")
    try:
        return note.decode("utf-8")
    except UnicodeDecodeError:
        raise CustodyError(None, "checkpoint") from None


def _base64(text: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        raise CustodyError(None, "checkpoint") from None
    if b64encode(data).decode("ascii") != text:
        raise CustodyError(None, "checkpoint")
    return data
