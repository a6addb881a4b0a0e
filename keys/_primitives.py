"""The door to `cryptography`: the published primitives this product uses, and no other."""

import hashlib
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["InvalidSignature", "InvalidTag"]

TAG_SIZE: Final = 16
MLDSA_PUBLIC_SIZE: Final = 1312
MLDSA_SIGNATURE_SIZE: Final = 2420
ED25519_PUBLIC_SIZE: Final = 32
ED25519_SIGNATURE_SIZE: Final = 64
MLKEM_PUBLIC_SIZE: Final = 1184
HYBRID_PUBLIC_SIZE: Final = 1216
HYBRID_ENC_SIZE: Final = 1120
_MLKEM_CIPHERTEXT_SIZE: Final = 1088

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class StreamCipher(Protocol):
    """The part of ChaCha20-Poly1305 that a stream of chunks needs."""

    def encrypt_into(self, nonce: bytes, data: memoryview, aad: bytes | None, buf: memoryview, /) -> int:
        """Encrypt `data` into `buf` and give the number of bytes written."""

    def decrypt_into(self, nonce: bytes, data: memoryview, aad: bytes | None, buf: memoryview, /) -> int:
        """Decrypt `data` into `buf` and give the number of bytes written; raise InvalidTag."""


def hkdf(secret: bytes, *, salt: bytes | None, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869); no salt means 32 zero bytes."""
    return HKDF(SHA256(), length, salt, info).derive(secret)


def chacha20poly1305(key: bytes) -> StreamCipher:
    """ChaCha20-Poly1305 (RFC 8439) under one key; it lets other threads run while it works."""
    return ChaCha20Poly1305(key)


def aead_seal(key: bytes, nonce: bytes, plain: bytes, aad: bytes | None) -> bytes:
    """One message under ChaCha20-Poly1305, tag last."""
    return ChaCha20Poly1305(key).encrypt(nonce, plain, aad)


def aead_open(key: bytes, nonce: bytes, sealed: bytes, aad: bytes | None) -> bytes:
    """The plain message.

    Raises:
        InvalidTag: Key, nonce, message or `aad` is not the one it was sealed with.
    """
    return ChaCha20Poly1305(key).decrypt(nonce, sealed, aad)


def ed25519_public(seed: bytes) -> bytes:
    """The public key of an Ed25519 seed (RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    """An Ed25519 signature, 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def ed25519_verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Nothing, when the signature holds.

    Raises:
        InvalidSignature: It does not.
    """
    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)


def mldsa_public(seed: bytes) -> bytes:
    """The public key of an ML-DSA-44 seed (FIPS 204), 1312 bytes."""
    return MLDSA44PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()


def mldsa_sign(seed: bytes, message: bytes, context: bytes) -> bytes:
    """An ML-DSA-44 signature with a context string, 2420 bytes."""
    return MLDSA44PrivateKey.from_seed_bytes(seed).sign(message, context=context)


def mldsa_verify(public: bytes, signature: bytes, message: bytes, context: bytes) -> None:
    """Nothing, when the signature holds.

    Raises:
        InvalidSignature: It does not.
    """
    MLDSA44PublicKey.from_public_bytes(public).verify(signature, message, context=context)


def x25519_public(secret: bytes) -> bytes:
    """The public point of an X25519 secret (RFC 7748)."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def x25519_shared(secret: bytes, point: bytes) -> bytes:
    """The shared secret.

    Raises:
        ValueError: The point has low order: the result would be all zeros whatever the secret.
    """
    return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(point))


def hybrid_public(seed: bytes) -> bytes:
    """The MLKEM768-X25519 public key of a 32-byte seed, 1216 bytes."""
    mlkem, x25519 = _expand(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def check_hybrid_public(public: bytes) -> None:
    """Nothing, when the key can be sealed to.

    Raises:
        ValueError: The ML-KEM part is not canonical or the X25519 part has low order.
    """
    MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_SIZE]).encapsulate()
    x25519_shared(b"\x01" * 32, public[MLKEM_PUBLIC_SIZE:])


def hybrid_wrap(public: bytes, plain: bytes, info: bytes) -> bytes:
    """HPKE (RFC 9180) base mode to an MLKEM768-X25519 key: encapsulation (1120 bytes), then the sealed message."""
    key = MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_SIZE]),
        X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_SIZE:]),
    )
    return _SUITE.encrypt(plain, key, info=info)


def hybrid_unwrap(seed: bytes, sealed: bytes, info: bytes) -> bytes:
    """The message of `hybrid_wrap`.

    Raises:
        InvalidTag: It was sealed to another key, or changed.
        ValueError: The X25519 share has low order.
    """
    mlkem, x25519 = _expand(seed)
    try:
        return _SUITE.decrypt(sealed, MLKEM768X25519PrivateKey(mlkem, x25519), info=info)
    except InvalidTag:
        # The library says InvalidTag for an all-zero share too, where age asks for an abort.
        x25519.exchange(X25519PublicKey.from_public_bytes(sealed[_MLKEM_CIPHERTEXT_SIZE:HYBRID_ENC_SIZE]))
        raise


def scrypt(passphrase: bytes, salt: bytes, log_n: int) -> bytes:
    """Scrypt (RFC 7914) with r = 8, p = 1, 32 bytes."""
    memory = (128 * 8 << log_n) + (1 << 26)
    return hashlib.scrypt(passphrase, salt=salt, n=1 << log_n, r=8, p=1, maxmem=memory, dklen=32)


def _expand(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """The two private keys of a hybrid seed: SHAKE256, 64 bytes for ML-KEM and 32 for X25519."""
    expanded = hashlib.shake_256(seed).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])
