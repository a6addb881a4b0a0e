"""The sender who lies: bundles that hold together, every hash and signature, and yet contradict themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from invented_interview import english
from vectors.generate import Bag, members_of, stranger, vector, world
from vectors.world import BODY, LogBook, World

from keys.digests import sha256
from testimony.bundle import names
from testimony.consent_events import ConsentEvent
from testimony.forms.reading import parse_form
from testimony.model import Record
from testimony.redaction.head import RecordHead
from testimony.redaction.selection import ParagraphView, Selection

OTHER_FORM_FROM = b'"en":"Case code"'
OTHER_FORM_TO = b'"en":"Name code"'


@dataclass
class Liar(World):
    """A sender whose steps are changed one at a time."""

    finishing: Callable[[World, LogBook, RecordHead], None] = field(default=World.log_finishing)
    sealed_as: Callable[[World, LogBook], None] = field(default=World.log_sealing)
    chooses: Callable[[Record, Selection], Selection] = field(default=lambda _, planned: planned)
    hears: Callable[[ConsentEvent], bool] = field(default=lambda _: True)
    heads: Callable[[RecordHead], RecordHead] = field(default=lambda head: head)
    other_form: bool = False

    def record(self, number: int) -> Record:
        record = super().record(number)
        if not self.other_form:
            return record
        form = parse_form(self.form(record))
        return replace(record, form=form, interview=replace(record.interview, form=form))

    def form(self, record: Record) -> bytes:
        original = super().form(record)
        return original.replace(OTHER_FORM_FROM, OTHER_FORM_TO, 1) if self.other_form else original

    def head(self, record: Record, custody_size: int) -> RecordHead:
        return self.heads(super().head(record, custody_size))

    def selection(self, record: Record, planned: Selection) -> Selection:
        return self.chooses(record, planned)

    def tells(self, event: ConsentEvent) -> bool:
        return super().tells(event) and self.hears(event)

    def log_finishing(self, book: LogBook, head: RecordHead) -> None:
        self.finishing(self, book, head)

    def log_sealing(self, book: LogBook) -> None:
        self.sealed_as(self, book)


def told(**changes: Any) -> Bag:
    """The bundle of such a sender, with the device, body and bundle id of the good one."""
    good = world()
    liar = Liar(device=good.device, body=good.body, bundle_id=good.bundle_id, **changes)
    return Bag(files=dict(members_of(liar.sealed()[1], liar.body)) | {names.PADDING: bytes(64)})


# The log


def _finish(book: LogBook, head: RecordHead, **changes: Any) -> None:
    details = {"version": 1, "root": head.root, "head": sha256(head.to_text()).hex(), **changes}
    book.write("record.finish", head.record_id, details)


def finished_twice(_: World, book: LogBook, head: RecordHead) -> None:
    _finish(book, head, root="0b" * 32)
    _finish(book, head)


def corrected_from_nowhere(_: World, book: LogBook, head: RecordHead) -> None:
    _finish(book, head)
    details = {"version": 2, "root": "0b" * 32, "head": "0c" * 32, "previous_root": "0d" * 32}
    book.write("record.correct", head.record_id, details)


def finished_by_another_person(_: World, book: LogBook, head: RecordHead) -> None:
    book.actor = "I-08"
    _finish(book, head)
    book.actor = "I-09"


def finished_on_another_device(_: World, book: LogBook, head: RecordHead) -> None:
    own, book.device = book.device, stranger().public.fingerprint.replace(" ", "")
    _finish(book, head)
    book.device = own


def withdrawn_after_finishing(_: World, book: LogBook, head: RecordHead) -> None:
    _finish(book, head)
    book.write("consent.withdraw", head.record_id, {"event": "0e" * 32, "number": 9, "reach": "everything"})


@vector("custody-records", "no-finish-entry", "BU-23")
def two_roots_for_one_version_in_one_log() -> Bag:
    return told(finishing=finished_twice)


@vector("custody-records", "no-finish-entry", "BU-23")
def correction_of_a_version_that_never_was() -> Bag:
    return told(finishing=corrected_from_nowhere)


@vector("custody-records", "other-finish-entry", "BU-23")
def record_finished_by_another_person_than_its_head_says() -> Bag:
    return told(finishing=finished_by_another_person)


@vector("custody-entries", "device", "BU-23")
def entry_put_into_the_mouth_of_another_device() -> Bag:
    return told(finishing=finished_on_another_device)


@vector("custody-records", "other-finish-entry", "BU-23")
def head_that_knows_a_longer_log_than_its_own_entry() -> Bag:
    return told(heads=lambda head: replace(head, custody_size=head.custody_size + 2))


@vector("custody-records", "other-finish-entry", "BU-23")
def first_version_that_names_one_before_it() -> Bag:
    return told(heads=lambda head: replace(head, previous_root="0b" * 32))


@vector("consent", "withdrawn-since")
def consent_withdrawn_in_the_log_and_not_in_what_is_shown() -> Bag:
    return told(finishing=withdrawn_after_finishing)


WALK = "walk/" + "0a" * 16
APPLIED = {"profile": "full", "digest": "0b" * 32}


@vector("custody-records", "others-entry", "BU-23")
def walk_under_another_profile_in_the_log() -> Bag:
    return told(besides=[("redaction.apply", WALK, APPLIED | {"profile": "lead"})])


@vector("custody-records", "others-entry", "BU-23")
def more_walks_than_records_in_the_log() -> Bag:
    return told(besides=[("redaction.apply", f"walk/{digit * 32}", APPLIED) for digit in "ab"])


@vector("custody-records", "others-entry", "BU-23")
def what_a_redactor_marked_in_the_log() -> Bag:
    return told(besides=[("redaction.lift", WALK.replace("walk", "marks"), {"digest": "0b" * 32})])


@vector("custody-records", "others-entry", "BU-23")
def record_that_the_log_says_is_erased() -> Bag:
    return told(besides=[("erase.done", "tombstone/K7F3-9Q00", {"scope": "erase", "root": "0a" * 32})])


@vector("custody-records", "others-entry", "BU-23")
def hold_told_to_a_body() -> Bag:
    return told(besides=[("hold.set", "hold/K7F3-9Q00", {"authority": "court-b"})])


@vector("custody-records", "others-entry", "BU-23")
def erasure_that_is_only_asked_for_told_to_a_body() -> Bag:
    return told(besides=[("erase.request", "erase/K7F3-9Q00", {"scope": "erase"})])


def _seal(change: dict[str, Any], sender: World, book: LogBook) -> None:
    book.write("bundle.seal", sender.bundle_id, sender.sealing() | change)


@vector("custody-seal", "other-seal-entry", "BU-23")
def log_that_counts_other_withheld_records() -> Bag:
    return told(sealed_as=partial(_seal, {"withheld": 0}))


@vector("custody-seal", "other-seal-entry", "BU-23")
def log_that_names_another_purpose() -> Bag:
    return told(sealed_as=partial(_seal, {"purpose": "advocacy"}))


@vector("custody-seal", "other-seal-entry", "BU-23")
def log_that_names_other_conditions() -> Bag:
    return told(sealed_as=partial(_seal, {"conditions": "0c" * 32}))


@vector("custody-seal", "other-seal-entry", "BU-23")
def log_that_names_a_bundle_before_it() -> Bag:
    return told(sealed_as=partial(_seal, {"previous": "0c" * 16}))


@vector("custody-seal", "other-seal-entry", "BU-23")
def claimed_time_long_before_the_act_in_the_log() -> Bag:
    return Bag().anew((b"claimed-time: 2031-05-04", b"claimed-time: 2031-05-01"))


def sealed_twice(sender: World, book: LogBook) -> None:
    book.write("bundle.seal", sender.bundle_id, sender.sealing())
    book.write("bundle.seal", sender.bundle_id, sender.sealing() | {"recipient": "9" * 40})


@vector("custody-seal", "no-seal-entry", "BU-23")
def one_bundle_sealed_for_two_bodies() -> Bag:
    return told(sealed_as=sealed_twice)


# What is shown


def everything_named(record: Record, planned: Selection) -> Selection:
    starts = frozenset(mark.start for mark in record.marks)
    paragraphs = {f"account.text/{place}": ParagraphView(named=starts) for place in range(3)}
    return replace(planned, paragraphs=paragraphs)


@vector("identity", "beyond-profile")
def names_in_an_account_that_promises_codes() -> Bag:
    return told(profile="pseudonymised", chooses=everything_named)


@vector("identity", "beyond-profile")
def account_in_a_lead_sheet() -> Bag:
    return told(profile="lead", chooses=everything_named)


def photographed(*, granted: bool) -> dict[str, Any]:
    value = english()
    value["consent"]["recording"] = {"audio": "no", "video": "no", "photo": "yes" if granted else "no"}
    return value


@dataclass
class Photographer(Liar):
    """A sender whose exhibit is a photograph."""

    def record(self, number: int) -> Record:
        record = super().record(number)
        (exhibit,) = record.exhibits
        return replace(record, exhibits=(replace(exhibit, kind="photo"),))


def with_the_file(_: Record, planned: Selection) -> Selection:
    return replace(planned, shown=planned.shown | {"exhibits/0/file"})


def photograph(**changes: Any) -> Bag:
    good = world()
    liar = Photographer(device=good.device, body=good.body, bundle_id=good.bundle_id, chooses=with_the_file, **changes)
    return Bag(files=dict(members_of(liar.sealed()[1], liar.body)) | {names.PADDING: bytes(64)})


@vector("identity", "identity-shown")
def photograph_shown_without_a_yes_to_identity() -> Bag:
    return photograph(interview=lambda: photographed(granted=True))


@vector("identity", "medium-not-granted")
def photograph_shown_without_the_grant_of_its_medium() -> Bag:
    return photograph(identity="yes", interview=lambda: photographed(granted=False))


@vector("identity", "about-another-body")
def record_that_tells_what_was_said_about_others() -> Bag:
    return told(chooses=lambda _, planned: replace(planned, shown=planned.shown | {"consent.share"}))


@vector("consent", "no-end-question")
def answer_at_the_end_held_back() -> Bag:
    return told(hears=lambda event: event.recipient == BODY)


@vector("forms disclosures exhibits legal-files", "other-form")
def known_form_with_another_question() -> Bag:
    return told(other_form=True)
