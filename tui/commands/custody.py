"""`custody`: the signed log of what was done, and its head as forty digits."""

from pathlib import Path

import click

from testimony.canonical import encode
from testimony.custody.entries import Entry, parse_entry
from testimony.custody.moments import wall_text
from tui.commands.help import SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_said, print_table, write_json
from tui.commands.passphrases import passphrase_option
from vault.custody import head, log_lines


@click.command("custody", cls=SentenceCommand, help=say("custody.help"))
@vault_argument
@json_option
@passphrase_option
def custody_command(vault_path: Path, *, as_json: bool, passphrase_fd: int | None) -> None:
    """Show the log, entry by entry, and the head to copy on paper."""
    with opened(vault_path, passphrase_fd) as vault:
        lines = list(log_lines(vault))
        digits = head(vault)
    if as_json:
        _write_json(lines, digits)
        return
    print_table(["seq", "when", "act", "object"], [_row(parse_entry(line)) for line in lines])
    print_said("custody.head", size=len(lines), digits=digits)


def _write_json(lines: list[bytes], digits: str) -> None:
    """One canonical object whose entries are the exact lines that are hashed, since each is canonical JSON itself."""
    entries = b",".join(line.rstrip(b"\n") for line in lines)
    parts = [b'{"entries":[', entries, b'],"head":', encode(digits), b',"size":', encode(len(lines)), b"}"]
    write_json(b"".join(parts))


def _row(entry: Entry) -> list[str]:
    return [str(entry.seq), wall_text(entry.moment.wall), entry.act.kind, entry.act.object]
