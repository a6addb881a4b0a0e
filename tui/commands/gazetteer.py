"""`gazetteer`: lists of places with their codes, imported by country and searched by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from testimony.errors import GazetteerError
from testimony.gazetteer import MAX_GAZETTEER, Place
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, SentenceGroup, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from vault.files import read_bounded
from vault.gazetteer import Found, find_places, import_gazetteer

_MOST_LINES: Final = 50


@click.group("gazetteer", cls=SentenceGroup, help=say("gazetteer.help"))
def gazetteer_command() -> None:
    """Places of a vault."""


@gazetteer_command.command(
    "import", cls=SentenceCommand, short_help=say("gazetteer-import.line"), help=say("gazetteer-import.help")
)
@vault_argument
@click.argument("csv_path", metavar="FILE.csv", type=click.Path(path_type=Path, readable=False))
@click.option("--country", metavar="CODE", required=True, help=say("option.country"))
@passphrase_option
def import_command(vault_path: Path, csv_path: Path, *, country: str, passphrase_fd: int | None) -> None:
    """Take in the places of a country, all of them or none."""
    raw = read_bounded(csv_path.absolute(), MAX_GAZETTEER)
    with opened(vault_path, passphrase_fd) as vault, _lines_said():
        count = import_gazetteer(vault, raw, country)
    print_said("gazetteer-import.done", country=country, count=count)


@gazetteer_command.command(
    "find", cls=SentenceCommand, short_help=say("gazetteer-find.line"), help=say("gazetteer-find.help")
)
@vault_argument
@click.argument("words", metavar="WORDS", nargs=-1, required=True)
@json_option
@passphrase_option
def find_command(vault_path: Path, words: tuple[str, ...], *, as_json: bool, passphrase_fd: int | None) -> None:
    """Find the code of a place by its name."""
    with opened(vault_path, passphrase_fd) as vault:
        found = find_places(vault, " ".join(words))
    if as_json:
        print_json({"places": [_as_json(one) for one in found]})
        return
    if not found:
        print_said("gazetteer-find.none")
    print_table(
        ["pcode", "name", "around"],
        [[one.place.pcode, _both(one.place), ", ".join(_named(each) for each in one.around)] for one in found],
    )


@contextmanager
def _lines_said() -> Iterator[None]:
    """Every line that breaks a rule, before what came of it."""
    try:
        yield
    except GazetteerError as error:
        lines = [
            say("gazetteer.problem", line=one.number, words=say(f"gazetteer.rule.{one.rule}"))
            for one in error.lines[:_MOST_LINES]
        ]
        if len(error.lines) > _MOST_LINES:
            lines.append(say("gazetteer.more", count=len(error.lines) - _MOST_LINES))
        if not lines:
            lines.append(say("gazetteer.rule.no-places"))
        raise RefusalError("\n".join([*lines, say("gazetteer-import.nothing")]), USAGE) from error


def _named(place: Place) -> str:
    first, second = (place.name_ar, place.name_en) if LANGUAGE == "ar" else (place.name_en, place.name_ar)
    return first or second


def _both(place: Place) -> str:
    return " · ".join(name for name in (place.name_en, place.name_ar) if name)


def _as_json(found: Found) -> dict[str, object]:
    place = found.place
    return {
        "around": [one.pcode for one in found.around],
        "level": place.level,
        "name_ar": place.name_ar,
        "name_en": place.name_en,
        "pcode": place.pcode,
    }
