"""`time`: a time-stamp of the log from an authority, asked for and answered by stick."""

from pathlib import Path

import click

from testimony.text_lines import moment_text
from tui.commands.help import SentenceCommand, SentenceGroup, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said
from tui.commands.passphrases import passphrase_option
from vault.time_stamps import import_answer, write_request


@click.group("time", cls=SentenceGroup, help=say("time.help"))
def time_command() -> None:
    """Time-stamps of the log."""


@time_command.command(
    "request", cls=SentenceCommand, short_help=say("time-request.line"), help=say("time-request.help")
)
@vault_argument
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help=say("option.stick-file"),
)
@json_option
@passphrase_option
def request_command(vault_path: Path, *, out: Path, as_json: bool, passphrase_fd: int | None) -> None:
    """Write a request to a new file."""
    path = out.absolute()
    with opened(vault_path, passphrase_fd) as vault:
        size = write_request(vault, path)
    if as_json:
        print_json({"path": str(path), "size": size})
    else:
        print_said("time-request.done", size=size, path=path)


@time_command.command("import", cls=SentenceCommand, short_help=say("time-import.line"), help=say("time-import.help"))
@vault_argument
@click.argument("answer", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--authority",
    metavar="CERT",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help=say("option.authority"),
)
@json_option
@passphrase_option
def import_command(
    vault_path: Path, *, answer: Path, authority: Path, as_json: bool, passphrase_fd: int | None
) -> None:
    """Take in the answer of an authority."""
    with opened(vault_path, passphrase_fd) as vault:
        stamped = import_answer(vault, answer.absolute(), authority.absolute())
    if as_json:
        print_json({"at": moment_text(stamped.at), "size": stamped.size})
    else:
        print_said("time-import.done", size=stamped.size, at=moment_text(stamped.at))
