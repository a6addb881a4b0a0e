"""Invented organisations for tests: a vault that writes rosters, and clocks that say what they are told."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from vault.clock import Reading, SystemClock
from vault.rosters import write_roster
from vault.store import Vault

Staff = Mapping[str, tuple[tuple[str, ...], tuple[Vault, ...]]]


@dataclass(frozen=True, kw_only=True)
class ShiftedClock:
    """This computer's clock, wrong by so much."""

    by: timedelta

    def now(self) -> Reading:
        read = SystemClock().now()
        return Reading(wall=read.wall + self.by, monotonic_ns=read.monotonic_ns, boot_id=read.boot_id)


def since_1970() -> ShiftedClock:
    """A clock whose battery is dead."""
    return ShiftedClock(by=datetime(1970, 1, 1, 0, 5, tzinfo=UTC) - datetime.now(tz=UTC))


def window(start: int = -1, end: int = 30) -> dict[str, str]:
    """From so many days from now until so many."""
    now = datetime.now(tz=UTC).replace(microsecond=0)
    return {
        "valid_from": (now + timedelta(days=start)).isoformat(),
        "valid_until": (now + timedelta(days=end)).isoformat(),
    }


def digits(vault: Vault) -> str:
    """The forty digits of a vault."""
    return vault.identity.public.fingerprint


def revoked(vault: Vault, reason: str = "lost", size: int | None = None, root: str | None = None) -> dict[str, Any]:
    """A line that takes a vault's device back, believed up to its log as it stands."""
    state = vault.log_state
    return {
        "digits": digits(vault),
        "reason": reason,
        "since": window()["valid_from"],
        "size": state.size if size is None else size,
        "root": root or state.root().hex(),
    }


def source(number: int, staff: Staff, *, dates: dict[str, str] | None = None, **more: Any) -> bytes:
    """The JSON of a roster: people by code with their roles and the vaults that are their devices."""
    dates = dates or window()
    return json.dumps(
        {
            "number": number,
            **dates,
            "people": [{"code": code, "roles": list(roles)} for code, (roles, _) in staff.items()],
            "devices": [
                {"code": vault.settings.device, "digits": digits(vault), "person": code, **dates}
                for code, (_, vaults) in staff.items()
                for vault in vaults
            ],
            **more,
        }
    ).encode()


def written(organisation: Vault, number: int, staff: Staff, **more: Any) -> bytes:
    """A roster signed by the organisation's vault."""
    return write_roster(organisation, source(number, staff, **more))


def continues(pairs: Iterable[tuple[Vault, Vault]]) -> list[dict[str, str]]:
    """Lines that let the first of each pair continue the second."""
    return [{"digits": digits(new), "of": digits(old)} for new, old in pairs]
