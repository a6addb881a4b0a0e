"""A bundle opens and checks without our software, by the commands that it prints itself."""

import io
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import bagit
import pytest
from shared_data import REPOSITORY
from vectors.generate import sealed, world

from keys.sealing import SealedReader
from testimony.bundle import names
from testimony.bundle.canonical_tar import TarReader
from testimony.bundle.guides import file_name, guide_texts

COMMAND = re.compile(r"^    \$ (.+)$", re.MULTILINE)
NPM_COMMAND = re.compile(r"^    npm\$ (.+)$", re.MULTILINE)
RECORDS = 1  # in the bundle that the vectors are made from
NPM_SHIM = """#!/usr/bin/env node
import {{ Decrypter }} from "{library}";
import {{ readFileSync, writeFileSync }} from "node:fs";
const [identity, out, file] = [process.argv[4], process.argv[6], process.argv[7]];
const keys = readFileSync(identity, "utf8").split("\\n").filter((line) => line.startsWith("AGE-SECRET-KEY"));
const decrypter = new Decrypter();
for (const key of keys) decrypter.addIdentity(key.trim());
writeFileSync(out, await decrypter.decrypt(readFileSync(file)));
"""


def guide(name: str) -> str:
    opened = SealedReader(io.BytesIO(sealed()), [world().body.opener()])
    for member in TarReader(opened).members():
        if member.name == name:
            return b"".join(iter(member.read, b"")).decode()
    raise AssertionError(name)


