"""`custody`: the signed log of what was done, and its head as forty digits."""

from datetime import datetime
from pathlib import Path

import click

from keys.digits import arabic_indic
from testimony.canonical import encode
from testimony.custody.anchors import newest_before
from testimony.custody.entries import Entry, parse_entry
from testimony.custody.moments import wall_text
from testimony.text_lines import moment_text
from tui.commands.errors import RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said, print_table, write_json
from tui.commands.passphrases import passphrase_option
from tui.failures import CHECK_FAILED
from tui.head_code import qr_lines
from vault.anchors import anchors_of
from vault.custody import head, log_lines, note_kept, size_at_head
from vault.store import Vault


@click.command("custody", cls=SentenceCommand, help=say("custody.help"))
@vault_argument
@click.option("--head", "only_head", is_flag=True, help=say("option.head"))
@click.option("--qr", is_flag=True, help=say("option.qr"))
@click.option("--paper", metavar="DIGITS", default=None, help=say("option.paper"))
@click.option("--kept", metavar="CODE", default=None, help=say("option.kept"))
@json_option
@passphrase_option
def custody_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    only_head: bool,
    qr: bool,
    paper: str | None,
    kept: str | None,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Show the log, entry by entry, and the head to copy on paper; or say whether a head on paper was one of it."""
    with opened(vault_path, passphrase_fd) as vault:
        if kept is not None:
            note_kept(vault, kept)
        if paper is not None:
            _compare(vault, paper, as_json=as_json)
            return
        lines = [] if only_head else list(log_lines(vault))
        size, digits = vault.log_state.size, head(vault)
        newest = newest_before(size, anchors_of(vault))
    if as_json:
        _write_json(lines, (size, digits, newest))
        return
    print_table(["seq", "when", "act", "object"], [_row(parse_entry(line)) for line in lines])
    print_said("custody.head", size=size, digits=digits)
    if LANGUAGE == "ar":
        print_lines([arabic_indic(digits)])
    if qr:
        print_lines(qr_lines(digits))
    if newest is None:
        print_said("custody.no-outside")
    else:
        print_said("custody.newest-outside", at=moment_text(newest))


def _compare(vault: Vault, paper: str, *, as_json: bool) -> None:
    size, now = size_at_head(vault, paper), vault.log_state.size
    if as_json:
        print_json({"now": now, "size": size})
    if size is None:
        raise RefusalError(say("custody.paper-differs"), CHECK_FAILED)
    if not as_json:
        print_said("custody.paper-fits", size=size, now=now)


def _write_json(lines: list[bytes], head_of_log: tuple[int, str, datetime | None]) -> None:
    """One canonical object whose entries are the exact lines that are hashed, since each is canonical JSON itself."""
    entries = b",".join(line.rstrip(b"\n") for line in lines)
    size, digits, newest = head_of_log
    rest = {"head": digits, "newest_outside": None if newest is None else moment_text(newest), "size": size}
    write_json(b'{"entries":[' + entries + b"]," + encode(rest)[1:])


def _row(entry: Entry) -> list[str]:
    return [str(entry.seq), wall_text(entry.moment.wall), entry.act.kind, entry.act.object]
