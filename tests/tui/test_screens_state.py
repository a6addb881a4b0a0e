import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from screens_world import drawn, invented_interview, make_world, press, screens, settled, shows, write

from testimony.interview import Interview, empty_interview
from tui.failures import failure_message
from tui.idleness import LOCK_AFTER, WARN_AT, Idleness
from tui.leaving import Leave, start_from
from tui.screens.blank import BlankScreen
from tui.screens.draft import Draft
from tui.screens.interview import InterviewScreen
from tui.strings.sentences import sentence
from tui.widgets.choice import Choice
from tui.widgets.rows import Column, Row, RowList
from vault.clock import Reading
from vault.errors import StorageFullError


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def _reading(seconds: float, wall: float | None = None) -> Reading:
    start = datetime(2025, 4, 12, 15, 0, tzinfo=UTC)
    return Reading(
        wall=start + timedelta(seconds=seconds if wall is None else wall), monotonic_ns=int(seconds * 1e9), boot_id="x"
    )


def test_the_time_to_the_lock_counts_by_the_faster_of_both_clocks() -> None:
    idle = Idleness(_reading(0))
    assert idle.seconds_left(_reading(10)) == LOCK_AFTER - 10
    assert idle.seconds_left(_reading(1, wall=LOCK_AFTER + 5)) == 0
    assert idle.seconds_left(_reading(20, wall=-86_400)) == LOCK_AFTER - 20
    idle.touch(_reading(20))
    assert idle.seconds_left(_reading(20)) == LOCK_AFTER


class _Stepped:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> Reading:
        return _reading(self.seconds)


