"""What is wrong with consent after finishing: statements missing, old, of others, and words the log has not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vectors.generate import CONTROL, RECORD_FILE, Bag, members_of, stranger, vector, world
from vectors.world import AT, BODY, PURPOSE, SEED, LogBook, World

from keys.signature import CONSENT as CONSENT_NAMESPACE
from keys.signature import RECORD as RECORD_NAMESPACE
from testimony.bundle import names
from testimony.bundle.parcel import PackedRecord, SignedStatement
from testimony.bundle.record_file import RecordFile, consent_rows, parse_record_file
from testimony.bundle.tables import CONSENT_HEADER, table
from testimony.consent_events import ConsentEvent, parse_event
from testimony.consent_statement import ConsentStatement
from testimony.model import Record
from testimony.redaction.consent_tree import commit_consent, disclose_consent
from testimony.redaction.head import RecordHead

TEXT = names.record_member(CONTROL, names.CONSENT)
PLAIN = names.record_member(CONTROL, names.CONSENT_ED25519)
HYBRID = names.record_member(CONTROL, names.CONSENT_HYBRID)


def word(
    seq: int, kind: Any = "confirm", answer: Any = "yes", recipient: str = BODY, purpose: str = PURPOSE
) -> ConsentEvent:
    review = AT.date().replace(year=2032) if answer == "yes" else None
    return ConsentEvent(
        seq=seq, at=AT, kind=kind, recipient=recipient, purpose=purpose, answer=answer, review_by=review
    )


CONFIRMED = (word(5), word(6))
PART = (word(5, "withdraw", "no", "body-b", ""),)


@dataclass
class Later(World):
    """A sender with words after the finish, one step of it changed."""

    later: Sequence[ConsentEvent] = CONFIRMED
    states: Callable[[ConsentStatement], ConsentStatement] = field(default=lambda one: one)
    enters: Callable[[dict[str, Any]], dict[str, Any]] = field(default=lambda one: one)
    shows: Callable[[World, Record], None] = field(default=lambda _, __: None)

    def statement(self, record: Record, number: int, size: int) -> ConsentStatement:
        return self.states(super().statement(record, number, size))

    def word(self, event: ConsentEvent, text: bytes) -> dict[str, Any]:
        return self.enters(super().word(event, text))

    def log_consent(self, book: LogBook, record: Record) -> None:
        super().log_consent(book, record)
        self.shows(self, record)


def later(**changes: Any) -> Bag:
    """The bundle of such a sender, with the device, body and bundle id of the good one."""
    good = world()
    return of_sender(Later(device=good.device, body=good.body, bundle_id=good.bundle_id, **changes))


def of_sender(sender: World) -> Bag:
    return Bag(files=dict(members_of(sender.sealed()[1], sender.body)) | {names.PADDING: bytes(64)})


def showing(bag: Bag, number: int, shown: Sequence[int]) -> Bag:
    """The bag with the first so many events as its consent, under the tree of that many."""
    good = world()
    events = [event.to_bytes() for event in (*good.events(good.record(0)), *CONFIRMED)]
    file = parse_record_file(bag.files[RECORD_FILE], RECORD_FILE)
    tree = disclose_consent(events[:number], SEED, shown, number=number if number > len(events) - 2 else 0)
    bag.files[RECORD_FILE] = RecordFile(head=file.head, disclosure=file.disclosure, consent=tree).to_bytes()
    told = [parse_event(events[place]) for place in shown]
    bag.files[names.CONSENT_SUMMARY] = table(CONSENT_HEADER, consent_rows(CONTROL, told))
    return bag


def signed(bag: Bag, text: bytes, namespace: str = CONSENT_NAMESPACE) -> Bag:
    both = bag.signer.sign(text, namespace)
    bag.files |= {TEXT: text, PLAIN: both.ed25519, HYBRID: both.hybrid}
    return bag


@vector("consent", "other-statement", "BU-23")
def consent_shown_as_of_the_finish_though_more_was_said() -> Bag:
    bag = later(later=CONFIRMED)
    for name in (TEXT, PLAIN, HYBRID):
        del bag.files[name]
    return showing(bag, 4, [0, 3]).anew()


@vector("consent", "other-statement", "BU-23")
def consent_shown_as_of_the_word_before_the_newest() -> Bag:
    def older(sender: World, record: Record) -> None:
        sender.later = CONFIRMED[:1]
        sender.said[record.record_id] = World.statement(sender, record, 5, 3).to_text()

    return later(shows=older)


@vector("consent", "other-statement")
def consent_statement_about_another_record() -> Bag:
    return later(states=lambda one: replace(one, record_id="K7F3-9QZX"))


@vector("consent", "other-statement")
def consent_statement_of_a_practice_other_than_the_head() -> Bag:
    return later(states=lambda one: replace(one, practice=not one.practice))


@vector("consent", "other-statement")
def consent_statement_that_knows_a_longer_log_than_its_own_entry() -> Bag:
    return later(states=lambda one: replace(one, custody_size=one.custody_size + 2))


@vector("consent", "other-statement")
def consent_statement_that_counts_other_events_than_its_entry() -> Bag:
    return later(states=lambda one: replace(one, events=one.events + 1))


@vector("consent", "other-statement")
def word_about_consent_without_a_statement() -> Bag:
    def enter(details: dict[str, Any]) -> dict[str, Any]:
        newest = details["number"] == CONFIRMED[-1].seq
        return {name: value for name, value in details.items() if newest or name != "statement"}

    return later(enters=enter)


@vector("consent", "other-statement")
def consent_statement_that_no_entry_names() -> Bag:
    bag = Bag()
    good = world()
    replaced = replace(good, later=CONFIRMED[:1], said={})
    text = World.statement(replaced, good.record(0), 5, 3).to_text()
    return showing(signed(bag, text), 5, [0, 3, 4]).anew()


@vector("consent exhibits legal-files", "signature", "BU-10")
def consent_statement_signed_by_another_key() -> Bag:
    bag = later()
    both = stranger().sign(bag.files[TEXT], CONSENT_NAMESPACE)
    bag.files |= {PLAIN: both.ed25519, HYBRID: both.hybrid}
    return bag.anew()


@vector("consent exhibits legal-files", "signature", "BU-10")
def consent_statement_signed_for_another_purpose() -> Bag:
    bag = later()
    return signed(bag, bag.files[TEXT], RECORD_NAMESPACE).anew()


@vector("consent exhibits legal-files", "spelling")
def consent_statement_of_another_version() -> Bag:
    bag = later()
    return signed(bag, bag.files[TEXT].replace(b"statement v1", b"statement v2")).anew()


@vector("consent exhibits legal-files", "limit")
def consent_statement_longer_than_its_limit() -> Bag:
    bag = later()
    return signed(bag, bag.files[TEXT] + b"x" * 2000).anew()


@vector("consent exhibits legal-files", "root")
def consent_shown_leads_elsewhere_than_its_statement() -> Bag:
    bag = later()
    return showing(bag, 4, [0, 3]).anew()


@vector("counts exhibits legal-files", "absent", "BU-13")
def consent_statement_without_its_hybrid_signature_file() -> Bag:
    bag = later()
    del bag.files[HYBRID]
    return bag.anew()


@dataclass
class Misreporter(Later):
    """A sender whose log says of each word after the finish that it took everything back."""

    later: Sequence[ConsentEvent] = CONFIRMED[:1]

    def log_consent(self, book: LogBook, record: Record) -> None:
        (event,) = self.later
        text = self.statement(record, event.seq, len(book.lines)).to_text()
        details = super().word(event, text) | {"reach": "everything"}
        book.write("consent.withdraw", record.record_id, details)
        self.said[record.record_id] = text


@vector("consent", "other-event", "BU-23")
def withdrawal_of_everything_in_the_log_shown_as_a_confirmation() -> Bag:
    good = world()
    return of_sender(Misreporter(device=good.device, body=good.body, bundle_id=good.bundle_id))


@dataclass
class Counter(Later):
    """A sender who gives the last event a number that is not its place, under a statement of his own over that tree."""

    later: Sequence[ConsentEvent] = CONFIRMED[:1]
    counts: int = 9

    def told(self, record: Record) -> tuple[ConsentEvent, ...]:
        *others, last = self.events(record)
        return (*others, replace(last, seq=self.counts))

    def statement(self, record: Record, number: int, size: int) -> ConsentStatement:
        tree = commit_consent([event.to_bytes() for event in self.told(record)], SEED, number=number)
        said = super().statement(record, number, size)
        return replace(said, events=self.counts, consent_root=tree.root.hex(), consent_leaves=tree.n)

    def word(self, event: ConsentEvent, text: bytes) -> dict[str, Any]:
        return super().word(event, text) | {"number": self.counts}

    def packed(self, record: Record, head: RecordHead) -> PackedRecord:
        """The product packs what is true; the other tree and statement are put in place of it."""
        text = self.said[record.record_id]
        number = len(self.events(record))
        self.said[record.record_id] = World.statement(self, record, number, 3).to_text()
        made = super().packed(record, head)
        told = self.told(record)
        shown = [place for place, event in enumerate(told) if self.tells(event)]
        tree = disclose_consent([event.to_bytes() for event in told], SEED, shown, number=number)
        file = replace(parse_record_file(made.file, RECORD_FILE), consent=tree)
        signed = SignedStatement(text=text, signatures=self.device.sign(text, CONSENT_NAMESPACE))
        return replace(made, file=file.to_bytes(), statement=signed, consent_rows=())


@vector("consent exhibits", "events-out-of-order", "BU-23")
def consent_event_whose_number_is_not_its_place() -> Bag:
    good = world()
    return of_sender(Counter(device=good.device, body=good.body, bundle_id=good.bundle_id))
