"""Passphrases: their one spelling, what is refused at creation, and how good ones are made.

Source: docs/format/slots-v1.md, section 4.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final, Literal

from shamir_mnemonic.wordlist import WORDLIST

from keys.chance import random_choices
from keys.errors import PassphrasePolicyError
from keys.secret import Secret
from keys.well_known import WELL_KNOWN

Script = Literal["latin", "arabic", "digits", "mixed", "other"]

MAX_BYTES: Final = 1024
LEAST_BITS: Final = 60.0
_MAX_TYPED: Final = 4096
_GROUP: Final = 4
_BITS_A_WORD: Final = 12.9  # a word of a list of 7,776, as a guesser would have
_BITS_A_KNOWN_WORD: Final = 8.0
_LEAST_KNOWN: Final = 4
_LEAST_BESIDE_NAME: Final = 8
_LEAST_WORDS: Final = 2
_LONGEST_RUN: Final = 2
_REDRAWS: Final = 100
_WORD_PHRASE: Final = re.compile(r"[ -]*[A-Za-z]+(?:[ -]+[A-Za-z]+)+[ -]*")
_DIGIT_PHRASE: Final = re.compile(r"[0-9 -]*[0-9][0-9 -]*")
_SEPARATORS: Final = re.compile(r"[ -]+")
_SPACES: Final = re.compile(r" +")
_ARABIC_LETTER: Final = re.compile(
    r"[\u0620-\u065f\u066e-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]"
)
_LATIN_LETTER: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")

# Letters with a twin on another Arabic-script keyboard, marks that many keyboards lack, and tatweel.
_AMBIGUOUS: Final = re.compile(r"[يىیكکگهةۀەۃھہأإآاٱؤئ\u0640\u064b-\u065f\u0670]")
_FOLDED: Final = str.maketrans("أإآٱىیکةۀۃہھ", "ااااييكههههه")
_NOT_TEXT: Final = ("Cs", "Co", "Cn")


def normalise(text: str) -> Secret:
    """The bytes of a passphrase, the same on every keyboard of docs/format/slots-v1.md, section 4.

    One line end at the end is dropped, as files and pipes add one.

    Raises:
        PassphrasePolicyError: It is empty, not text, holds control characters or is longer than 1,024 bytes.
    """
    return Secret(_spelled(text).encode("utf-8"))


def check_policy(text: str, names: Sequence[str]) -> None:
    """Nothing, when a new vault may have this passphrase. Not asked when a vault is opened.

    Raises:
        PassphrasePolicyError: By the first rule it breaks.
    """
    spelled = _spelled(text)
    for letter in spelled:
        if unicodedata.category(letter) in _NOT_TEXT:
            raise PassphrasePolicyError("not-text")
        if unicodedata.category(letter) == "Cf" or letter in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0":
            raise PassphrasePolicyError("invisible-character")
    folded = _folded(spelled)
    if folded in _well_known():
        raise PassphrasePolicyError("well-known")
    if _rests_on_a_name(folded, names):
        raise PassphrasePolicyError("same-as-name")
    if _strength(spelled) < LEAST_BITS:
        raise PassphrasePolicyError("too-weak")


def decode_passphrase(data: bytes) -> str:
    """The text of a passphrase read from a file descriptor.

    Raises:
        PassphrasePolicyError: It is not UTF-8, or far too long.
    """
    if len(data) > 4 * _MAX_TYPED:
        raise PassphrasePolicyError("too-long")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise PassphrasePolicyError("not-text") from None


def generate_words(count: int = 7) -> str:
    """Random words of the SLIP-39 list, ten bits each: seven are 70 bits."""
    return _drawn(lambda: " ".join(random_choices(WORDLIST, count)))


def generate_digits(count: int = 20) -> str:
    """Random digits in groups of four: twenty are 66 bits."""
    return _drawn(lambda: _grouped("".join(random_choices("0123456789", count))))


def script_of(typed: Iterable[str]) -> Script:
    """The script of what was typed, in any order, to say which keyboard is on; "digits" where no letter was."""
    letters = {one for one in typed if one.isalpha()}
    latin, arabic = set(filter(_LATIN_LETTER.match, letters)), set(filter(_ARABIC_LETTER.match, letters))
    if letters - latin - arabic:
        return "other"
    if latin and arabic:
        return "mixed"
    return "latin" if latin else "arabic" if arabic else "digits"


def ambiguous_letters(text: str) -> bool:
    """Whether a letter looks the same on another Arabic-script keyboard but is another character there."""
    return _AMBIGUOUS.search(unicodedata.normalize("NFKC", text)) is not None


def _drawn(draw: Callable[[], str]) -> str:
    """A draw; one that by chance looks too regular for `check_policy` is made again, once in some hundred times."""
    text = draw()
    for _ in range(_REDRAWS):
        if _strength(_spelled(text)) >= LEAST_BITS:
            break
        text = draw()
    return text


def _grouped(digits: str) -> str:
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def _spelled(text: str) -> str:
    """The one spelling of a passphrase.

    Raises:
        PassphrasePolicyError: There is none.
    """
    if len(text) > _MAX_TYPED:
        raise PassphrasePolicyError("too-long")
    line = text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text
    if any("\ud800" <= letter <= "\udfff" for letter in line):
        raise PassphrasePolicyError("not-text")
    spelled = _SPACES.sub(" ", "".join(map(_plain, unicodedata.normalize("NFKC", line))))
    if any(unicodedata.category(letter) == "Cc" for letter in spelled):
        raise PassphrasePolicyError("control-character")
    if _WORD_PHRASE.fullmatch(spelled):
        spelled = _SEPARATORS.sub(" ", spelled).lower()
    elif _DIGIT_PHRASE.fullmatch(spelled):
        spelled = _SEPARATORS.sub("", spelled)
    if not spelled.strip(" "):
        raise PassphrasePolicyError("empty")
    if len(spelled.encode("utf-8")) > MAX_BYTES:
        raise PassphrasePolicyError("too-long")
    return spelled


def _plain(letter: str) -> str:
    """A decimal digit of any script as ASCII, a space of any width as U+0020, any other letter as it is."""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return " " if unicodedata.category(letter) == "Zs" else letter


@cache
def _well_known() -> frozenset[str]:
    return frozenset(map(_folded, WELL_KNOWN))


def _folded(text: str) -> str:
    """The passphrase as a guesser would compare it: no case, blanks, marks or keyboard twins."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(letter for letter in decomposed if letter.isalnum() and letter != "\u0640")
    return unicodedata.normalize("NFC", kept).translate(_FOLDED)


