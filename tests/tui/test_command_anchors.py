"""The commands that bring things from outside into the log, and show what they prove."""

from pathlib import Path

import pytest
import segno
from command_line import Commands, make_pair, speak_arabic
from practice_vaults import acquaint, make_vault, passphrase

from keys.digits import arabic_indic
from tui.head_code import qr_lines
from vault.store import Vault

HALVES = {"█": (False, False), "▀": (False, True), "▄": (True, False), " ": (True, True)}
DIGITS = "0908 3201 8727 5288 9154 9511 9263 0153 9549 1198"


def matrix(lines: list[str]) -> list[list[bool]]:
    """What a camera sees: true where a module is dark."""
    rows: list[list[bool]] = []
    for line in lines:
        pairs = [HALVES[each] for each in line]
        rows += [[upper for upper, _ in pairs], [lower for _, lower in pairs]]
    return rows


def test_the_code_of_a_head_carries_its_forty_digits_and_nothing_else() -> None:
    code = segno.make_qr(DIGITS.replace(" ", ""), error="m")
    assert code.mode == "numeric"
    drawn = matrix(list(qr_lines(DIGITS)))
    expected = [[bool(module) for module in row] for row in code.matrix_iter(border=2)]
    assert drawn[: len(expected)] == expected
    assert not any(any(row) for row in drawn[len(expected) :])


def test_the_head_is_shown_alone_and_as_a_code(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    said = command("custody", pair.field, "--head", "--qr")
    assert said.code == 0
    head = command("custody", pair.field, "--head", "--json").json
    assert head["entries"] == []
    assert head["newest_outside"] is None
    lines = said.out.splitlines()
    digits = lines[0].rsplit(": ", 1)[1]
    assert lines[1:-1] == list(qr_lines(digits))
    assert "nothing from outside" in lines[-1]


def test_digits_on_paper_are_told_from_digits_that_never_were_a_head(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    first = command("custody", pair.field, "--head", "--json").json
    command("list", pair.field)
    fits = command("custody", pair.field, "--paper", first["head"])
    assert (fits.code, f"at {first['size']} entries" in fits.out) == (0, True)
    assert command("custody", pair.field, "--paper", arabic_indic(first["head"])).code == 0
    other = command("custody", pair.legal, "--head", "--json").json["head"]
    assert command("custody", pair.field, "--paper", other).code == 1
    assert command("custody", pair.field, "--paper", "1234").code == 2


def test_digits_on_paper_are_compared_for_machines_too_and_where_they_are_kept_is_noted_all_the_same(
    command: Commands, tmp_path: Path
) -> None:
    pair = make_pair(tmp_path)
    first = command("custody", pair.field, "--head", "--json").json
    fits = command("custody", pair.field, "--paper", first["head"], "--kept", "paper", "--json")
    assert (fits.code, fits.json["size"]) == (0, first["size"])
    assert fits.json["now"] > first["size"]
    kinds = [entry["kind"] for entry in command("custody", pair.field, "--json").json["entries"]]
    assert kinds.count("checkpoint") == 1
    other = command("custody", pair.legal, "--head", "--json").json["head"]
    assert command("custody", pair.field, "--paper", other, "--json").json["size"] is None


def test_the_head_is_shown_in_both_forms_of_digits_to_an_arabic_reader(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = make_pair(tmp_path)
    speak_arabic(monkeypatch)
    lines = command("custody", pair.field, "--head").out.splitlines()
    assert lines[1] == arabic_indic(lines[0].rsplit(": ", 1)[1])


def test_a_colleague_cosigns_and_the_record_is_bounded_from_outside(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    with make_vault(tmp_path, "colleague") as colleague, Vault.unlock(pair.field, passphrase()) as field:
        acquaint(field, colleague)
    before = command("show", pair.field, pair.record_id)
    assert "Nothing from outside bounds yet when this was finished" in before.out
    written = command("checkpoint", pair.field, "--out", tmp_path / "head")
    signed = command("cosign", tmp_path / "colleague.vault", tmp_path / "head", "--out", tmp_path / "signed")
    taken = command("anchor", pair.field, tmp_path / "signed")
    assert (written.code, signed.code, taken.code) == (0, 0, 0)
    assert written.out.rsplit(": ", 1)[1] == signed.out.rsplit(": ", 1)[1]
    after = command("show", pair.field, pair.record_id)
    assert "Finished not after " in after.out
    value = command("show", pair.field, pair.record_id, "--json").json["finished"]
    assert value["not_before"] is None
    assert value["not_after"]["kind"] == "cosignature"
    assert "Newest thing from outside" in command("custody", pair.field, "--head").out
    again = command("anchor", pair.field, tmp_path / "signed")
    assert again.code == 4


def test_the_time_is_claimed_and_a_time_stamp_is_asked_for(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    said = command("clock", pair.field, "--at", "2031-03-30T15:01:00+03:00", "--reason", "radio", "--json")
    assert said.json["after"] == "2031-03-30T15:01:00+03:00"
    assert command("clock", pair.field, "--at", "yesterday").code == 2
    assert command("clock", pair.field, "--at", "2031-03-30T15:01:00+03:00", "--reason", "a b").code == 2
    said = command("time", "request", pair.field, "--out", tmp_path / "head.tsq", "--json")
    assert said.json["path"] == str(tmp_path / "head.tsq")
    (tmp_path / "no.tsr").write_bytes(b"<html>")
    done = command("time", "import", pair.field, tmp_path / "no.tsr", "--authority", tmp_path / "no.tsr")
    assert done.code == 2


def test_refusals_of_these_commands_say_why(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    command("checkpoint", pair.field, "--out", tmp_path / "head")
    assert command("checkpoint", pair.field, "--out", tmp_path / "head").code == 2
    assert command("cosign", pair.field, tmp_path / "head", "--out", tmp_path / "no").code == 4
    assert command("anchor", pair.field, tmp_path / "head").code in {1, 2}
    assert command("anchor", pair.field, tmp_path / "nothing").code == 2
    assert not (tmp_path / "no").exists()
