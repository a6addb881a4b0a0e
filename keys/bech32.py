"""Bech32 (BIP-173) without its length limit, as age keys use it."""

from collections.abc import Iterable
from functools import reduce
from operator import xor
from typing import Final

from keys.errors import KeyFormatError, LimitError

_MAX_LENGTH: Final = 4096
_CHECKSUM_LENGTH: Final = 6
_CHARSET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES: Final = {letter: value for value, letter in enumerate(_CHARSET)}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# For each value of the five bits that leave the register, what they put back into it.
_FEEDBACK: Final = tuple(
    reduce(xor, (term for place, term in enumerate(_GENERATOR) if top >> place & 1), 0) for top in range(32)
)
_WHAT: Final = "bech32 key"


def encode(hrp: str, content: bytes) -> str:
    """The text of `content` behind its prefix; upper case when the prefix is."""
    prefix = hrp.lower()
    values = _regroup(content, 8, 5)
    residue = _polymod([*_expanded(prefix), *values, *([0] * _CHECKSUM_LENGTH)]) ^ 1
    checksum = [(residue >> 5 * (_CHECKSUM_LENGTH - 1 - place)) & 31 for place in range(_CHECKSUM_LENGTH)]
    text = prefix + "1" + "".join(_CHARSET[value] for value in [*values, *checksum])
    return text.upper() if hrp.isupper() else text


def decode(text: str) -> tuple[str, bytes]:
    """The prefix, in the case it was written in, and the bytes.

    Raises:
        LimitError: The text is too long for any key.
        KeyFormatError: It is not bech32; with `at` where a single wrong letter explains it.
    """
    if len(text) > _MAX_LENGTH:
        raise LimitError(_WHAT, _MAX_LENGTH)
    if not text.isascii() or text not in (text.lower(), text.upper()):
        raise KeyFormatError(_WHAT, "capital and small letters are mixed, or it is not ASCII")
    prefix, values = _split(text.lower())
    residue = _polymod([*_expanded(prefix), *values]) ^ 1
    if residue:
        raise KeyFormatError(_WHAT, "the checksum does not fit", at=_wrong_letter(residue, len(text), len(values)))
    return (prefix.upper() if text == text.upper() else prefix), _octets(values[:-_CHECKSUM_LENGTH])


def _split(text: str) -> tuple[str, list[int]]:
    border = text.rfind("1")
    if border < 1 or len(text) - border - 1 < _CHECKSUM_LENGTH or not text[:border].isprintable() or " " in text:
        raise KeyFormatError(_WHAT, "not of the form of a key")
    values = []
    for place, letter in enumerate(text[border + 1 :], start=border + 2):
        if letter not in _VALUES:
            raise KeyFormatError(_WHAT, "a letter that keys do not use", at=place)
        values.append(_VALUES[letter])
    return text[:border], values


def _octets(values: list[int]) -> bytes:
    """The bytes of five-bit values; the bits left over must be fewer than five, and zero."""
    spare = len(values) * 5 % 8
    if spare >= 5 or (spare and values[-1] & ((1 << spare) - 1)):  # noqa: PLR2004  # five bits a letter
        raise KeyFormatError(_WHAT, "bits left over")
    number = 0
    for value in values:
        number = number << 5 | value
    return (number >> spare).to_bytes(len(values) * 5 // 8, "big")


def _regroup(content: Iterable[int], wide: int, narrow: int) -> list[int]:
    gathered = bits = 0
    result = []
    for value in content:
        gathered = (gathered << wide | value) & 0xFFFFF
        bits += wide
        while bits >= narrow:
            bits -= narrow
            result.append(gathered >> bits & ((1 << narrow) - 1))
    if bits:
        result.append(gathered << (narrow - bits) & ((1 << narrow) - 1))
    return result


def _expanded(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _step(state: int, value: int) -> int:
    return (state & 0x1FFFFFF) << 5 ^ value ^ _FEEDBACK[state >> 25]


def _polymod(values: Iterable[int]) -> int:
    return reduce(_step, values, 1)


def _wrong_letter(residue: int, text_length: int, letters: int) -> int | None:
    """The place, from 1, of the one wrong letter that leaves this residue; None when no single letter does.

    The checksum is linear, so a letter off by `error` leaves `error` times a power of x, whatever the text.
    """
    states = list(range(32))
    for from_end in range(letters):
        if residue in states:
            return text_length - from_end
        states = [_step(state, 0) for state in states]
    return None
