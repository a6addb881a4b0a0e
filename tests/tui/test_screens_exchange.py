import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from screens_world import PASSPHRASE, drawn, invented_interview, make_world, press, screens, settled, shows, write

from keys.digits import arabic_indic
from keys.passphrase import normalise
from tui.screens.conditions import ConditionsScreen
from tui.screens.contacts import ContactsScreen
from tui.screens.handover import DecisionsScreen
from tui.screens.record import RecordScreen
from tui.screens.report import ReportScreen
from tui.screens.sealing import SealScreen
from tui.screens.walk import WalkScreen
from tui.strings.sentences import sentence
from tui.widgets.files import FileChooser
from tui.widgets.rows import RowList
from vault.clock import SystemClock
from vault.contacts import preview_card
from vault.store import Vault


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def _choose(screen: Any, path: Path) -> None:
    editor = screen.query_one(FileChooser).query_one("#chosen-path")
    editor.load_text(str(path))


def _refusing() -> dict[str, Any]:
    whole = invented_interview()
    whole["consent"]["share"] = [{"recipient": "court", "purpose": "criminal investigation", "answer": "ask me first"}]
    return whole


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_record_goes_from_one_vault_to_the_other_by_the_screens_alone(tmp_path: Path, language: Any) -> None:
    world = make_world(tmp_path, finished=[invented_interview(), _refusing()])
    out = tmp_path / "stick"
    out.mkdir()

    async def hand_over() -> None:
        async with screens(world.field, language=language, size=(120, 40)) as pilot:
            await press(pilot, "h", "f2")
            assert isinstance(pilot.app.screen, DecisionsScreen)
            assert shows(pilot, sentence("decisions.count", language, count=0, waiting=1, withheld=1))
            assert shows(pilot, sentence("decision.stays", language))
            assert shows(pilot, sentence("decision.waits", language))
            rows = pilot.app.screen.query_one(RowList)
            rows.point_at(world.finished[1])
            await settled(pilot)
            assert shows(pilot, sentence("failure.consent.ask-first", language).rstrip("."))
            rows.point_at(world.finished[0])
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, WalkScreen)
            assert shows(pilot, "The lamp fell in the yard.")
            await press(pilot, "f2")
            assert shows(pilot, "carried the water home.")
            assert "Qasim" not in drawn(pilot.app.screen)
            while isinstance(pilot.app.screen, WalkScreen):
                await press(pilot, "f2")
            assert isinstance(pilot.app.screen, DecisionsScreen)
            assert shows(pilot, sentence("decisions.count", language, count=1, waiting=0, withheld=1))
            assert shows(pilot, sentence("decision.goes", language))
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, SealScreen)
            _choose(pilot.app.screen, out)
            await press(pilot, "f2")
            assert shows(pilot, sentence("seal.done", language, count=1))

    async def receive() -> None:
        async with screens(world.legal, language=language, size=(120, 60)) as pilot:
            await press(pilot, "r")
            _choose(pilot.app.screen, next(out.glob("*.age")))
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, ConditionsScreen)
            await pilot.resize_terminal(80, 24)
            await settled(pilot)
            assert shows(pilot, sentence("conditions.intro", language))
            assert shows(pilot, "Conditions of this bundle")
            assert sentence("key.accept-conditions", language) in drawn(pilot.app.screen)
            await press(pilot, "escape")
            await pilot.resize_terminal(120, 60)
            assert shows(pilot, sentence("failure.policy.conditions-not-accepted", language))
            await press(pilot, "f2", "f2")
            assert isinstance(pilot.app.screen, ReportScreen)
            text = drawn(pilot.app.screen)
            assert text.index(sentence("report.verdict", language)) < text.index(
                sentence("report.conditions", language)
            )
            assert shows(pilot, sentence("outcome.imported", language))
            await press(pilot, "escape", "enter")
            assert isinstance(pilot.app.screen, RecordScreen)
            assert shows(pilot, "The lamp fell in the yard.")
            assert "Zubayda" not in drawn(pilot.app.screen)
            await press(pilot, "escape", "f3")
            await write(pilot, "water")
            await press(pilot, "enter")
            assert shows(pilot, sentence("find.some", language, count=1))

    run(hand_over())
    run(receive())


def test_a_record_can_be_left_out_and_then_nothing_leaves(tmp_path: Path) -> None:
    world = make_world(tmp_path, finished=[invented_interview()])

    async def scene() -> None:
        async with screens(world.field, size=(120, 40)) as pilot:
            await press(pilot, "h", "f2", "x")
            assert shows(pilot, sentence("decision.left-out", "en"))
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, DecisionsScreen)

    run(scene())


