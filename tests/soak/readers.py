"""Every reader of what comes from outside, good input for each, and ways to spoil it.

Bytes are changed, cut, repeated and mixed; in JSON also values are exchanged for others and written again canonically, so
that they reach the rules behind the spelling.
"""

import io
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from invented_interview import AT, english, record_of
from vectors.generate import CONTROL, HEAD, HEAD_SIG, RECORD_FILE, Bag, sealed, world

from keys.digits import parse_forty_digits
from keys.errors import KeysError
from keys.recipients import HybridIdentity, HybridRecipient
from keys.signature import parse_allowed_signers
from keys.sshsig import parse_armored, parse_public_line
from testimony.approval import Approval, Rendered, Subject
from testimony.bundle import names
from testimony.bundle.findings import Verdict
from testimony.bundle.manifest import parse_manifest
from testimony.bundle.record_file import parse_record_file
from testimony.bundle.statement import CustodyLine, parse_statement
from testimony.bundle.unseal import BundleFile
from testimony.canonical import decode, encode, parse_lenient
from testimony.card import parse_card
from testimony.consent import events_from
from testimony.consent_events import parse_event
from testimony.consent_statement import ConsentStatement
from testimony.consent_statement import parse_statement as parse_consent_statement
from testimony.custody.checkpoint import parse_checkpoint
from testimony.custody.entries import parse_entry
from testimony.custody.proofs import check_proofs, parse_proofs
from testimony.errors import TestimonyError
from testimony.forms.reading import core_form, parse_form
from testimony.interview import parse_interview
from testimony.model import parse_record
from testimony.receipts import Outcome, Receipt, parse_receipt
from testimony.redaction.consent_tree import read_consent
from testimony.redaction.disclosure import read_disclosure
from testimony.redaction.head import parse_head
from testimony.report import report_json, report_text
from testimony.roster import EMPTY_ROOT, Device, Person, Revocation, Roster, Window
from testimony.trust import Trust, format_trust, parse_trust
from testimony.verify import examine_bundle

# A longer run than the suite's: TESTIMONY_FUZZ=20000 pytest tests/testimony/test_parsers_never_crash.py
ROUNDS = int(os.environ.get("TESTIMONY_FUZZ", "250"))
SECONDS = 2.0
LIMIT = 1 << 24
TOKENS = (
    b"", b"\x00", b"\n", b"\r\n", b" ", b"-", b"\xff", b"\xed\xa0\x80", "٣".encode(), "²".encode(), "\u2028".encode(),
    b"0", b"-0", b"-1", b"1e999", b"NaN", b"9" * 400, b"9007199254740993", b"\\ud800", b'"', b"{}", b"[]", b"[" * 40,
    b"null", b"none", b"yes", b"0000-00-00T00:00:00+00:00", b"9999-12-31T23:59:59-23:59", b"0001-01-01T00:00:00+23:59",
    b"9999-12-31T23:59:60+00:00", b"0" * 64, b"A" * 5000, b"%s%n{0}", b"../", b"-----BEGIN SSH SIGNATURE-----\n",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**20, 2**20 + 1, 2**53 - 1, -(2**53 - 1), "", "0", "unknown", "\ud7ff", "a" * 600,
    "\x00", [], {}, [[]], [None], {"": None}, ["hide", 1, ""], ["show", "", {}], ["v"], ["@", "x"], ["@c", "x"],
    {"type": "void"}, {"type": "subtree", "n": 4, "runs": []}, "9999-12-31", "0001-01-01T00:00:00+23:59",
)  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """A reader and good input for it."""

    name: str
    good: Callable[[], bytes]
    read: Callable[[bytes], object]
    json: bool = False

    def __str__(self) -> str:
        return self.name


@cache
def _bag() -> Bag:
    return Bag()


def member(name: str) -> Callable[[], bytes]:
    return lambda: _bag().files[name]


