"""`request` and `answer`: asking to see what is hidden, and showing exactly what is granted of it."""

import sys
from pathlib import Path

import click

from testimony.disclosure_request import GROUNDS
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said, print_table
from tui.commands.passphrases import passphrase_option
from tui.hidden_places import account_first, place_name
from vault.answers import Answerable, answer_request, take_request
from vault.disclosure_requests import make_request, received_newest
from vault.files import is_folder, write_all
from vault.stick_files import new_file
from vault.viewing import note_viewed


@click.command("request", cls=SentenceCommand, help=say("request.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option("--hidden", metavar="PLACE", multiple=True, help=say("option.hidden"))
@click.option("--ground", type=click.Choice(GROUNDS), default=None, help=say("option.ground"))
@click.option("--words", metavar="WORDS", default="", help=say("option.request-words"))
@click.option("--list", "listed", is_flag=True, help=say("option.list-hidden"))
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path, readable=False), help=say("option.request-out"))
@json_option
@passphrase_option
def request_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_id: str,
    hidden: tuple[str, ...],
    ground: str | None,
    words: str,
    listed: bool,
    out: Path | None,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Ask the sender of a record for hidden places of it, or list them."""
    with opened(vault_path, passphrase_fd) as vault:
        if listed:
            found = received_newest(vault, record_id)
        elif ground is None or out is None or not hidden:
            raise RefusalError(say("request.incomplete"), USAGE)
        else:
            # The file first: nothing is noted in the vault where there is no place for it.
            with new_file(out) as stream:
                write_all(stream, make_request(vault, record_id, hidden, ground=ground, words=words or ground))
            print_said("request.done", path=out)
            return
    if as_json:
        print_json({"hidden": [{"kind": one.kind, "name": one.name, "path": one.path} for one in found.hidden]})
    else:
        form = found.disclosed.form
        rows = [[place_name(one.name, form, LANGUAGE), one.path] for one in account_first(found.hidden)]
        print_table(["hidden-name", "hidden-path"], rows)


@click.command("answer", cls=SentenceCommand, help=say("answer.help"))
@vault_argument
@click.argument("file", metavar="REQUEST", type=click.Path(path_type=Path, readable=False))
@click.option("--lift", metavar="PLACE", multiple=True, help=say("option.lift"))
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, readable=False), help=say("option.out"))
@json_option
@passphrase_option
def answer_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    file: Path,
    lift: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Show what a request would lift, and seal what is granted of it."""
    with opened(vault_path, passphrase_fd) as vault:
        ready = take_request(vault, file.absolute())
        if not lift:
            note_viewed(vault, {ready.stored.record_id: ready.stored.version})
            if as_json:
                print_json(_as_json(ready))
                return
            lift = _asked(ready)
        if not lift:
            return
        if out is None or not is_folder(out.absolute()):
            raise RefusalError(say("seal.no-folder", path=out or ""), USAGE)
        sealed = answer_request(vault, ready, lift, out.absolute())
    if as_json:
        print_json(
            {"bundle": sealed.bundle_id, "lifted": sorted(lift), "path": str(sealed.path), "sha256": sealed.sha256}
        )
    else:
        print_said("answer.done", count=len(set(lift)), path=sealed.path)


def _as_json(ready: Answerable) -> dict[str, object]:
    request = ready.request
    return {
        "from": request.requester,
        "ground": request.ground,
        "lifts": [{"path": one.path, "text": one.text} for one in ready.lifts],
        "record": request.record_id,
        "request": request.request_id,
        "words": request.words,
    }


def _asked(ready: Answerable) -> tuple[str, ...]:
    """What a person grants, place by place; at a terminal alone, else all of it is only shown."""
    request = ready.request
    print_said("answer.asks", body=request.requester, ground=request.ground, record_id=request.record_id)
    print_lines([f"  {request.words}"])
    granted = []
    for one in ready.lifts:
        print_lines(["", *_named(ready, one.path), *(f"  {line}" for line in one.text.splitlines())])
        if sys.stdin.isatty() and click.confirm(say("answer.lift"), default=False):
            granted.append(one.path)
    if not granted:
        print_said("answer.nothing")
    return tuple(granted)


def _named(ready: Answerable, path: str) -> tuple[str, ...]:
    """The place in words, where there are some, and as --lift takes it."""
    record = ready.stored.record
    name = path if record is None else place_name(path, record.interview.form, LANGUAGE)
    return (path,) if name == path else (name, path)
