"""`print`: the reading copy of one record for paper, by the same gate as a sealed bundle."""

from pathlib import Path

import click

from testimony.consent import PROFILE_NAMES
from tui.commands.destinations import recipient_options
from tui.commands.help import SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import print_said
from tui.commands.passphrases import passphrase_option
from vault.files import write_all
from vault.preview import prepare
from vault.printing import printed_copy
from vault.stick_files import new_file


@click.command("print", cls=SentenceCommand, help=say("print.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option("--as", "profile", type=click.Choice(PROFILE_NAMES), required=True, help=say("option.as"))
@recipient_options
@click.option(
    "--out",
    metavar="FILE.txt",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help=say("option.print-out"),
)
@passphrase_option
def print_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_id: str,
    profile: str,
    to: str,
    purpose: str,
    out: Path,
    passphrase_fd: int | None,
) -> None:
    """Write the text to be printed, once the log says so."""
    with opened(vault_path, passphrase_fd) as vault:
        ready = prepare(vault, to=to, purpose=purpose, profile=profile, record_ids=[record_id])
        with new_file(out) as stream:
            write_all(stream, printed_copy(vault, ready).encode("utf-8"))
    print_said("print.done", path=out)
