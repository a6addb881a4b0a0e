"""`search`: words in the accounts of a vault, Arabic and English."""

from pathlib import Path

import click

from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from tui.strings.sentences import sentence
from vault.search import Hit
from vault.viewing import find_noted


@click.command("search", cls=SentenceCommand, help=say("search.help"))
@vault_argument
@click.argument("words", metavar="WORDS...", nargs=-1, required=True)
@click.option(
    "--limit", type=click.IntRange(1, 1000), metavar="N", default=20, show_default=True, help=say("option.limit")
)
@json_option
@passphrase_option
def search_command(
    vault_path: Path, *, words: tuple[str, ...], limit: int, as_json: bool, passphrase_fd: int | None
) -> None:
    """Find the paragraphs that hold all the words, in any spelling the search folds."""
    with opened(vault_path, passphrase_fd) as vault:
        hits = find_noted(vault, " ".join(words), limit=limit)
    if as_json:
        print_json({"hits": [_as_json(hit) for hit in hits]})
        return
    print_table(["record", "paragraph", "words"], [[hit.record_id, _paragraph(hit), _words(hit)] for hit in hits])
    print_said("search.count", count=len(hits))


def _as_json(hit: Hit) -> dict[str, object]:
    return {
        "origin": hit.origin,
        "paragraph": None if hit.paragraph is None else hit.paragraph + 1,
        "record": hit.record_id,
        "snippet": None if hit.paragraph is None else hit.snippet,
        "withdrawn": hit.withdrawn,
        "spans": [] if hit.paragraph is None else [list(span) for span in hit.spans],
    }


def _paragraph(hit: Hit) -> str:
    return "" if hit.paragraph is None else str(hit.paragraph + 1)


def _words(hit: Hit) -> str:
    """The words found; of a row of names only that there is one, since a name never stands beside a story."""
    words = say("search.in-names") if hit.paragraph is None else hit.snippet
    return sentence("find.withdrawn", LANGUAGE, words=words) if hit.withdrawn else words
