"""A finished record says which version it is, and leads to its correction."""

import asyncio
from pathlib import Path

import pytest
from screens_world import drawn, invented_interview, make_world, press, screens, shows

from tui.screens.interview import InterviewScreen
from tui.screens.records import RecordsScreen
from tui.strings.sentences import sentence
from vault.drafts import draft_version
from vault.records import finish


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_record_is_corrected_from_its_screen_and_then_says_what_it_is(tmp_path: Path, language: str) -> None:
    world = make_world(tmp_path, finished=[invented_interview()], legal=False)
    (record_id,) = world.finished

    async def scene() -> None:
        async with screens(world.field, language=language, size=(140, 40)) as pilot:
            await press(pilot, "enter", "k")
            assert shows(pilot, sentence("correction.reason.clarified", language))  # type: ignore[arg-type]
            await press(pilot, "escape", "k", "down", "down", "enter")
            assert isinstance(pilot.app.screen, InterviewScreen)
            ask = pilot.app.session.ask  # type: ignore[attr-defined]
            assert ask(lambda vault: draft_version(vault, record_id)) == 2
            await press(pilot, "escape", "escape")
            assert isinstance(pilot.app.screen, RecordsScreen)
            ask(lambda vault: finish(vault, record_id))
            reasons = ask(lambda vault: vault.read("SELECT line FROM custody WHERE kind = 'record.correct'"))
            assert b'"reason":"clarified"' in reasons[0][0]
            await press(pilot, "enter", "escape", "enter")
            words = sentence("record.version", language, version=2, before=1)  # type: ignore[arg-type]
            assert words.split(".")[0] in drawn(pilot.app.screen)

    asyncio.run(scene())
