"""The clock door: what this computer claims about time, read in one place."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Protocol

from keys.chance import random_bytes
from keys.digests import sha256
from vault.files import read_small

_BOOT_ID = "/proc/sys/kernel/random/boot_id"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One look at the clock: wall time with its offset, nanoseconds since start, and which start that was."""

    wall: datetime
    monotonic_ns: int
    boot_id: str


class Clock(Protocol):
    """Whatever tells the vault the time."""

    def now(self) -> Reading:
        """Read wall and monotonic time together."""


class SystemClock:
    """This computer's own clock: a claim, never a proof (custody-v1)."""

    def now(self) -> Reading:
        """Read the wall clock with its offset, cut to whole seconds, and the monotonic clock."""
        wall = datetime.now(tz=UTC).astimezone().replace(microsecond=0)
        return Reading(wall=wall, monotonic_ns=time.monotonic_ns(), boot_id=_boot_id())


def stopwatch() -> float:
    """Seconds that only go forward, to measure how long something takes."""
    return time.perf_counter()


@cache
def _boot_id() -> str:
    # Hashed, because custody entries travel: the kernel's own id would also stand in this computer's system log.
    kernel = read_small(_BOOT_ID, 64)
    return sha256(b"testimony/boot/v1\x00" + (kernel or random_bytes(16))).hex()[:16]
