"""Bech32 (BIP-173) without its length limit, as age keys use it."""

from base64 import b32decode, b32encode
from collections.abc import Iterable
from functools import reduce
from operator import xor
from typing import Final

from keys.errors import KeyFormatError, LimitError

_MAX_LENGTH: Final = 4096
_CHECKSUM_LENGTH: Final = 6
_CHARSET: Final = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_NO_LETTER: Final = 255
_VALUES: Final = bytes(_CHARSET.find(letter) & _NO_LETTER for letter in range(256))
# Base32 of RFC 4648 groups bits in the same way, with other letters.
_BASE32: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_FROM_BASE32: Final = bytes.maketrans(_BASE32, bytes(range(32)))
_TO_BASE32: Final = bytes.maketrans(bytes(range(32)), _BASE32)
_LETTERS: Final = bytes.maketrans(bytes(range(32)), _CHARSET)
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# For each value of the five bits that leave the register, what they put back into it.
_FEEDBACK: Final = tuple(
    reduce(xor, (term for place, term in enumerate(_GENERATOR) if top >> place & 1), 0) for top in range(32)
)
# The low five bits of that are different for each value, so that a step can be taken back.
_FED_BY: Final = {feedback & 31: top for top, feedback in enumerate(_FEEDBACK)}
_WHAT: Final = "bech32 key"


def encode(hrp: str, content: bytes) -> str:
    """The text of `content` behind its prefix; upper case when the prefix is."""
    prefix = hrp.lower()
    values = b32encode(content).rstrip(b"=").translate(_FROM_BASE32)
    residue = _polymod(_expanded(prefix) + values + bytes(_CHECKSUM_LENGTH)) ^ 1
    checksum = bytes((residue >> 5 * (_CHECKSUM_LENGTH - 1 - place)) & 31 for place in range(_CHECKSUM_LENGTH))
    text = prefix + "1" + (values + checksum).translate(_LETTERS).decode("ascii")
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
    residue = _polymod(_expanded(prefix) + values) ^ 1
    if residue:
        raise KeyFormatError(_WHAT, "the checksum does not fit", at=_wrong_letter(residue, len(text), len(values)))
    return (prefix.upper() if text == text.upper() else prefix), _octets(values[:-_CHECKSUM_LENGTH])


def _split(text: str) -> tuple[str, bytes]:
    border = text.rfind("1")
    if border < 1 or len(text) - border - 1 < _CHECKSUM_LENGTH or not text[:border].isprintable() or " " in text:
        raise KeyFormatError(_WHAT, "not of the form of a key")
    values = text[border + 1 :].encode("ascii").translate(_VALUES)
    wrong = values.find(_NO_LETTER)
    if wrong >= 0:
        raise KeyFormatError(_WHAT, "a letter that keys do not use", at=border + 2 + wrong)
    return text[:border], values


def _octets(values: bytes) -> bytes:
    """The bytes of five-bit values; the bits left over must be fewer than five, and zero."""
    spare = len(values) * 5 % 8
    if spare >= 5 or (spare and values[-1] & ((1 << spare) - 1)):  # noqa: PLR2004  # five bits a letter
        raise KeyFormatError(_WHAT, "bits left over")
    return b32decode(values.translate(_TO_BASE32) + b"=" * (-len(values) % 8))


def _expanded(prefix: str) -> bytes:
    return bytes([*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)])


def _polymod(values: Iterable[int], state: int = 1) -> int:
    for value in values:
        state = (state & 0x1FFFFFF) << 5 ^ value ^ _FEEDBACK[state >> 25]
    return state


def _wrong_letter(residue: int, text_length: int, letters: int) -> int | None:
    """The place, from 1, of the one wrong letter that leaves this residue; None when no single letter does.

    The checksum is linear, so a letter off by `error` leaves `error` times a power of x, whatever the text: taken back
    as many steps as letters follow the wrong one, the residue is that error.
    """
    for from_end in range(letters):
        if residue < len(_CHARSET):
            return text_length - from_end
        residue = _step_back(residue)
    return None


def _step_back(state: int) -> int:
    """The state from which a step with the value 0 leads to this one."""
    top = _FED_BY[state & 31]
    return (state ^ _FEEDBACK[top]) >> 5 | top << 25
