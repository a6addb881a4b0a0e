"""Who works on which device, read only; and the second person, who types the digits read on the other screen."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from practice_vaults import (
    BODY,
    PASSPHRASE,
    PURPOSE,
    acquaint,
    kinds_of,
    make_vault,
    passphrase,
    recorded,
)
from roster_world import written
from screens_world import press, screens, shows, write

from tui.screens.approval import ApprovalScreen
from tui.screens.organisation import OrganisationScreen
from tui.strings.sentences import sentence
from tui.widgets.files import FileChooser
from vault.approvals import request_approval, subject_of, take_approval
from vault.preview import prepare
from vault.rosters import accept_roster
from vault.store import Vault


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The vault of the team, that of the second person, the request between them and its digits."""

    team: Path
    second: Path
    request: Path
    digits: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    with (
        make_vault(folder, "desk") as office,
        make_vault(folder, "team") as team,
        make_vault(folder, "second") as second,
        make_vault(folder, BODY, "legal") as body,
    ):
        acquaint(office, team, second, body)
        recorded(team)
        roster = written(office, 1, {"I-04": (("interviewer",), (team,)), "A-02": (("approver",), (second,))})
        for vault in (team, second):
            accept_roster(vault, roster)
        ready = prepare(team, to=BODY, purpose=PURPOSE, profile="lead")
        request = folder / "seal.request"
        request.write_bytes(request_approval(team, ready))
        return Desk(team=team.path, second=second.path, request=request, digits=subject_of(team, ready).digits)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_second_person_sees_who_works_where_and_approves_by_the_digits(desk: Desk, language: Any) -> None:
    signed = desk.request.with_name(f"{desk.request.name}.approval")

    async def scene() -> None:
        async with screens(desk.second, language=language, passphrase=PASSPHRASE) as pilot:
            await press(pilot, "c", "o")
            assert isinstance(pilot.app.screen, OrganisationScreen)
            assert shows(pilot, "A-02")
            assert shows(pilot, sentence("command.role.approver", language))
            assert shows(pilot, sentence("command.validity.good", language))
            assert shows(pilot, sentence("command.roster.own", language, organisation="desk-D1"))
            await press(pilot, "a")
            assert isinstance(pilot.app.screen, ApprovalScreen)
            pilot.app.screen.query_one(FileChooser).query_one("#chosen-path").load_text(str(desk.request))
            await press(pilot, "f2")
            profile = sentence("profile.lead", language)
            assert shows(pilot, sentence("approval.seal", language, count=1, body=BODY, profile=profile))
            await write(pilot, "0" * 40)
            await press(pilot, "f2")
            assert shows(pilot, sentence("failure.policy.approval-digits", language)[:40])
            assert not signed.exists()
            pilot.app.screen.query_one("#digits").load_text(desk.digits)
            await press(pilot, "f2")
            assert shows(pilot, sentence("approval.given", language))

    asyncio.run(scene())
    data = signed.read_bytes()
    signed.unlink()
    if language == "en":
        with Vault.unlock(desk.team, passphrase()) as team:
            assert take_approval(team, data).approver == "A-02"
            assert kinds_of(team).count("redaction.approve") == 1
