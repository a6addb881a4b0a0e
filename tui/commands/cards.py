"""`card` and `identity`: the public keys of this vault, to hand to others; the private age key, for stock tools."""

import sys
from pathlib import Path

import click

from testimony.card import Card, parse_card
from tui.commands.help import SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said
from tui.commands.passphrases import passphrase_option
from vault.files import write_all
from vault.identity_export import export_identity
from vault.stick_files import new_file


@click.command("card", cls=SentenceCommand, help=say("card.help"))
@vault_argument
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path, readable=False), default=None, help=say("option.card-out")
)
@json_option
@passphrase_option
def card_command(vault_path: Path, *, out: Path | None, as_json: bool, passphrase_fd: int | None) -> None:
    """Show the card, or write it to a new file."""
    with opened(vault_path, passphrase_fd) as vault:
        raw = vault.card()
    card = parse_card(raw)
    if out is not None:
        with new_file(out.absolute()) as stream:
            write_all(stream, raw)
    if as_json:
        print_json(_as_json(card, raw))
    elif out is not None:
        print_said("card.written", path=out, digits=card.public.fingerprint)
    elif sys.stdout.isatty():
        print_said("card.at-terminal", code=card.code, digits=card.public.fingerprint)
    else:
        print_lines(raw.decode("utf-8").splitlines())
        click.echo(say("card.aloud", digits=card.public.fingerprint), err=True)


@click.command("identity", cls=SentenceCommand, help=say("identity.help"))
@vault_argument
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help=say("option.identity-out"),
)
@passphrase_option
def identity_command(vault_path: Path, *, out: Path, passphrase_fd: int | None) -> None:
    """Write the private age key of the vault to a new file, and say what that means."""
    with opened(vault_path, passphrase_fd) as vault:
        path = export_identity(vault, out.absolute())
    print_said("identity.written", path=path)
    click.echo(say("identity.warning"), err=True)


def _as_json(card: Card, raw: bytes) -> dict[str, object]:
    return {
        "card": raw.decode("utf-8"),
        "code": card.code,
        "fingerprint": card.public.fingerprint,
        "kind": card.kind,
        "practice": card.practice,
    }
