"""What people send each other beside bundles: good examples of an invented world."""

from datetime import timedelta
from functools import cache

from invented_interview import AT
from soak.good_bundles import RECORD_ID, bag
from vectors.generate import CONTROL, stranger, world

from testimony.approval import Approval, Rendered, Subject
from testimony.bundle import names
from testimony.bundle.findings import Verdict
from testimony.bundle.statement import CustodyLine
from testimony.canonical import encode
from testimony.cosignature import Cosignature, head_file, parse_head_file
from testimony.custody.checkpoint import Checkpoint, origin_of, parse_checkpoint
from testimony.custody.growth import Growth, growth_bytes
from testimony.der import CONTEXT_0, OBJECT, OCTETS, SEQUENCE, SET, TIME, encoded, encoded_number
from testimony.disclosure_request import DisclosureRequest
from testimony.erasure_approval import Erasure
from testimony.receipts import Outcome, Receipt
from testimony.roster import EMPTY_ROOT, Device, Person, Revocation, Roster, Succession, Window
from testimony.time_tokens import parse_token, sorted_answer
from testimony.withdrawal import Notice, Party


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
