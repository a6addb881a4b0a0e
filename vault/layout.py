"""Where things stand in a vault's folder (docs/format/vault-v1.md, section 2)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

FIRST_DATABASE: Final = "vault-0001.db"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The names inside one vault's folder."""

    folder: Path

    @property
    def headers(self) -> tuple[Path, Path]:
        """Both copies of the header."""
        return self.folder / "header.A", self.folder / "header.B"

    @property
    def lock(self) -> Path:
        """The file whose lock means that the vault is open."""
        return self.folder / "lock"

    @property
    def reserve(self) -> Path:
        """Space kept back for the day when the disk is full."""
        return self.folder / "reserve"

    @property
    def attachments(self) -> Path:
        """The folder of encrypted attachments."""
        return self.folder / "attachments"

    @property
    def outbox(self) -> Path:
        """The folder of sealed bundles and receipts that wait to be handed over."""
        return self.folder / "outbox"

    @property
    def quarantine(self) -> Path:
        """The folder of sealed files that nobody has checked yet."""
        return self.folder / "quarantine"

    def database(self, name: str) -> Path:
        """The database of this name."""
        return self.folder / name

    def attachment(self, attachment_id: str) -> Path:
        """The file of one attachment, in one of 256 folders."""
        return self.attachments / attachment_id[:2] / attachment_id
