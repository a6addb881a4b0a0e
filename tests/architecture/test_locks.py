import re
import tomllib
from pathlib import Path

import pytest

LOCKS = ("verify", "run", "dev", "soak", "build")
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})*)", re.MULTILINE)


def unpinned(text: str) -> list[str]:
    """The lines that are neither a comment nor part of a pinned entry with a hash."""
    pinned = ENTRY.sub(lambda entry: "" if entry[3] else entry[0], text)
    return [line for line in pinned.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def versions(repository: Path, lock: str) -> dict[str, str]:
    return {entry[1]: entry[2] for entry in ENTRY.finditer((repository / "requirements" / f"{lock}.txt").read_text())}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_pinned_with_a_hash(repository: Path, lock: str):
    assert unpinned((repository / "requirements" / f"{lock}.txt").read_text()) == []


@pytest.mark.parametrize("line", ["click>=8", "click==8.1", "--extra-index-url x", "click @ file:///x"])
def test_an_unpinned_line_is_noticed(line: str):
    assert unpinned(f"{line}\n") == [line]


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index_or_a_path(repository: Path, lock: str):
    text = (repository / "requirements" / f"{lock}.txt").read_text()
    assert re.search(r"index-url|find-links|https?://|file://|(?<=\s)/\w", text) is None


def test_the_locks_agree(repository: Path):
    verify, run, dev, soak, build = (versions(repository, lock) for lock in LOCKS)
    assert verify.items() <= run.items() <= dev.items() <= soak.items()
    assert {name for name in build.keys() & dev.keys() if build[name] != dev[name]} == set()


def test_the_base_lock_is_cryptography_and_what_it_needs(repository: Path):
    assert set(versions(repository, "verify")) == {"cryptography", "cffi", "pycparser"}


def test_every_requirement_of_the_project_is_locked(repository: Path):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    names = {re.split(r"[<>=\[ ]", line)[0].lower() for line in asked}
    assert names - versions(repository, "soak").keys() == set()
