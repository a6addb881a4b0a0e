"""Bad input by command: each case of the catalogue ends with its exit code and a sentence, and changes nothing."""

import io
import os
import re
import time
from pathlib import Path
from shutil import copytree

import pytest
from command_line import Commands, Pair, Said, checked, make_pair, speak_arabic
from practice_vaults import BODY, PASSPHRASE, PURPOSE, interview_bytes, make_vault, passphrase

from keys.sealing import open_stream, seal_stream
from testimony.interview import MAX_INTERVIEW
from vault.contacts import add_contact
from vault.records import finish, new_from_interview
from vault.store import Vault

USAGE, MACHINE, POLICY, CHECK_FAILED = 2, 3, 4, 1
HOSTILE = "\x1b]52;c;ZXZpbA==\x1b\\ \x9b2J\x9d0;x\x07 \x7f\x08\r \u202egpj.exe\u202c"
ASKED = ("--to", BODY, "--purpose", PURPOSE)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys=capsys)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return make_pair(tmp_path_factory.mktemp("made"))


@pytest.fixture
def pair(made: Pair, tmp_path: Path) -> Pair:
    """A copy of both vaults, so that no test sees another's changes."""
    copytree(made.field, tmp_path / made.field.name)
    copytree(made.legal, tmp_path / made.legal.name)
    return Pair(
        folder=tmp_path, field=tmp_path / made.field.name, legal=tmp_path / made.legal.name, record_id=made.record_id
    )


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "ar":
        speak_arabic(monkeypatch)
    return str(request.param)


def is_in(language: str, words: str) -> bool:
    """Whether each line is a sentence of the language."""
    arabic = [bool(re.search("[\u0600-\u06ff]", line)) for line in words.splitlines() if line.strip()]
    return all(arabic) if language == "ar" else not any(arabic)


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


# Bundles


@pytest.fixture
def bundle(command: Commands, pair: Pair) -> Path:
    sealed = command("seal", pair.field, *ASKED, "--profile", "full", "--out", pair.folder / "out", "--json")
    assert sealed.code == 0
    return Path(sealed.json["path"])


def resealed(pair: Pair, bundle: Path, to: Path) -> Path:
    """The bundle opened by the body and sealed anew for somebody, as an attacker or a careless colleague could."""
    tar = io.BytesIO()
    with Vault.unlock(pair.legal, passphrase()) as legal, bundle.open("rb") as source:
        open_stream(source, tar, [legal.identity.opener()])
    target = pair.folder / "resealed.age"
    with Vault.unlock(to, passphrase()) as other, target.open("wb") as sink:
        seal_stream(io.BytesIO(tar.getvalue()), sink, [other.identity.public.recipient])
    return target


@pytest.mark.case("BU-05")
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        b"a letter\n",
        b"<!doctype html>",
        b"PK\x03\x04" + bytes(100),
        "text".encode("utf-16"),
        b"\x7fELF",
        bytes(1 << 20),
    ],
    ids=["empty", "one byte", "text", "HTML", "ZIP", "UTF-16", "ELF", "zeros"],
)
def test_a_file_that_was_never_a_bundle_is_called_so(command: Commands, pair: Pair, raw: bytes, language: str) -> None:
    (pair.folder / "file.age").write_bytes(raw)
    said = command("receive", pair.legal, pair.folder / "file.age")
    assert said.code == USAGE
    assert language == "ar" or "This file is not a bundle." in said.err
    assert is_in(language, said.err)


