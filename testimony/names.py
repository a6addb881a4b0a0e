"""Finding names in text: whole words, folded, with the Arabic prefixes that are written to a word left outside."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from testimony.dates import digits_to_ascii
from testimony.folding import Word, fold, fold_with_offsets, words

_ARTICLE: Final = "\u0627\u0644"
_AND: Final = ("", "\u0648", "\u0641")
_PARTICLE: Final = ("", "\u0628", "\u0644", "\u0643")
# و ف ب ل ك ال and their sums; "لل" is ل before ال, whose alef is then not written.
_PREFIXES: Final = tuple(
    sorted(
        {a + p for a in _AND for p in _PARTICLE}
        | {a + p + _ARTICLE for a in _AND for p in _PARTICLE}
        | {a + "\u0644\u0644" for a in _AND},
        key=lambda prefix: (len(prefix), prefix),
    )
)
_PREFIX_LETTERS: Final = frozenset("\u0648\u0641\u0628\u0644\u0643\u0627")
_TANWIN: Final = "\u0627"
# على, "on", folds to the same letters as the name علي.
_ALI: Final = fold("\u0639\u0644\u064a")
_ALEF_MAQSURA: Final = "\u0649"
_WIDEST_GAP: Final = 3
_SHORTEST: Final = 2

# Words that stand in a name and are no name: titles, kinship, articles.  Folded.
_NO_NAME: Final = frozenset(
    fold(word)
    for line in (
        "أبو أبا أبي أم ابن بن بنت آل عبد الشيخ الحاج الحاجة الدكتور دكتور الأستاذ أستاذ السيد السيدة",
        "عمي عمتي خالي خالتي أخي أختي أمي زوجي زوجتي زوجة زوج جدي جدتي ابني ابنتي ابنة جاري جارتي جارنا جارتنا",
        "صديقي صديقتي واحد رجل امرأة شاب من في إلى عن مع الذي التي",
        "the a an my our his her their of and in from with mr mrs ms dr abu umm um ibn bin bint al el",
        "sheikh hajj hajji uncle aunt cousin brother sister mother father son daughter husband wife friend neighbour",
    )
    for word in line.split()
)

# Abu Hassan is not Hassan: the word after one of these is another person's name.  Folded.
_PARENT_OF: Final = frozenset(fold(word) for word in ("أبو", "أبا", "أبي", "أم", "abu", "abou", "umm", "um", "oum"))

_NUMBER: Final = re.compile(r"(?<!\d)\+?\d(?:[ \u00a0\u202f().\u2010-\u2013/-]{0,2}\d){6,14}(?!\d)")
_A_DATE: Final = re.compile(
    r"(?:1[0-9]|20)\d\d[ ]?[-\u2013/.][ ]?\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:1[0-9]|20)\d\d"
    r"|(?:1[0-9]|20)\d\d[ ]?[-\u2013/][ ]?(?:1[0-9]|20)\d\d"
)
_SHORTEST_NUMBER: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A name found in a text: its place there, and the index of the one it belongs to."""

    start: int
    end: int
    owner: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spelling:
    keys: tuple[str, ...] = field(repr=False)
    owner: int
    whole: bool
    article: bool
    strict: bool


class NameIndex:
    """The names of several owners, ready to be found in any text in time linear in its length."""

    def __init__(self, names_of: Sequence[Iterable[str]], *, phrases: Collection[int] = ()) -> None:
        """Take the names of each owner, by index; an earlier owner wins where two have the same name.

        Of the owners in `phrases` only whole names are found, never one word of them.
        """
        spellings: dict[str, list[_Spelling]] = {}
        # By their last seven digits, which two spellings of one number share.
        self._numbers: dict[str, list[tuple[str, int]]] = {}
        for owner, names in enumerate(names_of):
            for name in names:
                if is_number(name):
                    digits = _significant(name)
                    self._numbers.setdefault(digits[-_SHORTEST_NUMBER:], []).append((digits, owner))
                for spelling in _spellings(name, owner, parts=owner not in phrases):
                    spellings.setdefault(spelling.keys[0], []).append(spelling)
        for listed in spellings.values():
            listed.sort(key=lambda one: (-len(one.keys), not one.whole, one.owner))
        self._spellings = spellings

    def __repr__(self) -> str:
        return f"NameIndex({len(self._spellings)} words)"

    def find(self, text: str) -> list[Found]:
        """Every occurrence, in order and without overlap; the longer name wins."""
        found = sorted([*self._find_numbers(text), *self._find_names(text)], key=lambda one: (one.start, -one.end))
        kept: list[Found] = []
        for one in found:
            if not kept or one.start >= kept[-1].end:
                kept.append(one)
        return kept

    def _find_names(self, text: str) -> Iterator[Found]:
        folded = fold(text)
        if not any(key in folded for key in self._spellings):
            return  # most of a long file is passed over at this speed
        listed = list(words(text))
        known: dict[str, list[tuple[str, int]]] = {}
        following = 0
        for position, word in enumerate(listed):
            readings = known.get(word.folded)
            if readings is None:
                readings = [reading for reading in _readings(word.folded) if reading[0] in self._spellings]
                known[word.folded] = readings
            if readings and position >= following:
                match = self._at(text, listed, position, readings)
                if match is not None:
                    following = position + match[1]
                    yield match[0]

    def _at(
        self, text: str, listed: list[Word], position: int, readings: list[tuple[str, int]]
    ) -> tuple[Found, int] | None:
        word = listed[position]
        best: tuple[Found, int] | None = None
        for key, start in readings:
            for spelling in self._spellings[key]:
                count = len(spelling.keys)
                if best is not None and count <= best[1]:
                    break  # they are sorted by length
                if _follows(listed, position, spelling) and not _is_preposition(text, word, spelling):
                    begin = start - len(_ARTICLE) if spelling.article and _has_article(word.folded, start) else start
                    origin = word.start + _original_offset(text[word.start : word.end], begin)
                    best = Found(start=origin, end=listed[position + count - 1].end, owner=spelling.owner), count
                    break
        return best

    def _find_numbers(self, text: str) -> Iterator[Found]:
        if not self._numbers:
            return
        for start, end in numbers_in(text):
            digits = _significant(text[start:end])
            for known, owner in self._numbers.get(digits[-_SHORTEST_NUMBER:], ()):
                if digits.endswith(known) or known.endswith(digits):
                    yield Found(start=start, end=end, owner=owner)
                    break


