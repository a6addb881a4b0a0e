"""`mark` and `suggest` on the command line."""

import json
from pathlib import Path

import pytest
from command_line import Commands, is_in, speak_arabic
from practice_vaults import interview_bytes, make_vault

from vault.finishing import finish
from vault.records import new_from_interview


@pytest.fixture
def draft(tmp_path: Path) -> tuple[Path, str]:
    with make_vault(tmp_path, "practice-team", prefix="TST") as vault:
        return vault.path, new_from_interview(vault, interview_bytes())


def marks_file(folder: Path, *marks: dict[str, object]) -> Path:
    path = folder / "marks.json"
    path.write_text(json.dumps(list(marks)), encoding="utf-8")
    return path


def test_marks_from_a_file_are_set_listed_and_taken_back(
    command: Commands, draft: tuple[Path, str], tmp_path: Path
) -> None:
    vault, record_id = draft
    source = marks_file(tmp_path, {"paragraph": 1, "words": "the mill", "who": "Upper Mill", "role": "place"})
    said = command("mark", vault, record_id, "--from", source)
    assert said.code == 0
    assert "mill" not in said.out
    listed = json.loads(command("mark", vault, record_id, "--list", "--json").out)
    assert listed == {
        "marks": [{"found": True, "occurrence": 1, "paragraph": 1, "who": "Upper Mill", "words": "the mill"}]
    }
    assert "the mill" in command("mark", vault, record_id, "--list").out
    assert command("mark", vault, record_id, "--remove", "1").code == 0
    assert command("mark", vault, record_id, "--remove", "1").code != 0
    assert json.loads(command("mark", vault, record_id, "--list", "--json").out) == {"marks": []}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_mark_that_marks_nothing_is_named_by_its_place_and_not_by_its_words(
    command: Commands, draft: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    if language == "ar":
        speak_arabic(monkeypatch)
    vault, record_id = draft
    source = marks_file(tmp_path, {"paragraph": 2, "words": "zebra crossing", "who": "Barnaby Thistlewood"})
    said = command("mark", vault, record_id, "--from", source)
    assert said.code == 2
    assert "account.text" in said.err
    assert "zebra" not in said.err + said.out
    assert is_in(language, said.err.splitlines()[-1])


def test_without_a_file_and_a_terminal_nothing_is_marked(command: Commands, draft: tuple[Path, str]) -> None:
    vault, record_id = draft
    assert command("mark", vault, record_id).code == 2
    assert command("mark", vault, record_id, "--list", "--remove", "1").code == 2


def test_a_file_that_is_no_list_of_marks_is_refused(command: Commands, draft: tuple[Path, str], tmp_path: Path) -> None:
    vault, record_id = draft
    (tmp_path / "marks.json").write_bytes(b"[{")
    assert command("mark", vault, record_id, "--from", tmp_path / "marks.json").code == 2
    assert command("mark", vault, record_id, "--from", tmp_path / "none.json").code != 0


def test_suggestions_are_listed_and_mark_nothing(command: Commands, tmp_path: Path) -> None:
    told = interview_bytes(account__paragraphs=["Plate 48213 stood there."], account__source_of_knowledge=["saw"])
    with make_vault(tmp_path, "practice-team", prefix="TST") as vault:
        record_id, path = new_from_interview(vault, told), vault.path
    said = json.loads(command("suggest", path, record_id, "--json").out)
    assert said["suggestions"] == [{"occurrence": 1, "paragraph": 1, "reason": "number", "who": "", "words": "48213"}]
    assert "48213" in command("suggest", path, record_id).out
    assert json.loads(command("mark", path, record_id, "--list", "--json").out) == {"marks": []}


def test_a_finished_record_is_marked_as_the_redactor(command: Commands, tmp_path: Path) -> None:
    with make_vault(tmp_path, "practice-team", prefix="TST") as made:
        record_id, vault = new_from_interview(made, interview_bytes()), made.path
        finish(made, record_id)
    source = marks_file(tmp_path, {"paragraph": 1, "words": "Two cars", "who": "Seventh Column", "role": "unit"})
    said = command("mark", vault, record_id, "--from", source)
    assert said.code == 0
    assert "cars" not in said.out
    (one,) = json.loads(command("mark", vault, record_id, "--list", "--json").out)["marks"]
    assert (one["paragraph"], one["words"], one["code"][:2]) == (1, "Two cars", "U-")
    assert one["code"] in command("mark", vault, record_id, "--list").out
    assert command("mark", vault, record_id, "--remove", "1").code == 0
    assert json.loads(command("mark", vault, record_id, "--list", "--json").out) == {"marks": []}
