import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from screens_world import account_of_first, drawn, invented_interview, make_world, press, screens, settled, shows, write
from textual.events import Paste

from testimony.forms.form import Field
from testimony.forms.reading import core_form
from tui.screens.create import CreateScreen
from tui.screens.find import FindScreen
from tui.screens.receive import ReceiveScreen
from tui.screens.sealing import SealScreen
from tui.screens.walk import WalkScreen
from tui.screens.whereabouts import whereabouts_on
from tui.strings.sentences import sentence
from tui.widgets.answer_parts import options_of
from tui.widgets.choice import Choice
from tui.widgets.editors import AccountEditor, LineEditor
from tui.widgets.files import FileChooser
from tui.widgets.passphrase import PassphraseField
from tui.widgets.reading import ReadingText
from tui.widgets.rows import RowList
from tui.widgets.several import Several


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


_FUNCTION_KEYS = [f"f{number}" for number in range(1, 25)]


@pytest.mark.parametrize("kind", [AccountEditor, LineEditor])
def test_no_function_key_followed_by_a_letter_removes_text(kind: type[AccountEditor]) -> None:
    from textual.app import App, ComposeResult

    class EditorApp(App[None]):
        def compose(self) -> ComposeResult:
            yield kind("The lamp fell in the yard.")

    async def scene() -> None:
        async with EditorApp().run_test() as pilot:
            editor = pilot.app.query_one(kind)
            editor.focus()
            for key in (*_FUNCTION_KEYS, "ctrl+u", "ctrl+k", "ctrl+shift+k", "ctrl+x"):
                for start in (editor.document.start, editor.document.end):
                    editor.load_text("The lamp fell in the yard.")
                    editor.move_cursor(start)
                    await pilot.press(key, "z")
                    assert editor.text.replace("z", "") == "The lamp fell in the yard.", key

    run(scene())


