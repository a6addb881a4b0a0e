"""An identity: the keys by which one device, body or person signs and opens what is sealed to it."""

from typing import Final

from keys._primitives import ed25519_public, ed25519_sign
from keys.chance import random_secret
from keys.composite import composite_public, composite_sign
from keys.errors import KeyFormatError, SignatureError
from keys.public_identity import PublicIdentity
from keys.recipients import HybridIdentity
from keys.secret import Secret
from keys.signature import Signatures, check_namespace
from keys.sshsig import ED25519, HYBRID, SshSignature, armored, signed_bytes

__all__ = ["Identity", "PublicIdentity"]

SECRET_SIZE: Final = 128
_SEED: Final = 32
_SSHSIG_MAGIC: Final = b"SSHSIG"


class Identity:
    """Three private keys from four seeds: Ed25519, hybrid signing (ML-DSA-44 and its own Ed25519), age."""

    __slots__ = ("_age", "_ed25519", "_hybrid", "_public")

    def __init__(self, secret: Secret) -> None:
        if len(secret) != SECRET_SIZE:
            raise KeyFormatError("identity", "of the wrong length")
        content = secret.reveal()
        self._ed25519 = Secret(content[:_SEED])
        self._hybrid = Secret(content[_SEED : 3 * _SEED])
        self._age = Secret(content[3 * _SEED :])
        self._public = PublicIdentity(
            ed25519=ed25519_public(self._ed25519.reveal()),
            hybrid=composite_public(self._hybrid),
            recipient=self.opener().recipient(),
        )

    @classmethod
    def generate(cls) -> "Identity":
        """A new identity."""
        return cls(random_secret(SECRET_SIZE))

    @classmethod
    def from_secret(cls, secret: Secret) -> "Identity":
        """The identity whose `secret` this is.

        Raises:
            KeyFormatError: The secret is not 128 bytes.
        """
        return cls(secret)

    def secret(self) -> Secret:
        """All four seeds, 128 bytes: what a vault keeps."""
        return Secret(self._ed25519.reveal() + self._hybrid.reveal() + self._age.reveal())

    @property
    def public(self) -> PublicIdentity:
        """The public half."""
        return self._public

    def sign(self, text: bytes, namespace: str) -> Signatures:
        """Both signature files over `text`.

        Raises:
            SignatureError: The namespace is none of `keys.signature.NAMESPACES`.
        """
        check_namespace(namespace)
        message = signed_bytes(text, namespace)
        plain = ed25519_sign(self._ed25519.reveal(), message)
        hybrid = composite_sign(self._hybrid, message)
        return Signatures(
            ed25519=_file(ED25519, self._public.ed25519, namespace, plain),
            hybrid=_file(HYBRID, self._public.hybrid, namespace, hybrid),
        )

    def sign_raw(self, data: bytes) -> bytes:
        """A plain Ed25519 signature over `data`, for the C2SP signed note.

        Raises:
            SignatureError: The data could pass for the inside of an SSHSIG file.
        """
        if data.startswith(_SSHSIG_MAGIC):
            raise SignatureError("these bytes are signed as an SSHSIG file only")
        return ed25519_sign(self._ed25519.reveal(), data)

    def opener(self) -> HybridIdentity:
        """The private age key, to open what was sealed to this identity."""
        return HybridIdentity(self._age)

    def age_secret(self) -> Secret:
        """The private age key as text, `AGE-SECRET-KEY-PQ-1…`, for a stock `age`."""
        return self.opener().secret()

    def wipe(self) -> None:
        """Overwrite the seeds held here; the identity cannot sign or open any more."""
        for seed in (self._ed25519, self._hybrid, self._age):
            seed.wipe()

    def __repr__(self) -> str:
        return "Identity(private)"


def _file(algorithm: str, public_key: bytes, namespace: str, signature: bytes) -> bytes:
    return armored(SshSignature(algorithm=algorithm, public_key=public_key, namespace=namespace, signature=signature))
