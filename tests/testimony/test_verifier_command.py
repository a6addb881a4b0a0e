"""testimony-verify: what it prints, and how it ends (docs/format/verifier-cli-v1.md)."""

import io
import os
import subprocess
import sys
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from shared_data import REPOSITORY
from vectors.generate import Bag, resealed, sealed, stranger, world

from testimony.bundle.names import CUSTODY_CHECKPOINT
from testimony.canonical import decode
from testimony.custody.checkpoint import Checkpoint, origin_of, parse_checkpoint
from testimony.report import terminal_safe

OWN = world()


def run(*arguments: object, **changes: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "testimony", *map(str, arguments)]
    settings = {"cwd": REPOSITORY, "capture_output": True, "timeout": 60}
    return subprocess.run(command, check=False, **(settings | changes))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verifier")
    (folder / "bundle.age").write_bytes(sealed())
    (folder / "bundle.tar").write_bytes(Bag().tar())
    (folder / "identity.txt").write_bytes(b"# invented\n" + OWN.body.age_secret().reveal() + b"\n")
    (folder / "other.txt").write_bytes(stranger().age_secret().reveal() + b"\n")
    (folder / "trust").write_text(f"{OWN.device.public.fingerprint} field-07\n")
    (folder / "other-trust").write_text(f"{stranger().public.fingerprint} somebody\n")
    with tarfile.open(folder / "bundle.tar") as archive:
        archive.extractall(folder / "bag", filter="data")
    return folder


def verdict(done: subprocess.CompletedProcess[bytes]) -> str:
    value = decode(done.stdout.rstrip(b"\n"), limit=1 << 20, where="report")
    assert isinstance(value, dict)
    assert value["exit"] == done.returncode
    return str(value["verdict"])


@pytest.mark.parametrize("given", ["bundle.age", "bundle.tar", "bag"])
@pytest.mark.parametrize(("trust", "expected"), [(None, "self-consistent"), ("trust", "pinned")])
def test_a_good_bundle_holds_in_each_of_its_three_forms(folder, given, trust, expected):
    more = [] if trust is None else ["--trust", folder / trust]
    done = run(folder / given, "--identity", folder / "identity.txt", "--json", *more)
    assert (done.returncode, verdict(done), done.stderr) == (0, expected, b"")


@pytest.mark.case("BU-23")
def test_a_bundle_is_held_against_a_head_that_the_expert_kept(folder):
    note = (folder / "bag" / CUSTODY_CHECKPOINT).read_bytes()
    head = parse_checkpoint(note, OWN.device.public)
    seen = {
        "same": note,
        "forked": replace(head, root=bytes(32)).signed(OWN.device),
        "earlier": replace(head, size=1, root=bytes(32)).signed(OWN.device),
        "later": replace(head, size=9).signed(OWN.device),
        "stranger": Checkpoint(origin=origin_of(stranger().public), size=1, root=bytes(32)).signed(stranger()),
        "torn": note[:-2],
    }
    codes = {"same": None, "forked": b"fork", "earlier": b"unproved-growth", "later": b"unproved-prefix"}
    for name, kept in seen.items():
        (folder / name).write_bytes(kept)
        done = run(folder / "bundle.tar", "--seen", folder / name, "--json")
        if name not in codes:
            assert (done.returncode, done.stdout) == (2, b"")
            assert b"an earlier checkpoint is refused" in done.stderr
        elif codes[name] is None:
            assert (done.returncode, verdict(done)) == (0, "self-consistent")
            assert b'{"name":"custody-growth","status":"pass"}' in done.stdout
        else:
            assert (done.returncode, verdict(done)) == (1, "invalid")
            assert b'"code":"' + codes[name] + b'","name":"custody-growth"' in done.stdout
    assert b'{"name":"custody-growth","status":"not-made"}' in run(folder / "bundle.tar", "--json").stdout


def test_the_same_input_gives_the_same_bytes_and_both_languages_are_there(folder):
    runs = [run(folder / "bundle.tar", "--lang", language) for language in ("en", "en", "ar")]
    assert runs[0].stdout == runs[1].stdout
    assert "Verdict: SELF-CONSISTENT" in runs[0].stdout.decode()
    assert "الحكم" in runs[2].stdout.decode()


def test_a_locale_without_utf_8_changes_no_byte(folder):
    plain = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    assert (
        run(folder / "bundle.tar", "--lang", "ar", env=plain).stdout
        == run(folder / "bundle.tar", "--lang", "ar").stdout
    )


def test_a_seal_by_somebody_else_than_trusted_ends_with_one(folder):
    done = run(folder / "bundle.tar", "--trust", folder / "other-trust", "--json")
    assert (done.returncode, verdict(done)) == (1, "self-consistent")


