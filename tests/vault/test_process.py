"""The process that holds keys keeps others out, and says what this machine may do with its memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from vault import process
from vault.process import folder_risks, free_memory, machine_risks

_HARDENED = """
import os, resource, ctypes
from vault.process import harden
harden()
print(resource.getrlimit(resource.RLIMIT_CORE))
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
print(sorted(name for name in os.environ if name.startswith(("TEXTUAL", "PYTHON", "SQLITE"))))
"""


@pytest.mark.case("CL-14", "CL-04")
def test_a_hardened_process_leaves_no_core_and_drops_what_could_record_it(repository: Path):
    environment = {"PYTHONPATH": str(repository), "TEXTUAL_LOG": "x", "SQLITE_TMPDIR": "/tmp", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        [sys.executable, "-c", _HARDENED], env=environment, cwd=repository, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == ["(0, 0)", "0", "[]"]


@pytest.mark.case("CL-15")
def test_swap_and_hibernation_are_named(monkeypatch: pytest.MonkeyPatch):
    told = {"/proc/swaps": b"Filename Type\n/dev/sda2 partition\n", "/sys/power/state": b"freeze mem disk\n"}
    monkeypatch.setattr(process, "read_small", lambda path, _: told.get(path))
    assert [risk.code for risk in machine_risks()] == ["swap", "hibernation"]
    monkeypatch.setattr(process, "read_small", lambda *_: b"Filename\n")
    assert machine_risks() == ()


@pytest.mark.case("FS-01", "FS-02", "FS-05")
@pytest.mark.parametrize(
    ("kind", "folder", "expected"),
    [
        ("ext4", "/mnt/x/a.vault", []),
        ("vfat", "/mnt/x/a.vault", [("no-permissions", False)]),
        ("exfat", "/mnt/x/a.vault", [("no-permissions", False)]),
        ("nfs4", "/mnt/x/a.vault", [("network-folder", True)]),
        ("fuse.sshfs", "/mnt/x/deep/a.vault", [("network-folder", True)]),
        ("ext4", "/mnt/x/Dropbox/a.vault", [("sync-folder", False)]),
        ("ext4", "/mnt/x/OneDrive - Org/a.vault", [("sync-folder", False)]),
        ("ext4", "/mnt/x/megan/a.vault", []),
        ("nfs4", "/elsewhere/a.vault", []),
    ],
)
def test_folders_where_a_vault_would_be_at_risk_are_named(
    monkeypatch: pytest.MonkeyPatch, kind: str, folder: str, expected: list[tuple[str, bool]]
):
    mounts = f"/dev/root / ext4 rw 0 0\nsomething /mnt/x {kind} rw 0 0\n".encode()
    monkeypatch.setattr(process, "read_small", lambda *_: mounts)
    assert [(risk.code, risk.refused) for risk in folder_risks(Path(folder))] == expected


def test_a_folder_that_a_sync_program_marked_is_named(tmp_path: Path):
    (tmp_path / ".stfolder").mkdir()
    assert "sync-folder" in [risk.code for risk in folder_risks(tmp_path / "cases" / "a.vault")]


def test_free_memory_is_a_number_of_bytes():
    assert free_memory() > 100 << 20
