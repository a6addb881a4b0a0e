"""`script`: the texts that are read out before consent, added to a vault, listed and shown."""

from pathlib import Path
from typing import Final

import click

from testimony.scripts import MAX_SCRIPT, Script
from tui.commands.help import SentenceCommand, SentenceGroup, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said, print_table
from tui.commands.passphrases import passphrase_option
from vault.files import read_bounded
from vault.scripts import add_script, get_script, list_scripts

_SHORT: Final = {"ar": "ara", "en": "eng"}


@click.group("script", cls=SentenceGroup, help=say("script.help"))
def script_command() -> None:
    """Texts that are read out before consent."""


@script_command.command("add", cls=SentenceCommand, short_help=say("script-add.line"), help=say("script-add.help"))
@vault_argument
@click.argument("text_path", metavar="FILE.txt", type=click.Path(path_type=Path, readable=False))
@click.option("--language", metavar="LANGUAGE", required=True, help=say("option.script-language"))
@click.option("--code", metavar="CODE", default="", help=say("option.script-code"))
@passphrase_option
def add_command(vault_path: Path, text_path: Path, *, language: str, code: str, passphrase_fd: int | None) -> None:
    """Add a text under its code."""
    raw = read_bounded(text_path.absolute(), MAX_SCRIPT)
    with opened(vault_path, passphrase_fd) as vault:
        script = add_script(vault, code or text_path.stem, _SHORT.get(language, language), raw)
    print_said("script-add.done", script=script.code, digest=script.sha256)


@script_command.command("list", cls=SentenceCommand, short_help=say("script-list.line"), help=say("script-list.help"))
@vault_argument
@json_option
@passphrase_option
def list_command(vault_path: Path, *, as_json: bool, passphrase_fd: int | None) -> None:
    """List the texts that can be read out."""
    with opened(vault_path, passphrase_fd) as vault:
        found = list_scripts(vault)
    if as_json:
        print_json({"scripts": [_as_json(one) for one in found]})
        return
    print_table(["script", "language", "digest"], [[one.code, one.language, one.sha256] for one in found])


@script_command.command("show", cls=SentenceCommand, short_help=say("script-show.line"), help=say("script-show.help"))
@vault_argument
@click.argument("code", metavar="CODE")
@json_option
@passphrase_option
def show_command(vault_path: Path, code: str, *, as_json: bool, passphrase_fd: int | None) -> None:
    """Show a text, to read it aloud."""
    with opened(vault_path, passphrase_fd) as vault:
        found = get_script(vault, code)
    if as_json:
        print_json({**_as_json(found), "text": found.text})
    else:
        print_lines(found.text.splitlines())


def _as_json(script: Script) -> dict[str, object]:
    return {"digest": script.sha256, "language": script.language, "script": script.code}
