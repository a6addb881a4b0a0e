"""Words that were hidden in one place and would be shown in another (docs/format/decisions-v1.md, section 5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from testimony.names import NameIndex
from testimony.redaction.decisions import Decisions
from testimony.redaction.spans import Same, uncovered


@dataclass(frozen=True, kw_only=True)
class ShownText:
    """A text of which something is shown, and the places in it where a code stands for a name."""

    text: str = field(repr=False)
    codes: tuple[tuple[int, int], ...] = ()


def same_words(texts: Mapping[str, ShownText], decisions: Decisions) -> tuple[Same, ...]:
    """Every place in these texts, by their paths, where hidden words stand about which nobody decided."""
    phrases = _hidden_words(texts, decisions)
    if not phrases:
        return ()
    index = NameIndex([(phrase,) for phrase in phrases], phrases=range(len(phrases)))
    return tuple(same for path, shown in texts.items() for same in _in_text(index, path, shown, decisions))


def _hidden_words(texts: Mapping[str, ShownText], decisions: Decisions) -> tuple[str, ...]:
    """The different words that are hidden by ranges, each as it stands there."""
    found = (
        texts[one.path].text[start:end].strip()
        for one in decisions.spans
        if one.path in texts
        for start, end in one.hidden
    )
    return tuple(dict.fromkeys(phrase for phrase in found if phrase))


def _in_text(index: NameIndex, path: str, shown: ShownText, decisions: Decisions) -> Iterator[Same]:
    decision = decisions.about(path)
    decided = () if decision is None else tuple((one.start, one.end) for one in decision.ranges)
    places = [(found.start, found.end) for found in index.find(shown.text)]
    for start, end in uncovered(places, (*decided, *shown.codes)):
        yield Same(path=path, start=start, end=end)
