"""The digest of the verifier itself, so that a report says which program made it."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from keys.digests import sha256

_PACKAGES: Final = ("keys", "testimony")
_SUFFIXES: Final = (".py", ".json", ".typed")


@cache
def digest_of_verifier() -> str:
    """SHA-256 in hex over the lines `<SHA-256>  <name>` of every source file of the two packages, sorted by name.

    The same as: find keys testimony -name '*.py' -o -name '*.json' -o -name '*.typed' | LC_ALL=C sort |
    xargs sha256sum | sha256sum.
    """
    found = sorted(entry for package in _PACKAGES for entry in _sources(files(package), package))
    return sha256("".join(f"{digest}  {name}\n" for name, digest in found).encode("utf-8")).hex()


def _sources(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _sources(entry, name)
        elif entry.name.endswith(_SUFFIXES):
            yield name, sha256(entry.read_bytes()).hex()
