"""Signed texts: `key: value` lines in a fixed order and one spelling (docs/format/card-v1.md, section 3)."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from keys.signature import Signatures
from testimony.errors import TestimonyError

_Made = TypeVar("_Made")

_BEGIN: Final = b"-----BEGIN SSH SIGNATURE-----\n"
_END: Final = b"-----END SSH SIGNATURE-----\n"
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}")
# Controls, the two line separators, bidirectional controls and zero-width characters have no place in a line.
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class TextLines:
    """Reads the lines of one text from first to last; every surprise is one error with the place of the line."""

    def __init__(self, data: bytes, what: str, error: type[TestimonyError]) -> None:
        self._what = what
        self._error = error
        self._place = 0
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise error("spelling", what) from None
        self._lines = text.split("\n")
        if self._lines.pop():
            raise error("spelling", what)

    def literal(self, line: str) -> None:
        """Take exactly this line.

        Raises:
            TestimonyError: The next line is another ("spelling").
        """
        if self._next() != line:
            raise self._fault()
        self._place += 1

    def value(self, key: str, pattern: re.Pattern[str]) -> str:
        """The value of the next line, whose key must be this one and whose value must match the whole pattern.

        Raises:
            TestimonyError: It is another line ("spelling").
        """
        name, _, value = self._next().partition(": ")
        if name != key or pattern.fullmatch(value) is None:
            raise self._fault()
        self._place += 1
        return value

    def values(self, key: str, pattern: re.Pattern[str]) -> list[str]:
        """The values of as many following lines as have this key.

        Raises:
            TestimonyError: One of them does not match the pattern ("spelling").
        """
        found = []
        while self._next().startswith(f"{key}: "):
            found.append(self.value(key, pattern))
        return found

    def optional(self, key: str, pattern: re.Pattern[str]) -> str | None:
        """The value of the next line if it has this key, else None.

        Raises:
            TestimonyError: The value does not match the pattern ("spelling").
        """
        return self.value(key, pattern) if self._next().startswith(f"{key}: ") else None

    def end(self) -> None:
        """Nothing, when every line was taken.

        Raises:
            TestimonyError: Lines are left ("spelling").
        """
        if self._place != len(self._lines):
            raise self._fault()

    def made(self, make: Callable[[], _Made]) -> _Made:
        """What `make` makes of the lines, its ValueError turned into this text's own error."""
        try:
            return make()
        except ValueError:
            raise self._fault() from None

    def _next(self) -> str:
        return self._lines[self._place] if self._place < len(self._lines) else ""

    def _fault(self) -> TestimonyError:
        return self._error("spelling", f"{self._what}, line {self._place + 1}")


def is_plain_line(text: str, limit: int) -> bool:
    """Whether text may stand in a line: not empty, no control or unseen character, no blank at its ends."""
    return bool(text) and len(text) <= limit and text == text.strip() and _UNSEEN.search(text) is None


def moment(text: str) -> datetime:
    """The time of an RFC 3339 text with seconds and a numeric offset.

    Raises:
        ValueError: Another spelling, or no such time.
    """
    if _MOMENT.fullmatch(text) is None:
        raise ValueError
    return datetime.fromisoformat(text)


def moment_text(at: datetime) -> str:
    """The one spelling of a time: RFC 3339, seconds, numeric offset.

    Raises:
        ValueError: A time without an offset.
    """
    if at.tzinfo is None:
        raise ValueError
    return at.isoformat(timespec="seconds")


def number(text: str) -> int:
    """The number of at most sixteen digits without leading zeros.

    Raises:
        ValueError: Another spelling.
    """
    if _NUMBER.fullmatch(text) is None:
        raise ValueError
    return int(text)


def with_signatures(text: bytes, signatures: Signatures) -> bytes:
    """A text and behind it its two signature files."""
    return text + signatures.ed25519 + signatures.hybrid


def split_signatures(data: bytes, what: str, error: type[TestimonyError]) -> tuple[bytes, Signatures]:
    """The text and the two signature files behind it.

    Raises:
        TestimonyError: There are not exactly two of them at the end ("signature-missing").
    """
    text, *blocks = data.split(_BEGIN)
    if len(blocks) != 2 or not all(block.endswith(_END) for block in blocks):  # noqa: PLR2004  # one of each kind
        raise error("signature-missing", what)
    return text, Signatures(ed25519=_BEGIN + blocks[0], hybrid=_BEGIN + blocks[1])
