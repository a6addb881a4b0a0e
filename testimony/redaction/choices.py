"""What a person chose about spans, as words they can point at, made into decisions (docs/format/decisions-v1.md, 4)."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from testimony.canonical import JsonValue
from testimony.errors import RedactionError
from testimony.names import NameIndex
from testimony.redaction.decisions import MAX_RANGES, Decisions, SpanDecision, WordRange, reason_code, tidied
from testimony.redaction.reasons import ReasonCode
from testimony.redaction.spans import Span, uncovered

_WHAT: Final = ("exact", "mention", "words")
_PAIR: Final = 2


def words_between(span: Span, first: int, last: int, code: ReasonCode | None) -> WordRange:
    """The range from one word of a paragraph to another, both included, by their numbers from 1.

    Raises:
        RedactionError: There are no such words ("words").
    """
    if not 1 <= first <= last <= len(span.words):
        raise RedactionError(span.path, "words")
    return WordRange(start=span.words[first - 1].start, end=span.words[last - 1].end, code=code)


def exact_words(span: Span, exact: str, occurrence: int, code: ReasonCode | None) -> WordRange:
    """The occurrence, by its number from 1, of these exact words of a paragraph, widened to whole words.

    Raises:
        RedactionError: They do not stand there so often ("words").
    """
    found = [match.span() for match in re.finditer(re.escape(exact), span.text)] if exact.strip() else []
    if not 1 <= occurrence <= len(found):
        raise RedactionError(span.path, "words")
    start, end = found[occurrence - 1]
    touched = [word for word in span.words if word.start < end and start < word.end]
    if not touched:
        raise RedactionError(span.path, "words")
    return WordRange(start=min(start, touched[0].start), end=max(end, touched[-1].end), code=code)


def words_like(span: Span, words: str, code: ReasonCode | None) -> tuple[WordRange, ...]:
    """Every place of a paragraph where these words stand, however they are spelled, or this code stands for a name."""
    places = [(word.start, word.end) for word in span.words if word.is_code and word.text == words.strip()]
    if not places and span.paragraph is not None:
        codes = [(word.start, word.end) for word in span.words if word.is_code]
        found = NameIndex([(words,)], phrases={0}).find(span.text)
        # A name that leaves as a code is no word that anybody sees.
        places = list(uncovered([(one.start, one.end) for one in found], codes))
    return tuple(WordRange(start=start, end=end, code=code) for start, end in places)


def decided(span: Span, ranges: Iterable[WordRange]) -> SpanDecision:
    """The decision that hides these ranges; the span is kept where none of them hides anything.

    Raises:
        RedactionError: The span is no paragraph: a single value is hidden whole or not at all ("not-a-paragraph").
    """
    listed = tidied(ranges)
    hides = any(one.code is not None for one in listed)
    if hides and span.paragraph is None:
        raise RedactionError(span.path, "not-a-paragraph")
    if any(one.end > len(span.text) for one in listed):
        raise RedactionError(span.path, "words")
    return SpanDecision(path=span.path, outcome="words" if hides else "keep", ranges=listed)


def decisions_from(value: JsonValue, spans: Sequence[Span], begun: Decisions, *, shown: Collection[str]) -> Decisions:
    """The whole walk in a file: one entry for every span, and where wanted for other paths that would be shown.

    Raises:
        RedactionError: A span without an entry ("open-span"), an entry for what is not there ("unknown-span") or
            twice ("twice"), or one that is malformed ("malformed").
    """
    if not isinstance(value, dict) or value.keys() != {"spans"} or not isinstance(value["spans"], list):
        raise RedactionError("", "malformed")
    known = {one.path: one for one in spans}
    made: dict[str, SpanDecision] = {}
    for entry in value["spans"]:
        path = entry.get("path") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(path, str):
            raise RedactionError("", "malformed")
        if path in made:
            raise RedactionError(path, "twice")
        if path not in known and path not in shown:
            raise RedactionError("", "unknown-span")
        span = known.get(path) or Span(path=path, kind="text", text="")
        made[path] = _decision(entry, span)
    missing = next((path for path in known if path not in made), None)
    if missing is not None:
        raise RedactionError(missing, "open-span")
    for decision in made.values():
        begun = begun.deciding(decision)
    return begun


def _decision(entry: dict[str, JsonValue], span: Span) -> SpanDecision:
    answer = entry.get("decision")
    names = {"keep": {"ranges"}, "hide": {"code"}, "words": {"ranges"}}.get(answer if isinstance(answer, str) else "")
    if names is None or not entry.keys() <= {"path", "decision", *names}:
        raise RedactionError(span.path, "malformed")
    if answer == "hide":
        return SpanDecision(path=span.path, outcome="hide", code=reason_code(entry.get("code"), span.path))
    listed = entry.get("ranges", [])
    if not isinstance(listed, list) or len(listed) > MAX_RANGES:
        raise RedactionError(span.path, "malformed")
    made = decided(span, (_range(one, span) for one in listed))
    if made.outcome != answer:
        raise RedactionError(span.path, "decision")
    return made


def _range(value: JsonValue, span: Span) -> WordRange:
    """One range: by the numbers of its words, by the number of a mention, or by exact words."""
    if not isinstance(value, dict) or sum(name in value for name in _WHAT) != 1:
        raise RedactionError(span.path, "malformed")
    if not value.keys() <= {*_WHAT, "occurrence", "code", "stays"} or ("code" in value) == ("stays" in value):
        raise RedactionError(span.path, "malformed")
    if "stays" in value and value["stays"] is not True:
        raise RedactionError(span.path, "malformed")
    code = reason_code(value["code"], span.path) if "code" in value else None
    if "exact" in value:
        exact, occurrence = value["exact"], _count(value.get("occurrence", 1), span)
        if not isinstance(exact, str):
            raise RedactionError(span.path, "malformed")
        return _exact(span, exact, occurrence, code)
    if "mention" in value:
        return _mention(span, _count(value["mention"], span), code)
    pair = value["words"]
    if not isinstance(pair, list) or len(pair) != _PAIR:
        raise RedactionError(span.path, "malformed")
    return words_between(span, _count(pair[0], span), _count(pair[1], span), code)


def _exact(span: Span, exact: str, occurrence: int, code: ReasonCode | None) -> WordRange:
    if span.paragraph is not None or code is not None:
        return exact_words(span, exact, occurrence, code)
    # A value stays whole: which of its words were looked at is all that a range can say.
    return WordRange(start=0, end=len(span.text), code=None)


def _mention(span: Span, number: int, code: ReasonCode | None) -> WordRange:
    mentions = [word for word in span.words if word.is_code]
    if not 1 <= number <= len(mentions):
        raise RedactionError(span.path, "words")
    return WordRange(start=mentions[number - 1].start, end=mentions[number - 1].end, code=code)


def _count(value: JsonValue, span: Span) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise RedactionError(span.path, "malformed")
    return value
