"""What a vault gives out of its keys and its words by command, and what the log says about it."""

import io
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from command_line import Commands, Pair, descriptor_of, make_pair, program, speak_arabic
from practice_vaults import BODY, PASSPHRASE, PURPOSE, interview_bytes
from shared_data import REPOSITORY

from keys.sealing import HybridIdentity, open_stream
from keys.secret import Secret
from testimony.__main__ import main as verifier

ASKED = ("--to", BODY, "--purpose", PURPOSE)
_ENGLISH = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm"}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return make_pair(tmp_path_factory.mktemp("made"))


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys=capsys)


def kinds(command: Commands, vault: Path) -> list[tuple[str, str]]:
    return [(entry["kind"], entry["object"]) for entry in command("custody", vault, "--json").json["entries"]]


def test_the_written_identity_opens_the_bodys_bundles_without_its_vault(
    command: Commands, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "identity.txt"
    said = command("identity", pair.legal, "--out", out)
    assert said.code == 0
    assert str(out) in said.out
    assert "Whoever holds this file" in said.err
    assert "AGE-SECRET-KEY" not in said.out + said.err
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert kinds(command, pair.legal).count(("key.export", "vault")) == 1

    bundle = command("seal", pair.field, *ASKED, "--out", tmp_path, "--json").json["path"]
    remark, key = out.read_bytes().splitlines()
    assert remark.startswith(b"# ")
    with Path(bundle).open("rb") as sealed:
        open_stream(sealed, io.BytesIO(), [HybridIdentity.parse(Secret(key))])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    assert verifier([bundle, "--identity", str(out)]) == 0


def test_an_identity_is_written_to_a_new_file_outside_the_vault_or_not_at_all(
    command: Commands, pair: Pair, tmp_path: Path
) -> None:
    before = kinds(command, pair.legal).count(("key.export", "vault"))
    (tmp_path / "taken.txt").write_text("mine", encoding="utf-8")
    for place in (tmp_path / "taken.txt", pair.legal / "identity.txt", tmp_path / "nowhere" / "identity.txt"):
        assert command("identity", pair.legal, "--out", place).code == 2
    assert command("identity", pair.legal).code == 2
    assert command("identity", pair.legal, "--out", tmp_path / "new.txt", passphrase="wrong words").code == 4
    assert [path.name for path in tmp_path.iterdir()] == ["taken.txt"]
    assert (tmp_path / "taken.txt").read_text(encoding="utf-8") == "mine"
    assert kinds(command, pair.legal).count(("key.export", "vault")) == before


def test_the_warning_about_a_written_identity_is_said_in_arabic_too(
    command: Commands, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_arabic(monkeypatch)
    said = command("identity", pair.legal, "--out", tmp_path / "identity.txt")
    assert said.code == 0
    assert "من يملك هذا الملف" in said.err


def test_reading_words_of_a_record_is_written_to_the_log(command: Commands, tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    viewed = ("record.view", pair.record_id)

    def views() -> int:
        return kinds(command, pair.field).count(viewed)

    assert command("search", pair.field, "zeppelin").code == 0
    assert command("show", pair.field, pair.record_id, "--as", "lead", "--to", BODY, "--purpose", "advocacy").code == 4
    assert views() == 0
    assert command("search", pair.field, "quarry", "--json").json["hits"]
    assert views() == 1
    for number, profile in enumerate(("full", "pseudonymised", "lead"), start=2):
        assert command("show", pair.field, pair.record_id, "--as", profile, *ASKED).code == 0
        assert views() == number


def test_without_a_terminal_no_passphrase_is_shown_for_a_new_vault(tmp_path: Path) -> None:
    said = program("init", tmp_path / "new.vault", "--practice", passphrase="")
    assert (said.code, said.out) == (2, "")
    assert "--passphrase-fd" in said.err
    assert "Write it on paper" not in said.err
    assert not (tmp_path / "new.vault").exists()


def test_a_card_on_a_terminal_is_its_code_and_digits_and_elsewhere_the_card(command: Commands, pair: Pair) -> None:
    digits = command("card", pair.field, "--json").json["fingerprint"]
    assert command("card", pair.field).out.encode() == command("card", pair.field, "--json").json["card"].encode()
    words = ["-m", "tui", "card", str(pair.field)]
    child = pexpect.spawn(sys.executable, words, cwd=str(REPOSITORY), env=_ENGLISH, timeout=30, dimensions=(24, 200))
    child.expect("it is not shown")
    assert child.waitnoecho(10)
    child.sendline(PASSPHRASE)
    child.expect(pexpect.EOF)
    child.close()
    shown = child.before.decode("utf-8")
    assert child.exitstatus == 0, shown
    assert digits in shown
    assert "practice-team" in shown
    assert "--out" in shown
    assert len(shown.splitlines()) <= 5


def test_an_interview_that_is_no_json_is_refused_with_line_and_column_and_never_its_text(
    command: Commands, pair: Pair, tmp_path: Path
) -> None:
    source = tmp_path / "interview.json"
    source.write_bytes(b'{"language": "eng",\n  "note": Barnaby}')
    said = command("new", pair.field, "--from", source)
    assert said.code == 2
    assert re.search(r"not JSON.*line 2, column 11\b", said.err)
    source.write_bytes(interview_bytes() + b"\xff")
    assert "line" not in command("new", pair.field, "--from", source).err


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="root may read everything, and setpriv is not here")
def test_a_vault_that_may_not_be_read_is_this_machines_refusal(tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    powerless = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    pair.field.chmod(0)
    try:
        with descriptor_of(PASSPHRASE.encode()) as number:
            done = subprocess.run(
                [*powerless, sys.executable, "-m", "tui", "list", str(pair.field), "--passphrase-fd", str(number)],
                cwd=REPOSITORY,
                env=_ENGLISH,
                pass_fds=(number,),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=60,
                check=False,
            )
    finally:
        pair.field.chmod(0o700)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"This computer refused" in done.stderr or b"could not be read" in done.stderr