@cache
def _receipt() -> bytes:
    body = world().body
    return Receipt(
        bundle_id="0b" * 16,
        bundle_sha256="0c" * 32,
        verdict=Verdict.PINNED,
        receiver="court-a",
        fingerprint=body.public.fingerprint,
        at=AT,
        custody=CustodyLine(origin="testimony-vault.invalid/device/1", size=5, root="0d" * 32),
        outcomes=(Outcome(control_number=CONTROL, record_id="K7F3-9QZD", outcome="imported"),),
    ).to_text(body)


def _roster() -> bytes:
    device = world().device.public.fingerprint
    window = Window(start=AT, end=AT + timedelta(days=90))
    return Roster(
        organisation="court-a",
        fingerprint=world().body.public.fingerprint,
        practice=True,
        number=1,
        window=window,
        people=(Person(code="I-04", roles=("approver", "interviewer")),),
        devices=(Device(fingerprint=device, code="D1", person="I-04", window=window),),
        revoked=(Revocation(fingerprint=device, reason="lost", since=AT, size=0, root=EMPTY_ROOT),),
    ).to_text(world().body)


def _subject() -> Subject:
    return Subject(
        device=world().device.public.fingerprint,
        recipient="court-a",
        fingerprint=world().body.public.fingerprint,
        purpose="criminal investigation",
        profile="pseudonymised",
        leak_report="0a" * 32,
        records=(Rendered(record_id="K7F3-9QZD", version=1, sha256="0b" * 32),),
    )


def _approval() -> bytes:
    body = world().body
    given = Approval(subject=_subject(), approver="A-02", fingerprint=body.public.fingerprint, at=AT)
    return given.to_text(body)


def _disclosure(data: bytes) -> object:
    head = parse_head(_bag().files[HEAD])
    file = parse_record_file(data, "record")
    disclosed = read_disclosure(file.disclosure, root=head.commitment.root, n=head.leaves, form=core_form())
    return disclosed.hidden, read_consent(file.consent, root=head.consent.root, n=head.consent_leaves)


def _proofs(data: bytes) -> object:
    note = parse_checkpoint(_bag().files[names.CUSTODY_CHECKPOINT], world().device.public)
    return check_proofs(parse_proofs(_bag().files[names.CUSTODY_LOG], data), note)


def _log(data: bytes) -> object:
    note = parse_checkpoint(_bag().files[names.CUSTODY_CHECKPOINT], world().device.public)
    return check_proofs(parse_proofs(data, _bag().files[names.CUSTODY_PROOFS]), note)


def examination_of_a_liar(data: bytes) -> object:
    """A bundle whose record file is this, everything around it made to fit; an examination never raises."""
    bag = Bag()
    bag.files[RECORD_FILE] = data
    return report_of(bag.anew().tar())


def report_of(data: bytes) -> object:
    source = BundleFile(io.BytesIO(data), [world().body.opener()])
    examination = examine_bundle(source, trust=Trust.nobody(), recipient=world().body.public.recipient)
    return report_json(examination), report_text(examination, "ar")


