"""`check`: whether a vault is whole."""

from pathlib import Path

import click

from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from tui.strings.sentences import has_sentence, sentence
from vault.check import Finding, check_vault


@click.command("check", cls=SentenceCommand, help=say("check.help"))
@vault_argument
@json_option
@passphrase_option
def check_command(vault_path: Path, *, as_json: bool, passphrase_fd: int | None) -> int:
    """Run all five layers of checks over a vault."""
    with opened(vault_path, passphrase_fd) as vault:
        report = check_vault(vault)
    if as_json:
        print_json({"holds": report.holds, "findings": [_as_json(each) for each in report.findings]})
    else:
        print_table(["layer", "result", "place", "next"], [_row(each) for each in report.findings])
        print_said("check.holds" if report.holds else "check.fails")
    return 0 if report.holds else 1


def _row(finding: Finding) -> list[str]:
    result = say(f"check.{finding.status}")
    place = "" if finding.status == "pass" else " ".join(part for part in (_fault(finding), finding.where) if part)
    return [say(f"check.layer.{finding.layer}"), result, place, _next(finding)]


def _fault(finding: Finding) -> str:
    """What is wrong, as the screens say it; the code where no sentence is written."""
    key = f"check.code.{finding.code}"
    return sentence(key, LANGUAGE) if has_sentence(key) else finding.code


def _next(finding: Finding) -> str:
    return say(f"check.next.{finding.next_step}") if finding.next_step else ""


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "layer": finding.layer,
        "next": finding.next_step,
        "status": finding.status,
        "where": finding.where,
    }
