"""Between which outside things a record was finished, in words and as JSON."""

from testimony.canonical import JsonValue
from testimony.custody.anchors import Anchor, Interval
from testimony.text_lines import moment_text
from tui.strings.sentences import Language, sentence


def interval_sentence(interval: Interval, claimed: str, language: Language) -> str:
    """One sentence: what is proved from outside on either side, and what the laptop's own clock claims."""
    before, after = interval.not_before, interval.not_after
    values = {"before": _time(before), "after": _time(after), "claimed": claimed}
    if interval.contradicts:
        key = "contradiction"
    elif before is not None and after is not None:
        key = "interval"
    elif before is not None:
        key = "not-before"
    else:
        key = "no-interval" if after is None else "not-after"
    return sentence(f"command.show.{key}", language, **values)


def interval_value(interval: Interval) -> dict[str, JsonValue]:
    """The same for machines: on each side the time, the kind of anchor and whose it is, or null."""
    return {"not_after": _value(interval.not_after), "not_before": _value(interval.not_before)}


def _time(anchor: Anchor | None) -> str:
    return "" if anchor is None else moment_text(anchor.at)


def _value(anchor: Anchor | None) -> JsonValue:
    return None if anchor is None else {"at": moment_text(anchor.at), "by": anchor.by, "kind": str(anchor.kind)}
