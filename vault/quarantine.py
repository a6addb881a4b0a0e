"""A sealed file in quarantine: read once from outside, then examined and unpacked from the copy in the vault."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from keys.chance import random_hex
from keys.recipients import HybridIdentity
from testimony.bundle.names import CUSTODY_FILES, CUSTODY_LOG, CUSTODY_PROOFS, MAX_CUSTODY
from testimony.bundle.unseal import BundleFile, Member
from testimony.custody.checkpoint import Checkpoint
from testimony.custody.proofs import BundleProofs, check_proofs, parse_proofs
from testimony.errors import CustodyError
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


class WatchedBundle:
    """A bundle whose custody files are kept while they pass, for the check against what was seen before."""

    def __init__(self, stream: BinaryIO, identity: HybridIdentity) -> None:
        stream.seek(0)
        self._file = BundleFile(stream, [identity])
        self._kept: dict[str, bytes] = {}

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that were found."""
        return self._file.layers

    def members(self) -> Iterator[Member]:
        """Every member, as `BundleFile` gives them."""
        for member in self._file.members():
            if member.name in CUSTODY_FILES and member.size <= MAX_CUSTODY:
                yield _Kept(member, self._kept)
            else:
                yield member

    def finish(self) -> str | None:
        """The SHA-256 of the whole file."""
        return self._file.finish()

    def proofs(self) -> BundleProofs:
        """The proofs of the custody part, after all members have passed.

        Raises:
            CustodyError: They are not there or malformed.
        """
        return parse_proofs(self._kept.get(CUSTODY_LOG, b""), self._kept.get(CUSTODY_PROOFS, b""))


def check_continues(proofs: BundleProofs, checkpoint: Checkpoint, seen: dict[int, bytes]) -> bool:
    """Whether the log is proved to continue one of the heads seen before, given as size to root.

    False where the bundle carries no proof from a head that was seen: the sender may not have had our receipt yet.

    Raises:
        CustodyError: The log contradicts a head that was seen before: its history was rewritten.
    """
    if checkpoint.size in seen and seen[checkpoint.size] != checkpoint.root:
        raise CustodyError(None, "consistency")
    if proofs.since not in seen:
        return False
    earlier = Checkpoint(origin=checkpoint.origin, size=proofs.since, root=seen[proofs.since])
    check_proofs(proofs, checkpoint, seen=earlier)
    return True


class _Kept:
    """A member that leaves a copy of what was read of it."""

    def __init__(self, member: Member, kept: dict[str, bytes]) -> None:
        self._member = member
        self._kept = kept

    @property
    def name(self) -> str:
        return self._member.name

    @property
    def size(self) -> int:
        return self._member.size

    def read(self, size: int, /) -> bytes:
        data = self._member.read(size)
        self._kept[self.name] = self._kept.get(self.name, b"") + data
        return data


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
