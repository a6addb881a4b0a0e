"""One line of the custody log: exact bytes, chained by SHA-256 (docs/format/custody-v1.md, section 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecoder, JSONEncoder
from types import MappingProxyType
from typing import Final

from keys.digests import sha256
from testimony.canonical import JsonValue, as_integer, as_text
from testimony.custody.kinds import check_details
from testimony.custody.moments import NOTES, Moment, parse_wall, wall_text
from testimony.errors import CanonicalError, CustodyError

MAX_LINE: Final = 4096
VERSION: Final = 1
NO_ENTRY: Final = "0" * 64

_ENCODER: Final = JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
_DECODER: Final = JSONDecoder()
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_WORD: Final = re.compile(r"[A-Za-z0-9._:@/+-]{1,64}")
_MONOTONIC: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_NAMES: Final = frozenset({
    "actor", "boot", "details", "device", "kind", "monotonic_ns", "note",
    "object", "object_prev", "prev", "seq", "v", "wall",
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Act:
    """What was done: its kind, the object it was done to, who did it on which device, and its details."""

    kind: str
    object: str
    actor: str
    device: str
    details: Mapping[str, str | int]

    def __post_init__(self) -> None:
        if not all(_WORD.fullmatch(word) for word in (self.object, self.actor, self.device)):
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
        if not all(_HASH.fullmatch(text) for text in (self.prev, self.object_prev)):
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
        # No value holds anything but printable ASCII without quotes: this is canonical JSON, made faster.
        return _ENCODER.encode(self._members()).encode("ascii") + b"\n"

    def _members(self) -> dict[str, JsonValue]:
        return {
            "actor": self.act.actor,
            "boot": self.moment.boot,
            "details": dict(self.act.details),
            "device": self.act.device,
            "kind": self.act.kind,
            # In nanoseconds a laptop passes 2^53 after 104 days: digits in a text, since RFC 8785 numbers end there.
            "monotonic_ns": str(self.moment.monotonic_ns),
            "note": self.note,
            "object": self.act.object,
            "object_prev": self.object_prev,
            "prev": self.prev,
            "seq": self.seq,
            "v": VERSION,
            "wall": wall_text(self.moment.wall),
        }


def line_hash(line: bytes) -> str:
    """The hash by which the next line names this one: what `sha256sum` says of the line with its line feed."""
    return sha256(line).hex()


def parse_entry(line: bytes, *, seq: int | None = None) -> Entry:
    """The entry of one line.  `seq` is where the line was found, for the error only.

    Raises:
        CustodyError: The line is too long, not canonical, of another version, or has a part that is not allowed.
    """
    try:
        entry = _entry(_members_of(line))
    except CustodyError as error:
        raise CustodyError(seq, error.code) from None
    except CanonicalError:
        raise CustodyError(seq, "malformed") from None
    if entry.line() != line:
        raise CustodyError(seq, "malformed")
    return entry


def _members_of(line: bytes) -> Mapping[str, JsonValue]:
    if len(line) > MAX_LINE:
        raise CustodyError(None, "too-long")
    try:
        members: JsonValue = _DECODER.decode(line.decode("ascii"))
    except (ValueError, RecursionError):
        raise CustodyError(None, "malformed") from None
    if not isinstance(members, dict) or members.keys() != _NAMES:
        raise CustodyError(None, "malformed")
    if members["v"] != VERSION:
        raise CustodyError(None, "version")
    return members


def _entry(members: Mapping[str, JsonValue]) -> Entry:
    return Entry(
        seq=as_integer(members["seq"], "seq"),
        prev=as_text(members["prev"], "prev"),
        object_prev=as_text(members["object_prev"], "object_prev"),
        act=Act(
            kind=as_text(members["kind"], "kind"),
            object=as_text(members["object"], "object"),
            actor=as_text(members["actor"], "actor"),
            device=as_text(members["device"], "device"),
            details=_details(members["details"]),
        ),
        moment=Moment(
            wall=parse_wall(as_text(members["wall"], "wall")),
            monotonic_ns=int(as_text(members["monotonic_ns"], "monotonic_ns", pattern=_MONOTONIC)),
            boot=as_text(members["boot"], "boot"),
        ),
        note=_note(as_text(members["note"], "note")),
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


def _note(text: str) -> str:
    if text not in NOTES:
        raise CustodyError(None, "note")
    return text
