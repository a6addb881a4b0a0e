"""The log of one device: lines that each name the one before, over them a Merkle tree (custody-v1.md, section 2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from testimony.custody.entries import NO_ENTRY, Act, Entry, line_hash, parse_entry
from testimony.custody.moments import OK, Moment, clock_note
from testimony.errors import CustodyError
from testimony.merkle import Peaks, leaf_hash

MAX_ENTRIES: Final = 2**32


@dataclass(frozen=True, kw_only=True)
class LogState:
    """All that the next entry depends on: the tree so far, the last line's hash, the last reading of the clocks."""

    peaks: Peaks = field(default_factory=Peaks, repr=False)
    last: str = NO_ENTRY
    moment: Moment | None = None

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.peaks.size

    def root(self) -> bytes:
        """The root of the tree over all lines."""
        return self.peaks.root()


@dataclass(frozen=True, kw_only=True)
class LogSummary:
    """What a checked log amounts to.

    `objects` gives each object's last line hash; `marked` the entries whose clock note is not `ok`.
    """

    state: LogState
    device: str
    objects: Mapping[str, str] = field(repr=False)
    marked: tuple[tuple[int, str], ...]

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.state.size

    @property
    def root(self) -> bytes:
        """The root of the tree over all lines."""
        return self.state.root()

    @property
    def last(self) -> str:
        """The hash of the last line."""
        return self.state.last


def append(state: LogState, act: Act, moment: Moment, *, object_prev: str = NO_ENTRY) -> tuple[Entry, LogState]:
    """The entry for an act, and the log with it.  `object_prev` is the hash of the object's own last line.

    Raises:
        CustodyError: The log is full, or the object's last line is no hash.
    """
    if state.size >= MAX_ENTRIES:
        raise CustodyError(state.size, "too-many")
    entry = Entry(
        seq=state.size,
        prev=state.last,
        object_prev=object_prev,
        act=act,
        moment=moment,
        note=clock_note(state.moment, moment),
    )
    return entry, grown(state, entry, entry.line())


def grown(state: LogState, entry: Entry, line: bytes) -> LogState:
    """The log with one more line, which is the entry's."""
    return LogState(peaks=state.peaks.add(leaf_hash(line)), last=line_hash(line), moment=entry.moment)


def check_log(lines: Iterable[bytes]) -> LogSummary:
    """What the lines of a whole log amount to, in one pass.

    Raises:
        CustodyError: The first line that is malformed, out of its place, of another device, or chained to
            anything but the lines before it.
    """
    state = LogState()
    objects: dict[str, str] = {}
    marked: list[tuple[int, str]] = []
    device = ""
    for line in lines:
        entry = parse_entry(line, seq=state.size)
        device = device or entry.act.device
        _check_place(state, entry, objects.get(entry.object, NO_ENTRY))
        if entry.act.device != device:
            raise CustodyError(state.size, "device")
        if entry.note != OK:
            marked.append((entry.seq, entry.note))
        state = grown(state, entry, line)
        objects[entry.object] = state.last
    return LogSummary(state=state, device=device, objects=MappingProxyType(objects), marked=tuple(marked))


def _check_place(state: LogState, entry: Entry, object_prev: str) -> None:
    if entry.seq != state.size:
        raise CustodyError(state.size, "seq")
    if entry.prev != state.last:
        raise CustodyError(state.size, "prev")
    if entry.object_prev != object_prev:
        raise CustodyError(state.size, "object-prev")
    if entry.note != clock_note(state.moment, entry.moment):
        raise CustodyError(state.size, "note")
