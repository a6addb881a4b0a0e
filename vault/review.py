"""The walk through a record for one body: every span as it would leave, decided one by one, kept where it stopped."""

from dataclasses import dataclass, field, replace

from testimony.canonical import JsonValue
from testimony.consent import PROFILE_NAMES, Release
from testimony.errors import ConsentError
from testimony.profiles import Plan, no_decisions, plan_disclosure
from testimony.redaction.choices import decided, decisions_from, words_like
from testimony.redaction.decisions import Decisions, SpanDecision, WordRange
from testimony.redaction.reasons import ReasonCode
from testimony.redaction.spans import Same, Span
from vault.contacts import check_profile, contact
from vault.errors import NotFoundError, PolicyError
from vault.preview import gate, request_of
from vault.records import StoredRecord, get_record
from vault.redactions import decisions_under, save_decisions
from vault.store import Vault


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A record, the release under which it would leave, and what was decided about each span so far."""

    stored: StoredRecord = field(repr=False)
    release: Release
    decisions: Decisions
    plan: Plan = field(repr=False)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every span that the profile puts under review."""
        return self.plan.spans

    @property
    def open(self) -> tuple[str, ...]:
        """The paths of those that nobody has walked through."""
        return self.plan.open

    @property
    def same(self) -> tuple[Same, ...]:
        """Where words would stay that are hidden elsewhere."""
        return self.plan.same

    def span(self, path: str) -> Span:
        """The span of that path.

        Raises:
            NotFoundError: The profile puts no such span under review.
        """
        found = next((one for one in self.spans if one.path == path), None)
        if found is None:
            raise NotFoundError("span", path)
        return found

    def deciding(self, *decided: SpanDecision) -> "Walk":
        """The same walk with these decisions, nothing of it saved yet."""
        decisions = self.decisions
        for one in decided:
            decisions = decisions.deciding(one)
        return self._with(decisions)

    def keeping(self, path: str) -> "Walk":
        """The same walk with this span leaving as it is shown, words that are hidden elsewhere included.

        Raises:
            NotFoundError: The profile puts no such span under review.
        """
        span = self.span(path)
        before = () if span.decision is None else span.decision.ranges
        stay = (WordRange(start=one.start, end=one.end, code=None) for one in self.same if one.path == path)
        return self.deciding(decided(span, [*before, *stay]))

    def hiding(self, path: str, code: ReasonCode) -> "Walk":
        """The same walk with all of this span hidden."""
        return self.deciding(SpanDecision(path=path, outcome="hide", code=code))

    def hiding_words(self, path: str, words: str, code: ReasonCode) -> "Walk":
        """The same walk with these words, or the name behind this code, hidden wherever they stand in the span.

        Raises:
            NotFoundError: They do not stand there, or the profile puts no such span under review.
        """
        span = self.span(path)
        ranges = words_like(span, words, code)
        if not ranges:
            raise NotFoundError("words", path)
        before = () if span.decision is None else span.decision.ranges
        return self.deciding(decided(span, [*before, *ranges]))

    def hiding_same(self, code: ReasonCode) -> "Walk":
        """The same walk with the words that are hidden somewhere hidden in every other span as well."""
        walk = self
        for path in dict.fromkeys(one.path for one in self.same):
            span = next((one for one in self.spans if one.path == path), None)
            if span is None or span.paragraph is None:
                walk = walk.hiding(path, code)
            else:
                before = () if span.decision is None else span.decision.ranges
                more = (WordRange(start=one.start, end=one.end, code=code) for one in self.same if one.path == path)
                walk = walk.deciding(decided(span, [*before, *more]))
        return walk

    def undoing(self, path: str) -> "Walk":
        """The same walk with this span open again."""
        return self._with(self.decisions.undoing(path))

    def reading(self, value: JsonValue) -> "Walk":
        """The whole walk as a file says it, in place of what was decided before.

        Raises:
            RedactionError: A span has no entry, or an entry does not fit its span.
        """
        begun = no_decisions(self.release)
        everything = self._with(begun).deciding(*(SpanDecision(path=one.path, outcome="keep") for one in self.spans))
        shown = everything.plan.selection
        return self._with(decisions_from(value, self.spans, begun, shown={*shown.shown, *shown.paragraphs}))

    def _with(self, decisions: Decisions) -> "Walk":
        plan = _plan(self.stored, self.release, decisions)
        return replace(self, decisions=decisions, plan=plan)


def walk_of(  # noqa: PLR0913  # one parameter a choice
    vault: Vault,
    record_id: str,
    *,
    to: str,
    purpose: str,
    profile: str = "pseudonymised",
    version: int | None = None,
) -> Walk:
    """The walk through a record for a body, from where it stopped; the newest version, where none is named.

    Raises:
        NotFoundError: There is no such contact, or no such finished record.
        PolicyError: A practice contact for a real vault or the reverse, or a profile that there is not ("profile").
        ConsentError: Consent does not let the record go to this body.
    """
    body = contact(vault, to)
    check_profile(vault, body.card)
    if profile not in PROFILE_NAMES:
        raise PolicyError("profile")
    stored = get_record(vault, record_id, version)
    request = request_of(vault, body, purpose, profile)
    decision, release = gate(stored, request)
    if release is None or stored.record is None:
        raise ConsentError(decision.rule, decision.reason, record_id)
    decisions = decisions_under(vault, release) or no_decisions(release)
    plan = _plan(stored, release, decisions)
    return Walk(stored=stored, release=release, decisions=decisions, plan=plan)


def save_walk(vault: Vault, walk: Walk) -> None:
    """Keep the walk as far as it went; nothing is written where nothing was decided since it was opened."""
    if (decisions_under(vault, walk.release) or no_decisions(walk.release)) != walk.decisions:
        save_decisions(vault, walk.stored, walk.decisions)


def _plan(stored: StoredRecord, release: Release, decisions: Decisions) -> Plan:
    if stored.record is None:
        raise NotFoundError("record", stored.record_id)
    return plan_disclosure(stored.record, release, decisions, withheld_paragraphs=stored.restricted, late=stored.late)
