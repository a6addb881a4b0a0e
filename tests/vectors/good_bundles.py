"""Bundles in which every check holds, one for each way in which a bundle may differ: no verifier may refuse them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from vectors.contradictions import APPLIED, WALK, photograph, photographed
from vectors.corrected_records import corrected
from vectors.generate import Bag, Vector, members_of, resealed, sealed, world
from vectors.malformed_anchors import anchored, late_and_right
from vectors.malformed_companions import translated
from vectors.malformed_consent import later
from vectors.malformed_forms import asked
from vectors.malformed_public import published
from vectors.malformed_revisions import (
    BELLAMY,
    FAMILY,
    FIRST,
    LANGUAGE,
    LAST,
    LITTLE,
    MODE,
    NAME,
    REQUEST,
    after,
    answer,
    correction,
    first,
    first_bag,
    first_with_gaps,
    gapped_bag,
    guarded,
    named_by_the_redactor,
    next_sender,
    other_bag,
    pseudonymised,
    pseudonymised_and_named,
    second,
    second_by_itself,
    sender,
    two_records,
    without,
)
from vectors.malformed_trees import GAPS, redaction_log_with_a_long_cell, with_gaps
from vectors.world import AT, LogBook, World

from keys.digests import sha256
from keys.identity import Identity
from testimony.bundle import names
from testimony.bundle.revision import Revision
from testimony.custody.checkpoint import Checkpoint, origin_of
from testimony.custody.entries import NO_ENTRY, Act, Entry
from testimony.custody.log import append
from testimony.custody.moments import Moment
from testimony.redaction.selection import ParagraphView

GOOD: list[Vector] = []


def good(make: Callable[[], Any], earlier: Callable[[], Bag] | None = None) -> Callable[[], Any]:
    """Adds what the function makes; its name, with dashes, is the vector's."""

    def build() -> bytes:
        made = make()
        return made.tar() if isinstance(made, Bag) else made

    name = f"good-{make.__name__.replace('_', '-')}"
    GOOD.append(Vector(name, build, frozenset(), "", exits=0, verdict="pinned", earlier=earlier))
    return make


def good_beside(earlier: Callable[[], Bag]) -> Callable[[Any], Any]:
    """Adds what the function makes, held against that earlier bundle."""
    return lambda make: good(make, earlier)


def of(**changes: Any) -> Bag:
    return of_sender(replace(world(), **changes))


def of_sender(sender: World) -> Bag:
    return Bag(files=dict(members_of(sender.sealed()[1], sender.body)) | {names.PADDING: bytes(64)})


@good
def sealed_file() -> bytes:
    return sealed()


@good
def tar() -> Bag:
    return Bag()


@good
def tar_that_was_sealed_again() -> bytes:
    return resealed(Bag().tar())


@good
def sealed_for_sixteen() -> bytes:
    return resealed(Bag().tar(), *(Identity.generate() for _ in range(15)), world().body)


@good
def three_records() -> Bag:
    return of(records=3)


@good
def with_its_own_walk_and_a_tombstone() -> Bag:
    stone = {"scope": "erase", "root": "0c" * 32}
    walk = [("redaction.apply", WALK, APPLIED), ("redaction.lift", WALK, {"digest": "0b" * 32})]
    return of(besides=[*walk, ("erase.done", "tombstone/K7F3-9QZX", stone)])


@good
def pseudonymised_and_reviewed() -> Bag:
    return of(profile="pseudonymised")


@good
def pseudonymised_and_not_reviewed() -> Bag:
    return of(profile="pseudonymised", reviewed=False)


@good
def lead_sheet() -> Bag:
    return of(profile="lead")


@good
def real_and_no_practice() -> Bag:
    return of(practice=False)


@good
def witness_named_with_a_yes_to_it() -> Bag:
    return of(identity="yes")


@good
def account_of_one_paragraph() -> Bag:
    return of(paragraphs=["We saw nobody, and said so."])


@good
def account_of_controls_and_of_two_scripts() -> Bag:
    return of(paragraphs=["=1+1\tand\n\x1b[2J then \u202egpj.exe", "رأيت غريبين عند الباب 🌱\u200f", " "])


@good
def photograph_with_its_grant() -> Bag:
    return photograph(identity="yes", interview=lambda: photographed(granted=True))


@good
def codes_that_the_redactor_put_into_gaps() -> Bag:
    return of(profile="pseudonymised", put=[("came at", "P-0000"), ("two", "V-7F3K"), ("strangers", "U-9QZD")])


@good
def padding_of_any_length() -> Bag:
    bag = Bag()
    bag.files[names.PADDING] = b""
    return bag


@good
def times_bound_from_outside() -> Bag:
    return anchored()


@good
def record_finished_behind_what_bounds_it() -> Bag:
    return late_and_right()


@good
def words_about_consent_after_the_finish() -> Bag:
    return later()


@good
def statistics() -> Bag:
    return of(profile="statistics")


@good
def paragraph_with_gaps_and_their_reasons() -> Bag:
    return with_gaps(GAPS)


@good
def correction_of_a_record() -> Bag:
    return corrected()


