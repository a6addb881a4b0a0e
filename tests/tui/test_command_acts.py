"""`discard`, `print`, `contact remove`, `attach --derived-from`, `custody --kept`."""

from pathlib import Path

import pytest
from command_line import Commands, make_pair, speak_arabic
from practice_vaults import BODY, PURPOSE, acquaint, interview_bytes, make_vault, recorded


def test_what_is_printed_is_a_new_private_file_and_the_log_says_so(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    asked = ("--as", "lead", "--to", BODY, "--purpose", PURPOSE, "--out", tmp_path / "copy.txt")
    said = command("print", pair.field, pair.record_id, *asked)
    assert (said.code, "not encrypted" in said.out) == (0, True)
    assert (tmp_path / "copy.txt").stat().st_mode & 0o777 == 0o600
    assert "Conditions of this bundle" in (tmp_path / "copy.txt").read_text("utf-8")
    assert command("print", pair.field, pair.record_id, *asked).code == 2
    entries = command("custody", pair.field, "--kept", "paper", "--json").json["entries"]
    kinds = [entry["kind"] for entry in entries]
    assert (kinds.count("record.print"), kinds.count("checkpoint")) == (1, 1)


@pytest.mark.parametrize("columns", [80, 200])
def test_a_table_wider_than_the_terminal_is_written_row_by_row(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    pair = make_pair(tmp_path)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = command("consent", pair.field, pair.record_id, "--list").out.splitlines()
    assert max(map(len, lines)) <= columns
    assert ("Purpose: criminal investigation" in lines) == (columns == 80)


def test_a_refused_print_leaves_no_file(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path, consent__share=[])
    said = command("print", pair.field, pair.record_id, "--as", "lead", "--to", BODY, "--purpose", PURPOSE,
                   "--out", tmp_path / "copy.txt")  # fmt: skip
    assert (said.code, (tmp_path / "copy.txt").exists()) == (4, False)
    assert f"{pair.record_id} stays here, rule C2" in said.err
    assert f"testimony consent VAULT {pair.record_id} --list" in said.err


@pytest.mark.parametrize(("language", "left"), [("en", "Nothing left the vault"), ("ar", "لم يخرج شيء من الخزنة")])
def test_a_print_before_the_walk_is_refused_in_words_that_are_not_about_sealing(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, left: str
) -> None:
    with make_vault(tmp_path, "practice-team", prefix="TST") as field, make_vault(tmp_path, BODY, "legal") as legal:
        acquaint(field, legal)
        record_id = recorded(field)
    if language == "ar":
        speak_arabic(monkeypatch)
    said = command("print", field.path, record_id, "--as", "pseudonymised", "--to", BODY, "--purpose", PURPOSE,
                   "--out", tmp_path / "copy.txt")  # fmt: skip
    assert (said.code, (tmp_path / "copy.txt").exists()) == (4, False)
    assert left in said.err
    assert "sealed" not in said.err
    assert "ختم" not in said.err


def test_an_open_interview_is_discarded_and_a_contact_taken_out(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    (tmp_path / "new.json").write_bytes(interview_bytes())
    command("new", pair.field, "--from", tmp_path / "new.json")
    rows = command("list", pair.field, "--json").json["records"]
    (draft,) = [row["record"] for row in rows if row["stage"] == "draft"]
    for more in ((), ("--derived-from", "1", "--method", "blurred")):
        assert command("attach", pair.field, draft, tmp_path / "sketch.bin", "--kind", "photo", *more).code == 0
    half = command("attach", pair.field, draft, tmp_path / "sketch.bin", "--method", "blurred")
    assert (half.code, "together" in half.err) == (2, True)
    assert command("discard", pair.field, draft).code == 0
    assert command("discard", pair.field, draft).code == 2
    assert command("discard", pair.field, pair.record_id).code == 2
    assert command("contact", "remove", pair.field, BODY, "--reason", "left").code == 0
    assert command("contact", "list", pair.field, "--json").json == {"contacts": []}
