"""What somebody says the time really is: written into the log beside what this computer's clock showed."""

from dataclasses import dataclass
from datetime import datetime

from testimony.custody.kinds import CODE
from testimony.custody.moments import parse_wall, wall_text
from testimony.errors import CustodyError
from vault.custody import VAULT, append
from vault.errors import PolicyError
from vault.store import Vault


@dataclass(frozen=True, kw_only=True)
class ClockClaim:
    """What the clock showed, and what the time is said to be."""

    before: datetime
    after: datetime


def claim_time(vault: Vault, at: str, reason: str | None = None) -> ClockClaim:
    """The claim that it is this time, logged with what the clock of this computer shows; nothing else is changed.

    Raises:
        PolicyError: It is no time in the form of the log ("clock-time"), or the reason is no code ("clock-reason").
    """
    try:
        after = parse_wall(at)
    except CustodyError as error:
        raise PolicyError("clock-time") from error
    if reason is not None and not CODE.allows(reason):
        raise PolicyError("clock-reason")
    before = vault.clock.now().wall
    details: dict[str, str | int] = {"before": wall_text(before), "after": wall_text(after)}
    with vault.transaction() as tx:
        append(tx, vault, "clock.change", VAULT, details if reason is None else details | {"reason": reason})
    return ClockClaim(before=before, after=after)
