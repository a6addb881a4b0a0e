"""A disk that refuses or is full at any write or sync of a day's work: said as what it is, nothing acknowledged lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from faults.audit import faults_in
from faults.tracing import SOAK, Nursery, faulty, points, require_tracing, sample

PHASES = ("create", "draft", "attach", "finish", "seal", "receive")
CALLS = ("write", "pwrite64", "fsync", "fdatasync")
EACH = 4
MACHINE = "3"


@pytest.mark.slow
@pytest.mark.case("FS-09", "VF-16")
@pytest.mark.timeout(0 if SOAK else 300)
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
@pytest.mark.parametrize("phase", PHASES)
def test_a_disk_that_refuses_any_call_is_named_and_costs_nothing_acknowledged(
    phase: str, error: str, nursery: Nursery, workplace: Callable[[], Path], tmp_path: Path
):
    require_tracing()
    every = points(nursery, f"{workplace()} {phase} honest", tmp_path, f"error={error}", CALLS)
    found, refused = [], 0
    for point in sample(every, EACH):
        day = workplace()
        ran = nursery.run(f"{day} {phase} honest", faulty(point))
        answers = [word.split() for word in ran.words if word.startswith("refused")]
        refused += len(answers)
        found += [f"{point.call} {point.number}: {fault}" for fault in faults_in(day, ran)]
        found += [f"{point.call} {point.number}: {answer}" for answer in answers if answer[1] != MACHINE]
    assert found == []
    print(f"{phase}: {error} at {len(sample(every, EACH))} of {len(every)} calls, said {refused} times")
