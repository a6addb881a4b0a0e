"""`demo`: the whole job on invented interviews, told step by step and summed up in a table."""

from collections.abc import Iterator
from pathlib import Path
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


@click.command("demo", cls=SentenceCommand, help=say("demo.help"))
@click.option("--dir", "folder", metavar="DIR", type=click.Path(path_type=Path), default=None, help=say("option.dir"))
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
    headings = [_said("column.step"), _said("column.time"), _said("column.result")]
    print_rows([headings, *(row for step in steps for row in _rows(step))])


def _rows(step: Step) -> Iterator[list[str]]:
    first, *rest = _results(step)
    yield [_said(f"step.{step.name}"), f"{step.seconds:.1f}", first]
    yield from (["", "", result] for result in rest)


def _results(step: Step) -> list[str]:
    if step.made.tools:
        return [_tool(run) for run in step.made.tools]
    if step.made.refusals:
        changed, forged = (failure_message(refusal, LANGUAGE) for refusal in step.made.refusals)
        return [_said("refused.changed", words=changed), _said("refused.forged", words=forged)]
    return [_said(f"made.{step.name}", **step.made.values)]


def _tool(run: ToolRun) -> str:
    return _said(f"tool.{run.outcome}", tool=run.tool)
