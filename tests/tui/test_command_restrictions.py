"""`testimony restrict`, as a person types it, in both languages."""

import pytest
from command_line import Commands, Pair, speak_arabic


def test_a_paragraph_is_restricted_listed_and_lifted(command: Commands, pair: Pair) -> None:
    said = command("restrict", pair.field, pair.record_id, "--paragraph", "3", "--reason", "safety")
    assert said.code == 0
    listed = command("restrict", pair.field, pair.record_id, "--list", "--json").json
    assert listed == {"record": pair.record_id, "restricted": [{"paragraph": 3, "version": 1}]}
    assert command("restrict", pair.field, pair.record_id, "--paragraph", "3", "--lift").code == 0
    assert command("restrict", pair.field, pair.record_id, "--list", "--json").json["restricted"] == []
    assert command("restrict", pair.field, pair.record_id, "--paragraph", "3", "--lift").code != 0


@pytest.mark.parametrize("words", [(), ("--paragraph", "1", "--list"), ("--paragraph", "1", "--json")])
def test_half_a_command_is_refused(command: Commands, pair: Pair, words: tuple[str, ...]) -> None:
    assert command("restrict", pair.field, pair.record_id, *words).code == 2


def test_a_wrong_reason_is_answered_with_the_right_ones(command: Commands, pair: Pair) -> None:
    done = command("restrict", pair.field, pair.record_id, "--paragraph", "1", "--reason", "zubayda")
    assert done.code == 2
    assert "asked, safety, other" in done.err
    assert "zubayda" not in done.err


def test_it_speaks_arabic(command: Commands, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_arabic(monkeypatch)
    said = command("restrict", pair.field, pair.record_id, "--list")
    assert "ممنوع" in said.out + said.err
