"""Vaults that know each other, for the tests of what goes from one to the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import BODY, OTHER_BODY, acquaint, make_vault
from vault_sides import Sides

from vault.store import Vault


@pytest.fixture
def vaults(tmp_path: Path) -> Iterator[tuple[Vault, Vault]]:
    """A field vault and that of the body."""
    with make_vault(tmp_path, "field-1", prefix="TST") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        yield field, body


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[Sides]:
    with (
        make_vault(tmp_path, "team", prefix="TST") as team,
        make_vault(tmp_path, BODY, "legal") as body,
        make_vault(tmp_path, OTHER_BODY, "legal") as other,
    ):
        acquaint(team, body, other)
        yield Sides(folder=tmp_path, team=team, body=body, other=other)
