"""What the fault tests share: a folder to begin in, and a process that forks their children."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from faults.audit import template
from faults.tracing import Nursery


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery(Path(__file__).with_name("session_child.py"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("begun"))


@pytest.fixture
def workplace(begun: Path, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """A fresh folder at each call; the one before is removed."""

    def fresh() -> Path:
        rmtree(tmp_path / "day", ignore_errors=True)
        return Path(copytree(begun, tmp_path / "day"))

    return fresh
