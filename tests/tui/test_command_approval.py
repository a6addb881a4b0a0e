"""`approval`: the digits below what is shown are what the second person types in their own vault."""

import re
from pathlib import Path

from command_line import Commands
from practice_vaults import BODY, PURPOSE, acquaint, make_vault, recorded
from roster_world import written

from vault.rosters import accept_roster


def test_a_second_person_reads_types_the_digits_and_the_bundle_names_them(command: Commands, tmp_path: Path) -> None:
    with (
        make_vault(tmp_path, "desk") as desk,
        make_vault(tmp_path, "team") as team,
        make_vault(tmp_path, "second") as second,
        make_vault(tmp_path, BODY, "legal") as body,
    ):
        acquaint(desk, team, second, body)
        record_id = recorded(team)
        staff = {"I-04": (("interviewer",), (team,)), "A-02": (("approver",), (second,))}
        roster = written(desk, 1, staff)
        for vault in (team, second):
            accept_roster(vault, roster)
        field, other = team.path, second.path
    asked = ("--to", BODY, "--purpose", PURPOSE, "--profile", "lead")
    sealing = ("seal", field, *asked, "--out", tmp_path, "--json", "--", record_id)
    said = command(*sealing)
    assert (said.code, "approval request" in said.err) == (4, True)
    assert command("approval", "request", field, *asked, "--out", tmp_path / "request", "--", record_id).code == 0
    shown = command("show", field, record_id, "--as", *asked[-1:], *asked[:4])
    (read,) = re.findall(r"[0-9]{4}(?: [0-9]{4}){9}", shown.out)
    give = ("approval", "give", other, tmp_path / "request", "--out", tmp_path / "approval", "--digits")
    assert command(*give, "0" * 40, "--erase", "K7F3-9QZX").code == 4
    wrong = command(*give, "0" * 40)
    assert (wrong.code, (tmp_path / "approval").exists()) == (4, False)
    assert command(*give, read).code == 0
    assert command("approval", "take", field, tmp_path / "approval").code == 0
    assert command(*sealing).json["approved_by"] == "A-02"


def test_a_file_that_is_no_approval_is_said_to_be_none(command: Commands, tmp_path: Path) -> None:
    with make_vault(tmp_path, "team") as team:
        field = team.path
    (tmp_path / "x").write_bytes(b"hello\n")
    said = command("approval", "take", field, tmp_path / "x")
    assert (said.code, "not an approval" in said.err) == (2, True)


def test_a_second_person_signs_for_an_erasure_on_their_own_laptop(command: Commands, tmp_path: Path) -> None:
    with (
        make_vault(tmp_path, "desk") as desk,
        make_vault(tmp_path, "team") as team,
        make_vault(tmp_path, "second") as second,
    ):
        acquaint(desk, team, second)
        record_id = recorded(team)
        roster = written(desk, 1, {"I-04": (("interviewer",), (team,)), "A-02": (("approver",), (second,))})
        for vault in (team, second):
            accept_roster(vault, roster)
        field, other = team.path, second.path
    asked = ("approval", "erasure", field, record_id, "--out", tmp_path / "request")
    assert (command(*asked).code, (tmp_path / "request").exists()) == (4, False)
    assert command("erase", field, record_id, "--request", "withdrawn").code == 0
    typed = command("erase", field, record_id, "--approve", "A-02")
    assert (typed.code, "approval erasure" in typed.err) == (4, True)
    (read,) = re.findall(r"[0-9]{4}(?: [0-9]{4}){9}", command(*asked).out)
    give = ("approval", "give", other, tmp_path / "request", "--out", tmp_path / "approval", "--digits")
    # Who was told that it is about a seal does not sign an erasure: digits do not say what they stand for.
    for named in ((), ("--erase", "K7F3-9QZX")):
        refused = command(*give, read, *named)
        assert (refused.code, record_id in refused.err, (tmp_path / "approval").exists()) == (4, True, False)
    assert command(*give, "0" * 40, "--erase", record_id).code == 4
    assert command(*give, read, "--erase", record_id).code == 0
    taken = command("approval", "take", field, tmp_path / "approval")
    assert (taken.code, record_id in taken.out) == (0, True)
    assert command("erase", field, record_id, "--now").code == 0
