import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from screens_world import (
    PASSPHRASE,
    account_of_first,
    drawn,
    invented_interview,
    make_world,
    press,
    screens,
    settled,
    shows,
    write,
)

from tui.screens.finish import FinishScreen
from tui.screens.interview import InterviewScreen
from tui.screens.records import RecordsScreen
from tui.screens.unlock import UnlockScreen
from tui.strings.sentences import sentence
from tui.widgets.account import AccountPage, carried, paragraphs_in
from tui.widgets.editors import AccountEditor
from tui.widgets.passphrase import PassphraseField
from tui.widgets.question_box import QuestionBox
from vault.drafts import load_draft


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def test_a_vault_is_made_written_down_typed_back_and_used_once_before_the_first_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.create.vaults_folder", lambda: tmp_path)
    monkeypatch.setattr("tui.screens.welcome.vaults_folder", lambda: tmp_path)

    async def scene() -> None:
        async with screens() as pilot:
            await pilot.click("#practise")
            await settled(pilot)
            await press(pilot, "f2")
            passphrase = str(pilot.app.screen.query_one("#made").render())
            assert len(passphrase.split()) == 7
            await press(pilot, "f2")
            await write(pilot, "something else")
            await press(pilot, "enter")
            assert shows(pilot, sentence("create.differs", "en"))
            await write(pilot, passphrase)
            await press(pilot, "enter")
            assert shows(pilot, sentence("create.use-once", "en"))
            assert passphrase not in drawn(pilot.app.screen)
            await write(pilot, passphrase)
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, RecordsScreen)
            assert (tmp_path / "practice.vault").is_dir()

    run(scene())


def test_a_wrong_passphrase_is_refused_and_the_right_one_opens_the_list(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens() as pilot:
            await pilot.app.push_screen(UnlockScreen(world.field))
            await write(pilot, "not this one at all")
            await press(pilot, "enter")
            assert shows(pilot, "does not open this vault")
            await write(pilot, PASSPHRASE)
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, RecordsScreen)

    run(scene())


@pytest.mark.case("PW-20", "PW-13", "PW-04")
def test_the_passphrase_field_shows_neither_text_nor_length_but_the_script(tmp_path: Path) -> None:
    async def scene() -> None:
        async with screens() as pilot:
            await pilot.app.push_screen(UnlockScreen(tmp_path / "none.vault"))
            await settled(pilot)
            seen = set()
            for character in "abcdefgh":
                await pilot.press(character)
                await pilot.pause()
                seen.add(drawn(pilot.app.screen))
            assert len(seen) == 1
            assert shows(pilot, sentence("passphrase.latin", "en"))
            await pilot.press("space")
            assert shows(pilot, sentence("passphrase.space", "en"))
            await pilot.press("ctrl+u", "س", "ل")
            await settled(pilot)
            assert shows(pilot, sentence("passphrase.arabic", "en"))
            await pilot.press("ctrl+u", "м", "и")
            await settled(pilot)
            assert shows(pilot, sentence("passphrase.other", "en"))
            await pilot.press("ctrl+u", "é")
            await settled(pilot)
            assert shows(pilot, sentence("passphrase.latin", "en"))

    run(scene())


def test_ctrl_c_in_the_passphrase_field_copies_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        async with screens() as pilot:
            await pilot.app.push_screen(UnlockScreen(tmp_path / "none.vault"))
            await write(pilot, "secret")
            await press(pilot, "ctrl+c")
            assert pilot.app.clipboard == ""
            assert not pilot.app.screen.query_one(PassphraseField).is_empty

    run(scene())


