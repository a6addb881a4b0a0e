"""Two signatures over one text, both of which must hold (docs/format/signatures-v1.md)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from keys._primitives import ED25519_SIGNATURE_SIZE, InvalidSignature, ed25519_verify
from keys.composite import composite_verify
from keys.digests import equal
from keys.errors import KeyFormatError, LimitError, SignatureError
from keys.public_identity import PublicIdentity, check_ed25519_point
from keys.sshsig import ED25519, HYBRID, SshSignature, parse_armored, parse_public_line, signed_bytes

RECORD: Final = "record@testimony-vault"
BUNDLE: Final = "bundle@testimony-vault"
CHECKPOINT: Final = "checkpoint@testimony-vault"
RECEIPT: Final = "receipt@testimony-vault"
ROSTER: Final = "roster@testimony-vault"
WITHDRAWAL: Final = "withdrawal@testimony-vault"
CARD: Final = "card@testimony-vault"
CONSENT: Final = "consent@testimony-vault"
REQUEST: Final = "request@testimony-vault"
APPROVAL: Final = "approval@testimony-vault"
COSIGNATURE: Final = "cosignature@testimony-vault"
NAMESPACES: Final = (
    RECORD,
    BUNDLE,
    CHECKPOINT,
    RECEIPT,
    ROSTER,
    WITHDRAWAL,
    CARD,
    CONSENT,
    REQUEST,
    APPROVAL,
    COSIGNATURE,
)

_MAX_SIGNERS_FILE: Final = 1024 * 1024
_PRINCIPAL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}")
_SIGNERS_LINE: Final = re.compile(r'([^ ]+) namespaces="([^" ]+)" ([^ ]+ [^ ]+)')


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """The two signature files over one text, as bytes in SSHSIG armor."""

    ed25519: bytes = field(repr=False)
    hybrid: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class AllowedSigners:
    """The two files that tell `ssh-keygen -Y verify` whose signatures to accept."""

    ed25519: str
    hybrid: str


@dataclass(frozen=True, kw_only=True)
class AllowedSigner:
    """One line of such a file."""

    principal: str
    namespaces: tuple[str, ...]
    algorithm: str
    public_key: bytes


def check_namespace(namespace: str) -> None:
    """Nothing, when texts may be signed in this namespace.

    Raises:
        SignatureError: It is none of `NAMESPACES`.
    """
    if namespace not in NAMESPACES:
        raise SignatureError("an unknown namespace")


def check_signatures(text: bytes, signatures: Signatures, namespace: str, signer: PublicIdentity) -> None:
    """Nothing, when both signatures hold over `text`, by `signer`, in this namespace.

    Raises:
        SignatureError: One of them does not.
    """
    check_namespace(namespace)
    message = signed_bytes(text, namespace)
    try:
        plain = _expected("ed25519", signatures.ed25519, namespace, signer)
        ed25519_verify(signer.ed25519, plain.signature, message)
    except InvalidSignature as error:
        raise SignatureError("ed25519: the text is not the one that was signed") from error
    try:
        hybrid = _expected("hybrid", signatures.hybrid, namespace, signer)
        composite_verify(signer.hybrid, hybrid.signature, message)
    except InvalidSignature as error:
        raise SignatureError("hybrid: the text is not the one that was signed") from error


def verify_raw(public_ed25519: bytes, signature: bytes, data: bytes) -> None:
    """Nothing, when a plain Ed25519 signature holds, as in a C2SP signed note.

    Raises:
        SignatureError: It does not, or the key or signature is malformed.
    """
    try:
        check_ed25519_point(public_ed25519)
        if len(signature) != ED25519_SIGNATURE_SIZE:
            raise SignatureError("ed25519: a signature of the wrong length")
        ed25519_verify(public_ed25519, signature, data)
    except (InvalidSignature, KeyFormatError) as error:
        raise SignatureError("ed25519: the signature does not hold") from error


def format_allowed_signers(principal: str, public: PublicIdentity, namespaces: Sequence[str]) -> AllowedSigners:
    """One line for each of the two files; apart, because an older ssh-keygen stops at a kind it does not know.

    Raises:
        KeyFormatError: The principal could not stand in such a line.
        SignatureError: A namespace is unknown.
    """
    if not _PRINCIPAL.fullmatch(principal):
        raise KeyFormatError("allowed signers", "a principal of letters, digits and ._@+- is expected")
    for namespace in namespaces:
        check_namespace(namespace)
    head = f'{principal} namespaces="{",".join(namespaces)}"'
    return AllowedSigners(
        ed25519=f"{head} {public.ssh_ed25519_line()}\n", hybrid=f"{head} {public.ssh_hybrid_line()}\n"
    )


def parse_allowed_signers(data: bytes) -> tuple[AllowedSigner, ...]:
    """The lines of an allowed-signers file of either kind, as `format_allowed_signers` writes them.

    Raises:
        LimitError: The file is larger than 1 MiB.
        KeyFormatError: A line is anything else.
    """
    if len(data) > _MAX_SIGNERS_FILE:
        raise LimitError("allowed signers", _MAX_SIGNERS_FILE)
    if not data.isascii() or not data.endswith(b"\n"):
        raise KeyFormatError("allowed signers", "ASCII lines with a line feed at the end are expected")
    return tuple(_signer(line) for line in data.decode("ascii").split("\n")[:-1])


def _expected(kind: str, data: bytes, namespace: str, signer: PublicIdentity) -> SshSignature:
    """The signature file, when kind, key and namespace are the expected ones."""
    found = parse_armored(data)
    algorithm, public = (ED25519, signer.ed25519) if kind == "ed25519" else (HYBRID, signer.hybrid)
    if found.algorithm != algorithm:
        raise SignatureError(f"{kind}: a signature of another kind")
    if found.namespace != namespace:
        raise SignatureError(f"{kind}: made for another purpose")
    if not equal(found.public_key, public):
        raise SignatureError(f"{kind}: made by another key")
    return found


def _signer(line: str) -> AllowedSigner:
    match = _SIGNERS_LINE.fullmatch(line)
    if match is None or not _PRINCIPAL.fullmatch(match[1]):
        raise KeyFormatError("allowed signers", "not a line of principal, namespaces and key")
    namespaces = tuple(match[2].split(","))
    if not set(namespaces) <= set(NAMESPACES):
        raise KeyFormatError("allowed signers", "an unknown namespace")
    algorithm, public_key = parse_public_line(match[3])
    return AllowedSigner(principal=match[1], namespaces=namespaces, algorithm=algorithm, public_key=public_key)
