"""The sealed file on its way out: it has its name only when every byte was read back from where it lies."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from keys.digests import Digest
from testimony.bundle.seal import Sealed
from vault.errors import StorageError, StorageFullError
from vault.files import (
    CHUNK,
    PART,
    create_exclusive,
    ensure_folder,
    free_space,
    move,
    open_regular,
    remove,
    storage_errors,
    sync,
    write_all,
)

Progress = Callable[[int, int], None]
_ROOM = 4 << 20


class SealedSink:
    """Takes the sealed bytes, writes each whole and tells how many there are."""

    def __init__(self, path: Path, progress: Progress | None, expected: int) -> None:
        self.stream = create_exclusive(path)
        self._progress = progress
        self._expected = expected
        self._written = 0

    def write(self, data: memoryview, /) -> int:
        """Write all of the data."""
        write_all(self.stream, data)
        self._written += len(data)
        if self._progress is not None:
            self._progress(min(self._written, self._expected), self._expected)
        return len(data)


@dataclass(frozen=True, kw_only=True)
class Sealing:
    """How a file is sealed: what writes it, and what must be settled before it may have its name."""

    write: Callable[[SealedSink], Sealed]
    settle: Callable[[str, Sealed], None]
    expected: int
    progress: Progress | None


def write_sealed(folder: Path, name: str, sealing: Sealing) -> tuple[Path, Sealed]:
    """The finished file and what was sealed in it; where anything fails no file stays.

    It is settled once its bytes were read back and before it has its name, so that no finished file is ever unknown to
    the log.  `expected` is about how many bytes it will have.

    Raises:
        StorageFullError: There is no room for it.
        StorageError: What lies on the disk is not what was written, or the disk refuses.
    """
    ensure_folder(folder)
    if sealing.expected + _ROOM > free_space(folder):
        raise StorageFullError(where=name)
    target = folder / name
    part = folder / f"{name}{PART}"
    sink = SealedSink(part, sealing.progress, sealing.expected)
    try:
        with sink.stream:
            sealed = sealing.write(sink)
            sync(sink.stream)
        _compare(part, sealed.sha256)
        sealing.settle(name, sealed)
        move(part, target)
    except BaseException:
        remove(part)
        raise
    return target, sealed


def digest_of(path: Path) -> str:
    """The SHA-256 in hex of a file as it lies on the disk."""
    digest = Digest()
    with open_regular(path) as stream, storage_errors(path.name):
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _compare(path: Path, sha256: str) -> None:
    if digest_of(path) != sha256:
        raise StorageError("read-back", path.name)
