"""Bad input by command: each case of the catalogue ends with its exit code and a sentence, and changes nothing."""

import io
import re
from pathlib import Path

import pytest
from command_line import Commands, Pair, Said, checked, is_in
from practice_vaults import BODY, PASSPHRASE, PURPOSE, interview_bytes

from testimony.interview import MAX_INTERVIEW
from tui.strings.sentences import sentence

USAGE, MACHINE, POLICY, CHECK_FAILED = 2, 3, 4, 1
HOSTILE = "\x1b]52;c;ZXZpbA==\x1b\\ \x9b2J\x9d0;x\x07 \x7f\x08\r \u202egpj.exe\u202c"
ASKED = ("--to", BODY, "--purpose", PURPOSE)


@pytest.mark.parametrize(
    "said",
    [
        Said(code=0, out="\x1b[2J", err=""),
        Said(code=0, out="", err="\u202e"),
        Said(code=4, out="", err=""),
        Said(code=3, out="", err="Barnaby"),
        Said(code=1, out="", err="Traceback (most recent call last)"),
        Said(code=120, out="", err="x"),
    ],
)
def test_what_must_never_be_said_would_be_seen(said: Said) -> None:
    with pytest.raises(AssertionError):
        checked(said)


# Passphrases


@pytest.mark.case("PW-01", "PW-02", "PW-03", "PW-12", "PW-04", "PW-11")
@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"\n",
        b"x",
        b"short words",
        b"a" * (1 << 20),
        b"\xff\xfe words",
        b"   ",
        b"seven words\x00 and more of them",
    ],
    ids=["empty", "line end", "one character", "weak", "1 MiB", "no UTF-8", "spaces", "NUL"],
)
def test_a_passphrase_that_cannot_be_one_makes_no_vault(
    command: Commands, tmp_path: Path, given: bytes, language: str
) -> None:
    path = tmp_path / "new.vault"
    said = command("init", path, "--practice", passphrase=given)
    assert said.code == POLICY
    assert said.out == ""
    assert is_in(language, said.err)
    assert not path.exists()


@pytest.mark.case("PW-07")
@pytest.mark.parametrize(
    ("given", "warned"), [("زهر قديم تحت جسر ضيق", True), ("amber ledger orchard north seven pilots", False)]
)
def test_letters_that_have_twins_on_another_keyboard_are_told_when_a_vault_is_made(
    command: Commands, tmp_path: Path, given: str, warned: bool, language: str
) -> None:
    said = command("init", tmp_path / "new.vault", "--practice", passphrase=given)
    assert said.code == 0
    assert (sentence("command.init.twin-letters", language) in said.err) is warned


@pytest.mark.case("PW-01", "PW-03", "PW-12")
@pytest.mark.parametrize("given", [b"", b"a" * (1 << 20), b"\xff\xfe", b"seven other words that open nothing here"])
def test_a_wrong_or_impossible_passphrase_opens_nothing(command: Commands, pair: Pair, given: bytes) -> None:
    said = command("list", pair.field, passphrase=given)
    assert (said.code, said.out) == (POLICY, "")


@pytest.mark.case("PW-14")
@pytest.mark.parametrize(("end", "opens"), [("", True), ("\n", True), ("\r\n", True), ("\n\n", False), (" \n", True)])
def test_one_line_end_after_a_passphrase_from_a_file_is_taken_off(
    command: Commands, pair: Pair, end: str, opens: bool
) -> None:
    code = command("list", pair.field, passphrase=PASSPHRASE + end).code
    assert (code == 0) is (opens and " " not in end)
    assert code in {0, POLICY}


@pytest.mark.case("PW-15")
def test_a_passphrase_is_no_option_and_no_variable(
    command: Commands, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = command("list", pair.field, "--passphrase", PASSPHRASE, passphrase=None)
    assert said.code == USAGE
    assert "--passphrase-fd" in said.err
    for name in ("PASSPHRASE", "TESTIMONY_PASSPHRASE", "TESTIMONY_VAULT_PASSPHRASE"):
        monkeypatch.setenv(name, PASSPHRASE)
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSPHRASE))
    assert command("list", pair.field, passphrase=None).code == USAGE


# The command line


