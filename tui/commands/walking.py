"""The walk at a terminal: one span after the other as it would leave, each decided before the next one is shown."""

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import click

from testimony.errors import RedactionError
from testimony.redaction.choices import decided, words_between
from testimony.redaction.decisions import WordRange
from testimony.redaction.reasons import REASON_CODES, ReasonCode
from testimony.redaction.spans import Span
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, say
from tui.commands.output import print_lines, print_said
from tui.strings.sentences import sentence
from vault.review import Walk, save_walk
from vault.store import Vault

_KEEP, _WORDS, _HIDE, _BACK, _STOP = "1", "2", "3", "4", "5"
_RANGE: Final = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
_SAVED_EVERY: Final = 10
_WORDS_IN_LINE: Final = 8


def walked(vault: Vault, walk: Walk) -> Walk:
    """The walk as far as the person went; it is kept in the vault, also where it is broken off.

    Raises:
        RefusalError: Nobody is there to be asked.
    """
    if not sys.stdin.isatty():
        raise RefusalError(say("redact.no-terminal"), USAGE)
    steps = _Steps(vault, walk)
    try:
        steps.go()
    finally:
        save_walk(vault, steps.walk)
    return steps.walk


class _Steps:
    """Where the walk stands."""

    def __init__(self, vault: Vault, walk: Walk) -> None:
        self.walk = walk
        self._vault = vault
        self._done: list[str] = []

    def go(self) -> None:
        """Ask about every open span, in the order of the record, until none is left or the person stops."""
        while path := next(iter(self.walk.open), None):
            answer = self._ask(self.walk.span(path))
            if answer == _STOP:
                return
            if answer == _BACK:
                self._step_back()
                continue
            self._done.append(path)
            if len(self._done) % _SAVED_EVERY == 0:
                save_walk(self._vault, self.walk)

    def _ask(self, span: Span) -> str:
        """What the person chose for a span; the decision is in the walk, unless they step back or stop."""
        ranges: list[WordRange] = []
        while True:
            self._show(span, ranges)
            answer = _chosen()
            if answer == _WORDS:
                ranges += _asked_words(span)
            elif answer == _HIDE:
                self.walk = self.walk.hiding(span.path, _asked_code())
                return answer
            elif answer == _KEEP:
                self.walk = self.walk.deciding(decided(span, ranges))
                self._settle_same()
                return answer
            else:
                return answer

    def _show(self, span: Span, ranges: list[WordRange]) -> None:
        place = [one.path for one in self.walk.spans].index(span.path) + 1
        print_lines([""])
        print_said("redact.span", number=place, total=len(self.walk.spans), path=span.path)
        shown = self.walk.deciding(decided(span, ranges)).span(span.path)
        print_lines(shown.as_decided().splitlines() or [""])
        if not shown.leaves:
            print_said("redact.held")

    def _step_back(self) -> None:
        if self._done:
            self.walk = self.walk.undoing(self._done.pop())

    def _settle_same(self) -> None:
        """The same words elsewhere: listed, and hidden as well or left where they stand, as the person says."""
        same = self.walk.same
        if not same:
            return
        print_said("redact.same", count=len(same))
        print_lines(f"  {one.path}" for one in same)
        answer = _asked(say("redact.same-ask"), ("1", "2", "3"))
        if answer == "1":
            self.walk = self.walk.hiding_same(_asked_code())
        elif answer == "2":
            for path in dict.fromkeys(one.path for one in same):
                self.walk = self.walk.keeping(path)


def _chosen() -> str:
    return _asked(say("redact.ask"), (_KEEP, _WORDS, _HIDE, _BACK, _STOP))


def _asked(words: str, answers: tuple[str, ...]) -> str:
    return str(click.prompt(words, type=click.Choice(answers), show_choices=False, prompt_suffix=" "))


def _asked_words(span: Span) -> Iterator[WordRange]:
    """The words that the person names by their numbers, once they name some that are there."""
    if not span.words:
        print_said("redact.no-words")
        return
    numbered = [f"{number} {word.text}" for number, word in enumerate(span.words, 1)]
    print_lines("   ".join(numbered[at : at + _WORDS_IN_LINE]) for at in range(0, len(numbered), _WORDS_IN_LINE))
    found = _words_named(span)
    if found is not None:
        yield WordRange(start=found.start, end=found.end, code=_asked_code())


def _words_named(span: Span) -> WordRange | None:
    """The range that was typed; None where nothing was."""
    while typed := str(
        click.prompt(say("redact.words-ask"), default="", show_default=False, prompt_suffix=" ")
    ).strip():
        match = _RANGE.fullmatch(typed)
        with suppress(RedactionError):
            if match is not None:
                return words_between(span, int(match[1]), int(match[2] or match[1]), None)
        print_said("redact.words-unknown", count=len(span.words))
    return None


def _asked_code() -> ReasonCode:
    print_lines(
        f"{number:>2} {code:<12} {sentence(f'reason.code.{code}', LANGUAGE)}"
        for number, code in enumerate(REASON_CODES, 1)
    )
    number = click.prompt(say("redact.code-ask"), type=click.IntRange(1, len(REASON_CODES)), prompt_suffix=" ")
    return REASON_CODES[int(number) - 1]
