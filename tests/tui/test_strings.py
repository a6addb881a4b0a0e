import ast
import re
from pathlib import Path
from typing import Any

import pytest

from tui.strings.sentences import catalogue, has_sentence, language_from_environment, placeholders, sentence
from tui.text_filter import display_safe


def test_both_languages_have_the_same_sentences() -> None:
    assert set(catalogue("en")) == set(catalogue("ar"))


def test_both_languages_ask_for_the_same_values() -> None:
    different = [
        key for key, text in catalogue("en").items() if placeholders(text) != placeholders(catalogue("ar")[key])
    ]
    assert different == []


def test_no_sentence_is_empty_or_asks_for_more_than_a_named_value() -> None:
    for language in ("en", "ar"):
        for key, text in catalogue(language).items():
            assert text.strip(), key
            assert all(name.isidentifier() for name in placeholders(text)), key


def test_every_arabic_sentence_with_words_has_arabic_letters() -> None:
    missing = [
        key
        for key, text in catalogue("ar").items()
        if any(c.isalpha() for c in text) and not any("\u0600" <= c <= "\u06ff" for c in text)
    ]
    assert [key for key in missing if key != "key.language" and catalogue("en")[key] != catalogue("ar")[key]] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_sentence_of_ours_holds_a_character_that_would_be_drawn_as_a_mark(language: Any) -> None:
    assert display_safe("\u200e--list") != "--list"
    assert [key for key, text in catalogue(language).items() if display_safe(text) != text] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_sentence_says_who_the_witness_is_by_she_or_he(language: Any) -> None:
    said = re.compile(r"\b(she|he|her|his|hers|him)\b", re.IGNORECASE)
    assert [key for key, text in catalogue(language).items() if said.search(text)] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_key_is_written_twice_in_one_language(repository: Path, language: str) -> None:
    keys: list[str] = []
    for path in sorted((repository / "tui" / "strings" / language).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                keys += [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.case("RF-02")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_a_command_is_for_is_told_in_whole_sentences(language: Any) -> None:
    lines = [text for key, text in catalogue(language).items() if key.startswith("command.") and key.endswith(".line")]
    assert len(lines) > 40
    assert [line for line in lines if line[0].islower() or not line.endswith(".")] == []


def test_every_heading_of_a_table_is_a_sentence(repository: Path) -> None:
    tables = [
        call.args[0]
        for path in (repository / "tui").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print_table"
    ]
    headings = {str(part.value) for table in tables for part in ast.walk(table) if isinstance(part, ast.Constant)}
    assert len(headings) > 10
    assert [heading for heading in sorted(headings) if not has_sentence(f"command.column.{heading}")] == []


def test_values_pass_the_text_filter() -> None:
    key = next(key for key, text in catalogue("en").items() if placeholders(text))
    name = next(iter(placeholders(catalogue("en")[key])))
    assert "␛[2J" in sentence(key, "en", **{name: "\x1b[2J"})
    assert "\x1b" not in sentence(key, "en", **{name: "\x1b[2J"})


def test_a_value_is_never_read_as_a_pattern() -> None:
    key = next(key for key, text in catalogue("en").items() if placeholders(text))
    name = next(iter(placeholders(catalogue("en")[key])))
    assert "{0.__class__}" in sentence(key, "en", **{name: "{0.__class__}"})


def test_an_unknown_key_is_shown_as_itself() -> None:
    assert sentence("no.such.key", "ar") == "no.such.key"
    assert not has_sentence("no.such.key")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ar_SY.UTF-8"}, "ar"),
        ({"LANG": "ar_SY.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANGUAGE": "ar:en", "LANG": "en_GB.UTF-8"}, "ar"),
        ({"LANG": "arn_CL.UTF-8"}, "en"),
    ],
)
def test_the_environment_names_the_language(environment: dict[str, str], language: str) -> None:
    assert language_from_environment(environment) == language
