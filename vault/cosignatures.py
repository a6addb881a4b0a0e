"""Cosignatures: heads of this log that go to colleagues and come back signed, and those of colleagues signed here.

The format is docs/format/cosignature-v1.md.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from keys.digests import sha256
from keys.digits import ungrouped
from testimony.card import parse_card
from testimony.cosignature import (
    MAX_COSIGNATURE,
    MAX_HEAD_FILE,
    Cosignature,
    head_file,
    parse_cosignature,
    parse_head_file,
)
from testimony.custody.anchors import AnchorKind
from testimony.custody.checkpoint import Checkpoint, head_digits, origin_in, origin_of, parse_checkpoint
from testimony.custody.growth import MAX_GROWTH, SeenHead, Standing, check_growth, grow
from testimony.errors import AnchorError
from testimony.merkle import MerkleTree
from vault.anchors import keep_anchor
from vault.contacts import Contact, contact_by_fingerprint
from vault.custody import VAULT, append, checkpoint_in, leaf_hashes
from vault.errors import AlreadyImportedError, NotFoundError, PolicyError
from vault.files import read_bounded
from vault.seen_heads import heads_seen_of
from vault.stick_files import write_new
from vault.store import Transaction, Vault

_ID_LENGTH: Final = 32


@dataclass(frozen=True, kw_only=True)
class Cosigned:
    """A head that was signed or came back signed: whose log or whose signature, its size, its forty digits, when."""

    code: str
    size: int
    digits: str
    at: datetime


def write_head(vault: Vault, path: Path) -> Checkpoint:
    """The head of the log, signed, in a new file with the growth from every head that was signed before.

    Raises:
        StorageError: The file cannot be written.
    """
    with vault.transaction() as tx:
        earlier = [size for (size,) in tx.all("SELECT size FROM checkpoints ORDER BY size DESC LIMIT ?", (MAX_GROWTH,))]
        note = checkpoint_in(tx, vault)
        head = parse_checkpoint(note, vault.identity.public)
        growth = grow(MerkleTree(leaf_hashes(vault)), [size for size in earlier if size < head.size])
        write_new(path, head_file(note, growth))
        append(tx, vault, "checkpoint", VAULT, {"size": head.size, "root": head.root.hex(), "kept": "file"})
    return head


def cosign(vault: Vault, source: Path, target: Path) -> Cosigned:
    """The cosignature of a colleague's head, in a new file; the same head again gets the same one.

    Raises:
        AnchorError: The file is spelled otherwise.
        CustodyError: The head is not signed by its device; or it contradicts one seen before, is not proved to continue
            the newest, or is older than it.
        PolicyError: Its device is no contact ("unknown-signer"), or this one ("own-head").
        StorageError: The file cannot be written.
    """
    note, growth = parse_head_file(read_bounded(source, MAX_HEAD_FILE))
    owner = _owner(vault, origin_in(note))
    head = parse_checkpoint(note, owner.card.public)
    standing = check_growth(head, growth, _seen(vault, owner))
    known = vault.read_one(
        "SELECT cosignature FROM cosigned_heads WHERE origin = ? AND size = ?", (head.origin, head.size)
    )
    data = bytes(known[0]) if known is not None and standing is Standing.AGAIN else _signed(vault, owner, head)
    write_new(target, data)
    at = parse_cosignature(data).check(vault.identity.public).at
    return Cosigned(code=owner.code, size=head.size, digits=head_digits(head), at=at)


def import_cosignature(vault: Vault, path: Path) -> Cosigned:
    """A colleague's signature on a head of this log, checked, kept as an anchor and logged.

    Raises:
        AnchorError: Malformed, not signed by its cosigner, or about another log or another root ("other-log").
        PolicyError: Its cosigner is no contact ("unknown-signer").
        NotFoundError: This vault never signed a head of that size.
        AlreadyImportedError: It is here.
    """
    data = read_bounded(path, MAX_COSIGNATURE)
    signed = parse_cosignature(data)
    cosigner = contact_by_fingerprint(vault, signed.fingerprint)
    if cosigner is None:
        raise PolicyError("unknown-signer", signed.fingerprint)
    said = signed.check(cosigner.card.public)
    digest = sha256(data).hex()
    with vault.transaction() as tx:
        _check_own(tx, vault, said.checkpoint)
        if tx.one("SELECT 1 FROM anchors WHERE digest = ?", (digest,)) is not None:
            raise AlreadyImportedError("cosignature", cosigner.code)
        details: dict[str, str | int] = {
            "cosignature": digest,
            "size": said.checkpoint.size,
            "signer": ungrouped(said.fingerprint),
        }
        entry = append(tx, vault, "cosignature.import", f"anchor/{digest[:_ID_LENGTH]}", details)
        covered = (said.fingerprint, said.checkpoint.size, said.at)
        keep_anchor(tx, AnchorKind.COSIGNATURE, covered, entry, data)
    return Cosigned(code=cosigner.code, size=said.checkpoint.size, digits=head_digits(said.checkpoint), at=said.at)


def _owner(vault: Vault, origin: str) -> Contact:
    if origin == origin_of(vault.identity.public):
        raise PolicyError("own-head")
    digits = origin.rsplit("/", 1)[1]
    owner = contact_by_fingerprint(vault, digits)
    if owner is None:
        raise PolicyError("unknown-signer", digits)
    return owner


def _seen(vault: Vault, owner: Contact) -> tuple[SeenHead, ...]:
    """Every head of this log that came here: to be cosigned, or with a bundle."""
    rows = vault.read("SELECT size, root FROM cosigned_heads WHERE origin = ?", (origin_of(owner.card.public),))
    return (*(SeenHead(size=size, root=root) for size, root in rows), *heads_seen_of(vault, owner.card.public))


def _signed(vault: Vault, owner: Contact, head: Checkpoint) -> bytes:
    own = parse_card(vault.card())
    said = Cosignature(
        checkpoint=head, cosigner=own.code, fingerprint=own.public.fingerprint, at=vault.clock.now().wall
    )
    data = said.to_text(vault.identity)
    digest = sha256(data).hex()
    with vault.transaction() as tx:
        tx.execute(
            "INSERT INTO cosigned_heads (origin, size, root, cosignature) VALUES (?, ?, ?, ?)",
            (head.origin, head.size, head.root, data),
        )
        details: dict[str, str | int] = {
            "cosignature": digest,
            "size": head.size,
            "recipient": ungrouped(owner.fingerprint),
        }
        append(tx, vault, "cosignature.issue", f"cosignature/{digest[:_ID_LENGTH]}", details)
    return data


def _check_own(tx: Transaction, vault: Vault, head: Checkpoint) -> None:
    if head.origin != origin_of(vault.identity.public):
        raise AnchorError("other-log", "cosignature")
    row = tx.one("SELECT root FROM checkpoints WHERE size = ?", (head.size,))
    if row is None:
        raise NotFoundError("checkpoint", str(head.size))
    if row[0] != head.root:
        raise AnchorError("other-log", "cosignature")
