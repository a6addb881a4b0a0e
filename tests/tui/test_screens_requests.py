"""A body asks on its screens for what is hidden, and the field answers on its own, place by place."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from practice_vaults import receive
from screens_world import PASSPHRASE, World, drawn, invented_interview, make_world, press, screens, shows, write

from keys.passphrase import normalise
from tui.screens.answer import AnswerScreen
from tui.screens.record import RecordScreen
from tui.screens.request import RequestScreen
from tui.strings.sentences import sentence
from tui.widgets.files import FileChooser
from vault.disclosure_requests import make_request
from vault.handover import prepare, seal
from vault.received import get_received
from vault.review import save_walk, walk_of
from vault.store import Vault

PURPOSE = "criminal investigation"
PARAGRAPHS = ["The lamp fell in the yard.", "Qasim carried the water home.", "Nobody spoke of it again."]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Both vaults after a record left with its first two paragraphs hidden, and the folder between them."""

    world: World
    stick: Path

    @property
    def record_id(self) -> str:
        return self.world.finished[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("requests")
    whole = invented_interview()
    whole["account"] |= {"paragraphs": PARAGRAPHS, "source_of_knowledge": ["saw"] * 3}
    world = make_world(folder, finished=[whole])
    secret = normalise(PASSPHRASE)
    with Vault.unlock(world.field, secret) as field, Vault.unlock(world.legal, secret) as legal:
        walk = walk_of(field, world.finished[0], to="court", purpose=PURPOSE)
        hidden = walk.hiding("account.text/0", "PRIVATE").hiding("account.text/1", "THIRD").keeping("account.text/2")
        save_walk(field, hidden)
        receive(legal, seal(field, prepare(field, to="court", purpose=PURPOSE), folder).path)
    return Case(world=world, stick=folder)


@pytest.fixture
def case(made: Case, tmp_path: Path) -> Case:
    """A copy, so that no test sees another's requests."""
    field, legal = (copytree(each, tmp_path / each.name) for each in (made.world.field, made.world.legal))
    stick = tmp_path / "stick"
    stick.mkdir()
    return Case(world=World(field=field, legal=legal, drafts=(), finished=made.world.finished), stick=stick)


def _choose(pilot: Any, path: Path) -> None:
    chooser = pilot.app.screen.query_one(FileChooser)
    chooser.query_one("#chosen-path").load_text(str(path))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_body_asks_on_its_screens_and_is_shown_exactly_what_the_field_grants_on_its_own(
    case: Case, language: Any
) -> None:
    other: Any = "ar" if language == "en" else "en"

    async def ask() -> None:
        async with screens(case.world.legal, language=language) as pilot:
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, RecordScreen)
            await press(pilot, "q")
            assert isinstance(pilot.app.screen, RequestScreen)
            assert shows(pilot, sentence("hidden.paragraph", language, number=2))
            await press(pilot, "f2")
            assert shows(pilot, sentence("request.choose-place", language))
            rows = pilot.app.screen.query_one("#places")
            for path in ("account.text/0", "account.text/1"):
                rows.point_at(path)
                await press(pilot, "space")
            await press(pilot, "f2")
            assert shows(pilot, sentence("request.choose-ground", language))
            await press(pilot, "space", "tab")
            await write(pilot, "For the hearing.")
            await press(pilot, "f2")
            assert shows(pilot, sentence("request.count", language, count=2))
            _choose(pilot, case.stick)
            await press(pilot, "f2")
            assert shows(pilot, sentence("request.written", language))

    async def answer() -> None:
        async with screens(case.world.field, language=other) as pilot:
            await press(pilot, "r")
            _choose(pilot, next(case.stick.glob("*.request")))
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, AnswerScreen)
            assert shows(pilot, "For the hearing.")
            assert shows(pilot, sentence("ground.COURT-ORDER", other))
            assert shows(pilot, PARAGRAPHS[0])
            await press(pilot, "y", "f2")
            assert shows(pilot, sentence("answer.decide-each", other))
            assert shows(pilot, "carried the water home."), "the next place is pointed at"
            await press(pilot, "n", "f2")
            assert shows(pilot, sentence("answer.count", other, count=1, of=2))
            _choose(pilot, case.stick)
            await press(pilot, "f2")
            assert shows(pilot, sentence("answer.done", other))

    asyncio.run(ask())
    asyncio.run(answer())
    with Vault.unlock(case.world.legal, normalise(PASSPHRASE)) as legal:
        assert receive(legal, next(case.stick.glob("*.age"))).failure is None
        newest = get_received(legal, case.record_id)[0]
        assert [text for _, text in newest.paragraphs] == [PARAGRAPHS[0], PARAGRAPHS[2]]


def test_a_request_that_has_no_place_is_not_noted_as_made(case: Case) -> None:
    async def ask() -> None:
        async with screens(case.world.legal) as pilot:
            await press(pilot, "enter", "q")
            pilot.app.screen.query_one("#places").point_at("account.text/0")  # type: ignore[attr-defined]
            await press(pilot, "space", "f2", "space", "f2")
            _choose(pilot, case.stick)
            case.stick.rmdir()
            await press(pilot, "f2")
            assert not shows(pilot, sentence("request.written", "en"))
            case.stick.mkdir()
            await press(pilot, "f2")
            assert shows(pilot, sentence("request.written", "en"))
            await press(pilot, "ctrl+l")
            assert shows(pilot, sentence("request.written", "ar")), "what came of it stays in the other language"

    asyncio.run(ask())
    assert requests_of(case) == 1, "the one that was written"


def requests_of(case: Case) -> int:
    with Vault.unlock(case.world.legal, normalise(PASSPHRASE)) as legal:
        return len(legal.read("SELECT 1 FROM disclosure_requests"))


def test_a_request_that_is_refused_everywhere_seals_nothing(case: Case) -> None:
    with Vault.unlock(case.world.legal, normalise(PASSPHRASE)) as legal:
        data = make_request(legal, case.record_id, ["account.text/0"], ground="OTHER", words="To know.")
    (case.stick / "one.request").write_bytes(data)
    (case.stick / "broken.request").write_bytes(data.replace(b"To know.", b"To tell."))

    async def scene() -> None:
        async with screens(case.world.field) as pilot:
            await press(pilot, "r")
            _choose(pilot, case.stick / "broken.request")
            await press(pilot, "f2")
            assert shows(pilot, sentence("failure.request.request-signature", "en"))
            assert PARAGRAPHS[0] not in drawn(pilot.app.screen)
            await press(pilot, "f2", "escape", "r")
            _choose(pilot, case.stick / "one.request")
            await press(pilot, "f2", "n", "f2")
            assert shows(pilot, sentence("answer.nothing", "en"))

    asyncio.run(scene())
    assert list(case.stick.glob("*.age")) == []


def test_only_a_record_of_others_can_be_asked_about(case: Case) -> None:
    async def scene() -> None:
        async with screens(case.world.field) as pilot:
            await press(pilot, "enter", "q")
            assert isinstance(pilot.app.screen, RecordScreen)
            assert sentence("key.ask-for-more", "en") not in drawn(pilot.app.screen)
            assert sentence("key.withdraw", "en") in drawn(pilot.app.screen)

    asyncio.run(scene())
