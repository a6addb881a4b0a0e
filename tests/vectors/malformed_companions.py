"""The sender whose companions belong to nothing here, show more than their record, or are no companions at all."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from invented_interview import english
from vectors.generate import EXHIBIT, Bag, members_of, stranger, vector, world
from vectors.generate import HEAD as RECORD_HEAD
from vectors.world import SEED, LogBook, World

from keys.digests import sha256
from keys.identity import Identity
from keys.signature import RECORD
from testimony.bundle import names
from testimony.bundle.packing import pack_companion
from testimony.bundle.parcel import PackedCompanion, PackedRecord
from testimony.companions import companion_record, read_companion
from testimony.custody.checkpoint import origin_of
from testimony.forms.form import FormKind
from testimony.forms.reading import core_form, form_bytes
from testimony.interview import Interview
from testimony.model import Record
from testimony.redaction.disclosure import disclose
from testimony.redaction.head import RecordHead, parse_head
from testimony.redaction.record_slots import record_tree
from testimony.redaction.selection import ParagraphView, Selection

NUMBER = "TST-0000009"
COMPANION_ID = "K7F3-9QXX"
HEAD = names.companion_member(NUMBER, names.HEAD)
TEXT = names.companion_member(NUMBER, names.TXT)
FILE = names.companion_member(NUMBER, names.RECORD)
_HIDDEN = ("companion.by", "mentions")


def _changed(interview: Interview, **answers: Any) -> Interview:
    for name, value in answers.items():
        interview = interview.answered(name.replace("__", "."), value)
    return interview


@dataclass
class Translator(World):
    """A sender of one record with one companion; each step of it can be changed."""

    kind: FormKind = "translation"
    writes: Callable[[Interview], Interview] = field(default=lambda interview: interview)
    heads: Callable[[RecordHead], RecordHead] = field(default=lambda head: head)
    selects: Callable[[Selection], Selection] = field(default=lambda selection: selection)
    adds: Callable[[PackedCompanion], tuple[PackedCompanion, ...]] = field(default=lambda one: (one,))
    hides: frozenset[str] = frozenset()
    logged: bool = True
    signer: Identity | None = None
    made: list[tuple[Record, RecordHead]] = field(default_factory=list)

    def companion(self, source: Record, head: RecordHead) -> Record:
        count = len(source.interview.paragraphs)
        value: dict[str, Any] = {
            "practice": self.practice,
            "language": "deu",
            "companion": {"by": "T-02", "method": "human"},
            "account": {"paragraphs": [f"Der erfundene Absatz {number}." for number in range(1, count + 1)]},
            "mentions": [],
        }
        if self.kind == "transcript":
            value["source"] = {"exhibit": source.exhibits[0].control_number}
        if self.kind == "observation":
            del value["companion"]["method"], value["mentions"]
        interview = self.writes(read_companion(value, self.kind, source, bytes.fromhex(head.root)))
        return companion_record(interview, source, COMPANION_ID, NUMBER)

    def companion_head(self, companion: Record, custody_size: int) -> RecordHead:
        return self.heads(self.head_over(companion, (), custody_size))

    def log_finishing(self, book: LogBook, head: RecordHead) -> None:
        super().log_finishing(book, head)
        companion = self.companion(self.record(0), head)
        own = self.companion_head(companion, len(book.lines))
        self.made = [(companion, own)]
        if self.logged:
            details = {"digest": sha256(own.to_text()).hex(), "language": "deu", "method": "human"}
            kind = "transcript.add" if self.kind == "transcript" else "translation.add"
            book.write(kind, head.record_id, details)

    def selection(self, record: Record, planned: Selection) -> Selection:
        shown = {path: view for path, view in planned.paragraphs.items() if path not in self.hides}
        chosen = super().selection(record, planned)
        return replace(chosen, shown=chosen.shown - self.hides, paragraphs=shown)

    def packed(self, record: Record, head: RecordHead) -> PackedRecord:
        ((companion, own),) = self.made
        shown = frozenset(slot.id for slot in companion.form.slots if slot.id not in ("account.text", *_HIDDEN))
        paragraphs = {f"account.text/{place}": ParagraphView() for place in range(len(companion.interview.paragraphs))}
        selection = self.selects(Selection(shown=shown, paragraphs=paragraphs))
        text = own.to_text()
        made = pack_companion(
            text,
            (self.signer or self.device).sign(text, RECORD),
            disclose(record_tree(companion), SEED, selection),
            form_bytes(companion.form.id),
        )
        return replace(super().packed(record, head), companions=self.adds(made))


def translated(**changes: Any) -> Bag:
    """The bundle of such a sender, with the device, body and bundle id of the good one."""
    good = world()
    sender = Translator(device=good.device, body=good.body, bundle_id=good.bundle_id, **changes)
    return Bag(files=dict(members_of(sender.sealed()[1], sender.body)) | {names.PADDING: bytes(64)})


@vector("counts", "no-source")
def companion_without_its_source_in_the_bundle() -> Bag:
    return translated(writes=lambda one: _changed(one, source__record="K7F3-9QYY"))


@vector("record-heads", "other-source")
def companion_of_another_root() -> Bag:
    return translated(writes=lambda one: _changed(one, source__root="0b" * 32))


@vector("record-heads", "other-source")
def companion_of_a_version_that_is_not_there() -> Bag:
    return translated(writes=lambda one: _changed(one, source__version=2))


@vector("record-signatures", "signature")
def companion_by_another_signer() -> Bag:
    return translated(signer=stranger())


@vector("identity", "never-leaves")
def observation_in_a_bundle() -> Bag:
    return translated(kind="observation")


@vector("custody-records", "no-companion-entry")
def companion_that_the_log_does_not_know() -> Bag:
    return translated(logged=False)


@vector("custody-records", "no-companion-entry")
def companion_by_another_person_than_the_log_says() -> Bag:
    return translated(heads=lambda head: replace(head, recorder="I-08"))


@vector("record-heads", "differs")
def companion_that_claims_another_device() -> Bag:
    def other(head: RecordHead) -> RecordHead:
        public = stranger().public
        return replace(head, device=public.fingerprint, custody_origin=origin_of(public))

    return translated(heads=other)


@vector("record-heads", "differs")
def companion_that_calls_itself_a_second_version() -> Bag:
    return translated(heads=lambda head: replace(head, version=2, previous_root="0b" * 32))


@vector("identity", "beyond-source")
def translation_of_a_paragraph_that_is_withheld() -> Bag:
    return translated(hides=frozenset({f"account.text/{len(english()['account']['paragraphs']) - 1}"}))


@vector("reading-copies", "differs")
def companion_whose_copy_says_something_else() -> Bag:
    return translated().edit(TEXT, b"erfundene", b"wahrhafte").anew()


@vector("counts", "absent", verdict="incomplete")
def companion_without_its_signature() -> Bag:
    bag = translated()
    del bag.files[names.companion_member(NUMBER, names.HEAD_HYBRID)]
    return bag.anew()


@vector("disclosures", "other-head")
def companion_file_for_another_head() -> Bag:
    def other(one: PackedCompanion) -> tuple[PackedCompanion, ...]:
        return (replace(one, file=one.file.replace(sha256(one.head).hex().encode(), b"0c" * 32)),)

    return translated(adds=other)


@vector("disclosures", "no-form")
def testimony_that_is_carried_as_a_companion() -> Bag:
    def other(one: PackedCompanion) -> tuple[PackedCompanion, ...]:
        core = core_form()
        text = replace(parse_head(one.head), form_id=core.id, form_sha256=core.digest).to_text()
        signed = world().device.sign(text, RECORD)
        return (replace(one, head=text, signatures=signed, form_id=core.id, form=core.content),)

    return translated(adds=other)


@vector("custody-records disclosures exhibits legal-files", "no-form")
def companion_that_is_carried_as_a_testimony() -> Bag:
    bag = translated()
    text = replace(parse_head(bag.files[RECORD_HEAD]), form_id="translation-1", form_sha256=_digest()).to_text()
    for name in [one for one in bag.files if one.startswith("data/companions/")]:
        del bag.files[name]
    return bag.rehead(text).anew()


def _digest() -> str:
    return sha256(form_bytes("translation-1")).hex()


@vector("identity", "beyond-profile")
def translation_in_a_bundle_whose_profile_shows_no_account() -> Bag:
    return translated(profile="lead")


@vector("identity", "beyond-source")
def transcript_of_an_exhibit_that_is_withheld() -> Bag:
    return translated(kind="transcript", hides=frozenset({"exhibits/0/file"}))


@vector("identity", "beyond-profile")
def translation_in_a_bundle_whose_profile_wants_it_reviewed() -> Bag:
    return translated(profile="pseudonymised")


@vector("exhibits", "absent", verdict="incomplete")
def transcript_whose_exhibit_has_not_arrived() -> Bag:
    bag = translated(kind="transcript")
    del bag.files[EXHIBIT]
    return bag.anew()
