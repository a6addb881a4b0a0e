"""One line of the custody log: exact bytes, chained by SHA-256 (docs/format/custody-v1.md, section 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from json import JSONDecoder
from types import MappingProxyType
from typing import Final

from keys.digests import sha256
from testimony.canonical import MAX_INTEGER, JsonValue, as_integer
from testimony.custody.kinds import check_details, check_object
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

# The one spelling as a grammar.  What a text may hold is checked behind it; here it only holds no quote and no escape.
_TEXT: Final = r"[A-Za-z0-9._:@/+-]*"
_COUNT: Final = r"0|[1-9][0-9]{0,15}"
_DETAIL: Final = re.compile(rf'"([a-z0-9_]+)":(?:"({_TEXT})"|({_COUNT}))')
_DETAILS: Final = rf'(?:"[a-z0-9_]+":(?:"{_TEXT}"|{_COUNT})(?:,(?!}})|(?=}})))*'
_LINE: Final = re.compile(
    rf'{{"actor":"(?P<actor>{_TEXT})","boot":"(?P<boot>{_TEXT})","details":{{(?P<details>{_DETAILS})}},'
    rf'"device":"(?P<device>{_TEXT})","kind":"(?P<kind>{_TEXT})","monotonic_ns":"(?P<monotonic_ns>{_MONOTONIC.pattern})",'
    rf'"note":"(?P<note>{_TEXT})","object":"(?P<object>{_TEXT})","object_prev":"(?P<object_prev>{_TEXT})",'
    rf'"prev":"(?P<prev>{_TEXT})","seq":(?P<seq>{_COUNT}),"v":{VERSION},"wall":"(?P<wall>{_TEXT})"}}\n'
)


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
        check_object(None, self.kind, self.object)
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
        # No value holds anything but printable ASCII without quotes: this is canonical JSON, made faster.
        act, moment = self.act, self.moment
        details = ",".join(f'"{name}":{_spelled(act.details[name])}' for name in sorted(act.details))
        # In nanoseconds a laptop passes 2^53 after 104 days: digits in a text, since RFC 8785 numbers end there.
        return (
            f'{{"actor":"{act.actor}","boot":"{moment.boot}","details":{{{details}}},"device":"{act.device}",'
            f'"kind":"{act.kind}","monotonic_ns":"{moment.monotonic_ns}","note":"{self.note}","object":"{act.object}",'
            f'"object_prev":"{self.object_prev}","prev":"{self.prev}","seq":{self.seq},"v":{VERSION},'
            f'"wall":"{wall_text(moment.wall)}"}}\n'
        ).encode("ascii")


def line_hash(line: bytes) -> str:
    """The hash by which the next line names this one: what `sha256sum` says of the line with its line feed."""
    return sha256(line).hex()


def parse_entry(line: bytes, *, seq: int | None = None) -> Entry:
    """The entry of one line.  `seq` is where the line was found, for the error only.

    Raises:
        CustodyError: The line is too long, not canonical, of another version, or has a part that is not allowed.
    """
    if len(line) > MAX_LINE:
        raise CustodyError(seq, "too-long")
    try:
        return _spelled_entry(line) or _any_entry(line)
    except CustodyError as error:
        raise CustodyError(seq, error.code) from None
    except CanonicalError:
        raise CustodyError(seq, "malformed") from None


def _spelled(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'


def _spelled_entry(line: bytes) -> Entry | None:
    """The entry of a line that has the one spelling of `Entry.line`, told by its grammar; None for any other line."""
    found = _LINE.fullmatch(line.decode("ascii", "replace"))
    if found is None:
        return None
    pairs, seq = _DETAIL.findall(found["details"]), int(found["seq"])
    if seq > MAX_INTEGER or any(first[0] >= second[0] for first, second in pairwise(pairs)):
        return None
    details = {name: int(number) if number else text for name, text, number in pairs}
    return _entry(found.groupdict(), seq, details)


def _any_entry(line: bytes) -> Entry:
    """The entry of a line read as JSON: a line that is not spelled as it must be gets an error that says why."""
    members = _members_of(line)
    texts = {name: value for name in _TEXTS if isinstance(value := members[name], str)}
    if len(texts) != len(_TEXTS) or _MONOTONIC.fullmatch(texts["monotonic_ns"]) is None:
        raise CustodyError(None, "malformed")
    entry = _entry(texts, as_integer(members["seq"], "seq"), _details(members["details"]))
    if entry.line() != line:
        raise CustodyError(None, "malformed")
    return entry


def _members_of(line: bytes) -> Mapping[str, JsonValue]:
    try:
        members, _ = _DECODER.raw_decode(line.decode("ascii"))  # what follows is seen when the line is spelled again
    except (ValueError, RecursionError):
        raise CustodyError(None, "malformed") from None
    if not isinstance(members, dict) or members.keys() != _NAMES:
        raise CustodyError(None, "malformed")
    if members["v"] != VERSION:
        raise CustodyError(None, "version")
    return members


def _entry(texts: Mapping[str, str], seq: int, details: Mapping[str, str | int]) -> Entry:
    if texts["note"] not in NOTES:
        raise CustodyError(None, "note")
    return Entry(
        seq=seq,
        prev=texts["prev"],
        object_prev=texts["object_prev"],
        act=Act(
            kind=texts["kind"],
            object=texts["object"],
            actor=texts["actor"],
            device=texts["device"],
            details=details,
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
