"""Reading age files of other people: each rule of their stanzas and of text armor, broken alone."""

import base64
import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys.age_classic import PassphraseIdentity, X25519Identity, dearmor, open_any_stream
from keys.bech32 import encode
from keys.errors import ArmorError, HeaderError, KeyFormatError, LimitError, NoMatchError
from keys.recipients import HybridIdentity
from keys.secret import Secret

SECRET = b"practice key of the classic kind"
CLASSIC = X25519Identity(Secret(SECRET))
PASSPHRASE = PassphraseIdentity(Secret(b"practice"))
SALT = bytes(range(16))


def bare(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")


def x25519_stanza(
    file_key: bytes, *, share: bytes | None = None, body: bytes | None = None, kind: bytes = b"X25519"
) -> bytes:
    public = X25519PrivateKey.from_private_bytes(SECRET).public_key().public_bytes_raw()
    throwaway = X25519PrivateKey.from_private_bytes(bytes(range(32)))
    made = throwaway.public_key().public_bytes_raw()
    shared = throwaway.exchange(X25519PublicKey.from_public_bytes(public))
    key = HKDF(SHA256(), 32, made + public, b"age-encryption.org/v1/X25519").derive(shared)
    wrapped = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None) if body is None else body
    return b"-> " + kind + b" " + bare(made if share is None else share) + b"\n" + bare(wrapped) + b"\n"


def scrypt_stanza(file_key: bytes, *, work: bytes = b"10", salt: bytes = SALT, body: bytes | None = None) -> bytes:
    key = hashlib.scrypt(b"practice", salt=b"age-encryption.org/v1/scrypt" + SALT, n=1 << 10, r=8, p=1, dklen=32)
    wrapped = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None) if body is None else body
    return b"-> scrypt " + bare(salt) + b" " + work + b"\n" + bare(wrapped) + b"\n"


def opened(data: bytes, *identities: X25519Identity | PassphraseIdentity | HybridIdentity) -> bytes:
    sink = io.BytesIO()
    open_any_stream(io.BytesIO(data), sink, identities)
    return sink.getvalue()


def test_classical_hybrid_and_passphrase_files_are_read(age_file: Any, reader: HybridIdentity) -> None:
    assert opened(age_file.build(), CLASSIC, reader) == age_file.text
    age_file.stanzas = [b"-> x-grease some thing\n\n", x25519_stanza(age_file.file_key)]
    assert opened(age_file.build(), PASSPHRASE, reader, CLASSIC) == age_file.text
    age_file.stanzas = [scrypt_stanza(age_file.file_key)]
    assert opened(age_file.build(), CLASSIC, PASSPHRASE) == age_file.text


def test_a_file_for_others_says_so(age_file: Any) -> None:
    for stanza in (x25519_stanza(age_file.file_key), scrypt_stanza(age_file.file_key)):
        age_file.stanzas = [stanza]
        with pytest.raises(NoMatchError):
            opened(age_file.build(), X25519Identity(Secret(bytes(range(1, 33)))), PassphraseIdentity(Secret(b"other")))


STANZAS: dict[str, Callable[[bytes], list[bytes]]] = {
    "a short share": lambda key: [x25519_stanza(key, share=bytes(31))],
    "a share of low order": lambda key: [x25519_stanza(key, share=bytes(32))],
    "no share": lambda key: [x25519_stanza(key).replace(b"X25519 ", b"X25519\n", 1)],
    "a second argument": lambda key: [x25519_stanza(key).replace(b"X25519 ", b"X25519 AAAA ", 1)],
    "a long wrapped key": lambda key: [x25519_stanza(key, body=bytes(33))],
    "a file key of 17 bytes": lambda key: [x25519_stanza(key + b"x")],
    "a passphrase beside another stanza": lambda key: [scrypt_stanza(key), x25519_stanza(key)],
    "two passphrases": lambda key: [scrypt_stanza(key), scrypt_stanza(key)],
    "a short salt": lambda key: [scrypt_stanza(key, salt=SALT[:-1])],
    "a work factor of 21": lambda key: [scrypt_stanza(key, work=b"21")],
    "a huge work factor": lambda key: [scrypt_stanza(key, work=b"9" * 30)],
    "a work factor of 0": lambda key: [scrypt_stanza(key, work=b"0")],
    "a work factor with a zero before": lambda key: [scrypt_stanza(key, work=b"010")],
    "a work factor in hex": lambda key: [scrypt_stanza(key, work=b"0xa")],
    "a work factor with a sign": lambda key: [scrypt_stanza(key, work=b"+10")],
    "no work factor": lambda key: [scrypt_stanza(key).replace(b" 10\n", b"\n")],
    "a short wrapped key under a passphrase": lambda key: [scrypt_stanza(key, body=bytes(31))],
}