@pytest.mark.case("BU-01", "BU-02")
@pytest.mark.parametrize("harm", ["flipped", "cut"])
def test_a_damaged_bundle_is_refused_by_a_check_that_a_person_understands(
    command: Commands, pair: Pair, bundle: Path, harm: str, language: str
) -> None:
    raw = bytearray(bundle.read_bytes())
    raw[len(raw) // 2] ^= 1
    bundle.write_bytes(raw if harm == "flipped" else raw[: len(raw) // 2])
    said = command("receive", pair.legal, bundle)
    assert said.code == CHECK_FAILED
    assert "age-layer" not in said.err
    assert is_in(language, said.err)
    if language == "en":
        assert "the sealed file opens to its last byte" in said.err
    assert command("receive", pair.legal, bundle, "--json").json["refused"] is True
    assert command("list", pair.legal, "--json").json["records"] == []


@pytest.mark.case("BU-11")
def test_a_bundle_passed_on_to_another_body_is_refused(
    command: Commands, pair: Pair, bundle: Path, language: str
) -> None:
    with make_vault(pair.folder, "third-body", "legal") as third, Vault.unlock(pair.field, passphrase()) as field:
        add_contact(third, field.card(), field.identity.public.fingerprint)
    said = command("receive", third.path, resealed(pair, bundle, third.path))
    assert said.code == POLICY
    assert language == "ar" or "addressed to another body" in said.err
    assert command("list", third.path, "--json").json["records"] == []
    unopened = command("receive", third.path, bundle)
    assert unopened.code == POLICY


@pytest.mark.case("BU-25")
def test_ones_own_export_is_called_so(command: Commands, pair: Pair, bundle: Path) -> None:
    said = command("receive", pair.field, resealed(pair, bundle, pair.field))
    assert said.code == 0
    assert "sealed by this vault itself" in said.out


@pytest.mark.case("BU-10")
def test_a_bundle_by_somebody_unknown_is_refused(command: Commands, pair: Pair, language: str) -> None:
    with make_vault(pair.folder, "stranger") as stranger, Vault.unlock(pair.legal, passphrase()) as legal:
        add_contact(stranger, legal.card(), legal.identity.public.fingerprint)
        finish(stranger, new_from_interview(stranger, interview_bytes()))
    sealed = command("seal", stranger.path, *ASKED, "--out", pair.folder, "--json")
    said = command("receive", pair.legal, sealed.json["path"])
    assert said.code == POLICY
    assert is_in(language, said.err)


# Keys and contacts


@pytest.mark.case("KF-02")
def test_a_private_key_where_a_card_belongs_is_refused_and_not_repeated(
    command: Commands, pair: Pair, language: str
) -> None:
    with Vault.unlock(pair.legal, passphrase()) as legal:
        secret = legal.identity.age_secret().reveal().decode("ascii")
    keys = {
        "age.txt": secret,
        "ssh": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n-----END OPENSSH PRIVATE KEY-----\n",
        "public.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFl5thuXRLr3CglAL5XtnfBi78Ba/PqgXVGh6N9GV03U\n",
    }
    for name, text in keys.items():
        (pair.folder / name).write_text(text, encoding="ascii")
        said = command("contact", "add", pair.field, pair.folder / name, "--digits", "1234 " * 10)
        assert (said.code, said.out) == (USAGE, "")
        assert text.splitlines()[0][:24] not in said.err
        assert is_in(language, said.err)


@pytest.mark.case("KF-04", "KF-07")
def test_a_card_is_added_once_and_never_with_other_digits_nor_ones_own(
    command: Commands, pair: Pair, language: str
) -> None:
    card, own = pair.folder / "legal.card", pair.folder / "own.card"
    command("card", pair.legal, "--out", card)
    command("card", pair.field, "--out", own)
    digits = command("card", pair.legal, "--json").json["fingerprint"]
    own_digits = command("card", pair.field, "--json").json["fingerprint"]
    assert command("contact", "add", pair.field, card, "--digits", digits).code == 0
    assert len(command("contact", "list", pair.field, "--json").json["contacts"]) == 1
    for given, heard in ((card, own_digits), (own, own_digits), (card, digits[:-1] + "x"), (card, "")):
        said = command("contact", "add", pair.field, given, "--digits", heard)
        assert said.code in {USAGE, POLICY}
        assert is_in(language, said.err)
    assert len(command("contact", "list", pair.field, "--json").json["contacts"]) == 1


def test_an_unknown_recipient_is_named_as_what_is_missing(command: Commands, pair: Pair, language: str) -> None:
    said = command("seal", pair.field, "--to", "nobody", "--purpose", PURPOSE, "--out", pair.folder / "out")
    assert said.code == USAGE
    assert is_in(language, said.err)
    assert language == "ar" or "No contact has this code" in said.err
    assert not (pair.folder / "out").exists()


@pytest.mark.parametrize("verb", ["finish", "attach"])
def test_what_is_finished_is_not_changed(command: Commands, pair: Pair, verb: str, language: str) -> None:
    more = (pair.folder / "f",) if verb == "attach" else ()
    (pair.folder / "f").write_bytes(b"x")
    said = command(verb, pair.field, pair.record_id, *more)
    assert said.code == USAGE
    assert language == "ar" or "What is finished cannot be changed" in said.err


# Vault files


@pytest.mark.case("VF-12")
@pytest.mark.parametrize("kind", ["link", "pipe", "file", "folder", "device", "nothing", "full"])
def test_what_is_no_vault_is_not_opened_and_not_made_one(
    command: Commands, pair: Pair, kind: str, language: str
) -> None:
    path = pair.folder / "other.vault"
    match kind:
        case "link":
            path.symlink_to(pair.field)
        case "pipe":
            os.mkfifo(path)
        case "file":
            path.write_bytes(b"SQLite format 3\x00")
        case "folder":
            path.mkdir()
        case "device":
            path = Path("/dev/null")
        case "full":
            path = Path("/dev/full")
        case _:
            pass
    before = sorted(pair.folder.rglob("*"))
    for words in (("list", path), ("check", path), ("custody", path)):
        said = command(*words)
        assert said.code in {USAGE, MACHINE}
        assert said.out == ""
        assert is_in(language, said.err)
    if kind != "nothing":
        assert command("init", path, "--practice").code in {USAGE, MACHINE}
    assert sorted(pair.folder.rglob("*")) == before


@pytest.mark.case("VF-13")
def test_a_vault_open_to_others_is_opened_with_a_warning(command: Commands, pair: Pair) -> None:
    pair.field.chmod(0o755)
    said = command("list", pair.field)
    assert said.code == 0
    assert "Other users of this computer can read" in said.err


@pytest.mark.case("VF-14")
def test_a_vault_that_is_open_elsewhere_is_busy_at_once(command: Commands, pair: Pair, language: str) -> None:
    with Vault.unlock(pair.field, passphrase()) as vault:
        began = time.monotonic()
        said = command("list", pair.field)
        assert time.monotonic() - began < 1
        assert said.code == MACHINE
        assert is_in(language, said.err)
        assert vault.read("SELECT count(*) FROM records") == [(1,)]


@pytest.mark.case("VF-22")
@pytest.mark.parametrize(
    "name",
    [
        "خزنة",
        "a\u0301",
        "with space",
        "new\nline",
        "-rf",
        "file:x.db?mode=memory",
        "file:y?nolock=1",
        ":memory:",
        "v" * 255,
    ],
)
def test_a_vault_of_any_name_is_a_folder_of_that_name(
    command: Commands, pair: Pair, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pair.folder)
    pair.field.rename(pair.folder / name)
    said = command("list", "--json", "--", name)
    assert said.code == 0
    assert len(said.json["records"]) == 1
    assert command("list", "--", f"./{name}").code == 0
    assert not (pair.folder / "x.db").exists()


@pytest.mark.case("VF-04", "VF-05", "VF-08")
@pytest.mark.parametrize(
    ("file", "raw"),
    [
        ("vault-0001.db", b""),
        ("vault-0001.db", b"SQLite format 3\x00" + bytes(5000)),
        ("header.A", b"{}"),
        ("header.B", b""),
    ],
)
def test_a_damaged_vault_says_so_and_is_left_as_it_is(
    command: Commands, pair: Pair, file: str, raw: bytes, language: str
) -> None:
    (pair.field / file).write_bytes(raw)
    said = command("check", pair.field)
    if file.startswith("header"):  # the other copy serves
        assert said.code in {0, CHECK_FAILED}
        assert is_in(language, said.err)
        return
    assert said.code == CHECK_FAILED
    assert is_in(language, said.err)
    assert (pair.field / file).read_bytes() == raw
