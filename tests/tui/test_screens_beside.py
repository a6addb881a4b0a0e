"""What stands beside a record, and what stands outside the log: companions, the forty digits, the anchors."""

import asyncio
import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from practice_vaults import details_of, receive
from screens_world import PASSPHRASE, World, drawn, invented_interview, make_world, press, screens, shows

from keys.passphrase import normalise
from tui.screens.companions import AddCompanionScreen, CompanionsScreen
from tui.screens.custody import CustodyScreen
from tui.screens.record import RecordScreen
from tui.strings.sentences import sentence
from tui.widgets.files import FileChooser
from tui.widgets.rows import RowList
from vault.companions import companions_of
from vault.custody import head
from vault.handover import prepare, seal
from vault.receipts import import_receipt
from vault.store import Vault

MADE = {"by": "T-02", "method": "human"}
GERMAN = ["Die Lampe fiel im Hof.", "Qasim trug das Wasser heim."]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("beside"), finished=[invented_interview()])


@pytest.fixture
def world(made: World, tmp_path: Path) -> World:
    field, legal = (copytree(each, tmp_path / each.name) for each in (made.field, made.legal))
    return World(field=field, legal=legal, drafts=(), finished=made.finished)


def _file(folder: Path, name: str, paragraphs: list[str]) -> Path:
    path = folder / name
    whole = {"practice": True, "language": "deu", "companion": MADE, "account": {"paragraphs": paragraphs}}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def _choose(pilot: Any, path: Path) -> None:
    pilot.app.screen.query_one(FileChooser).query_one("#chosen-path").load_text(str(path))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_translation_is_added_from_a_file_and_read_beside_its_record(
    world: World, tmp_path: Path, language: Any
) -> None:
    async def scene() -> None:
        async with screens(world.field, language=language) as pilot:
            await press(pilot, "enter", "t")
            assert isinstance(pilot.app.screen, CompanionsScreen)
            assert shows(pilot, sentence("companions.none", language))
            await press(pilot, "t")
            assert isinstance(pilot.app.screen, AddCompanionScreen)
            _choose(pilot, _file(tmp_path, "short.json", GERMAN[:1]))
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, AddCompanionScreen)
            assert "account.text" in drawn(pilot.app.screen)
            _choose(pilot, _file(tmp_path, "whole.json", GERMAN))
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, CompanionsScreen)
            assert shows(pilot, sentence("companions.kind.translation", language))
            assert shows(pilot, GERMAN[1])

    asyncio.run(scene())
    with Vault.unlock(world.field, normalise(PASSPHRASE)) as vault:
        (one,) = companions_of(vault, world.finished[0])
        assert one.record.interview.paragraphs == tuple(GERMAN)


def test_the_head_of_the_log_is_noted_as_on_paper_before_its_digits_are_copied(world: World, tmp_path: Path) -> None:
    secret = normalise(PASSPHRASE)
    with Vault.unlock(world.field, secret) as field, Vault.unlock(world.legal, secret) as legal:
        sealed = seal(field, prepare(field, to="court", purpose="criminal investigation", profile="lead"), tmp_path)
        receive(legal, sealed.path, receipt_folder=tmp_path)
        import_receipt(field, next(tmp_path.glob("*.receipt")))

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "f5", "l")
            assert isinstance(pilot.app.screen, CustodyScreen)
            before = pilot.app.session.ask(head)  # type: ignore[attr-defined]
            assert shows(pilot, before)
            (row,) = pilot.app.screen.query_one(RowList).rows
            assert row.cells[1:] == (sentence("custody.kind.receipt", "en"), row.cells[2], "court")
            await press(pilot, "p")
            after = pilot.app.session.ask(head)  # type: ignore[attr-defined]
            assert after != before
            assert shows(pilot, after)
            assert shows(pilot, sentence("custody.kept", "en"))
            await press(pilot, "q")
            assert "▀" in drawn(pilot.app.screen)
            await press(pilot, "q", "escape", "escape", "enter")
            assert isinstance(pilot.app.screen, RecordScreen)
            assert shows(pilot, "as proved from outside")

    asyncio.run(scene())
    with Vault.unlock(world.field, secret) as vault:
        assert [one["kept"] for one in details_of(vault, "checkpoint")] == ["paper"]
