"""`testimony consent` and `settings`: what a person says about sharing after the record was finished."""

import pytest
from command_line import Commands, Pair, is_in, speak_arabic
from practice_vaults import BODY, PURPOSE

ASKED = ("--to", BODY, "--purpose", PURPOSE)


def test_a_no_is_written_down_and_listed_behind_what_was_said_before(command: Commands, pair: Pair) -> None:
    said = command("consent", pair.field, pair.record_id, *ASKED, "--answer", "no")
    assert said.code == 0
    assert "(change)" in said.out
    listed = command("consent", pair.field, pair.record_id, "--list", "--json").json
    assert [event["number"] for event in listed["events"]] == [1, 2, 3, 4]
    assert (listed["events"][-1]["answer"], listed["events"][-1]["recipient"]) == ("no", BODY)
    table = command("consent", pair.field, pair.record_id, "--list").out
    assert table.count(BODY) == 2
    out = pair.folder / "out"
    out.mkdir()
    assert command("seal", pair.field, *ASKED, "--out", out).code == 4


def test_the_review_date_of_the_organisation_is_used_for_the_next_yes(command: Commands, pair: Pair) -> None:
    assert command("settings", pair.field, "--json").json == {"review_months": 24}
    assert command("settings", pair.field, "--review-months", "1").code == 0
    assert command("settings", pair.field, "--json").json == {"review_months": 1}
    said = command("consent", pair.field, pair.record_id, *ASKED, "--answer", "yes", "--json").json
    before = command("consent", pair.field, pair.record_id, "--list", "--json").json["events"][0]
    assert said["events"][0]["kind"] == "confirm"
    assert said["events"][0]["review_by"] < before["review_by"]


@pytest.mark.parametrize(
    "words", [(), ("--to", BODY), (*ASKED,), ("--list", "--to", BODY), (*ASKED, "--answer", "yes", "--list")]
)
def test_half_a_question_is_no_question(command: Commands, pair: Pair, words: tuple[str, ...]) -> None:
    assert command("consent", pair.field, pair.record_id, *words).code == 2


@pytest.mark.parametrize("words", [("--answer", "maybe"), ("--answer", "yes", "--how", "nodded")])
def test_an_answer_outside_the_lists_is_a_slip(command: Commands, pair: Pair, words: tuple[str, ...]) -> None:
    assert command("consent", pair.field, pair.record_id, *ASKED, *words).code == 2


def test_a_code_that_is_none_is_refused_by_its_rule(command: Commands, pair: Pair) -> None:
    said = command("consent", pair.field, pair.record_id, "--to", "no such", "--purpose", PURPOSE, "--answer", "yes")
    assert said.code == 4
    assert "not spelled as one" in said.err


def test_consent_is_spoken_of_in_arabic_too(command: Commands, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_arabic(monkeypatch)
    said = command("consent", pair.field, pair.record_id, *ASKED, "--answer", "ask-first")
    assert said.code == 0
    assert is_in("ar", said.out)
    assert is_in("ar", command("settings", pair.field).out)
