"""Hostile words in every place that holds words, over every screen; the same look finds them with the filter off."""

import asyncio
import unicodedata
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from screens_world import account_of_first, drawn, invented_interview, make_world, press, screens, settled, write

import tui.words
from tui.app import TestimonyApp
from tui.widgets.files import FileChooser

HOSTILE = [
    "\x1b]52;c;ZXZpbA==\x1b\\", "\x1b[2J\x1b[H", "\x1b]0;owned\x07", "\x1b[?1049l", "\x1b]8;;http://x\x1b\\y", "\x1bP1$r\x1b\\",
    "\x1b[6n", "\x1bc", "\x9b2J", "\x9d52;c;x\x9c", "\x90q\x9c", "\x00\x01\x07\x08\x7f", "a\rb", "\x0e\x0f\x1c",
    "[@click=app.quit]x[/]", "[/x]", "[link=http://x]y[/link]", "[[", "]", "[bold", "\\[red]", "$x", "{0}", "{language}",
    "\u202eevil\u202c", "\u202d\u202a\u202b", "\u2066\u2067\u2068", "\u200e\u200f\u061c", "VERIFIED\u2028line\u2029",
    "e" + "\u0301" * 500, "\u0610" * 40, "\u200b\u2060\ufeff", "\u3164\u115f\uffa0", "\U000e0041\U000e0042", "\ue000\ufff9",
    "👩\u200d👩\u200d👧\u200d👦🇸🇾", "漢字かな交じり", "ﷺ ﷽ لا ـــ", "\u17b4\u17b5\u034f", "می\u200cخواهم",
]  # fmt: skip
ALLOWED_FORMATS = "\u200c\u200d"
ALL = " ".join(HOSTILE)


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def harm_in(text: str) -> set[str]:
    """What a terminal would act on, or what would turn the line round."""
    return {
        c
        for c in text
        if c != "\n" and c not in ALLOWED_FORMATS and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }


def hostile_interview() -> dict[str, Any]:
    whole = invented_interview()
    whole["session"]["place"]["verbatim"] = ALL
    whole["session"]["others_present"] = [{"role": text, "reason": text} for text in HOSTILE[:5]]
    whole["session"]["prior_statements"] = [{"to": ALL, "when": ALL, "form": ALL, "reason": ALL}]
    whole["witness"]["name"] = {"given": ALL, "family": HOSTILE[0], "latin": HOSTILE[:4]}
    whole["witness"]["contact"] = [{"channel": "phone", "value": ALL, "safe_times": ALL}]
    whole["witness"]["birth"] = {"verbatim": ALL, "basis": "stated"}
    whole["account"]["paragraphs"] = [*HOSTILE, ALL]
    whole["account"]["source_of_knowledge"] = ["saw"] * (len(HOSTILE) + 1)
    whole["mentions"] = [{"who": text, "role": "witness", "relation": text} for text in HOSTILE[:3]]
    whole["exhibits"] = [{"kind": "other", "title": ALL, "original_name": ALL}]
    return whole


async def _walk(pilot: Any) -> str:
    """Every screen that shows what the vault holds; everything drawn on the way."""
    seen = []
    for keys in (
        (), ("home", "enter"), ("f2",), ("f2",), ("enter",), ("f2",), ("f2",), ("f2",), ("f2",), ("f1",), ("escape",), ("ctrl+p",),
        ("escape",), ("f8",), ("escape",), ("escape", "escape"), ("end", "enter"), ("i",), ("pagedown",), ("escape",),
        ("h",), ("f2",), ("enter",), ("pagedown",), ("escape", "escape", "escape"), ("c",), ("escape",), ("f3",),
    ):  # fmt: skip
        await press(pilot, *keys)
        seen.append(drawn(pilot.app.screen))
    await write(pilot, "evil")
    await press(pilot, "enter")
    seen.append(drawn(pilot.app.screen))
    return "\n".join(seen)


@pytest.mark.slow
@pytest.mark.case("RF-02", "RF-03", "RF-04", "RF-05", "RF-06", "RF-07", "BU-24")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_a_terminal_acts_on_leaves_any_screen(tmp_path: Path, language: Any) -> None:
    world = make_world(tmp_path, [hostile_interview()], [hostile_interview()])

    async def scene() -> None:
        async with screens(world.field, language=language, size=(100, 60)) as pilot:
            text = await _walk(pilot)
            assert harm_in(text) == set()
            assert "[@click=app.quit]x[/]" in text
            assert "‹RLO›evil" in text
            assert "‹+494›" in text

    run(scene())


@pytest.mark.case("RF-02")
def test_the_same_look_finds_them_when_the_filter_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tui.words, "display_safe", lambda text: text)
    monkeypatch.setattr(TestimonyApp, "get_line_filters", lambda _self: [])
    world = make_world(tmp_path, finished=[hostile_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(100, 60)) as pilot:
            await press(pilot, "enter")
            assert "\x1b" in harm_in(drawn(pilot.app.screen))

    run(scene())


@pytest.mark.case("RF-02")
def test_the_barrier_alone_holds_when_a_widget_forgets_the_filter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui.words, "display_safe", lambda text: text)
    world = make_world(tmp_path, finished=[hostile_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(100, 60)) as pilot:
            await press(pilot, "enter")
            assert harm_in(drawn(pilot.app.screen)) == set()

    run(scene())


@pytest.mark.case("RF-02", "BU-14", "BU-15")
def test_hostile_file_names_are_shown_as_marks(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)
    for name in ("a\x1b[2Jb", "\u202egpj.exe", "line\nbreak", "[@click=app.quit]x[∕]"):
        (tmp_path / name).write_bytes(b"")

    async def scene() -> None:
        async with screens(world.field, size=(100, 60)) as pilot:
            await press(pilot, "r")
            chooser = pilot.app.screen.query_one(FileChooser)
            chooser.query_one("#chosen-path").load_text(str(tmp_path))  # type: ignore[attr-defined]
            chooser.query_one("#chosen-path").focus()
            await press(pilot, "enter")
            text = drawn(pilot.app.screen)
            assert "␛[2J" in text
            assert "‹RLO›gpj.exe" in text
            assert harm_in(text) == set()

    run(scene())


@pytest.mark.case("CL-11")
def test_a_hostile_paste_is_kept_exactly_and_drawn_as_marks(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(100, 60)) as pilot:
            editor = await account_of_first(pilot)
            editor.insert("paste \x1b[201~ \u202e end", (0, 0))
            await settled(pilot)
            assert editor.text.startswith("paste \x1b[201~ \u202e end")
            assert harm_in(drawn(pilot.app.screen)) == set()
            assert "␛[201~ ◊ end" in drawn(pilot.app.screen)

    run(scene())


@pytest.mark.case("CL-12")
def test_a_cut_stays_inside_the_program(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "enter", "f2", "f2", "f2")
            sent: list[str] = []
            driver = pilot.app._driver
            driver.write = sent.append
            pilot.app.copy_to_clipboard("words")
            assert not [each for each in sent if "52;" in each]

    run(scene())
