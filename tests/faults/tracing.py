"""One system call of a real run made to fail, or the run ended at it, by strace; and the calls of a run written down."""

import contextlib
import functools
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from select import select

import pytest
from shared_data import REPOSITORY

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "mkdir", "openat", "ftruncate")
SOAK = bool(os.environ.get("TESTIMONY_SOAK"))
_CALL = re.compile(rb"^(\d+) +(\w+)\(")


class HarnessError(Exception):
    """The harness itself did not do what it was built for."""


@functools.cache
def why_no_tracing() -> str:
    """Why nothing can be traced here; empty where it can."""
    if shutil.which("strace") is None:
        return "no strace here"
    # As hardened as the vault makes a process: without root such a one cannot be traced.
    program = "import ctypes, time; ctypes.CDLL(None).prctl(4, 0, 0, 0, 0); print(1, flush=True); time.sleep(20)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as sleeper:
        assert sleeper.stdout is not None
        sleeper.stdout.read(1)
        tracer = subprocess.Popen(["strace", "-p", str(sleeper.pid)], stderr=subprocess.PIPE)
        try:
            assert tracer.stderr is not None
            said = _until(tracer.stderr.fileno(), b"attached")
        finally:
            tracer.kill()
            sleeper.kill()
            tracer.communicate()
    return "" if b"attached" in said else "ptrace of a hardened process is not allowed here"


def require_tracing() -> None:
    """Skip, with the reason, where no process can be traced."""
    if why_no_tracing():
        pytest.skip(why_no_tracing())


@dataclass(frozen=True, kw_only=True)
class Point:
    """The `number`-th call of one name by one thread, and what happens there; with `lasting`, at each call after it too."""

    call: str
    number: int
    fault: str = "signal=KILL"
    lasting: bool = False

    def rule(self) -> str:
        return f"inject={self.call}:{self.fault}:when={self.number}{'+' * self.lasting}"


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run said, and how its process ended: negative where a signal ended it."""

    words: tuple[str, ...]
    code: int

    def done(self, what: str) -> list[str]:
        """What followed `done WHAT` in each line that says so."""
        start = f"done {what} "
        return [word[len(start) :] for word in self.words if f"{word} ".startswith(start)]


class Nursery:
    """A process that has everything imported and forks a child for each run, so that a run costs what its work costs."""

    def __init__(self, program: Path) -> None:
        self.program = program
        self._begin()

    def _begin(self) -> None:
        scratch = {"PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            [sys.executable, str(self.program)],
            env={**os.environ, **scratch},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._pending = b""

    def run(self, order: str, attach: Callable[[int], contextlib.AbstractContextManager[object]] | None = None) -> Ran:
        """Everything that a child says; where it says `at PID`, `attach` holds on to it while it goes on."""
        self.say(order)
        words: list[str] = []
        with contextlib.ExitStack() as stack:
            while not (words and words[-1].startswith("gone ")):
                words.append(self.line())
                if words[-1].startswith("at "):
                    if attach is not None:
                        stack.enter_context(attach(int(words[-1][3:])))
                    self.say("go")
        return Ran(words=tuple(words), code=int(words[-1][5:]))

    def say(self, words: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{words}\n".encode())

    def line(self) -> str:
        assert self.process.stdout is not None
        while b"\n" not in self._pending:
            ready, _, _ = select([self.process.stdout], [], [], 60)
            more = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not more:
                raise HarnessError("the child says nothing more")
            self._pending += more
        line, self._pending = self._pending.split(b"\n", 1)
        return line.decode()

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)


@contextlib.contextmanager
def traced(pid: int, *options: str) -> Iterator[None]:
    """Hold strace on a process, from before it goes on until it has ended."""
    tracer = subprocess.Popen(["strace", "-f", *options, "-p", str(pid)], stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    said = _until(tracer.stderr.fileno(), b"attached")
    if b"attached" not in said:
        tracer.kill()
        tracer.communicate()
        raise HarnessError(said.decode(errors="replace"))
    try:
        yield
    finally:
        tracer.communicate(timeout=30)


def faulty(point: Point) -> Callable[[int], contextlib.AbstractContextManager[None]]:
    """Let one call of the process fail as the point says."""
    return lambda pid: traced(pid, "-o", os.devnull, f"-etrace={point.call}", "-e", point.rule())


def points(
    nursery: Nursery, order: str, scratch: Path, fault: str = "signal=KILL", calls: tuple[str, ...] = CALLS
) -> list[Point]:
    """Every call of these names in a run, as places for a fault: strace counts in each thread by itself."""
    report = scratch / "calls"
    ran = nursery.run(order, lambda pid: traced(pid, "-o", str(report), f"-etrace={','.join(calls)}"))
    if "ended" not in ran.words or any(word.startswith(("refused", "crashed")) for word in ran.words):
        raise HarnessError(f"a run without a fault: {ran.words}")
    counts: Counter[tuple[bytes, bytes]] = Counter()
    for line in report.read_bytes().splitlines():
        found = _CALL.match(line)
        if found is not None:
            counts[found[1], found[2]] += 1
    if not counts:
        raise HarnessError("no call was seen")
    most: dict[str, int] = {}
    for (_, call), count in counts.items():
        most[call.decode()] = max(most.get(call.decode(), 0), count)
    return [Point(call=call, number=number + 1, fault=fault) for call in calls for number in range(most.get(call, 0))]


def sample(every: list[Point], count: int) -> list[Point]:
    """`count` of the points, spread evenly over all; all of them in a soak."""
    if SOAK or len(every) <= count:
        return every
    return [every[place * len(every) // count] for place in range(count)]


def _until(descriptor: int, word: bytes, seconds: float = 10) -> bytes:
    said, end = b"", time.monotonic() + seconds
    while word not in said and time.monotonic() < end:
        ready, _, _ = select([descriptor], [], [], 0.5)
        more = os.read(descriptor, 4096) if ready else None
        if more == b"":
            break
        said += more or b""
    return said
