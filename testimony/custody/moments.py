"""What a device's clocks said at an act, and what is odd about it (docs/format/custody-v1.md, section 5).

The clock of a laptop is a claim.  An odd reading is marked and kept, never corrected and never refused.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from testimony.errors import CustodyError

OK: Final = "ok"
REBOOT: Final = "reboot"
CLOCK_BACK: Final = "clock-back"
IMPLAUSIBLE: Final = "implausible"
NOTES: Final = (OK, REBOOT, CLOCK_BACK, IMPLAUSIBLE)

_EARLIEST: Final = datetime(2025, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST_LEAP: Final = timedelta(days=400)
_DRIFT: Final = timedelta(minutes=2)
_WALL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")
_WALL_LENGTH: Final = 25
_BOOT: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_MAX_MONOTONIC: Final = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One reading: wall clock with its offset, nanoseconds since some start of this boot, and the boot's id."""

    wall: datetime
    monotonic_ns: int
    boot: str

    def __post_init__(self) -> None:
        if self.wall.utcoffset() is None or not 0 <= self.monotonic_ns <= _MAX_MONOTONIC:
            raise CustodyError(None, "moment")
        if _BOOT.fullmatch(self.boot) is None:
            raise CustodyError(None, "moment")
        # The log keeps seconds; a note must come out the same when it is computed again from the line.
        if self.wall.microsecond:
            object.__setattr__(self, "wall", self.wall.replace(microsecond=0))


def clock_note(previous: Moment | None, now: Moment) -> str:
    """The note for an entry made `now`, after the entry made at `previous`."""
    if _implausible(previous, now):
        return IMPLAUSIBLE
    if previous is None:
        return OK
    if now.wall < previous.wall:
        return CLOCK_BACK
    if now.boot != previous.boot:
        return REBOOT
    # A laptop that slept shows less monotonic than wall time, so that only the other direction tells of a change.
    elapsed = timedelta(microseconds=(now.monotonic_ns - previous.monotonic_ns) // 1000)
    return CLOCK_BACK if now.wall - previous.wall + _DRIFT < elapsed else OK


def wall_text(wall: datetime) -> str:
    """The reading in RFC 3339 with seconds and offset.

    Raises:
        CustodyError: The offset is not one of whole minutes.
    """
    text = wall.isoformat(timespec="seconds")
    if _WALL.fullmatch(text) is None:
        raise CustodyError(None, "moment")
    return text


def parse_wall(text: str) -> datetime:
    """The reading of such a text.

    Raises:
        CustodyError: It is no time, or not spelled as `wall_text` spells it.
    """
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        raise CustodyError(None, "moment") from None
    if len(text) != _WALL_LENGTH or wall.isoformat(timespec="seconds") != text:
        raise CustodyError(None, "moment")
    return wall


def _implausible(previous: Moment | None, now: Moment) -> bool:
    if not _EARLIEST <= now.wall < _LATEST:
        return True
    if previous is None:
        return False
    if now.boot == previous.boot and now.monotonic_ns < previous.monotonic_ns:
        return True
    return now.wall - previous.wall > _LONGEST_LEAP
