"""The encrypted files themselves: written whole and synced before any row may name them (attachments-v1.md)."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from keys.attachment_cipher import AttachmentReader, encrypt_attachment
from keys.chance import random_hex, random_secret
from keys.secret import Secret
from keys.streams import Source
from vault.errors import LimitError, SourceFileError, StorageFullError
from vault.files import (
    PART,
    begin_writing_out,
    create_exclusive,
    ensure_folder,
    facts,
    facts_of,
    free_space,
    move,
    open_regular,
    remove,
    storage_errors,
    sync,
    sync_folder,
)
from vault.media_types import HEAD
from vault.orphans import find_orphans
from vault.store import Vault

Progress = Callable[[int, int], None]

MAX_ATTACHMENT: Final = 64 << 30
_KEY: Final = 32
_ID: Final = 16
_ROOM: Final = 4 << 20
_STRETCH: Final = 4 << 20


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An encrypted file that is on the disk and that no row names yet; `size` and `sha256` are of the content."""

    attachment_id: str
    key: Secret
    sha256: str
    size: int
    stored_size: int
    head: bytes = field(repr=False)


class StoredFile(AttachmentReader):
    """The content of an attachment, to be read like a file; closing it closes the encrypted file too."""

    def __init__(self, stream: BinaryIO, key: Secret, attachment_id: str) -> None:
        self._stream = stream
        super().__init__(stream, key, bytes.fromhex(attachment_id))

    def close(self) -> None:
        """Wipe what was read and close."""
        super().close()
        self._stream.close()


def store_file(vault: Vault, path: Path, progress: Progress | None) -> Stored:
    """Encrypt a plain file of this machine that stays still while it is read.

    Raises:
        SourceFileError: No plain file, or it changed meanwhile; nothing is kept.
        LimitError: Larger than 64 GiB.
    """
    with open_regular(path) as stream:
        before = facts_of(stream)
        if before.size > MAX_ATTACHMENT:
            raise LimitError("attachment", MAX_ATTACHMENT)
        stored = store_stream(vault, _Followed(stream, before.size, progress), room=before.size)
        if facts_of(stream) != before or facts(path) != before or stored.size != before.size:
            erase_files(vault, [stored.attachment_id])
            raise SourceFileError("changed")
    return stored


def store_stream(vault: Vault, source: Source, *, room: int = 0) -> Stored:
    """Encrypt everything that `source` gives into a new file of the vault; `room` is its size where it is known.

    Raises:
        StorageFullError: There is no room; nothing is kept.
    """
    if room + _ROOM > free_space(vault.path):
        raise StorageFullError(where="attachments")
    attachment_id, key = random_hex(_ID), random_secret(_KEY)
    place = vault.layout.attachment(attachment_id)
    part = place.with_name(attachment_id + PART)
    ensure_folder(place.parent)
    sync_folder(place.parent.parent)
    watched = _HeadKeeper(source)
    try:
        with create_exclusive(part) as sink, storage_errors("attachments"):
            digest, size = encrypt_attachment(watched, _Flowing(sink), key, bytes.fromhex(attachment_id))
            sync(sink)
            stored_size = facts_of(sink).size
        move(part, place)
    except BaseException:
        remove(part)
        raise
    return Stored(
        attachment_id=attachment_id,
        key=key,
        sha256=digest,
        size=size,
        stored_size=stored_size,
        head=bytes(watched.head),
    )


def erase_files(vault: Vault, attachment_ids: Iterable[str]) -> None:
    """Unlink files whose rows, and so whose keys, are gone and the change settled."""
    for attachment_id in attachment_ids:
        remove(vault.layout.attachment(attachment_id))


def sweep(vault: Vault) -> tuple[str, ...]:
    """Remove files without a row, which nothing can read; the ids of rows without a file, which stay."""
    found = find_orphans(vault.layout, vault.read)
    erase_files(vault, found.files)
    return found.rows


class _HeadKeeper(io.RawIOBase):
    """A source that remembers its first bytes."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self.head = bytearray()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # narrower than Buffer, as used
        view = memoryview(buffer).cast("B")
        readinto = getattr(self._source, "readinto", None)
        if readinto is not None:
            count = int(readinto(view) or 0)
        else:
            data = self._source.read(len(view)) or b""
            count = len(data)
            view[:count] = data
        if len(self.head) < HEAD:
            self.head += view[: min(count, HEAD - len(self.head))]
        return count


class _Flowing:
    """A file that goes to the disk while it is still being written."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._written = 0
        self._begun = 0

    def write(self, data: memoryview, /) -> int:
        """Write what the file takes at once; how much that was."""
        taken = self._stream.write(data)
        self._written += taken
        if self._written - self._begun >= _STRETCH:
            begin_writing_out(self._stream, self._begun, self._written - self._begun)
            self._begun = self._written
        return taken


class _Followed(io.RawIOBase):
    """An open file that tells how far it was read."""

    def __init__(self, stream: BinaryIO, size: int, progress: Progress | None) -> None:
        super().__init__()
        self._stream = stream
        self._size = size
        self._progress = progress
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # narrower than Buffer, as used
        try:
            count = int(self._stream.readinto(buffer) or 0)  # type: ignore[attr-defined]  # unbuffered files have it
        except OSError as error:
            raise SourceFileError("unreadable") from error
        self.done += count
        if self.done > MAX_ATTACHMENT:
            raise LimitError("attachment", MAX_ATTACHMENT)
        if self._progress is not None:
            self._progress(self.done, max(self._size, self.done))
        return count
