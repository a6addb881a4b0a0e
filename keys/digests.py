"""Digests and derivations: SHA-256, HMAC, HKDF (RFC 5869) and the framing used in front of them."""

import hashlib
import hmac

from keys._primitives import hkdf

DIGEST_SIZE = 32


class Digest:
    """A running SHA-256 that counts what it has seen."""

    __slots__ = ("_hash", "_size")

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._size = 0

    def update(self, data: bytes | bytearray | memoryview) -> None:
        """Take in further bytes."""
        self._hash.update(data)
        self._size += len(data)

    def digest(self) -> bytes:
        """The digest of all bytes so far."""
        return self._hash.digest()

    def hexdigest(self) -> str:
        """The digest of all bytes so far, in lower-case hex."""
        return self._hash.hexdigest()

    @property
    def size(self) -> int:
        """How many bytes were taken in."""
        return self._size


def sha256(data: bytes | bytearray | memoryview) -> bytes:
    """The SHA-256 digest of `data`."""
    return hashlib.sha256(data).digest()


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    """The HMAC-SHA256 of `data`, 32 bytes."""
    return hmac.digest(key, data, "sha256")


def hkdf_sha256(secret: bytes, info: bytes, length: int = 32, salt: bytes | None = None) -> bytes:
    """A key of `length` bytes drawn from `secret` for the one use named by `info` (RFC 5869)."""
    return hkdf(secret, salt=salt, info=info, length=length)


def lp(*parts: bytes) -> bytes:
    """Each part behind its length as four big-endian bytes: no two lists of parts give the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def equal(first: bytes, second: bytes) -> bool:
    """Whether two byte strings are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(first, second)
