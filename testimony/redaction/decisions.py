"""What a person decided about each span of a record for one body (docs/format/decisions-v1.md).

The value holds places and codes, never words.  Of a version that is finished the words do not change, so that a range
of characters says exactly what is hidden.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, cast

from keys.digests import hkdf_sha256, hmac_sha256
from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text, decode, encode
from testimony.errors import CanonicalError, RedactionError
from testimony.redaction.leaves import MAX_PATH
from testimony.redaction.reasons import REASON_CODES, ReasonCode
from testimony.redaction.salts import SEED_SIZE

Outcome = Literal["keep", "hide", "words"]

FORMAT: Final = "testimony-vault redaction decisions v1"
MAX_DECISIONS: Final = 16 * 1024 * 1024  # bytes
MAX_SPANS: Final = 20_000
MAX_RANGES: Final = 10_000
_LABEL: Final = b"testimony/decisions/v1\x00"
_OBJECT_LABEL: Final = b"testimony/walk/v1\x00"
_OBJECT_DIGITS: Final = 32
_KEYS: Final = ("body", "format", "profile", "purpose", "record", "spans", "version")


@dataclass(frozen=True, kw_only=True)
class WordRange:
    """Characters from `start` up to `end` of a span: hidden for a reason, or shown on purpose where `code` is None.

    A range is shown on purpose where the same words are hidden elsewhere and somebody decided that they may stay here.
    """

    start: int
    end: int
    code: ReasonCode | None


@dataclass(frozen=True, kw_only=True)
class SpanDecision:
    """What happens to one span: it is kept, hidden whole for a reason, or some of its words are hidden."""

    path: str
    outcome: Outcome
    code: ReasonCode | None = None
    ranges: tuple[WordRange, ...] = ()

    def __post_init__(self) -> None:
        ends = [0, *(one.end for one in self.ranges)]
        apart = all(before <= one.start < one.end for before, one in zip(ends, self.ranges, strict=False))
        hides = any(one.code is not None for one in self.ranges)
        whole = self.outcome == "hide"
        if not apart or hides != (self.outcome == "words") or whole != (self.code is not None):
            raise RedactionError(self.path, "decision")
        if whole and self.ranges:
            raise RedactionError(self.path, "decision")

    @property
    def hidden(self) -> tuple[tuple[int, int], ...]:
        """The ranges of characters that are hidden."""
        return tuple((one.start, one.end) for one in self.ranges if one.code is not None)


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """The walk through one version of a record for one body, purpose and profile, as far as it went."""

    record_id: str
    version: int
    body: str
    purpose: str
    profile: str
    spans: tuple[SpanDecision, ...] = ()

    def __post_init__(self) -> None:
        paths = [one.path for one in self.spans]
        if paths != sorted(set(paths)):
            raise RedactionError("", "decisions")

    def about(self, path: str) -> SpanDecision | None:
        """What was decided about a span; None where nobody has walked through it."""
        return self._by_path.get(path)

    def deciding(self, decision: SpanDecision) -> "Decisions":
        """The same walk with this decision, in place of an earlier one about the same span."""
        kept = {**self._by_path, decision.path: decision}
        return replace(self, spans=tuple(kept[path] for path in sorted(kept)))

    def undoing(self, path: str) -> "Decisions":
        """The same walk as if nobody had come to this span yet."""
        return replace(self, spans=tuple(one for one in self.spans if one.path != path))

    @property
    def hidden(self) -> int:
        """How many spans are hidden whole and how many ranges of words, together."""
        return sum(1 if one.outcome == "hide" else len(one.hidden) for one in self.spans)

    def to_bytes(self) -> bytes:
        """The one spelling of the decisions."""
        return encode(
            {
                "body": self.body,
                "format": FORMAT,
                "profile": self.profile,
                "purpose": self.purpose,
                "record": self.record_id,
                "spans": [_span_to_json(one) for one in self.spans],
                "version": self.version,
            }
        )

    def digest(self, seed: bytes) -> str:
        """How a custody entry names the decisions: keyed by the record's seed, since there are few to be guessed.

        Raises:
            RedactionError: The seed is of another size.
        """
        if len(seed) != SEED_SIZE:
            raise RedactionError("", "seed")
        return hmac_sha256(hkdf_sha256(seed, _LABEL), self.to_bytes()).hex()

    def log_object(self, seed: bytes) -> str:
        """What the log's entries about this walk are about: without the seed nobody can tell whose walk it is.

        Raises:
            RedactionError: The seed is of another size.
        """
        if len(seed) != SEED_SIZE:
            raise RedactionError("", "seed")
        scope = encode([self.record_id, self.version, self.body, self.purpose, self.profile])
        return f"walk/{hmac_sha256(hkdf_sha256(seed, _OBJECT_LABEL), scope).hex()[:_OBJECT_DIGITS]}"

    @cached_property
    def _by_path(self) -> Mapping[str, SpanDecision]:
        return {one.path: one for one in self.spans}


def parse_decisions(data: bytes) -> Decisions:
    """The decisions in these bytes.

    Raises:
        CanonicalError: Any spelling but the one that `to_bytes` gives.
        RedactionError: Ranges that overlap, or a decision that hides nothing and says that it hides.
    """
    value = as_object(decode(data, limit=MAX_DECISIONS, where="decisions"), "decisions", required=_KEYS)
    if value["format"] != FORMAT:
        raise CanonicalError("decisions", "unsupported")
    made = Decisions(
        record_id=as_text(value["record"], "record"),
        version=as_integer(value["version"], "version", lowest=1),
        body=as_text(value["body"], "body"),
        purpose=as_text(value["purpose"], "purpose"),
        profile=as_text(value["profile"], "profile"),
        spans=tuple(_span(one) for one in as_list(value["spans"], "spans", limit=MAX_SPANS)),
    )
    if made.to_bytes() != data:
        raise CanonicalError("decisions", "not-canonical")
    return made


def reason_code(value: JsonValue, path: str) -> ReasonCode:
    """The reason code in a JSON value.

    Raises:
        RedactionError: It is none ("reason").
    """
    if value not in REASON_CODES:
        raise RedactionError(path, "reason")
    return value


def tidied(ranges: Iterable[WordRange]) -> tuple[WordRange, ...]:
    """The ranges in their order and apart from each other; what is hidden by one of them stays hidden."""
    listed = sorted(ranges, key=lambda one: (one.code is None, one.start, one.end))
    kept: list[WordRange] = []
    for one in listed:
        last = kept[-1].end if kept else 0
        if one.code is not None and one.end > last:
            kept.append(replace(one, start=max(one.start, last)))
        elif one.code is None and not any(other.start < one.end and one.start < other.end for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))


def _span_to_json(span: SpanDecision) -> JsonValue:
    value: dict[str, JsonValue] = {"decision": span.outcome, "path": span.path}
    if span.code is not None:
        value["code"] = span.code
    if span.ranges:
        value["ranges"] = [{"code": one.code, "end": one.end, "start": one.start} for one in span.ranges]
    return value


def _span(value: JsonValue) -> SpanDecision:
    parts = as_object(value, "span", required=("decision", "path"), optional=("code", "ranges"))
    path = as_text(parts["path"], "span")
    if len(path) > MAX_PATH or parts["decision"] not in ("keep", "hide", "words"):
        raise CanonicalError("span", "bad-text")
    return SpanDecision(
        path=path,
        outcome=cast("Outcome", parts["decision"]),
        code=reason_code(parts["code"], path) if "code" in parts else None,
        ranges=tuple(_range(one, path) for one in as_list(parts.get("ranges", []), "ranges", limit=MAX_RANGES)),
    )


def _range(value: JsonValue, path: str) -> WordRange:
    parts = as_object(value, "range", required=("code", "end", "start"))
    code = None if parts["code"] is None else reason_code(parts["code"], path)
    return WordRange(
        start=as_integer(parts["start"], "range"), end=as_integer(parts["end"], "range", lowest=1), code=code
    )
