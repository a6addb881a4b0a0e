import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGES = ("keys", "testimony", "vault", "tui")

# One forbidden import a contract: the contract's name, the module that imports, and the line.
BREACHES = (
    ("Layers", "keys/odd.py", "import vault.odd"),
    ("Door: cryptography", "testimony/odd.py", "import cryptography"),
    ("Door: argon2", "vault/odd.py", "import argon2"),
    ("Door: sqlcipher3", "vault/odd.py", "import sqlite3"),
    ("Door: word lists", "vault/odd.py", "import shamir_mnemonic"),
    ("Door: screens", "vault/odd.py", "import click"),
    ("Door: time-stamp", "vault/odd.py", "import rfc3161_client"),
    ("An expert needs", "testimony/odd.py", "import keys._argon2"),
    ("No network", "tui/odd.py", "import urllib.request"),
    ("No event loop", "vault/odd.py", "import asyncio"),
    ("No other program", "tui/odd.py", "import subprocess"),
    ("keys and testimony", "testimony/odd.py", "import os"),
    ("Chance", "vault/odd.py", "import secrets"),
    ("vault: disk", "vault/odd.py", "import tempfile"),
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
        "--no-logo",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def skeleton(tmp_path: Path, repository: Path) -> Path:
    """An empty project under the same contracts, with the argon2 door in its place."""
    (tmp_path / "pyproject.toml").write_text((repository / "pyproject.toml").read_text())
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("")
        (tmp_path / package / "odd.py").write_text("")
    (tmp_path / "keys" / "_argon2.py").write_text("import argon2\n")
    return tmp_path


def test_every_contract_is_kept(repository: Path):
    done = lint(repository)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_empty_project_keeps_every_contract(skeleton: Path):
    done = lint(skeleton)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "module", "line"), BREACHES, ids=[breach[0] for breach in BREACHES])
def test_a_forbidden_import_breaks_its_contract(skeleton: Path, contract: str, module: str, line: str):
    (skeleton / module).write_text(f"{line}\n")
    done = lint(skeleton)
    assert done.returncode != 0
    assert re.search(rf"^{re.escape(contract)}.* BROKEN", done.stdout, re.MULTILINE), done.stdout


def test_every_contract_has_its_breach(repository: Path):
    contracts = tomllib.loads((repository / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    uncovered = [one["name"] for one in contracts if not any(one["name"].startswith(name) for name, _, _ in BREACHES)]
    assert uncovered == []