@pytest.mark.parametrize(
    ("language", "headline", "success"),
    [("en", "Verdict: NOT BY THE SIGNER YOU NAMED", "SELF-CONSISTENT"), ("ar", "الحكم: ليست من الموقِّع", "متسقة")],
)
def test_a_seal_by_somebody_else_than_trusted_does_not_read_like_success(folder, language, headline, success):
    done = run(folder / "bundle.tar", "--trust", folder / "other-trust", "--lang", language)
    assert done.returncode == 1
    assert headline in done.stdout.decode()
    assert success not in done.stdout.decode()
    held = run(folder / "bundle.tar", "--trust", folder / "trust", "--lang", language).stdout.decode()
    assert headline not in held


def test_a_seal_by_somebody_else_is_told_beside_another_failure(folder, tmp_path):
    bag = unpacked(folder, tmp_path)
    (bag / "data/text/TST-0000001.txt").unlink()
    text = run(bag, "--trust", folder / "other-trust").stdout.decode()
    assert "Verdict: INCOMPLETE" in text
    assert "NOR IS IT BY THE SIGNER YOU NAMED" in text


@pytest.mark.parametrize(
    ("given", "identity", "code", "exits"),
    [
        ("bundle.age", None, "no-identity", 2),
        ("bundle.age", "other.txt", "not-for-you", 4),
        ("trust", None, "not-a-bundle", 2),
        ("bag/data", None, "not-a-bundle", 2),
    ],
)
def test_a_slip_in_calling_is_told_shortly_and_says_nothing_against_the_bundle(folder, given, identity, code, exits):
    more = [] if identity is None else ["--identity", folder / identity]
    for language, headline in (("en", "COULD NOT BE EXAMINED: "), ("ar", "تعذّر فحصها: ")):
        done = run(folder / given, *more, "--lang", language)
        text = done.stdout.decode()
        assert done.returncode == exits
        assert headline in text
        assert f"({code})" in text
        assert not any(word in text for word in ("INVALID", "باطلة", "NOT MADE", "لم يُجرَ"))
        assert len(text.splitlines()) < 16
    assert verdict(run(folder / given, *more, "--json")) == "invalid"


@pytest.mark.case("BU-11")
def test_a_bundle_for_somebody_else_ends_with_four(folder):
    assert run(folder / "bundle.age", "--identity", folder / "other.txt").returncode == 4
    assert run(folder / "bundle.tar", "--identity", folder / "other.txt").returncode == 4


def test_a_sealed_file_without_an_identity_ends_with_two(folder):
    assert run(folder / "bundle.age").returncode == 2


@pytest.mark.case("BU-05")
def test_what_was_never_a_bundle_ends_with_two(folder, tmp_path):
    (tmp_path / "letter").write_bytes(b"Dear Sir")
    (tmp_path / "empty").mkdir()
    for given in ("letter", "empty"):
        done = run(tmp_path / given)
        assert (done.returncode, done.stderr) == (2, b"")
        assert b"not-a-bundle" in done.stdout


def test_wrong_usage_ends_with_two_and_a_missing_file_with_three(folder, tmp_path):
    assert run().returncode == 2
    assert run(folder / "bundle.tar", "--skip-checks").returncode == 2
    assert run(tmp_path / "nowhere").returncode == 3
    assert run(folder / "bundle.tar", "--trust", tmp_path / "nowhere").returncode == 3


@pytest.mark.case("KF-02")
def test_a_file_that_is_no_identity_is_refused_and_not_repeated(folder, tmp_path):
    for content in (
        b"age1pq1qqqq\n",
        b"hunter2 is my passphrase\n",
        b"",
        b"\xff" * 900,
        (folder / "identity.txt").read_bytes() * 2,
    ):
        (tmp_path / "identity").write_bytes(content)
        done = run(folder / "bundle.age", "--identity", tmp_path / "identity")
        assert done.returncode == 2
        assert b"hunter2" not in done.stderr
        assert b"Traceback" not in done.stderr


def test_a_file_that_is_no_trust_file_is_refused(folder, tmp_path):
    (tmp_path / "trust").write_bytes(b"1234 5678\n")
    done = run(folder / "bundle.tar", "--trust", tmp_path / "trust")
    assert done.returncode == 2
    assert b"trust-line at line 1" in done.stderr


