"""`correct`, `compare`: a further version of a record, and what it has otherwise."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from testimony.comparison import ComparedParagraph, Comparison
from testimony.corrections import CORRECTION_REASONS
from testimony.interview import MAX_INTERVIEW
from tui.answer_text import labelled
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said
from tui.commands.passphrases import passphrase_option
from tui.commands.records import problems_said
from vault.corrections import begin_correction, compare_versions, correct
from vault.files import read_bounded
from vault.record_list import absent
from vault.store import Vault
from vault.versions import versions_of

_FEWEST: Final = 2  # versions that can be compared


@click.command("correct", cls=SentenceCommand, help=say("correct.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    default=None,
    help=say("option.correct-from"),
)
@click.option("--begin", is_flag=True, help=say("option.correct-begin"))
@click.option("--reason", type=click.Choice(CORRECTION_REASONS), required=True, help=say("option.correct-reason"))
@passphrase_option
def correct_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path, *, record_id: str, source: Path | None, begin: bool, reason: str, passphrase_fd: int | None
) -> None:
    """Make a further version of a finished record; the earlier ones stay."""
    if begin == (source is not None):
        raise RefusalError(say("correct.one-way"), USAGE)
    raw = b"" if source is None else read_bounded(source.absolute(), MAX_INTERVIEW)
    with opened(vault_path, passphrase_fd) as vault, problems_said("correct.not-corrected"):
        if begin:
            print_said("correct.begun", record_id=record_id, version=begin_correction(vault, record_id, reason))
            return
        finished = correct(vault, record_id, raw, reason)
    print_said("correct.done", record_id=record_id, version=finished.version, control_number=finished.control_number)
    print_said("finish.head", digits=finished.head_digits)


@click.command("compare", cls=SentenceCommand, help=say("compare.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option("--versions", type=(int, int), metavar="N N", default=None, help=say("option.compare-versions"))
@json_option
@passphrase_option
def compare_command(
    vault_path: Path, *, record_id: str, versions: tuple[int, int] | None, as_json: bool, passphrase_fd: int | None
) -> None:
    """Lay two versions of a record side by side; the last two where none are named."""
    with opened(vault_path, passphrase_fd) as vault:
        before, after = versions or _last_two(vault, record_id)
        comparison = compare_versions(vault, record_id, before, after)
    if as_json:
        print_json(_as_json(record_id, (before, after), comparison))
    else:
        print_lines(_lines(record_id, (before, after), comparison))


def _last_two(vault: Vault, record_id: str) -> tuple[int, int]:
    numbers = [one.version for one in versions_of(vault, record_id)]
    if not numbers:
        raise absent(vault.read_one, record_id)
    if len(numbers) < _FEWEST:
        raise RefusalError(say("compare.one-version", record_id=record_id), USAGE)
    return numbers[-2], numbers[-1]


def _lines(record_id: str, versions: tuple[int, int], comparison: Comparison) -> Iterator[str]:
    before, after = versions
    yield say("compare.heading", record_id=record_id, before=before, after=after)
    for paragraph in comparison.paragraphs:
        if paragraph.change != "same":
            yield ""
            yield from _paragraph_lines(paragraph)
    yield ""
    same = len(comparison.of("same"))
    yield say("compare.same", count=same, total=len(comparison.paragraphs))
    for asked in comparison.fields:
        yield say("compare.answer", question=labelled(asked.label, LANGUAGE), path=asked.id)


def _paragraph_lines(paragraph: ComparedParagraph) -> Iterator[str]:
    place = paragraph.before if paragraph.after is None else paragraph.after
    yield say(f"compare.{paragraph.change}", number=(place or 0) + 1)
    if paragraph.before is not None:
        yield from (f"- {line}" for line in paragraph.old_text.splitlines())
    if paragraph.after is not None:
        yield from (f"+ {line}" for line in paragraph.new_text.splitlines())


def _as_json(record_id: str, versions: tuple[int, int], comparison: Comparison) -> dict[str, object]:
    """Places and kinds of change alone: the words are for the terminal."""
    return {
        "answers": [one.id for one in comparison.fields],
        "paragraphs": [
            {"after": _number(one.after), "before": _number(one.before), "change": one.change}
            for one in comparison.paragraphs
        ],
        "record": record_id,
        "versions": list(versions),
    }


def _number(place: int | None) -> int | None:
    return None if place is None else place + 1
