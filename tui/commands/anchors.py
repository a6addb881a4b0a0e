"""`checkpoint`, `cosign`, `anchor`: the head of the log in the hands of a colleague."""

from pathlib import Path

import click

from testimony.custody.checkpoint import head_digits
from tui.commands.help import SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said
from tui.commands.passphrases import passphrase_option
from vault.cosignatures import cosign, import_cosignature, write_head

_NEW_FILE = click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help=say("option.stick-file"),
)


@click.command("checkpoint", cls=SentenceCommand, help=say("checkpoint.help"))
@vault_argument
@_NEW_FILE
@json_option
@passphrase_option
def checkpoint_command(vault_path: Path, *, out: Path, as_json: bool, passphrase_fd: int | None) -> None:
    """Write the signed head to a new file."""
    path = out.absolute()
    with opened(vault_path, passphrase_fd) as vault:
        head = write_head(vault, path)
    if as_json:
        print_json({"digits": head_digits(head), "path": str(path), "size": head.size})
    else:
        print_said("checkpoint.done", size=head.size, path=path, digits=head_digits(head))


@click.command("cosign", cls=SentenceCommand, help=say("cosign.help"))
@vault_argument
@click.argument("checkpoint", metavar="CHECKPOINT", type=click.Path(path_type=Path, readable=False))
@_NEW_FILE
@json_option
@passphrase_option
def cosign_command(vault_path: Path, *, checkpoint: Path, out: Path, as_json: bool, passphrase_fd: int | None) -> None:
    """Sign a colleague's head."""
    path = out.absolute()
    with opened(vault_path, passphrase_fd) as vault:
        signed = cosign(vault, checkpoint.absolute(), path)
    if as_json:
        print_json({"code": signed.code, "digits": signed.digits, "path": str(path), "size": signed.size})
    else:
        print_said("cosign.done", code=signed.code, size=signed.size, path=path, digits=signed.digits)


@click.command("anchor", cls=SentenceCommand, help=say("anchor.help"))
@vault_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@json_option
@passphrase_option
def anchor_command(vault_path: Path, *, file: Path, as_json: bool, passphrase_fd: int | None) -> None:
    """Take in the signature of a colleague."""
    with opened(vault_path, passphrase_fd) as vault:
        taken = import_cosignature(vault, file.absolute())
    if as_json:
        print_json({"code": taken.code, "digits": taken.digits, "size": taken.size})
    else:
        print_said("anchor.done", code=taken.code, size=taken.size)
