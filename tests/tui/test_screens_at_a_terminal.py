import os
import signal
import sys
from pathlib import Path

import pytest
from screens_world import PASSPHRASE, invented_interview, make_world
from terminal import memory_of, terminal

from keys.passphrase import normalise
from tui.strings.sentences import sentence
from vault.clock import SystemClock
from vault.drafts import load_draft
from vault.store import Vault

CANARY = "The heliotrope canary sat on a brass weathervane."
ARABIC_CANARY = "طائر الكناري النحاسي فوق دوّارة الريح"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a Linux pseudo-terminal")


def _world(folder: Path) -> tuple[Path, str]:
    whole = invented_interview()
    whole["account"]["paragraphs"] = [CANARY, ARABIC_CANARY]
    world = make_world(folder, [whole], legal=False)
    return world.field, world.drafts[0]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="reading another process needs root")
def test_after_a_lock_no_passphrase_key_or_testimony_is_left_in_memory(tmp_path: Path) -> None:
    path, record_id = _world(tmp_path)
    with Vault.unlock(path, normalise(PASSPHRASE), clock=SystemClock()) as vault:
        key = vault.identity.secret().reveal()[:32]
    needles = {
        "text": CANARY.encode(),
        "arabic": ARABIC_CANARY.encode("utf-16-le"),
        "arabic bytes": ARABIC_CANARY.encode(),
        "key": key,
        "passphrase": PASSPHRASE.encode(),
        "passphrase, wide": PASSPHRASE.encode("utf-32-le"),
    }
    with terminal(tmp_path, {"TESTIMONY_VAULT": str(path)}) as at:
        at.wait_for(sentence("unlock.intro", "en"))
        at.type(PASSPHRASE)
        at.press("enter")
        at.wait_for(record_id)
        found_open = _found(needles, at.pid)
        at.press("enter")
        at.wait_for("Steps")
        at.press("f2", "f2", "f2")
        at.wait_for("heliotrope")
        found_open |= _found(needles, at.pid)
        before = at.pid
        at.press("f9")
        at.wait_for(sentence("unlock.locked", "en"))
        at.read(1)
        assert _found(needles, before) == set()
        # The control: the same look found them while the vault was open.
        assert {"text", "key", "passphrase"} <= found_open, found_open
        assert "arabic" in found_open or "arabic bytes" in found_open
        at.type(PASSPHRASE)
        at.press("enter")
        at.wait_for(record_id)


def _found(needles: dict[str, bytes], pid: int) -> set[str]:
    memory = memory_of(pid)
    return {name for name, needle in needles.items() if needle in memory}


@pytest.mark.case("CL-03")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_saves_the_draft_and_gives_the_terminal_back(tmp_path: Path, number: signal.Signals) -> None:
    path, record_id = _world(tmp_path)
    with terminal(tmp_path, {"TESTIMONY_VAULT": str(path)}) as at:
        at.wait_for(sentence("unlock.intro", "en"))
        at.type(PASSPHRASE)
        at.press("enter")
        at.wait_for(record_id)
        at.press("enter")
        at.wait_for("Steps")
        at.press("f2", "f2", "f2")
        at.wait_for("heliotrope")
        at.child.send("LAST WORD ")
        at.read(0.3)
        os.kill(at.pid, number)
        assert at.wait_for_end() == 0
        assert (
            at.written.rstrip().endswith((b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l")) or b"\x1b[?1049l" in at.written
        )
    with Vault.unlock(path, normalise(PASSPHRASE), clock=SystemClock()) as vault:
        assert "LAST WORD" in "".join(load_draft(vault, record_id).paragraphs)


@pytest.mark.case("CL-03")
def test_a_stop_signal_locks_instead_of_leaving_keys_in_a_stopped_process(tmp_path: Path) -> None:
    path, record_id = _world(tmp_path)
    with terminal(tmp_path, {"TESTIMONY_VAULT": str(path)}) as at:
        at.wait_for(sentence("unlock.intro", "en"))
        at.type(PASSPHRASE)
        at.press("enter")
        at.wait_for(record_id)
        os.kill(at.pid, signal.SIGTSTP)
        at.wait_for(sentence("unlock.locked", "en"))


_CRASH = """
import sys
from pathlib import Path
from tui import app
from tui.screens.records import RecordsScreen
def fail(self):
    secret_local = "the-secret-" + "local-value"
    raise ZeroDivisionError(secret_local)
RecordsScreen.action_find = fail
sys.exit(app.run(Path(sys.argv[1])))
"""


@pytest.mark.case("CL-06")
def test_a_crash_tells_where_in_the_code_and_nothing_that_was_in_it(tmp_path: Path) -> None:
    path, record_id = _world(tmp_path)
    with terminal(tmp_path, command=["-X", "utf8", "-c", _CRASH, str(path)]) as at:
        at.wait_for(sentence("unlock.intro", "en"))
        at.type(PASSPHRASE)
        at.press("enter")
        at.wait_for(record_id)
        at.press("f3")
        assert at.wait_for_end() == 3
        told = bytes(at.written).decode("utf-8", "replace")
    assert "ZeroDivisionError" in told
    assert "the-secret-local-value" not in told
    assert "Traceback" not in told
    assert CANARY not in told
    assert PASSPHRASE not in told


def test_quitting_leaves_nothing_on_the_terminal_and_exits_with_zero(tmp_path: Path) -> None:
    path, record_id = _world(tmp_path)
    with terminal(tmp_path, {"TESTIMONY_VAULT": str(path), "LANG": "ar_SY.UTF-8"}) as at:
        at.wait_for(sentence("unlock.no-echo", "ar")[:12])
        at.type(PASSPHRASE)
        at.press("enter")
        at.wait_for(record_id)
        at.press("ctrl+q")
        assert at.wait_for_end() == 0


@pytest.mark.case("CL-08")
@pytest.mark.parametrize("kind", ["dumb", "linux", "nonsense-terminal"])
def test_any_terminal_shows_the_first_screen(tmp_path: Path, kind: str) -> None:
    with terminal(tmp_path, {"TERM": kind, "NO_COLOR": "1"}) as at:
        at.wait_for(sentence("title.welcome", "en"))
        at.press("ctrl+q")
        assert at.wait_for_end() == 0
