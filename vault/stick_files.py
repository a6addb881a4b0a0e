"""Small files that go out on a stick: requests, heads, answers to colleagues."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from vault.errors import AlreadyExistsError
from vault.files import create_exclusive, facts, remove, sync, write_atomic


def write_new(path: Path, data: bytes) -> None:
    """Put a whole file where nothing stands; after an error nothing stands there.

    Raises:
        AlreadyExistsError: Something does; what goes out is never written over.
        StorageError: The disk or the stick refuses.
    """
    if facts(path) is not None:
        raise AlreadyExistsError(where=path.name)
    write_atomic(path, data)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file for what the block writes, 0600 and on the disk when it ends; where the block raises none stays.

    Raises:
        AlreadyExistsError: Something stands there.
        StorageError: The disk refuses.
    """
    place = path.absolute()
    with create_exclusive(place) as stream:
        try:
            yield stream
            sync(stream)
        except BaseException:
            remove(place)
            raise