def test_nobody_at_the_keyboard_is_warned_and_then_locked_out(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens(world.field) as pilot:
            app: Any = pilot.app
            clock = _Stepped()
            app.clock = clock
            app.idleness.touch(clock.now())
            clock.seconds = LOCK_AFTER - WARN_AT + 1
            app._tick()
            await settled(pilot)
            assert sentence("lock.soon", "en") in [told.message for told in app._notifications]
            await press(pilot, "down")
            app._tick()
            assert app.return_value is None
            clock.seconds += LOCK_AFTER + 1
            app._tick()
            await pilot.pause()
            assert app.return_value is Leave.LOCK

    run(scene())


@pytest.mark.case("VF-16")
def test_words_that_cannot_be_saved_stay_and_nothing_is_left_or_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    def full(*_arguments: object) -> None:
        raise StorageFullError("disk")

    async def scene() -> None:
        async with screens(world.field, size=(120, 40)) as pilot:
            await press(pilot, "enter", "f2", "f2", "f2")
            monkeypatch.setattr("tui.screens.interview.save_draft", full)
            pilot.app.screen.query_one("#account-text").focus()
            await write(pilot, "KEPT ")
            await press(pilot, "escape", "escape")
            assert isinstance(pilot.app.screen, InterviewScreen)
            assert shows(pilot, sentence("status.unsaved", "en"))
            assert "KEPT" in drawn(pilot.app.screen)
            await press(pilot, "f9")
            assert isinstance(pilot.app.screen, BlankScreen)
            assert pilot.app.return_value is None
            await press(pilot, "f12")
            assert "KEPT" in drawn(pilot.app.screen)
            monkeypatch.undo()
            await press(pilot, "f9")
            assert pilot.app.return_value is Leave.LOCK

    run(scene())


@pytest.mark.case("RF-01")
def test_a_text_above_the_limit_stays_on_the_screen_and_is_never_called_saved() -> None:
    draft = Draft("AAAA-AAAA", empty_interview("eng", practice=True))
    place = draft.interview.form.slot("session.place")
    assert place is not None
    draft.take(place, {"verbatim": "x" * 70_000})
    draft.gather()
    assert draft.problems["session.place"] == "text-too-long"
    draft.note_saved(draft.interview)
    assert draft.is_unsaved
    assert draft.raw(place) == {"verbatim": "x" * 70_000}


@pytest.mark.case("RF-17")
def test_what_is_typed_while_a_save_runs_is_still_to_be_saved() -> None:
    draft = Draft("AAAA-AAAA", empty_interview("eng", practice=True))
    place = draft.interview.form.slot("session.place")
    assert place is not None
    draft.take(place, {"verbatim": "the mill"})
    on_its_way = draft.gather()
    draft.take(place, {"verbatim": "the mill house"})
    draft.note_saved(on_its_way)
    assert draft.is_unsaved
    last = draft.gather()
    assert last.to_json()["session"]["place"] == {"verbatim": "the mill house"}
    draft.note_saved(last)
    assert not draft.is_unsaved


@pytest.mark.case("RF-09")
@pytest.mark.parametrize("typed", ["31 Feb", "0000-01-01T00:00:00Z", "Ramadan 1446", "about 3 a.m.", "٢٠٢٥"])
def test_what_is_no_date_yet_is_kept_as_typed(typed: str) -> None:
    draft = Draft("AAAA-AAAA", empty_interview("eng", practice=True))
    started = draft.interview.form.slot("session.started_at")
    assert started is not None
    draft.take(started, typed)
    interview: Interview = draft.gather()
    assert interview.unparsed["session.started_at"] == typed
    assert Draft("AAAA-AAAA", interview).raw(started) == typed


def test_a_wrong_member_of_a_list_is_kept_with_the_rest_of_it() -> None:
    draft = Draft("AAAA-AAAA", empty_interview("eng", practice=True))
    present = draft.interview.form.slot("session.others_present")
    assert present is not None
    raw = [{"role": "support", "code": "not a code!"}]
    draft.take(present, raw)
    assert Draft("AAAA-AAAA", draft.gather()).raw(present) == raw


def test_a_refused_interview_keeps_only_its_code_and_date(tmp_path: Path) -> None:
    whole = invented_interview()
    whole["consent"]["interview"] = {"answer": "no", "how": "spoken"}
    world = make_world(tmp_path, [whole], legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(120, 40)) as pilot:
            await press(pilot, "enter", "f8")
            assert shows(pilot, sentence("finish.refusal", "en"))
            pilot.app.screen.query_one("#typed").load_text(world.drafts[0])  # type: ignore[attr-defined]
            await press(pilot, "enter", "f2")
            assert shows(pilot, sentence("stage.refused", "en"))
            await press(pilot, "enter")
            assert shows(pilot, sentence("record.refused", "en"))
            assert "lamp" not in drawn(pilot.app.screen)

    run(scene())


_HEAVY = """
import sys, tui.app, tui.screens.welcome, tui.screens.unlock
heavy = ("sqlcipher3", "argon2", "shamir_mnemonic", "vault.store", "testimony.interview", "click")
print([name for name in heavy if name in sys.modules])
"""


def test_the_first_paint_loads_no_database_and_no_form() -> None:
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            _HEAVY,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.strip() == "[]"


def test_the_start_names_vault_language_and_lock() -> None:
    start = start_from({"TESTIMONY_VAULT": "/x/y.vault", "TESTIMONY_LANGUAGE": "ar", "TESTIMONY_LOCKED": "1"}, None)
    assert (start.vault_path, start.language, start.is_locked) == (Path("/x/y.vault"), "ar", True)
    assert start_from({}, Path("/z.vault")).vault_path == Path("/z.vault")


def test_a_list_of_any_length_draws_only_what_is_in_sight_and_asks_for_more() -> None:
    from textual.app import App, ComposeResult

    class ListApp(App[None]):
        asked = 0

        def compose(self) -> ComposeResult:
            yield RowList((Column(heading="n"),))

        def on_row_list_near_end(self) -> None:
            ListApp.asked += 1

    async def scene() -> None:
        app = ListApp()
        async with app.run_test(size=(40, 10)) as pilot:
            rows = app.query_one(RowList)
            rows.replace((Row(id=str(n), cells=(f"row {n}",)) for n in range(100_000)), more=True)
            rows.focus()
            await pilot.pause()
            assert ListApp.asked == 0
            await pilot.press("end")
            await pilot.pause()
            assert ListApp.asked == 1
            assert rows.pointed is not None
            assert rows.pointed.id == "99999"
            assert "row 99999" in "".join(segment.text for segment in rows.render_line(rows.size.height - 1))

    run(scene())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_choice_is_chosen_by_mouse_at_its_place_in_both_directions(tmp_path: Path, language: Any) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)

    async def scene() -> None:
        async with screens(world.field, language=language, size=(100, 60)) as pilot:
            await press(pilot, "enter", "f2")
            choice = pilot.app.screen.query(Choice).first()
            labels = choice._options
            line = drawn(pilot.app.screen).splitlines()[choice.region.y]
            x = line.index(f"( ) {labels[1].label}") + 1
            await pilot.click(offset=(x, choice.region.y))
            await settled(pilot)
            assert choice.value == labels[1].value
            await press(pilot, "delete")
            assert choice.value is None
            choice.value = labels[0].value

    run(scene())


def test_every_refusal_is_told_without_the_words_it_is_about() -> None:
    assert "disk" not in failure_message(StorageFullError("disk", "/secret/name"), "en").replace("The disk", "")
