import os
import subprocess
import sys
import venv
import zipfile
from email import message_from_string
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest

TOP = {"keys", "testimony", "vault", "tui"}
# The base lock, requirements/verify.txt, as it lies on disk.
BASE = ("cryptography", "cffi", "_cffi_backend", "pycparser")


def build(repository: Path, folder: Path) -> Path:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1735689600"}
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(repository)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(repository, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def expert(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has our wheel and the base lock alone, made without network."""
    home = tmp_path_factory.mktemp("expert")
    venv.create(home, with_pip=False, symlinks=True)
    (site,) = home.glob("lib/python*/site-packages")
    for name in BASE:
        found = Path(find_spec(name).origin)
        origin = found.parent if found.name == "__init__.py" else found
        (site / origin.name).symlink_to(origin)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return home / "bin" / "python"


def run(python: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, "-I", *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def test_the_wheel_holds_the_four_packages_and_nothing_else(wheel: Path):
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == TOP


def test_the_wheel_asks_for_cryptography_alone(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [entry for entry in archive.namelist() if entry.endswith(".dist-info/METADATA")]
        metadata = message_from_string(archive.read(name).decode())
    required = [line for line in metadata.get_all("Requires-Dist") if "extra ==" not in line]
    assert required == ["cryptography>=50"]
    assert metadata["License-Expression"] == "Apache-2.0"


def test_the_wheel_carries_every_data_file_of_the_packages(wheel: Path, repository: Path):
    held = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", *sorted(TOP)], cwd=repository, capture_output=True, text=True, check=False
    )
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    assert [name for name in tracked.stdout.split() if (repository / name).exists() and name not in held] == []


@pytest.mark.case("SC-05")
def test_two_builds_are_the_same_bytes(wheel: Path, repository: Path, tmp_path: Path):
    again = build(repository, tmp_path)
    assert sha256(again.read_bytes()).digest() == sha256(wheel.read_bytes()).digest()


def test_the_environment_of_an_expert_lacks_everything_else(expert: Path, tmp_path: Path):
    assert run(expert, "-c", "import cryptography", cwd=tmp_path).returncode == 0
    for name in ("argon2", "sqlcipher3", "textual", "click"):
        assert run(expert, "-c", f"import {name}", cwd=tmp_path).returncode != 0


def test_testimony_verify_runs_where_only_cryptography_is_installed(expert: Path, tmp_path: Path, repository: Path):
    if not (repository / "testimony" / "__main__.py").exists():
        pytest.skip("testimony has no command yet")
    done = run(expert, "-m", "testimony", "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "--trust" in done.stdout
