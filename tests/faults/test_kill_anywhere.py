"""kill -9 at a write, sync, rename, unlink or open of a day's work: nothing acknowledged is lost, nothing stands open."""

from collections.abc import Callable
from pathlib import Path

import pytest
from faults.audit import faults_in
from faults.tracing import SOAK, Nursery, faulty, points, require_tracing, sample

PHASES = ("create", "draft", "attach", "finish", "seal", "receive")
EACH = 6


@pytest.mark.slow
@pytest.mark.case("FS-08")
@pytest.mark.timeout(0 if SOAK else 300)
@pytest.mark.parametrize("phase", PHASES)
def test_a_kill_at_any_call_loses_nothing_acknowledged(
    phase: str, nursery: Nursery, workplace: Callable[[], Path], tmp_path: Path
):
    require_tracing()
    every = points(nursery, f"{workplace()} {phase} honest", tmp_path)
    found, killed = [], 0
    for point in sample(every, EACH):
        day = workplace()
        ran = nursery.run(f"{day} {phase} honest", faulty(point))
        killed += ran.code == -9
        found += [f"{point.call} {point.number}: {fault}" for fault in faults_in(day, ran)]
    assert found == []
    assert killed > EACH // 2, "too few kills: the test proves nothing"
    print(f"{phase}: killed at {killed} of {len(every)} calls")


@pytest.mark.case("FS-08")
def test_the_harness_catches_a_program_that_speaks_before_it_saves(
    nursery: Nursery, workplace: Callable[[], Path], tmp_path: Path
):
    require_tracing()
    every = points(nursery, f"{workplace()} draft early", tmp_path, calls=("pwrite64",))
    for point in every[len(every) * 3 // 4 :]:  # before are the contacts
        day = workplace()
        found = faults_in(day, nursery.run(f"{day} draft early", faulty(point)))
        if any(fault.startswith("lost: draft") for fault in found):
            return
    raise AssertionError("no lost save was seen")
