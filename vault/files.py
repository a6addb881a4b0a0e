"""The file door: every byte that the vault reads from or writes to a disk passes here.

New files are 0600 from the first call, links are never followed, and what must survive a power cut is written beside
its place, synced, renamed and synced again.
"""

import errno
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from keys.chance import random_hex
from vault.errors import (
    AlreadyExistsError,
    LimitError,
    NotFoundError,
    SourceFileError,
    StorageError,
    StorageFullError,
    VaultBusyError,
)

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PART = ".part"
CHUNK = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
# O_NONBLOCK: opening a pipe that nobody writes to must not wait for ever before we can see that it is a pipe.
_READ_ANY = _READ | getattr(os, "O_NONBLOCK", 0)
_MAKE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_LOCK = os.O_RDWR | os.O_CREAT | (_READ_ANY & ~os.O_RDONLY)


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What the file system says about one open or named file."""

    size: int
    device: int
    inode: int
    changed_ns: int
    regular: bool
    links: int
    mode: int
    owner: int


@contextmanager
def storage_errors(where: str) -> Iterator[None]:
    """Turn what the disk refuses into our own errors.

    Raises:
        StorageFullError: No space or quota left.
        NotFoundError: The file is not there.
        AlreadyExistsError: The file is there already.
        StorageError: Anything else the disk says.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise NotFoundError("file", where) from error
    except FileExistsError as error:
        raise AlreadyExistsError(where=where) from error
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFullError(where=where) from error
        raise StorageError(errno.errorcode.get(error.errno or 0, "unknown"), where) from error


def facts(path: Path) -> FileFacts | None:
    """What stands at this path, links not followed; None where nothing does.

    Raises:
        StorageError: The file system does not say.
    """
    try:
        return _facts(os.lstat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StorageError(errno.errorcode.get(error.errno or 0, "unknown"), path.name) from error


def facts_of(stream: BinaryIO) -> FileFacts:
    """What the file system says about an open file."""
    return _facts(os.fstat(stream.fileno()))


def is_folder(path: Path) -> bool:
    """Whether a folder, not a link to one, stands at this path."""
    return path.is_dir() and not path.is_symlink()


def open_regular(path: Path) -> BinaryIO:
    """A file opened for reading that is a plain file with one name.

    Raises:
        SourceFileError: A link, a pipe, a device, a folder, or a file with a second name.
        NotFoundError: Nothing is there.
        StorageError: The disk refuses.
    """
    descriptor = _open_plain(path, _READ_ANY, "source")
    return os.fdopen(descriptor, "rb", buffering=0)


def read_bounded(path: Path, limit: int) -> bytes:
    """The whole of a small plain file.  `limit` is in bytes.

    Raises:
        LimitError: The file is longer.
        SourceFileError: It is no plain file.
        NotFoundError: It is not there.
    """
    with open_regular(path) as stream, storage_errors(path.name):
        data = stream.read(limit + 1) or b""
        while len(data) <= limit and (more := stream.read(limit + 1 - len(data))):
            data += more
    if len(data) > limit:
        raise LimitError("file", limit)
    return data


def read_small(path: str, limit: int) -> bytes | None:
    """At most `limit` bytes of a file of the system; None where it cannot be read."""
    try:
        with Path(path).open("rb") as stream:
            return stream.read(limit)
    except OSError:
        return None


def create_exclusive(path: Path) -> BinaryIO:
    """A new file, 0600, opened for writing and reading back.

    Raises:
        AlreadyExistsError: Something stands there.
        StorageFullError: No space left.
    """
    with storage_errors(path.name):
        return os.fdopen(os.open(path, _MAKE, 0o600), "w+b", buffering=0)


def write_all(stream: BinaryIO, data: bytes | memoryview) -> None:
    """Write every byte: an unbuffered file may take fewer than it was given.

    Raises:
        StorageFullError: No space left.
    """
    view = memoryview(data)
    with storage_errors("write"):
        while view:
            view = view[stream.write(view) :]


def write_atomic(path: Path, data: bytes) -> None:
    """Put a whole file in place: after a crash, or an error, the old one or the new one is there, never a part."""
    part = path.with_name(f"{path.name}.{random_hex(4)}{PART}")
    try:
        with create_exclusive(part) as stream:
            write_all(stream, data)
            sync(stream)
        move(part, path)
    except BaseException:
        remove(part)
        raise


def sync(stream: BinaryIO) -> None:
    """Return when the bytes of an open file are on the disk.

    Raises:
        StorageError: The disk does not say so; what was written since the last sync may be lost.
    """
    with storage_errors("sync"):
        stream.flush()
        if sys.platform == "darwin":
            fcntl.fcntl(stream.fileno(), fcntl.F_FULLFSYNC)
        else:
            os.fsync(stream.fileno())


def begin_writing_out(stream: BinaryIO, start: int, size: int) -> None:
    """Let the disk begin with these bytes while more are made: the sync at the end then waits less.

    Asked once for each stretch: a second time would take what is on the disk out of memory.
    """
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):  # advice only
            os.posix_fadvise(stream.fileno(), start, size, os.POSIX_FADV_DONTNEED)


