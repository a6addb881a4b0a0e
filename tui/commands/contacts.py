"""`contact`: cards of people and bodies, added after their forty digits were compared."""

import sys
from pathlib import Path

import click

from keys.digits import parse_forty_digits
from testimony.card import Card, parse_card
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import SentenceCommand, SentenceGroup, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said, print_table
from tui.commands.passphrases import passphrase_option
from vault.contacts import Contact, add_contact, list_contacts, remove_contact
from vault.entitlement import add_vouched
from vault.files import read_bounded

_CARD_LIMIT = 64 * 1024  # bytes


@click.group("contact", cls=SentenceGroup, help=say("contact.help"))
def contact_command() -> None:
    """Contacts of a vault."""


@contact_command.command("add", cls=SentenceCommand, short_help=say("contact-add.line"), help=say("contact-add.help"))
@vault_argument
@click.argument("card_path", metavar="CARD", type=click.Path(path_type=Path, readable=False))
@click.option("--digits", metavar='"0123 4567 …"', default=None, help=say("option.compared-digits"))
@click.option("--by-roster", is_flag=True, help=say("option.by-roster"))
@passphrase_option
def add_command(
    vault_path: Path, card_path: Path, *, digits: str | None, by_roster: bool, passphrase_fd: int | None
) -> None:
    """Add a card once the forty digits heard from its owner match, or by the word of a roster."""
    if by_roster and digits is not None:
        raise RefusalError(say("contact-add.one-way"), USAGE)
    raw = read_bounded(card_path.absolute(), _CARD_LIMIT)
    card = parse_card(raw)
    if by_roster:
        with opened(vault_path, passphrase_fd) as vault:
            contact = add_vouched(vault, raw)
    else:
        compared = digits if digits is not None else _heard(card)
        with opened(vault_path, passphrase_fd) as vault:
            contact = add_contact(vault, raw, compared)
    said = {"code": contact.code, "digits": contact.card.public.fingerprint, "roster": contact.vouched_by}
    print_said("contact-add.vouched" if contact.vouched_by else "contact-add.done", **said)


def _heard(card: Card) -> str:
    """The digits as the card's owner reads them out, typed by the person at the prompt."""
    if not sys.stdin.isatty():
        raise RefusalError(say("contact-add.no-terminal"), USAGE)
    print_lines([say("contact-add.compare", code=card.code)])
    return parse_forty_digits(str(click.prompt(say("contact-add.ask"), prompt_suffix=" ")))


@contact_command.command(
    "list", cls=SentenceCommand, short_help=say("contact-list.line"), help=say("contact-list.help")
)
@vault_argument
@json_option
@passphrase_option
def list_command(vault_path: Path, *, as_json: bool, passphrase_fd: int | None) -> None:
    """List the contacts of a vault."""
    with opened(vault_path, passphrase_fd) as vault:
        found = list_contacts(vault)
    if as_json:
        print_json({"contacts": [_as_json(each) for each in found]})
        return
    if not found:
        print_said("contact-list.none")
    print_table(
        ["code", "kind", "digits", "practice", "word"],
        [
            [each.code, each.card.kind, each.fingerprint, "✓" if each.card.practice else "", each.vouched_by]
            for each in found
        ],
    )


@contact_command.command(
    "remove", cls=SentenceCommand, short_help=say("contact-remove.line"), help=say("contact-remove.help")
)
@vault_argument
@click.argument("code", metavar="CODE")
@click.option("--reason", metavar="CODE", default="", help=say("option.reason"))
@passphrase_option
def remove_command(vault_path: Path, *, code: str, reason: str, passphrase_fd: int | None) -> None:
    """Take a contact out of a vault."""
    with opened(vault_path, passphrase_fd) as vault:
        remove_contact(vault, code, reason)
    print_said("contact-remove.done", code=code)


def _as_json(contact: Contact) -> dict[str, object]:
    card = contact.card
    return {
        "code": contact.code,
        "fingerprint": card.public.fingerprint,
        "kind": card.kind,
        "practice": card.practice,
        "vouched_by": contact.vouched_by,
    }
