"""Light stems of normalised Arabic and English words: a word is found with its clitics (vault.md, section 6)."""

import re

_WORD = re.compile(r"[^\W_]+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")

# The article with what may stand before it; a word is never left shorter than two letters.
_ARTICLES = ("وبال", "وكال", "فبال", "ولل", "فلل", "وال", "فال", "بال", "كال", "لل", "ال")
# One letter that may be a clitic or a root letter: both readings are indexed.
_CLITICS = ("و", "ف", "ب", "ل", "ك")
_SUFFIXES = (
    "كما", "هما", "تين", "تان", "يها", "ها", "هم", "هن", "كم", "كن", "نا", "وا", "تم", "ني", "ان", "ات", "ون", "ين",
    "يه", "ته", "ه", "ي", "ت", "ك",
)  # fmt: skip
_SHORTEST = 2
_SHORTEST_AFTER_CLITIC = 3
_ROUNDS = 2


def words_of(normalised: str) -> list[str]:
    """The words of a normalised text, in order, repeats kept."""
    return _WORD.findall(normalised)


def stems_of(word: str) -> frozenset[str]:
    """Every light stem that a normalised word may have; two forms of a word share at least one.

    A leading و ف ب ل ك may belong to the root: stripping alone would part كتاب from الكتاب, so both readings stay.
    """
    if not _ARABIC.search(word):
        return frozenset((_english(word),))
    return frozenset(_without_suffixes(start) for start in _without_prefixes(word))


def _without_prefixes(word: str) -> set[str]:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= _SHORTEST:
            return {word[len(article) :]}
    starts = {word}
    shorter = word
    for _ in range(_ROUNDS):
        if not shorter.startswith(_CLITICS) or len(shorter) <= _SHORTEST_AFTER_CLITIC:
            break
        shorter = shorter[1:]
        starts.add(shorter)
    return starts


def _without_suffixes(word: str) -> str:
    for _ in range(_ROUNDS):
        suffix = next((end for end in _SUFFIXES if word.endswith(end) and _may_lose(word, end)), "")
        if not suffix:
            break
        word = word.removesuffix(suffix)
    return word


def _may_lose(word: str, suffix: str) -> bool:
    shortest = _SHORTEST if suffix in {"ها", "هم", "هن", "كم", "كن", "نا", "ه", "ي"} else _SHORTEST_AFTER_CLITIC
    return len(word) - len(suffix) >= shortest


def _english(word: str) -> str:
    for suffix, instead, shortest in (("ies", "y", 2), ("sses", "ss", 2), ("ing", "", 3), ("ed", "", 3), ("s", "", 3)):
        if word.endswith(suffix) and len(word) - len(suffix) >= shortest and not word.endswith(("ss", "us", "is")):
            return _undoubled(word.removesuffix(suffix) + instead).removesuffix("e")
    return _undoubled(word).removesuffix("e") if len(word) > _SHORTEST_AFTER_CLITIC else word


def _undoubled(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST_AFTER_CLITIC and word[-1] == word[-2] else word
