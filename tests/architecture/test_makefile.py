import subprocess
from pathlib import Path

import pytest


def planned(repository: Path, *arguments: str) -> str:
    """What make would run, as it would be passed to the shell."""
    command = ["make", "--no-print-directory", "--dry-run", "--always-make", *arguments]
    try:
        done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True, timeout=30)
    except FileNotFoundError:
        pytest.skip("make is not installed")
    return done.stdout


def test_every_environment_is_installed_by_hash_and_nothing_else_is_fetched(repository: Path):
    for target in ("demo", "run", "test", "check"):
        installs = [line for line in planned(repository, target).splitlines() if "pip " in line and " install " in line]
        assert installs
        for line in installs:
            # Without --no-deps pip asks the index again for what another package names with an extra.
            assert "--no-deps" in line, line
            assert "--require-hashes" in line or "--no-build-isolation" in line, line


def test_a_folder_with_a_space_reaches_the_demonstration_whole(repository: Path):
    assert '--dir "two words"' in planned(repository, "demo", "DIR=two words")


def test_without_a_folder_the_demonstration_chooses_its_own(repository: Path):
    assert "--dir" not in planned(repository, "demo")


def test_another_interpreter_can_be_named(repository: Path):
    assert "python3.12 -m venv" in planned(repository, "demo", "PYTHON=python3.12")


@pytest.mark.case("MC-04")
def test_an_older_python_is_refused_with_what_is_needed(repository: Path, tmp_path: Path):
    older = tmp_path / "python3.10"
    older.write_text("#!/bin/sh\nexit 1\n")  # what the question for the version answers there
    older.chmod(0o755)
    (tmp_path / "requirements").mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements/run.txt", "requirements/build.txt"):
        (tmp_path / name).write_text((repository / name).read_text())
    try:
        command = ["make", "-C", str(tmp_path), "demo", f"PYTHON={older}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    except FileNotFoundError:
        pytest.skip("make is not installed")
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr
