"""`withdraw`, `notice`: a witness takes back what she agreed to, here and at the bodies that have her record."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from testimony.withdrawal import ASKED, Asked
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said
from tui.commands.passphrases import passphrase_option
from tui.notice_text import notice_as_json, notice_lines
from tui.strings.sentences import sentence
from vault.consent import WAYS
from vault.notices import import_notice
from vault.withdrawal import Delivered, Wish, delivered, withdraw, write_notices


@click.command("withdraw", cls=SentenceCommand, help=say("withdraw.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option("--outcome", type=click.Choice(ASKED), default=None, help=say("option.outcome"))
@click.option("--to", metavar="BODY", default=None, help=say("option.withdraw-to"))
@click.option("--purpose", metavar="WORDS", default=None, help=say("option.withdraw-purpose"))
@click.option("--how", type=click.Choice(WAYS), default="spoken", show_default=True, help=say("option.how"))
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, readable=False), help=say("option.notices-out"))
@click.option("--again", is_flag=True, help=say("option.notices-again"))
@click.option("--confirm", is_flag=True, help=say("option.confirm"))
@json_option
@passphrase_option
def withdraw_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_id: str,
    outcome: Asked | None,
    to: str | None,
    purpose: str | None,
    how: str,
    out: Path | None,
    again: bool,
    confirm: bool,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Say what cannot be called back, then stop what is asked and write the notices."""
    if again == (outcome is not None) or (purpose is not None and to is None):
        raise RefusalError(say("withdraw.incomplete"), USAGE)
    with opened(vault_path, passphrase_fd) as vault:
        folder = (out or vault.layout.outbox).absolute()
        if outcome is None:
            _say_written(write_notices(vault, record_id, folder), as_json=as_json, events=0)
            return
        wish = Wish(asks=outcome, to=to, purpose=purpose, how=how)
        _say_first(delivered(vault, record_id, wish), outcome)
        _confirmed(record_id, confirm=confirm)
        done = withdraw(vault, record_id, wish, folder)
        _say_written(done.notices, as_json=as_json, events=len(done.events))


def _say_first(left: Sequence[Delivered], outcome: Asked) -> None:
    """In both languages, before anything is done: the witness and the interviewer may read different ones."""
    for language in ("en", "ar"):
        click.echo(sentence("withdraw.cannot-recall", language), err=True)
        click.echo(sentence(f"withdraw.means.{outcome}", language), err=True)
        click.echo(sentence("withdraw.delivered" if left else "withdraw.delivered-none", language), err=True)
    for one in left:
        words = sentence(
            "withdraw.bundle", LANGUAGE, body=one.body, at=one.sealed_at, bundle=one.bundle_id, version=one.version
        )
        click.echo(words, err=True)


def _confirmed(record_id: str, *, confirm: bool) -> None:
    if confirm:
        return
    if not sys.stdin.isatty():
        raise RefusalError(say("withdraw.no-terminal"), USAGE)
    if str(click.prompt(say("withdraw.type-code"), prompt_suffix=" ")).strip() != record_id:
        raise RefusalError(say("withdraw.other-code"), USAGE)


def _say_written(notices: Sequence[Path], *, as_json: bool, events: int) -> None:
    if as_json:
        print_json({"events": events, "notices": [str(path) for path in notices]})
        return
    if events:
        print_said("withdraw.done")
    for path in notices:
        print_said("withdraw.notice", path=path)


@click.command("notice", cls=SentenceCommand, help=say("notice.help"))
@vault_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@json_option
@passphrase_option
def notice_command(vault_path: Path, *, file: Path, as_json: bool, passphrase_fd: int | None) -> None:
    """Take in a notice of withdrawal; from then on it stands before the record."""
    with opened(vault_path, passphrase_fd) as vault:
        held = import_notice(vault, file.absolute())
    if as_json:
        print_json({"notice": notice_as_json(held), "record": held.record_id})
        return
    print_said("notice.done", record_id=held.record_id)
    print_lines(notice_lines(held, LANGUAGE))
