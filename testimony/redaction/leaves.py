"""What a tree is made of: leaves, branches, and paragraphs of an account (docs/format/redaction-v1.md, section 2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Final

from testimony.errors import RedactionError

MAX_LEAVES: Final = 1 << 20
MAX_PATH: Final = 512
ATOMS_MULTIPLE: Final = 64
SHORTEST_LIST: Final = 4


class LeafType(IntEnum):
    """The type byte of a leaf."""

    VOID = 0
    ABSENT = 1
    TEXT = 2
    INTEGER = 3
    DATE = 4
    BLOB = 5
    SUBTREE = 6
    ALIAS = 7


class Padding(Enum):
    """How a branch is filled up with voids: an object to a power of two, a list to one of at least four."""

    OBJECT = "object"
    LIST = "list"


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One value in its slot.  The value is the exact bytes that are hashed."""

    path: str
    type: LeafType
    value: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A person named in a paragraph: characters from `start` up to `end`, and the code that may stand for them."""

    start: int
    end: int
    code: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph of the account, to be split into atoms of `words` words each; mentions in their order."""

    path: str
    text: str = field(repr=False)
    mentions: tuple[Mention, ...] = field(default=(), repr=False)
    words: int = 1

    def __post_init__(self) -> None:
        before = 0
        for mention in self.mentions:
            if not before <= mention.start < mention.end <= len(self.text) or not mention.code:
                raise RedactionError(self.path, "mentions")
            before = mention.end


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A nested object or list.  Its children stand in their order; voids follow them."""

    path: str
    children: tuple["Node", ...]
    padding: Padding

    @property
    def size(self) -> int:
        """The number of leaves, voids included."""
        return padded_size(len(self.children), self.padding)


Node = Leaf | Branch | Paragraph


def padded_size(count: int, padding: Padding) -> int:
    """How many leaves a tree of `count` children has.

    Raises:
        RedactionError: More than a tree may have.
    """
    if count > MAX_LEAVES:
        raise RedactionError("", "too-many")
    lowest = SHORTEST_LIST if padding is Padding.LIST else 1
    return max(lowest, 1 << (count - 1).bit_length() if count else 1)


def frame(path: str, kind: LeafType, value: bytes) -> bytes:
    """The part of a leaf behind its salt: path, type and value, each of a length that is told.

    Raises:
        RedactionError: The path is too long.
    """
    encoded = path.encode("utf-8")
    if len(encoded) > MAX_PATH:
        raise RedactionError(path[:MAX_PATH], "path")
    return b"".join((len(encoded).to_bytes(2), encoded, bytes((kind,)), len(value).to_bytes(8), value))


def subtree_value(size: int, root: bytes) -> bytes:
    """The value of a leaf that stands for a whole tree."""
    return size.to_bytes(8) + root


def join(path: str, name: str | int) -> str:
    """The path of a member or element.  The slots of the record itself have no parent in their path."""
    return f"{path}/{name}" if path else str(name)


def parents(path: str) -> Iterable[str]:
    """The paths above a path, the record itself left out."""
    place = path.find("/")
    while place != -1:
        yield path[:place]
        place = path.find("/", place + 1)
