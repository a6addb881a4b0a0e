"""Withdrawal on one screen (C10): plain words, what left, three outcomes, and nothing done before the code is typed."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from screens_world import PASSPHRASE, World, drawn, invented_interview, make_world, press, screens, shows, write

from keys.passphrase import normalise
from tui.screens.record import RecordScreen
from tui.screens.withdrawal import WithdrawalScreen
from tui.strings.sentences import sentence
from vault.handover import prepare, seal
from vault.records import events_of
from vault.store import Vault


def handed_over(tmp_path: Path) -> World:
    """A finished record that left to the court as a lead sheet."""
    world = make_world(tmp_path, finished=[invented_interview()])
    with Vault.unlock(world.field, normalise(PASSPHRASE)) as vault:
        seal(vault, prepare(vault, to="court", purpose="criminal investigation", profile="lead"), tmp_path / "stick")
    return world


def kinds(world: World) -> list[str]:
    with Vault.unlock(world.field, normalise(PASSPHRASE)) as vault:
        return [event.kind for event in events_of(vault, world.finished[0])]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_witness_withdraws_on_one_screen_of_80_by_24(tmp_path: Path, language: Any) -> None:
    world = handed_over(tmp_path)
    record_id = world.finished[0]

    async def scene() -> None:
        async with screens(world.field, language=language) as pilot:
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, RecordScreen)
            await press(pilot, "w")
            assert isinstance(pilot.app.screen, WithdrawalScreen)
            for asks in ("stop-sharing", "remove-name", "erase"):
                assert shows(pilot, sentence(f"withdrawal.asks.{asks}", language))
            assert shows(pilot, sentence("withdraw.cannot-recall", language)[:30])
            await press(pilot, "f2")
            assert shows(pilot, sentence("withdrawal.choose", language))
            await press(pilot, "space")
            assert shows(pilot, sentence("withdraw.means.stop-sharing", language)[:30])
            await press(pilot, "f2")
            assert shows(pilot, sentence("withdrawal.other-code", language))
            pilot.app.screen.query_one("#code").focus()
            await write(pilot, record_id)
            await press(pilot, "f2")
            assert shows(pilot, sentence("withdrawal.hand-over", language))
            assert ".withdrawal" in "".join(drawn(pilot.app.screen).split())

    asyncio.run(scene())
    assert kinds(world)[-1] == "withdraw"
    assert len(list((world.field / "outbox").glob("*.withdrawal"))) == 1


def test_what_left_already_is_listed_by_body_and_bundle(tmp_path: Path) -> None:
    world = handed_over(tmp_path)

    async def scene() -> None:
        async with screens(world.field, size=(120, 40)) as pilot:
            await press(pilot, "enter", "w")
            assert shows(pilot, sentence("withdraw.delivered", "en"))
            assert shows(pilot, "court, 20")
            assert shows(pilot, "bundle ")
            assert shows(pilot, sentence("withdraw.cannot-recall", "ar")[:20])

    asyncio.run(scene())


def test_leaving_the_screen_withdraws_nothing(tmp_path: Path) -> None:
    world = handed_over(tmp_path)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "enter", "w", "space", "escape")
            assert isinstance(pilot.app.screen, RecordScreen)

    asyncio.run(scene())
    assert "withdraw" not in kinds(world)