@pytest.mark.case("CL-01", "PW-12")
@pytest.mark.parametrize(
    "words",
    [
        ("lst",),
        ("contact",),
        ("contact", "ad"),
        ("list",),
        ("list", "VAULT", "--jsn"),
        ("list", "VAULT", "--json", "--json"),
        ("list", "VAULT", "one too many"),
        ("list", "VAULT", "--passphrase-fd"),
        ("list", "VAULT", "--passphrase-fd", "three"),
        ("list", "VAULT", "--passphrase-fd", "-1"),
        ("list", "VAULT", "--passphrase-fd", "987654"),
        ("list", "VAULT", "--passphrase-fd", "9" * 40),
        ("show", "VAULT"),
        ("show", "VAULT", "K7F3-9QZD", "--as", "nonsense"),
        ("show", "VAULT", "K7F3-9QZD", "--as", "full"),
        ("seal", "VAULT", "--to", "a", "--to", "b", "--purpose", "p", "--out", "o"),
        ("seal", "VAULT", "--to", "a"),
        ("search", "VAULT"),
        ("search", "VAULT", "word", "--limit", "0"),
        ("search", "VAULT", "\udcff"),
        ("attach", "VAULT", "K7F3-9QZD", "FILE", "--kind", "nonsense"),
        ("new", "VAULT"),
        ("list", "--", "--json", "x"),
    ],
    ids=lambda words: " ".join(words)[:60].encode("ascii", "backslashreplace").decode(),
)
def test_a_command_line_that_is_wrong_is_usage_and_says_what_next(
    command: Commands, words: tuple[str, ...], language: str
) -> None:
    said = command(*words, passphrase=None)
    assert (said.code, said.out) == (USAGE, "")
    assert language == "en" or re.search("[\u0600-\u06ff]", said.err)


@pytest.mark.case("CL-01")
@pytest.mark.parametrize(
    ("words", "nearest"),
    [(("lst",), "list"), (("recieve",), "receive"), (("contact", "ad"), "add"), (("list", "V", "--jsn"), "--json")],
)
def test_the_nearest_word_is_suggested(command: Commands, words: tuple[str, ...], nearest: str) -> None:
    assert f"Did you mean {nearest}?" in command(*words, passphrase=None).err


@pytest.mark.case("CL-01")
def test_an_argument_of_128_kib_is_only_a_name_that_is_not_there(command: Commands, pair: Pair) -> None:
    assert command("show", pair.field, "A" * (128 << 10)).code == USAGE
    assert command("list", "a" * (128 << 10)).code in {USAGE, MACHINE}
    found = command("search", pair.field, "A" * (128 << 10))
    assert found.code in {0, USAGE}


# Records


