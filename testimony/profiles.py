"""What of a record each profile shows, by the class of every field (docs/format/profile-v1.md).

Whatever is not known here is dropped: a new class, field or kind of file is not shown before somebody decided so.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from testimony.answers import Answer, Given, Members, NotAsked, elements_of, text_of, texts_of
from testimony.consent import Release
from testimony.errors import ConsentError, RedactionError
from testimony.forms.form import CONTAINERS, Field, Klass
from testimony.leaks import LeakScan, Needle, strings_of
from testimony.mentions import WHOLE_NAMES, Mark, owner_of, witness_names
from testimony.model import Record
from testimony.names import NameIndex, is_number
from testimony.profile_tables.reading import PROFILES
from testimony.redaction.decisions import Decisions, SpanDecision, WordRange
from testimony.redaction.leaves import Paragraph
from testimony.redaction.reasons import ReasonCode
from testimony.redaction.record_slots import account_paragraphs
from testimony.redaction.redactor_marks import RedactorMark
from testimony.redaction.sameness import ShownText, same_words
from testimony.redaction.selection import ParagraphView, Selection
from testimony.redaction.spans import Same, Span, gap_codes, uncovered
from testimony.rows import leaning_rows, rows_of
from testimony.withholding import Withholding, code_of, is_free_text, reason_of, reason_of_code


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What of a record is shown under a release, what is withheld, and what must therefore not stand in any file.

    `spans` are those that the profile puts under review, `same` the places where words stay that are hidden elsewhere,
    `late` the redactor's marks whose words this release hides, `restricted` the paths that no release shows.
    """

    selection: Selection
    withheld: tuple[Withholding, ...]
    needles: tuple[Needle, ...] = field(repr=False)
    spans: tuple[Span, ...] = ()
    same: tuple[Same, ...] = ()
    late: tuple[RedactorMark, ...] = ()
    restricted: frozenset[str] = frozenset()

    @property
    def open(self) -> tuple[str, ...]:
        """The paths of the spans through which nobody has walked."""
        return tuple(one.path for one in self.spans if one.decision is None)

    def shows(self, path: str) -> bool:
        """Whether all of this path is shown."""
        return self.selection.whole(path)


_ACCOUNT: Final = "account.text"
PER_RECIPIENT: Final = ("consent.share", "consent.identity")
# Voice and face tell who the witness is (S4); the medium must have been granted as well (C6).
VOICE_AND_FACE: Final = ("audio", "video", "photo")
OTHER_FILES: Final = ("document", "sketch", "object", "other")


def plan_disclosure(
    record: Record,
    release: Release,
    decisions: Decisions | None = None,
    *,
    withheld_paragraphs: Collection[int] = (),
    late: Sequence[RedactorMark] = (),
) -> Plan:
    """What of the record this release shows; what the profile puts under review only where a decision lets it go.

    Decisions narrow: nothing that the profile drops is shown by one of them.  `late` are the marks that a redactor set
    on any version of the record: those on another one are looked for only.

    Raises:
        ConsentError: The release is for another record or version.
        RedactionError: The decisions are about another record, version, body, purpose or profile.
    """
    if (release.record_id, release.version) != (record.record_id, record.version):
        raise ConsentError("C3", "release-of-another-record", record.record_id)
    rows = leaning_rows(record, withheld_paragraphs)
    restricted = rows | {f"{_ACCOUNT}/{number}" for number in withheld_paragraphs}
    planner = _Planner(record, release, decisions or no_decisions(release), late)
    for slot in record.form.slots:
        planner.plan(slot, record.answers[slot.id], restricted)
    return Plan(
        selection=Selection(shown=frozenset(planner.shown), paragraphs=planner.paragraphs),
        withheld=tuple(planner.withheld),
        needles=planner.needles,
        spans=tuple(planner.spans),
        same=same_words(planner.texts, planner.decisions),
        late=planner.late,
        restricted=restricted,
    )


def no_decisions(release: Release) -> Decisions:
    """The walk under this release before its first step."""
    return Decisions(
        record_id=release.record_id,
        version=release.version,
        body=release.recipient,
        purpose=release.purpose,
        profile=release.profile,
    )


