"""Sealing and opening beside the stock `age`: one run, one table of ratios; above 1 we are the faster.

Usage: python -m bench.sealing [MEBIBYTES] [FOLDER]
Without arguments: 1024 MiB in the system's folder for temporary files.

Each time is that of a whole process, start included, and the best of three, taken in turn with its counterpart.
`age` seals to an X25519 key: Debian's knows no other kind, and at this size the kind of key makes no difference.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from keys.digests import Digest
from keys.sealing import HybridIdentity, open_stream, seal_stream
from keys.secret import Secret

REPOSITORY = Path(__file__).resolve().parent.parent
ROUNDS = 3
TARGETS = {"sealing": 0.9, "opening": 1.2, "sealing with digests": 1.3}
MOST_MEMORY_KIB = 256 * 1024


def main() -> int:
    """Run the comparison and print it; 1 when a ratio misses its target."""
    if sys.argv[1:2] == ["--work"]:
        return work(*sys.argv[2:])
    if not shutil.which("age"):
        print("no age on this machine: nothing to compare with")
        return 0
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    parent = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        return compare(Path(folder), size)


def compare(folder: Path, size: int) -> int:
    """Measure each pair in turn and print time, ratio and memory."""
    prepare(folder, size)
    pairs: dict[str, tuple[Callable[[], int], Callable[[], int]]] = {
        "sealing": (lambda: ours(folder, "seal"), lambda: age_seals(folder)),
        "opening": (lambda: ours(folder, "open"), lambda: age_opens(folder)),
        "sealing with digests": (lambda: ours(folder, "seal-digests"), lambda: age_seals_and_sums(folder)),
    }
    print(f"{size} MiB, best of {ROUNDS}{'':19}ours       age     ratio   target   our memory")
    missed = 0
    for name, (one, other) in pairs.items():
        best, best_other, memory = float("inf"), float("inf"), 0
        for _ in range(ROUNDS):
            elapsed_other, _ = timed(other)
            elapsed, used = timed(one)
            best, best_other, memory = min(best, elapsed), min(best_other, elapsed_other), max(memory, used)
        ratio = best_other / best
        missed += ratio < TARGETS[name] or memory > MOST_MEMORY_KIB
        print(f"{name:30}{best:9.2f} s{best_other:8.2f} s{ratio:9.2f}{TARGETS[name]:9.1f}{memory // 1024:9} MiB")
    return 1 if missed else 0


def prepare(folder: Path, size: int) -> None:
    """Random data, keys of both kinds, and a sealed file of each."""
    with (folder / "plain").open("wb") as plain:
        for _ in range(size):
            plain.write(os.urandom(1024 * 1024))
    subprocess.run(["age-keygen", "-o", folder / "age.key"], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", folder / "age.key"], check=True, capture_output=True, text=True)
    (folder / "age.pub").write_text(public.stdout)
    ours(folder, "seal")
    age_seals(folder)


def timed(action: Callable[[], int]) -> tuple[float, int]:
    """Seconds, and the most memory in KiB."""
    began = time.perf_counter()
    memory = action()
    return time.perf_counter() - began, memory


def run(*command: str | Path) -> int:
    """Run a program to its end; the most memory it used, in KiB."""
    child = subprocess.Popen([str(word) for word in command], cwd=REPOSITORY)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{command[0]} failed")
    return usage.ru_maxrss


def ours(folder: Path, task: str) -> int:
    """One task of ours in a process of its own."""
    return run(sys.executable, "-m", "bench.sealing", "--work", task, folder)


def age_seals(folder: Path) -> int:
    """Stock age seals."""
    return run("age", "-R", folder / "age.pub", "-o", folder / "theirs.age", folder / "plain")


def age_opens(folder: Path) -> int:
    """Stock age opens."""
    return run("age", "-d", "-i", folder / "age.key", "-o", folder / "theirs.plain", folder / "theirs.age")


def age_seals_and_sums(folder: Path) -> int:
    """Stock age seals, then the digests of both files are taken."""
    memory = age_seals(folder)
    with Path(os.devnull).open("w") as nowhere:
        for name in ("plain", "theirs.age"):
            subprocess.run(["sha256sum", folder / name], check=True, stdout=nowhere)
    return memory


def work(task: str, place: str) -> int:
    """The part that runs in its own process."""
    folder = Path(place)
    identity = HybridIdentity(Secret(hashlib.sha256(b"invented key of a benchmark").digest()))
    if task == "open":
        with unbuffered(folder / "ours.age", "rb") as source, unbuffered(folder / "ours.plain", "wb") as sink:
            open_stream(source, sink, [identity])
    elif task in ("seal", "seal-digests"):
        read, written = (Digest(), Digest()) if task == "seal-digests" else (None, None)
        with unbuffered(folder / "plain", "rb") as source, unbuffered(folder / "ours.age", "wb") as sink:
            seal_stream(source, sink, [identity.recipient()], source_digest=read, sealed_digest=written)
    return 0


def unbuffered(path: Path, mode: str) -> BinaryIO:
    """An open file without a buffer of Python's own."""
    return cast("BinaryIO", path.open(mode, buffering=0))


if __name__ == "__main__":
    sys.exit(main())
