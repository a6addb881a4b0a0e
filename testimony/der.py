"""DER, as far as time-stamps need it: nested elements with lengths in their one spelling (X.690, section 10)."""

from dataclasses import dataclass, field
from typing import Final

from testimony.errors import AnchorError

INTEGER: Final = 0x02
OCTETS: Final = 0x04
OBJECT: Final = 0x06
TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31
CONTEXT_0: Final = 0xA0

_MAX_CHILDREN: Final = 256
_MAX_LENGTH_BYTES: Final = 3
_LONG: Final = 0x80
_MANY_BYTES_TAG: Final = 0x1F


@dataclass(frozen=True, kw_only=True)
class Element:
    """One element: its tag, its content, and all its bytes."""

    tag: int
    content: bytes = field(repr=False)
    whole: bytes = field(repr=False)

    def children(self) -> tuple["Element", ...]:
        """The elements inside.

        Raises:
            AnchorError: They do not fill it, are too many, or one is not DER.
        """
        return elements(self.content)

    def number(self) -> int:
        """The integer that it is.

        Raises:
            AnchorError: It is none.
        """
        if self.tag != INTEGER or not self.content:
            raise AnchorError("spelling", "der")
        return int.from_bytes(self.content, "big", signed=True)


def elements(data: bytes) -> tuple[Element, ...]:
    """The elements that these bytes are, one behind the other.

    Raises:
        AnchorError: They are not DER.
    """
    found: list[Element] = []
    at = 0
    while at < len(data):
        if len(found) == _MAX_CHILDREN:
            raise AnchorError("spelling", "der")
        start, end = _content(data, at)
        found.append(Element(tag=data[at], content=data[start:end], whole=data[at:end]))
        at = end
    return tuple(found)


def encoded(tag: int, *content: bytes) -> bytes:
    """An element with this tag around these bytes."""
    body = b"".join(content)
    if len(body) < _LONG:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, _LONG | len(length)]) + length + body


def encoded_number(value: int) -> bytes:
    """A number from 0 on as an INTEGER."""
    return encoded(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _content(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at this place begins and ends."""
    if at + 2 > len(data) or data[at] & _MANY_BYTES_TAG == _MANY_BYTES_TAG:
        raise AnchorError("spelling", "der")
    length, start = data[at + 1], at + 2
    if length >= _LONG:
        count = length & ~_LONG
        start += count
        digits = data[at + 2 : start]
        length = int.from_bytes(digits, "big")
        # BER allows lengths without end and with leading zeros; DER has one spelling.
        if not 0 < count <= _MAX_LENGTH_BYTES or len(digits) != count or length < _LONG or digits[0] == 0:
            raise AnchorError("spelling", "der")
    if start + length > len(data):
        raise AnchorError("spelling", "der")
    return start, start + length
