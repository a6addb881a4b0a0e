"""`testimony form` and `testimony new --form`: forms of an organisation at the prompt."""

import json
from pathlib import Path

import pytest
from command_line import Commands, Pair, is_in
from own_forms import FORM_ID, own_form_bytes
from practice_vaults import interview_json


def _interview(folder: Path, **changes: object) -> Path:
    path = folder / "interview.json"
    path.write_text(json.dumps(interview_json(**changes)), encoding="utf-8")
    return path


def _form(folder: Path, data: bytes) -> Path:
    path = folder / "form.json"
    path.write_bytes(data)
    return path


def test_a_form_is_taken_in_listed_and_used(command: Commands, pair: Pair) -> None:
    path = _form(pair.folder, own_form_bytes())
    assert command("form", "import", pair.field, path).code == 0
    listed = command("form", "list", pair.field, "--json").json["forms"]
    assert [one["form"] for one in listed] == ["core-1", FORM_ID]
    assert FORM_ID in command("form", "list", pair.field).out
    interview = _interview(pair.folder, weather={"sky": "storm", "told": "It hailed."})
    assert command("new", pair.field, "--from", interview).code == 2
    made = command("new", pair.field, "--from", interview, "--form", FORM_ID)
    assert made.code == 0
    record_id = next(word for word in made.out.replace(".", " ").replace(":", " ").split() if word[4:5] == "-")
    assert "It hailed." in command("show", pair.field, record_id).out


def test_a_form_that_is_taken_or_not_there_or_no_form_is_refused_in_one_language(
    command: Commands, pair: Pair, language: str
) -> None:
    assert command("form", "import", pair.field, _form(pair.folder, own_form_bytes())).code == 0
    other = _form(pair.folder, own_form_bytes(title={"ar": "أخرى", "en": "Another"}))
    refused = command("form", "import", pair.field, other)
    assert refused.code == 4
    spaced = command("form", "import", pair.field, _form(pair.folder, own_form_bytes() + b"\n"))
    assert spaced.code == 2
    absent = command("new", pair.field, "--from", _interview(pair.folder), "--form", "own-9")
    assert absent.code == 2
    assert is_in(language, refused.err)


@pytest.mark.case("RF-02")
def test_a_form_whose_label_would_act_on_a_terminal_is_refused(command: Commands, pair: Pair) -> None:
    path = _form(pair.folder, own_form_bytes(title={"ar": "\x1b]52;c;eA==\x07", "en": "x"}))
    assert command("form", "import", pair.field, path).code == 2
