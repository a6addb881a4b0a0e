"""The expert's command in one file: the same sources give the same bytes, and it runs beside `cryptography` alone."""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from shared_data import REPOSITORY
from vectors.generate import Bag, sealed, world

from testimony.verifier_digest import digest_of_verifier

SCRIPT = REPOSITORY / ".ci" / "verifier_archive.py"
# The base lock, requirements/verify.txt, as it lies on disk.
BASE = ("cryptography", "cffi", "_cffi_backend", "pycparser")


def builder():
    spec = spec_from_file_location("verifier_archive", SCRIPT)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("archive") / "testimony-verify.pyz"
    subprocess.run([sys.executable, str(SCRIPT), str(target)], check=True, capture_output=True)
    return target


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has `cryptography` and nothing of ours, made without network."""
    home = tmp_path_factory.mktemp("expert")
    venv.create(home, with_pip=False, symlinks=True)
    (site,) = home.glob("lib/python*/site-packages")
    for name in BASE:
        found = Path(find_spec(name).origin)
        origin = found.parent if found.name == "__init__.py" else found
        (site / origin.name).symlink_to(origin)
    return home / "bin" / "python"


def test_two_builds_in_two_folders_are_equal_to_the_byte(archive: Path, tmp_path: Path):
    copy = tmp_path / "elsewhere" / "with a blank"
    for package in ("keys", "testimony"):
        shutil.copytree(REPOSITORY / package, copy / package)
        for number, path in enumerate(sorted((copy / package).rglob("*"))):
            os.utime(path, (number, number))
            path.chmod(0o700)
    again = tmp_path / "again.pyz"
    builder().write_archive(again, copy)
    assert again.read_bytes() == archive.read_bytes()


def test_a_changed_source_gives_another_archive(archive: Path, tmp_path: Path):
    for package in ("keys", "testimony"):
        shutil.copytree(REPOSITORY / package, tmp_path / package)
    (tmp_path / "keys" / "digits.py").write_text("changed = True\n")
    changed = tmp_path / "changed.pyz"
    builder().write_archive(changed, tmp_path)
    assert changed.read_bytes() != archive.read_bytes()


def test_it_holds_sources_of_the_two_packages_and_nothing_else(archive: Path):
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in opened.infolist())
    assert {name.split("/")[0] for name in names} == {"__main__.py", "keys", "testimony"}
    assert not any("__pycache__" in name for name in names)


def test_it_checks_a_bundle_beside_cryptography_alone_and_knows_its_own_digest(archive, python, tmp_path):
    (tmp_path / "bundle.age").write_bytes(sealed())
    (tmp_path / "changed.tar").write_bytes(Bag().edit("data/legal/conditions.txt", b"not", b"now").tar())
    (tmp_path / "identity.txt").write_bytes(world().body.age_secret().reveal() + b"\n")
    (tmp_path / "trust").write_text(f"{world().device.public.fingerprint}\n")
    more = ["--identity", "identity.txt", "--trust", "trust", "--json"]
    answers = {}
    for given in ("bundle.age", "changed.tar"):
        command = [str(python), "-I", str(archive), given, *more]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
        assert done.stderr == b""
        answers[given] = (done.returncode, json.loads(done.stdout))
    assert [(code, report["verdict"]) for code, report in answers.values()] == [(0, "pinned"), (1, "invalid")]
    assert answers["bundle.age"][1]["verifier_sha256"] == digest_of_verifier()
