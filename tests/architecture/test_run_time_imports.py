"""What is really loaded, beside what the import statements say."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REST = {"argon2", "sqlcipher3", "shamir_mnemonic", "textual", "rich", "click", "platformdirs"}
NETWORK = {"socket", "ssl", "_socket", "_ssl", "http", "urllib.request", "asyncio"}

LOADED = """
import importlib, json, pkgutil, sys
before = set(sys.modules)
for name in json.loads(sys.argv[1]):
    module = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded(repository: Path, *names: str) -> set[str]:
    command = [sys.executable, "-c", LOADED, json.dumps(names)]
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
    ours = loaded(repository, "keys", "testimony", "vault")
    # What a library of ours would load by itself is not ours to forbid, but is to be known: cryptography loads none.
    assert ours & NETWORK == set()


def test_the_probe_sees_a_network_module_that_is_loaded(repository: Path):
    assert "socket" in loaded(repository, "http.client")


def test_the_help_of_the_command_loads_no_screen_and_no_database(repository: Path):
    if not (repository / "tui" / "__main__.py").exists():
        pytest.skip("tui has no command yet")
    assert loaded(repository, "tui.__main__") & {"textual", "rich", "sqlcipher3", "argon2", "cryptography"} == set()
