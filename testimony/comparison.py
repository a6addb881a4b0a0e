"""Two versions of an interview laid side by side: which paragraphs and which answers are not the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from testimony.forms.form import Field
from testimony.interview import Interview

Change = Literal["same", "changed", "added", "removed"]
_ACCOUNT = "account.text"


@dataclass(frozen=True, kw_only=True)
class ComparedParagraph:
    """One paragraph: its place from 0 in each version, None where it is not there, and its words."""

    change: Change
    before: int | None
    after: int | None
    old_text: str = field(default="", repr=False)
    new_text: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Every paragraph of both versions in their order, and in the order of the form the other fields that differ."""

    paragraphs: tuple[ComparedParagraph, ...]
    fields: tuple[Field, ...]

    def of(self, change: Change) -> tuple[ComparedParagraph, ...]:
        """The paragraphs to which that happened."""
        return tuple(one for one in self.paragraphs if one.change == change)


def compare(before: Interview, after: Interview) -> Comparison:
    """What the later interview has otherwise than the earlier one."""
    asked = {one.id: one for one in (*before.form.fields, *after.form.fields)}
    return Comparison(
        paragraphs=tuple(_paragraphs(before.paragraphs, after.paragraphs)),
        fields=tuple(
            one
            for name, one in asked.items()
            if name != _ACCOUNT and before.answers.get(name) != after.answers.get(name)
        ),
    )


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[ComparedParagraph]:
    for _, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        # A stretch that was replaced is paired in its order; what has no partner was added or removed.
        paired = min(end - start, stop - begin)
        for step in range(paired):
            yield _pair(start + step, begin + step, old, new)
        for place in range(start + paired, end):
            yield ComparedParagraph(change="removed", before=place, after=None, old_text=old[place])
        for place in range(begin + paired, stop):
            yield ComparedParagraph(change="added", before=None, after=place, new_text=new[place])


def _pair(before: int, after: int, old: Sequence[str], new: Sequence[str]) -> ComparedParagraph:
    same = old[before] == new[after]
    change: Change = "same" if same else "changed"
    return ComparedParagraph(change=change, before=before, after=after, old_text=old[before], new_text=new[after])
