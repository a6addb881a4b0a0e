"""Whose seal is expected: fingerprints that a person obtained by another way (docs/format/trust-v1.md)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from keys.digits import parse_forty_digits
from keys.errors import KeysError
from testimony.card import Card
from testimony.errors import TrustError

MAX_TRUST: Final = 256 * 1024
MAX_SIGNERS: Final = 2_000

_LINE: Final = re.compile(r"(?P<digits>[0-9]{4}(?:[ ]?[0-9]{4}){9})(?: +(?P<label>[^\s].{0,199}))?")
_BLANKS: Final = " \t"


@dataclass(frozen=True, kw_only=True)
class Trust:
    """The fingerprints, forty digits in groups of four, of those whose seal is expected."""

    fingerprints: frozenset[str]

    @classmethod
    def nobody(cls) -> "Trust":
        """Nobody's seal is expected: a bundle can then be self-consistent at most."""
        return cls(fingerprints=frozenset())

    @classmethod
    def of(cls, fingerprints: Iterable[str]) -> "Trust":
        """Trust in these fingerprints.

        Raises:
            TrustError: One of them is not forty digits with fitting check digits.
        """
        return cls(fingerprints=frozenset(_digits(text, "fingerprint") for text in fingerprints))

    def __bool__(self) -> bool:
        return bool(self.fingerprints)


def parse_trust(data: bytes) -> Trust:
    """The trust of a file: one fingerprint a line, a label behind it, `#` in front of a remark.

    Raises:
        TrustError: Too long, not UTF-8, a line that is neither, or nobody named at all.
    """
    if len(data) > MAX_TRUST:
        raise TrustError("trust-too-long", "trust file")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise TrustError("trust-line", "trust file") from None
    found = set()
    for place, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        stripped = line.strip(_BLANKS)
        if stripped and not stripped.startswith("#"):
            found.add(_fingerprint(stripped, f"line {place}"))
    # An empty file would quietly be "trust nobody", which is not what a person who names a file means.
    if not found or len(found) > MAX_SIGNERS:
        raise TrustError("trust-empty" if not found else "trust-too-long", "trust file")
    return Trust(fingerprints=frozenset(found))


def format_trust(cards: Iterable[Card]) -> bytes:
    """A trust file that names these cards, sorted by code."""
    lines = sorted({f"{card.public.fingerprint} {card.code}" for card in cards}, key=lambda line: line[50:] + line)
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _fingerprint(line: str, where: str) -> str:
    match = _LINE.fullmatch(line)
    if match is None:
        raise TrustError("trust-line", where)
    return _digits(match["digits"], where)


def _digits(text: str, where: str) -> str:
    try:
        return parse_forty_digits(text)
    except KeysError as error:
        raise TrustError("trust-line", where) from error
