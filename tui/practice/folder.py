"""The folder of a demonstration: fixed names, and a mark by which a later run knows it as its own."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.practice.own_names import foreign_in
from vault.errors import AlreadyExistsError
from vault.files import (
    create_exclusive,
    facts,
    facts_of,
    is_folder,
    make_folder,
    names_in,
    open_regular,
    remove,
    remove_tree,
    write_all,
)
from vault.stick_files import new_file

EXHIBIT_SIZE: Final = 64 * 1024 * 1024  # bytes
_MARK: Final = "demonstration"
_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class PracticeFolder:
    """Where everything of one demonstration lies."""

    path: Path

    @classmethod
    def temporary(cls) -> "PracticeFolder":
        """A new folder in the computer's place for temporary files, readable by its owner alone."""
        return cls(path=Path(tempfile.mkdtemp(prefix="testimony-demo-")))

    @property
    def field_vault(self) -> Path:
        """The vault of the interviewer."""
        return self.path / "field.vault"

    @property
    def legal_vault(self) -> Path:
        """The vault of the legal team."""
        return self.path / "legal.vault"

    @property
    def other_vault(self) -> Path:
        """The vault of somebody who seals in another's name."""
        return self.path / "forgeries" / "other.vault"

    @property
    def bundles(self) -> Path:
        """The bundles that were handed over."""
        return self.path / "bundles"

    @property
    def forgeries(self) -> Path:
        """What was offered as a bundle and refused."""
        return self.path / "forgeries"

    @property
    def later(self) -> Path:
        """What comes after the first bundle: a request, its answer, a withdrawal."""
        return self.path / "later"

    @property
    def unpacked(self) -> Path:
        """The bundle as the tools of others unpacked it."""
        return self.path / "unpacked"

    @property
    def identity(self) -> Path:
        """The age identity of the legal team: practice only."""
        return self.path / "legal-identity.txt"

    @property
    def allowed_signers(self) -> Path:
        """The key of the field vault, for ssh-keygen."""
        return self.path / "allowed_signers"

    def prepare(self) -> None:
        """Make the folder, or remove from it what an earlier demonstration made, where nothing else lies in it.

        Raises:
            AlreadyExistsError: Something stands there that no demonstration made; nothing was removed.
        """
        if not is_folder(self.path):
            make_folder(self.path)
        elif names := names_in(self.path):
            if _MARK not in names or foreign_in(self.path):
                raise AlreadyExistsError("not-a-demonstration", self.path.name)
            self._empty(names)
        self.put(_MARK, b"made by testimony demo; everything in this folder is invented\n")
        for folder in (self.bundles, self.later, self.forgeries, self.unpacked):
            make_folder(folder)

    def put(self, name: str, data: bytes) -> Path:
        """Write a new file of that name and tell its path."""
        path = self.path / name
        with new_file(path) as stream:
            write_all(stream, data)
        return path

    def put_changed(self, name: str, source: Path) -> Path:
        """Write a copy of a file, one bit in its middle flipped, among the forgeries."""
        path = self.forgeries / name
        place = 0
        with open_regular(source) as original, create_exclusive(path) as copy:
            middle = facts_of(original).size // 2
            while block := bytearray(original.read(_BLOCK)):
                if place <= middle < place + len(block):
                    block[middle - place] ^= 1
                write_all(copy, memoryview(block))
                place += len(block)
        return path

    def exhibit_for(self, interview: str) -> Path:
        """A file of 64 MiB for an interview: the same in every demonstration, and nothing can compress it."""
        name = f"exhibit-{interview.partition('.')[0]}.bin"
        path = self.path / name
        if facts(path) is not None:
            return path
        with create_exclusive(path) as stream:
            for number in range(EXHIBIT_SIZE // _BLOCK):
                write_all(stream, hashlib.shake_128(f"{name} {number}".encode()).digest(_BLOCK))
        return path

    def _empty(self, names: list[str]) -> None:
        for name in names:
            path = self.path / name
            if is_folder(path):
                remove_tree(path)
            else:
                remove(path)
