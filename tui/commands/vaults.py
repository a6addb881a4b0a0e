"""`init`: a new vault."""

from pathlib import Path
from typing import Literal

import click

from keys.chance import random_code
from keys.kdf_cost import PRACTICE_COST
from keys.passphrase import ambiguous_letters, check_policy, generate_digits, generate_words
from keys.secret import Secret
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import vault_argument
from tui.commands.output import print_said
from tui.commands.passphrases import passphrase_for, passphrase_option, passphrase_typed_back, require_terminal
from vault.clock import SystemClock
from vault.store import Vault, VaultSettings


@click.command("init", cls=SentenceCommand, help=say("init.help"))
@vault_argument
@click.option("--practice", is_flag=True, help=say("option.practice"))
@click.option("--code", metavar="CODE", default=None, help=say("option.code"))
@click.option("--role", type=click.Choice(["field", "legal"]), default="field", help=say("option.role"))
@click.option("--prefix", metavar="LETTERS", default=None, help=say("option.prefix"))
@click.option("--digits", is_flag=True, help=say("option.digits"))
@passphrase_option
def init_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    practice: bool,
    code: str | None,
    role: Literal["field", "legal"],
    prefix: str | None,
    digits: bool,
    passphrase_fd: int | None,
) -> None:
    """Create a vault and open it once with its passphrase."""
    path = vault_path.absolute()
    passphrase = _new_passphrase(path, passphrase_fd, digits=digits)
    profile: Literal["real", "practice"] = "practice" if practice else "real"
    settings = VaultSettings(
        profile=profile,
        code=code or f"{role}-{random_code(4)}",
        role=role,
        prefix=prefix or "",
        language=LANGUAGE,
        cost=PRACTICE_COST if practice else None,
    )
    Vault.create(path, passphrase, settings, clock=SystemClock()).lock()
    with Vault.unlock(path, passphrase, clock=SystemClock()) as vault:
        print_said("init.done", path=path, digits=vault.identity.public.fingerprint)


def _new_passphrase(path: Path, descriptor: int | None, *, digits: bool) -> Secret:
    """The passphrase given on the descriptor, or a generated one once it was typed back."""
    if descriptor is not None:
        given = passphrase_for(path.name, descriptor)
        words = given.reveal().decode("utf-8")
        check_policy(words, [path.stem])
        if ambiguous_letters(words):
            click.echo(say("init.twin-letters"), err=True)
        return given
    require_terminal()
    generated = generate_digits() if digits else generate_words()
    click.echo(say("init.passphrase", passphrase=generated), err=True)
    return passphrase_typed_back(generated)