@pytest.mark.case("KF-03")
@pytest.mark.parametrize("stanzas", STANZAS.values(), ids=STANZAS.keys())
def test_a_stanza_that_breaks_one_rule_is_refused(stanzas: Callable[[bytes], list[bytes]], age_file: Any) -> None:
    age_file.stanzas = stanzas(age_file.file_key)
    with pytest.raises(HeaderError):
        opened(age_file.build(), CLASSIC, PASSPHRASE)


BEGIN, END = b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END AGE ENCRYPTED FILE-----"


def armored(content: bytes, *, columns: int = 64, end_of_line: bytes = b"\n") -> bytes:
    text = base64.b64encode(content)
    lines = [text[start : start + columns] for start in range(0, len(text), columns)]
    return end_of_line.join([BEGIN, *lines, END]) + end_of_line


@pytest.mark.parametrize("size", [0, 1, 47, 48, 49, 1000])
def test_armor_is_read(size: int) -> None:
    content = bytes(range(256)) * 4
    assert dearmor(armored(content[:size])) == content[:size]
    assert dearmor(b" \r\n" + armored(content[:size], end_of_line=b"\r\n") + b"\n\t") == content[:size]


ARMOR: dict[str, bytes] = {
    "nothing": b"",
    "one marker": BEGIN,
    "no end": armored(b"x" * 60)[:-10],
    "text before": b"x" + armored(b"x" * 60),
    "text behind": armored(b"x" * 60) + b"x",
    "another marker": armored(b"x" * 60).replace(b"AGE", b"PGP"),
    "lines of 63": armored(b"x" * 120, columns=63),
    "lines of 76": armored(b"x" * 120, columns=76),
    "an empty line": armored(b"x" * 60).replace(b"\n", b"\n\n", 1),
    "a blank in a line": armored(b"x" * 60).replace(b"eHh4", b"eHh ", 1),
    "no padding": armored(b"x" * 61).replace(b"=", b""),
    "padding bits that are not zero": armored(b"x" * 49).replace(b"eA==", b"eB=="),
    "a letter of another alphabet": armored(b"x" * 60).replace(b"eHh4", b"eH_4", 1),
}


@pytest.mark.parametrize("data", ARMOR.values(), ids=ARMOR.keys())
def test_armor_that_breaks_one_rule_is_refused(data: bytes) -> None:
    with pytest.raises(ArmorError):
        dearmor(data)


def test_a_huge_armored_file_is_refused_by_its_length() -> None:
    with pytest.raises(LimitError):
        dearmor(bytes(64 * 1024 * 1024 + 1))


@pytest.mark.case("KF-01", "KF-02")
def test_a_classical_private_key_is_read_and_nothing_else() -> None:
    text = encode("AGE-SECRET-KEY-", SECRET)
    assert X25519Identity.parse(f"{text}\r\n").unwrap([]) is None
    for wrong in (
        text.lower(),
        text[:-1],
        encode("age", SECRET),
        encode("AGE-SECRET-KEY-PQ-", SECRET),
        encode("AGE-SECRET-KEY-", SECRET[:-1]),
    ):
        with pytest.raises(KeyFormatError):
            X25519Identity.parse(wrong)
    assert text not in f"{CLASSIC!r}{PASSPHRASE!r}"