def _ascii(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


def _short_log() -> bytes:
    return _bag().files[names.CUSTODY_LOG].splitlines(keepends=True)[1]


def _event() -> bytes:
    return events_from(record_of(english()).interview, AT)[0].to_bytes()


def _consent_statement() -> bytes:
    return ConsentStatement(
        practice=True,
        record_id="K7F3-9QZD",
        events=5,
        consent_root="0b" * 32,
        consent_leaves=8,
        custody_origin=f"testimony-vault.invalid/device/{'0123456789' * 4}",
        custody_size=41,
        claimed_time=AT,
    ).to_text()


READERS = (
    Reader("consent statement", _consent_statement, parse_consent_statement),
    Reader("card", member(names.SIGNER_CARD), parse_card),
    Reader("statement", member(names.STATEMENT), parse_statement),
    Reader("manifest", member(names.MANIFEST), lambda data: parse_manifest(data, "manifest")),
    Reader("allowed signers", member(names.ALLOWED_SIGNERS), parse_allowed_signers),
    Reader("signature", member(HEAD_SIG), parse_armored),
    Reader("public key", lambda: world().device.public.ssh_hybrid_line().encode(), _ascii(parse_public_line)),
    Reader(
        "recipient",
        lambda: world().body.public.recipient.encode(),  # noqa: PLW0108  # made when asked for
        _ascii(HybridRecipient.parse),
    ),
    Reader("secret key", lambda: world().body.age_secret().reveal(), _ascii(HybridIdentity.parse)),
    Reader(
        "digits",
        lambda: world().body.public.fingerprint.encode(),  # noqa: PLW0108  # made when asked for
        _ascii(parse_forty_digits),
    ),
    Reader("trust", lambda: format_trust([world().card, world().body_card]), parse_trust),
    Reader("receipt", _receipt, lambda data: parse_receipt(data).check(world().body.public)),
    Reader("head", member(HEAD), parse_head),
    Reader("checkpoint", member(names.CUSTODY_CHECKPOINT), lambda data: parse_checkpoint(data, world().device.public)),
    Reader("entry", _short_log, parse_entry, json=True),
    Reader("log", member(names.CUSTODY_LOG), _log),
    Reader("proofs", member(names.CUSTODY_PROOFS), _proofs, json=True),
    Reader("form", member(names.form_member("core-1")), parse_form, json=True),
    Reader("consent event", _event, parse_event, json=True),
    Reader("record", lambda: record_of(english()).to_bytes(), parse_record, json=True),
    Reader(
        "interview",
        lambda: encode(english()),
        lambda data: parse_interview(parse_lenient(data, limit=LIMIT, where="interview")),
        json=True,
    ),
    Reader("disclosure", member(RECORD_FILE), _disclosure, json=True),
    Reader("sealed file", sealed, report_of),
    Reader("tar", lambda: Bag().tar(), report_of),
)
SLOW = ("sealed file", "tar", "form")


def _fragile(data: bytes) -> object:
    return decode(data, limit=LIMIT, where="record")["consent"]  # type: ignore[index,call-overload]


# The control of whoever drives these readers: it must be caught.
FRAGILE = Reader("fragile", member(RECORD_FILE), _fragile, json=True)


def mutations(good: bytes, chance: random.Random, count: int, *, json: bool) -> Iterator[bytes]:
    value: Any = decode(good.removesuffix(b"\n"), limit=LIMIT, where="good") if json else None
    for number in range(count):
        if json and number % 2:
            changed = encode(exchanged(value, chance))
            yield changed + b"\n" if good.endswith(b"\n") else changed
        else:
            yield spoiled(good, chance)


def spoiled(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 64, 500)))
        how = chance.randrange(5)
        if how == 0 and start < len(data):
            data[start] ^= 1 << chance.randrange(8)
        elif how == 1:
            data[start:end] = chance.choice(TOKENS)
        elif how == 2:
            data[start:start] = data[start:end]
        elif how == 3:
            del data[start:end]
        else:
            other = chance.randrange(len(data) + 1)
            data[start:end] = data[other : other + end - start]
    return bytes(data)


def exchanged(value: Any, chance: random.Random) -> Any:
    """The value with one node anywhere inside it exchanged, dropped, repeated or renamed."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(sorted(value))
        rest = dict(value)
        inner = rest.pop(name)
        if chance.random() < 0.1:
            return rest if chance.random() < 0.5 else {**rest, "x" + name: inner}
        return {**rest, name: exchanged(inner, chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        changed = [exchanged(value[place], chance)]
        if chance.random() < 0.2:
            changed = chance.choice(([], [value[place]] * 2, [value[-1]]))
        return [*value[:place], *changed, *value[place + 1 :]]
    return chance.choice(VALUES)


def endings(reader: Reader, count: int) -> dict[str, int]:
    """How often reading ended in a value and how often in an error of ours; anything else is raised."""
    chance = random.Random(reader.name)
    ends = {"value": 0, "error": 0}
    for data in mutations(reader.good(), chance, count, json=reader.json):
        before = time.process_time()
        try:
            reader.read(data)
            ends["value"] += 1
        except (TestimonyError, KeysError):
            ends["error"] += 1
        assert time.process_time() - before < SECONDS
    return ends