@pytest.mark.case("BU-26")
def test_a_bundle_may_come_through_a_pipe(folder, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    feeder = threading.Thread(target=lambda: pipe.write_bytes((folder / "bundle.age").read_bytes()))
    feeder.start()
    done = run(pipe, "--identity", folder / "identity.txt")
    feeder.join()
    assert done.returncode == 0


@pytest.mark.case("CL-02")
def test_a_closed_pipe_ends_quietly(folder):
    command = f"'{sys.executable}' -m testimony '{folder / 'bundle.tar'}' | head -c 10"
    done = subprocess.run(["bash", "-c", command], cwd=REPOSITORY, capture_output=True, check=False, timeout=60)
    assert done.stderr == b""


def unpacked(folder: Path, tmp_path: Path) -> Path:
    bag = tmp_path / "bag"
    with tarfile.open(folder / "bundle.tar") as archive:
        archive.extractall(bag, filter="data")
    return bag


@pytest.mark.case("BU-13", "BU-17")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda bag: (bag / "data/text/TST-0000001.txt").unlink(), "absent"),
        (lambda bag: (bag / "data/extra.txt").write_text("x"), "unknown-member"),
        (lambda bag: (bag / "data/\u202egpj.exe").write_text("x"), "unknown-member"),
        (lambda bag: (bag / "data/legal/conditions.txt").write_text("other"), "changed"),
        (lambda bag: (bag / "data/link").symlink_to("/etc/passwd"), "not-a-file"),
        (lambda bag: ((bag / "bundle.txt").rename(bag / "x"), (bag / "bundle.txt").symlink_to("x")), "not-a-file"),
        (lambda bag: os.mkfifo(bag / "data/pipe"), "not-a-file"),
        (
            lambda bag: [(bag / ("data/" + "d/" * depth)).mkdir(parents=True, exist_ok=True) for depth in range(1, 40)],
            "depth",
        ),
    ],
)
def test_a_changed_folder_is_refused(folder, tmp_path, change, code):
    bag = unpacked(folder, tmp_path)
    change(bag)
    done = run(bag)
    assert done.returncode == 1
    assert code in done.stdout.decode()
    assert "\u202e" not in done.stdout.decode()


def test_a_folder_without_its_padding_still_holds(folder, tmp_path):
    bag = unpacked(folder, tmp_path)
    (bag / "padding").unlink()
    assert run(bag).returncode == 0


def test_a_missing_file_alone_makes_a_bundle_incomplete_not_invalid(folder, tmp_path):
    bag = unpacked(folder, tmp_path)
    (bag / "data/text/TST-0000001.txt").unlink()
    assert verdict(run(bag, "--json")) == "incomplete"


def test_a_damaged_bundle_ends_with_one_and_no_traceback(folder, tmp_path):
    data = bytearray(resealed(Bag().tar()))
    data[-20_000] ^= 1
    (tmp_path / "x.age").write_bytes(data)
    done = run(tmp_path / "x.age", "--identity", folder / "identity.txt", "--json")
    assert (done.returncode, verdict(done), done.stderr) == (1, "invalid", b"")


def test_an_internal_error_says_where_and_nothing_else():
    program = (
        "import sys; from testimony import __main__ as m; m._examination = lambda _: {}['secret words']; m.main(['x'])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, check=False, timeout=60)
    assert done.returncode == 3
    assert done.stderr.startswith(b"testimony-verify: internal error KeyError in <lambda>")
    assert b"secret" not in done.stderr


@pytest.mark.case("BU-24")
def test_nothing_from_a_bundle_can_act_on_the_terminal():
    hostile = "a\x1b[2Jb\x07\x9bc\u202ed\u2066e\u200bf\ud800g\x00\r\n"
    shown = terminal_safe(hostile)
    assert shown == "a<U+001B>[2Jb<U+0007><U+009B>c<U+202E>d<U+2066>e<U+200B>f<U+D800>g<U+0000><U+000D><U+000A>"
    assert io.BytesIO(shown.encode()).getvalue()


# N7, N8, N9 of SECURITY.md, and section 8 of custody-v1.md: each has its words in the fixed paragraph of each language.
SAID = {
    "en": (
        "account is true",
        "clock or place were right",
        "passing the bundle on",
        "recognised by what is told, by voice",
        "combination",
        "An edit to the custody log after the last head that is held outside the device cannot be detected",
        "compare the forty digits by another way",
        "What is withheld was not examined",
    ),
    "ar": (
        "الإفادة صحيحة",
        "الساعة أو المكان صحيحان",
        "نقل الحزمة إلى غيره",
        "من مضمون ما يُروى أو من صوته",
        "اجتماع ما يظهر",
        "ولا يمكن كشف تعديل في سجل الحيازة بعد آخر رأس محفوظ خارج الجهاز",
        "قارنوا الأرقام الأربعين بطريق آخر",
        "وما حُجب لم يُفحص",
    ),
}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_report_says_what_verification_does_not_prove(folder, language):
    report = " ".join(run(folder / "bundle.tar", "--lang", language).stdout.decode().split())
    assert [words for words in SAID[language] if words not in report] == []


@pytest.mark.parametrize("lacking", ["--identity", "--trust", "--earlier"])
def test_a_file_that_is_not_there_is_named_by_its_argument(folder: Path, lacking: str) -> None:
    done = run(folder / "bundle.tar", lacking, folder / "nowhere")
    assert done.returncode == 3
    assert f"the file of {lacking}: No such file" in done.stderr.decode()
    assert "cannot read the bundle: No such file" in run(folder / "nowhere").stderr.decode()
