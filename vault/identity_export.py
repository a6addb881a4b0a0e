"""The vault's age identity as a file for stock tools: it opens everything that was ever sealed for this vault."""

from pathlib import Path

from vault.custody import VAULT, append
from vault.errors import SourceFileError
from vault.files import absolute, write_all
from vault.stick_files import new_file
from vault.store import Vault


def export_identity(vault: Vault, out: Path) -> Path:
    """Write the identity into a new file, 0600, as `age` reads it (sealing-v1.md), and tell its path.

    The log says so before the first byte of the key is written; where anything fails no file stays.

    Raises:
        AlreadyExistsError: Something stands there.
        SourceFileError: The place lies inside the vault ("inside-the-vault").
        StorageError: The disk refuses.
    """
    path = absolute(out)
    if path.is_relative_to(vault.path):
        raise SourceFileError("inside-the-vault")
    with new_file(path) as stream:
        with vault.transaction() as tx:
            append(tx, vault, "key.export", VAULT)
        write_all(stream, _remarks(vault))
        write_all(stream, vault.identity.age_secret().reveal() + b"\n")
    return path


def _remarks(vault: Vault) -> bytes:
    """What the file is, for whoever finds it; age passes over lines that begin with a hash."""
    return f"# private age identity of {vault.settings.code}: opens everything sealed for this vault\n".encode("ascii")
