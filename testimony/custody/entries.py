"""One line of the custody log: exact bytes, chained by SHA-256 (docs/format/custody-v1.md, section 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecoder
from types import MappingProxyType
from typing import Final

from keys.digests import sha256
from testimony.canonical import JsonValue, as_integer
from testimony.custody.kinds import check_details
from testimony.custody.moments import NOTES, Moment, parse_wall, wall_text
from testimony.errors import CanonicalError, CustodyError

MAX_LINE: Final = 4096
VERSION: Final = 1
NO_ENTRY: Final = "0" * 64

_DECODER: Final = JSONDecoder()
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_WORD: Final = re.compile(r"[A-Za-z0-9._:@/+-]{1,64}")
_MONOTONIC: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_TEXTS: Final = (
    "actor", "boot", "device", "kind", "monotonic_ns", "note", "object", "object_prev", "prev", "wall",
)  # fmt: skip
_NAMES: Final = frozenset({*_TEXTS, "details", "seq", "v"})


@dataclass(frozen=True, kw_only=True)
class Act:
    """What was done: its kind, the object it was done to, who did it on which device, and its details."""

    kind: str
    object: str
    actor: str
    device: str
    details: Mapping[str, str | int]

    def __post_init__(self) -> None:
        if not (_WORD.fullmatch(self.object) and _WORD.fullmatch(self.actor) and _WORD.fullmatch(self.device)):
            raise CustodyError(None, "details")
        check_details(None, self.kind, self.details)
        object.__setattr__(self, "details", MappingProxyType(dict(self.details)))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An act in its place: after the line with hash `prev`, and after the object's own `object_prev`."""

    seq: int
    prev: str
    object_prev: str
    act: Act
    moment: Moment
    note: str

    def __post_init__(self) -> None:
        if not (_HASH.fullmatch(self.prev) and _HASH.fullmatch(self.object_prev)):
            raise CustodyError(self.seq, "malformed")

    @property
    def object(self) -> str:
        """What the act was done to."""
        return self.act.object

    @property
    def kind(self) -> str:
        """The kind of act."""
        return self.act.kind

    @property
    def details(self) -> Mapping[str, str | int]:
        """The details of the act."""
        return self.act.details

    def line(self) -> bytes:
        """The line as it is hashed and kept, with its line feed."""
        return self._spelled(wall_text(self.moment.wall))

    def is_spelled(self, line: bytes, wall: str) -> bool:
        """Whether this is the line of the entry, whose reading of the clock stands there as the text `wall`."""
        return self._spelled(wall) == line

    def _spelled(self, wall: str) -> bytes:
        # No value holds anything but printable ASCII without quotes: this is canonical JSON, made faster.
        act, moment = self.act, self.moment
        details = ",".join(f'"{name}":{_spelled(act.details[name])}' for name in sorted(act.details))
        # In nanoseconds a laptop passes 2^53 after 104 days: digits in a text, since RFC 8785 numbers end there.
        return (
            f'{{"actor":"{act.actor}","boot":"{moment.boot}","details":{{{details}}},"device":"{act.device}",'
            f'"kind":"{act.kind}","monotonic_ns":"{moment.monotonic_ns}","note":"{self.note}","object":"{act.object}",'
            f'"object_prev":"{self.object_prev}","prev":"{self.prev}","seq":{self.seq},"v":{VERSION},"wall":"{wall}"}}\n'
        ).encode("ascii")


def line_hash(line: bytes) -> str:
    """The hash by which the next line names this one: what `sha256sum` says of the line with its line feed."""
    return sha256(line).hex()


def parse_entry(line: bytes, *, seq: int | None = None) -> Entry:
    """The entry of one line.  `seq` is where the line was found, for the error only.

    Raises:
        CustodyError: The line is too long, not canonical, of another version, or has a part that is not allowed.
    """
    try:
        members = _members_of(line)
        entry = _entry(members)
    except CustodyError as error:
        raise CustodyError(seq, error.code) from None
    except CanonicalError:
        raise CustodyError(seq, "malformed") from None
    # `_entry` took no other spelling of the time than the one that `line` would write.
    if not entry.is_spelled(line, str(members["wall"])):
        raise CustodyError(seq, "malformed")
    return entry


def _spelled(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'


def _members_of(line: bytes) -> Mapping[str, JsonValue]:
    if len(line) > MAX_LINE:
        raise CustodyError(None, "too-long")
    try:
        members, _ = _DECODER.raw_decode(line.decode("ascii"))  # what follows is seen when the line is spelled again
    except (ValueError, RecursionError):
        raise CustodyError(None, "malformed") from None
    if not isinstance(members, dict) or members.keys() != _NAMES:
        raise CustodyError(None, "malformed")
    if members["v"] != VERSION:
        raise CustodyError(None, "version")
    return members


def _entry(members: Mapping[str, JsonValue]) -> Entry:
    texts = {name: value for name in _TEXTS if isinstance(value := members[name], str)}
    if len(texts) != len(_TEXTS) or _MONOTONIC.fullmatch(texts["monotonic_ns"]) is None:
        raise CustodyError(None, "malformed")
    if texts["note"] not in NOTES:
        raise CustodyError(None, "note")
    return Entry(
        seq=as_integer(members["seq"], "seq"),
        prev=texts["prev"],
        object_prev=texts["object_prev"],
        act=Act(
            kind=texts["kind"],
            object=texts["object"],
            actor=texts["actor"],
            device=texts["device"],
            details=_details(members["details"]),
        ),
        moment=Moment(wall=parse_wall(texts["wall"]), monotonic_ns=int(texts["monotonic_ns"]), boot=texts["boot"]),
        note=texts["note"],
    )


def _details(value: JsonValue) -> dict[str, str | int]:
    if not isinstance(value, dict):
        raise CustodyError(None, "details")
    details: dict[str, str | int] = {}
    for name, detail in value.items():
        if isinstance(detail, bool) or not isinstance(detail, str | int):
            raise CustodyError(None, "details")
        details[name] = detail
    return details
