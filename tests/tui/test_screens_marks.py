"""The marks in an account: words are selected and marked, suggestions accepted or put aside, before the record is closed."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from screens_world import (
    PASSPHRASE,
    World,
    drawn,
    invented_interview,
    make_world,
    press,
    screens,
    settled,
    shows,
    write,
)
from terminal import terminal

from keys.passphrase import normalise
from tui.dialogs.marking import MeaningDialog
from tui.screens.interview import InterviewScreen
from tui.screens.marks import MarksScreen
from tui.strings.sentences import sentence
from tui.widgets.account import words_at
from tui.widgets.rows import RowList
from vault.drafts import load_draft
from vault.store import Vault

PARAGRAPHS = [
    "The lamp fell in the yard of the Blue Mill. His card is AB 12345.",
    "Qasim carried the water home. The old baker was at the Blue Mill.",
]


def marked_world(folder: Path) -> World:
    whole = invented_interview()
    whole["account"]["paragraphs"] = PARAGRAPHS
    return make_world(folder, [whole], legal=False)


async def _to_marks(pilot: Any, start: tuple[int, int] | None = None, end: tuple[int, int] = (0, 0)) -> None:
    """From the list to the account, some words selected there, then to the marks."""
    await press(pilot, "enter", "f2", "f2", "f2")
    screen = pilot.app.screen
    assert isinstance(screen, InterviewScreen)
    assert screen.editor is not None
    screen.editor.focus()
    if start is not None:
        screen.editor.selection = type(screen.editor.selection)(start, end)
    await press(pilot, "f4")
    assert any(isinstance(one, MarksScreen) for one in pilot.app.screen_stack)


def _draft(world: World) -> Any:
    with Vault.unlock(world.field, normalise(PASSPHRASE)) as vault:
        return load_draft(vault, world.drafts[0])


def _point_at(pilot: Any, words: str) -> None:
    rows = pilot.app.screen.query_one(RowList)
    rows.at = next(place for place, row in enumerate(rows.rows) if row.cells[1] == words)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_selected_words_are_marked_as_a_place_and_stand_in_the_draft(tmp_path: Path, language: Any) -> None:
    world = marked_world(tmp_path)
    start = PARAGRAPHS[0].index("Blue Mill")

    async def scene() -> None:
        async with screens(world.field, language=language) as pilot:
            await _to_marks(pilot, (0, start), (0, start + len("Blue Mill")))
            assert isinstance(pilot.app.screen, MeaningDialog)
            assert shows(pilot, "Blue Mill")
            assert shows(pilot, sentence("marks.new-name", language)[:30])
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, MeaningDialog), "a new name needs a role"
            await press(pilot, *["left"] * 2, "space", "f2")
            assert isinstance(pilot.app.screen, MarksScreen)
            assert shows(pilot, sentence("marks.by-hand", language))
            assert shows(pilot, sentence("marks.by-itself", language)), "Qasim is known by name"
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, InterviewScreen)
            assert pilot.app.screen.editor is pilot.app.focused
            # What is typed afterwards leaves the marks where they are.
            await write(pilot, " More")
            await pilot.pause(1.2)
            await settled(pilot)

    asyncio.run(scene())
    interview = _draft(world)
    assert [(one.paragraph, one.words, one.who) for one in interview.hand_marks] == [(1, "Blue Mill", "Blue Mill")]
    assert "Blue Mill More." in interview.paragraphs[0], "the cursor stands where it stood"
    assert "Blue Mill" in [one["who"].value for one in interview.answers["mentions"].value]


def test_a_suggestion_is_accepted_or_put_aside_and_a_mark_taken_back(tmp_path: Path) -> None:
    world = marked_world(tmp_path)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await _to_marks(pilot)
            assert isinstance(pilot.app.screen, MarksScreen)
            before = drawn(pilot.app.screen)
            assert sentence("marks.count", "en", count=1) in before
            await press(pilot, "n")
            await write(pilot, "old baker")
            await press(pilot, "enter")
            await write(pilot, "Qasim")
            await press(pilot, "enter")
            assert shows(pilot, sentence("marks.by-hand", "en"))
            _point_at(pilot, "old baker")
            await settled(pilot)
            assert shows(pilot, "The old baker was at")
            await press(pilot, "delete")
            assert not shows(pilot, sentence("marks.by-hand", "en"))
            _point_at(pilot, "Qasim")
            await press(pilot, "delete")
            assert shows(pilot, sentence("marks.by-itself", "en")), "a known name stays marked"
            await press(pilot, "home", "delete")
            assert shows(pilot, sentence("marks.none-suggested", "en")[:40])
            await press(pilot, "n")
            await write(pilot, "zebra")
            await press(pilot, "enter")
            await write(pilot, "Qasim")
            await press(pilot, "enter")
            assert shows(pilot, sentence("marks.not-there", "en")[:18])

    asyncio.run(scene())
    assert _draft(world).hand_marks == ()


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("one two\n\ntwo three", "two three", (2, "two three", 1)),
        ("a two, b two", " b two", (1, "b two", 1)),
        ("two two two", "two two", (1, "two two", 1)),
        ("first\nsecond line\n\n\nthird", "second", (1, "second", 1)),
    ],
)
def test_words_are_found_in_their_paragraph(text: str, words: str, expected: tuple[int, str, int]) -> None:
    start = text.index(words)
    mark = words_at(text, start, start + len(words))
    assert mark is not None
    assert (mark.paragraph, mark.words, mark.occurrence) == expected


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 4), (2, 8), (5, 7)])
def test_nothing_and_words_across_paragraphs_are_no_mark(start: int, end: int) -> None:
    assert words_at("one t\n\nthree", start, end) is None


def test_the_second_place_of_the_same_words_is_marked_as_the_second() -> None:
    mark = words_at("he saw him and him", 15, 18)
    assert mark is not None
    assert mark.occurrence == 2


def test_words_are_marked_at_a_terminal_and_leave_under_a_code(tmp_path: Path) -> None:
    world = marked_world(tmp_path)
    with terminal(tmp_path, {"TESTIMONY_VAULT": str(world.field)}) as at:
        at.wait_for(sentence("unlock.intro", "en"))
        at.type(PASSPHRASE)
        at.press("enter")
        at.wait_for(world.drafts[0])
        at.press("enter")
        at.wait_for("Steps")
        at.press("f2", "f2", "f2")
        at.wait_for("Blue Mill")
        at.press("f4")
        at.wait_for(sentence("title.marks", "en"))
        at.wait_for(sentence("marks.by-itself", "en"))
        at.press("n")
        at.wait_for(sentence("marks.which-words", "en")[:30])
        at.type("old baker")
        at.press("enter")
        at.type("Qasim")
        at.wait_for(sentence("marks.known", "en"))
        at.press("enter")
        at.wait_for(sentence("marks.by-hand", "en"))
        at.press("ctrl+q")
        assert at.wait_for_end() == 0
        assert b"Traceback" not in at.written
    assert [(one.words, one.who) for one in _draft(world).hand_marks] == [("old baker", "Qasim")]
