"""Good input for each reader, of an invented world, and reading that needs more than the bytes."""

import base64
import io
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from invented_interview import AT, english, record_of
from vectors.generate import CONTROL, HEAD, RECORD_FILE, Bag, stranger, world
from vectors.world import World
from workbooks import workbook

from keys._primitives import aead_seal, x25519_public, x25519_shared
from keys.age_classic import X25519Identity, open_any_stream
from keys.age_header import Stanza, encode_base64, format_header
from keys.bech32 import encode as bech32
from keys.digests import hkdf_sha256
from keys.kdf_cost import TEST_COST
from keys.sealing import open_stream, seal_stream
from keys.secret import Secret
from keys.slots import make_slot, read_slots
from keys.vault_key import VaultKey
from testimony.approval import Approval, Rendered, Subject
from testimony.bundle import names
from testimony.bundle.canonical_tar import TarReader
from testimony.bundle.companion_file import CompanionFile
from testimony.bundle.findings import Verdict
from testimony.bundle.record_file import parse_record_file
from testimony.bundle.statement import CustodyLine
from testimony.bundle.unseal import BundleFile
from testimony.canonical import as_list, as_object, as_text, decode, encode, parse_lenient
from testimony.companions import read_companion
from testimony.consent import events_from
from testimony.consent_statement import ConsentStatement
from testimony.cosignature import Cosignature, head_file, parse_head_file
from testimony.custody.checkpoint import Checkpoint, origin_of, parse_checkpoint
from testimony.custody.growth import Growth, growth_bytes
from testimony.custody.proofs import check_proofs, parse_proofs
from testimony.der import CONTEXT_0, OBJECT, OCTETS, SEQUENCE, SET, TIME, encoded, encoded_number
from testimony.disclosure_request import DisclosureRequest
from testimony.erasure_approval import Erasure
from testimony.forms.reading import core_form
from testimony.forms.sheets import Workbook
from testimony.forms.xlsform import convert_workbook
from testimony.profiles import no_decisions
from testimony.receipts import Outcome, Receipt
from testimony.redaction.choices import decisions_from
from testimony.redaction.consent_tree import read_consent
from testimony.redaction.decisions import Decisions, SpanDecision, WordRange
from testimony.redaction.disclosure import read_disclosure
from testimony.redaction.head import parse_head
from testimony.redaction.overlay import OverlayEntry, overlay_to_json, read_overlay
from testimony.redaction.redactor_marks import RedactorMark, marks_to_bytes
from testimony.redaction.selection import ParagraphView, Selection
from testimony.redaction.selection_text import selection_bytes
from testimony.redaction.spans import Span
from testimony.report import report_json, report_text
from testimony.roster import EMPTY_ROOT, Device, Person, Revocation, Roster, Succession, Window
from testimony.time_tokens import parse_token, sorted_answer
from testimony.trust import Trust
from testimony.verify import examine_bundle
from testimony.withdrawal import Notice, Party
from tui.xlsform.workbook import read_workbook
from vault.bindings import Binding, RowKey, encode_bindings
from vault.header import Header

RECORD_ID = "K7F3-9QZD"
LIMIT = 1 << 24
_SEED = bytes(range(32))
_CODE = "V-7F3K"
_SHEETS = ("survey", "choices", "settings")


@cache
def bag() -> Bag:
    """One good bundle taken apart."""
    return Bag()


def member(name: str) -> Callable[[], bytes]:
    """A file of that bundle."""
    return lambda: bag().files[name]


@cache
def receipt() -> bytes:
    body = world().body
    return Receipt(
        bundle_id="0b" * 16,
        bundle_sha256="0c" * 32,
        verdict=Verdict.PINNED,
        receiver="court-a",
        fingerprint=body.public.fingerprint,
        at=AT,
        custody=CustodyLine(origin="testimony-vault.invalid/device/1", size=5, root="0d" * 32),
        outcomes=(Outcome(control_number=CONTROL, record_id=RECORD_ID, outcome="imported"),),
    ).to_text(body)


