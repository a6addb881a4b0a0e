"""A day's work in phases, for the fault tests: it says what is done only when it is done, and waits where it is told.

Each line on stdin is `FOLDER PHASE MODE`; for it a child process begins, works in FOLDER up to PHASE, says `at PID`,
waits for one more line, and does that phase.  MODE `early` speaks before the work, `normal` and `delete` weaken the
database: the controls.  Words leave by `writev`, into which no fault is injected, so that they are never what breaks.
"""

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from practice_vaults import BODY, PURPOSE, acquaint, interview_json, make_vault, passphrase, receive

from keys.errors import KeysError
from testimony.errors import TestimonyError
from testimony.interview import Interview, parse_interview
from tui.failures import exit_code
from vault import _sqlcipher
from vault.attachments import attach
from vault.drafts import new_draft, save_draft
from vault.errors import VaultError
from vault.handover import prepare, seal
from vault.records import finish
from vault.store import Vault

SAVES = 4
WEAK = {
    "normal": {"synchronous": ("synchronous = NORMAL", "synchronous", 1)},
    "delete": {
        "journal_mode": ("journal_mode = DELETE", "journal_mode", "delete"),
        "locking_mode": ("locking_mode = NORMAL", "locking_mode", "normal"),
    },
}


def say(*words: object) -> None:
    os.writev(1, [(" ".join(map(str, words)) + "\n").encode()])


def line() -> str:
    taken = b""
    while not taken.endswith(b"\n"):
        more = os.read(0, 1)
        if not more:
            os._exit(0)
        taken += more
    return taken.decode().rstrip("\n")


def numbered(number: int) -> Interview:
    return parse_interview(interview_json(note=str(number)))


class Work:
    """The phases, in order; each says what a person would have been told."""

    def __init__(self, folder: Path, early: bool) -> None:
        self.folder = folder
        self.early = early
        self.field = folder / "field-1.vault"
        self.legal = folder / f"{BODY}.vault"
        self.record_id = ""
        self.bundle = folder
        self.vault: Vault | None = None

    def done(self, what: str, work: Callable[[], object]) -> None:
        """Do it, then say so; the control says so first."""
        if self.early:
            say("done", what)
        answer = work()
        if not self.early:
            say("done", what, answer or "")

    @contextlib.contextmanager
    def opened(self) -> Iterator[Vault]:
        with Vault.unlock(self.field, passphrase()) as vault:
            yield vault

    def create(self) -> None:
        self.done("create", lambda: make_vault(self.folder, "field-1", prefix="TST").lock())

    def draft(self) -> None:
        with self.opened() as vault, Vault.unlock(self.legal, passphrase()) as legal:
            acquaint(vault, legal)
        with self.opened() as vault:
            self.record_id = new_draft(vault, numbered(0))
            for number in range(1, SAVES):
                self.done(f"draft {number}", lambda number=number: save_draft(vault, self.record_id, numbered(number)))
                if number == SAVES // 2:
                    vault.settle()
            self.done("locked", lambda: "")

    def attach(self) -> None:
        with self.opened() as vault:
            work = lambda: attach(vault, self.record_id, self.folder / "source.bin", kind="photo").sha256  # noqa: E731
            self.done("attach", work)

    def finish(self) -> None:
        with self.opened() as vault:
            self.done("finish", lambda: finish(vault, self.record_id).control_number)

    def seal(self) -> None:
        with self.opened() as vault:
            handover = prepare(vault, to=BODY, purpose=PURPOSE, profile="full")

            def sealed() -> str:
                self.bundle = seal(vault, handover, self.folder / "out").path
                return self.bundle.name

            self.done("seal", sealed)

    def receive(self) -> None:
        with Vault.unlock(self.legal, passphrase()) as legal:
            self.done("receive", lambda: receive(legal, self.bundle, receipt_folder=self.folder / "out").verdict)


PHASES = ("create", "draft", "attach", "finish", "seal", "receive")


def run(folder: Path, phase: str, mode: str) -> None:
    work = Work(folder, mode == "early")
    weak = WEAK.get(mode, {})
    _sqlcipher._SETTINGS = tuple(weak.get(setting[1], setting) for setting in _sqlcipher._SETTINGS)
    try:
        for name in PHASES:
            if name == phase:
                say("at", os.getpid())
                line()
            getattr(work, name)()
            if name == phase:
                break
    except (VaultError, TestimonyError, KeysError) as error:
        say("refused", exit_code(error), error.code)
    except BaseException as error:  # noqa: BLE001  # this is what the test looks for
        say("crashed", type(error).__name__)
    say("ended")


def main() -> None:
    while True:
        folder, phase, mode = line().split(" ")
        child = os.fork()
        if child == 0:
            with contextlib.suppress(
                AttributeError
            ):  # else a tracer that is no ancestor is turned away where Yama guards
                ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
            run(Path(folder), phase, mode)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say("gone", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    sys.exit(main())
