"""A practice vault of invented interviews, and the screens over it, for the tests of the screens."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from keys.kdf_cost import TEST_COST
from keys.passphrase import normalise
from testimony.canonical import JsonValue, encode
from testimony.scripts import own_scripts
from tui.app import TestimonyApp
from tui.leaving import Start
from tui.opening import show_records, unlock_vault
from tui.widgets.editors import AccountEditor
from vault.clock import SystemClock
from vault.contacts import add_contact, preview_card
from vault.records import finish, new_from_interview
from vault.settings import VaultSettings
from vault.store import Vault

PASSPHRASE = "ember lantern quiet orchard"
SIZE = (80, 24)
TEXT_READ_OUT = next(one.sha256 for one in own_scripts() if one.code == "consent-en-1")
QUIET = 2  # looks in a row at which no worker was busy and nothing moved


def invented_interview(**changes: Any) -> dict[str, Any]:
    """A whole interview in which nothing is true."""
    whole: dict[str, Any] = {
        "practice": True,
        "note": "Invented for tests.",
        "language": "eng",
        "session": {
            "started_at": "2025-04-12T15:05:00+03:00",
            "place": {"verbatim": "the blue tent by the well", "pcode": "SY0602"},
            "interviewer_code": "I-04",
            "interpreter_code": "none",
            "others_present": [],
            "prior_statements": "none",
        },
        "consent": {
            "interview": {"answer": "yes", "how": "spoken"},
            "limits_explained": {"points": [True] * 7, "script": "consent-en-1", "script_sha256": TEXT_READ_OUT},
            "recording": {"audio": "no", "video": "no", "photo": "no"},
            "share": [{"recipient": "court", "purpose": "criminal investigation", "answer": "yes"}],
            "identity": [{"recipient": "court", "answer": "no"}],
            "contact": {"answer": "no"},
            "confirm_end": "confirmed",
        },
        "witness": {
            "capacity": "adult",
            "name": {"given": "Zubayda", "family": "Marjan"},
            "contact": [],
            "birth": {"verbatim": "1991", "edtf": "1991", "basis": "stated"},
        },
        "account": {
            "mode": "summary",
            "paragraphs": ["The lamp fell in the yard.", "Qasim carried the water home."],
            "source_of_knowledge": ["saw", "was told"],
            "readback": {"answer": "yes", "language": "eng", "corrections": 0},
        },
        "mentions": [{"who": "Qasim", "role": "witness", "relation": "cousin"}],
        "exhibits": [],
    }
    return whole | changes


@dataclass(frozen=True, kw_only=True)
class World:
    """Where the vaults of one test stand, and the records in the field vault."""

    field: Path
    legal: Path
    drafts: tuple[str, ...]
    finished: tuple[str, ...]


def make_world(
    folder: Path, drafts: Iterable[JsonValue] = (), finished: Iterable[JsonValue] = (), *, legal: bool = True
) -> World:
    """Two practice vaults that know each other, and records in the first."""
    secret = normalise(PASSPHRASE)
    paths = folder / "field.vault", folder / "legal.vault"
    field = Vault.create(paths[0], secret, _settings("I-04", "field"), clock=SystemClock())
    if legal:
        other = Vault.create(paths[1], normalise(PASSPHRASE), _settings("court", "legal"), clock=SystemClock())
        for vault, card in ((field, other.card()), (other, field.card())):
            add_contact(vault, card, preview_card(card).public.fingerprint)
        other.lock()
    made = tuple(new_from_interview(field, encode(one)) for one in drafts)
    closed = []
    for one in finished:
        record_id = new_from_interview(field, encode(one))
        finish(field, record_id)
        closed.append(record_id)
    field.lock()
    return World(field=paths[0], legal=paths[1], drafts=made, finished=tuple(closed))


def _settings(code: str, role: Any) -> VaultSettings:
    return VaultSettings(profile="practice", code=code, role=role, cost=TEST_COST)


@asynccontextmanager
async def screens(
    path: Path | None = None, *, language: Any = "en", size: tuple[int, int] = SIZE, passphrase: str = PASSPHRASE
) -> AsyncIterator[Pilot[Any]]:
    """The program, with the vault at `path` open at its list."""
    app = TestimonyApp(Start(vault_path=None, language=language))
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        if path is not None:
            app.session.open(lambda: unlock_vault(path, passphrase, app.clock))
            show_records(app, path)
        await settled(pilot)
        try:
            yield pilot
        finally:
            app.session.close()


async def settled(pilot: Pilot[Any], until: Callable[[], bool] | None = None) -> None:
    """Wait until the workers have answered and the picture stays, or until something holds."""
    quiet, picture = 0, ""
    for _ in range(1000):
        await pilot.pause(0.01)
        before, picture = picture, drawn(pilot.app.screen)
        busy = any(not worker.is_finished for worker in pilot.app.workers)
        quiet = 0 if busy or picture != before else quiet + 1
        if quiet > QUIET and (until is None or until()):
            await pilot.pause()
            return
    message = "the screens did not settle"
    raise AssertionError(message)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys and wait for what they do."""
    for one in keys:
        await pilot.press(one)
        await settled(pilot)


async def account_of_first(pilot: Pilot[Any]) -> AccountEditor:
    """Go from the list to the account of the first draft; its editor, which has the focus."""
    await press(pilot, "enter", "f2", "f2", "f2")
    editor = pilot.app.screen.query_one("#account-text", AccountEditor)
    editor.focus()
    return editor


async def write(pilot: Pilot[Any], text: str) -> None:
    """Type a text."""
    for character in text:
        await pilot.press("space" if character == " " else character)
    await settled(pilot)


def drawn(screen: Screen[Any]) -> str:
    """Everything on the screen as it would reach the terminal, line by line."""
    strips = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip if not segment.control) for strip in strips)


def shows(pilot: Pilot[Any], words: str) -> bool:
    """Whether the words stand on the screen, wherever the lines break."""
    return " ".join(words.split()) in " ".join(drawn(pilot.app.screen).split())