def test_f7_leads_from_the_account_to_its_sources_and_a_letter_after_it_erases_nothing(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            editor = await account_of_first(pilot)
            before = editor.text
            await press(pilot, "f7")
            assert isinstance(pilot.app.screen.focused, Several)
            await press(pilot, "z", "f7")
            assert pilot.app.screen.focused is editor
            await press(pilot, "f6")
            assert pilot.app.screen.focused is not editor
            assert editor.text == before

    run(scene())


def test_a_name_found_is_said_to_be_there_and_never_shown(tmp_path: Path) -> None:
    world = make_world(tmp_path, finished=[invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(120, 40)) as pilot:
            await press(pilot, "f3")
            assert isinstance(pilot.app.screen, FindScreen)
            await write(pilot, "Zubayda")
            await press(pilot, "enter")
            assert shows(pilot, sentence("command.search.in-names", "en"))
            rows = pilot.app.screen.query_one(RowList).rows
            assert rows
            assert all("Zubayda" not in " ".join(row.cells) and "Marjan" not in " ".join(row.cells) for row in rows)
            assert "Marjan" not in drawn(pilot.app.screen)
            await settled(pilot)
            assert "Zubayda" not in str(pilot.app.screen.query_one("#snippet", ReadingText).render())

    run(scene())


@pytest.mark.parametrize("keys", [("tab", "tab", "tab"), ("tab",), ("escape", "down", "down")])
def test_a_change_of_the_language_leads_back_to_the_same_field(tmp_path: Path, keys: tuple[str, ...]) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "enter", "f2", *keys)
            before = whereabouts_on(pilot.app.screen)
            assert before.focus is not None
            await press(pilot, "ctrl+l")
            assert whereabouts_on(pilot.app.screen) == before
            await press(pilot, "ctrl+l")
            assert whereabouts_on(pilot.app.screen) == before

    run(scene())


def test_a_change_of_the_language_keeps_the_cursor_in_the_account(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "enter", "f2", "f2", "f2", "right", "right", "right")
            await press(pilot, "ctrl+l")
            focused = pilot.app.screen.focused
            assert isinstance(focused, AccountEditor)
            assert focused.cursor_location == (0, 3)

    run(scene())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_place_that_does_not_fit_in_the_list_says_that_it_was_cut(tmp_path: Path, language: str) -> None:
    whole = invented_interview()
    whole["session"]["place"] = {"verbatim": "the blue tent by the well below the upper mill of the valley"}
    world = make_world(tmp_path, [whole], legal=False)

    async def scene() -> None:
        async with screens(world.field, language=language) as pilot:
            assert "…" in drawn(pilot.app.screen)
            assert "upper mill of the valley" not in drawn(pilot.app.screen)

    run(scene())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_where_no_vault_is_yet_a_first_enter_makes_none_and_tab_goes_through_the_buttons_as_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr("tui.screens.welcome.vaults_folder", lambda: tmp_path)

    async def scene() -> None:
        async with screens(language=language) as pilot:
            await press(pilot, "enter")
            assert type(pilot.app.screen).__name__ == "WelcomeScreen"
            assert shows(pilot, sentence("welcome.first-time", language))
            passed = []
            for _ in range(4):
                await press(pilot, "tab")
                passed.append(pilot.app.focused.id)
            assert passed == ["open", "create", "practise", "language"]
            await press(pilot, "enter")
            assert shows(pilot, sentence("welcome.intro", "en" if language == "ar" else "ar"))

    run(scene())


def test_making_a_practice_vault_says_practice_and_a_change_of_the_language_keeps_the_passphrase_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.create.vaults_folder", lambda: tmp_path)
    monkeypatch.setattr("tui.screens.welcome.vaults_folder", lambda: tmp_path)

    async def scene() -> None:
        async with screens() as pilot:
            await pilot.click("#practise")
            await settled(pilot)
            await press(pilot, "tab", "tab", "right", "space")
            role = pilot.app.screen.query_one("#role", Choice)
            assert role.value == "legal"
            await press(pilot, "ctrl+l", "ctrl+l")
            assert pilot.app.screen.query_one("#role", Choice).value == "legal"
            assert pilot.app.screen.query_one("#name", LineEditor).text == "practice"
            await press(pilot, "f2")
            assert shows(pilot, sentence("frame.practice", "en"))
            passphrase = str(pilot.app.screen.query_one("#made").render())
            await press(pilot, "ctrl+l")
            assert shows(pilot, passphrase)
            assert shows(pilot, sentence("frame.practice", "ar"))

    run(scene())


def test_a_folder_typed_over_a_chosen_file_leaves_no_file_chosen(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)
    (tmp_path / "theirs.age").write_bytes(b"invented")

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "r")
            chooser = pilot.app.screen.query_one(FileChooser)
            line = chooser.query_one("#chosen-path", LineEditor)
            line.load_text(str(tmp_path / "theirs.age"))
            await settled(pilot)
            assert chooser.path == tmp_path / "theirs.age"
            line.load_text(str(tmp_path))
            await settled(pilot)
            assert chooser.path is None

    run(scene())


@pytest.mark.case("PW-07")
@pytest.mark.parametrize(
    ("chosen", "warned"), [("زهر قديم تحت جسر ضيق", True), ("amber ledger orchard north seven pilots", False)]
)
def test_an_own_passphrase_with_letters_that_have_twins_on_another_keyboard_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str, warned: bool
) -> None:
    monkeypatch.setattr("tui.screens.create.vaults_folder", lambda: tmp_path)

    async def scene() -> None:
        async with screens() as pilot:
            await pilot.app.push_screen(CreateScreen(practice=True))
            pilot.app.screen.query_one("#name", LineEditor).load_text("own")
            pilot.app.screen.query_one("#kind", Choice).value = "own"
            await press(pilot, "f2")
            pilot.app.screen.query_one(PassphraseField).on_paste(Paste(chosen))
            await press(pilot, "enter")
            assert shows(pilot, sentence("create.own-again", "en"))
            assert shows(pilot, sentence("create.twin-letters", "en")) is warned

    run(scene())


def test_a_change_of_the_language_keeps_the_row_of_the_list(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()] * 3, legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "down", "down")
            await press(pilot, "ctrl+l")
            rows = pilot.app.screen.query_one(RowList)
            assert pilot.app.screen.focused is rows
            assert rows.at == 2

    run(scene())


def _choices(fields: tuple[Field, ...]) -> list[Field]:
    found = []
    for one in fields:
        found += [one] if one.type == "choice" else _choices(one.members)
    return found


