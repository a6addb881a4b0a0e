"""`card`: the public keys of this vault, to hand to others."""

from pathlib import Path

import click

from tui.commands.help import SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import print_lines, print_said
from tui.commands.passphrases import passphrase_option
from vault.files import create_exclusive


@click.command("card", cls=SentenceCommand, help=say("card.help"))
@vault_argument
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), default=None, help=say("option.card-out"))
@passphrase_option
def card_command(vault_path: Path, *, out: Path | None, passphrase_fd: int | None) -> None:
    """Show the card, or write it to a new file."""
    with opened(vault_path, passphrase_fd) as vault:
        card = vault.card()
        digits = vault.identity.public.fingerprint
    if out is None:
        print_lines(card.decode("utf-8").splitlines())
        return
    with create_exclusive(out.absolute()) as stream:
        stream.write(card)
    print_said("card.written", path=out, digits=digits)
