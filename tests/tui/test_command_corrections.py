"""`correct`, `compare`, `show --version`, `seal --version`: a further version, and what it has otherwise."""

from pathlib import Path

import pytest
from command_line import Commands, Pair, make_pair, speak_arabic
from practice_vaults import BODY, PURPOSE, interview_bytes, interview_json

FIRST = interview_json()["account"]["paragraphs"]
SECOND = [FIRST[0], "They asked Barnaby for his card at the gate.", FIRST[2]]


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    made = make_pair(tmp_path)
    (tmp_path / "corrected.json").write_bytes(interview_bytes(account__paragraphs=SECOND))
    return made


def test_a_record_is_corrected_from_a_file_compared_and_both_versions_are_shown(command: Commands, pair: Pair) -> None:
    done = command("correct", pair.field, pair.record_id, "--from", pair.folder / "corrected.json", "--reason", "error")
    assert done.code == 0
    assert "Version 2" in done.out
    assert "TST-0000003" in done.out
    compared = command("compare", pair.field, pair.record_id)
    assert compared.code == 0
    assert f"- {FIRST[1]}" in compared.out
    assert f"+ {SECOND[1]}" in compared.out
    assert FIRST[2] not in compared.out
    newest = command("show", pair.field, pair.record_id)
    assert SECOND[1] in newest.out
    assert "a correction of version 1" in newest.out
    first = command("show", pair.field, pair.record_id, "--version", 1)
    assert FIRST[1] in first.out
    assert "a correction" not in first.out
    assert command("show", pair.field, pair.record_id, "--version", 3).code == 2
    (row,) = command("list", pair.field, "--json").json["records"]
    assert row["version"] == 2


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "Another answer: How recorded (account.mode)"), ("ar", "إجابة مختلفة: طريقة التدوين (account.mode)")],
)
def test_a_changed_answer_is_named_by_its_question_with_the_place_behind_it(
    command: Commands, pair: Pair, language: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if language == "ar":
        speak_arabic(monkeypatch)
    changed = pair.folder / "changed.json"
    changed.write_bytes(interview_bytes(account__mode="verbatim"))
    assert command("correct", pair.field, pair.record_id, "--from", changed, "--reason", "error").code == 0
    assert command("compare", pair.field, pair.record_id).out.splitlines()[-1] == line
    assert command("compare", pair.field, pair.record_id, "--json").json["answers"] == ["account.mode"]


def test_the_comparison_as_json_names_places_and_never_words(command: Commands, pair: Pair) -> None:
    command("correct", pair.field, pair.record_id, "--from", pair.folder / "corrected.json", "--reason", "error")
    said = command("compare", pair.field, pair.record_id, "--versions", 1, 2, "--json")
    assert said.json == {
        "answers": [],
        "paragraphs": [
            {"after": 1, "before": 1, "change": "same"},
            {"after": 2, "before": 2, "change": "changed"},
            {"after": 3, "before": 3, "change": "same"},
        ],
        "record": pair.record_id,
        "versions": [1, 2],
    }


def test_a_correction_is_opened_as_a_draft_and_finished(command: Commands, pair: Pair) -> None:
    begun = command("correct", pair.field, pair.record_id, "--begin", "--reason", "added")
    assert begun.code == 0
    stages = [row["stage"] for row in command("list", pair.field, "--json").json["records"]]
    assert stages == ["draft", "finished"]
    assert command("show", pair.field, pair.record_id, "--json").json["stage"] == "finished"
    draft = command("show", pair.field, pair.record_id, "--version", 2, "--json").json
    assert (draft["stage"], draft["version"]) == ("draft", 2)
    assert command("correct", pair.field, pair.record_id, "--begin", "--reason", "added").code == 4
    assert command("finish", pair.field, pair.record_id).code == 0
    assert command("show", pair.field, pair.record_id, "--json").json["version"] == 2


def test_a_named_version_is_sealed(command: Commands, pair: Pair) -> None:
    command("correct", pair.field, pair.record_id, "--from", pair.folder / "corrected.json", "--reason", "error")
    asked = ("--to", BODY, "--purpose", PURPOSE, "--profile", "full")
    seen = command("show", pair.field, pair.record_id, "--as", "full", *asked[:4], "--version", 1)
    assert "was told to go home" in seen.out
    for more, expected in (((), SECOND[1]), (("--version", 1), "was told to go home")):
        sealed = command("seal", pair.field, *asked, "--out", pair.folder, "--json", *more, "--", pair.record_id)
        assert sealed.code == 0
        assert command("receive", "--accept-conditions", pair.legal, sealed.json["path"]).code == 0
        version = str(more[1]) if more else "2"
        assert expected in command("show", pair.legal, pair.record_id, "--version", version).out
    assert SECOND[1] in command("show", pair.legal, pair.record_id).out
    assert command("seal", pair.field, *asked, "--out", pair.folder, "--version", 1).code == 2


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_cannot_be_corrected_is_refused_with_its_sentence(
    command: Commands, pair: Pair, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if language == "ar":
        speak_arabic(monkeypatch)
    changed = interview_bytes(consent__contact={"answer": "yes"})
    (pair.folder / "consent.json").write_bytes(changed)
    (pair.folder / "broken.json").write_bytes(b"{")
    correct = ("correct", pair.field, pair.record_id)
    reason = ("--reason", "error")
    refused = command(*correct, "--from", pair.folder / "consent.json", *reason)
    assert refused.code == 2
    assert "consent.contact" in refused.err
    assert command(*correct, "--from", pair.folder / "broken.json", *reason).code == 2
    assert command(*correct, "--begin", "--from", pair.folder / "corrected.json", *reason).code == 2
    assert command(*correct, *reason).code == 2
    assert command(*correct, "--begin").code == 2
    assert command(*correct, "--begin", "--reason", "the gate was green").code == 2
    assert command("correct", pair.field, "AAAA-AAAA", "--begin", *reason).code == 2
    assert command("compare", pair.field, pair.record_id).code == 2
    assert command("compare", pair.field, "AAAA-AAAA").code == 2
    assert command("compare", pair.field, pair.record_id, "--versions", 1, 9).code == 2
    assert [row["stage"] for row in command("list", pair.field, "--json").json["records"]] == ["finished"]
