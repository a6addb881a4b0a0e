"""One thing a person said about sharing, as it is stored and committed to (docs/format/consent-v1.md)."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeVar

from testimony.canonical import JsonValue, as_integer, as_object, as_text, decode, encode
from testimony.dates import parse_day, parse_time
from testimony.errors import CanonicalError, ConsentError, DateError

EventKind = Literal["grant", "change", "withdraw", "confirm", "refuse"]
EventAnswer = Literal["yes", "no", "ask-first"]
EventIdentity = Literal["no", "yes", "court-order"]

MAX_EVENT: Final = 4096  # bytes of JSON
MAX_EVENTS: Final = 100_000

_RECIPIENT = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63})?")
_PURPOSE = re.compile(r"(?:[a-z0-9](?:[a-z0-9 -]{0,62}[a-z0-9])?)?")
_WORD = re.compile(r"[A-Za-z0-9._-]{0,64}")
_KINDS: Final[Mapping[str, EventKind]] = {
    "grant": "grant",
    "change": "change",
    "withdraw": "withdraw",
    "confirm": "confirm",
    "refuse": "refuse",
}
_ANSWERS: Final[Mapping[str, EventAnswer]] = {"yes": "yes", "no": "no", "ask-first": "ask-first"}
_IDENTITIES: Final[Mapping[str, EventIdentity]] = {"no": "no", "yes": "yes", "court-order": "court-order"}
_ALLOWED_ANSWERS: Final[Mapping[EventKind, tuple[EventAnswer, ...]]] = {
    "grant": ("yes",),
    "change": ("yes", "no", "ask-first"),
    "withdraw": ("no",),
    "confirm": ("yes",),
    "refuse": ("no", "ask-first"),
}
_NAMES: Final = ("seq", "at", "kind", "recipient", "purpose", "answer", "identity", "how", "script", "review_by")
_Known = TypeVar("_Known")


@dataclass(frozen=True, kw_only=True)
class ConsentEvent:
    """A grant, change, withdrawal, confirmation or refusal.

    An empty recipient means everything (the answer at the end, a whole withdrawal); an empty purpose with a recipient
    means all purposes of that recipient, which only a withdrawal can say.
    """

    seq: int
    at: datetime
    kind: EventKind
    recipient: str = ""
    purpose: str = ""
    answer: EventAnswer
    identity: EventIdentity = "no"
    how: str = ""
    script: str = ""
    review_by: date | None = None

    def __post_init__(self) -> None:
        shaped = _RECIPIENT.fullmatch(self.recipient) and _PURPOSE.fullmatch(self.purpose)
        worded = _WORD.fullmatch(self.how) and _WORD.fullmatch(self.script)
        if not shaped or not worded or self.seq < 1 or self.at.tzinfo is None or self.at.microsecond:
            raise ConsentError("C5", "bad-event")
        if self.answer not in _ALLOWED_ANSWERS[self.kind] or not self._scope_is_allowed():
            raise ConsentError("C5", "bad-event")
        if self.answer != "yes" and (self.identity != "no" or self.review_by is not None):
            raise ConsentError("C4", "bad-event")

    @property
    def about_everything(self) -> bool:
        """Whether the event concerns every recipient and purpose."""
        return not self.recipient

    def concerns(self, recipient: str, purpose: str) -> bool:
        """Whether the event changes where this pair stands: a yes to everything does not, any other word does."""
        if self.answer != "yes" and not self.purpose:
            return self.recipient in ("", recipient)
        return (self.recipient, self.purpose) == (recipient, purpose) and bool(recipient)

    def to_bytes(self) -> bytes:
        """The one spelling of the event."""
        return encode(
            {
                "seq": self.seq,
                "at": self.at.isoformat(),
                "kind": self.kind,
                "recipient": self.recipient,
                "purpose": self.purpose,
                "answer": self.answer,
                "identity": self.identity,
                "how": self.how,
                "script": self.script,
                "review_by": None if self.review_by is None else self.review_by.isoformat(),
            }
        )

    def _scope_is_allowed(self) -> bool:
        if self.recipient and self.purpose:
            return True
        if self.purpose:
            return False
        if self.recipient:
            return self.kind == "withdraw"
        return self.kind != "grant" and (self.kind, self.answer) != ("refuse", "ask-first")


def parse_event(data: bytes) -> ConsentEvent:
    """The event in these bytes.

    Raises:
        ConsentError: Another spelling, or an event that cannot be.
    """
    try:
        value = as_object(decode(data, limit=MAX_EVENT, where="consent event"), "consent event", required=_NAMES)
        return ConsentEvent(
            seq=as_integer(value["seq"], "seq", lowest=1),
            at=_time(value["at"]),
            kind=_one_of(value["kind"], _KINDS),
            recipient=as_text(value["recipient"], "recipient"),
            purpose=as_text(value["purpose"], "purpose"),
            answer=_one_of(value["answer"], _ANSWERS),
            identity=_one_of(value["identity"], _IDENTITIES),
            how=as_text(value["how"], "how"),
            script=as_text(value["script"], "script"),
            review_by=None if value["review_by"] is None else _day(value["review_by"]),
        )
    except (CanonicalError, DateError) as error:
        raise ConsentError("C5", "bad-event") from error


def add_months(day: date, months: int) -> date:
    """The day that many months later, or the last one of its month; the last day there is where years run out."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _time(value: JsonValue) -> datetime:
    text = as_text(value, "at")
    at = parse_time(text)
    if at.isoformat() != text:
        raise DateError("not-canonical")
    return at


def _day(value: JsonValue) -> date:
    text = as_text(value, "review_by")
    day = parse_day(text)
    if day.isoformat() != text:
        raise DateError("not-canonical")
    return day


def _one_of(value: JsonValue, known: Mapping[str, _Known]) -> _Known:
    if not isinstance(value, str) or value not in known:
        raise CanonicalError("consent event", "unknown-word")
    return known[value]