class _Planner:
    """Walks the slots of one record and collects what is shown and what is not."""

    def __init__(self, record: Record, release: Release, decisions: Decisions, late: Sequence[RedactorMark]) -> None:
        if replace(decisions, spans=()) != no_decisions(release):
            raise RedactionError("", "other-decisions")
        self._record = record
        self._release = release
        self._profile = PROFILES[release.profile]
        self.decisions = decisions
        # What is coarsened is hidden in part, so that its texts are looked for as well.
        hidden = [one for one in Klass if not self._shows_class(one) or self._profile.action(one) == "coarsen"]
        own = [witness_names(record.interview)]
        classes = [Klass.S3 if owner_of(one.name, own) is None else Klass.S4 for one in late]
        behind = [(one, klass) for one, klass in zip(late, classes, strict=True) if klass in hidden]
        self.late = tuple(one for one, _ in behind if one.version == record.version)
        self.needles = (
            *strings_of(record, hidden),
            *(needle for one, klass in behind for needle in _needles(one, klass)),
        )
        self._scan = LeakScan(self.needles)
        self._names = NameIndex(
            [(needle.text,) for needle in self.needles],
            phrases={index for index, needle in enumerate(self.needles) if not needle.parts},
        )
        self._coded = self._coded_persons()
        self._account = account_paragraphs(record)
        self.shown: set[str] = set()
        self.paragraphs: dict[str, ParagraphView] = {}
        self.withheld: list[Withholding] = []
        self.spans: list[Span] = []
        self.texts: dict[str, ShownText] = {}

    def plan(self, slot: Field, answer: Answer, restricted: Collection[str]) -> None:
        """Decide about one slot."""
        if slot.type == "narrative":
            self._plan_account(slot, answer, restricted)
        elif slot.id in PER_RECIPIENT:
            self._plan_consent(slot, answer)
        elif slot.type in CONTAINERS:
            self._plan_container(slot, answer, restricted)
        else:
            self._plan_value(slot, slot.id, answer)

    def _plan_account(self, slot: Field, answer: Answer, restricted: Collection[str]) -> None:
        if not isinstance(answer, Given):
            self._plan_value(slot, slot.id, answer)
            return
        kept, self.withheld = self.withheld, []
        for number, paragraph in enumerate(self._account):
            marks = [mark for mark in self._record.marks if mark.paragraph == number]
            self._plan_paragraph(slot, paragraph, marks, is_restricted=paragraph.path in restricted)
        if not self.paragraphs:
            # Of an account that is withheld whole not even the number of paragraphs is told.
            self.withheld = [Withholding(path=slot.id, code=code_of(slot, slot.klass))]
        self.withheld = kept + self.withheld

    def _plan_paragraph(self, slot: Field, paragraph: Paragraph, marks: Sequence[Mark], *, is_restricted: bool) -> None:
        path = paragraph.path
        if is_restricted:
            # Nobody is asked about what cannot leave.
            self._withhold(path, "CONSENT")
            return
        late = self._late_ranges(paragraph)
        hidden = tuple((one.start, one.end) for one in late)
        held = uncovered(self._held(paragraph.text, marks), hidden)
        span = Span(path=path, kind="paragraph", text=paragraph.text, paragraph=paragraph, held=held)
        decision = self._walked(slot.klass, span)
        if not self._shows_free_text(slot.klass) or decision is None:
            self._withhold(path, "OTHER")
        elif decision.outcome == "hide":
            self._withhold(path, decision.code or "OTHER")
        elif uncovered(held, decision.hidden):
            self._withhold(path, "THIRD")
        else:
            named = frozenset(mark.start for mark in marks if mark.person not in self._coded)
            self.paragraphs[path] = ParagraphView(named=named, hidden=(*decision.hidden, *hidden))
            self._withhold_gaps(paragraph, (*decision.ranges, *late))
            codes = tuple((mark.start, mark.end) for mark in marks if mark.person in self._coded)
            self.texts[path] = ShownText(text=paragraph.text, codes=(*codes, *hidden))

    def _late_ranges(self, paragraph: Paragraph) -> tuple[WordRange, ...]:
        """The words of this paragraph that a redactor marked after signing."""
        return tuple(
            WordRange(start=one.start, end=one.end, code=reason_of_code(one.code))
            for one in self.late
            if paragraph.path == f"{_ACCOUNT}/{one.paragraph}"
        )

    def _withhold_gaps(self, paragraph: Paragraph, ranges: Sequence[WordRange]) -> None:
        for number, codes in enumerate(gap_codes(paragraph, ranges), 1):
            for code in codes:
                self._withhold(f"{paragraph.path}/gap-{number}", code)

    def _walked(self, klass: Klass, span: Span) -> SpanDecision | None:
        """What was decided about a span; a span that needs no review is kept unless a decision narrows it."""
        decision = self.decisions.about(span.path)
        if self._profile.action(klass) != "review":
            return decision or SpanDecision(path=span.path, outcome="keep")
        self.spans.append(replace(span, decision=decision))
        return decision

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

    def _plan_container(self, slot: Field, answer: Answer, restricted: Collection[str]) -> None:
        objects = list(rows_of(slot, answer))
        if not objects:
            self._plan_value(slot, slot.id, answer)
            return
        kept, self.withheld = self.withheld, []
        before = len(self.shown)
        for path, members in objects:
            if path in restricted:
                self._withhold(path, "CONSENT")
                continue
            for member in slot.members:
                self._plan_member(slot, member, path, members)
        if len(self.shown) == before:
            # Nothing of it is shown, so neither its count nor its shape may be told.
            self.withheld = [Withholding(path=slot.id, code=code_of(slot, slot.klass))]
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
        elif kind in OTHER_FILES and self._shows_free_text(slot.klass):
            self._plan_decided(path, self._walked(slot.klass, Span(path=path, kind="file", text=kind)))
        else:
            self._withhold(path, "OTHER")

    def _plan_value(self, asked: Field, path: str, answer: Answer, *, slot: Field | None = None) -> None:
        """Decide about a value that is shown or hidden whole."""
        klass = asked.klass
        if not self._shows_value(asked, slot or asked):
            self._withhold(path, code_of(slot or asked, klass))
        elif is_free_text(asked) and isinstance(answer, Given):
            self._plan_text(klass, path, text_of(answer))
        elif isinstance(answer, Given) and self._names_somebody(answer):
            self._withhold(path, "THIRD")
        else:
            self._plan_decided(path, self.decisions.about(path) or SpanDecision(path=path, outcome="keep"))
            self._note_text(path, text_of(answer))

    def _plan_text(self, klass: Klass, path: str, text: str) -> None:
        """Free text waits for its review, and none leaves in which a needle stands."""
        if not self._shows_free_text(klass):
            self._withhold(path, "OTHER")
            return
        held = ((0, len(text)),) if self._scan.in_text(text) else ()
        decision = self._walked(klass, Span(path=path, kind="text", text=text, held=held))
        if decision is not None and decision.outcome == "keep" and held:
            self._withhold(path, "THIRD")
        else:
            self._plan_decided(path, decision)
            self._note_text(path, text)

    def _note_text(self, path: str, text: str) -> None:
        if path in self.shown:
            self.texts[path] = ShownText(text=text)

    def _plan_decided(self, path: str, decision: SpanDecision | None) -> None:
        """Show what is kept.  Words cannot be taken out of a single value: it is then hidden whole."""
        if decision is not None and decision.outcome == "keep":
            self.shown.add(path)
        else:
            self._withhold(path, reason_of(decision))

    def _names_somebody(self, answer: Given) -> bool:
        return any(self._scan.in_text(text) for text in (text_of(answer), *texts_of(answer)))

    def _shows_free_text(self, klass: Klass) -> bool:
        return self._profile.action(klass) != "coarsen" and self._shows_class(klass)

    def _shows_value(self, asked: Field, slot: Field) -> bool:
        return self._profile.shows_value(asked, slot, identity=self._release.identity_allowed)

    def _shows_class(self, klass: Klass) -> bool:
        return self._profile.shows_class(klass, identity=self._release.identity_allowed)

    def _held(self, text: str, marks: Sequence[Mark]) -> tuple[tuple[int, int], ...]:
        """Where a needle stands in a paragraph outside the marks that are shown as codes."""
        covered = [(mark.start, mark.end) for mark in marks if mark.person in self._coded]
        return uncovered([(found.start, found.end) for found in self._names.find(text)], covered)

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


def _needles(mark: RedactorMark, klass: Klass) -> Iterator[Needle]:
    yield Needle(path="marks", klass=klass, text=mark.words)
    yield Needle(path="marks", klass=klass, text=mark.name, parts=mark.code[0] not in WHOLE_NAMES)