def test_typed_words_are_in_the_vault_within_two_seconds_and_the_screen_says_so(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            editor = await account_of_first(pilot)
            editor.move_cursor(editor.document.end)
            await write(pilot, " Then it rained.")
            await pilot.pause(1.6)
            await settled(pilot)
            saved = pilot.app.session.ask(lambda vault: load_draft(vault, world.drafts[0]))  # type: ignore[attr-defined]
            assert saved.paragraphs[1].endswith("Then it rained.")
            assert "saved " in drawn(pilot.app.screen)

    run(scene())


def test_a_lock_keeps_the_last_key_press(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            editor = await account_of_first(pilot)
            editor.move_cursor(editor.document.end)
            await pilot.press("X")
            await pilot.pause()
            pilot.app.screen.keep()  # type: ignore[attr-defined]
            saved = pilot.app.session.ask(lambda vault: load_draft(vault, world.drafts[0]))  # type: ignore[attr-defined]
            assert saved.paragraphs[1].endswith("X")

    run(scene())


def test_the_account_is_locked_until_consent_is_settled(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(110, 30)) as pilot:
            await press(pilot, "n")
            assert isinstance(pilot.app.screen, InterviewScreen)
            await press(pilot, "f2", "f2", "f2")
            assert shows(pilot, sentence("account.locked", "en"))
            assert not pilot.app.screen.query(AccountPage)

    run(scene())


def test_nothing_is_ticked_beforehand(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(80, 120)) as pilot:
            await press(pilot, "n", "f2")
            text = drawn(pilot.app.screen)
            assert "( )" in text
            assert "(•)" not in text

    run(scene())


def test_the_identity_is_masked_until_its_reveal_is_logged(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "enter", "f2", "f2")
            assert "Zubayda" not in drawn(pilot.app.screen)
            await press(pilot, "enter")
            assert "Zubayda" in drawn(pilot.app.screen)
            kinds = pilot.app.session.ask(  # type: ignore[attr-defined]
                lambda vault: [kind for (kind,) in vault.read("SELECT kind FROM custody ORDER BY seq")]
            )
            assert kinds.count("identity.open") == 1

    run(scene())


def test_a_wrong_date_is_kept_as_typed_and_said_to_be_wrong(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(140, 50)) as pilot:
            await press(pilot, "n")
            box = next(box for box in pilot.app.screen.query(QuestionBox) if box.field_id == "session.started_at")
            box.query_one("LineEditor").focus()
            await write(pilot, "31 Feb")
            await pilot.pause(1.4)
            await settled(pilot)
            assert shows(pilot, sentence("problem.bad-time", "en"))
            await press(pilot, "escape", "escape")
            await press(pilot, "enter")
            assert "31 Feb" in drawn(pilot.app.screen)

    run(scene())


def test_a_question_can_be_marked_as_unknown_declined_or_not_asked(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "n")
            box = next(box for box in pilot.app.screen.query(QuestionBox) if box.field_id == "session.place")
            box.query("LineEditor").first().focus()
            await press(pilot, "f4", "f4")
            assert shows(pilot, sentence("state.declined", "en"))

    run(scene())


def test_the_checklist_leads_to_what_is_missing(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "n", "f8")
            assert isinstance(pilot.app.screen, FinishScreen)
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, InterviewScreen)

    run(scene())


def test_a_record_is_finished_by_typing_its_code_and_its_head_is_shown(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "enter", "f8")
            await write(pilot, "WRONG")
            await press(pilot, "enter")
            assert shows(pilot, sentence("finish.other-code", "en"))
            pilot.app.screen.query_one("#typed").load_text(world.drafts[0].lower().replace("-", ""))  # type: ignore[attr-defined]
            await press(pilot, "enter")
            digits = str(pilot.app.screen.query_one("#head").render())
            assert len("".join(digits.split())) == 40
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, RecordsScreen)
            assert shows(pilot, sentence("stage.finished", "en"))

    run(scene())


def test_the_list_never_shows_a_name(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            assert "Zubayda" not in drawn(pilot.app.screen)
            await press(pilot, "end", "enter")
            assert "Zubayda" not in drawn(pilot.app.screen)
            await press(pilot, "i")
            assert "hidden" not in drawn(pilot.app.screen)

    run(scene())


def test_the_language_changes_everywhere_and_the_words_stay(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "enter", "f2", "f2", "f2")
            await press(pilot, "ctrl+l")
            assert pilot.app.screen.has_class("-rtl")
            assert shows(pilot, "الإفادة")
            assert pilot.app.screen.query_one("#account-text", AccountEditor).text.startswith("The lamp fell")

    run(scene())


def test_f12_shows_nothing_and_comes_back(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            before = drawn(pilot.app.screen)
            await press(pilot, "f12")
            assert drawn(pilot.app.screen).strip() == ""
            pilot.app.notify("anything")
            await settled(pilot)
            assert drawn(pilot.app.screen).strip() == ""
            await press(pilot, "f12")
            assert drawn(pilot.app.screen).splitlines()[:5] == before.splitlines()[:5]

    run(scene())


@pytest.mark.case("CL-07")
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (20, 5), (59, 24), (80, 19)])
def test_a_window_that_is_too_small_shows_one_page_and_loses_nothing(size: tuple[int, int]) -> None:
    async def scene() -> None:
        async with screens() as pilot:
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert type(pilot.app.screen).__name__ == "TooSmallScreen"
            await pilot.resize_terminal(80, 24)
            await settled(pilot)
            assert shows(pilot, sentence("welcome.intro", "en"))

    run(scene())


def test_paragraphs_are_what_stands_between_empty_lines() -> None:
    assert paragraphs_in("one\ntwo\n\n\n  \nthree\n") == ["one\ntwo", "three"]
    assert paragraphs_in("") == []


def test_a_source_of_knowledge_stays_with_its_paragraph() -> None:
    assert carried(["a", "b"], ["new", "a", "b"], ["saw", "heard"]) == ["", "saw", "heard"]
    assert carried(["a", "b", "c"], ["a", "c"], ["saw", "heard", "did"]) == ["saw", "did"]
    assert carried(["a"], ["a changed"], ["saw"]) == ["saw"]
