"""`erase`, `hold`: a record goes for good after two people said so, unless an authority holds it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import SentenceCommand, SentenceGroup, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import print_said
from tui.commands.passphrases import passphrase_option
from vault.erasure import approve_erasure, erase, request_erasure, waiting_with
from vault.erasure_steps import REASONS, Reason
from vault.holds import clear_hold, set_hold

_F = TypeVar("_F", bound=Callable[..., Any])


@click.command("erase", cls=SentenceCommand, help=say("erase.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option("--request", "reason", type=click.Choice(REASONS), default=None, help=say("option.erase-request"))
@click.option("--approve", "second", metavar="CODE", default=None, help=say("option.erase-approve"))
@click.option("--now", is_flag=True, help=say("option.erase-now"))
@passphrase_option
def erase_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path, *, record_id: str, reason: Reason | None, second: str | None, now: bool, passphrase_fd: int | None
) -> None:
    """One step of an erasure: asked for, approved, done."""
    if (reason is not None) + (second is not None) + now != 1:
        raise RefusalError(say("erase.incomplete"), USAGE)
    with opened(vault_path, passphrase_fd) as vault:
        if reason is not None:
            request_erasure(vault, record_id, reason)
            print_said("erase.requested", record_id=record_id)
        elif second is not None:
            approve_erasure(vault, record_id, second)
            print_said("erase.approved", record_id=record_id)
        else:
            waiting = waiting_with(vault, record_id)
            stone = erase(vault, record_id)
            print_said("erase.done", record_id=record_id, control_number=stone.control_number, at=stone.erased_at)
            if waiting:
                print_said("erase.waiting", files=", ".join(waiting))


def _hold_options(function: _F) -> _F:
    """Add the vault, the record, and on whose word and why it is held or let go."""
    for add in (
        passphrase_option,
        click.option("--reason", metavar="CODE", required=True, help=say("option.hold-reason")),
        click.option("--authority", metavar="CODE", required=True, help=say("option.hold-authority")),
        click.argument("record_id", metavar="ID"),
        vault_argument,
    ):
        function = add(function)
    return function


@click.group("hold", cls=SentenceGroup, help=say("hold.help"))
def hold_command() -> None:
    """Legal holds."""


@hold_command.command("set", cls=SentenceCommand, short_help=say("hold-set.line"), help=say("hold-set.help"))
@_hold_options
def hold_set_command(
    vault_path: Path, *, record_id: str, authority: str, reason: str, passphrase_fd: int | None
) -> None:
    """Keep a record from being erased."""
    with opened(vault_path, passphrase_fd) as vault:
        set_hold(vault, record_id, authority, reason)
    print_said("hold-set.done", record_id=record_id)


@hold_command.command("clear", cls=SentenceCommand, short_help=say("hold-clear.line"), help=say("hold-clear.help"))
@_hold_options
def hold_clear_command(
    vault_path: Path, *, record_id: str, authority: str, reason: str, passphrase_fd: int | None
) -> None:
    """End a hold."""
    with opened(vault_path, passphrase_fd) as vault:
        clear_hold(vault, record_id, authority, reason)
    print_said("hold-clear.done", record_id=record_id)