@good
def record_with_its_translation() -> Bag:
    return translated()


@good
def exhibit_with_its_transcript() -> Bag:
    return translated(kind="transcript")


@good_beside(first_bag)
def revision_that_lifts_what_it_says() -> Bag:
    return second_by_itself().bag()


@good_beside(first_bag)
def same_bundle_twice() -> Bag:
    return first_bag()


@good_beside(first_bag)
def first_revision_sealed_again() -> Bag:
    return after(first(), sees=LITTLE).bag()


@good_beside(gapped_bag)
def revision_that_lifts_one_gap_and_half_of_another() -> Bag:
    """A gap takes in some of the words around it, so that its length tells little."""
    view = ParagraphView(hidden=((22, 26),))
    sees = without(MODE, hides=view)
    return second(f"{LAST}/0-3", f"{LAST}/5-7", before=first_with_gaps(), sees=sees, gaps=(f"{LAST}/gap-1",))


@good
def public_use_that_two_people_approved() -> Bag:
    return published()


@good_beside(first_bag)
def revision_that_hides_again_and_is_no_answer() -> Bag:
    return second(MODE, LAST, sees=without(LANGUAGE))


@good_beside(lambda: pseudonymised().bag())
def answer_that_lifts_a_place_beyond_the_profile() -> Bag:
    return answer("session.place/verbatim", before=pseudonymised())


@good_beside(lambda: pseudonymised().bag())
def answer_that_shows_a_name_beside_its_code() -> Bag:
    return answer(NAME, before=pseudonymised(), views={FIRST: ParagraphView(told=frozenset([BELLAMY]))})


def without_its_first_paragraph() -> Any:
    return sender(profile="pseudonymised", interview=guarded, sees=without(FIRST), gaps=(FIRST,))


@good_beside(lambda: without_its_first_paragraph().bag())
def answer_that_lifts_a_paragraph_with_a_name_in_it() -> Bag:
    return answer(FIRST, before=without_its_first_paragraph(), views={FIRST: ParagraphView(told=frozenset([BELLAMY]))})


@good_beside(lambda: pseudonymised_and_named().bag())
def answer_that_names_the_witness_with_a_yes_to_it() -> Bag:
    return answer(FAMILY, before=pseudonymised_and_named())


def first_answer() -> Any:
    return next_sender(MODE, request=REQUEST, sees=without(LAST))


@good_beside(lambda: first_answer().bag())
def second_answer_that_carries_on_the_lifts_of_the_first() -> Bag:
    one = first_answer()
    revision = Revision(number=3, since=one.file_sha256, lifts=(MODE, LAST), request=REQUEST[::-1])
    return after(first(), one, revision=revision).bag()


@good_beside(first_bag)
def correction_beside_the_version_that_it_corrects() -> Bag:
    return correction().bag()


@good_beside(other_bag)
def record_that_the_earlier_bundle_had_not_beside_one_that_it_had() -> Bag:
    return after(two_records()[0], knows=(0, 1), packs=(0, 1), records=2, sees=LITTLE).bag()


@dataclass
class OddClock(LogBook):
    """The clock of a laptop whose battery died: years ahead, then years back, then another boot."""

    def write(self, kind: str, about: str, details: dict[str, Any] | None = None) -> Entry:
        act = Act(kind=kind, object=about, actor=self.actor, device=self.device, details=details or {})
        place = len(self.lines)
        years = {1: 2098, 2: 2026}.get(place, AT.year)
        wall = AT.replace(year=years) + timedelta(seconds=place)
        moment = Moment(wall=wall, monotonic_ns=place, boot=f"boot-{place // 3}")
        entry, self.state = append(self.state, act, moment, object_prev=self.objects.get(about, NO_ENTRY))
        self.lines.append(entry.line())
        self.objects[about] = self.state.last
        return entry


@dataclass
class Adrift(World):
    """A sender with such a laptop."""

    def book(self) -> LogBook:
        return OddClock(device=super().book().device)


@good
def log_of_a_clock_that_ran_ahead_and_back() -> Bag:
    """An odd clock is marked and never refused: the order of a log is that of its places."""
    bag = of_sender(Adrift(device=world().device, body=world().body, bundle_id=world().bundle_id))
    assert all(note in bag.files[names.CUSTODY_LOG] for note in (b"implausible", b"clock-back"))
    return bag


@good_beside(lambda: named_by_the_redactor().bag())
def first_revision_with_other_codes_by_the_redactor() -> Bag:
    return after(named_by_the_redactor(), put=[("two", "V-9QZD")]).bag()


def _empty_log() -> tuple[bytes, ...]:
    origin = origin_of(world().device.public)
    return (Checkpoint(origin=origin, size=0, root=sha256(b"")).signed(world().device),)


GOOD.append(
    Vector(
        "good-log-that-was-seen-when-it-was-empty",
        lambda: Bag().tar(),
        frozenset(),
        "",
        exits=0,
        verdict="pinned",
        seen=_empty_log,
    )
)
good(redaction_log_with_a_long_cell)


@good
def form_of_an_organisation() -> Bag:
    return asked()
