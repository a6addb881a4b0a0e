"""Small files that go out on a stick: requests, heads, answers to colleagues."""

from pathlib import Path

from vault.errors import AlreadyExistsError
from vault.files import facts, write_atomic


def write_new(path: Path, data: bytes) -> None:
    """Put a whole file where nothing stands; after an error nothing stands there.

    Raises:
        AlreadyExistsError: Something does; what goes out is never written over.
        StorageError: The disk or the stick refuses.
    """
    if facts(path) is not None:
        raise AlreadyExistsError(where=path.name)
    write_atomic(path, data)
