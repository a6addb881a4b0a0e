"""`testimony erase` and `hold`."""

import pytest
from command_line import Commands, Pair, is_in, speak_arabic
from practice_vaults import BODY, PURPOSE


def test_a_record_is_erased_after_two_people_said_so(command: Commands, pair: Pair) -> None:
    words = ("erase", pair.field, pair.record_id)
    sealed = command(
        "seal", pair.field, "--to", BODY, "--purpose", PURPOSE, "--profile", "lead", "--out", pair.field / "outbox"
    )
    assert sealed.code == 0
    (waiting,) = (pair.field / "outbox").glob("*.age")
    assert command(*words, "--now").code == 4
    assert command(*words, "--request", "withdrawn").code == 0
    assert command(*words, "--approve", "practice-team").code == 4
    assert command(*words, "--approve", "I-77").code == 0
    said = command(*words, "--now")
    assert said.code == 0
    assert "TST-0000001" in said.out
    assert waiting.name in said.out
    assert not waiting.exists()
    gone = command("show", pair.field, pair.record_id)
    assert gone.code == 2
    assert "was erased" in gone.err
    assert command("compare", pair.field, pair.record_id).err == gone.err
    assert command("list", pair.field, "--json").json["records"][0]["stage"] == "erased"
    assert command("check", pair.field).code == 0


def test_a_hold_stands_before_the_record_and_blocks(command: Commands, pair: Pair) -> None:
    held = ("--authority", "court-a", "--reason", "order-7")
    assert command("hold", "set", pair.field, pair.record_id, *held).code == 0
    assert command("show", pair.field, pair.record_id).out.startswith("HELD, not to be erased: by court-a (order-7)")
    assert command("show", pair.field, pair.record_id, "--json").json["hold"]["authority"] == "court-a"
    command("erase", pair.field, pair.record_id, "--request", "mistake")
    assert command("erase", pair.field, pair.record_id, "--approve", "I-77").code == 4
    assert command("hold", "clear", pair.field, pair.record_id, *held).code == 0
    assert command("show", pair.field, pair.record_id, "--json").json["hold"] is None


def test_a_second_hold_and_a_second_approval_say_what_is_there_already(command: Commands, pair: Pair) -> None:
    hold = ("hold", "set", pair.field, pair.record_id, "--reason", "order-7", "--authority")
    assert command(*hold, "court-a").code == 0
    again = command(*hold, "court-b")
    assert (again.code, "already" in again.err, pair.record_id in again.err) == (4, True, True)
    command("hold", "clear", pair.field, pair.record_id, "--authority", "court-a", "--reason", "order-7")
    command("erase", pair.field, pair.record_id, "--request", "mistake")
    assert command("erase", pair.field, pair.record_id, "--approve", "I-77").code == 0
    twice = command("erase", pair.field, pair.record_id, "--approve", "I-78")
    assert (twice.code, "--now" in twice.err, "Nobody asked" in twice.err) == (4, True, False)


@pytest.mark.parametrize("words", [(), ("--now", "--approve", "I-77"), ("--request", "weather")])
def test_one_step_at_a_time(command: Commands, pair: Pair, words: tuple[str, ...]) -> None:
    assert command("erase", pair.field, pair.record_id, *words).code == 2


def test_erasure_speaks_arabic_too(command: Commands, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_arabic(monkeypatch)
    assert is_in("ar", command("erase", pair.field, pair.record_id, "--request", "other").out)
    assert is_in("ar", command("erase", pair.field, pair.record_id, "--now").err)
