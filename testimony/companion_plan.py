"""What of a companion is shown beside its source: never more than the profile, the source and its needles let go.

Free text that waits for a review stays: nobody walks through a companion yet, so that only a profile which shows the
account without one lets a translation or a transcript out (docs/format/companion-v1.md, section 5).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from testimony.answers import Answer, Given, NotAsked, elements_of, text_of
from testimony.consent import Release
from testimony.forms.form import Field, Klass
from testimony.leaks import LeakScan, Needle, strings_of
from testimony.mentions import witness_names
from testimony.model import Record
from testimony.names import NameIndex, is_number
from testimony.profile_tables.profile import Profile
from testimony.profile_tables.reading import PROFILES
from testimony.redaction.selection import ParagraphView, Selection
from testimony.rows import rows_about_those_only_in

TRAVELLING: Final = ("translation", "transcript")
_ACCOUNT: Final = "account.text"
_EXHIBIT: Final = "source.exhibit"


@dataclass(frozen=True, kw_only=True)
class ShownSource:
    """What a bundle shows of the source: its needles, its whole paragraphs from 0, and the numbers of its files."""

    record: Record = field(repr=False)
    needles: tuple[Needle, ...] = field(repr=False)
    paragraphs: frozenset[int]
    exhibits: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class CompanionPlan:
    """What is shown of a companion, and what must therefore not stand in its files."""

    selection: Selection
    needles: tuple[Needle, ...] = field(repr=False)


def plan_companion(companion: Record, source: ShownSource, release: Release) -> CompanionPlan | None:
    """The plan for a companion under the release of its source; None where nothing of its text may go with it."""
    profile = PROFILES[release.profile]
    if companion.form.kind not in TRAVELLING or profile.action(Klass.S2) != "keep":
        return None
    if companion.form.kind == "transcript" and text_of(companion.answers[_EXHIBIT]) not in source.exhibits:
        return None
    planner = _Planner(companion, source, (profile, release.identity_allowed))
    paragraphs = dict(planner.paragraphs())
    if not paragraphs:
        return None
    unseen = set(range(len(companion.interview.paragraphs))) - {int(path.rpartition("/")[2]) for path in paragraphs}
    behind = rows_about_those_only_in(companion, unseen)
    shown = frozenset(
        path for slot in companion.form.slots for path in planner.shown(slot) if path.rpartition("/")[0] not in behind
    )
    return CompanionPlan(selection=Selection(shown=shown, paragraphs=paragraphs), needles=planner.needles)


class _Planner:
    def __init__(self, companion: Record, source: ShownSource, allowed: tuple[Profile, bool]) -> None:
        self._companion = companion
        self._source = source
        self._profile, self._identity = allowed
        hidden = [one for one in Klass if not self._profile.shows_class(one, identity=self._identity)]
        self.needles = (*source.needles, *strings_of(companion, hidden))
        self._coded = self._coded_persons()
        self.needles = (*self.needles, *self._names_behind_codes())
        self._scan = LeakScan(self.needles)

    def paragraphs(self) -> Iterator[tuple[str, ParagraphView]]:
        """The paragraphs that may go, each with the names that stand in it as names."""
        follows = self._companion.form.kind == "translation"
        for number, text in enumerate(self._companion.interview.paragraphs):
            marks = [mark for mark in self._companion.marks if mark.paragraph == number]
            spoken = _without(text, [(mark.start, mark.end) for mark in marks if mark.person in self._coded])
            if (follows and number not in self._source.paragraphs) or self._scan.in_text(spoken):
                continue
            named = frozenset(mark.start for mark in marks if mark.person not in self._coded)
            yield f"{_ACCOUNT}/{number}", ParagraphView(named=named)

    def shown(self, slot: Field) -> Iterator[str]:
        """The paths of a slot that may go."""
        answer = self._companion.answers[slot.id]
        if slot.type == "list" and isinstance(answer, Given):
            for place, element in enumerate(elements_of(answer)):
                for member in slot.members:
                    if self._may_go(member, slot, element.get(member.id, NotAsked())):
                        yield f"{slot.id}/{place}/{member.id}"
        elif slot.type != "narrative" and self._may_go(slot, slot, answer):
            yield slot.id

    def _may_go(self, asked: Field, slot: Field, answer: Answer) -> bool:
        shows = self._profile.shows_value(asked, slot, identity=self._identity)
        return shows and not self._scan.in_text(text_of(answer))

    def _names_behind_codes(self) -> Iterator[Needle]:
        """How the companion writes the names of those who have a code: perhaps in another script than the source."""
        codes = {self._companion.persons[index].code for index in self._coded}
        for place, element in enumerate(elements_of(self._companion.answers["mentions"])):
            who, code = (text_of(element.get(name, NotAsked())).strip() for name in ("who", "code"))
            if who and code in codes:
                yield Needle(path=f"mentions/{place}/who", klass=Klass.S4, text=who, parts=True)

    def _coded_persons(self) -> frozenset[int]:
        """Whose names are shown as codes, by the rule of the source's account."""
        people = self._companion.persons
        if not self._profile.shows_class(Klass.S3, identity=self._identity):
            return frozenset(range(len(people)))
        if self._profile.shows_class(Klass.S4, identity=self._identity):
            return frozenset()
        numbers = [needle.text for needle in self.needles if is_number(needle.text)]
        own = NameIndex([(*witness_names(self._source.record.interview), *numbers)])
        return frozenset(index for index, one in enumerate(people) if any(map(own.find, one.names)))


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with these spans blanked out."""
    kept, place = [], 0
    for start, end in spans:
        kept += [text[place:start], " "]
        place = end
    return "".join((*kept, text[place:]))
