"""Anchors that are wrong in one way each: about another log, of another body, unsigned, not taken in, misnamed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from vectors.generate import Bag, members_of, stranger, vector, world
from vectors.world import AT, LogBook, World

from keys.digests import sha256
from keys.identity import Identity
from testimony.bundle import names
from testimony.bundle.findings import Verdict
from testimony.bundle.parcel import PackedCustody
from testimony.bundle.statement import CustodyLine
from testimony.card import Card
from testimony.cosignature import Cosignature
from testimony.custody.checkpoint import Checkpoint, origin_of
from testimony.custody.proofs import build_proofs
from testimony.der import CONTEXT_0, OBJECT, OCTETS, SEQUENCE, SET, TIME, encoded, encoded_number
from testimony.receipts import Outcome, Receipt
from testimony.redaction.head import RecordHead

EARLIER = "0e" * 16
RECEIVED = datetime(2031, 5, 6, 9, 0, tzinfo=UTC)
SEEN = datetime(2031, 5, 7, 9, 0, tzinfo=UTC)
STAMPED = datetime(2031, 5, 8, 9, 0, tzinfo=UTC)
IMPORTS = {"receipt": "receipt.import", "cosignature": "cosignature.import", "token": "token.import"}


def answer(imprint: bytes, at: bytes = b"20310508090000Z", status: int = 0) -> bytes:
    """An answer of a time-stamp authority that says so, with a signature of nobody."""
    algorithm = encoded(SEQUENCE, encoded(OBJECT, bytes.fromhex("608648016503040201")), b"\x05\x00")
    info = encoded(
        SEQUENCE,
        encoded_number(1),
        encoded(OBJECT, b"\x2a\x03"),
        encoded(SEQUENCE, algorithm, encoded(OCTETS, imprint)),
        encoded_number(7),
        encoded(TIME, at),
        encoded_number(9),
    )
    kind = encoded(OBJECT, bytes.fromhex("2a864886f70d0109100104"))
    inner = encoded(SEQUENCE, kind, encoded(CONTEXT_0, encoded(OCTETS, info)))
    signed = encoded(SEQUENCE, encoded_number(3), encoded(SET), inner, encoded(CONTEXT_0), encoded(SET))
    token = encoded(SEQUENCE, encoded(OBJECT, bytes.fromhex("2a864886f70d010702")), encoded(CONTEXT_0, signed))
    return encoded(SEQUENCE, encoded(SEQUENCE, encoded_number(status)), token)


@dataclass
class Anchored(World):
    """A sender whose log was seen by this body, a colleague and an authority; each step may be changed."""

    colleague: Identity = field(default_factory=stranger)
    colleague_kind: str = "device"
    head_of: Callable[[Checkpoint], Checkpoint] = field(default=lambda head: head)
    receipts: Callable[[Receipt], Receipt] = field(default=lambda receipt: receipt)
    signs_receipt: Identity | None = None
    stamped: bytes | None = None
    forgets: Sequence[str] = ()
    changes: Callable[[dict[str, bytes]], Any] = field(default=lambda _: None)
    proves_growth: bool = True
    heads: Callable[[RecordHead], RecordHead] = field(default=lambda head: head)
    says: datetime | None = STAMPED
    late: bool = False

    def head(self, record: Any, custody_size: int) -> RecordHead:
        return self.heads(super().head(record, custody_size))

    def log_finishing(self, book: LogBook, head: RecordHead) -> None:
        if self.late:
            self.take_in(book)
        super().log_finishing(book, head)

    def log_sealing(self, book: LogBook) -> None:
        if not self.late:
            self.take_in(book)
        super().log_sealing(book)

    def take_in(self, book: LogBook) -> None:
        true = Checkpoint(origin=origin_of(self.device.public), size=len(book.lines), root=book.state.root())
        seen = self.head_of(true)
        text = seen.text()
        self.covered = true.size
        made = {
            "receipt": self.receipt(seen),
            "cosignature": self.cosignature(seen),
            "token": self.stamped or answer(sha256(text)),
        }
        book.write("bundle.seal", EARLIER, self.sealing())
        for kind, data in made.items():
            if kind not in self.forgets:
                details: dict[str, Any] = {kind: sha256(data).hex()}
                details |= {"receipt": {"verdict": "pinned"}, "cosignature": {"size": seen.size}}.get(kind, {})
                details |= {"imprint": sha256(text).hex()} if kind == "token" else {}
                book.write(IMPORTS[kind], EARLIER if kind == "receipt" else f"{kind}/1", details)
        self.files = {names.anchor_member(sha256(data).hex(), kind): data for kind, data in made.items()}
        self.files[names.anchor_head_member(sha256(text).hex())] = text
        for card, key in ((self.body_card, self.body), (self.colleague_card, self.colleague)):
            self.files[names.anchor_card_member(key.public.fingerprint)] = card.to_text(key)
        self.changes(self.files)

    @property
    def colleague_card(self) -> Card:
        kind: Any = self.colleague_kind
        return Card(kind=kind, code="field-08", practice=self.practice, public=self.colleague.public)

    def receipt(self, seen: Checkpoint) -> bytes:
        said = Receipt(
            bundle_id=EARLIER,
            bundle_sha256="0f" * 32,
            verdict=Verdict.PINNED,
            receiver=self.body_card.code,
            fingerprint=self.body.public.fingerprint,
            at=RECEIVED,
            custody=CustodyLine(origin=seen.origin, size=seen.size, root=seen.root.hex()),
            outcomes=(Outcome(control_number="TST-0000001", record_id="K7F3-9Q00", outcome="imported"),),
        )
        return self.receipts(said).to_text(self.signs_receipt or self.body)

    def cosignature(self, seen: Checkpoint) -> bytes:
        said = Cosignature(checkpoint=seen, cosigner="field-08", fingerprint=self.colleague.public.fingerprint, at=SEEN)
        return said.to_text(self.colleague)

    def custody(self, book: LogBook, record_ids: Sequence[str]) -> PackedCustody:
        packed = super().custody(book, record_ids)
        objects = {*record_ids, self.bundle_id, EARLIER, "cosignature/1", "token/1"}
        proofs = build_proofs(book.lines, objects, since=[self.covered] if self.proves_growth else [])
        return replace(packed, log=proofs.log(), proofs=proofs.to_bytes(), anchors=self.files, not_before=self.says)


def anchored(**changes: Any) -> Bag:
    """The bundle of such a sender, with the device, body and bundle id of the good one."""
    good = world()
    sender = Anchored(device=good.device, body=good.body, bundle_id=good.bundle_id, **changes)
    return Bag(files=dict(members_of(sender.sealed()[1], sender.body)) | {names.PADDING: bytes(64)})


def _of(files: dict[str, bytes], kind: str) -> str:
    return next(name for name in files if name.endswith(f".{kind}"))


def _without(*kinds: str) -> Callable[[dict[str, bytes]], Any]:
    return lambda files: [files.pop(_of(files, kind)) for kind in kinds]


@vector("custody-anchors", "no-anchor-entry", "BU-23")
def receipt_that_the_log_never_took_in() -> Bag:
    return anchored(forgets=["receipt"])


@vector("custody-anchors", "no-anchor-entry", "BU-23")
def cosignature_that_the_log_never_took_in() -> Bag:
    return anchored(forgets=["cosignature"])


@vector("custody-anchors", "no-anchor-entry", "BU-23")
def time_stamp_that_the_log_never_took_in() -> Bag:
    return anchored(forgets=["token"], says=SEEN)


@vector("custody-anchors", "other-log", "BU-23")
def anchors_without_growth_from_their_size() -> Bag:
    return anchored(proves_growth=False, says=None)


@vector("custody-anchors", "consistency", "BU-23")
def anchors_of_a_head_that_this_log_never_had() -> Bag:
    return anchored(head_of=lambda head: replace(head, root=bytes(32)), says=None)


@vector("custody-anchors", "other-log", "BU-23")
def anchors_of_the_log_of_another_device() -> Bag:
    return anchored(head_of=lambda head: replace(head, origin=origin_of(stranger().public)), says=None)


@vector("custody-anchors", "about-another-body", "BU-11")
def receipt_of_another_body() -> Bag:
    other = stranger()
    return anchored(receipts=lambda one: replace(one, fingerprint=other.public.fingerprint), signs_receipt=other)


@vector("custody-anchors", "about-another-body", "BU-11")
def cosignature_of_another_body() -> Bag:
    return anchored(colleague_kind="body")


@vector("custody-anchors", "receipt-signature")
def receipt_whose_time_was_changed() -> Bag:
    def change(files: dict[str, bytes]) -> None:
        data = files.pop(_of(files, "receipt")).replace(b"received: 2031-05-06", b"received: 2031-05-05")
        files[names.anchor_member(sha256(data).hex(), "receipt")] = data

    return anchored(changes=change)


@vector("custody-anchors", "signature")
def cosignature_whose_time_was_changed() -> Bag:
    def change(files: dict[str, bytes]) -> None:
        data = files.pop(_of(files, "cosignature")).replace(b"seen: 2031-05-07", b"seen: 2031-05-05")
        files[names.anchor_member(sha256(data).hex(), "cosignature")] = data

    return anchored(changes=change)


@vector("custody-anchors", "other-name")
def anchor_under_another_digest() -> Bag:
    def change(files: dict[str, bytes]) -> None:
        files[names.anchor_member("0a" * 32, "cosignature")] = files.pop(_of(files, "cosignature"))

    return anchored(changes=change)


@vector("custody-anchors", "no-card")
def cosignature_without_the_card_of_its_signer() -> Bag:
    fingerprint = stranger().public.fingerprint
    return anchored(changes=lambda files: files.pop(names.anchor_card_member(fingerprint)))


@vector("custody-anchors", "other-signer")
def card_under_the_digits_of_another() -> Bag:
    mine, theirs = (names.anchor_card_member(key.public.fingerprint) for key in (world().body, stranger()))
    return anchored(changes=lambda files: files.update({theirs: files[mine]}))


@vector("custody-anchors", "unused")
def card_that_nothing_needs() -> Bag:
    return anchored(changes=_without("cosignature"))


@vector("custody-anchors", "imprint")
def time_stamp_of_another_head() -> Bag:
    return anchored(stamped=answer(bytes(32)), says=SEEN)


@vector("custody-anchors", "not-granted")
def time_stamp_that_was_refused() -> Bag:
    return anchored(stamped=answer(bytes(32), status=2), says=SEEN)


@vector("custody-anchors", "spelling")
def time_stamp_at_no_time() -> Bag:
    return anchored(stamped=answer(bytes(32), at=b"20310232000000Z"), says=SEEN)


@vector("custody-anchors", "spelling", "BU-19")
def time_stamp_that_is_cut_off() -> Bag:
    return anchored(stamped=answer(bytes(32))[:-3], says=SEEN)


@vector("custody-anchors", "other-not-before")
def statement_that_names_an_earlier_time_than_its_newest_anchor() -> Bag:
    return anchored(says=RECEIVED)


@vector("custody-anchors", "other-not-before")
def statement_that_names_a_time_without_any_anchor() -> Bag:
    return anchored(
        says=STAMPED, forgets=list(IMPORTS), changes=lambda files: [files.pop(name) for name in list(files)]
    )


@vector("custody-anchors", "other-not-before")
def statement_that_names_a_latest_time() -> Bag:
    return anchored().anew((b"not-after: none", b"not-after: 2031-05-09T00:00:00+00:00"))


@vector("custody-anchors", "other-not-before")
def head_that_names_an_hour() -> Bag:
    return anchored(heads=lambda head: replace(head, not_before=AT))


@vector("custody-anchors", "other-not-before")
def head_that_names_a_day_by_the_clock_of_another_place() -> Bag:
    away = timezone(timedelta(hours=3))
    return anchored(heads=lambda head: replace(head, not_before=datetime(2031, 5, 4, 3, tzinfo=away)))


def _late(not_before: datetime | None) -> Bag:
    """A record that is finished after the anchors came in, and whose head says so, or does not."""
    return anchored(late=True, heads=lambda head: replace(head, not_before=not_before, custody_size=6))


@vector("custody-anchors", "other-not-before")
def head_that_forgets_what_the_log_held() -> Bag:
    return _late(None)


@vector("custody-anchors", "other-not-before")
def head_that_names_an_earlier_day_than_the_newest_anchor() -> Bag:
    return _late(datetime(2031, 5, 7, tzinfo=UTC))


def late_and_right() -> Bag:
    """No vector: the head names the day of the newest anchor, and holds."""
    return _late(datetime(2031, 5, 8, tzinfo=UTC))


@vector("custody-anchors", "own-log")
def cosignature_by_the_device_itself() -> Bag:
    return anchored(colleague=world().device).anew()
