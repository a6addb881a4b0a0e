"""Forty digits: a digest that can be read aloud in Arabic and in English (docs/format/signatures-v1.md, section 5)."""

import re
from typing import Final

from keys.errors import KeyFormatError, LimitError

_VALUE_BITS: Final = 126
_BODY_DIGITS: Final = 38
_MAX_TEXT: Final = 256
_WESTERN: Final = "0123456789"
_ARABIC_INDIC: Final = "٠١٢٣٤٥٦٧٨٩"
_PERSIAN: Final = "۰۱۲۳۴۵۶۷۸۹"
_TO_WESTERN: Final = str.maketrans(_ARABIC_INDIC + _PERSIAN, _WESTERN * 2)
_TO_ARABIC_INDIC: Final = str.maketrans(_WESTERN, _ARABIC_INDIC)
_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_FORTY: Final = re.compile(r"[0-9]{40}")


def forty_digits(value: bytes) -> str:
    """The top 126 bits of `value` as 38 digits and 2 check digits, in ten groups of four.

    Raises:
        KeyFormatError: `value` is shorter than 16 bytes.
    """
    if len(value) < 16:  # noqa: PLR2004  # 126 bits need 16 bytes
        raise KeyFormatError("digits", "the value is too short")
    number = int.from_bytes(value[:16], "big") >> (128 - _VALUE_BITS)
    return _grouped(f"{number:0{_BODY_DIGITS}d}{_check_digits(number):02d}")


def parse_forty_digits(text: str) -> str:
    """The canonical ten groups of what a person typed: any digits, spaces and hyphens.

    Raises:
        LimitError: The text is far too long to be forty digits.
        KeyFormatError: It is not forty digits, or the check digits do not fit.
    """
    if len(text) > _MAX_TEXT:
        raise LimitError("digits", _MAX_TEXT)
    digits = _SEPARATORS.sub("", text).translate(_TO_WESTERN)
    if not _FORTY.fullmatch(digits):
        raise KeyFormatError("digits", "not forty digits")
    number = int(digits[:_BODY_DIGITS])
    if number >> _VALUE_BITS or _check_digits(number) != int(digits[_BODY_DIGITS:]):
        raise KeyFormatError("digits", "the check digits do not fit: one digit is wrong or two are exchanged")
    return _grouped(digits)


def ungrouped(digits: str) -> str:
    """Canonical digits without their blanks, as a log and a database hold them."""
    return digits.replace(" ", "")


def arabic_indic(text: str) -> str:
    """The text with its Western digits in Arabic-Indic form."""
    return text.translate(_TO_ARABIC_INDIC)


def _check_digits(number: int) -> int:
    """ISO 7064 MOD 97-10: finds every wrong digit and every exchange of two neighbours."""
    return 98 - number * 100 % 97


def _grouped(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