@cache
def roster() -> bytes:
    device, other = (one.public.fingerprint for one in (world().device, stranger()))
    window = Window(start=AT, end=AT + timedelta(days=90))
    devices = [
        Device(fingerprint=digits, code=code, person="I-04", window=window)
        for digits, code in ((device, "D1"), (other, "D2"))
    ]
    return Roster(
        organisation="court-a",
        fingerprint=world().body.public.fingerprint,
        practice=True,
        number=1,
        window=window,
        people=(Person(code="I-04", roles=("approver", "interviewer")),),
        devices=tuple(sorted(devices, key=lambda one: one.fingerprint)),
        revoked=(Revocation(fingerprint=device, reason="lost", since=AT, size=0, root=EMPTY_ROOT),),
        continues=(Succession(fingerprint=other, of=device),),
    ).to_text(world().body)


@cache
def roster_source() -> bytes:
    dates = {"valid_from": "2031-05-01T00:00:00+00:00", "valid_until": "2031-08-01T00:00:00+00:00"}
    device, other = (one.public.fingerprint for one in (world().device, stranger()))
    lost = {"digits": device, "reason": "lost", "since": dates["valid_from"], "size": 0, "root": EMPTY_ROOT}
    return encode(
        {
            "number": 1,
            **dates,
            "people": [{"code": "I-04", "roles": ["approver", "interviewer"]}],
            "devices": [
                {"code": code, "digits": digits, "person": "I-04", **dates}
                for code, digits in (("D1", device), ("D2", other))
            ],
            "revoked": [lost],
            "continues": [{"digits": other, "of": device}],
        }
    )


def _subject() -> Subject:
    return Subject(
        device=world().device.public.fingerprint,
        recipient="court-a",
        fingerprint=world().body.public.fingerprint,
        purpose="criminal investigation",
        profile="pseudonymised",
        leak_report="0a" * 32,
        records=(Rendered(record_id=RECORD_ID, version=1, sha256="0b" * 32),),
    )


def approval_request() -> bytes:
    return _subject().to_text()


@cache
def approval() -> bytes:
    body = world().body
    return Approval(subject=_subject(), approver="A-02", fingerprint=body.public.fingerprint, at=AT).to_text(body)


def _erasure() -> Erasure:
    return Erasure(
        device=world().device.public.fingerprint,
        record_id=RECORD_ID,
        version=1,
        root="0c" * 32,
        reason="withdrawn",
        asked="0e" * 32,
    )


def erasure_request() -> bytes:
    return _erasure().to_text()


@cache
def erasure_approval() -> bytes:
    body = world().body
    return Approval(subject=_erasure(), approver="A-02", fingerprint=body.public.fingerprint, at=AT).to_text(body)


@cache
def disclosure_request() -> bytes:
    body = world().body
    return DisclosureRequest(
        request_id="0a" * 16,
        bundle_id="0b" * 16,
        control_number=CONTROL,
        record_id=RECORD_ID,
        version=1,
        root="0c" * 32,
        revision=1,
        file_sha256="0d" * 32,
        requester="court-a",
        fingerprint=body.public.fingerprint,
        hidden=("account.text/0/4-7", "witness.name"),
        ground="COURT-ORDER",
        words="By the order of the invented chamber.",
        at=AT,
    ).to_text(body)


@cache
def notice() -> bytes:
    device, body = world().device, world().body
    return Notice(
        practice=True,
        record_id=RECORD_ID,
        asks="erase",
        purpose="criminal investigation",
        sender=Party(code="field-07", fingerprint=device.public.fingerprint),
        receiver=Party(code="court-a", fingerprint=body.public.fingerprint),
        at=AT,
        bundles=("0a" * 16, "0b" * 16),
    ).to_text(device)


@cache
def cosignature() -> bytes:
    return Cosignature(
        checkpoint=Checkpoint(origin=origin_of(world().device.public), size=5, root=bytes(range(32))),
        cosigner="field-08",
        fingerprint=stranger().public.fingerprint,
        at=AT,
    ).to_text(stranger())


