"""What a passphrase costs on this machine, and what is said where it cannot be afforded."""

import itertools
from typing import Any

import pytest

from keys.errors import EnvironmentFaultError
from keys.kdf_cost import CAP, FLOOR, KdfCost, calibrate, derive
from keys.secret import Secret


def ticking(seconds: float) -> Any:
    moments = itertools.count(0.0, seconds)
    return lambda: next(moments)


def test_calibration_spends_memory_first_then_passes_and_keeps_floor_and_cap() -> None:
    plenty = 64 * 1024**3
    assert calibrate(1.5, free_memory=plenty, timer=ticking(10.0)) == FLOOR
    assert calibrate(1.5, free_memory=plenty, timer=ticking(0.75)) == KdfCost(memory_kib=512 * 1024, passes=3, lanes=4)
    assert calibrate(1.5, free_memory=1024**3, timer=ticking(0.5)) == KdfCost(memory_kib=512 * 1024, passes=4, lanes=4)
    assert calibrate(1.5, free_memory=plenty, timer=ticking(0.0)) == CAP


@pytest.mark.case("MC-01")
def test_a_machine_without_the_memory_is_told_so_and_never_gets_a_weaker_slot() -> None:
    with pytest.raises(EnvironmentFaultError):
        calibrate(free_memory=511 * 1024**2, timer=ticking(1.0))


@pytest.mark.case("MC-01")
def test_a_derivation_that_gets_no_memory_says_so() -> None:
    huge = KdfCost(memory_kib=2**32 - 1, passes=1, lanes=1)
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (8 * 1024**3, before[1]))
    try:
        with pytest.raises(EnvironmentFaultError):
            derive(Secret(b"practice"), bytes(32), huge)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
