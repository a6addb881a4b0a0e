"""Space kept back in the vault's folder, given up for what was typed on the day when the disk is full."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from vault.errors import StorageError, StorageFullError, VaultError
from vault.files import PART, facts, fill, free_space, move, remove
from vault.layout import Layout

RESERVE: Final = 16 << 20
PRACTICE_RESERVE: Final = 1 << 20
_Result = TypeVar("_Result")


def make_reserve(layout: Layout, *, practice: bool) -> None:
    """Put the reserve in place where there is room for it and as much again; a disk that refuses stops nothing."""
    size = PRACTICE_RESERVE if practice else RESERVE
    if facts(layout.reserve) is not None or free_space(layout.folder) < 2 * size:
        return
    part = layout.reserve.with_suffix(PART)
    try:
        remove(part)
        fill(part, size)
        move(part, layout.reserve)
    except (StorageFullError, StorageError):
        with suppress(VaultError):
            remove(part)


def release_reserve(layout: Layout) -> None:
    """Give the space back to the disk."""
    with suppress(VaultError):
        remove(layout.reserve)


def with_reserve(layout: Layout, act: Callable[[], _Result]) -> _Result:
    """What `act` gives; where the disk is full the reserve is released and it is tried once more.

    Raises:
        StorageFullError: There is still no room.
    """
    try:
        return act()
    except StorageFullError:
        release_reserve(layout)
        return act()
