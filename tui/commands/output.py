"""What commands print: sentences and tables through the text filter, or one canonical JSON object."""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, Final, TypeVar
from unicodedata import category

import click

from testimony.canonical import encode
from tui.commands.help import say
from tui.text_filter import display_line, display_safe

_F = TypeVar("_F", bound=Callable[..., Any])
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def new_file_option(function: _F) -> _F:
    """Add `--out`, the file that a command makes."""
    place = click.Path(path_type=Path, readable=False)
    return click.option("--out", metavar="FILE", type=place, required=True, help=say("option.new-file"))(function)


def json_option(function: _F) -> _F:
    """Add `--json` to a command."""
    return click.option("--json", "as_json", is_flag=True, help=say("option.json"))(function)


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Write one canonical JSON object (RFC 8785) and a line end."""
    write_json(encode(value))


def write_json(canonical: bytes) -> None:
    """Write canonical JSON and a line end; to a terminal, with what a terminal would act on as escapes of JSON."""
    text = canonical.decode("utf-8")
    sys.stdout.write((_escaped(text) if sys.stdout.isatty() else text) + "\n")


def _escaped(text: str) -> str:
    """The same JSON value in another spelling: everything unseen as its UTF-16 code units."""
    return "".join(_escape(each) if category(each) in _UNSEEN else each for each in text)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def print_lines(lines: Iterable[str]) -> None:
    """Write each line with what a terminal would act on shown as marks."""
    for line in lines:
        sys.stdout.write(display_safe(line) + "\n")


def print_said(key: str, **values: object) -> None:
    """Write the sentence `command.<key>`."""
    print_lines([say(key, **values)])


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write rows under the sentences `command.column.<heading>`; no headings where there are no rows.

    Where a terminal is too narrow for them, each row is written as lines of heading and cell.
    """
    from rich.cells import cell_len  # noqa: PLC0415 - only tables need to know how wide a letter is

    if not rows:
        return
    names = [say(f"column.{heading}") for heading in headings]
    lines = _aligned([names, *rows])
    if sys.stdout.isatty() and max(map(cell_len, lines)) > get_terminal_size().columns:
        lines = [line for row in rows for line in (*_under_each_other(names, row), "")][:-1]
    print_lines(lines)


def print_rows(rows: Sequence[Sequence[str]]) -> None:
    """Write rows whose columns stand under each other, as wide as the widest cell."""
    print_lines(_aligned(rows))


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    from rich.cells import cell_len  # noqa: PLC0415 - as above

    table = [[display_line(cell) for cell in row] for row in rows]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _under_each_other(names: Sequence[str], row: Sequence[str]) -> list[str]:
    return [f"{name}: {display_line(cell)}" for name, cell in zip(names, row, strict=True) if cell]
