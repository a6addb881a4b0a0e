"""A disk that refuses or is full at any write or sync of a day's work: said as what it is, nothing acknowledged lost."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import descriptor_of
from faults.audit import faults_in
from faults.tracing import SOAK, Nursery, faulty, points, require_tracing, sample
from practice_vaults import PASSPHRASE, make_vault
from shared_data import REPOSITORY

PHASES = ("create", "draft", "attach", "finish", "seal", "receive")
CALLS = ("write", "pwrite64", "fsync", "fdatasync")
EACH = 3
ERRORS = {"EIO": "error=EIO", "ENOSPC": "error=ENOSPC", "full": "error=ENOSPC"}
MACHINE = "3"


@pytest.mark.slow
@pytest.mark.case("FS-09", "VF-16")
@pytest.mark.timeout(0 if SOAK else 300)
@pytest.mark.parametrize("error", ["EIO", "ENOSPC", "full"])
@pytest.mark.parametrize("phase", PHASES)
def test_a_disk_that_refuses_any_call_is_named_and_costs_nothing_acknowledged(
    phase: str, error: str, nursery: Nursery, workplace: Callable[[], Path], tmp_path: Path
):
    require_tracing()
    every = points(nursery, f"{workplace()} {phase} honest", tmp_path, ERRORS[error], CALLS)
    found, refused = [], 0
    for point in sample(every, EACH):
        day = workplace()
        ran = nursery.run(f"{day} {phase} honest", faulty(replace(point, lasting=error == "full")))
        answers = [word.split() for word in ran.words if word.startswith("refused")]
        refused += len(answers)
        found += [f"{point.call} {point.number}: {fault}" for fault in faults_in(day, ran)]
        found += [f"{point.call} {point.number}: {answer}" for answer in answers if answer[1] != MACHINE]
    assert found == []
    print(f"{phase}: {error} at {len(sample(every, EACH))} of {len(every)} calls, said {refused} times")


@pytest.mark.case("FS-09")
@pytest.mark.parametrize(("call", "error"), [("fsync", "EIO"), ("pwrite64", "ENOSPC"), ("fsync", "none")])
def test_the_command_says_in_a_sentence_that_the_disk_refuses(call: str, error: str, tmp_path: Path):
    require_tracing()
    make_vault(tmp_path, "field-1").lock()
    inject = ["-e", f"inject={call}:error={error}:when=1+"] if error != "none" else []
    tracer = ["strace", "-f", "-qq", "-o", "/dev/null", f"-etrace={call}", *inject]
    with descriptor_of(PASSPHRASE.encode()) as number:
        command = [sys.executable, "-m", "tui", "list", "--passphrase-fd", str(number), str(tmp_path / "field-1.vault")]
        ran = subprocess.run(
            [*tracer, *command],
            cwd=REPOSITORY,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            pass_fds=(number,),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert "Traceback" not in ran.stderr
    assert ran.stderr.strip()
    assert ran.returncode == (0 if error == "none" else int(MACHINE))
