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
from vectors.malformed_trees import GAPS, with_gaps
from vectors.world import AT, LogBook, World

from keys.identity import Identity
from testimony.bundle import names
from testimony.custody.entries import NO_ENTRY, Act, Entry
from testimony.custody.log import append
from testimony.custody.moments import Moment

GOOD: list[Vector] = []


def good(make: Callable[[], Any]) -> Callable[[], Any]:
    """Adds what the function makes; its name, with dashes, is the vector's."""

    def build() -> bytes:
        made = make()
        return made.tar() if isinstance(made, Bag) else made

    name = f"good-{make.__name__.replace('_', '-')}"
    GOOD.append(Vector(name, build, frozenset(), "", exits=0, verdict="pinned"))
    return make


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
