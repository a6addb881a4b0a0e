"""A sealed file in quarantine: read once from outside, then examined and unpacked from the copy in the vault."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from keys.chance import random_hex
from vault.errors import StorageFullError
from vault.files import (
    CHUNK,
    PART,
    create_exclusive,
    ensure_folder,
    facts_of,
    free_space,
    open_regular,
    remove,
    storage_errors,
    write_all,
)
from vault.sealed_files import Progress
from vault.store import Vault

_SNIFFED: Final = 64
_SEALED: Final = b"age-encryption.org/"
_ROOM: Final = 4 << 20


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A sealed file as it was read: its bytes in a stream that can be read again, and how many they are."""

    stream: BinaryIO = field(repr=False)
    size: int
    copied: bool


class QuarantineFile:
    """A file in the vault's folder for bytes that nobody has checked yet; it is gone when the work ends.

    It takes sealed bytes as they are, so that what is verified is what was read.
    """

    def __init__(self, folder: Path) -> None:
        ensure_folder(folder)
        self.path = folder / f"{random_hex(16)}{PART}"
        self.stream = create_exclusive(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.close()
        remove(self.path)


@contextmanager
def quarantined(vault: Vault, path: Path, progress: Progress | None) -> Iterator[Taken]:
    """The file, copied into the vault's quarantine; what is plainly no sealed file is not copied.

    Raises:
        SourceFileError: No plain file.
        NotFoundError: Nothing is there.
        StorageFullError: There is no room for the copy.
        StorageError: The disk or the stick refuses.
    """
    with open_regular(path) as source:
        size = facts_of(source).size
        with storage_errors(path.name):
            start = source.read(_SNIFFED) or b""
            source.seek(0)
        if not start.startswith(_SEALED):
            yield Taken(stream=source, size=size, copied=False)
            return
        if size + _ROOM > free_space(vault.path):
            raise StorageFullError(where="quarantine")
        with QuarantineFile(vault.layout.quarantine) as kept:
            copied = _copy(source, kept.stream, size, progress)
            yield Taken(stream=kept.stream, size=copied, copied=True)


def _copy(source: BinaryIO, sink: BinaryIO, size: int, progress: Progress | None) -> int:
    copied = 0
    while True:
        with storage_errors("source"):
            chunk = source.read(CHUNK)
        if not chunk:
            return copied
        write_all(sink, chunk)
        copied += len(chunk)
        if progress is not None:
            progress(min(copied, size), size)