def _growth() -> tuple[Growth, ...]:
    return tuple(Growth(since=size, path=(bytes(32), bytes(range(32)))) for size in (3, 2))


def colleagues_head() -> bytes:
    return head_file(bag().files[names.CUSTODY_CHECKPOINT], _growth())


def growth() -> bytes:
    return growth_bytes(_growth())


def read_head_file(data: bytes) -> object:
    note, proofs = parse_head_file(data)
    return parse_checkpoint(note, world().device.public), proofs


def time_answer() -> bytes:
    """An answer of an authority, as far as it is read before its signature: RFC 3161 around one digest."""
    sha256, signed_data, tst_info = "608648016503040201", "2a864886f70d010702", "2a864886f70d0109100104"

    def kind(number: str) -> bytes:
        return encoded(OBJECT, bytes.fromhex(number))

    algorithm = encoded(SEQUENCE, kind(sha256), b"\x05\x00")
    info = encoded(
        SEQUENCE,
        encoded_number(1),
        kind("2a0304"),
        encoded(SEQUENCE, algorithm, encoded(OCTETS, bytes(range(32)))),
        encoded_number(7),
        encoded(TIME, b"20310504123000Z"),
        encoded_number(int.from_bytes(bytes(range(1, 17)), "big")),
    )
    signed = encoded(
        SEQUENCE,
        encoded_number(3),
        encoded(SET, algorithm),
        encoded(SEQUENCE, kind(tst_info), encoded(CONTEXT_0, encoded(OCTETS, info))),
        encoded(CONTEXT_0, encoded(SEQUENCE, encoded_number(2)), encoded(SEQUENCE, encoded_number(1))),
        encoded(SET, encoded(SEQUENCE, encoded_number(1))),
    )
    status = encoded(SEQUENCE, encoded_number(0))
    return encoded(SEQUENCE, status, encoded(SEQUENCE, kind(signed_data), encoded(CONTEXT_0, signed)))


def read_time_answer(data: bytes) -> object:
    return parse_token(data), parse_token(sorted_answer(data))


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
    return encode(overlay_to_json([OverlayEntry(paragraph=0, gap=4, codes=(_CODE,))]))


def read_overlay_json(data: bytes) -> object:
    return read_overlay(decode(data, limit=LIMIT, where="overlay"))


def translation() -> bytes:
    paragraphs = list(record_of(english()).interview.paragraphs)
    return encode(
        {
            "practice": True,
            "language": "ara",
            "companion": {"by": "T-03", "method": "human", "made_on": "2031-05-06"},
            "account": {"paragraphs": paragraphs},
            "mentions": [],
        }
    )


def read_translation(data: bytes) -> object:
    source = record_of(english())
    value = parse_lenient(data, limit=LIMIT, where="companion")
    return read_companion(value, "translation", source, bytes(32))


def selection() -> bytes:
    view = ParagraphView(named=frozenset({3}), told=frozenset({9}), hidden=((12, 17),))
    return selection_bytes(Selection(shown=frozenset({"witness.name"}), paragraphs={"account.text/0": view}))


def decisions() -> bytes:
    ranges = (WordRange(start=2, end=9, code="SOURCE"), WordRange(start=12, end=17, code=None))
    return Decisions(
        record_id=RECORD_ID,
        version=1,
        body="court-a",
        purpose="criminal investigation",
        profile="pseudonymised",
        spans=(
            SpanDecision(path="account.text/0", outcome="words", ranges=ranges),
            SpanDecision(path="account.text/1", outcome="hide", code="SOURCE"),
        ),
    ).to_bytes()


@cache
def _walk() -> tuple[tuple[Span, ...], Decisions]:
    sender = World(profile="pseudonymised")
    record = sender.record(0)
    release = sender.release(record, sender.head(record, 1))
    return tuple(sender.plan(record, release).spans), no_decisions(release)


