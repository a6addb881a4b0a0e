"""The one gate: whether a record may leave to a recipient for a purpose (docs/format/consent-v1.md).

Events are added and never edited; what is not written down as a live yes is a no.  Only this module makes a Release.
"""

from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Final, Literal, get_args

from testimony.answers import NotAsked, elements_of, members_of, text_of
from testimony.consent_events import ConsentEvent, EventAnswer, EventIdentity, add_months
from testimony.errors import ConsentError
from testimony.interview import Interview
from testimony.model import Record
from testimony.readiness import limits_explained, recording_granted, safeguarded

ProfileName = Literal["full", "pseudonymised", "lead", "statistics"]

PROFILE_NAMES: Final[tuple[ProfileName, ...]] = get_args(ProfileName)
REVIEW_MONTHS: Final = 24
# C15: publication needs a grant of its own and two staff.
PUBLIC_PURPOSES: Final = frozenset({"public", "public use", "publication", "publish", "publishing"})
_STAFF: Final = 2

_IDENTITY: Final[dict[str, EventIdentity]] = {"yes": "yes", "only if a court orders": "court-order"}
_MAKER: Final = object()


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Where one recipient and purpose stand after all events: `live` is a yes, whatever else may still forbid it."""

    recipient: str
    purpose: str
    answer: EventAnswer
    identity: EventIdentity
    seq: int
    review_by: date | None
    withdrawn: bool

    @property
    def live(self) -> bool:
        """Whether the last word was yes."""
        return self.answer == "yes" and not self.withdrawn


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of the gate: whom the record would go to, what for, in which profile, and when.

    `approvers` are the codes of who approved exactly what leaves; while nothing leaves yet, of who could approve it.
    """

    recipient: str
    purpose: str
    profile: str
    at: datetime
    approvers: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class RecordFacts:
    """What the gate needs to know of a record; `root` is that of the version in question."""

    record_id: str
    version: int
    root: bytes
    practice: bool
    agreed: bool
    limits_explained: bool
    safeguarded: bool
    media: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The gate's answer; for a refusal the rule (C1 to C18) and the code of the reason, for a yes both are empty."""

    allowed: bool
    identity_allowed: bool = False
    rule: str = ""
    reason: str = ""
    grant: Grant | None = None


@dataclass(frozen=True, kw_only=True)
class Release:
    """The proof that consent allows exactly this version to go to exactly this recipient for exactly this purpose."""

    record_id: str
    version: int
    root: bytes
    practice: bool
    recipient: str
    purpose: str
    profile: ProfileName
    identity_allowed: bool
    media_allowed: frozenset[str]
    grant_seq: int
    maker: InitVar[object]

    def __post_init__(self, maker: object) -> None:
        if maker is not _MAKER:
            raise ConsentError("C3", "release-without-gate", self.record_id)


def facts_of(record: Record, root: bytes) -> RecordFacts:
    """What the gate needs to know of a finished record."""
    interview = record.interview
    agreed = text_of(members_of(interview.answers["consent.interview"]).get("answer", NotAsked()))
    return RecordFacts(
        record_id=record.record_id,
        version=record.version,
        root=root,
        practice=interview.practice,
        agreed=agreed == "yes",
        limits_explained=limits_explained(interview),
        safeguarded=safeguarded(interview),
        media=recording_granted(interview),
    )


def is_public(purpose: str) -> bool:
    """C15: whether the purpose is publication, however its words are joined."""
    return " ".join(purpose.replace("-", " ").split()) in PUBLIC_PURPOSES


def events_from(interview: Interview, at: datetime, *, review_months: int = REVIEW_MONTHS) -> tuple[ConsentEvent, ...]:
    """The first events of a record: one a recipient and purpose as answered, then the answer at the end.

    Raises:
        ConsentError: A share without recipient, purpose or answer.
    """
    draft = _Draft(interview=interview, at=at, review_by=add_months(at.date(), review_months))
    events = [draft.share(seq, element) for seq, element in enumerate(_shares(interview), start=1)]
    ending = draft.end(len(events) + 1)
    return (*events, *ending)


def standing(events: Sequence[ConsentEvent], recipient: str, purpose: str) -> Grant | None:
    """Where this recipient and purpose stand; None where nobody asked.  Other pairs never count (C2, C5).

    Raises:
        ConsentError: The events are not in the order of their numbers.
    """
    if any(later.seq <= earlier.seq for earlier, later in pairwise(events)):
        raise ConsentError("C5", "events-out-of-order")
    grant: Grant | None = None
    for event in events:
        if event.concerns(recipient, purpose):
            grant = _after(grant, event, recipient, purpose)
    return grant


def decide(facts: RecordFacts, events: Sequence[ConsentEvent], request: Request) -> Decision:
    """The gate's answer, by the table of rules; the first rule that is broken is named.

    Raises:
        ConsentError: The events are not in the order of their numbers.
    """
    grant = standing(events, request.recipient, request.purpose)
    case = _Case(facts=facts, events=tuple(events), request=request, grant=grant)
    for rule, reason, broken in _RULES:
        if broken(case):
            return Decision(allowed=False, rule=rule, reason=reason, grant=grant)
    return Decision(allowed=True, identity_allowed=grant is not None and grant.identity == "yes", grant=grant)


