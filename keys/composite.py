"""The hybrid signature ML-DSA-44 with Ed25519: it holds while either of the two holds.

Source: draft-ietf-lamps-pq-composite-sigs, id-MLDSA44-Ed25519-SHA512, with an empty application context.
"""

import hashlib
from typing import Final

from keys._primitives import (
    MLDSA_PUBLIC_SIZE,
    MLDSA_SIGNATURE_SIZE,
    ed25519_public,
    ed25519_sign,
    ed25519_verify,
    mldsa_public,
    mldsa_sign,
    mldsa_verify,
)
from keys.secret import Secret

SEED_SIZE: Final = 64
_SEED_HALF: Final = 32
_PREFIX: Final = b"CompositeAlgorithmSignatures2025"
_LABEL: Final = b"COMPSIG-MLDSA44-Ed25519-SHA512"


def composite_public(seed: Secret) -> bytes:
    """The public key of an ML-DSA seed followed by an Ed25519 seed: 1312 + 32 bytes."""
    return mldsa_public(seed.reveal()[:_SEED_HALF]) + ed25519_public(seed.reveal()[_SEED_HALF:])


def composite_sign(seed: Secret, message: bytes) -> bytes:
    """Both signatures, one behind the other: 2420 + 64 bytes."""
    both = _representative(message, b"")
    return mldsa_sign(seed.reveal()[:_SEED_HALF], both, _LABEL) + ed25519_sign(seed.reveal()[_SEED_HALF:], both)


def composite_verify(public: bytes, signature: bytes, message: bytes, *, context: bytes = b"") -> None:
    """Nothing, when both signatures hold.

    Raises:
        InvalidSignature: One of them does not.
    """
    both = _representative(message, context)
    mldsa_verify(public[:MLDSA_PUBLIC_SIZE], signature[:MLDSA_SIGNATURE_SIZE], both, _LABEL)
    ed25519_verify(public[MLDSA_PUBLIC_SIZE:], signature[MLDSA_SIGNATURE_SIZE:], both)


def _representative(message: bytes, context: bytes) -> bytes:
    return _PREFIX + _LABEL + bytes([len(context)]) + context + hashlib.sha512(message).digest()
