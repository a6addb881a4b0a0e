"""Canonical JSON: RFC 8785 without floats, one spelling for one value.

`decode` is for formats: it re-encodes and demands byte equality.  `parse_lenient` is for a file a person wrote.
Python's own reader accepts duplicate keys, NaN and 1e400 and raises RecursionError on deep nesting; none of that
passes here.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NoReturn, TypeAlias

from testimony.errors import CanonicalError

JsonValue: TypeAlias = "bool | int | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1
# A list of three bytes costs Python fifty times as many: what a value may hold is bounded before it is made.
MAX_LISTS = 5 << 18
MAX_OBJECTS = 1 << 18
MAX_PARTS = 3 << 20  # commas and colons between values and members
_MAX_DIGITS = 17  # sign and sixteen digits of 2^53 - 1: longer ones are refused before they are computed

# Strings are matched whole and possessively, so that brackets inside them do not count and no input is walked twice.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)', re.DOTALL)
_BRACKETS_ONLY = {ord(other): None for other in map(chr, range(128)) if other not in "[]{}"} | {
    ord("{"): "[",
    ord("}"): "]",
}


def encode(value: JsonValue) -> bytes:
    """The one spelling of a value in UTF-8 (RFC 8785, 3.2).

    Raises:
        CanonicalError: A float, a number beyond 2^53-1, a lone surrogate, a key that is no text, or depth above 16.
    """
    ordered = _ordered(value, MAX_DEPTH)
    text = json.dumps(ordered, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise CanonicalError("value", "lone-surrogate") from None


def decode(data: bytes, *, limit: int, where: str) -> JsonValue:
    """The value of canonical bytes.  `limit` is in bytes.

    Raises:
        CanonicalError: More bytes than the limit, no JSON, or any spelling but the canonical one.
    """
    value = _parse(data, limit, where)
    if _encoded(value, where) != data:
        raise CanonicalError(where, "not-canonical")
    return value


def parse_lenient(data: bytes, *, limit: int, where: str) -> JsonValue:
    """The value of JSON that a person wrote: any order of keys, any white space, nothing else relaxed.

    Raises:
        CanonicalError: More bytes than the limit, a byte order mark, duplicate keys, a float, a lone surrogate,
            depth above 16, or no JSON.
    """
    value = _parse(data, limit, where)
    _encoded(value, where)
    return value


def as_object(
    value: JsonValue, where: str, *, required: Collection[str] = (), optional: Collection[str] = ()
) -> dict[str, JsonValue]:
    """The value as an object that has every required member and none besides the optional ones.

    Raises:
        CanonicalError: It is something else, or has a member too many or too few.
    """
    if not isinstance(value, dict):
        raise CanonicalError(where, "not-an-object")
    if any(name not in value for name in required):
        raise CanonicalError(where, "missing-member")
    if any(name not in required and name not in optional for name in value):
        raise CanonicalError(where, "unknown-member")
    return value


def as_list(value: JsonValue, where: str, *, limit: int) -> list[JsonValue]:
    """The value as a list of at most `limit` elements.

    Raises:
        CanonicalError: It is something else or longer.
    """
    if not isinstance(value, list):
        raise CanonicalError(where, "not-a-list")
    if len(value) > limit:
        raise CanonicalError(where, "too-many")
    return value


def as_text(value: JsonValue, where: str, *, pattern: re.Pattern[str] | None = None) -> str:
    """The value as text that matches the whole pattern.

    Raises:
        CanonicalError: It is something else or does not match.
    """
    if not isinstance(value, str):
        raise CanonicalError(where, "not-a-text")
    if pattern is not None and pattern.fullmatch(value) is None:
        raise CanonicalError(where, "bad-text")
    return value


def as_integer(value: JsonValue, where: str, *, lowest: int = 0, highest: int = MAX_INTEGER) -> int:
    """The value as an integer between two bounds, both included.

    Raises:
        CanonicalError: It is something else or out of bounds.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise CanonicalError(where, "not-an-integer")
    if not lowest <= value <= highest:
        raise CanonicalError(where, "out-of-bounds")
    return value


def as_boolean(value: JsonValue, where: str) -> bool:
    """The value as true or false.

    Raises:
        CanonicalError: It is something else.
    """
    if not isinstance(value, bool):
        raise CanonicalError(where, "not-a-boolean")
    return value


def _parse(data: bytes, limit: int, where: str) -> JsonValue:
    if len(data) > limit:
        raise CanonicalError(where, "too-long")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise CanonicalError(where, "not-utf-8") from None
    if text.startswith("\ufeff"):
        raise CanonicalError(where, "byte-order-mark")
    _refuse_bombs(text, where)
    try:
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
        )
    except CanonicalError as error:
        raise CanonicalError(where, error.code) from None
    except json.JSONDecodeError as error:
        raise CanonicalError(where, "not-json", place=(error.lineno, error.colno)) from None
    except (ValueError, RecursionError):
        raise CanonicalError(where, "not-json") from None
    return value


def _refuse_bombs(text: str, where: str) -> None:
    """Refuse what would take far more memory, or deeper calls, than its bytes let expect."""
    bare = _STRING.sub("", text)
    if bare.count("[") > MAX_LISTS or bare.count("{") > MAX_OBJECTS or bare.count(",") + bare.count(":") > MAX_PARTS:
        raise CanonicalError(where, "too-many")
    brackets = bare.translate(_BRACKETS_ONLY)
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace("[]", "")
    # Each round took away the innermost pairs: a pair that is left is deeper; what is not closed is no JSON.
    if "[]" in brackets or brackets.count("[") > MAX_DEPTH:
        raise CanonicalError(where, "too-deep")


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise CanonicalError("value", "duplicate-key")
    return members


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise CanonicalError("value", "number-range")
    return int(digits)


def _refuse_float(_: str) -> NoReturn:
    raise CanonicalError("value", "float")


def _encoded(value: JsonValue, where: str) -> bytes:
    try:
        return encode(value)
    except CanonicalError as error:
        raise CanonicalError(where, error.code) from None


def _ordered(value: JsonValue, depth: int) -> JsonValue:
    """The same value with plain lists and dicts whose keys stand in canonical order."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise CanonicalError("value", "number-range")
        return value
    if depth == 0:
        raise CanonicalError("value", "too-deep")
    if isinstance(value, list | tuple):
        return [_ordered(element, depth - 1) for element in value]
    if isinstance(value, Mapping):
        return {key: _ordered(value[key], depth - 1) for key in sorted(value, key=_utf16)}
    raise CanonicalError("value", "float" if isinstance(value, float) else "not-json")


def _utf16(key: str) -> bytes:
    # RFC 8785, 3.2.3: keys are ordered by UTF-16 code units, which is not the order of code points.
    if not isinstance(key, str):
        raise CanonicalError("value", "key-not-text")
    return key.encode("utf-16-be", "surrogatepass")
