"""The long figures, and what came of them, in docs/results/figures.md.

    python tests/soak/run.py [FIGURE...]

Without names it runs every figure.  A figure that is run alone replaces its own section and leaves the others as they are.
Exit code 1 where one of them was not reached.
"""

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parents[1]
REPOSITORY = TESTS.parent
RESULTS = REPOSITORY / "docs" / "results" / "figures.md"
EXECUTIONS = int(os.environ.get("TESTIMONY_FUZZ", "200000"))
SECONDS = int(os.environ.get("TESTIMONY_FUZZ_SECONDS", "0"))  # for each reader; 0: as long as it takes
FUZZED = [name for name in os.environ.get("TESTIMONY_FUZZ_READERS", "").split(",") if name]  # none: every reader
MUTANTS = int(os.environ.get("TESTIMONY_MUTANTS", "400"))
LONGEST = 6 * 3600  # seconds

sys.path[:0] = [str(REPOSITORY), str(TESTS)]

from soak.fuzz_results import commit, kept  # noqa: E402  # from the path set above


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Whether a figure was reached, and the lines that say what was counted."""

    reached: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure by its number: what is to be reached, and how it is run."""

    id: str
    wanted: str
    run: Callable[[], Outcome]


def _process(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"TESTIMONY_SOAK": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


def _tests(*paths: str) -> Callable[[], Outcome]:
    """Tests in their long form; they print what they counted in lines that begin with `figure:`."""

    def run() -> Outcome:
        done = _process("-m", "pytest", "-q", "-rA", "--timeout=0", "-p", "no:cacheprovider", *paths)
        counted = re.findall(r"^figure: (.+)$", done.stdout, re.MULTILINE)
        summary = done.stdout.strip().splitlines()[-1:] or ["nothing was printed"]
        failed = re.findall(r"^(?:FAILED|ERROR) .+", done.stdout, re.MULTILINE)
        return Outcome(reached=done.returncode == 0, lines=(*dict.fromkeys(counted), *failed, summary[0].strip("= ")))

    return run


def _fuzz() -> Outcome:
    done = _process("tests/soak/fuzz.py", str(EXECUTIONS), str(SECONDS), *FUZZED)
    control = _process("tests/soak/fuzz.py", "100000", "0", "fragile")
    caught = control.returncode == 1 and re.search(r"(Type|Key)Error", control.stdout) is not None
    runs = sorted(kept().values(), key=lambda one: one.reader)
    short = [one.reader for one in runs if one.executions < EXECUTIONS]
    lines = (
        f"{len(runs)} readers, {sum(one.executions for one in runs):,} executions in all, from seed 2031",
        f"control, a reader that breaks: {'caught' if caught else '**NOT CAUGHT**'}",
        f"fewer executions than {EXECUTIONS:,}, for want of time: {', '.join(short) or 'none'}",
        *(one.line() for one in runs),
    )
    held = done.returncode == 0 and all(one.held for one in runs)
    return Outcome(reached=held and caught and not short, lines=lines)


def _mutants(part: str) -> Callable[[], Outcome]:
    return _program("tests/soak/mutation.py", str(MUTANTS), part)


def _hand_written() -> Outcome:
    from mutants.test_promises import ALL

    run = _tests("tests/mutants")()
    return Outcome(reached=run.reached, lines=(*run.lines, *(f"{number}. {one}" for number, one in enumerate(ALL, 1))))


def _program(*arguments: str) -> Callable[[], Outcome]:
    def run() -> Outcome:
        done = _process(*arguments)
        return Outcome(reached=done.returncode == 0, lines=tuple(done.stdout.strip().splitlines()))

    return run


FIGURES = (
    Figure(
        id="F1-F4",
        wanted="kill, refusal and power cut at every call: no acknowledged save lost; the controls lose some",
        run=_tests("tests/faults"),
    ),
    Figure(
        id="F6",
        wanted="every bit of a small bundle and 10,000 in 50 MiB: 100 % refused",
        run=_tests("tests/testimony/test_every_bit_of_a_bundle.py"),
    ),
    Figure(id="F7", wanted="200,000 executions of each parser: no undeclared exception", run=_fuzz),
    Figure(
        id="F8",
        wanted="every vector refused with its class by both verifiers",
        run=_tests("tests/conformance", "tests/testimony/test_malformed_bundles.py"),
    ),
    Figure(
        id="F11",
        wanted="200 canaries in 12 encodings: 0 hits, control 200 of 200; 500 pairs of twins of equal size",
        run=_tests("tests/testimony/test_nothing_withheld_leaks.py", "tests/testimony/test_canaries.py"),
    ),
    *(
        Figure(id=f"F21-{part}", wanted=f"85 % of a sample of mutants of {part} killed", run=_mutants(part))
        for part in ("redaction", "custody", "consent", "bundle")
    ),
    Figure(id="F21-hand", wanted="all hand-written mutants killed", run=_hand_written),
    Figure(id="speed", wanted="within the limits that it prints", run=_program("bench/redaction.py")),
)


def _section(figure: Figure, outcome: Outcome, seconds: float) -> str:
    state = "reached" if outcome.reached else "**not reached**"
    listed = "\n".join(f"- {line}" for line in outcome.lines)
    return f"## {figure.id}\n\n{figure.wanted}: {state}, in {seconds:.0f} s.\n\n{listed}\n"


def _head() -> str:
    on = time.strftime("%Y-%m-%d", time.gmtime())
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"Last run {on} at commit {commit()} on {machine}.\n"


def _written(sections: dict[str, str]) -> str:
    intro = "# Figures\n\nWritten by `make soak`; the figures by their numbers are told in SECURITY.md. CI runs a short form of each.\n"
    order = [figure.id for figure in FIGURES]
    return "\n".join([intro, *(sections[name] for name in order if name in sections)])


def _known() -> dict[str, str]:
    if not RESULTS.exists():
        return {}
    parts = re.split(r"^(?=## )", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {part.split("\n", 1)[0].removeprefix("## "): part.rstrip("\n") + "\n" for part in parts}


def main(names: Sequence[str]) -> int:
    """Run figures, write the page after each, so that a long run that is stopped loses nothing."""
    unknown = set(names) - {figure.id for figure in FIGURES}
    if unknown:
        print(f"no such figure: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    reached = True
    for figure in FIGURES:
        if names and figure.id not in names:
            continue
        print(f"== {figure.id}: {figure.wanted}", flush=True)
        started = time.monotonic()
        outcome = figure.run()
        reached = reached and outcome.reached
        text = _section(figure, outcome, time.monotonic() - started) + "\n" + _head()
        print(text, flush=True)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(_written(_known() | {figure.id: text}), encoding="utf-8")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
