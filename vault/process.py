"""Hardening of the process that holds keys, and what this machine does that the vault cannot prevent."""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vault.errors import VaultError
from vault.files import facts, read_small

if sys.platform != "win32":
    import ctypes
    import resource

_PR_SET_DUMPABLE: Final = 4
_MAX_SYSTEM_FILE: Final = 256 * 1024
_DROPPED: Final = ("TEXTUAL", "PYTHON", "SQLITE_TMPDIR")
# On these a lock or a sync may be the promise of another computer.
_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "davfs", "glusterfs", "fuse.sshfs",
     "fuse.rclone", "fuse.s3fs"}
)  # fmt: skip
_SHARED: Final = frozenset({"9p", "virtiofs", "vboxsf", "fuse.vmhgfs-fuse"})
_NO_OWNERS: Final = frozenset({"vfat", "msdos", "exfat", "fuseblk"})
_SYNC_FOLDERS: Final = frozenset(
    {"dropbox", "onedrive", "google drive", "googledrive", "icloud", "nextcloud", "owncloud", "syncthing", "megasync"}
)
_SYNC_MARKS: Final = (".dropbox", ".stfolder", ".owncloudsync.log", ".sync_journal.db")


@dataclass(frozen=True, kw_only=True)
class Risk:
    """Something about this machine or folder that a person should know: a stable code, and whether it is refused."""

    code: str
    refused: bool = False


def harden() -> None:
    """Keep other processes out of this one's memory and its memory out of core files.

    Variables by which Python, Textual or SQLite could be made to run code, record the screen or write elsewhere are
    dropped for whatever reads them later.
    """
    for name in [name for name in os.environ if name.startswith(_DROPPED)]:
        del os.environ[name]
    if sys.platform == "win32":
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def machine_risks() -> tuple[Risk, ...]:
    """Whether memory may reach the disk: swap that is on, a computer that can hibernate."""
    swaps = (read_small("/proc/swaps", _MAX_SYSTEM_FILE) or b"").splitlines()[1:]
    power = (read_small("/sys/power/state", _MAX_SYSTEM_FILE) or b"").split()
    found = (("swap", bool(swaps)), ("hibernation", b"disk" in power))
    return tuple(Risk(code=code) for code, present in found if present)


def folder_risks(folder: Path) -> tuple[Risk, ...]:
    """What is against keeping a vault at this absolute path, or in it: network, no owners, cloud copies."""
    kind = _file_system(folder)
    found = [
        Risk(code="network-folder", refused=True) if kind in _NETWORK else None,
        Risk(code="shared-folder") if kind in _SHARED else None,
        Risk(code="no-permissions") if kind in _NO_OWNERS else None,
        Risk(code="sync-folder") if _is_synced(folder) else None,
    ]
    return tuple(risk for risk in found if risk is not None)


def free_memory() -> int:
    """Bytes that this machine can give without swapping; a cautious guess where it does not say."""
    for line in (read_small("/proc/meminfo", _MAX_SYSTEM_FILE) or b"").splitlines():
        if line.startswith(b"MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 2 << 30


def owner() -> int:
    """The user id of this process; -1 where there are none."""
    return -1 if sys.platform == "win32" else os.geteuid()


def process_id() -> int:
    """The number of this process."""
    return os.getpid()


def _file_system(folder: Path) -> str:
    best, kind = "", ""
    for line in (read_small("/proc/self/mounts", _MAX_SYSTEM_FILE) or b"").decode("utf-8", "replace").splitlines():
        parts = line.split(" ")
        point = parts[1].replace("\\040", " ") if len(parts) > 2 else ""  # noqa: PLR2004  # device, place, type
        inside = folder.is_relative_to(point) if point else False
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind


def _is_synced(folder: Path) -> bool:
    if any(part.lower() in _SYNC_FOLDERS or part.lower().startswith("onedrive -") for part in folder.parts):
        return True
    with suppress(VaultError):
        return any(facts(parent / mark) is not None for parent in folder.parents[:3] for mark in _SYNC_MARKS)
    return False