def release_for(facts: RecordFacts, events: Sequence[ConsentEvent], request: Request) -> Release:
    """The release of a record; the only maker there is.

    Raises:
        ConsentError: Consent does not allow it, with rule and reason.
    """
    decision = decide(facts, events, request)
    profile = next((name for name in PROFILE_NAMES if name == request.profile), None)
    if not decision.allowed or decision.grant is None or profile is None:
        raise ConsentError(decision.rule or "C3", decision.reason or "never-asked", facts.record_id)
    return Release(
        record_id=facts.record_id,
        version=facts.version,
        root=facts.root,
        practice=facts.practice,
        recipient=request.recipient,
        purpose=request.purpose,
        profile=profile,
        identity_allowed=decision.identity_allowed,
        media_allowed=facts.media,
        grant_seq=decision.grant.seq,
        maker=_MAKER,
    )


def _shares(interview: Interview) -> list[tuple[str, str, str]]:
    return [
        (
            text_of(element.get("recipient", NotAsked())),
            text_of(element.get("purpose", NotAsked())),
            text_of(element.get("answer", NotAsked())),
        )
        for element in elements_of(interview.answers["consent.share"])
    ]


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """What all first events of one interview have in common."""

    interview: Interview = field(repr=False)
    at: datetime
    review_by: date

    def share(self, seq: int, shared: tuple[str, str, str]) -> ConsentEvent:
        recipient, purpose, answer = shared
        if not recipient or not purpose or not answer:
            raise ConsentError("C2", "incomplete-answer")
        yes = answer == "yes"
        return ConsentEvent(
            seq=seq,
            at=self.at,
            kind="grant" if yes else "refuse",
            recipient=recipient,
            purpose=purpose,
            answer="yes" if yes else "ask-first" if answer == "ask me first" else "no",
            identity=self._identity(recipient) if yes else "no",
            how=self._member("consent.interview", "how"),
            script=self._member("consent.limits_explained", "script"),
            review_by=self.review_by if yes else None,
        )

    def end(self, seq: int) -> list[ConsentEvent]:
        ending = text_of(self.interview.answers["consent.confirm_end"])
        if ending == "withdrew":
            return [ConsentEvent(seq=seq, at=self.at, kind="withdraw", answer="no")]
        if ending == "changed":
            return [ConsentEvent(seq=seq, at=self.at, kind="change", answer="yes")]
        return [ConsentEvent(seq=seq, at=self.at, kind="confirm", answer="yes")] if ending == "confirmed" else []

    def _identity(self, recipient: str) -> EventIdentity:
        """C4: this recipient's level; no where nothing was said."""
        for element in elements_of(self.interview.answers["consent.identity"]):
            if text_of(element.get("recipient", NotAsked())) == recipient:
                return _IDENTITY.get(text_of(element.get("answer", NotAsked())), "no")
        return "no"

    def _member(self, name: str, member: str) -> str:
        return text_of(members_of(self.interview.answers[name]).get(member, NotAsked()))


def _after(grant: Grant | None, event: ConsentEvent, recipient: str, purpose: str) -> Grant | None:
    """Where a pair stands after one more event.  Only a grant turns a no into a yes."""
    was_live = grant is not None and grant.live
    if event.kind in ("change", "confirm") and event.answer == "yes" and not was_live:
        return grant
    if event.kind == "withdraw" and grant is None:
        return None
    return Grant(
        recipient=recipient,
        purpose=purpose,
        answer=event.answer,
        identity=grant.identity if grant is not None and event.kind == "confirm" else event.identity,
        seq=event.seq,
        review_by=event.review_by,
        withdrawn=event.kind == "withdraw",
    )


@dataclass(frozen=True, kw_only=True)
class _Case:
    facts: RecordFacts
    events: tuple[ConsentEvent, ...]
    request: Request
    grant: Grant | None

    @property
    def ended(self) -> bool:
        """Whether the question at the end was put and answered (C9)."""
        return any(event.about_everything and event.kind != "refuse" for event in self.events)

    @property
    def withdrawn(self) -> bool:
        """Whether the last word on this pair, or on everything, was a withdrawal (C10)."""
        if self.grant is not None:
            return self.grant.withdrawn
        return any(event.about_everything and event.kind == "withdraw" for event in self.events)

    @property
    def unapproved(self) -> bool:
        """C15: whether it is for the public, and not two people of staff stand for it."""
        return is_public(self.request.purpose) and len(self.request.approvers) < _STAFF

    @property
    def overdue(self) -> bool:
        """C18: past its review date a grant is closed until it is confirmed; an absent date means closed."""
        review_by = None if self.grant is None else self.grant.review_by
        return review_by is None or self.request.at.date() > review_by


_Rule = tuple[str, str, Callable[[_Case], bool]]
_RULES: Final[tuple[_Rule, ...]] = (
    ("C1", "interview-refused", lambda case: not case.facts.agreed),
    ("C7", "limits-not-explained", lambda case: not case.facts.limits_explained),
    ("C8", "no-safeguards", lambda case: not case.facts.safeguarded),
    ("C9", "no-end-question", lambda case: not case.ended),
    ("C10", "withdrawn", lambda case: case.withdrawn),
    ("C15", "public-use-closed", lambda case: case.unapproved),
    ("C2", "never-asked", lambda case: case.grant is None),
    ("C3", "ask-first", lambda case: case.grant is not None and case.grant.answer == "ask-first"),
    ("C3", "refused", lambda case: case.grant is None or not case.grant.live),
    ("C18", "review-due", lambda case: case.overdue),
    ("C5", "unknown-profile", lambda case: case.request.profile not in PROFILE_NAMES),
)
