"""`new`, `attach`, `finish`, `list`, `show`: the records of a vault."""

import sys
from pathlib import Path
from typing import Any

import click

from testimony.errors import InterviewError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said, print_table
from tui.commands.passphrases import passphrase_option
from tui.commands.progress import bytes_bar
from tui.commands.refusal import USAGE, Refusal
from vault.attachments import attach
from vault.files import read_bounded
from vault.records import finish, get_record, list_records, new_from_interview

_INTERVIEW_LIMIT = 20 * 1024 * 1024  # bytes of JSON: the 16 MiB of an account and its escapes
_PAGE = 500  # rows read at a time


@click.command("new", cls=SentenceCommand, help=say("new.help"))
@vault_argument
@click.option("--from", "source", metavar="FILE", type=click.Path(path_type=Path), default=None, help=say("option.from"))
@passphrase_option
def new_command(vault_path: Path, *, source: Path | None, passphrase_fd: int | None) -> None:
    """Record an interview from a JSON file, by the same rules as on screen."""
    if source is None:
        raise Refusal(say("new.no-file"), USAGE)
    raw = read_bounded(source.absolute(), _INTERVIEW_LIMIT)
    with opened(vault_path, passphrase_fd) as vault, _problems_said():
        record_id = new_from_interview(vault, raw)
    print_said("new.done", record_id=record_id)


@click.command("attach", cls=SentenceCommand, help=say("attach.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--kind", metavar="KIND", default="document", show_default=True, help=say("option.kind"))
@click.option("--title", metavar="WORDS", default="", help=say("option.title"))
@passphrase_option
def attach_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path, *, record_id: str, file: Path, kind: str, title: str, passphrase_fd: int | None
) -> None:
    """Add a file to a record that is not finished yet."""
    source = file.absolute()
    with opened(vault_path, passphrase_fd) as vault, bytes_bar(say("attach.progress"), source) as progress:
        exhibit = attach(vault, record_id, source, kind=kind, title=title, progress=progress)
    print_said("attach.done", record_id=record_id, sha256=exhibit.sha256, size=exhibit.size)


@click.command("finish", cls=SentenceCommand, help=say("finish.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@passphrase_option
def finish_command(vault_path: Path, *, record_id: str, passphrase_fd: int | None) -> None:
    """Close the record and sign it; afterwards nothing in it can be changed."""
    with opened(vault_path, passphrase_fd) as vault, _problems_said():
        finished = finish(vault, record_id)
    print_said("finish.done", record_id=finished.record_id, control_number=finished.control_number)
    print_said("finish.head", digits=finished.head_digits)


@click.command("list", cls=SentenceCommand, help=say("list.help"))
@vault_argument
@json_option
@passphrase_option
def list_command(vault_path: Path, *, as_json: bool, passphrase_fd: int | None) -> None:
    """List the records by code, date, stage and place; never a name."""
    with opened(vault_path, passphrase_fd) as vault:
        rows = list(_all_rows(vault))
    if as_json:
        print_json({"records": [_row_as_json(row) for row in rows]})
        return
    print_table(
        ["record", "date", "stage", "place", "case"],
        [[row.record_id, row.date or "", say(f"stage.{row.stage}"), row.place or "", row.case_code or ""] for row in rows],
    )


@click.command("show", cls=SentenceCommand, help=say("show.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@json_option
@passphrase_option
def show_command(vault_path: Path, *, record_id: str, as_json: bool, passphrase_fd: int | None) -> None:
    """Show one record: what is stored, with its proofs."""
    with opened(vault_path, passphrase_fd) as vault:
        stored = get_record(vault, record_id)
