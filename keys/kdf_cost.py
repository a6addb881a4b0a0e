"""What turning a passphrase into a key costs, and how that is chosen for a machine (docs/format/slots-v1.md, 3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from keys._argon2 import argon2id
from keys.errors import EnvironmentFaultError
from keys.secret import Secret

_MIB: Final = 1024  # in KiB
_TARGET_SECONDS: Final = 1.5
_MAX_CALIBRATED_PASSES: Final = 16
_TRIAL_SALT: Final = bytes(32)


@dataclass(frozen=True, kw_only=True)
class KdfCost:
    """Argon2id: memory in KiB, passes over it, lanes worked side by side."""

    memory_kib: int
    passes: int
    lanes: int

    @property
    def is_test(self) -> bool:
        """Whether this is the cheap cost that no real vault may have."""
        return self == TEST_COST


FLOOR: Final = KdfCost(memory_kib=256 * _MIB, passes=3, lanes=4)
CAP: Final = KdfCost(memory_kib=1024 * _MIB, passes=_MAX_CALIBRATED_PASSES, lanes=4)
PRACTICE_COST: Final = FLOOR
TEST_COST: Final = KdfCost(memory_kib=8 * _MIB, passes=1, lanes=1)

# What a slot may ask of the reader: below, a thief guesses too fast; above, opening could exhaust the machine.
LEAST_READ: Final = KdfCost(memory_kib=64 * _MIB, passes=3, lanes=1)
MOST_READ: Final = KdfCost(memory_kib=2048 * _MIB, passes=64, lanes=16)


def calibrate(target_seconds: float = _TARGET_SECONDS, *, free_memory: int, timer: Callable[[], float]) -> KdfCost:
    """The cost that takes this machine about `target_seconds`: memory first, then passes, never below the floor.

    `free_memory` is in bytes; `timer` gives seconds that only go forward.

    Raises:
        EnvironmentFaultError: Half of the free memory is less than the floor needs.
    """
    room = min(CAP.memory_kib, free_memory // 2 // 1024)
    if room < FLOOR.memory_kib:
        raise EnvironmentFaultError("a new passphrase needs 512 MiB of free memory")
    began = timer()
    derive(Secret(b"trial"), _TRIAL_SALT, FLOOR).wipe()
    wanted = target_seconds / max(timer() - began, 1e-3)
    memory = min(room, int(FLOOR.memory_kib * max(wanted, 1.0))) // _MIB * _MIB
    passes = int(FLOOR.passes * wanted * FLOOR.memory_kib / memory)
    return KdfCost(memory_kib=memory, passes=min(max(passes, FLOOR.passes), CAP.passes), lanes=FLOOR.lanes)


def derive(passphrase: Secret, salt: bytes, cost: KdfCost) -> Secret:
    """The Argon2id tag of a normalised passphrase, 32 bytes.

    Raises:
        EnvironmentFaultError: The machine does not give the memory.
    """
    return argon2id(passphrase, salt, memory_kib=cost.memory_kib, passes=cost.passes, lanes=cost.lanes)