def age_of_1_3() -> bool:
    if shutil.which("age") is None:
        return False
    said = subprocess.run(["age", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= (1, 3)


def npm_library() -> Path | None:
    roots = [
        os.environ.get("TESTIMONY_NPM", ""),
        str(REPOSITORY / ".interop"),
        str(REPOSITORY / ".interop" / "node_modules"),
    ]
    for root in filter(None, roots):
        for folder in (Path(root) / "node_modules" / "age-encryption", Path(root) / "age-encryption"):
            if (folder / "package.json").is_file():
                return folder
    return None


def put_age_on_path(folder: Path) -> None:
    """Debian's age may be older than 1.3: then the npm package stands in for it, under the same name."""
    if age_of_1_3():
        return
    library = npm_library()
    if library is None or shutil.which("node") is None:
        pytest.skip("neither age 1.3 nor the npm package age-encryption (TESTIMONY_NPM) is here")
    shim = folder / "age"
    shim.write_text(NPM_SHIM.format(library=(library / "dist" / "index.js").as_uri()))
    shim.rename(folder / "age.mjs")
    shim.write_text(f'#!/bin/sh\nexec node "{folder}/age.mjs" "$@"\n')
    shim.chmod(0o755)


def openssh_of_10_4() -> bool:
    said = subprocess.run(["ssh", "-V"], capture_output=True, text=True, check=False).stderr
    found = re.search(r"OpenSSH_(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= (10, 4)


def script(commands: list[str]) -> str:
    return "\n".join(commands) + "\n"


def answers(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the commands said, in their order, apart from what the tools say themselves."""
    return [line for line in done.stdout.splitlines() if line in {"GOOD", "BAD"}]


def bash(commands: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", script(commands)],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    opened = io.BytesIO(SealedReader(io.BytesIO(sealed()), [world().body.opener()]).readall())
    with tarfile.open(fileobj=opened, mode="r:") as archive:
        archive.extractall(tmp_path / "bag", filter="data")
    return tmp_path / "bag"


def own_commands(text: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """The printed commands: those that open the file, those for any OpenSSH, those for 10.4, those that delete."""
    commands = COMMAND.findall(text)
    start = next(place for place, command in enumerate(commands) if command.startswith("mkdir bag")) + 1
    end = next(place for place, command in enumerate(commands) if "rm -r" in command)
    checks = commands[start:end]
    classic = [command for command in checks if "allowed_signers.pq" not in command]
    return commands[:start], classic, [command for command in checks if command not in classic], commands[end:]


@pytest.mark.interop
@pytest.mark.parametrize("name", [names.GUIDE_EN, names.GUIDE_AR])
def test_the_commands_of_the_guide_open_check_and_delete_as_printed(tmp_path, name):
    text = guide(name)
    (tmp_path / "bin").mkdir()
    put_age_on_path(tmp_path / "bin")
    (tmp_path / file_name(world().bundle_id)).write_bytes(sealed())
    (tmp_path / "identity.txt").write_bytes(world().body.age_secret().reveal() + b"\n")
    opening, classic, hybrid, deleting = own_commands(text)
    done = bash(opening + classic + (hybrid if openssh_of_10_4() else []), tmp_path)
    assert answers(done) == ["GOOD"] * (11 + (2 if openssh_of_10_4() else 0)), done.stderr
    assert 'Good "bundle@testimony-vault" signature for field-07' in done.stdout
    assert (tmp_path / "bag").stat().st_mode & 0o077 == (tmp_path / "bundle.tar").stat().st_mode & 0o077 == 0
    assert answers(bash(["cd bag", *deleting], tmp_path)) == ["GOOD"]
    assert not (tmp_path / "bag").exists()
    assert not (tmp_path / "bundle.tar").exists()
    assert (tmp_path / file_name(world().bundle_id)).exists()


@pytest.mark.interop
def test_the_npm_way_opens_the_file_as_printed(tmp_path):
    library = npm_library()
    if library is None or shutil.which("node") is None:
        pytest.skip("the npm package age-encryption (TESTIMONY_NPM) is not here")
    install, opening = NPM_COMMAND.findall(guide(names.GUIDE_EN))
    assert re.fullmatch(r"npm install --ignore-scripts age-encryption@0\.3\.\d+", install)
    (tmp_path / "node_modules").symlink_to(library.parent)
    (tmp_path / file_name(world().bundle_id)).write_bytes(sealed())
    (tmp_path / "identity.txt").write_bytes(b"# invented\n" + world().body.age_secret().reveal() + b"\n")
    done = bash(["umask 077", opening], tmp_path)
    assert answers(done) == ["GOOD"], done.stderr
    with SealedReader(io.BytesIO(sealed()), [world().body.opener()]) as opened:
        assert (tmp_path / "bundle.tar").read_bytes() == opened.readall()
    assert (tmp_path / "bundle.tar").stat().st_mode & 0o077 == 0
    (tmp_path / file_name(world().bundle_id)).write_bytes(sealed()[:-1])
    assert answers(bash([opening], tmp_path)) == ["BAD"]


@pytest.mark.interop
@pytest.mark.parametrize("name", [names.GUIDE_EN, names.GUIDE_AR])
def test_the_commands_after_opening_answer_good_on_a_good_bag_as_often_as_the_guide_says(bag, name):
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen")
    _, classic, hybrid, _ = own_commands(guide(name))
    assert len(hybrid) == 2
    done = bash(["cd bag", *classic], bag.parent)
    assert answers(done) == ["GOOD"] * (6 + 1 + 2 * RECORDS), done.stderr
    newer = bash(["cd bag", *hybrid], bag.parent)
    assert answers(newer) == [("GOOD" if openssh_of_10_4() else "BAD")] * (1 + RECORDS)
    # The very words by which the guide tells that an older OpenSSH is no forgery.
    assert openssh_of_10_4() or "Could not verify signature." in newer.stdout + newer.stderr


@pytest.mark.interop
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("bundle.txt", "purpose: criminal", "purpose: Criminal"),
        ("manifest-sha256.txt", "0", "1"),
        ("data/legal/conditions.txt", "not", "now"),
        ("data/records/TST-0000001.head", "I-09", "I-08"),
        ("HOW-TO-VERIFY.txt", "in person", "by e-mail"),
        ("HOW-TO-VERIFY.ar.txt", "GOOD", "BAD"),
    ],
)
def test_the_commands_of_the_guide_answer_bad_on_a_changed_bag(bag, name, old, new):
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen")
    _, classic, _, _ = own_commands(guide(names.GUIDE_EN))
    text = (bag / name).read_text()
    assert old in text
    (bag / name).write_text(text.replace(old, new, 1))
    assert "BAD" in answers(bash(["cd bag", *classic], bag.parent))


@pytest.mark.interop
def test_the_commands_of_the_guide_answer_bad_on_a_file_too_many_or_too_few(bag):
    _, classic, _, _ = own_commands(guide(names.GUIDE_EN))
    (bag / "data/extra.txt").write_text("x")
    assert "BAD" in answers(bash(["cd bag", *classic], bag.parent))
    (bag / "data/extra.txt").unlink()
    (bag / "data/legal/index.csv").unlink()
    assert "BAD" in answers(bash(["cd bag", *classic], bag.parent))


@pytest.mark.interop
def test_the_guide_deletes_nothing_outside_a_bag(tmp_path):
    *_, deleting = own_commands(guide(names.GUIDE_EN))
    (tmp_path / "here").mkdir()
    (tmp_path / "bag").mkdir()
    assert answers(bash(["cd here", *deleting], tmp_path)) == ["BAD"]
    assert (tmp_path / "bag").is_dir()


def test_the_library_of_congress_validator_accepts_the_bag_apart_from_its_padding(bag):
    (bag / names.PADDING).unlink()
    found = bagit.Bag(str(bag))
    assert found.validate()
    assert found.info["External-Identifier"] == world().bundle_id


def test_the_guides_name_the_tools_that_are_needed_and_where_to_get_the_key():
    english, arabic = (
        text.decode() for text in guide_texts(bundle_id="ab" * 16, signer="field-07", fingerprint="1234 " * 10)
    )
    for text in (english, arabic):
        for word in (
            "--earlier EARLIER",
            "-R02",
            "openssl ts -verify -data DIGEST.head",
            "-attime",
            "Verification: OK",
        ):
            assert word in text
        for word in ("1.3", "10.4", "age-encryption", "ssh-keygen", "abababababababab.age", "-I field-07", "1234 1234"):
            assert word in text
        for word in ("Could not verify signature.", "testimony-verify --identity", "umask 077"):
            assert word in text
        assert "exit" not in text
    assert COMMAND.findall(english) == COMMAND.findall(arabic)
    assert NPM_COMMAND.findall(english) == NPM_COMMAND.findall(arabic)
    assert "another way" in english


@pytest.mark.case("BU-30")
def test_the_file_name_tells_nothing():
    assert re.fullmatch(r"[0-9a-f]{16}\.age", file_name(world().bundle_id))
