"""At 80 columns nothing that a tired person needs is cut, and nothing is decided by a default."""

import asyncio
from typing import Any

import pytest
from screens_world import World, drawn, invented_interview, make_world, press, screens, settled, shows, write

from testimony.forms.reading import core_form
from testimony.redaction.reasons import REASON_CODES
from tui.dialogs.leaving_out import LeavingOutDialog
from tui.screens.interview_steps import steps_of
from tui.screens.walk import WalkScreen
from tui.strings.sentences import sentence
from tui.widgets.choice import Choice
from tui.widgets.frame import KeyLine, TitleLine


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("narrow"), finished=[invented_interview()])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_key_of_the_list_and_every_step_of_an_interview_stands_whole(world: World, language: Any) -> None:
    async def scene() -> None:
        async with screens(world.field, language=language) as pilot:
            for name in ("contacts", "hand-over", "new-interview", "receive", "help", "find", "check-vault"):
                assert shows(pilot, sentence(f"key.{name}", language)), name
            assert shows(pilot, f"F9 {sentence('key.lock', language)} F12 {sentence('key.blank', language)}")
            await press(pilot, "n")
            for step in steps_of(core_form()):
                assert shows(pilot, step.name(language)), step.id

    asyncio.run(scene())


def test_where_keys_do_not_fit_locking_and_blanking_stay(world: World) -> None:
    async def scene() -> None:
        async with screens(world.field) as pilot:
            line = pilot.app.screen.query_one(KeyLine)
            line.styles.width = 52
            await settled(pilot)
            shown = line.render().plain
            assert len(shown) <= 50
            assert "F9 Lock F12 Blank" in shown
            assert "F5" not in shown

    asyncio.run(scene())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_long_title_still_says_that_all_of_it_is_practice(world: World, language: Any) -> None:
    async def scene() -> None:
        async with screens(world.field, language=language) as pilot:
            pilot.app.screen.query_one(TitleLine).show_about(
                f"court-of-the-lower-valley · {'criminal investigation ' * 3}"
            )
            await settled(pilot)
            title = drawn(pilot.app.screen).splitlines()[0]
            assert sentence("frame.practice", language) in title
            assert "court-of-the-lower-valley" in title
            assert "…" in title

    asyncio.run(scene())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_words_are_left_out_before_words_and_a_reason_were_given(world: World, language: Any) -> None:
    async def scene() -> None:
        async with screens(world.field, language=language) as pilot:
            await press(pilot, "h", "f2", "enter", "w", "f2")
            assert shows(pilot, sentence("walk.lacks-words", language))
            await write(pilot, "fell")
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, LeavingOutDialog)
            assert shows(pilot, sentence("walk.lacks-reason", language))
            assert pilot.app.screen.query_one("#reason", Choice).has_focus
            await press(pilot, "right", "space")
            assert not shows(pilot, sentence("walk.lacks-reason", language))
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, WalkScreen)
            assert shows(pilot, "The lamp […] in the yard.")
            await press(pilot, "right", "x", "f2")
            assert shows(pilot, sentence("walk.lacks-reason", language))
            await press(pilot, "space", "f2")
            assert shows(pilot, sentence(f"reason.code.{REASON_CODES[0]}", language)), drawn(pilot.app.screen)

    asyncio.run(scene())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_who_writes_an_unknown_reason_is_told_every_code(language: Any) -> None:
    told = sentence("failure.redaction.reason", language, path="account.text/0")
    assert all(code in told for code in REASON_CODES)
