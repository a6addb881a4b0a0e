import asyncio
from pathlib import Path
from typing import Any

import pytest
from screens_world import TEXT_READ_OUT, drawn, invented_interview, make_world, press, screens, settled, shows

from testimony.scripts import own_scripts, script_named
from tui.strings.sentences import sentence
from tui.widgets.account import AccountPage
from tui.widgets.choice import Choice
from tui.widgets.limits_part import LimitsPart
from tui.widgets.question_box import QuestionBox
from vault.drafts import load_draft

ENGLISH = own_scripts()[1]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_text_is_chosen_read_aloud_and_kept_by_its_digest_before_the_account_opens(
    tmp_path: Path, language: Any
) -> None:
    whole = invented_interview()
    whole["consent"]["limits_explained"] = {"points": [True] * 7}
    world = make_world(tmp_path, [whole], legal=False)

    async def scene() -> None:
        async with screens(world.field, language=language, size=(110, 40)) as pilot:

            def named() -> tuple[str, str]:
                pilot.app.screen.keep()  # type: ignore[attr-defined]
                session: Any = pilot.app.session  # type: ignore[attr-defined]
                return session.ask(lambda vault: script_named(load_draft(vault, world.drafts[0])))

            await press(pilot, "enter", "f2")
            limits = pilot.app.screen.query_one(LimitsPart)
            choice = limits.query_one("#script", Choice)
            assert choice.value is None
            assert TEXT_READ_OUT not in drawn(pilot.app.screen)
            choice.focus()
            await press(pilot, "right", "space")
            assert choice.value == ENGLISH.code
            pilot.app.screen.query_one("#step").scroll_to_widget(choice, top=True, animate=False)
            await settled(pilot)
            assert shows(pilot, "Before we begin I want to tell you seven things.")
            assert named() == (ENGLISH.code, ENGLISH.sha256)
            await press(pilot, "delete")
            assert named() == ("", "")
            await press(pilot, "f2", "f2")
            assert shows(pilot, sentence("account.locked", language))
            await press(pilot, "shift+f2", "shift+f2")
            pilot.app.screen.query_one("#script", Choice).focus()
            await press(pilot, "right", "space", "f2", "f2")
            assert pilot.app.screen.query(AccountPage)
            assert named() == (ENGLISH.code, ENGLISH.sha256)

    asyncio.run(scene())


def test_after_an_earlier_statement_the_account_opens_with_a_reason(tmp_path: Path) -> None:
    whole = invented_interview()
    whole["session"]["prior_statements"] = [{"to": "a journalist"}]
    world = make_world(tmp_path, [whole], legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(160, 100)) as pilot:
            await press(pilot, "enter")
            assert shows(pilot, sentence("hint.session.prior_statements", "en"))
            await press(pilot, "f2", "f2", "f2")
            assert shows(pilot, sentence("problem.C17", "en"))
            await press(pilot, "shift+f2", "shift+f2", "shift+f2")
            boxes = pilot.app.screen.query(QuestionBox)
            earlier = next(box for box in boxes if box.field_id == "session.prior_statements")
            earlier.query("LineEditor").last().load_text("nobody wrote it down")  # type: ignore[attr-defined]
            await press(pilot, "f2", "f2", "f2")
            assert pilot.app.screen.query(AccountPage)

    asyncio.run(scene())
