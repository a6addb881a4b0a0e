"""What the system calls say: a whole session of commands opens no network socket."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

NETWORK = re.compile(r"\b(socket|connect|sendto|bind)\(.*\bAF_(INET6?|PACKET|NETLINK)\b")
PASSPHRASE = "invented words of a practice vault 2417"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def strace(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The start of a traced command; skipped where tracing is not possible."""
    program = shutil.which("strace")
    if program is None:
        pytest.skip("strace is not installed")
    probe = subprocess.run([program, "-o", os.devnull, "true"], capture_output=True, check=False)
    if probe.returncode != 0:
        pytest.skip("tracing is not allowed here")
    return [program, "-f", "-qq", "-e", "trace=%network"]


def network_calls(strace: Sequence[str], log: Path, *command: str, passphrase: bool = False) -> list[str]:
    """The lines of the trace that touch a network; the command must have ended well."""
    reader, writer = os.pipe()
    given = ["--passphrase-fd", str(reader)] if passphrase else []
    feed = threading.Thread(target=lambda: (os.write(writer, PASSPHRASE.encode()), os.close(writer)))
    feed.start()
    whole = [*strace, "-o", str(log), sys.executable, *command, *given]
    done = subprocess.run(whole, capture_output=True, text=True, check=False, pass_fds=(reader,), timeout=240)
    feed.join()
    os.close(reader)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in log.read_text().splitlines() if NETWORK.search(line)]


@pytest.mark.case("CL-16")
def test_a_session_of_commands_opens_no_network_socket(strace: list[str], tmp_path: Path, repository: Path):
    interview = next((repository / "tui" / "practice").glob("*en*.json"))
    vault = str(tmp_path / "field.vault")
    session = (
        ("init", vault, "--practice"),
        ("new", vault, "--from", str(interview)),
        ("list", vault),
        ("search", vault, "road"),
        ("custody", vault),
        ("check", vault),
    )
    for verb, *rest in session:
        command = ("-m", "tui", verb, *rest)
        assert network_calls(strace, tmp_path / "trace", *command, passphrase=True) == [], verb


@pytest.mark.case("CL-16")
def test_the_trace_sees_a_socket_where_there_is_one(strace: list[str], tmp_path: Path):
    snippet = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
    assert network_calls(strace, tmp_path / "trace", "-c", snippet)
