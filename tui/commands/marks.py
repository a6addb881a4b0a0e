"""`mark` and `suggest`: who is meant by which words.  Neither words nor names are ever arguments: shells keep those."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from testimony.errors import CanonicalError
from testimony.hand_marks import HandMark, span_of
from testimony.interview import Interview
from testimony.redaction.redactor_marks import RedactorMark
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from tui.commands.records import problems_said
from tui.strings.sentences import sentence
from vault.drafts import list_drafts
from vault.files import read_bounded
from vault.marking import (
    MAX_MARKS_FILE,
    AskedMark,
    mark_by_hand,
    read_marks,
    remove_mark,
    suggest_marks,
    view_marked,
)
from vault.redactor_marks import mark_after_signing, remove_redactor_mark, view_redactor_marks
from vault.store import Vault

_LAST: Final = 10_000


@click.command("mark", cls=SentenceCommand, help=say("mark.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option(
    "--from", "source", metavar="FILE", type=click.Path(path_type=Path, readable=False), help=say("option.mark-from")
)
@click.option("--list", "as_list", is_flag=True, help=say("option.mark-list"))
@click.option("--remove", type=click.IntRange(1, _LAST), metavar="N", help=say("option.mark-remove"))
@json_option
@passphrase_option
def mark_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_id: str,
    source: Path | None,
    as_list: bool,
    remove: int | None,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Mark words of an interview, or as the redactor of a finished record; list the marks, or take one back."""
    if [source is not None, as_list, remove is not None].count(True) > 1 or (as_json and not as_list):
        raise RefusalError(say("mark.one-thing"), USAGE)
    raw = None if source is None else read_bounded(source.absolute(), MAX_MARKS_FILE)
    if raw is None and not as_list and remove is None and not sys.stdin.isatty():
        raise RefusalError(say("mark.no-words"), USAGE)
    with opened(vault_path, passphrase_fd) as vault, problems_said("mark.not-marked"):
        if as_list:
            _list(vault, record_id, as_json=as_json)
        elif remove is not None:
            _remove(vault, record_id, remove)
            print_said("mark.removed", number=remove, record_id=record_id)
        else:
            _mark(vault, record_id, (_asked_for(),) if raw is None else _read(raw))


@click.command("suggest", cls=SentenceCommand, help=say("suggest.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@json_option
@passphrase_option
def suggest_command(vault_path: Path, *, record_id: str, as_json: bool, passphrase_fd: int | None) -> None:
    """Name the places where a mark may be missing; mark nothing."""
    with opened(vault_path, passphrase_fd) as vault:
        found = suggest_marks(vault, record_id)
    if as_json:
        listed = [
            {
                "occurrence": one.occurrence,
                "paragraph": one.paragraph,
                "reason": one.reason,
                "who": one.who,
                "words": one.words,
            }
            for one in found
        ]
        print_json({"record": record_id, "suggestions": listed})
        return
    print_table(
        ["paragraph", "words", "occurrence", "who", "why"],
        [
            [
                str(one.paragraph),
                one.words,
                str(one.occurrence),
                one.who,
                sentence(f"suggestion.{one.reason}", LANGUAGE),
            ]
            for one in found
        ],
    )
    print_said("suggest.not-all" if found else "suggest.none")


def _is_draft(vault: Vault, record_id: str) -> bool:
    return any(one.record_id == record_id for one in list_drafts(vault))


def _mark(vault: Vault, record_id: str, asked: Sequence[AskedMark]) -> None:
    """Mark in the interview while it is open; afterwards beside the record, as the redactor."""
    if _is_draft(vault, record_id):
        interview = mark_by_hand(vault, record_id, asked)
        print_said("mark.done", record_id=record_id, count=len(interview.hand_marks))
    else:
        print_said("mark.done-after", record_id=record_id, count=mark_after_signing(vault, record_id, asked))


def _remove(vault: Vault, record_id: str, number: int) -> None:
    if _is_draft(vault, record_id):
        remove_mark(vault, record_id, number)
    else:
        remove_redactor_mark(vault, record_id, number)


def _list(vault: Vault, record_id: str, *, as_json: bool) -> None:
    if _is_draft(vault, record_id):
        _print_marks(view_marked(vault, record_id).interview, as_json=as_json)
    else:
        _print_redactors(view_redactor_marks(vault, record_id), as_json=as_json)


def _print_redactors(marks: Sequence[RedactorMark], *, as_json: bool) -> None:
    if as_json:
        listed = [
            {
                "code": one.code,
                "paragraph": one.paragraph + 1,
                "version": one.version,
                "who": one.name,
                "words": one.words,
            }
            for one in marks
        ]
        print_json({"marks": listed})
        return
    if not marks:
        print_said("mark.none")
    print_table(
        ["seq", "paragraph", "words", "code", "who"],
        [
            [str(number), str(one.paragraph + 1), one.words, one.code, one.name]
            for number, one in enumerate(marks, start=1)
        ],
    )


def _print_marks(interview: Interview, *, as_json: bool) -> None:
    rows = [(one, span_of(one, interview.paragraphs) is not None) for one in interview.hand_marks]
    if as_json:
        print_json(
            {
                "marks": [
                    {
                        "found": found,
                        "occurrence": one.occurrence,
                        "paragraph": one.paragraph,
                        "who": one.who,
                        "words": one.words,
                    }
                    for one, found in rows
                ]
            }
        )
        return
    if not rows:
        print_said("mark.none")
    print_table(
        ["seq", "paragraph", "words", "occurrence", "who", "standing"],
        [
            [
                str(number),
                str(one.paragraph),
                one.words,
                str(one.occurrence),
                one.who,
                sentence("mark.found" if found else "mark.gone", LANGUAGE),
            ]
            for number, (one, found) in enumerate(rows, start=1)
        ],
    )


def _read(raw: bytes) -> tuple[AskedMark, ...]:
    try:
        return read_marks(raw)
    except CanonicalError as error:
        raise RefusalError(say("mark.not-json"), USAGE) from error


def _asked_for() -> AskedMark:
    """One mark, asked for at the terminal line by line."""
    paragraph = click.prompt(say("mark.ask-paragraph"), type=click.IntRange(1, _LAST), prompt_suffix=" ", err=True)
    words = _line("mark.ask-words")
    occurrence = click.prompt(
        say("mark.ask-occurrence"), type=click.IntRange(1), default=1, prompt_suffix=" ", err=True
    )
    who, role = _line("mark.ask-who"), _line("mark.ask-role")
    return AskedMark(mark=HandMark(paragraph=paragraph, words=words, occurrence=occurrence, who=who), role=role)


def _line(key: str) -> str:
    return str(click.prompt(say(key), default="", show_default=False, prompt_suffix=" ", err=True)).strip()
