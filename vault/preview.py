"""What consent lets go to a body: the gate's decision about each record, and each record as it would be rendered.

Nothing leaves from here: `vault.handover` seals, and asks the gate again when it does.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from testimony.consent import PROFILE_NAMES, Decision, Release, Request, decide, facts_of, release_for
from testimony.leaks import Needle
from testimony.redaction.decisions import Decisions
from vault.contacts import Contact, check_profile, contact
from vault.errors import LimitError, PolicyError
from vault.records import StoredRecord, get_record
from vault.redactions import decisions_under
from vault.rendition import Asked, Rendition, paragraphs_that_name, render
from vault.second_person import possible_approvers
from vault.store import Vault

MAX_SELECTED: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class HandoverRow:
    """One record of the selection: the gate's decision, what a person decided, and what would leave where it may."""

    record_id: str
    control_number: str
    case_code: str | None
    interviewed_on: str | None
    decision: Decision
    decisions: Decisions | None
    rendition: Rendition | None = field(repr=False)

    @property
    def allowed(self) -> bool:
        """Whether consent lets the record go."""
        return self.rendition is not None

    def refuse_unfinished_walk(self) -> None:
        """Nothing, when a person decided about every span, and no word is hidden in one place and shown in another.

        Raises:
            PolicyError: A span is open ("review-open"), or such words are left ("same-words").
        """
        if self.rendition is None:
            return
        if self.rendition.open:
            raise PolicyError("review-open", f"{self.record_id} {self.rendition.open[0]}")
        if self.rendition.same:
            raise PolicyError("same-words", f"{self.record_id} {self.rendition.same[0].path}")


@dataclass(frozen=True, kw_only=True)
class Handover:
    """What was chosen and reviewed, not yet sealed."""

    to: Contact
    purpose: str
    profile: str
    rows: tuple[HandoverRow, ...]

    @property
    def count(self) -> int:
        """How many records would leave."""
        return sum(row.allowed for row in self.rows)

    @property
    def withheld(self) -> int:
        """How many of the selection consent keeps here."""
        return len(self.rows) - self.count


def prepare(  # noqa: PLR0913  # the agreed shape
    vault: Vault,
    *,
    to: str,
    purpose: str,
    profile: str = "pseudonymised",
    record_ids: Sequence[str] | None = None,
    version: int | None = None,
) -> Handover:
    """What consent lets go to the contact `to` for a purpose, each record as it would be rendered.

    Without `record_ids` every finished record is asked for; of each the newest version, where none is named.  What the
    profile puts under review is shown as it was decided span by span (`vault.redactions`); what nobody walked through
    is withheld here, and stops the seal.

    Raises:
        NotFoundError: There is no such contact, or no such finished record.
        PolicyError: A practice contact for a real vault or the reverse, or a profile that there is not ("profile").
        LimitError: More than 20,000 records.
        TestimonyError: A stored record does not fit its head.
    """
    body = contact(vault, to)
    check_profile(vault, body.card)
    if profile not in PROFILE_NAMES:
        raise PolicyError("profile")
    ids = _finished(vault) if record_ids is None else tuple(dict.fromkeys(record_ids))
    if len(ids) > MAX_SELECTED:
        raise LimitError("records", MAX_SELECTED)
    request = request_of(vault, body, purpose, profile)
    rows = [_weighed(vault, get_record(vault, one, version), request) for one in ids]
    return Handover(to=body, purpose=purpose, profile=profile, rows=tuple(_apart(vault, rows, request)))


def request_of(vault: Vault, to: Contact, purpose: str, profile: str) -> Request:
    """What a preview asks of the gate: nothing leaves yet, so those count who could approve it (C15)."""
    return Request(
        recipient=to.code,
        purpose=purpose,
        profile=profile,
        at=vault.clock.now().wall,
        approvers=possible_approvers(vault),
    )


def request_to_leave(handover: Handover, at: datetime, approvers: Sequence[str]) -> Request:
    """What is asked of the gate when something leaves: only those count who approved exactly this (C15)."""
    return Request(
        recipient=handover.to.code,
        purpose=handover.purpose,
        profile=handover.profile,
        at=at,
        approvers=frozenset(approvers),
    )


def gate(stored: StoredRecord, request: Request) -> tuple[Decision, Release | None]:
    """The decision about a record, and the release where it may go.

    Raises:
        ConsentError: Its consent events are not in the order of their numbers.
    """
    if stored.record is None or stored.head is None:
        return Decision(allowed=False, rule="C1", reason="interview-refused"), None
    facts = facts_of(stored.record, stored.head.commitment.root)
    decision = decide(facts, stored.events, request)
    return decision, release_for(facts, stored.events, request) if decision.allowed else None


def needles_of(rows: Sequence[HandoverRow]) -> tuple[Needle, ...]:
    """Every word that one of these records holds back."""
    return tuple(needle for row in rows if row.rendition is not None for needle in row.rendition.needles)


def _finished(vault: Vault) -> tuple[str, ...]:
    rows = vault.read(
        "SELECT DISTINCT record_id FROM records WHERE stage = 'finished' ORDER BY control_number LIMIT ?",
        (MAX_SELECTED + 1,),
    )
    return tuple(record_id for (record_id,) in rows)


def _weighed(vault: Vault, stored: StoredRecord, request: Request, *, restricted: Collection[int] = ()) -> HandoverRow:
    """The gate's decision about a record, and its rendition where it may go."""
    decision, release = gate(stored, request)
    rendition, decisions = None, None
    if release is not None:
        decisions = decisions_under(vault, release)
        asked = Asked(
            release=release,
            decision=decision,
            decisions=decisions,
            by=vault.settings.code,
            on=request.at.date().isoformat(),
        )
        rendition = render(vault, stored, asked, restricted=restricted)
    return HandoverRow(
        record_id=stored.record_id,
        control_number="" if stored.record is None else stored.record.control_number or "",
        case_code=stored.case_code,
        interviewed_on=stored.interviewed_on,
        decision=decision,
        decisions=decisions,
        rendition=rendition,
    )


def _apart(vault: Vault, rows: Sequence[HandoverRow], request: Request) -> Iterator[HandoverRow]:
    """The rows, where records of one case would tell what another of them holds back: those paragraphs withheld."""
    cases: dict[str | None, list[HandoverRow]] = {}
    for row in rows:
        if row.allowed:
            cases.setdefault(row.case_code, []).append(row)
    for row in rows:
        others = [other for other in cases.get(row.case_code, ()) if other is not row] if row.allowed else []
        yield _without(vault, row, needles_of(others), request)


def _without(vault: Vault, row: HandoverRow, needles: Sequence[Needle], request: Request) -> HandoverRow:
    """The row, with the paragraphs withheld in which one of these words stands."""
    if row.rendition is None or not needles:
        return row
    stored = get_record(vault, row.record_id, row.rendition.packed.line.version)
    restricted = paragraphs_that_name(stored, row.rendition, needles)
    if not restricted:
        return row
    return _weighed(vault, stored, request, restricted=restricted)
