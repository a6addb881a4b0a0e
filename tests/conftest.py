"""Fixtures that every part's tests may ask for."""

from pathlib import Path

import pytest
from shared_data import REPOSITORY, shared_file


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    return shared_file()
