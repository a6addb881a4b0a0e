"""kill -9 in the middle of saves: what was said to be saved is there, and the vault opens and is whole."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select

import pytest
from practice_vaults import make_vault, passphrase

from vault.check import check_vault
from vault.drafts import list_drafts, load_draft
from vault.store import Vault

ROUNDS = 1_000 if os.environ.get("TESTIMONY_SOAK") else 25


class Nursery:
    """One process that forks a child for each round, so that a round costs milliseconds."""

    def __init__(self, repository: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("saving_child.py"))],
            cwd=repository,
            env={**os.environ, "PYTHONPATH": f"{repository}{os.pathsep}{repository / 'tests'}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.pending = b""

    def line(self) -> str:
        while b"\n" not in self.pending:
            self.pending += self._more(30)
        line, self.pending = self.pending.split(b"\n", 1)
        return line.decode()

    def _more(self, seconds: float) -> bytes:
        assert self.process.stdout is not None
        ready, _, _ = select([self.process.stdout], [], [], seconds)
        assert ready, "the child says nothing"
        data = os.read(self.process.stdout.fileno(), 65536)
        assert data, "the nursery ended"
        return data

    def run_and_kill(self, order: str, seconds: float) -> list[str]:
        """Everything that the child said before it was killed, `seconds` after it was ready."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{order}\n".encode())
        self.process.stdin.flush()
        words: list[str] = []
        pid = None
        while pid is None or "open" not in words:
            word = self.line()
            if word.startswith("pid "):
                pid = int(word[4:])
            else:
                words.append(word)
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        while words[-1] != "ended":
            words.append(self.line())
        return words[:-1]

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@pytest.fixture
def nursery(repository: Path) -> Iterator[Nursery]:
    made = Nursery(repository)
    yield made
    made.close()


def stored_number(path: Path, whole: Callable[[Vault], None]) -> int:
    with Vault.unlock(path, passphrase()) as vault:
        whole(vault)
        return int(load_draft(vault, list_drafts(vault)[0].record_id).note)


def holds(vault: Vault) -> None:
    report = check_vault(vault)
    assert report.holds, report.findings


def lost_saves(nursery: Nursery, folder: Path, mode: str, rounds: int) -> int:
    """How many rounds ended with a save lost that had been acknowledged; a round also opens and checks the vault."""
    make_vault(folder, "field-1").lock()
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"invented" * 9000)
    path, chance, lost, said = folder / "field-1.vault", random.Random(11), 0, 0
    for _ in range(rounds):
        words = nursery.run_and_kill(f"{mode} {path}", chance.uniform(0.001, 0.12))
        acknowledged = max([int(word) for word in words if word.isdigit()], default=0)
        said += acknowledged > 0
        lost += stored_number(path, holds) < acknowledged
    assert said > rounds // 2, "most kills came before the first word: the test proves nothing"
    return lost


@pytest.mark.slow
@pytest.mark.case("FS-08")
@pytest.mark.timeout(0 if os.environ.get("TESTIMONY_SOAK") else 300)
def test_no_acknowledged_save_is_lost_to_a_kill(nursery: Nursery, tmp_path: Path):
    assert lost_saves(nursery, tmp_path, "honest", ROUNDS) == 0


@pytest.mark.case("FS-08")
def test_the_harness_catches_a_program_that_speaks_before_it_saves(nursery: Nursery, tmp_path: Path):
    assert lost_saves(nursery, tmp_path, "early", 12) > 0


def test_a_creation_that_is_killed_leaves_a_whole_vault_or_none(nursery: Nursery, tmp_path: Path):
    chance, interrupted = random.Random(5), 0
    for _ in range(15):
        nursery.run_and_kill(f"making {tmp_path}", chance.uniform(0.001, 0.1))
    for path in tmp_path.iterdir():
        if path.suffix == ".vault":
            with Vault.unlock(path, passphrase()) as vault:
                holds(vault)
        else:
            interrupted += 1
            assert path.name.startswith("."), "a half-made vault has no name that a person would open"
            assert path.suffix == ".part"
    assert interrupted > 0, "no kill fell into a creation: the test proves nothing"


def test_an_attachment_is_whole_or_absent_after_a_kill(nursery: Nursery, tmp_path: Path):
    make_vault(tmp_path, "field-1").lock()
    (tmp_path / "picture.png").write_bytes(os.urandom(3_000_000))
    path = tmp_path / "field-1.vault"
    for seconds in (0.02, 0.05, 0.08, 0.11, 0.14):
        nursery.run_and_kill(f"honest {path}", seconds)
        with Vault.unlock(path, passphrase()) as vault:
            holds(vault)
            assert not list((path / "attachments").rglob("*.part"))
