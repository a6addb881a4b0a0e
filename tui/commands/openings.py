"""Opening a vault for one command, and closing it whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from tui.commands.help import LANGUAGE, say
from tui.commands.passphrases import passphrase_for
from tui.strings.sentences import has_sentence, sentence
from vault.clock import SystemClock
from vault.opening import Note
from vault.store import Vault

_F = TypeVar("_F", bound=Callable[..., Any])


def vault_argument(function: _F) -> _F:
    """Add the `VAULT` argument to a command."""
    return click.argument("vault_path", metavar="VAULT", type=click.Path(path_type=Path, readable=False))(function)


@contextmanager
def opened(vault_path: Path, descriptor: int | None) -> Iterator[Vault]:
    """The unlocked vault, locked again at the end; what opening noticed is said on standard error.

    Raises:
        WrongPassphraseError: The passphrase opens no slot.
        VaultError: The vault cannot be opened as it is.
    """
    path = vault_path.absolute()
    with Vault.unlock(path, passphrase_for(path.name, descriptor), clock=SystemClock()) as vault:
        if vault.practice:
            click.echo(say("practice"), err=True)
        for note in vault.notes:
            click.echo(_note(note), err=True)
        yield vault


def _note(note: Note) -> str:
    key = f"note.{note.code}"
    return sentence(key if has_sentence(key) else "note.other", LANGUAGE, note=note.code)
