"""Passphrases at the prompt or from a file descriptor; never an argument, never a variable."""

import os
import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from keys.passphrase import decode_passphrase, normalise
from keys.secret import Secret
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import say

_F = TypeVar("_F", bound=Callable[..., Any])
_LAST: Final = 2**31 - 1  # the highest number a descriptor can have
_LONGEST: Final = 64 * 1024  # bytes read from a descriptor before the passphrase rules refuse it


def passphrase_option(function: _F) -> _F:
    """Add `--passphrase-fd N` to a command."""
    return click.option(
        "--passphrase-fd", type=click.IntRange(0, _LAST), metavar="N", default=None, help=say("option.passphrase-fd")
    )(function)


def passphrase_for(vault_name: str, descriptor: int | None) -> Secret:
    """The normalised passphrase, asked without echo or read from the descriptor.

    Raises:
        PassphrasePolicyError: It is empty, too long, or no text.
    """
    if descriptor is not None:
        return normalise(_text_from(descriptor))
    return normalise(_asked(say("passphrase.ask", vault=vault_name)))


def passphrase_typed_back(expected: str) -> Secret:
    """The generated passphrase once the person has typed it correctly; asks again until then."""
    wanted = normalise(expected)
    while True:
        typed = normalise(_asked(say("passphrase.again")))
        if typed == wanted:
            return typed
        click.echo(say("passphrase.differs"), err=True)


def require_terminal() -> None:
    """Refuse where nobody can be asked; called before a generated passphrase is shown.

    Raises:
        RefusalError: Standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise RefusalError(say("passphrase.no-terminal"), USAGE)


def _asked(words: str) -> str:
    require_terminal()
    return str(click.prompt(words, hide_input=True, default="", show_default=False, prompt_suffix=" ", err=True))


def _text_from(descriptor: int) -> str:
    """Everything that the descriptor gives, within a limit."""
    try:
        with os.fdopen(descriptor, "rb", closefd=descriptor != 0) as stream:
            return decode_passphrase(stream.read(_LONGEST + 1))
    except OSError as error:
        raise RefusalError(say("passphrase.no-descriptor"), USAGE) from error