def walk() -> bytes:
    spans = [{"path": span.path, "decision": "keep"} for span in _walk()[0]]
    first = next(place for place, span in enumerate(_walk()[0]) if span.paragraph is not None)
    ranges = [{"words": [1, 2], "code": "SOURCE"}]
    spans[first] = {"path": _walk()[0][first].path, "decision": "words", "ranges": ranges}  # type: ignore[dict-item]
    return encode({"spans": spans})  # type: ignore[dict-item]


def read_walk(data: bytes) -> object:
    spans, begun = _walk()
    return decisions_from(parse_lenient(data, limit=LIMIT, where="walk"), spans, begun, shown=())


def redactor_marks() -> bytes:
    mark = RedactorMark(version=1, paragraph=0, start=4, end=11, code=_CODE, name="Quillon", words="Quillon")
    return marks_to_bytes([mark])


def hand_marks() -> bytes:
    return encode([{"occurrence": 1, "paragraph": 1, "who": "Quillon", "words": "the miller", "role": "victim"}])


def gazetteer() -> bytes:
    lines = ('XA01,1,"Ferry, the ""old""",طاحونة', "XA0102,2,Mill,", "XA010203,3,Yard,ساحة")
    return "".join(f"{line}\r\n" for line in ("pcode,level,name_en,name_ar", *lines)).encode()


def workbook_file() -> bytes:
    return workbook(
        survey=(
            ("type", "name", "label::English (en)", "label::Arabic (ar)", "relevant", "required"),
            ("begin group", "market", "Market", "سوق", "", ""),
            ("text", "seller", "Seller", "البائع", "", "yes"),
            ("select_one yn", "open", "Open", "مفتوح", "", ""),
            ("integer", "stalls", "Stalls", "أكشاك", "${open} = 'yes'", ""),
            ("end group", "", "", "", "", ""),
            ("geopoint", "where", "Where", "أين", "", ""),
        ),
        choices=(
            ("list_name", "name", "label::English (en)", "label::Arabic (ar)"),
            ("yn", "yes", "Yes", "نعم"),
            ("yn", "no", "No", "لا"),
        ),
        settings=(("form_title", "form_id"), ("Markets", "market-1")),
    )


def read_workbook_file(data: bytes) -> object:
    return convert_workbook(read_workbook(data))


def sheets() -> bytes:
    """The sheets of a workbook as JSON, so that what stands in them is spoiled and not the package."""
    book = read_workbook(workbook_file())
    return encode({name: [list(row) for row in getattr(book, name)] for name in _SHEETS})


def read_sheets(data: bytes) -> object:
    """What a workbook with these cells becomes; whatever is no list of rows of cells is none of its reader."""
    found = as_object(decode(data, limit=LIMIT, where="sheets"), "sheets", required=_SHEETS)
    rows = {
        name: [
            [as_text(cell, name) for cell in as_list(row, name, limit=64)]
            for row in as_list(found[name], name, limit=5_000)
        ]
        for name in _SHEETS
    }
    return convert_workbook(Workbook(**rows))


def _slot() -> dict[str, Any]:
    key = VaultKey(Secret(_SEED))
    return make_slot(key, Secret(b"practice words"), cost=TEST_COST, label="main").to_json()


@cache
def slots() -> bytes:
    return encode([_slot(), _slot()])


def read_slot_list(data: bytes) -> object:
    return read_slots(decode(data, limit=LIMIT, where="slots"), VaultKey(Secret(_SEED)).vault_id)


@cache
def vault_header() -> bytes:
    key = VaultKey(Secret(_SEED))
    return Header(
        generation=3,
        vault_id=key.vault_id.hex(),
        profile="practice",
        database="vault-0001.db",
        salt="0a" * 16,
        log_size=41,
        log_chain="0b" * 32,
        slots=(_slot(),),
    ).to_bytes(key)


def bindings() -> bytes:
    rows = (("records", "0c" * 32), ("redactions", None))
    return encode_bindings(
        [Binding(row=RowKey(table=table, first=RECORD_ID, second=""), digest=digest) for table, digest in rows]
    )


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
