"""The log of one device: lines that each name the one before, over them a Merkle tree (custody-v1.md, section 2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from testimony.custody.entries import NO_ENTRY, Act, Entry, line_hash, parse_entry
from testimony.custody.moments import OK, Moment, clock_note
from testimony.errors import CustodyError
from testimony.merkle import Peaks, grow, leaf_hash

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
    peaks: list[bytes] = []
    objects: dict[str, str] = {}
    marked: list[tuple[int, str]] = []
    before: Entry | None = None
    last = NO_ENTRY
    size = 0
    for size, line in enumerate(lines, 1):
        entry = parse_entry(line, seq=size - 1)
        _check_place(entry, size - 1, before, last)
        if entry.object_prev != objects.get(entry.object, NO_ENTRY):
            raise CustodyError(entry.seq, "object-prev")
        if entry.note != OK:
            marked.append((entry.seq, entry.note))
        grow(peaks, entry.seq, leaf_hash(line))
        objects[entry.object] = last = line_hash(line)
        before = entry
    state = LogState(peaks=Peaks(size=size, hashes=tuple(peaks)), last=last, moment=before.moment if before else None)
    return LogSummary(
        state=state,
        device=before.act.device if before else "",
        objects=MappingProxyType(objects),
        marked=tuple(marked),
    )


def _check_place(entry: Entry, seq: int, before: Entry | None, last: str) -> None:
    if entry.seq != seq:
        raise CustodyError(seq, "seq")
    if entry.prev != last:
        raise CustodyError(seq, "prev")
    if entry.note != clock_note(before.moment if before else None, entry.moment):
        raise CustodyError(seq, "note")
    if before is not None and entry.act.device != before.act.device:
        raise CustodyError(seq, "device")
