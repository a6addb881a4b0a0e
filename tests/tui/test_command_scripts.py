import json
from pathlib import Path
from typing import Any

from command_line import Commands, Pair
from practice_vaults import interview_json

WORDS = "Tu dikarî her gav raweste.\n"


def begun(command: Commands, pair: Pair, value: Any) -> str:
    """The id of a new draft with this interview."""
    (pair.folder / "interview.json").write_text(json.dumps(value), encoding="utf-8")
    assert command("new", pair.field, "--from", pair.folder / "interview.json").code == 0
    (found,) = [
        one["record"] for one in command("list", pair.field, "--json").json["records"] if one["stage"] == "draft"
    ]
    return str(found)


def test_a_text_is_added_listed_shown_and_an_interview_with_it_is_finished(command: Commands, pair: Pair) -> None:
    path = pair.folder / "consent-ku-1.txt"
    path.write_text(WORDS, encoding="utf-8")
    added = command("script", "add", pair.field, path, "--language", "kmr")
    assert added.code == 0
    listed = command("script", "list", pair.field, "--json").json["scripts"]
    assert [(one["script"], one["language"]) for one in listed] == [
        ("consent-ku-1", "kmr"),
        ("consent-ar-1", "ara"),
        ("consent-en-1", "eng"),
    ]
    assert listed[0]["digest"] in added.out
    assert listed[0]["digest"] in command("script", "list", pair.field).out
    assert command("script", "show", pair.field, "consent-ku-1").out == WORDS
    assert command("script", "show", pair.field, "consent-ku-1", "--json").json["text"] == WORDS
    value = interview_json(language="kmr", session__interpreter_code="none")
    value["consent"]["limits_explained"] = {"points": [True] * 7, "script": "consent-ku-1"}
    record_id = begun(command, pair, value)
    assert command("finish", pair.field, record_id).code == 0
    shown = command("show", pair.field, record_id, "--json").json
    assert shown["interview"]["consent"]["limits_explained"]["script_sha256"] == listed[0]["digest"]


def test_a_text_that_cannot_be_added_is_refused_in_words(command: Commands, pair: Pair, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text(WORDS, encoding="utf-8")
    assert command("script", "show", pair.field, "nobodys-1").code == 2
    assert command("script", "add", pair.field, path, "--language", "Kurdish").code == 2
    taken = command("script", "add", pair.field, path, "--language", "en", "--code", "consent-en-1")
    assert taken.code == 4
    assert "consent-en-1" in taken.err
    path.write_bytes(b"tab\there\n")
    assert "plain lines" in command("script", "add", pair.field, path, "--language", "en").err


def test_a_missing_reason_and_a_missing_text_are_said_in_words(command: Commands, pair: Pair, language: str) -> None:
    value = interview_json(session__prior_statements=[{"to": "a journalist"}])
    value["consent"]["limits_explained"] = {"points": [True] * 7, "script": "nobodys-1"}
    record_id = begun(command, pair, value)
    said = command("finish", pair.field, record_id)
    assert said.code != 0
    for words in ("earlier statement", "text") if language == "en" else ("إفادة سابقة", "النص"):
        assert words in said.err
