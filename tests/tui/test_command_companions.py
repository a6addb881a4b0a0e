"""`translate`, `transcribe`, `observe`: added from a file, shown beside their record, and kept where they belong."""

import json
from pathlib import Path

import pytest
from command_line import Commands, Pair, make_pair, speak_arabic
from practice_vaults import BODY, PURPOSE

GERMAN = ["Ich ging zur Mühle.", "Sie fragten nach seinem Ausweis.", "Wir fanden ihn zwei Tage später."]
MADE = {"by": "T-02", "method": "human"}


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    made = make_pair(tmp_path)
    files = {
        "translation": {"language": "deu", "companion": MADE, "account": {"paragraphs": GERMAN}},
        "transcript": {
            "language": "eng",
            "companion": MADE,
            "source": {"exhibit": "TST-0000002"},
            "account": {"paragraphs": ["A line on the sketch."]},
        },
        "observation": {"language": "eng", "companion": {"by": "I-04"}, "account": {"paragraphs": ["It was cold."]}},
        "broken": {"language": "deu", "companion": MADE, "account": {"paragraphs": GERMAN[:1]}},
    }
    for name, value in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value | {"practice": True}), encoding="utf-8")
    return made


def test_a_translation_is_added_shown_sealed_and_read_by_the_body(command: Commands, pair: Pair) -> None:
    done = command("translate", pair.field, pair.record_id, "--from", pair.folder / "translation.json")
    assert done.code == 0
    shown = command("show", pair.field, pair.record_id)
    assert "translation of" in shown.out
    (beside,) = command("show", pair.field, pair.record_id, "--json").json["companions"]
    assert beside["kind"] == "translation"
    own = command("show", pair.field, beside["companion"])
    assert "[1] Ich ging zur Mühle." in own.out
    assert command("show", pair.field, beside["companion"], "--json").json["record"] == pair.record_id
    asked = ("--to", BODY, "--purpose", PURPOSE)
    as_received = command("show", pair.field, pair.record_id, "--as", "full", *asked)
    assert "1. Ich ging zur Mühle." in as_received.out
    sealed = command("seal", pair.field, *asked, "--profile", "full", "--out", pair.folder, "--json")
    assert command("receive", "--accept-conditions", pair.legal, sealed.json["path"]).code == 0
    received = command("show", pair.legal, pair.record_id)
    assert "1. Ich ging zur Mühle." in received.out
    (came,) = command("show", pair.legal, pair.record_id, "--json").json["companions"]
    assert (came["kind"], came["language"]) == ("translation", "deu")


def test_a_transcript_and_an_observation_are_added_and_the_observation_stays(command: Commands, pair: Pair) -> None:
    assert command("transcribe", pair.field, pair.record_id, "--from", pair.folder / "transcript.json").code == 0
    done = command("observe", pair.field, pair.record_id, "--from", pair.folder / "observation.json")
    assert "never leaves" in done.out
    kinds = [one["kind"] for one in command("show", pair.field, pair.record_id, "--json").json["companions"]]
    assert kinds == ["transcript", "observation"]
    as_received = command("show", pair.field, pair.record_id, "--as", "full", "--to", BODY, "--purpose", PURPOSE)
    assert "A line on the sketch." in as_received.out
    assert "cold" not in as_received.out


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_file_that_is_none_is_refused_with_its_places(
    command: Commands, pair: Pair, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if language == "ar":
        speak_arabic(monkeypatch)
    refused = command("translate", pair.field, pair.record_id, "--from", pair.folder / "broken.json")
    assert refused.code == 2
    assert "account.text" in refused.err
    assert command("transcribe", pair.field, pair.record_id, "--from", pair.folder / "translation.json").code == 2
    assert command("observe", pair.field, "AAAA-AAAA", "--from", pair.folder / "observation.json").code == 2
    assert command("translate", pair.field, pair.record_id).code == 2
    assert command("show", pair.field, pair.record_id, "--json").json["companions"] == []