def test_yes_and_no_stand_in_the_same_place_at_every_question() -> None:
    asked = [[option.value for option in options_of(one.vocabulary, "en")] for one in _choices(core_form().fields)]
    yes_no = [values for values in asked if {"yes", "no"} <= set(values)]
    assert len(yes_no) > 5
    assert [values[:2] for values in yes_no] == [["yes", "no"]] * len(yes_no)


def test_typing_into_a_line_that_says_something_goes_on_behind_it() -> None:
    from textual.app import App, ComposeResult

    class LineApp(App[None]):
        def compose(self) -> ComposeResult:
            yield LineEditor("practice")

    async def scene() -> None:
        async with LineApp().run_test() as pilot:
            pilot.app.query_one(LineEditor).focus()
            await pilot.press("2")
            assert pilot.app.query_one(LineEditor).text == "practice2"

    run(scene())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_leaves_for_whom_and_the_button_are_in_view_before_the_seal(tmp_path: Path, language: Any) -> None:
    world = make_world(tmp_path, finished=[invented_interview()])

    async def scene() -> None:
        async with screens(world.field, language=language, size=(80, 24)) as pilot:
            await press(pilot, "h")
            digits = str(pilot.app.screen.query_one(RowList).rows[0].cells[1])
            await press(pilot, "f2")
            await _walk_on(pilot)
            assert isinstance(pilot.app.screen, SealScreen)
            assert shows(pilot, digits)
            profile = sentence("profile.pseudonymised", language)
            assert shows(pilot, sentence("seal.what", language, count=1, to="court", profile=profile))
            assert shows(pilot, sentence("seal.cannot-recall", language))
            assert shows(pilot, sentence("button.seal", language))

    run(scene())


async def _walk_on(pilot: Any) -> None:
    """Keep every span of the one record, and go on to the seal."""
    await press(pilot, "enter")
    while isinstance(pilot.app.screen, WalkScreen):
        await press(pilot, "f2")
    await press(pilot, "f2")


def _cards_in(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in folder.glob("*.card")}


def test_a_card_never_replaces_a_file(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "c", "k")
            pilot.app.screen.query_one("#chosen-path", LineEditor).load_text(str(tmp_path))
            await press(pilot, "f2")
            before = _cards_in(tmp_path)
            await press(pilot, "f2")
            assert shows(pilot, sentence("failure.already-exists", "en"))
            assert _cards_in(tmp_path) == before
            assert len(before) == 1

    run(scene())


def test_no_list_without_a_row_takes_the_focus_at_the_exhibits(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "enter", "f2", "f2", "f2", "f2", "f2")
            assert pilot.app.screen.query("#add-exhibit")
            assert isinstance(pilot.app.screen.focused, Choice)

    run(scene())


def test_what_is_missing_is_said_in_full(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "n", "f8", "end", "up")
            assert shows(pilot, sentence("problem.required", "en"))

    run(scene())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_file_that_is_no_bundle_or_not_for_us_is_one_sentence_and_no_report(tmp_path: Path, language: Any) -> None:
    world = make_world(tmp_path, finished=[invented_interview()])
    letter = tmp_path / "letter.txt"
    letter.write_text("not a bundle at all", encoding="utf-8")
    stick = tmp_path / "stick"
    stick.mkdir()

    async def hand_over() -> Path:
        async with screens(world.field, language=language) as pilot:
            await press(pilot, "h", "f2")
            await _walk_on(pilot)
            pilot.app.screen.query_one("#chosen-path", LineEditor).load_text(str(stick))
            await press(pilot, "f2")
            return next(stick.glob("*.age"))

    async def receive(vault: Path, path: Path, calm: str) -> None:
        async with screens(vault, language=language) as pilot:
            await press(pilot, "r")
            pilot.app.screen.query_one("#chosen-path", LineEditor).load_text(str(path))
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, ReceiveScreen)
            assert shows(pilot, sentence(calm, language))

    async def scene() -> None:
        sealed = await hand_over()
        (tmp_path / "third").mkdir()
        third = make_world(tmp_path / "third", legal=False)
        await receive(world.legal, letter, "failure.verification.not-a-bundle")
        await receive(third.field, sealed, "failure.policy.not-for-you")

    run(scene())
