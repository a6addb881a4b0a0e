"""How long a person waits before anything is seen: processor time of `testimony --help`, seconds to the first screen.

Both are printed beside a bare interpreter's start on the same machine, in one run.
"""

import os
import pty
import resource
import select
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 7
HELP_LIMIT = 0.3  # seconds of processor time
PAINT_LIMIT = 0.6  # seconds until the first screen stands
TESTIMONY = [sys.executable, "-X", "utf8", "-m", "tui"]


def processor_seconds(command: list[str]) -> float:
    """The processor time of one run of a command, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment(), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds_to_paint(command: list[str]) -> float:
    """The seconds from the start until the first screen has shown words of ours at a real terminal."""
    started = time.monotonic()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], command, environment())
    seen = b""
    try:
        while b"testimony" not in seen.lower() and time.monotonic() - started < 10:
            ready, _, _ = select.select([terminal], [], [], 0.05)
            if ready:
                seen += os.read(terminal, 65536)
        return time.monotonic() - started
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


def environment() -> dict[str, str]:
    """A terminal of 80 by 24, in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TEXTUAL"))}
    return {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}


def main() -> None:
    """Print the best of a few rounds, and what a bare interpreter takes."""
    os.chdir(Path(__file__).parent.parent)
    bare = min(processor_seconds([sys.executable, "-c", "pass"]) for _ in range(ROUNDS))
    helped = min(processor_seconds([*TESTIMONY, "--help"]) for _ in range(ROUNDS))
    painted = min(seconds_to_paint(TESTIMONY) for _ in range(ROUNDS))
    times = f"{helped / bare:.1f} times a bare interpreter"
    print(f"testimony --help   {helped:.2f} s of processor time (limit {HELP_LIMIT}), {times}")
    print(f"first screen       {painted:.2f} s (limit {PAINT_LIMIT})")


if __name__ == "__main__":
    main()