def test_a_flipped_bit_is_reported_and_nothing_enters(tmp_path: Path) -> None:
    world = make_world(tmp_path, finished=[invented_interview()])

    async def seal() -> None:
        async with screens(world.field, size=(120, 40)) as pilot:
            await press(pilot, "h", "f2", "enter")
            while isinstance(pilot.app.screen, WalkScreen):
                await press(pilot, "f2")
            await press(pilot, "f2")
            _choose(pilot.app.screen, tmp_path)
            await press(pilot, "f2")

    run(seal())
    path = next(tmp_path.glob("*.age"))
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)

    async def receive() -> None:
        async with screens(world.legal, size=(120, 60)) as pilot:
            await press(pilot, "r")
            _choose(pilot.app.screen, path)
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, ReportScreen)
            assert shows(pilot, sentence("report.nothing-entered", "en"))
            assert sentence("status.fail", "en") in drawn(pilot.app.screen)

    run(receive())


def test_a_file_that_is_no_bundle_is_said_to_be_none(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    stranger = tmp_path / "letter.txt"
    stranger.write_text("not sealed")

    async def scene() -> None:
        async with screens(world.legal, size=(120, 60)) as pilot:
            await press(pilot, "r")
            _choose(pilot.app.screen, stranger)
            await press(pilot, "f2")
            assert shows(pilot, sentence("failure.verification.not-a-bundle", "en"))

    run(scene())


@pytest.mark.case("PW-06")
def test_a_card_is_added_only_after_its_digits_were_typed_in_any_digits(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)
    other = Vault.create(tmp_path / "other.vault", normalise(PASSPHRASE), _legal_settings(), clock=SystemClock())
    card = other.card()
    other.lock()
    (tmp_path / "court.card").write_bytes(card)
    digits = preview_card(card).public.fingerprint

    async def scene() -> None:
        async with screens(world.field, size=(120, 40)) as pilot:
            await press(pilot, "c", "n")
            _choose(pilot.app.screen, tmp_path / "court.card")
            await press(pilot, "f2")
            assert digits not in drawn(pilot.app.screen)
            line = pilot.app.screen.query_one("#digits")
            line.load_text("1" * 40)  # type: ignore[attr-defined]
            await press(pilot, "f2")
            assert shows(pilot, sentence("failure.contact.digits", "en"))
            line.load_text(arabic_indic(digits))  # type: ignore[attr-defined]
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, ContactsScreen)
            assert digits in drawn(pilot.app.screen)

    run(scene())


def _legal_settings() -> Any:
    from keys.kdf_cost import TEST_COST
    from vault.settings import VaultSettings

    return VaultSettings(profile="practice", code="court", role="legal", cost=TEST_COST)


def test_the_own_card_is_written_to_a_folder(tmp_path: Path) -> None:
    world = make_world(tmp_path, legal=False)

    async def scene() -> None:
        async with screens(world.field, size=(120, 40)) as pilot:
            await press(pilot, "c", "k")
            _choose(pilot.app.screen, tmp_path)
            await press(pilot, "f2")

    run(scene())
    assert len(list(tmp_path.glob("*.card"))) == 1


def test_the_check_lists_every_layer(tmp_path: Path) -> None:
    world = make_world(tmp_path, finished=[invented_interview()])

    async def scene() -> None:
        async with screens(world.field) as pilot:
            await press(pilot, "f5")
            assert shows(pilot, sentence("check.holds", "en"))
            for layer in ("file", "pages", "log", "rows", "attachments"):
                assert shows(pilot, sentence(f"check.layer.{layer}", "en"))

    run(scene())


def test_a_file_is_attached_to_an_interview(tmp_path: Path) -> None:
    world = make_world(tmp_path, [invented_interview()], legal=False)
    (tmp_path / "sketch.png").write_bytes(b"\x89PNG\r\n\x1a\n invented")

    async def scene() -> None:
        async with screens(world.field, size=(120, 60)) as pilot:
            await press(pilot, "enter", "f2", "f2", "f2", "f2", "f2")
            await pilot.click("#add-exhibit")
            await settled(pilot)
            _choose(pilot.app.screen, tmp_path / "sketch.png")
            pilot.app.screen.query_one("#kind").focus()
            await press(pilot, "right", "right", "right", "right", "space", "f2")
            assert shows(pilot, "sketch.png")

    run(scene())
