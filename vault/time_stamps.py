"""Time-stamps by stick: a request for the head of the log goes out, the answer comes back (docs/format/time-v1.md)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from keys.chance import random_bytes
from keys.digests import sha256
from testimony.custody.anchors import AnchorKind
from testimony.custody.checkpoint import parse_checkpoint
from testimony.errors import AnchorError
from testimony.time_tokens import MAX_ANSWER, NONCE_SIZE, parse_token, time_request
from vault._rfc3161 import check_answer
from vault.anchors import keep_anchor
from vault.custody import append, checkpoint_in
from vault.errors import AlreadyImportedError, NotFoundError
from vault.files import read_bounded
from vault.stick_files import write_new
from vault.store import Transaction, Vault

_ID_LENGTH: Final = 32
_MAX_AUTHORITY: Final = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Stamped:
    """What an authority says: that the log was there with this many entries, at a time of its clock."""

    size: int
    at: datetime


def write_request(vault: Vault, path: Path) -> int:
    """The size of the log whose head is in the request; it holds a digest and a random number, nothing else.

    Raises:
        AlreadyExistsError: Something stands at the path.
        StorageError: The file cannot be written.
    """
    with vault.transaction() as tx:
        head = parse_checkpoint(checkpoint_in(tx, vault), vault.identity.public)
        imprint, nonce = sha256(head.text()), random_bytes(NONCE_SIZE)
        tx.execute(
            "INSERT INTO time_requests (imprint, custody_size, nonce) VALUES (?, ?, ?)",
            (imprint.hex(), head.size, nonce),
        )
        append(tx, vault, "token.request", _object(imprint), {"imprint": imprint.hex(), "size": head.size})
        write_new(path, time_request(imprint, nonce))
    return head.size


def import_answer(vault: Vault, path: Path, authority: Path) -> Stamped:
    """The answer of an authority, checked under its root certificates, kept byte for byte as an anchor, and logged.

    Raises:
        AnchorError: It is malformed ("spelling"), refused ("not-granted"), of another kind of digest ("imprint"), for
            another request ("nonce"), or not signed under these certificates then ("authority", "expired").
        NotFoundError: This vault sent no such request, or a file is not there.
        AlreadyImportedError: It is here.
    """
    data, pem = read_bounded(path, MAX_ANSWER), read_bounded(authority, _MAX_AUTHORITY)
    token = parse_token(data)
    with vault.transaction() as tx:
        size = _requested(tx, token.imprint, token.nonce)
        check_answer(data, token, pem)
        digest, whose = sha256(data).hex(), sha256(pem).hex()
        if tx.one("SELECT 1 FROM anchors WHERE digest = ?", (digest,)) is not None:
            raise AlreadyImportedError("token", digest[:_ID_LENGTH])
        details: dict[str, str | int] = {
            "imprint": token.imprint.hex(),
            "token": digest,
            "authority": whose,
            "size": size,
        }
        entry = append(tx, vault, "token.import", _object(token.imprint), details)
        keep_anchor(tx, AnchorKind.TOKEN, (whose, size, token.at), entry, data)
    return Stamped(size=size, at=token.at)


def _requested(tx: Transaction, imprint: bytes, nonce: int | None) -> int:
    """The size of the log in the request to which an answer belongs."""
    row = tx.one("SELECT custody_size, nonce FROM time_requests WHERE imprint = ?", (imprint.hex(),))
    if row is None:
        raise NotFoundError("time-request", imprint.hex()[:_ID_LENGTH])
    size, sent = row
    if nonce != int.from_bytes(sent, "big"):
        raise AnchorError("nonce", "answer")
    return int(size)


def _object(imprint: bytes) -> str:
    return f"time/{imprint.hex()[:_ID_LENGTH]}"
