"""Reading age files of other people: X25519 keys, passphrases, text armor. Nothing is ever sealed this way.

Bundles are opened by keys.sealing, which knows hybrid stanzas only (docs/format/sealing-v1.md, section 7).
"""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Final, Protocol

from keys._primitives import TAG_SIZE, InvalidTag, aead_open, scrypt, x25519_public, x25519_shared
from keys.age_header import Stanza, read_header, stanza_base64
from keys.bech32 import decode
from keys.digests import hkdf_sha256
from keys.errors import ArmorError, HeaderError, KeyFormatError, LimitError, NoMatchError
from keys.recipients import FILE_KEY_SIZE
from keys.sealing import unlock_payload
from keys.secret import Secret
from keys.stream import open_payload
from keys.streams import ReadAhead, Sink, Source

MAX_ARMORED: Final = 64 * 1024 * 1024
MAX_WORK_FACTOR: Final = 20  # 1 GiB of memory; stock age writes 18
_KEY_SIZE: Final = 32
_WRAPPED_SIZE: Final = FILE_KEY_SIZE + TAG_SIZE
_SALT_SIZE: Final = 16
_COLUMNS: Final = 64
_ZERO_NONCE: Final = bytes(12)
_X25519_LABEL: Final = b"age-encryption.org/v1/X25519"
_SCRYPT_LABEL: Final = b"age-encryption.org/v1/scrypt"
_DECIMAL: Final = re.compile(rb"[1-9][0-9]{0,18}")
_BEGIN: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END: Final = b"-----END AGE ENCRYPTED FILE-----"
_BLANKS: Final = b" \t\r\n"


class Identity(Protocol):
    """Anything that may find its file key among the stanzas of a header."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> Secret | None:
        """The file key, or None when no stanza is for this identity; raise HeaderError for a malformed one."""


class X25519Identity:
    """A classical private age key."""

    __slots__ = ("_secret",)

    def __init__(self, secret: Secret) -> None:
        if len(secret) != _KEY_SIZE:
            raise KeyFormatError("age identity", "of the wrong length")
        self._secret = secret

    @classmethod
    def parse(cls, text: Secret | str) -> "X25519Identity":
        """The identity written as `AGE-SECRET-KEY-1…`.

        Raises:
            KeyFormatError: It is something else.
            LimitError: It is too long for any key.
        """
        written = text.reveal().decode("ascii", "replace") if isinstance(text, Secret) else text
        prefix, secret = decode(written.strip(" \t\r\n"))
        if prefix != "AGE-SECRET-KEY-":
            raise KeyFormatError("age identity", "not an AGE-SECRET-KEY-1… key in capital letters")
        return cls(Secret(secret))

    def unwrap(self, stanzas: Sequence[Stanza]) -> Secret | None:
        """The file key, when one of the stanzas is for this key; otherwise None.

        Raises:
            HeaderError: An X25519 stanza breaks a rule, whoever it is for.
        """
        for stanza in stanzas:
            if stanza.arguments[0] == b"X25519":
                file_key = self._unwrap_one(stanza)
                if file_key is not None:
                    return file_key
        return None

    def _unwrap_one(self, stanza: Stanza) -> Secret | None:
        share = stanza_base64(stanza.arguments[1]) if len(stanza.arguments) == 2 else b""  # noqa: PLR2004
        if len(share) != _KEY_SIZE or len(stanza.body) != _WRAPPED_SIZE:
            raise HeaderError("an X25519 stanza with parts of the wrong number or length")
        try:
            shared = x25519_shared(self._secret.reveal(), share)
        except ValueError:
            raise HeaderError("an X25519 stanza with a share of low order") from None
        salt = share + x25519_public(self._secret.reveal())
        return _open_wrapped(hkdf_sha256(shared, _X25519_LABEL, salt=salt), stanza.body)

    def __repr__(self) -> str:
        return "X25519Identity(private)"


class PassphraseIdentity:
    """A passphrase for files sealed with `age -p`; its bytes are used as they are."""

    __slots__ = ("_passphrase",)

    def __init__(self, passphrase: Secret) -> None:
        self._passphrase = passphrase

    def unwrap(self, stanzas: Sequence[Stanza]) -> Secret | None:
        """The file key, when the file is sealed with this passphrase; otherwise None.

        Raises:
            HeaderError: The scrypt stanza breaks a rule or asks for too much work.
        """
        for stanza in stanzas:
            if stanza.arguments[0] == b"scrypt":
                salt, log_n = _scrypt_arguments(stanza)
                return _open_wrapped(scrypt(self._passphrase.reveal(), _SCRYPT_LABEL + salt, log_n), stanza.body)
        return None

    def __repr__(self) -> str:
        return "PassphraseIdentity(private)"


def open_any_stream(source: Source, sink: Sink, identities: Sequence[Identity]) -> int:
    """Open an age file of any of the known kinds; the count of bytes written. See `keys.sealing.open_stream`.

    Raises:
        HeaderError: The header breaks a rule.
        NoMatchError: It is sealed for others.
        HeaderMacError: The header was changed.
        PayloadError: A chunk is changed, missing, moved or surplus.
    """
    reader = ReadAhead(source)
    header = read_header(reader)
    if len(header.stanzas) > 1 and any(stanza.arguments[0] == b"scrypt" for stanza in header.stanzas):
        raise HeaderError("a passphrase stanza stands beside others")
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            return open_payload(unlock_payload(reader, file_key, header), reader, sink)
    raise NoMatchError


def dearmor(data: bytes) -> bytes:
    """The bytes of an age file in text form; only blanks may stand around it.

    Raises:
        LimitError: It is larger than 64 MiB.
        ArmorError: It is not spelled in the one allowed way.
    """
    if len(data) > MAX_ARMORED:
        raise LimitError("armored file", MAX_ARMORED)
    lines = data.strip(_BLANKS).replace(b"\r\n", b"\n").split(b"\n")
    if len(lines) < 2 or lines[0] != _BEGIN or lines[-1] != _END:  # noqa: PLR2004  # two markers
        raise ArmorError("the first or the last line is not the marker")
    body = lines[1:-1]
    if any(len(line) != _COLUMNS for line in body[:-1]) or (body and not 0 < len(body[-1]) <= _COLUMNS):
        raise ArmorError("a line of the wrong length")
    text = b"".join(body)
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ArmorError("not base64") from None
    if base64.b64encode(content) != text:
        raise ArmorError("base64 is not spelled in the one allowed way")
    return content


def _scrypt_arguments(stanza: Stanza) -> tuple[bytes, int]:
    if len(stanza.arguments) != 3 or not _DECIMAL.fullmatch(stanza.arguments[2]):  # noqa: PLR2004
        raise HeaderError("a passphrase stanza with wrong arguments")
    salt = stanza_base64(stanza.arguments[1])
    if len(salt) != _SALT_SIZE or len(stanza.body) != _WRAPPED_SIZE:
        raise HeaderError("a passphrase stanza with parts of the wrong length")
    log_n = int(stanza.arguments[2])
    if log_n > MAX_WORK_FACTOR:
        raise HeaderError("a passphrase stanza that asks for too much work")
    return salt, log_n


def _open_wrapped(key: bytes, body: bytes) -> Secret | None:
    try:
        return Secret(aead_open(key, _ZERO_NONCE, body, None))
    except InvalidTag:
        return None
