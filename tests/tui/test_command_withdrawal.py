"""`testimony withdraw` and `notice`: what is said first, what is done, and what the other side sees."""

from pathlib import Path

import pytest
from command_line import Commands, Pair, speak_arabic
from practice_vaults import BODY, PURPOSE

ASKED = ("--to", BODY, "--purpose", PURPOSE)


@pytest.fixture
def handed(command: Commands, pair: Pair, tmp_path: Path) -> Pair:
    """The record is in both vaults."""
    out = tmp_path / "stick"
    out.mkdir()
    sealed = command("seal", pair.field, *ASKED, "--out", out, "--json").json
    assert command("receive", "--accept-conditions", pair.legal, sealed["path"]).code == 0
    return pair


def withdrawn(command: Commands, pair: Pair, *more: str) -> Path:
    words = ("withdraw", pair.field, pair.record_id, "--outcome", "stop-sharing", "--out", pair.folder, "--confirm")
    said = command(*words, "--json", *more)
    assert said.code == 0
    return Path(said.json["notices"][0])


def test_what_cannot_be_called_back_is_said_first_in_both_languages(command: Commands, handed: Pair) -> None:
    said = command("withdraw", handed.field, handed.record_id, "--outcome", "erase", "--out", handed.folder)
    assert said.code == 2
    assert "cannot be called back" in said.err
    assert "لا يمكن استرجاعه" in said.err
    assert f"{BODY}, 20" in said.err
    assert "Nothing was done yet" in said.err
    assert (
        command("consent", handed.field, handed.record_id, "--list", "--json").json["events"][-1]["kind"] != "withdraw"
    )
    assert list(handed.folder.glob("*.withdrawal")) == []


def test_a_withdrawal_closes_every_way_out_and_its_notice_stands_first(command: Commands, handed: Pair) -> None:
    notice = withdrawn(command, handed)
    assert command("seal", handed.field, *ASKED, "--out", handed.folder).code == 4
    assert command("show", handed.field, handed.record_id, "--as", "lead", *ASKED).code == 4
    assert not command("show", handed.legal, handed.record_id).out.count("WITHDREW")
    said = command("notice", handed.legal, notice)
    assert said.code == 0
    lines = command("show", handed.legal, handed.record_id).out.splitlines()
    first = next(number for number, line in enumerate(lines) if "WITHDREW" in line)
    assert first < next(number for number, line in enumerate(lines) if line.startswith("[1]"))
    assert first < 4
    shown = command("show", handed.legal, handed.record_id, "--json").json
    assert [one["asks"] for one in shown["notices"]] == ["stop-sharing"]
    assert "WITHDRAWN: " in command("search", handed.legal, "mill").out
    assert command("search", handed.legal, "mill", "--json").json["hits"][0]["withdrawn"] is True
    assert command("list", handed.legal, "--json").json["records"][0]["stage"] == "withdrawn"


def test_a_notice_is_taken_in_once_and_a_forged_one_never(command: Commands, handed: Pair) -> None:
    notice = withdrawn(command, handed)
    forged = handed.folder / "forged.withdrawal"
    forged.write_bytes(notice.read_bytes().replace(b"stop-sharing", b"erase"))
    assert command("notice", handed.legal, forged).code in {1, 4}
    assert command("notice", handed.legal, notice).code == 0
    assert command("notice", handed.legal, notice).code == 4
    assert command("notice", handed.legal, handed.folder / "none").code == 2
    assert command("notice", handed.field, notice).code == 4


def test_notices_are_written_again(command: Commands, handed: Pair) -> None:
    notice = withdrawn(command, handed)
    before = notice.read_bytes()
    notice.unlink()
    assert command("withdraw", handed.field, handed.record_id, "--again", "--out", handed.folder).code == 0
    assert notice.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [(), ("--outcome", "forget"), ("--outcome", "erase", "--purpose", PURPOSE), ("--again", "--outcome", "erase")],
)
def test_half_a_wish_is_none(command: Commands, pair: Pair, words: tuple[str, ...]) -> None:
    assert command("withdraw", pair.field, pair.record_id, *words, "--confirm").code == 2


def test_a_notice_speaks_arabic_too(command: Commands, handed: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = withdrawn(command, handed)
    speak_arabic(monkeypatch)
    command("notice", handed.legal, notice)
    assert "سحب الشاهد موافقته" in command("show", handed.legal, handed.record_id).out