def sync_folder(path: Path) -> None:
    """Return when the names in a folder are on the disk."""
    if sys.platform == "win32":
        return
    with storage_errors("folder"):
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def move(source: Path, target: Path) -> None:
    """Rename within one file system and sync the folder; a file at the target is replaced."""
    with storage_errors(target.name):
        source.replace(target)
    sync_folder(target.parent)


def remove(path: Path) -> None:
    """Unlink a file; nothing happens where none is."""
    with storage_errors(path.name):
        path.unlink(missing_ok=True)


def remove_tree(path: Path) -> None:
    """Remove a folder that this process made and everything in it, as far as the disk lets it."""
    shutil.rmtree(path, ignore_errors=True)


def make_folder(path: Path) -> None:
    """Make a new folder, 0700; AlreadyExistsError where something stands there."""
    with storage_errors(path.name):
        path.mkdir(0o700)


def ensure_folder(path: Path) -> None:
    """A folder, made 0700 where it is not there yet."""
    if not is_folder(path):
        make_folder(path)


def names_in(path: Path) -> list[str]:
    """The sorted names in a folder; none where there is no folder."""
    with storage_errors(path.name):
        return sorted(entry.name for entry in path.iterdir()) if is_folder(path) else []


def absolute(path: Path) -> Path:
    """The path from the root, its folders resolved and its last part left as it is."""
    with storage_errors(path.name):
        return Path(os.path.realpath(path.parent)) / path.name


def free_space(path: Path) -> int:
    """Bytes that can still be written beside this path."""
    with storage_errors("disk"):
        return shutil.disk_usage(path).free


def fill(path: Path, size: int) -> None:
    """A file of zeros that really takes its space, so that removing it gives the space back."""
    with create_exclusive(path) as stream:
        for _ in range(size // CHUNK):
            write_all(stream, bytes(CHUNK))
        sync(stream)


def safe_name(text: str) -> str:
    """A name that every file system takes: `[A-Za-z0-9._-]{1,64}`, no leading dot, no device name of Windows."""
    kept = re.sub(r"[^A-Za-z0-9._-]+", "_", text).strip("._-")[:64].rstrip("._-")
    if not kept or re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", kept):
        kept = f"file_{kept}"[:64].rstrip("._-")
    return kept


class FileLock:
    """The lock of the operating system on one file, held until it is released or the process ends."""

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            VaultBusyError: Another process holds it.
            SourceFileError: The lock file is a link or no plain file.
        """
        # What is no plain file of its own would be written through: a second name of another file, a pipe.
        self._stream = os.fdopen(_open_plain(path, _LOCK, "lock"), "r+b", buffering=0)
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._stream.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._stream.close()
            raise VaultBusyError from error

    def read(self, limit: int) -> bytes:
        """What the last holder left."""
        self._stream.seek(0)
        return self._stream.read(limit) or b""

    def write(self, data: bytes) -> None:
        """Leave a note for the next holder; a full disk loses the note and nothing else."""
        try:
            self._stream.seek(0)
            self._stream.truncate(0)
            self._stream.write(data)
        except OSError:
            return

    def release(self) -> None:
        """Let the next process in."""
        self._stream.close()


def _open_plain(path: Path, flags: int, where: str) -> int:
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise SourceFileError("linked") from error
        if error.errno in (errno.EISDIR, errno.ENXIO, errno.ENOTDIR):
            raise SourceFileError("not-regular") from error
        with storage_errors(where):
            raise
    found = _facts(os.fstat(descriptor))
    if not found.regular or found.links != 1:
        os.close(descriptor)
        raise SourceFileError("linked" if found.regular else "not-regular")
    return descriptor


def _facts(found: os.stat_result) -> FileFacts:
    return FileFacts(
        size=found.st_size,
        device=found.st_dev,
        inode=found.st_ino,
        changed_ns=found.st_mtime_ns,
        regular=stat.S_ISREG(found.st_mode),
        links=found.st_nlink,
        mode=stat.S_IMODE(found.st_mode),
        owner=found.st_uid,
    )
