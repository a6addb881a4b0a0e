"""Builds testimony-verify as one file, `python .ci/verifier_archive.py FILE`, for any Python with `cryptography`.

The same sources give the same bytes: fixed order, fixed times, nothing compressed (a newer zlib compresses otherwise).
"""

import hashlib
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = ("keys", "testimony")
SUFFIXES = (".json", ".py", ".typed")  # those that the verifier's own digest covers
FIRST_LINE = b"#!/usr/bin/env python3\n"
START = b"""import sys

from testimony.__main__ import main

sys.exit(main())
"""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644 << 16


def sources(repository: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the two packages, by name."""
    for package in PACKAGES:
        for path in sorted((repository / package).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path.relative_to(repository).as_posix(), path.read_bytes()


def write_archive(target: Path, repository: Path = REPOSITORY) -> str:
    """Write the archive; its SHA-256 in hex."""
    members = sorted({"__main__.py": START, **dict(sources(repository))}.items())
    with target.open("wb") as stream:
        stream.write(FIRST_LINE)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, data in members:
                entry = zipfile.ZipInfo(name, LONG_AGO)
                entry.create_system, entry.external_attr = 3, PLAIN_FILE
                archive.writestr(entry, data)
    target.chmod(0o755)
    return hashlib.sha256(target.read_bytes()).hexdigest()


if __name__ == "__main__":
    destination = Path(sys.argv[1])
    destination.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{write_archive(destination)}  {destination}\n")
