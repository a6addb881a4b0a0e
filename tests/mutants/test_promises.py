"""F21: every protection that is taken away by hand is missed by a test.

A mutant is tried in a copy of the tree, so that nothing here is changed.  CI tries the daily ones, `make soak` all of them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mutants.promises import MUTANTS, Mutant
from mutants.ways_out import WAYS_OUT
from shared_data import REPOSITORY

COPIED = ("keys", "testimony", "vault", "tui", "tests", "docs", "pyproject.toml", "README.md", "Makefile")
SOAK = bool(os.environ.get("TESTIMONY_SOAK"))
ALL = (*MUTANTS, *WAYS_OUT)
TRIED = tuple(mutant for mutant in ALL if SOAK or mutant.daily)
FAILED = 1  # what pytest leaves with where tests ran and one failed
PASSED = 0
SECONDS = 3600 if SOAK else 280  # a soak may run beside other work, and its control runs every test


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything that the tests need."""
    folder = tmp_path_factory.mktemp("mutants") / "tree"
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy2(source, folder / name)
    return folder


def outcome(tree: Path, tests: tuple[str, ...]) -> int:
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TESTIMONY_", "PYTEST_"))}
    shared = {"TESTIMONY_SHARED": os.environ.get("TESTIMONY_SHARED", str(REPOSITORY.parent / "shared"))}
    done = subprocess.run(
        command, cwd=tree, env=environment | shared, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    return done.returncode


def tried(tree: Path, mutant: Mutant) -> int:
    """What the tests say of a mutant; the tree is as it was afterwards."""
    path = tree / mutant.path
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        return outcome(tree, mutant.tests)
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("mutant", ALL, ids=str)
def test_what_a_mutant_takes_away_stands_once_in_the_code(mutant: Mutant):
    assert (REPOSITORY / mutant.path).read_text(encoding="utf-8").count(mutant.old) == 1


def test_there_are_forty_of_them_and_each_has_its_name():
    assert len({mutant.name for mutant in ALL}) == len(ALL) >= 40


@pytest.mark.slow
@pytest.mark.parametrize("mutant", TRIED, ids=str)
def test_a_protection_that_is_taken_away_is_missed(tree: Path, mutant: Mutant):
    assert tried(tree, mutant) == FAILED


@pytest.mark.skipif(not SOAK, reason="the suite itself runs these tests on the tree without a mutant")
def test_the_tree_without_a_mutant_passes(tree: Path):
    """The control: what fails above fails for the mutant alone."""
    assert outcome(tree, tuple(dict.fromkeys(test for mutant in TRIED for test in mutant.tests))) == PASSED
