"""`custody`: the signed log of what was done, and its head as forty digits."""

import sys
from pathlib import Path

import click

from testimony.custody.entries import parse_entry
from tui.commands.help import SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from vault.custody import head, log_lines


@click.command("custody", cls=SentenceCommand, help=say("custody.help"))
@vault_argument
@json_option
@passphrase_option
def custody_command(vault_path: Path, *, as_json: bool, passphrase_fd: int | None) -> None:
    """Show the log, entry by entry, and the head to copy on paper."""
    with opened(vault_path, passphrase_fd) as vault:
        lines = [bytes(line) for line in log_lines(vault)]
        digits = head(vault)
