"""Marks by hand in an interview that is not finished: who is meant by words that automatic marks do not know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from testimony.answers import NotAsked, answer_to_json
from testimony.canonical import JsonValue, parse_lenient
from testimony.errors import InterviewError, Problem
from testimony.hand_marks import HandMark, read_hand_marks, span_of
from testimony.interview import Interview
from testimony.mentions import Mark, Person, candidates, mark, mark_problems, owner_of, people_named
from testimony.suggestions import Suggestion, suggestions_for
from vault.drafts import load_draft, save_draft
from vault.errors import NotFoundError
from vault.gazetteer import names
from vault.records import StoredRecord, get_record
from vault.store import Vault
from vault.viewing import note_viewed

MAX_MARKS_FILE = 16 * 1024 * 1024  # bytes of JSON
_NO_ID = bytes(16)


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A draft with its hand marks, the places marked by themselves, and those where a mark may be missing.

    `names` has for each person of `by_itself` the name to show.
    """

    interview: Interview = field(repr=False)
    by_itself: tuple[Mark, ...]
    names: tuple[str, ...] = field(repr=False)
    suggestions: tuple[Suggestion, ...] = field(repr=False)

    def first_open(self, words: str, who: str) -> HandMark | None:
        """The mark for the first place where these words stand that no hand mark holds; None where there is none."""
        paragraphs = self.interview.paragraphs
        for number in range(1, len(paragraphs) + 1):
            held = [span_of(one, paragraphs) for one in self.interview.hand_marks if one.paragraph == number]
            taken = [one for one in held if one is not None]
            for occurrence in range(1, paragraphs[number - 1].count(words) + 1):
                mark = HandMark(paragraph=number, words=words, who=who, occurrence=occurrence)
                span = span_of(mark, paragraphs)
                if span is not None and not any(span[0] < end and start < span[1] for start, end in taken):
                    return mark
        return None


@dataclass(frozen=True, kw_only=True)
class AskedMark:
    """A mark that a person asks for, and the role of `who` where the interview does not mention them yet."""

    mark: HandMark = field(repr=False)
    role: str = ""


def read_marks(data: bytes) -> tuple[AskedMark, ...]:
    """The marks in a JSON file: a list as in an interview, each element with an optional `role`.

    Raises:
        CanonicalError: The bytes are no JSON that may be read.
        InterviewError: Every problem in the list.
        LimitExceededError: It is longer than the format allows.
    """
    value = parse_lenient(data, limit=MAX_MARKS_FILE, where="marks")
    problems: list[Problem] = []
    roles: list[str] = []
    plain: JsonValue = value
    if isinstance(value, list):
        roles = [_role(one) for one in value]
        plain = [_without_role(one) for one in value]
    marks = read_hand_marks(plain, problems)
    if problems:
        raise InterviewError(problems)
    return tuple(AskedMark(mark=one, role=role) for one, role in zip(marks, roles, strict=True))


def mark_by_hand(vault: Vault, record_id: str, asked: Sequence[AskedMark]) -> Interview:
    """The draft with these marks, saved; a mark that stands there already is not added again.

    Raises:
        NotFoundError: There is no such draft.
        InterviewError: A mark marks nothing, lies on another, or is of somebody whom the interview does not mention.
        StorageFullError: No room; the draft is as it was.
    """
    interview = load_draft(vault, record_id)
    before = mark_problems(interview)
    for one in asked:
        interview = _with_person(interview, one)
        if one.mark not in interview.hand_marks:
            interview = replace(interview, hand_marks=(*interview.hand_marks, one.mark))
    problems = [problem for problem in mark_problems(interview) if problem not in before]
    if problems:
        raise InterviewError(problems)
    save_draft(vault, record_id, interview)
    return interview


def remove_mark(vault: Vault, record_id: str, number: int) -> None:
    """Take back the hand mark with that number, from 1.

    Raises:
        NotFoundError: There is no such draft, or no such mark.
    """
    interview = load_draft(vault, record_id)
    if not 1 <= number <= len(interview.hand_marks):
        raise NotFoundError("mark", str(number))
    kept = (*interview.hand_marks[: number - 1], *interview.hand_marks[number:])
    save_draft(vault, record_id, replace(interview, hand_marks=kept))


def view_marked(vault: Vault, record_id: str) -> Marked:
    """As `marked`, once the log says that somebody looked.

    Raises:
        NotFoundError: There is no such draft.
    """
    found = marked(vault, record_id)
    note_viewed(vault, {record_id: 0})
    return found


def marked(vault: Vault, record_id: str) -> Marked:
    """The draft with everything that is marked or may have to be.

    Raises:
        NotFoundError: There is no such draft.
    """
    interview = load_draft(vault, record_id)
    people = _unnamed(interview)
    marks = mark(interview, people)
    return Marked(
        interview=interview,
        by_itself=tuple(_by_itself(interview, marks)),
        names=tuple(one.names[0] for one in people),
        suggestions=suggestions_for(interview, marks, names(vault)),
    )


def suggest_marks(vault: Vault, record_id: str) -> tuple[Suggestion, ...]:
    """Where a mark may be missing in a draft or finished record, once the log says that somebody looked.

    The places asked for are those of the gazetteers that were imported.

    Raises:
        NotFoundError: There is no such draft or finished record.
    """
    try:
        return view_marked(vault, record_id).suggestions
    except NotFoundError:
        stored = get_record(vault, record_id)
        if stored.record is None:
            raise
    marks = (*stored.record.marks, *_late(stored))
    note_viewed(vault, {record_id: stored.version})
    return suggestions_for(stored.record.interview, marks, names(vault))


def _by_itself(interview: Interview, marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks that no hand set."""
    spans = [(one.paragraph - 1, span_of(one, interview.paragraphs)) for one in interview.hand_marks]
    by_hand = {(paragraph, span[1]) for paragraph, span in spans if span is not None}
    for one in marks:
        if (one.paragraph, one.end) not in by_hand:
            yield one


def _late(stored: StoredRecord) -> Iterator[Mark]:
    """Where the redactor's marks stand on this version."""
    for one in stored.late:
        if one.version == stored.version:
            yield Mark(paragraph=one.paragraph, start=one.start, end=one.end, person=0)


def _with_person(interview: Interview, asked: AskedMark) -> Interview:
    """The interview that mentions the person of this mark, with the role that was given for somebody new."""
    if not asked.role or owner_of(asked.mark.who, people_named(interview)) is not None:
        return interview
    answer = interview.answers["mentions"]
    listed = [] if isinstance(answer, NotAsked) else answer_to_json(answer)
    known = listed if isinstance(listed, list) else []
    return interview.answered("mentions", [*known, {"role": asked.role, "who": asked.mark.who}])


def _unnamed(interview: Interview) -> tuple[Person, ...]:
    """The people of a draft, who have no codes yet: only where they stand is asked."""
    return tuple(
        Person(uuid=_NO_ID, kind=one.kind, names=one.names, code=f"{one.kind}-0000") for one in candidates(interview)
    )


def _role(value: JsonValue) -> str:
    role = value.get("role", "") if isinstance(value, dict) else ""
    return role if isinstance(role, str) else "?"


def _without_role(value: JsonValue) -> JsonValue:
    return {name: one for name, one in value.items() if name != "role"} if isinstance(value, dict) else value
