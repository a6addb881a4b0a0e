"""Help pages: whole in one language, and the handbook names what there is."""

import os
import re
from pathlib import Path

import click
import pytest
from command_line import Commands, program

from tui.commands.group import Verbs
from tui.strings.sentences import catalogue

VERBS = Verbs("testimony")
CONTEXT = click.Context(VERBS)
NAMES = [(name,) for name in VERBS.list_commands(CONTEXT)]
INNER = {
    name: command
    for name in VERBS.list_commands(CONTEXT)
    if isinstance(command := VERBS.get_command(CONTEXT, name), click.Group)
}
PAGES = [(), *NAMES, *((name, verb) for name, group in INNER.items() for verb in group.commands)]


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_a_help_page_is_whole(command: Commands, page: tuple[str, ...]) -> None:
    said = command(*page, "--help", passphrase=None)
    assert said.code == 0
    assert said.out.startswith("Usage: testimony")
    assert not re.search(r"\[x|<=|>=|INTEGER|PATH|\[default|\[required|\{|command\.", said.out)
    assert max(map(len, said.out.splitlines())) <= 80


@pytest.mark.parametrize("page", [(), ("contact",), ("seal",), ("search",)], ids=" ".join)
def test_an_arabic_help_page_has_no_english_in_it(page: tuple[str, ...]) -> None:
    said = program(*page, "--help", passphrase="", environment={"PATH": os.environ["PATH"], "LANG": "ar_SY.UTF-8"})
    assert said.code == 0
    for english in ("Usage", "Options", "Commands", "default", "required", "Show", "COMMAND"):
        assert english not in said.out
    assert said.out.startswith(catalogue("ar")["command.heading.usage"])


def test_a_group_without_its_verb_shows_its_help(command: Commands) -> None:
    said = command("contact", passphrase=None)
    assert (said.code, said.out) == (2, "")
    assert "add" in said.err
    assert "Usage: testimony contact" in said.err


def test_the_handbook_names_every_verb_and_only_options_that_exist(repository: Path) -> None:
    page = (repository / "docs" / "handbook" / "commands.md").read_text(encoding="utf-8")
    options = {"--help"}
    for name in VERBS.list_commands(CONTEXT):
        assert f"`{name} " in page, name
        found = VERBS.get_command(CONTEXT, name)
        assert found is not None
        for each in found.commands.values() if isinstance(found, click.Group) else (found,):
            options |= {option for parameter in each.params for option in parameter.opts if option.startswith("--")}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page)) <= options


def rows_of(page: Path) -> list[tuple[str, ...]]:
    """The code in the first cell of each row of a page's table of verbs, without its arguments."""
    firsts = [line.replace("\\|", "¦").split("|")[1] for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]  # fmt: skip
    return [tuple({span.removeprefix("testimony ") for span in re.findall(r"`([^`]+)`", first)}) for first in firsts]


def names_verb(span: str, page: tuple[str, ...]) -> bool:
    words = span.split(" ")
    return words[0] == page[0] and (len(page) == 1 or page[1] in words[1].split("¦"))


@pytest.mark.parametrize("name", ["README.md", "docs/handbook/commands.md"])
def test_each_verb_has_one_row_in_the_table(repository: Path, name: str) -> None:
    rows = rows_of(repository / name)
    doing = [page for page in PAGES if page and not (len(page) == 1 and page[0] in INNER)]
    found = {page: sum(any(names_verb(span, page) for span in row) for row in rows) for page in doing}
    assert {page: count for page, count in found.items() if count != 1} == {}
