"""What of a record each profile shows, by the class of every field (docs/format/profile-v1.md).

Whatever is not known here is dropped: a new class, field or kind of file is not shown before somebody decided so.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from testimony.answers import Answer, Given, Members, NotAsked, elements_of, members_of, text_of, texts_of
from testimony.consent import Release
from testimony.errors import ConsentError
from testimony.forms.form import CONTAINERS, Field, Klass
from testimony.leaks import LeakScan, Needle, strings_of
from testimony.mentions import Mark, witness_names
from testimony.model import Record
from testimony.names import NameIndex, is_number
from testimony.profile_tables.reading import PROFILES
from testimony.redaction.selection import ParagraphView, Selection

ReasonCode = Literal[
    "W-ID",
    "W-CONTACT",
    "W-LOC",
    "FAM",
    "THIRD",
    "CHILD",
    "SV-DETAIL",
    "INTERVIEWER",
    "INTERPRETER",
    "INTERMEDIARY",
    "SOURCE",
    "METHOD",
    "PRIVATE",
    "CONSENT",
    "OTHER",
]


@dataclass(frozen=True, kw_only=True)
class Withholding:
    """One thing that is not shown, and the code of the reason."""

    path: str
    code: ReasonCode


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What of a record is shown under a release, what is withheld, and what must therefore not stand in any file."""

    selection: Selection
    withheld: tuple[Withholding, ...]
    needles: tuple[Needle, ...] = field(repr=False)

    def shows(self, path: str) -> bool:
        """Whether all of this path is shown."""
        return self.selection.whole(path)


_ACCOUNT: Final = "account.text"
PER_RECIPIENT: Final = ("consent.share", "consent.identity")
# Voice and face tell who the witness is (S4); the medium must have been granted as well (C6).
VOICE_AND_FACE: Final = ("audio", "video", "photo")
OTHER_FILES: Final = ("document", "sketch", "object", "other")

_CODES: Final[Mapping[str, ReasonCode]] = {
    "session.place": "W-LOC",
    "session.interviewer_code": "INTERVIEWER",
    "session.interpreter_code": "INTERPRETER",
    "session.others_present": "THIRD",
    "consent.contact": "W-CONTACT",
    "witness.contact": "W-CONTACT",
    "witness.name": "W-ID",
    "witness.birth": "W-ID",
    "witness.birth~band": "W-ID",
    "witness.safeguards": "PRIVATE",
    "mentions": "THIRD",
}
_CODES_OF_CLASSES: Final[Mapping[Klass, ReasonCode]] = {Klass.S3: "THIRD", Klass.S4: "W-ID", Klass.S5: "PRIVATE"}


def plan_disclosure(
    record: Record, release: Release, *, reviewed: bool, withheld_paragraphs: Collection[int] = ()
) -> Plan:
    """What of the record this release shows; without a review a profile that asks for one shows no free text.

    Raises:
        ConsentError: The release is for another record or version.
    """
    if (release.record_id, release.version) != (record.record_id, record.version):
        raise ConsentError("C3", "release-of-another-record", record.record_id)
    planner = _Planner(record, release, reviewed=reviewed)
    for slot in record.form.slots:
        planner.plan(slot, record.answers[slot.id], frozenset(withheld_paragraphs))
    return Plan(
        selection=Selection(shown=frozenset(planner.shown), paragraphs=planner.paragraphs),
        withheld=tuple(planner.withheld),
        needles=planner.needles,
    )


