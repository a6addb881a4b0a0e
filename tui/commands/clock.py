"""`clock`: what time it really is, as a claim in the log."""

from pathlib import Path

import click

from testimony.custody.moments import wall_text
from tui.commands.help import SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said
from tui.commands.passphrases import passphrase_option
from vault.clock_claims import claim_time


@click.command("clock", cls=SentenceCommand, help=say("clock.help"))
@vault_argument
@click.option("--at", metavar="TIME", required=True, help=say("option.clock-at"))
@click.option("--reason", metavar="CODE", default=None, help=say("option.clock-reason"))
@json_option
@passphrase_option
def clock_command(vault_path: Path, *, at: str, reason: str | None, as_json: bool, passphrase_fd: int | None) -> None:
    """Write down what time it is by another clock."""
    with opened(vault_path, passphrase_fd) as vault:
        claim = claim_time(vault, at, reason)
    before, after = wall_text(claim.before), wall_text(claim.after)
    if as_json:
        print_json({"after": after, "before": before})
    else:
        print_said("clock.done", before=before, after=after)
