"""Hybrid age keys and the header stanzas made with them (docs/format/sealing-v1.md, section 3).

Source: C2SP age.md, "The mlkem768x25519 recipient type".
"""

from collections.abc import Sequence
from typing import Final

from keys._primitives import (
    HYBRID_ENC_SIZE,
    HYBRID_PUBLIC_SIZE,
    TAG_SIZE,
    InvalidTag,
    check_hybrid_public,
    hybrid_public,
    hybrid_unwrap,
    hybrid_wrap,
)
from keys.age_header import Stanza, encode_base64, stanza_base64
from keys.bech32 import decode, encode
from keys.chance import random_secret
from keys.errors import HeaderError, KeyFormatError
from keys.secret import Secret

FILE_KEY_SIZE: Final = 16
HYBRID_TYPE: Final = b"mlkem768x25519"
_INFO: Final = b"age-encryption.org/mlkem768x25519"
_PUBLIC_PREFIX: Final = "age1pq"
_SECRET_PREFIX: Final = "AGE-SECRET-KEY-PQ-"  # noqa: S105  # the public name of a private kind
_SEED_SIZE: Final = 32
_WRAPPED_SIZE: Final = FILE_KEY_SIZE + TAG_SIZE


class HybridRecipient:
    """A public age key that files are sealed to: ML-KEM-768 with X25519."""

    __slots__ = ("_public",)

    def __init__(self, public: bytes) -> None:
        if len(public) != HYBRID_PUBLIC_SIZE:
            raise KeyFormatError("recipient", "of the wrong length")
        try:
            check_hybrid_public(public)
        except ValueError:
            raise KeyFormatError("recipient", "a key that nothing may be sealed to") from None
        self._public = public

    @classmethod
    def parse(cls, text: str) -> "HybridRecipient":
        """The recipient written as `age1pq1…`; blanks and line ends around it are tolerated.

        Raises:
            KeyFormatError: It is something else: a private key, a classical key, or mistyped.
            LimitError: It is too long for any key.
        """
        prefix, public = decode(text.strip(" \t\r\n"))
        if prefix.upper().startswith("AGE-SECRET-KEY"):
            raise KeyFormatError("recipient", "a private key was given where a public key belongs")
        if prefix == "age":
            raise KeyFormatError("recipient", "a classical key: only hybrid keys (age1pq1…) are sealed to")
        if prefix != _PUBLIC_PREFIX:
            raise KeyFormatError("recipient", "not an age1pq1… key in small letters")
        return cls(public)

    def wrap(self, file_key: Secret) -> Stanza:
        """The header stanza that gives the file key to this recipient alone."""
        sealed = hybrid_wrap(self._public, file_key.reveal(), _INFO)
        return Stanza(
            arguments=(HYBRID_TYPE, encode_base64(sealed[:HYBRID_ENC_SIZE])),
            body=sealed[HYBRID_ENC_SIZE:],
        )

    def __str__(self) -> str:
        return encode(_PUBLIC_PREFIX, self._public)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HybridRecipient) and self._public == other._public

    def __hash__(self) -> int:
        return hash(self._public)


class HybridIdentity:
    """A private age key: the 32-byte seed of a hybrid key pair."""

    __slots__ = ("_seed",)

    def __init__(self, seed: Secret) -> None:
        if len(seed) != _SEED_SIZE:
            raise KeyFormatError("age identity", "of the wrong length")
        self._seed = seed

    @classmethod
    def generate(cls) -> "HybridIdentity":
        """A new key pair."""
        return cls(random_secret(_SEED_SIZE))

    @classmethod
    def parse(cls, text: Secret | str) -> "HybridIdentity":
        """The identity written as `AGE-SECRET-KEY-PQ-1…`; blanks and line ends around it are tolerated.

        Raises:
            KeyFormatError: It is something else: a public key, a classical key, or mistyped.
            LimitError: It is too long for any key.
        """
        written = text.reveal().decode("ascii", "replace") if isinstance(text, Secret) else text
        prefix, seed = decode(written.strip(" \t\r\n"))
        if prefix.lower().startswith("age1") or prefix.lower() in ("age", _PUBLIC_PREFIX):
            raise KeyFormatError("age identity", "a public key was given where a private key belongs")
        if prefix != _SECRET_PREFIX:
            raise KeyFormatError("age identity", "not an AGE-SECRET-KEY-PQ-1… key in capital letters")
        return cls(Secret(seed))

    def recipient(self) -> str:
        """The public key, as text."""
        return str(self.public())

    def public(self) -> HybridRecipient:
        """The public key."""
        return HybridRecipient(hybrid_public(self._seed.reveal()))

    def secret(self) -> Secret:
        """The private key, as text in a secret."""
        return Secret(encode(_SECRET_PREFIX, self._seed.reveal()).encode("ascii"))

    def unwrap(self, stanzas: Sequence[Stanza]) -> Secret | None:
        """The file key, when one of the stanzas is for this key; otherwise None.

        Raises:
            HeaderError: A hybrid stanza breaks a rule, whoever it is for.
        """
        for stanza in stanzas:
            if stanza.arguments[0] == HYBRID_TYPE:
                file_key = self._unwrap_one(hybrid_body(stanza))
                if file_key is not None:
                    return file_key
        return None

    def _unwrap_one(self, sealed: bytes) -> Secret | None:
        try:
            return Secret(hybrid_unwrap(self._seed.reveal(), sealed, _INFO))
        except InvalidTag:
            return None
        except ValueError:
            raise HeaderError("a hybrid stanza with a share of low order") from None

    def __repr__(self) -> str:
        return "HybridIdentity(private)"


def hybrid_body(stanza: Stanza) -> bytes:
    """Encapsulation and wrapped key of a hybrid stanza, of the right lengths.

    Raises:
        HeaderError: They are not.
    """
    if len(stanza.arguments) != 2:  # noqa: PLR2004  # the type and the encapsulation
        raise HeaderError("a hybrid stanza with a wrong number of arguments")
    encapsulation = stanza_base64(stanza.arguments[1])
    if len(encapsulation) != HYBRID_ENC_SIZE or len(stanza.body) != _WRAPPED_SIZE:
        raise HeaderError("a hybrid stanza with parts of the wrong length")
    return encapsulation + stanza.body