def _rests_on_a_name(folded: str, names: Sequence[str]) -> bool:
    """Whether little is left of the passphrase once the names are taken out."""
    rest = folded
    for name in sorted(filter(None, map(_folded, names)), key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest != folded and len(rest) < _LEAST_BESIDE_NAME


def _strength(spelled: str) -> float:
    """Bits that a guesser needs at the least: the smaller of counting words and counting letters."""
    words = spelled.split()
    known = sum(_is_known(word) for word in words)
    letters = "".join(word for word in words if not _is_known(word))
    by_letter = _BITS_A_KNOWN_WORD * known + len(_unrepeated(letters)) * math.log2(_alphabet(letters))
    if len(words) < _LEAST_WORDS or not all(word.isalpha() for word in words):
        return by_letter
    distinct = len({word for word in words if not _is_known(word)})
    return min(by_letter, _BITS_A_WORD * distinct + _BITS_A_KNOWN_WORD * known)


def _is_known(word: str) -> bool:
    folded = _folded(word)
    return len(folded) >= _LEAST_KNOWN and folded in _well_known()


def _unrepeated(letters: str) -> str:
    """The letters without the rest of a run such as 7777 or 4567, and without what only echoes the beginning."""
    kept = ""
    run = 0
    for place, letter in enumerate(letters):
        step = _step(letters, place)
        run = run + 1 if abs(step) <= 1 and step == _step(letters, place - 1) else 0
        if run < _LONGEST_RUN:
            kept += letter
    for size in range(1, len(kept) // 2 + 1):
        if (kept[:size] * (len(kept) // size + 1))[: len(kept)] == kept:
            return kept[:size]
    return kept


def _step(letters: str, place: int) -> int:
    """How far a letter is from the one before it; far, where there is none."""
    return ord(letters[place]) - ord(letters[place - 1]) if place > 0 else len(letters) + _MAX_TYPED


def _alphabet(letters: str) -> int:
    """How many letters a guesser would try in each place, from the kinds that occur."""
    kinds = (
        (26, any("a" <= letter <= "z" for letter in letters)),
        (26, any("A" <= letter <= "Z" for letter in letters)),
        (10, any("0" <= letter <= "9" for letter in letters)),
        (28, any(letter.isalpha() and not letter.isascii() for letter in letters)),
        (30, any(not letter.isalnum() for letter in letters)),
    )
    return max(2, sum(size for size, present in kinds if present))
