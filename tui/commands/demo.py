"""`demo`: the whole job on invented interviews, told step by step and summed up in a table."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Final

import click

from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.output import print_lines, print_rows
from tui.failures import failure_message
from tui.practice.demonstration import Demonstration, Step
from tui.practice.errors import PracticeError
from tui.practice.folder import PracticeFolder
from tui.practice.stock_tools import ToolRun
from tui.strings.sentences import sentence
from vault.errors import AlreadyExistsError

_CHECK_FAILED: Final = 1
_WIDTH: Final = 68  # columns of a result, so that a line of the table fits a terminal of 80


@click.command("demo", cls=SentenceCommand, help=say("demo.help"))
@click.option(
    "--dir",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, readable=False),
    default=None,
    help=say("option.dir"),
)
def demo_command(folder: Path | None) -> None:
    """Record, seal, receive and verify two invented interviews."""
    place = PracticeFolder.temporary() if folder is None else PracticeFolder(path=folder.absolute())
    path = place.path
    print_lines([_said("opening", folder=path), ""])
    try:
        steps = list(Demonstration(place).steps(_announce))
    except AlreadyExistsError as error:
        raise RefusalError(_said("not-ours", folder=path), USAGE) from error
    except PracticeError as error:
        raise RefusalError(_said(error.code), _CHECK_FAILED) from error
    _sum_up(steps)
    print_lines(["", _said("closing", folder=path), _said("closing.open", folder=path / "unpacked")])
    if folder is None:
        print_lines([_said("closing.temporary")])


def _said(key: str, **values: object) -> str:
    return sentence(f"demo.{key}", LANGUAGE, **values)


def _announce(name: str) -> None:
    click.echo(f"• {_said(f'step.{name}')} …", err=True)


def _sum_up(steps: list[Step]) -> None:
    print_rows([[_said("column.time"), _said("column.step")], *(row for step in steps for row in _rows(step))])


def _rows(step: Step) -> Iterator[list[str]]:
    yield [f"{step.seconds:.1f}", _said(f"step.{step.name}")]
    for result in _results(step):
        yield from (["", line] for line in wrap(result, _WIDTH, initial_indent="– ", subsequent_indent="  "))


def _results(step: Step) -> list[str]:
    if step.made.tools:
        return [_tool(run) for run in step.made.tools]
    if step.made.refusals:
        changed, forged = (failure_message(refusal, LANGUAGE) for refusal in step.made.refusals)
        return [_said("refused.changed", words=changed), _said("refused.forged", words=forged)]
    return _said(f"made.{step.name}", **step.made.values).splitlines()


def _tool(run: ToolRun) -> str:
    return _said(f"tool.{run.outcome}", tool=run.tool)
