"""What is really loaded, beside what the import statements say."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REST = {"argon2", "sqlcipher3", "shamir_mnemonic", "textual", "rich", "click", "platformdirs"}
NETWORK = {"socket", "ssl", "_socket", "_ssl", "http", "urllib.request", "asyncio"}

# `cryptography.x509` loads email.utils, which loads socket and opens none: the door of time-stamps needs it, and only
# the commands about time go through that door.
TIME_STAMPS = ("vault._rfc3161", "vault.time_stamps")
LOADED = """
import importlib, json, pkgutil, sys
before, left_out = set(sys.modules), json.loads(sys.argv[2])
for name in json.loads(sys.argv[1]):
    module = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        if not found.name.endswith("__main__") and found.name not in left_out:
            importlib.import_module(found.name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded(repository: Path, *names: str, without: tuple[str, ...] = ()) -> set[str]:
    command = [sys.executable, "-c", LOADED, json.dumps(names), json.dumps(without)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_testimony_loads_nothing_an_expert_has_not_installed(repository: Path):
    assert loaded(repository, "testimony") & REST == set()


def test_the_expert_command_loads_nothing_more(repository: Path):
    if not (repository / "testimony" / "__main__.py").exists():
        pytest.skip("testimony has no command yet")
    assert loaded(repository, "testimony.__main__") & REST == set()


def test_the_probe_sees_a_package_that_is_loaded(repository: Path):
    assert "argon2" in loaded(repository, "argon2")


def test_nothing_below_the_screens_loads_a_network_module(repository: Path):
    # What a library of ours would load by itself is not ours to forbid, but is to be known.
    assert loaded(repository, "keys", "testimony", "vault", without=TIME_STAMPS) & NETWORK == set()
    assert loaded(repository, *TIME_STAMPS) & NETWORK == {"socket", "_socket"}


def test_the_probe_sees_a_network_module_that_is_loaded(repository: Path):
    assert "socket" in loaded(repository, "http.client")


def test_the_help_of_the_command_loads_no_screen_and_no_database(repository: Path):
    if not (repository / "tui" / "__main__.py").exists():
        pytest.skip("tui has no command yet")
    assert loaded(repository, "tui.__main__") & {"textual", "rich", "sqlcipher3", "argon2", "cryptography"} == set()
