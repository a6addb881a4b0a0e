"""What can be proved about when an entry was made: not before one outside thing, not after another.

docs/format/custody-v1.md, section 5.2.  Each time is that of whoever is outside, never of the device itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class AnchorKind(StrEnum):
    """What stands outside: the receipt of a body, the cosignature of a colleague, the token of a time authority."""

    RECEIPT = "receipt"
    COSIGNATURE = "cosignature"
    TOKEN = "token"  # noqa: S105  # a time-stamp, no password


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """An outside thing that covers the first `size` entries and was made `at` a time of its own clock.

    `entry` is the place of the entry that took it into the log: that entry and all later ones came after it.
    `by` is whose it is: forty digits, or the authority of a token where it is known.
    """

    kind: AnchorKind
    size: int
    at: datetime
    entry: int
    by: str


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Between which outside things an entry was made; None where there is none on that side."""

    not_before: Anchor | None
    not_after: Anchor | None

    @property
    def contradicts(self) -> bool:
        """Whether the two outside clocks exclude each other: one of them is wrong."""
        if self.not_before is None or self.not_after is None:
            return False
        return self.not_before.at > self.not_after.at


def interval_of(seq: int, anchors: Iterable[Anchor]) -> Interval:
    """Between which of these outside things entry `seq` was made."""
    known = tuple(anchors)
    before = [anchor for anchor in known if anchor.entry <= seq]
    after = [anchor for anchor in known if anchor.size > seq]
    return Interval(
        not_before=max(before, key=lambda anchor: (anchor.at, -anchor.entry), default=None),
        not_after=min(after, key=lambda anchor: (anchor.at, anchor.entry), default=None),
    )


def newest_before(seq: int, anchors: Iterable[Anchor]) -> datetime | None:
    """The time of the newest outside thing that a log of `seq` entries contains, None where it contains none."""
    return max((anchor.at for anchor in anchors if anchor.entry < seq), default=None)


def day_of(at: datetime) -> datetime:
    """The beginning of the day in UTC.

    Heads go to every body: an exact time, with its offset, would tell when and where another body answered.
    """
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