def glued_prefix(text: str, names: Iterable[str]) -> int:
    """How many characters in front are Arabic prefixes written to one of these names, which begins the text; else 0."""
    first = next(words(text), None)
    if first is None or first.start > 0:
        return 0
    found = next(iter(NameIndex([tuple(names)]).find(text)), None)
    return found.start if found is not None and found.start < first.end else 0


def is_number(text: str) -> bool:
    """Whether the whole text is a number of seven digits or more, as telephones and papers have."""
    return _NUMBER.fullmatch(digits_to_ascii(text.strip())) is not None and len(_significant(text)) >= _SHORTEST_NUMBER


def numbers_in(text: str) -> list[tuple[int, int]]:
    """Where a text has numbers of seven digits or more that are not dates."""
    ascii_text = digits_to_ascii(text)
    return [
        match.span()
        for match in _NUMBER.finditer(ascii_text)
        if not looks_like_a_date(match[0]) and len(_significant(match[0])) >= _SHORTEST_NUMBER
    ]


def looks_like_a_date(text: str) -> bool:
    """Whether the text begins as a date does."""
    return _A_DATE.match(digits_to_ascii(text)) is not None


def different_numbers(numbers: Iterable[str]) -> Iterator[str]:
    """Each number once, in order; with or without the code of a country it is the same one."""
    seen: dict[str, list[str]] = {}
    for number in numbers:
        digits = _significant(number)
        known = seen.setdefault(digits[-_SHORTEST_NUMBER:], [])
        if not any(digits.endswith(other) or other.endswith(digits) for other in known):
            known.append(digits)
            yield number


def _significant(number: str) -> str:
    return "".join(digit for digit in digits_to_ascii(number) if digit in "0123456789").lstrip("0")


def _spellings(name: str, owner: int, *, parts: bool) -> Iterator[_Spelling]:
    """The whole name, and with `parts` each of its words that is a name by itself."""
    listed = list(words(name))
    if sum(len(word.folded) for word in listed) < _SHORTEST:
        return
    yield _spelling(name, listed, owner, whole=True)
    if parts and len(listed) > 1:
        for before, word in zip((None, *listed), listed, strict=False):
            of_a_child = before is not None and before.folded in _PARENT_OF
            if not of_a_child and _is_name(name[word.start : word.end], word.folded):
                yield _spelling(name, [word], owner, whole=False)


def _spelling(name: str, listed: list[Word], owner: int, *, whole: bool) -> _Spelling:
    first = listed[0]
    return _Spelling(
        keys=tuple(_bare(word.folded) for word in listed),
        owner=owner,
        whole=whole,
        article=_bare(first.folded) != first.folded,
        strict=len(listed) == 1 and first.folded == _ALI and not name[: first.end].endswith(_ALEF_MAQSURA),
    )


def _is_name(original: str, folded: str) -> bool:
    if len(folded) < _SHORTEST or folded in _NO_NAME or _bare(folded) in _NO_NAME or folded.isdigit():
        return False
    if folded == _ALI and original.endswith(_ALEF_MAQSURA):
        return False
    # Scripts with capitals write a name with one; "the baker" is a trade, not a name.
    return original[0].isupper() or original.upper() == original.lower()


def _bare(folded: str) -> str:
    """The word without its article."""
    return folded[2:] if folded.startswith(_ARTICLE) and len(folded) >= len(_ARTICLE) + _SHORTEST else folded


def _readings(folded: str) -> Iterator[tuple[str, int]]:
    """The word without each prefix it may carry, as (word, length of the prefix in folded characters)."""
    yield folded, 0
    if folded[0] in _PREFIX_LETTERS:
        for prefix in _PREFIXES[1:]:
            if folded.startswith(prefix) and len(folded) >= len(prefix) + _SHORTEST:
                yield folded[len(prefix) :], len(prefix)
    if folded.endswith(_TANWIN) and len(folded) > _SHORTEST + 1:
        yield folded[:-1], 0


def _has_article(folded: str, start: int) -> bool:
    return folded[:start].endswith(_ARTICLE)


def _follows(listed: list[Word], position: int, spelling: _Spelling) -> bool:
    """Whether the further words of the spelling stand right after this one."""
    for step, key in enumerate(spelling.keys[1:], start=1):
        if position + step >= len(listed):
            return False
        word, before = listed[position + step], listed[position + step - 1]
        if word.start - before.end > _WIDEST_GAP:
            return False
        if _bare(word.folded) != key:
            return False
    return True


def _is_preposition(text: str, word: Word, spelling: _Spelling) -> bool:
    if not spelling.strict:
        return False
    letters = [letter for letter in text[word.start : word.end] if fold(letter)]
    return letters[-1] == _ALEF_MAQSURA


def _original_offset(word: str, folded_offset: int) -> int:
    if folded_offset <= 0:
        return 0
    return fold_with_offsets(word)[1][folded_offset]
