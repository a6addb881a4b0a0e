"""`roster`: who works for an organisation on which device, and what it took back."""

from collections.abc import Iterator
from pathlib import Path

import click

from testimony.custody.moments import wall_text
from testimony.roster import MAX_ROSTER
from testimony.validity import revocation_of, validity_of
from tui.commands.help import SentenceCommand, SentenceGroup, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, new_file_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from vault.entitlement import overrule
from vault.files import read_bounded, write_all
from vault.rosters import Accepted, accept_roster, rosters_in_force, write_roster
from vault.stick_files import new_file
from vault.store import Vault


@click.group("roster", cls=SentenceGroup, help=say("roster.help"))
def roster_command() -> None:
    """Rosters of a vault."""


@roster_command.command(
    "write", cls=SentenceCommand, short_help=say("roster-write.line"), help=say("roster-write.help")
)
@vault_argument
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help=say("option.roster-from"),
)
@new_file_option
@passphrase_option
def write_command(vault_path: Path, *, source: Path, out: Path, passphrase_fd: int | None) -> None:
    """Sign a new number of the roster with the card of this vault."""
    raw = read_bounded(source.absolute(), MAX_ROSTER)
    with opened(vault_path, passphrase_fd) as vault, new_file(out) as stream:
        write_all(stream, write_roster(vault, raw))
    print_said("roster-write.done", path=out)


@roster_command.command(
    "accept", cls=SentenceCommand, short_help=say("roster-accept.line"), help=say("roster-accept.help")
)
@vault_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@passphrase_option
def accept_command(vault_path: Path, *, file: Path, passphrase_fd: int | None) -> None:
    """Take in a roster of an organisation."""
    raw = read_bounded(file.absolute(), MAX_ROSTER)
    with opened(vault_path, passphrase_fd) as vault:
        accepted = accept_roster(vault, raw)
    print_said("roster-accept.done", organisation=accepted.card.code, number=accepted.roster.number)
    print_said("roster.own" if accepted.own else "roster.not-own", organisation=accepted.card.code)


@roster_command.command("show", cls=SentenceCommand, short_help=say("roster-show.line"), help=say("roster-show.help"))
@vault_argument
@json_option
@passphrase_option
def show_command(vault_path: Path, *, as_json: bool, passphrase_fd: int | None) -> None:
    """Show what is in force."""
    with opened(vault_path, passphrase_fd) as vault:
        found = rosters_in_force(vault)
        tables = [list(_devices(vault, one)) for one in found]
    if as_json:
        print_json({"rosters": [_as_json(one, rows) for one, rows in zip(found, tables, strict=True)]})
        return
    if not found:
        print_said("roster-show.none")
    for one, rows in zip(found, tables, strict=True):
        _say_in_force(one)
        print_table(["device", "person", "roles", "validity", "digits"], rows)


@roster_command.command(
    "overrule", cls=SentenceCommand, short_help=say("roster-overrule.line"), help=say("roster-overrule.help")
)
@vault_argument
@click.option("--reason", metavar="CODE", required=True, help=say("option.reason"))
@click.option("--to", metavar="BODY", default=None, help=say("option.overrule-to"))
@passphrase_option
def overrule_command(vault_path: Path, *, reason: str, to: str | None, passphrase_fd: int | None) -> None:
    """Pass over a date that stands in the way; the log says so."""
    with opened(vault_path, passphrase_fd) as vault:
        found = overrule(vault, reason, to)
    print_said("roster-overrule.done", validity=say(f"validity.{found}"))


def _say_in_force(one: Accepted) -> None:
    print_said(
        "roster-show.in-force",
        organisation=one.card.code,
        number=one.roster.number,
        start=wall_text(one.roster.window.start),
        end=wall_text(one.roster.window.end),
    )
    print_said("roster.own" if one.own else "roster.not-own", organisation=one.card.code)
    if one.overruled:
        print_said("roster-show.overruled", validity=say(f"validity.{one.overruled}"))


def _devices(vault: Vault, one: Accepted) -> Iterator[list[str]]:
    now, roles = vault.clock.now().wall, {person.code: person.roles for person in one.roster.people}
    for device in one.roster.devices:
        words = say(f"validity.{validity_of(one.roster, device.fingerprint, now)}")
        held = ", ".join(say(f"role.{role}") for role in roles[device.person])
        yield [device.code, device.person, held, words, device.fingerprint]


def _as_json(one: Accepted, rows: list[list[str]]) -> dict[str, object]:
    roster = one.roster
    return {
        "continues": [{"digits": pair.fingerprint, "of": pair.of} for pair in roster.continues],
        "devices": [
            {
                "code": device.code,
                "digits": device.fingerprint,
                "person": device.person,
                "revoked": revocation_of(roster, device.fingerprint) is not None,
                "validity": row[3],
                "valid_from": wall_text(device.window.start),
                "valid_until": wall_text(device.window.end),
            }
            for device, row in zip(roster.devices, rows, strict=True)
        ],
        "number": roster.number,
        "organisation": one.card.code,
        "overruled": one.overruled,
        "own": one.own,
        "people": [{"code": person.code, "roles": list(person.roles)} for person in roster.people],
        "valid_from": wall_text(roster.window.start),
        "valid_until": wall_text(roster.window.end),
    }
