"""SSHSIG files, written and read in their one spelling (docs/format/signatures-v1.md, sections 2 and 3).

Source: OpenSSH, PROTOCOL.sshsig.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from keys._primitives import ED25519_PUBLIC_SIZE, ED25519_SIGNATURE_SIZE, MLDSA_PUBLIC_SIZE, MLDSA_SIGNATURE_SIZE
from keys.digests import lp
from keys.errors import KeyFormatError, SignatureError

ED25519: Final = "ssh-ed25519"
HYBRID: Final = "ssh-mldsa44-ed25519@openssh.com"
PUBLIC_SIZES: Final = {ED25519: ED25519_PUBLIC_SIZE, HYBRID: MLDSA_PUBLIC_SIZE + ED25519_PUBLIC_SIZE}

_SIGNATURE_SIZES: Final = {ED25519: ED25519_SIGNATURE_SIZE, HYBRID: MLDSA_SIGNATURE_SIZE + ED25519_SIGNATURE_SIZE}
_MAX_ARMORED: Final = 16 * 1024
_MAGIC: Final = b"SSHSIG"
_VERSION: Final = (1).to_bytes(4, "big")
_HASH: Final = b"sha512"
_COLUMNS: Final = 70
_BEGIN: Final = b"-----BEGIN SSH SIGNATURE-----\n"
_END: Final = b"-----END SSH SIGNATURE-----\n"


@dataclass(frozen=True, kw_only=True)
class SshSignature:
    """One signature file, taken apart; nothing is said yet about whether it holds."""

    algorithm: str
    public_key: bytes
    namespace: str
    signature: bytes


def signed_bytes(text: bytes, namespace: str) -> bytes:
    """What the key really signs: the namespace and the SHA-512 of the text."""
    return _MAGIC + lp(namespace.encode("ascii"), b"", _HASH, hashlib.sha512(text).digest())


def public_blob(algorithm: str, public_key: bytes) -> bytes:
    """A public key as OpenSSH frames it."""
    return lp(algorithm.encode("ascii"), public_key)


def public_line(algorithm: str, public_key: bytes) -> str:
    """A public key as a line of text: the algorithm and base64."""
    return f"{algorithm} {base64.b64encode(public_blob(algorithm, public_key)).decode('ascii')}"


def parse_public_line(line: str) -> tuple[str, bytes]:
    """The algorithm and the key of such a line.

    Raises:
        KeyFormatError: It is anything but what `public_line` writes.
    """
    name, _, text = line.partition(" ")
    try:
        algorithm, public_key = _parse_public_blob(base64.b64decode(text.encode("ascii"), validate=True))
    except (binascii.Error, UnicodeEncodeError, SignatureError):
        raise KeyFormatError("SSH public key", "not a key of the two kinds in use") from None
    if algorithm != name or public_line(algorithm, public_key) != line:
        raise KeyFormatError("SSH public key", "not spelled in the one allowed way")
    return algorithm, public_key


def armored(signature: SshSignature) -> bytes:
    """The signature file, as `ssh-keygen -Y sign` writes it."""
    algorithm = signature.algorithm.encode("ascii")
    blob = (_MAGIC + _VERSION) + lp(
        public_blob(signature.algorithm, signature.public_key),
        signature.namespace.encode("ascii"),
        b"",
        _HASH,
        lp(algorithm, signature.signature),
    )
    lines = base64.b64encode(blob)
    body = b"".join(lines[start : start + _COLUMNS] + b"\n" for start in range(0, len(lines), _COLUMNS))
    return _BEGIN + body + _END


def parse_armored(data: bytes) -> SshSignature:
    """The parts of a signature file.

    Raises:
        SignatureError: It is not an SSHSIG file of one of the two kinds, or not spelled as `armored` spells it.
    """
    if len(data) > _MAX_ARMORED or not (data.startswith(_BEGIN) and data.endswith(_END)):
        raise SignatureError("not an SSH signature file")
    try:
        blob = base64.b64decode(data[len(_BEGIN) : -len(_END)].replace(b"\n", b""), validate=True)
        found = _parse_blob(blob)
        if armored(found) == data:
            return found
    except (binascii.Error, UnicodeDecodeError):
        raise SignatureError("not an SSH signature file") from None
    raise SignatureError("the signature file is not spelled in the one allowed way")


def _parse_blob(blob: bytes) -> SshSignature:
    """The parts; whatever is skipped here is found by writing the file again and comparing."""
    if not blob.startswith(_MAGIC + _VERSION):
        raise SignatureError("an unknown version of the signature file")
    key, rest = _string(blob[len(_MAGIC + _VERSION) :])
    namespace, rest = _string(rest)
    _, rest = _string(rest)
    _, rest = _string(rest)
    framed, _ = _string(rest)
    algorithm, public_key = _parse_public_blob(key)
    _, signature = _string(framed)
    value, _ = _string(signature)
    if len(value) != _SIGNATURE_SIZES[algorithm]:
        raise SignatureError("a signature of the wrong length")
    return SshSignature(
        algorithm=algorithm, public_key=public_key, namespace=namespace.decode("ascii"), signature=value
    )


def _parse_public_blob(blob: bytes) -> tuple[str, bytes]:
    for algorithm, size in PUBLIC_SIZES.items():
        head = lp(algorithm.encode("ascii")) + size.to_bytes(4, "big")
        if blob.startswith(head) and len(blob) == len(head) + size:
            return algorithm, blob[len(head) :]
    raise SignatureError("a public key of an unknown kind")


def _string(data: bytes) -> tuple[bytes, bytes]:
    size = int.from_bytes(data[:4], "big")
    if len(data) < 4 or len(data) - 4 < size:  # noqa: PLR2004  # a length is four bytes
        raise SignatureError("the signature file ends too early")
    return data[4 : 4 + size], data[4 + size :]
