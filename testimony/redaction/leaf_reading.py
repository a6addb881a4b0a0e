"""Reading one shown value of a disclosure (docs/format/redaction-v1.md, section 5.2)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeGuard

from testimony.canonical import MAX_INTEGER, JsonValue
from testimony.errors import RedactionError
from testimony.redaction.leaves import LeafType, frame
from testimony.redaction.opened import OpenLeaf
from testimony.redaction.shapes import LeafShape, ListShape, Shape
from testimony.redaction.tiling import Roots

ABSENT_STATES: Final = frozenset({"unknown", "declined", "not-asked"})
_INTEGER: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TYPE_NAMES: Final[Mapping[LeafType, str]] = {
    LeafType.TEXT: "text",
    LeafType.INTEGER: "integer",
    LeafType.DATE: "date",
    LeafType.BLOB: "blob",
}


class Budget:
    """How many leaves a disclosure may still show, over all its trees."""

    def __init__(self, leaves: int) -> None:
        self._leaves = leaves

    def roots(self, path: str) -> Roots:  # noqa: ARG002  # for readers that keep what they read
        """What the blocks of the tree at a path are put together in."""
        return Roots()

    def take(self, leaves: int, path: str) -> None:
        """Count further leaves.

        Raises:
            RedactionError: There are too many.
        """
        self._leaves -= leaves
        if self._leaves < 0:
            raise RedactionError(path, "too-many")


@dataclass(frozen=True, kw_only=True)
class ReadLeaf:
    """A shown value, and the bytes under its hash."""

    framed: bytes = field(repr=False)
    opened: OpenLeaf


def is_count(value: object) -> TypeGuard[int]:
    """Whether this is a whole number that may count something."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INTEGER


def read_value(value: Mapping[str, JsonValue], path: str, shape: Shape, *, absent: bool) -> ReadLeaf:
    """The leaf of a shown value; `absent` where the slot may be without an answer.

    Raises:
        RedactionError: It is malformed, or of a type that does not belong there.
    """
    if value.keys() != {"path", "type", "value"}:
        raise RedactionError(path, "malformed")
    kind = _kind(value, path, shape, absent=absent)
    if kind is LeafType.BLOB:
        return _blob(value["value"], path)
    text = value["value"]
    if not isinstance(text, str) or not _spelled(text, kind):
        raise RedactionError(path, "value")
    return _read(path, kind, encoded(text, path), text)


def encoded(text: str, path: str) -> bytes:
    """The bytes of a text.

    Raises:
        RedactionError: It holds half a character.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise RedactionError(path, "value") from None


def _kind(value: Mapping[str, JsonValue], path: str, shape: Shape, *, absent: bool) -> LeafType:
    if absent and value["type"] == "absent":
        return LeafType.ABSENT
    if isinstance(shape, LeafShape) and value["type"] == _TYPE_NAMES[shape.type]:
        _check_word(value["value"], path, shape.words)
        return shape.type
    if isinstance(shape, ListShape) and value["type"] == "text" and shape.words:
        _check_word(value["value"], path, shape.words)
        return LeafType.TEXT
    raise RedactionError(path, "type")


def _check_word(value: JsonValue, path: str, words: Collection[str]) -> None:
    if words and (not isinstance(value, str) or value not in words):
        raise RedactionError(path, "value")


def _spelled(text: str, kind: LeafType) -> bool:
    if kind is LeafType.ABSENT:
        return text in ABSENT_STATES
    return kind is not LeafType.INTEGER or _INTEGER.fullmatch(text) is not None


def _blob(value: JsonValue, path: str) -> ReadLeaf:
    if not isinstance(value, dict) or value.keys() != {"sha256", "size"}:
        raise RedactionError(path, "malformed")
    digest, size = value["sha256"], value["size"]
    if not isinstance(digest, str) or _DIGEST.fullmatch(digest) is None or not is_count(size):
        raise RedactionError(path, "value")
    return _read(path, LeafType.BLOB, bytes.fromhex(digest) + size.to_bytes(8), {"sha256": digest, "size": size})


def _read(path: str, kind: LeafType, value: bytes, shown: str | Mapping[str, JsonValue]) -> ReadLeaf:
    return ReadLeaf(framed=frame(path, kind, value), opened=OpenLeaf(path=path, type=kind, value=shown))
