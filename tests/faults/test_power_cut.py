"""Power lost at any moment of saving: no acknowledged save is gone, and the vault opens and is whole."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from faults.audit import faults_in
from faults.power import CALLS, Disk, cuts, read_calls
from faults.tracing import SOAK, Nursery, Ran, require_tracing, traced

STATES = 5000 if SOAK else 60
CONTROLS = 400


def found_after_cuts(
    nursery: Nursery, day: Path, scratch: Path, order: tuple[str, str], states: int, *, late: bool = False
) -> Iterator[list[str]]:
    """What is wrong after each of many power cuts in one recorded phase."""
    phase, mode = order
    base, report = scratch / "base", scratch / "calls"

    @contextlib.contextmanager
    def recorded(pid: int) -> Iterator[None]:
        copytree(day, base)
        with traced(pid, "-o", str(report), "-xx", "-s", "4000000", f"-etrace={CALLS}"):
            yield

    before = nursery.run(f"{day} {phase} {mode}", recorded)
    assert "ended" in before.words
    earlier = before.words[: next(place for place, word in enumerate(before.words) if word.startswith("at "))]
    calls = read_calls(report)
    assert len(calls) > 50, "the calls could not be written down"
    first = next(place for place, call in enumerate(calls) if call.name == "writev") if late else 1
    for said in cuts(calls, Disk(day, base), scratch / "after", states, first):
        yield faults_in(scratch / "after", Ran(words=(*earlier, *said), code=0))


@pytest.mark.slow
@pytest.mark.case("FS-07")
@pytest.mark.timeout(0 if SOAK else 300)
@pytest.mark.parametrize("phase", ["draft", "finish", "create"])
def test_no_acknowledged_save_is_lost_to_a_power_cut(
    phase: str, nursery: Nursery, workplace: Callable[[], Path], tmp_path: Path
):
    require_tracing()
    states = STATES if phase == "draft" else STATES // 4
    found = [
        fault
        for faults in found_after_cuts(nursery, workplace(), tmp_path, (phase, "honest"), states)
        for fault in faults
    ]
    assert found == []


@pytest.mark.case("FS-07")
@pytest.mark.parametrize("weakness", ["normal", "delete"])
def test_the_replay_reports_what_a_weaker_database_loses(
    weakness: str, nursery: Nursery, workplace: Callable[[], Path], tmp_path: Path
):
    require_tracing()
    every = found_after_cuts(nursery, workplace(), tmp_path, ("draft", weakness), CONTROLS, late=True)
    assert any(faults for faults in every), "a loss that must happen was not seen"
