"""A second, plain writer of age files, written from the specification: it can write what the product cannot."""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys.recipients import HybridIdentity, HybridRecipient
from keys.secret import Secret

CHUNK = 65536


def bare_base64(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")


def stanza(arguments: Sequence[bytes], body: bytes) -> bytes:
    text = bare_base64(body)
    lines = [text[start : start + 64] for start in range(0, len(text) + 1, 64)]
    return b"\n".join([b"-> " + b" ".join(arguments), *lines]) + b"\n"


@dataclass
class AgeFile:
    """An age file in pieces; each piece may be replaced before it is put together."""

    recipient: str
    text: bytes = b"words invented for practice\n"
    file_key: bytes = bytes(range(16))
    nonce: bytes = bytes(range(16, 32))
    version: bytes = b"age-encryption.org/v1\n"
    stanzas: list[bytes] = field(default_factory=list)
    end: bytes = b"--- "
    after_mac: bytes = b"\n"
    mac: bytes | None = None
    flags: dict[int, int] = field(default_factory=dict)

    def wrapped(self, file_key: bytes | None = None) -> tuple[bytes, bytes]:
        """Encapsulation and body of a good hybrid stanza."""
        made = HybridRecipient.parse(self.recipient).wrap(Secret(file_key or self.file_key))
        return made.arguments[1], made.body

    def hybrid_stanza(self, file_key: bytes | None = None) -> bytes:
        encapsulation, body = self.wrapped(file_key)
        return stanza([b"mlkem768x25519", encapsulation], body)

    def cipher(self) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(HKDF(SHA256(), 32, self.nonce, b"payload").derive(self.file_key))

    def chunks(self) -> list[bytes]:
        """The sealed chunks; `flags` may give a chunk another last-chunk flag."""
        cipher = self.cipher()
        parts = [self.text[start : start + CHUNK] for start in range(0, len(self.text), CHUNK)] or [b""]
        flags = {len(parts) - 1: 1} | self.flags
        return [
            cipher.encrypt(number.to_bytes(11, "big") + bytes([flags.get(number, 0)]), part, None)
            for number, part in enumerate(parts)
        ]

    def header(self) -> bytes:
        covered = self.version + b"".join(self.stanzas or [self.hybrid_stanza()]) + b"---"
        key = HKDF(SHA256(), 32, None, b"header").derive(self.file_key)
        mac = bare_base64(hmac.digest(key, covered, "sha256")) if self.mac is None else self.mac
        return covered + self.end[3:] + mac + self.after_mac

    def build(self) -> bytes:
        return self.header() + self.nonce + b"".join(self.chunks())


@pytest.fixture(scope="session")
def reader() -> HybridIdentity:
    return HybridIdentity(Secret(b"practice key, invented, 32 bytes"))


@pytest.fixture
def age_file(reader: HybridIdentity) -> AgeFile:
    return AgeFile(recipient=reader.recipient())