class _Planner:
    """Walks the slots of one record and collects what is shown and what is not."""

    def __init__(self, record: Record, release: Release, *, reviewed: bool) -> None:
        self._record = record
        self._release = release
        self._profile = PROFILES[release.profile]
        self._reviewed = reviewed
        # What is coarsened is hidden in part, so that its texts are looked for as well.
        hidden = [one for one in Klass if not self._shows_class(one) or self._profile.action(one) == "coarsen"]
        self.needles = strings_of(record, hidden)
        self._scan = LeakScan(self.needles)
        self._names = NameIndex(
            [(needle.text,) for needle in self.needles],
            phrases={index for index, needle in enumerate(self.needles) if not needle.parts},
        )
        self._coded = self._coded_persons()
        self.shown: set[str] = set()
        self.paragraphs: dict[str, ParagraphView] = {}
        self.withheld: list[Withholding] = []

    def plan(self, slot: Field, answer: Answer, restricted: Collection[int]) -> None:
        """Decide about one slot."""
        if slot.type == "narrative":
            self._plan_account(slot, answer, restricted)
        elif slot.id in PER_RECIPIENT:
            self._plan_consent(slot, answer)
        elif slot.type in CONTAINERS:
            self._plan_container(slot, answer)
        else:
            self._plan_value(slot, slot.id, answer)

    def _plan_account(self, slot: Field, answer: Answer, restricted: Collection[int]) -> None:
        if not isinstance(answer, Given):
            self._plan_value(slot, slot.id, answer)
            return
        kept, self.withheld = self.withheld, []
        for number, text in enumerate(texts_of(answer)):
            path = f"{slot.id}/{number}"
            marks = [mark for mark in self._record.marks if mark.paragraph == number]
            if number in restricted:
                self._withhold(path, "CONSENT")
            elif not self._free_text_is_shown(slot.klass):
                self._withhold(path, "OTHER")
            elif self._leaks(text, marks):
                self._withhold(path, "THIRD")
            else:
                named = frozenset(mark.start for mark in marks if mark.person not in self._coded)
                self.paragraphs[path] = ParagraphView(named=named)
        if not self.paragraphs:
            # Of an account that is withheld whole not even the number of paragraphs is told.
            self.withheld = [Withholding(path=slot.id, code=_code_of(slot, slot.klass))]
        self.withheld = kept + self.withheld

    def _plan_consent(self, slot: Field, answer: Answer) -> None:
        """Only what was said about this recipient; what others may see is not their business."""
        if not isinstance(answer, Given):
            self._plan_value(slot, slot.id, answer)
            return
        for index, element in enumerate(elements_of(answer)):
            own = text_of(element.get("recipient", NotAsked())) == self._release.recipient
            if own and all(self._shows_value(one, slot) for one in slot.members):
                self.shown.add(f"{slot.id}/{index}")
        # Said of every record, so that the row does not tell whether there are others.
        self._withhold(slot.id, "CONSENT")

    def _plan_container(self, slot: Field, answer: Answer) -> None:
        objects = list(_objects(slot, answer))
        if not objects:
            self._plan_value(slot, slot.id, answer)
            return
        kept, self.withheld = self.withheld, []
        before = len(self.shown)
        for path, members in objects:
            for member in slot.members:
                self._plan_member(slot, member, path, members)
        if len(self.shown) == before:
            # Nothing of it is shown, so neither its count nor its shape may be told.
            self.withheld = [Withholding(path=slot.id, code=_code_of(slot, slot.klass))]
        self.withheld = kept + self.withheld

    def _plan_member(self, slot: Field, member: Field, path: str, members: Members) -> None:
        answer = members.get(member.id, NotAsked())
        if member.type == "blob" and isinstance(answer, Given):
            self._plan_file(slot, f"{path}/{member.id}", members)
        else:
            self._plan_value(member, f"{path}/{member.id}", answer, slot=slot)

    def _plan_file(self, slot: Field, path: str, members: Members) -> None:
        kind = text_of(members.get("kind", NotAsked()))
        if kind in VOICE_AND_FACE:
            granted = kind in self._release.media_allowed
            if granted and self._shows_class(Klass.S4):
                self.shown.add(path)
            else:
                self._withhold(path, "W-ID" if granted else "CONSENT")
        elif kind in OTHER_FILES and self._free_text_is_shown(slot.klass):
            self.shown.add(path)
        else:
            self._withhold(path, "OTHER")

    def _plan_value(self, asked: Field, path: str, answer: Answer, *, slot: Field | None = None) -> None:
        """Decide about a value that is shown or hidden whole."""
        klass = asked.klass
        if not self._shows_value(asked, slot or asked):
            self._withhold(path, _code_of(slot or asked, klass))
        elif isinstance(answer, Given) and not self._text_may_leave(asked, answer):
            self._withhold(path, "THIRD" if self._free_text_is_shown(klass) else "OTHER")
        else:
            self.shown.add(path)

    def _text_may_leave(self, asked: Field, answer: Given) -> bool:
        """Free text waits for its review, and no text leaves in which a needle stands."""
        typed = asked.type == "text" and "~" not in asked.id and asked.computed is None
        if typed and not self._free_text_is_shown(asked.klass):
            return False
        return not any(self._scan.in_text(text) for text in (text_of(answer), *texts_of(answer)))

    def _free_text_is_shown(self, klass: Klass) -> bool:
        action = self._profile.action(klass)
        if action == "coarsen":
            return False
        return self._reviewed if action == "review" else self._shows_class(klass)

    def _shows_value(self, asked: Field, slot: Field) -> bool:
        return self._profile.shows_value(asked, slot, identity=self._release.identity_allowed)

    def _shows_class(self, klass: Klass) -> bool:
        return self._profile.shows_class(klass, identity=self._release.identity_allowed)

    def _leaks(self, text: str, marks: list[Mark]) -> bool:
        """Whether a needle stands in a paragraph outside the marks that are shown as codes."""
        covered = [(mark.start, mark.end) for mark in marks if mark.person in self._coded]
        return any(
            not any(start <= found.start and found.end <= end for start, end in covered)
            for found in self._names.find(text)
        )

    def _coded_persons(self) -> frozenset[int]:
        """Whose marks are shown as codes: everybody's, or under a full release without identity the witness's own."""
        people = self._record.persons
        if not self._shows_class(Klass.S3):
            return frozenset(range(len(people)))
        if self._shows_class(Klass.S4):
            return frozenset()
        own = self._witness_index()
        return frozenset(index for index, one in enumerate(people) if any(map(own.find, one.names)))

    def _witness_index(self) -> NameIndex:
        """The witness's own name and numbers."""
        numbers = [needle.text for needle in self.needles if is_number(needle.text)]
        return NameIndex([(*witness_names(self._record.interview), *numbers)])

    def _withhold(self, path: str, code: ReasonCode) -> None:
        self.withheld.append(Withholding(path=path, code=code))


def _objects(slot: Field, answer: Answer) -> Iterator[tuple[str, Members]]:
    """The objects in an answer, each with its path; none where there is no given object or list of objects."""
    if slot.type == "list":
        yield from ((f"{slot.id}/{index}", element) for index, element in enumerate(elements_of(answer)))
    elif isinstance(answer, Given):
        yield slot.id, members_of(answer)


def _code_of(slot: Field, klass: Klass) -> ReasonCode:
    return _CODES.get(slot.id) or _CODES_OF_CLASSES.get(klass, "OTHER")
