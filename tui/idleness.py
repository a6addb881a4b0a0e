"""How long nobody has touched the keyboard, by both clocks, so that a closed lid counts as well."""

from typing import Final

from vault.clock import Reading

LOCK_AFTER: Final = 180  # seconds
WARN_AT: Final = 30  # seconds before the lock


class Idleness:
    """Counts from the last touch."""

    def __init__(self, now: Reading) -> None:
        self._touched = now

    def touch(self, now: Reading) -> None:
        """Somebody is there."""
        self._touched = now

    def seconds_left(self, now: Reading) -> int:
        """Seconds until the vault locks itself; the larger of both clocks' steps counts."""
        monotonic = (now.monotonic_ns - self._touched.monotonic_ns) / 1e9
        wall = (now.wall - self._touched.wall).total_seconds()
        return max(0, LOCK_AFTER - int(max(monotonic, wall)))
