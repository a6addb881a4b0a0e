"""F7: readers under atheris, one after the other; branches that an input reaches lead to the next input.

    python tests/soak/fuzz.py EXECUTIONS SECONDS [READER...]

Without names it takes every reader.  A reader ends after so many executions, or after so many seconds where SECONDS is not
0; what came of it goes to docs/results/fuzz.csv at once, so that a run that is stopped loses nothing.  Ends with exit code
0 when no input ended in anything but a value or an error of our own within two seconds.  The reader `fragile` is the
control: it must be caught, and is not written down.
"""

import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

with atheris.instrument_imports(include=["keys", "testimony", "vault", "tui"], enable_loader_override=False):
    from soak.readers import FRAGILE, READERS
    from soak.spoiling import OURS, Reader, exchanged, spoiled

from soak.fuzz_results import Run, commit, keep  # noqa: E402  # from the path set above

SEED = 2031
_EXECUTED = re.compile(r"number_of_executed_units: (\d+)")
_EXCEPTION = re.compile(r"=== Uncaught Python exception: ===\n(.*)")


def target(reader: Reader) -> Callable[[bytes], None]:
    """What atheris calls: an exception that is not declared ends the run."""

    def read(data: bytes) -> None:
        try:
            reader.read(data)
        except OURS:
            return

    return read


def mutator(reader: Reader) -> Callable[[bytes, int, int], bytes]:
    """Half of the changes are atheris's own, the others know what the format is made of."""

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)  # which input comes next is no secret
        if chance.random() < 0.5:
            return atheris.Mutate(data, len(data) + 64)[:max_size]
        if reader.json and chance.random() < 0.5:
            return (_exchanged(data, chance) or spoiled(reader.good(), chance))[:max_size]
        return spoiled(data or reader.good(), chance)[:max_size]

    return mutate


def _exchanged(data: bytes, chance: random.Random) -> bytes | None:
    """The JSON with one value exchanged; not by our own code, which atheris watches and would take for a new branch."""
    try:
        value = exchanged(json.loads(data), chance)
    except (ValueError, RecursionError):
        return None
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + (b"\n" if data.endswith(b"\n") else b"")


def fuzz(reader: Reader, executions: int, seconds: int) -> Run:
    """What came of one reader; in a process of its own, since atheris ends the one it runs in."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory(prefix="corpus-") as corpus:
        child = os.fork()
        if child == 0:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            _fuzz_here(reader, Path(corpus), [f"-runs={executions}", f"-max_total_time={seconds}"])
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        log.seek(0)
        said = log.read().decode("utf-8", "replace")
    ran, raised = _EXECUTED.search(said), _EXCEPTION.search(said)
    held = code == 0 and ran is not None
    outcome = "held" if held else raised[1] if raised else f"exit code {code}"
    return Run(
        reader=reader.name,
        executions=int(ran[1]) if ran else 0,
        seconds=round(time.monotonic() - started),
        seed=SEED,
        commit=commit(),
        outcome=outcome,
    )


def _fuzz_here(reader: Reader, corpus: Path, limits: Sequence[str]) -> None:
    good = reader.good()
    (corpus / "good").write_bytes(good)
    kept = Path(tempfile.gettempdir()) / f"fuzz-{reader.name.replace(' ', '-')}-"
    sizes = [f"-max_len={2 * len(good) + 4096}", "-timeout=2", "-rss_limit_mb=2048", f"-seed={SEED}"]
    quiet = ["-verbosity=0", "-print_final_stats=1", f"-artifact_prefix={kept}"]
    atheris.Setup([sys.argv[0], *limits, *sizes, *quiet, str(corpus)], target(reader), custom_mutator=mutator(reader))
    atheris.Fuzz()


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 where a reader was caught."""
    executions, seconds, *names = arguments
    known = {one.name: one for one in (*READERS, FRAGILE)}
    held = True
    for reader in [known[name] for name in names] or READERS:
        reader.read(reader.good())
        run = fuzz(reader, int(executions), int(seconds))
        held = held and run.held
        if reader is not FRAGILE:
            keep(run)
        print(run.line(), flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
