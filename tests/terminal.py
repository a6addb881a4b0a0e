"""The screens at a real pseudo-terminal, drawn by a terminal emulator; everything written is kept byte by byte."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte
from shared_data import REPOSITORY

PYTHON = sys.executable
KEYS = {
    "enter": "\r", "esc": "\x1b", "tab": "\t", "down": "\x1b[B", "space": " ", "f1": "\x1bOP", "f2": "\x1bOQ",
    "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~",
    "f12": "\x1b[24~", "ctrl+q": "\x11",
}  # fmt: skip


def heed_interrupts() -> None:
    """Ctrl+C reaches a child, also where the tests themselves run in the background, where it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A child at a terminal of 80 columns and 24 lines."""

    def __init__(self, child: pexpect.spawn) -> None:
        self.child = child
        self.written = bytearray()
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def pid(self) -> int:
        return int(self.child.pid)

    def read(self, seconds: float = 0.2) -> None:
        """Take what the child writes until it is quiet."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                data = self.child.read_nonblocking(65536, timeout=0.05)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                return
            self.written += data
            self._stream.feed(data)

    def text(self) -> str:
        return "\n".join(self._screen.display)

    def wait_for(self, words: str, seconds: float = 40) -> None:
        """Wait until the words stand on the screen."""
        self.wait_until(lambda: words in self.text(), words, seconds)

    def wait_until(self, holds: Callable[[], bool], what: str, seconds: float = 40) -> None:
        """Wait until something holds of what is written."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                message = f"the screen never showed {what!r}:\n{self.text()}"
                raise AssertionError(message)
            self.read(0.1)

    def wait_for_end(self, seconds: float = 40) -> int:
        """Wait until the child has ended; its exit code."""
        end = time.monotonic() + seconds
        while self.child.isalive():
            if time.monotonic() > end:
                message = f"the child did not end:\n{self.text()}"
                raise AssertionError(message)
            self.read()
        self.read()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -(self.child.signalstatus or 0))

    def press(self, *names: str) -> None:
        for name in names:
            self.child.send(KEYS.get(name, name))
            self.read(0.4)

    def type(self, text: str) -> None:
        self.child.send(text)
        self.read(0.4)

    def answer(self, question: str, text: str) -> None:
        """Wait until the question is the last thing on the screen, then type the answer and Enter."""
        self.wait_until(lambda: _closed_up(self.text()).endswith(_closed_up(question)), question)
        before = self.text()
        self.child.send(f"{text}\r")
        self.wait_until(lambda: self.text() != before, f"what follows {question}")

    def interrupt(self) -> int:
        """Ctrl+C, once the child waits for a key, as a person does it: again where it came too early; its exit code."""
        for _ in range(8):
            self.read(0.5)
            if not self.child.isalive():
                break
            self.child.sendintr()
            self.read(2)
        return self.wait_for_end()


def _closed_up(text: str) -> str:
    """The text without blanks and line ends, since a terminal breaks lines where it likes."""
    return "".join(text.split())


@contextmanager
def terminal(
    home: Path, variables: Mapping[str, str] | None = None, command: list[str] | None = None
) -> Iterator[Terminal]:
    """The program at a terminal, its home in a folder of the test."""
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        **(variables or {}),
    }
    arguments = command or ["-X", "utf8", "-m", "tui"]
    child = pexpect.spawn(
        PYTHON,
        arguments,
        env=environment,
        cwd=str(REPOSITORY),
        dimensions=(24, 80),
        timeout=40,
        preexec_fn=heed_interrupts,
    )
    at = Terminal(child)
    try:
        yield at
    finally:
        child.close(force=True)


def memory_of(pid: int) -> bytes:
    """Everything readable in the memory of a process; needs the right to trace it."""
    parts = []
    with Path(f"/proc/{pid}/maps").open(encoding="utf-8") as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if "r" not in rights or line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            start, end = (int(each, 16) for each in span.split("-"))
            try:
                memory.seek(start)
                parts.append(memory.read(end - start))
            except (OSError, OverflowError):
                continue
    return b"".join(parts)
