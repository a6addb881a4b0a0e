"""Fixtures of the tests that run commands."""

from pathlib import Path
from shutil import copytree

import pytest
from command_line import Commands, Pair, make_pair, speak_arabic


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys=capsys)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return make_pair(tmp_path_factory.mktemp("made"))


@pytest.fixture
def pair(made: Pair, tmp_path: Path) -> Pair:
    """A copy of both vaults, so that no test sees another's changes."""
    copytree(made.field, tmp_path / made.field.name)
    copytree(made.legal, tmp_path / made.legal.name)
    return Pair(
        folder=tmp_path, field=tmp_path / made.field.name, legal=tmp_path / made.legal.name, record_id=made.record_id
    )


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "ar":
        speak_arabic(monkeypatch)
    return str(request.param)
