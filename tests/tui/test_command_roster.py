"""`roster`: written at the desk, accepted on a laptop, shown, and overruled with a reason."""

from pathlib import Path

import pytest
from command_line import Commands
from practice_vaults import acquaint, interview_bytes, make_vault
from roster_world import source, window

Vaults = tuple[Path, Path, bytes, bytes]


@pytest.fixture
def vaults(tmp_path: Path) -> Vaults:
    with make_vault(tmp_path, "desk") as desk, make_vault(tmp_path, "team") as team:
        acquaint(desk, team)
        staff = {"I-04": (("interviewer",), (team,))}
        return desk.path, team.path, source(1, staff), source(2, staff, dates=window(-9, -1))


def test_a_roster_goes_from_the_desk_to_the_laptop(command: Commands, vaults: Vaults, tmp_path: Path) -> None:
    desk, team, good, expired = vaults
    (tmp_path / "1.json").write_bytes(good)
    (tmp_path / "2.json").write_bytes(expired)
    (tmp_path / "interview.json").write_bytes(interview_bytes())
    assert command("roster", "show", team).out.startswith("No roster")
    for number in (1, 2):
        said = command("roster", "write", desk, "--from", tmp_path / f"{number}.json", "--out", tmp_path / f"{number}")
        assert said.code == 0, said.err
        assert (tmp_path / f"{number}").stat().st_mode & 0o777 == 0o600
    assert "Roster 1 of desk-D1" in command("roster", "accept", team, tmp_path / "1").out
    shown = command("roster", "show", team)
    assert "This device works for desk-D1" in shown.out
    assert "may write" in shown.out
    assert command("roster", "show", team, "--json").json["rosters"][0]["number"] == 1
    assert command("roster", "accept", team, tmp_path / "2").code == 0
    new = ("new", team, "--from", tmp_path / "interview.json")
    said = command(*new)
    assert (said.code, "expired" in said.err) == (4, True)
    assert command("roster", "overrule", team, "--reason", "no-courier").code == 0
    assert command(*new).code == 0
    assert "Passed over" in command("roster", "show", team).out


def test_a_roster_that_breaks_a_rule_leaves_no_file(command: Commands, vaults: Vaults, tmp_path: Path) -> None:
    desk, _, good, _ = vaults
    (tmp_path / "bad.json").write_bytes(good.replace(b'"interviewer"', b'"boss"'))
    said = command("roster", "write", desk, "--from", tmp_path / "bad.json", "--out", tmp_path / "bad")
    assert (said.code, (tmp_path / "bad").exists()) == (2, False)
    assert "I-04" in said.err


def test_the_roster_of_the_handbook_is_one_and_a_missing_member_is_named(
    command: Commands, vaults: Vaults, repository: Path, tmp_path: Path
) -> None:
    page = (repository / "docs" / "handbook" / "commands.md").read_text("utf-8")
    example = page.split("<!-- roster.json -->\n", 1)[1].split("\n\n", 1)[0]
    source = tmp_path / "roster.json"
    source.write_text(example, "utf-8")
    assert command("roster", "write", vaults[0], "--from", source, "--out", tmp_path / "good").code == 0
    source.write_text(example.replace(', "person": "I-04"', ""), "utf-8")
    said = command("roster", "write", vaults[0], "--from", source, "--out", tmp_path / "bad")
    assert (said.code, "devices[0]" in said.err, "docs/format" in said.err) == (2, True, True)


def test_a_file_that_is_no_roster_is_said_to_be_none(command: Commands, vaults: Vaults, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"hello\n")
    said = command("roster", "accept", vaults[1], tmp_path / "x")
    assert (said.code, "not a roster" in said.err) == (2, True)


def test_there_is_nothing_to_overrule_without_a_date(command: Commands, vaults: Vaults) -> None:
    assert command("roster", "overrule", vaults[1], "--reason", "x").code == 2


def test_a_card_is_added_by_comparing_or_by_a_roster_not_by_both(command: Commands, vaults: Vaults) -> None:
    desk, team, *_ = vaults
    assert command("contact", "add", team, desk / "lock", "--by-roster", "--digits", "1").code == 2
