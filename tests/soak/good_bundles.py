"""A good bundle of an invented world, its files one by one, and reading that needs more than their bytes."""

import base64
import io
from collections.abc import Callable
from functools import cache

from invented_interview import AT, english, record_of
from soak.spoiling import LIMIT
from vectors.generate import HEAD, RECORD_FILE, Bag, resealed, world

from keys._primitives import aead_seal, x25519_public, x25519_shared
from keys.age_classic import X25519Identity, open_any_stream
from keys.age_header import Stanza, encode_base64, format_header
from keys.bech32 import encode as bech32
from keys.digests import hkdf_sha256
from keys.sealing import open_stream, seal_stream
from keys.secret import Secret
from testimony.bundle import names
from testimony.bundle.canonical_tar import TarReader
from testimony.bundle.companion_file import CompanionFile
from testimony.bundle.record_file import parse_record_file
from testimony.bundle.unseal import BundleFile
from testimony.canonical import decode, encode
from testimony.consent import events_from
from testimony.consent_statement import ConsentStatement
from testimony.custody.checkpoint import parse_checkpoint
from testimony.custody.proofs import check_proofs, parse_proofs
from testimony.forms.reading import core_form
from testimony.redaction.consent_tree import read_consent
from testimony.redaction.disclosure import read_disclosure
from testimony.redaction.head import parse_head
from testimony.redaction.overlay import OverlayEntry, overlay_to_json, read_overlay
from testimony.report import report_json, report_text
from testimony.trust import Trust
from testimony.verify import examine_bundle

RECORD_ID = "K7F3-9QZD"


@cache
def bag() -> Bag:
    """One good bundle taken apart."""
    return Bag()


def member(name: str) -> Callable[[], bytes]:
    """A file of that bundle."""
    return lambda: bag().files[name]


def consent_event() -> bytes:
    return events_from(record_of(english()).interview, AT)[0].to_bytes()


def consent_statement() -> bytes:
    return ConsentStatement(
        practice=True,
        record_id=RECORD_ID,
        events=5,
        consent_root="0b" * 32,
        consent_leaves=8,
        custody_origin=f"testimony-vault.invalid/device/{'0123456789' * 4}",
        custody_size=41,
        claimed_time=AT,
    ).to_text()


def checkpoint_text() -> bytes:
    return parse_checkpoint(bag().files[names.CUSTODY_CHECKPOINT], world().device.public).text()


def whole_log() -> bytes:
    """A log from its first entry on: that of a bundle leaves out what is about others."""
    book = world().book()
    for kind, about in (("vault.create", "vault"), ("record.create", RECORD_ID), ("vault.lock", "vault")):
        book.write(kind, about, {"profile": "practice"} if kind == "vault.create" else {})
    return b"".join(book.lines)


def log_line() -> bytes:
    return bag().files[names.CUSTODY_LOG].splitlines(keepends=True)[1]


def read_record_disclosure(data: bytes) -> object:
    head = parse_head(bag().files[HEAD])
    file = parse_record_file(data, "record")
    disclosed = read_disclosure(file.disclosure, root=head.commitment.root, n=head.leaves, form=core_form())
    return disclosed.hidden, read_consent(file.consent, root=head.consent.root, n=head.consent_leaves)


def read_bundle_proofs(data: bytes) -> object:
    note = parse_checkpoint(bag().files[names.CUSTODY_CHECKPOINT], world().device.public)
    return check_proofs(parse_proofs(bag().files[names.CUSTODY_LOG], data), note)


def read_bundle_log(data: bytes) -> object:
    note = parse_checkpoint(bag().files[names.CUSTODY_CHECKPOINT], world().device.public)
    return check_proofs(parse_proofs(data, bag().files[names.CUSTODY_PROOFS]), note)


def companion_file() -> bytes:
    file = parse_record_file(bag().files[RECORD_FILE], "record")
    return CompanionFile(head="0a" * 32, disclosure=file.disclosure).to_bytes()


def overlay() -> bytes:
    return encode(overlay_to_json([OverlayEntry(paragraph=0, gap=4, codes=("V-7F3K",))]))


def read_overlay_json(data: bytes) -> object:
    return read_overlay(decode(data, limit=LIMIT, where="overlay"))


_CLASSIC = b"practice key of the classic kind"


def text_armor() -> bytes:
    text = base64.encodebytes(bytes(range(200))).replace(b"\n", b"")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return b"\n".join([b"-----BEGIN AGE ENCRYPTED FILE-----", *lines, b"-----END AGE ENCRYPTED FILE-----", b""])


@cache
def sealed_words() -> bytes:
    """A small file sealed to the body alone."""
    out = io.BytesIO()
    seal_stream(io.BytesIO(b"invented words"), out, [world().body.public.recipient])
    return out.getvalue()


def read_sealed_words(data: bytes) -> object:
    out = io.BytesIO()
    open_stream(io.BytesIO(data), out, [world().body.opener()])
    return out.getvalue()


def foreign_age_file() -> bytes:
    """A file as `age` writes it to a classic key (C2SP age.md), under a file key that is no secret."""
    file_key, throwaway, nonce = bytes(16), bytes(range(32)), bytes(16)
    share, public = x25519_public(throwaway), x25519_public(_CLASSIC)
    wrapping = hkdf_sha256(x25519_shared(throwaway, public), b"age-encryption.org/v1/X25519", salt=share + public)
    stanza = Stanza(arguments=(b"X25519", encode_base64(share)), body=aead_seal(wrapping, bytes(12), file_key, None))
    payload = hkdf_sha256(file_key, b"payload", salt=nonce)
    last_chunk = aead_seal(payload, bytes(11) + b"\x01", b"invented words", None)
    return format_header([stanza], Secret(file_key)) + nonce + last_chunk


def classic_key() -> bytes:
    return bech32("age-secret-key-", _CLASSIC).upper().encode()


def read_foreign_age_file(data: bytes) -> object:
    out = io.BytesIO()
    open_any_stream(io.BytesIO(data), out, [X25519Identity(Secret(_CLASSIC)), world().body.opener()])
    return out.getvalue()


def tar() -> bytes:
    return bag().tar()


@cache
def sealed_tar() -> bytes:
    """The same sealed; a sealed bundle as it is handed over is filled up to eight times its size, with nothing to read."""
    return resealed(tar())


def read_tar_members(data: bytes) -> object:
    return [(one.name, sum(map(len, iter(one.read, b"")))) for one in TarReader(io.BytesIO(data)).members()]


def examination_of_a_liar(data: bytes) -> object:
    """A bundle whose record file is this, everything around it made to fit; an examination never raises."""
    changed = Bag()
    changed.files[RECORD_FILE] = data
    return report_of(changed.anew().tar())


def report_of(data: bytes) -> object:
    source = BundleFile(io.BytesIO(data), [world().body.opener()])
    examination = examine_bundle(source, trust=Trust.nobody(), recipient=world().body.public.recipient)
    return report_json(examination), report_text(examination, "ar")