@pytest.mark.case("RF-01")
@pytest.mark.parametrize("size", [0, 1, 1 << 20])
def test_an_account_of_any_size_within_the_limit_is_recorded_exactly(command: Commands, pair: Pair, size: int) -> None:
    words = ("a word and " * (size // 11 + 1))[:size]
    source = pair.folder / "interview.json"
    source.write_bytes(interview_bytes(account__paragraphs=[words], account__source_of_knowledge=["saw"]))
    said = command("new", pair.field, "--from", source)
    assert said.code == 0
    record_id = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", said.out)[0]
    shown = command("show", pair.field, record_id, "--json").json
    assert shown["interview"]["account"]["paragraphs"] == [words]


@pytest.mark.case("RF-01", "RF-12")
@pytest.mark.parametrize(
    "raw",
    [
        b'{"note": "' + b"x" * MAX_INTERVIEW + b'"}',
        b"",
        b"not JSON",
        b"[]",
        b'{"note": "\\ud800"}',
        b'{"note": "\xff"}',
        b'\xef\xbb\xbf{"language": "eng"}',
        b'{"language": "eng", "language": "ara"}',
        b'{"account": NaN}',
        b"[" * 5000 + b"]" * 5000,
        b'{"language": ' + b"9" * 5000 + b"}",
        b'{"surprise": "Barnaby Thistlewood"}',
    ],
    ids=["16 MiB", "empty", "text", "list", "surrogate", "latin", "BOM", "twice", "NaN", "deep", "long", "unknown"],
)
def test_an_interview_file_that_cannot_be_one_is_refused_and_nothing_is_saved(
    command: Commands, pair: Pair, raw: bytes, language: str
) -> None:
    source = pair.folder / "interview.json"
    source.write_bytes(raw)
    said = command("new", pair.field, "--from", source)
    assert (said.code, said.out) == (USAGE, "")
    assert language == "en" or re.search("[\u0600-\u06ff]", said.err)
    assert [row["stage"] for row in command("list", pair.field, "--json").json["records"]] == ["finished"]


def test_every_problem_of_an_interview_is_named_by_its_place_and_nothing_is_recorded(
    command: Commands, pair: Pair, language: str
) -> None:
    source = pair.folder / "interview.json"
    changes = {
        "consent__interview": {"answer": "perhaps Thistlewood"},
        "session__started_at": "the day of the quarry",
        "surprise": "Quillfeather",
        "mentions": [{"who": 5}],
    }
    source.write_bytes(interview_bytes(**changes))
    said = command("new", pair.field, "--from", source)
    assert said.code == USAGE
    for place in ("interview:", "session.started_at", "consent.interview", "mentions"):
        assert place in said.err
    assert is_in(language, said.err)
    if language == "en":
        assert said.err.strip().endswith("Nothing was recorded. Correct these places in the file and try again.")
        assert "F4" not in said.err
    assert [row["stage"] for row in command("list", pair.field, "--json").json["records"]] == ["finished"]


def test_an_interview_that_is_not_ready_stays_open(command: Commands, pair: Pair, language: str) -> None:
    source = pair.folder / "interview.json"
    source.write_bytes(interview_bytes(consent__confirm_end=None, account__readback=None))
    record_id = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", command("new", pair.field, "--from", source).out)[0]
    said = command("finish", pair.field, record_id)
    assert (said.code, said.out) == (USAGE, "")
    assert "consent.confirm_end" in said.err
    assert "account.readback" in said.err
    assert is_in(language, said.err)
    rows = command("list", pair.field, "--json").json["records"]
    assert sorted(row["stage"] for row in rows) == ["draft", "finished"]


def test_what_is_no_receipt_is_not_taken_in(command: Commands, pair: Pair, language: str) -> None:
    (pair.folder / "some.receipt").write_bytes(b"received, thank you\n")
    said = command("receipt", pair.field, pair.folder / "some.receipt")
    assert (said.code, said.out) == (CHECK_FAILED, "")  # as one whose signature was taken off
    assert is_in(language, said.err)
    assert language == "ar" or "not a receipt" in said.err


@pytest.mark.case("RF-02", "RF-03", "RF-05", "BU-24")
def test_hostile_characters_are_shown_as_marks_and_stored_exactly(command: Commands, pair: Pair) -> None:
    hostile = {
        "note": HOSTILE,
        "record__case_code": "K7F3-9QZD",
        "session__place": {"verbatim": HOSTILE},
        "witness__name": {"given": f"Zaynab{HOSTILE}"},
        "account__paragraphs": [f"one {HOSTILE}", "two \u2066", HOSTILE],
        "mentions": [{"who": f"Barnaby{HOSTILE}", "role": "victim", "relation": HOSTILE}],
    }
    source = pair.folder / "interview.json"
    source.write_bytes(interview_bytes(**hostile))
    record_id = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", command("new", pair.field, "--from", source).out)[0]
    photo = pair.folder / "photo\x1b[2J\u202egpj.exe"
    photo.write_bytes(b"inert")
    assert command("attach", pair.field, record_id, photo, "--title", HOSTILE.replace("\r", " ")).code == 0
    for more in ((), ("--identity",)):
        shown = command("show", pair.field, record_id, *more)  # `checked` looks for what a terminal acts on
        assert shown.code == 0
        assert "␛]52" in shown.out
    assert "␛]52" in command("search", pair.field, "one").out + shown.out
    exact = command("show", pair.field, record_id, "--identity", "--json").json["interview"]
    assert exact["account"]["paragraphs"] == hostile["account__paragraphs"]
    assert exact["witness"]["name"] == hostile["witness__name"]
    for words in (("list", pair.field), ("search", pair.field, HOSTILE), ("show", pair.field, HOSTILE)):
        command(*words)
