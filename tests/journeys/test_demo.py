"""`make demo DIR=`: the whole job as a newcomer runs it, and what must lie in the folder afterwards."""

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import Commands, Said, checked
from shared_data import REPOSITORY

from keys.sealing import HybridIdentity, open_stream
from keys.secret import Secret
from testimony.__main__ import main as verifier
from tui.practice import folder as practice_folder

# Everybody whom the two practice interviews name, and the numbers they give.
NAMES = (
    "Karim", "Adnan", "Saleh", "Majd", "Samir", "0900 000 557",
    "ريم", "سليمان", "الخطيب", "يوسف", "هالة", "أبو حسان", "أبو نزار", "0900 000 112", "٠٩٠٠ ٠٠٠ ٤٤١",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Demo:
    """One run of the demonstration, and its folder."""

    said: Said
    folder: Path

    @property
    def bundle(self) -> Path:
        (path,) = (self.folder / "bundles").glob("*.age")
        return path

    @property
    def passphrase(self) -> str:
        return (self.folder / "passphrase").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("kept") / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "tui", "demo", "--dir", str(folder)],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name in {"PATH", "TESTIMONY_NPM"}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=280,
        check=False,
    )
    said = checked(Said(code=done.returncode, out=done.stdout.decode("utf-8"), err=done.stderr.decode("utf-8")))
    return Demo(said=said, folder=folder)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys=capsys)


def opened(demo: Demo, bundle: Path) -> bytes:
    """The tar of a bundle, opened with the body's age identity alone."""
    secret = Secret((demo.folder / "legal-identity.txt").read_bytes().strip())
    plain = io.BytesIO()
    with bundle.open("rb") as sealed:
        open_stream(sealed, plain, [HybridIdentity.parse(secret)])
    return plain.getvalue()


@pytest.mark.slow
def test_the_demonstration_does_every_step_and_says_so(demo: Demo) -> None:
    assert demo.said.code == 0, demo.said.err
    for words in (
        "Verdict: pinned",
        "Receipt taken in",
        "The bundle does not pass the check",
        "The signer is no contact",
    ):
        assert words in " ".join(demo.said.out.split())
    assert "FAILED" not in demo.said.out
    assert str(demo.folder) in demo.said.out


def test_everything_lies_under_its_fixed_name(demo: Demo) -> None:
    for name in ("field.vault", "legal.vault", "bundles"):
        assert (demo.folder / name).is_dir()
    for name in ("passphrase", "legal-identity.txt", "allowed_signers", "trust", "report.json", "report.txt"):
        assert (demo.folder / name).is_file()
    assert (demo.folder / "legal-identity.txt").read_text(encoding="ascii").startswith("AGE-SECRET-KEY-PQ-1")
    assert (demo.folder / "passphrase").stat().st_mode & 0o077 == 0
    # Whatever tools this computer has, the guide that the last line names is there to be read.
    assert "ssh-keygen -Y verify" in (demo.folder / "unpacked" / "HOW-TO-VERIFY.txt").read_text(encoding="utf-8")
    assert "HOW-TO-VERIFY.txt" in demo.said.out
    assert max(len(line) for line in demo.said.out.splitlines() if str(demo.folder) not in line) <= 80
    assert demo.bundle.stat().st_size > 2 * 64 * 1024 * 1024


def test_the_bundle_holds_for_an_expert_with_the_files_of_the_folder(
    demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = sys.excepthook
    identity, trust = demo.folder / "legal-identity.txt", demo.folder / "trust"
    arguments = [str(demo.bundle), "--identity", str(identity), "--trust", str(trust), "--json"]
    try:
        assert verifier(arguments) == 0
    finally:
        sys.excepthook = hook
    printed = json.loads(capsys.readouterr().out)
    assert printed["verdict"] == "pinned"
    kept = json.loads((demo.folder / "report.json").read_bytes())
    assert printed == kept | {"verifier_sha256": printed["verifier_sha256"]}  # another process, its files may be newer
    assert "PINNED" in (demo.folder / "report.txt").read_text(encoding="utf-8")


def test_both_vaults_open_with_the_passphrase_file(demo: Demo, command: Commands) -> None:
    rows = command("list", demo.folder / "field.vault", "--json", passphrase=demo.passphrase).json["records"]
    assert [row["stage"] for row in rows] == ["finished", "finished"]
    rows = command("list", demo.folder / "legal.vault", "--json", passphrase=demo.passphrase).json["records"]
    # The answer to the request is a later rendition of the first record; the other's witness withdrew.
    assert [row["stage"] for row in rows] == ["received", "received", "withdrawn"]


def test_no_name_is_in_the_bundle_and_the_search_would_find_them(demo: Demo, command: Commands, tmp_path: Path) -> None:
    hidden = opened(demo, demo.bundle)
    assert [name for name in NAMES if name.encode("utf-8") in hidden] == []
    for record in command("list", demo.folder / "legal.vault", "--json", passphrase=demo.passphrase).json["records"]:
        shown = command("show", demo.folder / "legal.vault", record["record"], passphrase=demo.passphrase).out
        asked_for = ["Majd"] if record["stage"] == "received" else []
        assert [name for name in NAMES if name in shown] == asked_for
    asked = ("--to", "practice-body", "--purpose", "criminal investigation", "--profile", "full")
    full = command("seal", demo.folder / "field.vault", *asked, "--out", tmp_path, "--json", passphrase=demo.passphrase)
    shown_in_full = opened(demo, Path(full.json["path"]))
    assert {name for name in NAMES if name.encode("utf-8") in shown_in_full} >= {"Majd", "Samir"}
    # The other record stays, since its witness withdrew; at home its names are found.
    rows = command("list", demo.folder / "field.vault", "--json", passphrase=demo.passphrase).json["records"]
    at_home = [
        command("show", demo.folder / "field.vault", row["record"], passphrase=demo.passphrase).out for row in rows
    ]
    assert {name for name in NAMES if any(name in shown for shown in at_home)} >= {"يوسف", "هالة"}


def test_a_second_run_begins_anew_in_its_own_folder_and_touches_no_other(
    command: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice_folder, "EXHIBIT_SIZE", 1 << 20)
    folder = tmp_path / "demo"
    bundles = []
    for _ in range(2):
        said = command("demo", "--dir", folder, passphrase=None)
        assert said.code == 0, said.err
        (bundle,) = (folder / "bundles").glob("*.age")
        bundles.append(bundle.name)
    assert bundles[0] != bundles[1]

    for name in ("notes.txt", "unpacked/data/notes.txt", "field.vault/notes.txt", "bundles/thesis/notes.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("years of work", encoding="utf-8")
        refused = command("demo", "--dir", folder, passphrase=None)
        assert refused.code == 2
        assert "did not make" in refused.err
        assert (folder / name).read_text(encoding="utf-8") == "years of work"
        assert (folder / "bundles" / bundles[1]).exists()
        (folder / name).unlink()
    (folder / "bundles" / "thesis").rmdir()

    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("years of work", encoding="utf-8")
    refused = command("demo", "--dir", foreign, passphrase=None)
    assert refused.code == 2
    assert "did not make" in refused.err
    assert [path.name for path in foreign.iterdir()] == ["thesis.txt"]
    # A file, a link to a folder, or a folder that cannot be made is refused too.
    (tmp_path / "link").symlink_to(folder)
    for place in (foreign / "thesis.txt", foreign / "thesis.txt" / "demo", tmp_path / "link", Path("/proc/demo")):
        assert command("demo", "--dir", place, passphrase=None).code in {2, 3}
    assert (folder / "bundles" / bundles[1]).exists()
