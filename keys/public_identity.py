"""The public half of an identity: three keys and the fingerprint a person compares."""

from dataclasses import dataclass
from typing import Final

from keys.digests import lp, sha256
from keys.digits import forty_digits
from keys.errors import KeyFormatError
from keys.recipients import HybridRecipient
from keys.sshsig import ED25519, HYBRID, PUBLIC_SIZES, public_line

_FINGERPRINT_LABEL: Final = b"testimony/key/v1\x00"
_FIELD_PRIME: Final = 2**255 - 19

# The y coordinates of the eight points of small order: one signature under them fits many texts.
_ORDER_EIGHT: Final = 55188659117513257062467267217118295137698188065244968500265048394206261417927
_SMALL_ORDER: Final = frozenset({0, 1, _FIELD_PRIME - 1, _ORDER_EIGHT, _FIELD_PRIME - _ORDER_EIGHT})


@dataclass(frozen=True, kw_only=True)
class PublicIdentity:
    """The keys by which a device, a body or a person is known.

    `ed25519` is 32 bytes, `hybrid` 1344 bytes (ML-DSA-44, then its own Ed25519), `recipient` is `age1pq1…`.
    """

    ed25519: bytes
    hybrid: bytes
    recipient: str

    def __post_init__(self) -> None:
        check_ed25519_point(self.ed25519)
        if len(self.hybrid) != PUBLIC_SIZES[HYBRID]:
            raise KeyFormatError("hybrid signing key", "of the wrong length")
        check_ed25519_point(self.hybrid[-32:])
        if self.hybrid[-32:] == self.ed25519:
            raise KeyFormatError("hybrid signing key", "its Ed25519 half is the plain key")
        if str(HybridRecipient.parse(self.recipient)) != self.recipient:
            raise KeyFormatError("recipient", "not spelled in small letters without blanks")

    @property
    def fingerprint(self) -> str:
        """Forty digits in groups of four: the same for the same three keys, and for no others."""
        keys = lp(self.ed25519, self.hybrid, self.recipient.encode("ascii"))
        return forty_digits(sha256(_FINGERPRINT_LABEL + keys))

    @property
    def recipient_digest(self) -> str:
        """The SHA-256 of the recipient's text, in hex."""
        return sha256(self.recipient.encode("ascii")).hex()

    def ssh_ed25519_line(self) -> str:
        """The Ed25519 key as OpenSSH writes it."""
        return public_line(ED25519, self.ed25519)

    def ssh_hybrid_line(self) -> str:
        """The hybrid signing key as OpenSSH 10.4 and later writes it."""
        return public_line(HYBRID, self.hybrid)


def check_ed25519_point(public: bytes) -> None:
    """Nothing, when the bytes may stand for an Ed25519 key.

    Raises:
        KeyFormatError: Wrong length, not the one spelling of a point, or a point of small order.
    """
    if len(public) != PUBLIC_SIZES[ED25519]:
        raise KeyFormatError("Ed25519 key", "of the wrong length")
    y = int.from_bytes(public, "little") & ((1 << 255) - 1)
    if y >= _FIELD_PRIME:
        raise KeyFormatError("Ed25519 key", "not spelled in the one allowed way")
    if y in _SMALL_ORDER:
        raise KeyFormatError("Ed25519 key", "a point of small order")
