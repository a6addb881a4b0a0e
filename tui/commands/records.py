"""`new`, `attach`, `finish`, `list`: the records of a vault."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from keys.digits import arabic_indic
from testimony.errors import CanonicalError, InterviewError, Problem
from testimony.forms.reading import CORE_FORM_ID
from testimony.interview import MAX_INTERVIEW
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said, print_table
from tui.commands.passphrases import passphrase_option
from tui.commands.progress import bytes_bar
from tui.head_code import qr_lines
from tui.strings.sentences import has_sentence, sentence
from tui.text_filter import display_safe
from vault.attachments import EXHIBIT_KINDS, Derivation, attach
from vault.drafts import discard_draft
from vault.files import read_bounded
from vault.finishing import finish, is_granted
from vault.forms import own_form
from vault.record_list import RecordRow, list_records
from vault.records import new_from_interview
from vault.store import Vault

_PAGE: Final = 500  # rows read at a time


@click.command("new", cls=SentenceCommand, help=say("new.help"))
@vault_argument
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    default=None,
    help=say("option.from"),
)
@click.option("--form", "form_id", metavar="FORM", default=CORE_FORM_ID, show_default=True, help=say("option.form"))
@passphrase_option
def new_command(vault_path: Path, *, source: Path | None, form_id: str, passphrase_fd: int | None) -> None:
    """Record an interview from a JSON file, by the same rules as on screen."""
    if source is None:
        raise RefusalError(say("new.no-file"), USAGE)
    raw = read_bounded(source.absolute(), MAX_INTERVIEW)
    with opened(vault_path, passphrase_fd) as vault, problems_said("new.not-recorded"):
        record_id = new_from_interview(vault, raw, own_form(vault, form_id))
    print_said("new.done", record_id=record_id)


@click.command("attach", cls=SentenceCommand, help=say("attach.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--kind", type=click.Choice(EXHIBIT_KINDS), default="document", show_default=True, help=say("option.kind")
)
@click.option("--title", metavar="WORDS", default="", help=say("option.title"))
@click.option("--derived-from", "number", metavar="NUMBER", type=int, default=None, help=say("option.derived-from"))
@click.option("--method", metavar="CODE", default=None, help=say("option.method"))
@passphrase_option
def attach_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_id: str,
    file: Path,
    kind: str,
    title: str,
    number: int | None,
    method: str | None,
    passphrase_fd: int | None,
) -> None:
    """Add a file to a record that is not finished yet."""
    if (number is None) != (method is None):
        raise RefusalError(say("attach.both"), USAGE)
    made = None if number is None or method is None else Derivation(number=number, method=method)
    source = file.absolute()
    with opened(vault_path, passphrase_fd) as vault, bytes_bar(say("attach.progress")) as progress:
        exhibit = attach(vault, record_id, source, kind=kind, title=title, progress=progress, derivation=made)
        agreed = is_granted(vault, record_id, kind)
    print_said("attach.done", record_id=record_id, sha256=exhibit.sha256, size=exhibit.size)
    if not agreed:
        click.echo(sentence("exhibit.not-agreed", LANGUAGE), err=True)


@click.command("discard", cls=SentenceCommand, help=say("discard.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@passphrase_option
def discard_command(vault_path: Path, *, record_id: str, passphrase_fd: int | None) -> None:
    """Erase an interview that is not finished, and its files."""
    with opened(vault_path, passphrase_fd) as vault:
        discard_draft(vault, record_id)
    print_said("discard.done", record_id=record_id)


@click.command("finish", cls=SentenceCommand, help=say("finish.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option("--qr", is_flag=True, help=say("option.qr"))
@passphrase_option
def finish_command(vault_path: Path, *, record_id: str, qr: bool, passphrase_fd: int | None) -> None:
    """Close the record and sign it; afterwards nothing in it can be changed."""
    with opened(vault_path, passphrase_fd) as vault, problems_said("finish.not-finished"):
        finished = finish(vault, record_id)
    if finished.stage == "refused":
        print_said("finish.refused", record_id=finished.record_id)
    else:
        print_said("finish.done", record_id=finished.record_id, control_number=finished.control_number)
    print_said("finish.head", digits=finished.head_digits)
    if LANGUAGE == "ar":
        print_lines([arabic_indic(finished.head_digits)])
    if qr:
        print_lines(qr_lines(finished.head_digits))


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
    if not rows:
        print_said("list.none")
    print_table(
        ["record", "date", "stage", "place", "case"],
        [[row.name, row.date or "", _stage(row), row.place or "", row.case_code or ""] for row in rows],
    )


def _all_rows(vault: Vault) -> Iterator[RecordRow]:
    after = None
    while page := list_records(vault, after=after, limit=_PAGE):
        yield from page
        after = page[-1].cursor


def _stage(row: RecordRow) -> str:
    return sentence(f"stage.{row.stage}", LANGUAGE)


def _row_as_json(row: RecordRow) -> dict[str, object]:
    return {
        "at": row.at,
        "case": row.case_code,
        "control_number": row.control_number,
        "date": row.date,
        "language": row.language,
        "place": row.place,
        "record": row.record_id,
        "revision": row.revision,
        "sender": row.sender,
        "stage": row.stage,
        "version": row.version,
    }


def _not_json(error: CanonicalError) -> str:
    """That the file is no JSON, and from where on if that can be told; never what stands there."""
    if error.place is None:
        return say("new.not-json")
    line, column = error.place
    return say("new.not-json-at", line=line, column=column)


@contextmanager
def problems_said(outcome: str) -> Iterator[None]:
    """Every problem of an interview as a line of its own, before what came of it."""
    try:
        yield
    except CanonicalError as error:
        raise RefusalError(_not_json(error), USAGE) from error
    except InterviewError as error:
        lines = [say("problems"), *(_problem_line(problem) for problem in error.problems), say(outcome)]
        raise RefusalError("\n".join(map(display_safe, lines)), USAGE) from error


def _problem_line(problem: Problem) -> str:
    words = _rule(problem.rule)
    if problem.paragraph is None:
        return say("problem", path=problem.path, words=words)
    return say("problem-in-paragraph", path=problem.path, paragraph=problem.paragraph + 1, words=words)


def _rule(rule: str) -> str:
    """What the rule asks for: in the words of a file where the screens speak of keys, else in those of the screens."""
    keys = (f"command.problem.{rule}", f"problem.{rule}", "command.problem.other")
    return sentence(next(key for key in keys if has_sentence(key)), LANGUAGE)
