"""`restrict`: after finishing a passage can only be kept from every body, and the log says so."""

from pathlib import Path
from typing import Final

import click

from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from vault.restrictions import REASONS, Reason, lift_restriction, list_restrictions, restrict
from vault.store import Vault

_LAST: Final = 10_000


@click.command("restrict", cls=SentenceCommand, help=say("restrict.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option("--paragraph", type=click.IntRange(1, _LAST), metavar="N", help=say("option.restrict-paragraph"))
@click.option("--version", type=click.IntRange(1, _LAST), metavar="N", help=say("option.restrict-version"))
@click.option("--reason", type=click.Choice(REASONS), default="asked", help=say("option.restrict-reason"))
@click.option("--lift", is_flag=True, help=say("option.restrict-lift"))
@click.option("--list", "as_list", is_flag=True, help=say("option.restrict-list"))
@json_option
@passphrase_option
def restrict_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_id: str,
    paragraph: int | None,
    version: int | None,
    reason: Reason,
    lift: bool,
    as_list: bool,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Keep a paragraph from every body, lift that, or list what is restricted."""
    if as_list == (paragraph is not None) or (as_json and not as_list) or (as_list and lift):
        raise RefusalError(say("restrict.one-thing"), USAGE)
    with opened(vault_path, passphrase_fd) as vault:
        if paragraph is None:
            _list(vault, record_id, as_json=as_json)
            return
        change = lift_restriction if lift else restrict
        change(vault, record_id, paragraph, reason, version)
    print_said("restrict.lifted" if lift else "restrict.done", record_id=record_id, paragraph=paragraph)


def _list(vault: Vault, record_id: str, *, as_json: bool) -> None:
    rows = list_restrictions(vault, record_id)
    if as_json:
        listed = [{"paragraph": number, "version": version} for version, number in rows]
        print_json({"record": record_id, "restricted": listed})
    elif rows:
        print_table(["version", "paragraph"], [[str(version), str(number)] for version, number in rows])
    else:
        print_said("restrict.none", record_id=record_id)
