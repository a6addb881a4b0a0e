"""The sender who seals a record twice for one body and does not say truly what the second bundle shows anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, cached_property
from typing import Any

from invented_interview import english
from vectors.generate import RECORD_FILE, TEXT, Bag, members_of, stranger, vector, world
from vectors.world import AT, CONDITIONS, PURPOSE, LogBook, World

from keys.chance import random_hex
from keys.digests import sha256
from testimony.bundle import names
from testimony.bundle.parcel import PackedCustody, Parcel
from testimony.bundle.record_file import parse_record_file
from testimony.bundle.revision import Revision
from testimony.canonical import decode, encode
from testimony.custody.checkpoint import Checkpoint, origin_of
from testimony.custody.proofs import build_proofs
from testimony.model import Record
from testimony.profiles import Plan, Withholding
from testimony.redaction.head import RecordHead
from testimony.redaction.selection import ParagraphView, Selection

Sees = Callable[[Selection], Selection]
MODE, LANGUAGE, FIRST, LAST = "account.mode", "session.language", "account.text/0", "account.text/2"
NAME = f"{FIRST}/10-10"  # the leaf behind the code of the neighbour
BELLAMY = english()["account"]["paragraphs"][0].index("Bellamy")
REQUEST = "5f0c1d7e8a9b42360f1e2d3c4b5a6978"
INCOMPLETE = {"verdict": "incomplete"}


def all_of_it(selection: Selection) -> Selection:
    return selection


def without(*paths: str, hides: ParagraphView | None = None) -> Sees:
    """All but these fields and paragraphs; words of the last paragraph hidden as the view says."""

    def sees(selection: Selection) -> Selection:
        paragraphs = {path: view for path, view in selection.paragraphs.items() if path not in paths}
        told = paragraphs if hides is None else paragraphs | {LAST: hides}
        return replace(selection, shown=selection.shown - set(paths), paragraphs=told)

    return sees


def besides(*paths: str, views: dict[str, ParagraphView] | None = None) -> Sees:
    """All, and what the profile does not show."""
    return lambda selection: replace(
        selection, shown=selection.shown | set(paths), paragraphs={**selection.paragraphs, **(views or {})}
    )


LITTLE = without(MODE, LAST)
GAPPED = without(MODE, hides=ParagraphView(hidden=((0, 7), (13, 26))))


@dataclass
class Reviser(World):
    """A sender of one of several bundles out of one log: those in `sent` went out before it, to the same body."""

    sees: Sees = all_of_it
    gaps: Sequence[str] = ()
    knows: Sequence[int] = (0,)
    packs: Sequence[int] = (0,)
    sent: Sequence["Reviser"] = ()
    version: int = 1
    corrects_behind: int | None = None
    since: list[int] = field(default_factory=list)

    def record(self, number: int) -> Record:
        """No two records are the same."""
        record = super().record(number)
        return _told_otherwise(record) if number else record

    def selection(self, record: Record, planned: Selection) -> Selection:
        return self.sees(super().selection(record, planned))

    def plan(self, record: Record, release: Any) -> Plan:
        planned = super().plan(record, release)
        return replace(planned, withheld=(*planned.withheld, *(Withholding(path=one, code="FAM") for one in self.gaps)))

    def corrected(self, book: LogBook, first: RecordHead) -> tuple[Record, RecordHead]:
        """A second version of the record, with another answer."""
        record = replace(_told_otherwise(self.record(0)), version=2)
        made = replace(self.head(record, len(book.lines)), version=2, previous_root=first.root)
        said = {"version": 2, "root": made.root, "head": sha256(made.to_text()).hex(), "previous_root": first.root}
        book.write("record.correct", record.record_id, said)
        return record, made

    def parcel(self) -> Parcel:
        book, made = self.book(), []
        book.write("vault.create", "vault", {"profile": "practice"})
        for number in self.knows:
            record = self.record(number)
            head = self.head(record, len(book.lines))
            book.write("record.create", record.record_id)
            self.log_finishing(book, head)
            made.append((record, head))
        for place, one in enumerate((*self.sent, None)):
            if place == self.corrects_behind:
                corrected = self.corrected(book, made[0][1])
                made[0] = corrected if self.version == 2 else made[0]
            if one is not None:
                one.log_sealing(book)
                book.write("vault.lock", "vault")
                self.since.insert(0, len(book.lines))
        packed = [self.packed(*made[place]) for place in self.packs]
        self.log_sealing(book)
        book.write("vault.lock", "vault")
        custody = self.custody(book, [one.line.record_id for one in packed])
        return Parcel(
            bundle_id=self.bundle_id,
            practice=self.practice,
            purpose=PURPOSE,
            profile=self.profile,
            claimed_time=AT + timedelta(hours=1),
            conditions=CONDITIONS,
            records=tuple(packed),
            withheld=(),
            custody=custody,
        )

    def custody(self, book: LogBook, record_ids: Sequence[str]) -> PackedCustody:
        checkpoint = Checkpoint(origin=origin_of(self.device.public), size=book.state.size, root=book.state.root())
        proofs = build_proofs(book.lines, {*record_ids, self.bundle_id}, since=self.since)
        return PackedCustody(log=proofs.log(), checkpoint=checkpoint.signed(self.device), proofs=proofs.to_bytes())

    @cached_property
    def _members(self) -> tuple[tuple[str, bytes], ...]:
        return members_of(self.sealed()[1], self.body)

    def bag(self) -> Bag:
        return Bag(signer=self.device, files=dict(self._members) | {names.PADDING: bytes(64)})

    @property
    def file_sha256(self) -> str:
        """The SHA-256 of the record file in the bundle."""
        return sha256(self.bag().files[RECORD_FILE]).hex()


def _told_otherwise(record: Record) -> Record:
    answers = {**record.interview.answers, LANGUAGE: "fra"}
    return replace(record, interview=replace(record.interview, answers=answers))


@cache
def ids() -> tuple[str, ...]:
    """Of three bundles."""
    return random_hex(16), random_hex(16), random_hex(16)


def sender(number: int = 0, **changes: Any) -> Reviser:
    good = world()
    made: dict[str, Any] = {"device": good.device, "body": good.body, "bundle_id": ids()[number], "sees": LITTLE}
    return Reviser(**(made | changes))


def after(*sent: Reviser, **changes: Any) -> Reviser:
    """The sender of the next bundle, out of the log in which those stand; it shows all unless told otherwise."""
    known = {"profile": sent[0].profile, "interview": sent[0].interview, "identity": sent[0].identity}
    return sender(len(sent), **({"sent": sent, "sees": all_of_it} | known | changes))


def second(*lifts: str, before: Reviser | None = None, number: int = 2, request: str | None = None, **more: Any) -> Bag:
    """The bundle after that one, or after the first, that says that it lifts these paths."""
    return next_sender(*lifts, before=before, number=number, request=request, **more).bag()


def next_sender(
    *lifts: str, before: Reviser | None = None, number: int = 2, request: str | None = None, **more: Any
) -> Reviser:
    one = before or first()
    revision = Revision(number=number, since=one.file_sha256, lifts=tuple(sorted(lifts)), request=request)
    return after(one, **({"revision": revision} | more))


@cache
def first() -> Reviser:
    """It hides how the account was taken down, and its last paragraph."""
    return sender()


@cache
def first_with_gaps() -> Reviser:
    """It hides how the account was taken down, and words in two places of its last paragraph."""
    return sender(sees=GAPPED, gaps=(f"{LAST}/gap-1", f"{LAST}/gap-2"))


@cache
def named_by_the_redactor() -> Reviser:
    return sender(profile="pseudonymised", sees=all_of_it, put=[("two", "V-7F3K")])


@cache
def pseudonymised() -> Reviser:
    """Codes stand in place of names, by the profile."""
    return sender(profile="pseudonymised", interview=guarded, sees=all_of_it)


@cache
def pseudonymised_and_named() -> Reviser:
    return sender(profile="pseudonymised", interview=guarded, identity="yes", sees=all_of_it)


@cache
def second_by_itself() -> Reviser:
    return next_sender(MODE, LAST)


def first_bag() -> Bag:
    return first().bag()


def gapped_bag() -> Bag:
    return first_with_gaps().bag()


def guarded() -> dict[str, Any]:
    """An interview that says how its witness is protected."""
    value = english()
    value["support"] = {"notes": "Invented: call the schoolteacher first."}
    return value


# What is lifted, and what is said of it.


@vector("revisions", "undeclared-lift", "BU-22", earlier=first_bag)
def lift_of_a_value_that_nothing_declares() -> Bag:
    return second(LAST)


@vector("revisions", "undeclared-lift", "BU-22", earlier=first_bag)
def lift_of_a_paragraph_that_nothing_declares() -> Bag:
    return second(MODE)


@vector("revisions", "undeclared-lift", "BU-22", earlier=gapped_bag)
def lift_of_words_that_nothing_declares() -> Bag:
    return second(MODE, before=first_with_gaps())


@vector("revisions", "undeclared-lift", "BU-22", earlier=first_bag)
def answer_that_lifts_more_than_it_says() -> Bag:
    return second(MODE, request=REQUEST)


@vector("revisions", "undeclared-lift", "BU-22", earlier=first_bag)
def first_revision_twice_and_the_second_shows_more() -> Bag:
    return after(first()).bag()


@vector("revisions", "not-hidden-before", "BU-22", earlier=first_bag)
def lift_of_what_was_shown_before() -> Bag:
    return second(MODE, LAST, LANGUAGE)


@vector("revisions", "not-hidden-before", "BU-22", earlier=first_bag)
def answer_that_says_it_lifts_what_was_shown_before() -> Bag:
    return second(MODE, LAST, FIRST, request=REQUEST)


@vector("revisions", "not-hidden-before", "BU-22", earlier=lambda: next_sender(MODE, sees=without(LAST)).bag())
def answer_that_carries_on_what_no_answer_lifted() -> Bag:
    plain = next_sender(MODE, sees=without(LAST))
    revision = Revision(number=3, since=plain.file_sha256, lifts=(MODE, LAST), request=REQUEST)
    return after(first(), plain, revision=revision).bag()


@vector("revisions", "hidden-again", "BU-22", earlier=first_bag)
def answer_that_hides_what_was_shown() -> Bag:
    return second(MODE, LAST, request=REQUEST, sees=without(LANGUAGE))


@vector("revisions", "hidden-again", "BU-22", earlier=first_bag)
def first_revision_twice_and_the_second_shows_less() -> Bag:
    return after(first(), sees=without(MODE, LAST, LANGUAGE)).bag()


@vector("disclosures", "not-lifted", "BU-22")
def lift_of_a_value_that_is_not_shown() -> Bag:
    return second(MODE, LAST, sees=without(MODE))


@vector("disclosures", "not-lifted", "BU-22")
def lift_of_a_place_that_no_record_has() -> Bag:
    return second("nothing.at.all")


@vector("disclosures", "not-lifted", "BU-22")
def lift_of_words_that_stay_a_gap() -> Bag:
    return second(f"{LAST}/0-1", before=first_with_gaps(), sees=GAPPED, gaps=first_with_gaps().gaps)


# Number and history.


@vector("revisions", "revision-number", "BU-22", earlier=first_bag)
def revision_whose_number_skips_one() -> Bag:
    return second(MODE, LAST, number=3)


@vector("revisions", "revision-number", "BU-22", earlier=lambda: second_by_itself().bag())
def two_histories_under_one_number() -> Bag:
    one = second_by_itself()
    revision = Revision(number=2, since=one.file_sha256, lifts=(MODE,))
    return after(first(), one, revision=revision).bag()


@vector("revisions", "other-since", "BU-22", earlier=first_bag, **INCOMPLETE)
def revision_since_a_file_that_was_never_there() -> Bag:
    return after(first(), revision=Revision(number=2, since="0b" * 32, lifts=(MODE, LAST))).bag()


@vector("revisions", "undeclared-lift", "BU-22", earlier=first_bag)
def revision_since_a_file_that_was_never_there_and_a_lift_that_nothing_declares() -> Bag:
    return after(first(), revision=Revision(number=2, since="0b" * 32, lifts=(LAST,))).bag()


@vector("revisions", "revisions-between", "BU-22", earlier=first_bag, **INCOMPLETE)
def revision_behind_one_that_is_not_given() -> Bag:
    one = second_by_itself()
    revision = Revision(number=3, since=one.file_sha256, lifts=(LANGUAGE,))
    return after(first(), one, revision=revision).bag()


@vector("revisions", "earlier-newer", "BU-22", earlier=lambda: second_by_itself().bag(), **INCOMPLETE)
def later_bundle_given_as_the_earlier_one() -> Bag:
    return first_bag()


@vector("revisions", "earlier-newer", "BU-22", earlier=lambda: second_by_itself().bag(), **INCOMPLETE)
def first_revision_sealed_again_behind_the_second() -> Bag:
    return after(first(), second_by_itself(), sees=LITTLE).bag()


@cache
def correction() -> Reviser:
    return after(first(), corrects_behind=1, version=2)


@vector("revisions", "earlier-newer", "BU-22", earlier=lambda: correction().bag(), **INCOMPLETE)
def first_version_sealed_again_behind_its_correction() -> Bag:
    return after(first(), correction(), corrects_behind=1, sees=LITTLE).bag()


# Of another sender, another record, a bundle that fails, a log written anew.


def forged() -> Bag:
    """All is right in it but the device, and it names the file in the bundle of the true one."""
    revision = Revision(number=2, since=first().file_sha256, lifts=(MODE, LAST), request=REQUEST)
    return sender(1, device=stranger(), sees=all_of_it, revision=revision).bag()


@vector("revisions", "earlier-signer", "BU-22", earlier=first_bag, trust="stranger", **INCOMPLETE)
def answer_forged_by_a_stranger() -> Bag:
    return forged()


@vector("revisions signer-trusted", "earlier-signer", "BU-22", earlier=first_bag, **INCOMPLETE)
def answer_forged_by_a_stranger_where_the_sender_is_trusted() -> Bag:
    return forged()


@vector("revisions", "earlier-signer", "BU-22", earlier=forged, **INCOMPLETE)
def true_bundle_beside_one_that_a_stranger_calls_the_earlier() -> Bag:
    return first().bag()


@vector("signatures", "signature", "BU-22", earlier=first_bag)
def answer_signed_by_a_stranger_in_the_name_of_the_sender() -> Bag:
    bag = second(MODE, LAST, request=REQUEST)
    bag.signer = stranger()
    return bag.anew()


@cache
def two_records() -> tuple[Reviser, Reviser]:
    one = sender(knows=(0, 1), packs=(1,), records=1)
    return one, after(one, knows=(0, 1), sees=all_of_it)


def other_bag() -> Bag:
    return two_records()[0].bag()


@vector("revisions", "earlier-unrelated", "BU-22", earlier=other_bag, **INCOMPLETE)
def earlier_bundle_with_another_record() -> Bag:
    return two_records()[1].bag()


@vector(
    "revisions", "earlier-refused", "BU-22", earlier=lambda: Bag().edit(TEXT, b"noon", b"dawn").anew(), **INCOMPLETE
)
def earlier_bundle_that_fails_by_itself() -> Bag:
    return second_by_itself().bag()


@vector("custody-growth", "fork", "BU-23", earlier=first_bag)
def answer_out_of_a_log_written_anew() -> Bag:
    one = sender(sees=LITTLE, knows=(0, 1))
    one.bundle_id = ids()[2]
    revision = Revision(number=2, since=one.file_sha256, lifts=(MODE, LAST), request=REQUEST)
    forked = after(one, knows=(0, 1), revision=revision)
    forked.since.append(5)
    return forked.bag()


@vector("disclosures exhibits legal-files", "root", "BU-22")
def answer_replayed_into_another_record() -> Bag:
    answer, other = second(MODE, LAST, request=REQUEST), other_bag()
    own = names.record_member("TST-0000011", names.RECORD)
    replayed = answer.files[RECORD_FILE].replace(_head_in(answer.files[RECORD_FILE]), _head_in(other.files[own]))
    other.files[own] = replayed
    return other.anew()


def _head_in(data: bytes) -> bytes:
    return parse_record_file(data, "record").head.encode()


# What is never lifted.


def answer(*lifts: str, before: Reviser, views: dict[str, ParagraphView] | None = None) -> Bag:
    """An answer that shows these beyond the profile, and says so."""
    shown = [path for path in lifts if not path.startswith(FIRST)]
    return second(*lifts, before=before, request=REQUEST, sees=besides(*shown, views=views))


FAMILY = "witness.name/family"


@vector("identity", "identity-shown", "BU-22", earlier=first_bag)
def answer_that_names_the_witness_without_a_yes_to_it() -> Bag:
    return second(FAMILY, LAST, MODE, request=REQUEST, sees=besides(FAMILY))


@vector("identity", "identity-shown", "BU-22", earlier=first_bag)
def revision_that_names_the_witness_without_a_yes_to_it() -> Bag:
    return second(FAMILY, LAST, MODE, sees=besides(FAMILY))


@vector("identity", "beyond-profile", "BU-22", earlier=lambda: pseudonymised().bag())
def answer_that_names_a_pseudonymised_witness_without_a_yes_to_it() -> Bag:
    return answer(FAMILY, before=pseudonymised())


@vector("identity", "beyond-profile", "BU-22", earlier=lambda: pseudonymised().bag())
def answer_that_tells_how_the_witness_is_protected() -> Bag:
    return answer("support.notes", before=pseudonymised())


@vector("identity", "beyond-profile", "BU-22", earlier=lambda: pseudonymised_and_named().bag())
def answer_that_tells_how_a_named_witness_is_protected() -> Bag:
    return answer("support.notes", before=pseudonymised_and_named())


@vector("identity", "beyond-profile", "BU-22", earlier=lambda: pseudonymised().bag())
def revision_that_lifts_beyond_the_profile_and_answers_nobody() -> Bag:
    path = "session.place/verbatim"
    return second(path, before=pseudonymised(), sees=besides(path))


@vector("identity", "beyond-profile", "BU-22", earlier=lambda: pseudonymised().bag())
def answer_that_shows_beyond_the_profile_what_it_does_not_say() -> Bag:
    shown = besides("session.place/verbatim", "witness.capacity", "session.place/pcode")
    return second("session.place/pcode", before=pseudonymised(), request=REQUEST, sees=shown)


@vector("identity", "about-another-body", "BU-22", earlier=lambda: pseudonymised().bag())
def answer_that_tells_what_was_said_about_another_body() -> Bag:
    return answer(*(f"consent.share/1/{name}" for name in ("answer", "purpose", "recipient")), before=pseudonymised())


@vector("identity", "beyond-profile", "BU-22", earlier=lambda: pseudonymised().bag())
def answer_that_shows_a_name_without_its_code() -> Bag:
    return answer(NAME, before=pseudonymised(), views={FIRST: ParagraphView(named=frozenset([BELLAMY]))})


# The member of the record file.


def revised(**members: Any) -> Bag:
    """The second bundle with another `revision` in its record file."""
    bag = second_by_itself().bag()
    file: Any = decode(bag.files[RECORD_FILE], limit=names.MAX_RECORD, where="record")
    file["revision"] |= members
    bag.files[RECORD_FILE] = encode(file)
    return bag.anew()


UNREADABLE = "disclosures exhibits legal-files"


@vector(UNREADABLE, "revision", "BU-22")
def revision_with_number_zero() -> Bag:
    return revised(number=0)


@vector(UNREADABLE, "revision", "BU-22")
def revision_with_true_for_a_number() -> Bag:
    return revised(number=True)


@vector(UNREADABLE, "revision", "BU-22")
def revision_past_the_last_number() -> Bag:
    return revised(number=10_000)


@vector(UNREADABLE, "revision", "BU-22")
def second_revision_without_a_history() -> Bag:
    return revised(since=None)


@vector(UNREADABLE, "revision", "BU-22")
def first_revision_with_a_history() -> Bag:
    return revised(number=1)


@vector(UNREADABLE, "revision", "BU-22")
def revision_since_something_that_is_no_digest() -> Bag:
    return revised(since="0B" * 32)


@vector(UNREADABLE, "revision", "BU-22")
def lifts_out_of_their_order() -> Bag:
    return revised(lifts=[LAST, MODE])


@vector(UNREADABLE, "revision", "BU-22")
def lift_that_is_listed_twice() -> Bag:
    return revised(lifts=[MODE, MODE, LAST])


@vector(UNREADABLE, "revision", "BU-22")
def lift_whose_path_has_a_blank() -> Bag:
    return revised(lifts=["account mode"])


@vector(UNREADABLE, "revision", "BU-22")
def lift_that_is_no_text() -> Bag:
    return revised(lifts=[7])


@vector(UNREADABLE, "revision", "BU-22")
def lifts_that_are_no_list() -> Bag:
    return revised(lifts=MODE)


@vector(UNREADABLE, "revision", "BU-22")
def more_lifts_than_a_reader_takes() -> Bag:
    return revised(lifts=[f"account.text/{number:05d}" for number in range(10_001)])


@vector(UNREADABLE, "revision", "BU-22")
def answer_that_lifts_nothing() -> Bag:
    return revised(lifts=[], request=REQUEST)


@vector(UNREADABLE, "revision", "BU-22")
def answer_to_something_that_is_no_request() -> Bag:
    return revised(request=REQUEST.upper())


@vector(UNREADABLE, "revision", "BU-22")
def revision_with_a_member_that_nobody_knows() -> Bag:
    return revised(hides=[])
