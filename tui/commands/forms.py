"""`form`: the forms of an organisation, taken into a vault, listed, and made from sheets of KoboToolbox and ODK."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from testimony.canonical import encode, parse_lenient
from testimony.forms.form import Form
from testimony.forms.reading import MAX_FORM, parse_form
from testimony.forms.xlsform import Conversion, Unmapped, convert_workbook
from tui.answer_text import labelled
from tui.commands.errors import LOSS, POLICY, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, SentenceGroup, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from tui.text_filter import display_line
from vault.files import read_bounded, write_all
from vault.forms import import_form, list_forms
from vault.stick_files import new_file

_MAX_SHEET: Final = 16 << 20  # bytes
_UNMAPPED: Final = ".unmapped.txt"


@click.group("form", cls=SentenceGroup, help=say("form.help"))
def form_command() -> None:
    """Forms of a vault."""


@form_command.command("import", cls=SentenceCommand, short_help=say("form-import.line"), help=say("form-import.help"))
@vault_argument
@click.argument("form_path", metavar="FORM.json", type=click.Path(path_type=Path, readable=False))
@passphrase_option
def import_command(vault_path: Path, form_path: Path, *, passphrase_fd: int | None) -> None:
    """Take in a form, to begin interviews with it."""
    raw = read_bounded(form_path.absolute(), MAX_FORM)
    with opened(vault_path, passphrase_fd) as vault:
        form = import_form(vault, raw)
    print_said("form-import.done", form=form.id, digest=form.digest)


@form_command.command("list", cls=SentenceCommand, short_help=say("form-list.line"), help=say("form-list.help"))
@vault_argument
@json_option
@passphrase_option
def list_command(vault_path: Path, *, as_json: bool, passphrase_fd: int | None) -> None:
    """List the forms an interview can be begun with."""
    with opened(vault_path, passphrase_fd) as vault:
        found = list_forms(vault)
    if as_json:
        print_json({"forms": [_as_json(each) for each in found]})
        return
    print_table(
        ["form", "title", "questions", "digest"],
        [[each.id, labelled(each.title, LANGUAGE), str(len(each.fields)), each.digest] for each in found],
    )


def _as_json(form: Form) -> dict[str, object]:
    return {
        "digest": form.digest,
        "form": form.id,
        "questions": len(form.fields),
        "title": {"ar": form.title.ar, "en": form.title.en},
    }


@form_command.command(
    "convert", cls=SentenceCommand, short_help=say("form-convert.line"), help=say("form-convert.help")
)
@click.argument("sheet_path", metavar="FILE.xlsx", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--out",
    metavar="FORM.json",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    help=say("option.form-out"),
)
@click.option("--id", "form_id", metavar="ID", default="", help=say("option.form-id"))
@click.option("--strict", is_flag=True, help=say("option.form-strict"))
def convert_command(sheet_path: Path, out: Path, *, form_id: str, strict: bool) -> None:
    """Make a form from a sheet; it opens no vault, so that no key is in the process that reads a foreign file."""
    raw = read_bounded(sheet_path.absolute(), _MAX_SHEET)
    if raw.lstrip().startswith(b"{"):
        form = parse_form(encode(parse_lenient(raw, limit=MAX_FORM, where="form")))
        _write(out, form.content)
        print_said("form-convert.spelled", form=form.id)
        return
    from tui.xlsform.workbook import read_workbook  # noqa: PLC0415 - the reader is loaded for this verb alone

    made = convert_workbook(read_workbook(raw), form_id)
    lines = [_line(one) for one in made.unmapped]
    if strict and not made.whole:
        raise RefusalError("\n".join([*lines, say("form-convert.strict")]), POLICY)
    _write(out, made.form.content)
    if lines:
        _write(out.with_name(out.name + _UNMAPPED), "".join(f"{line}\n" for line in lines).encode("utf-8"))
    _tell(made, lines, out.name + _UNMAPPED)


def _tell(made: Conversion, lines: Sequence[str], listed: str) -> None:
    """What was made; that something is missing ends with an exit code of its own."""
    print_said("form-convert.done", form=made.form.id, questions=made.questions, digest=made.form.digest)
    if not made.whole:
        raise RefusalError("\n".join([*lines, say("form-convert.not-whole", file=listed)]), LOSS)
    if lines:
        print_said("form-convert.changed", file=listed)


def _line(one: Unmapped) -> str:
    values = {"sheet": one.sheet, "row": one.row, "value": one.value, "count": one.count}
    what = say(f"unmapped.{one.code}", value=one.value, count=one.count)
    place = "form-convert.row" if one.row else "form-convert.sheet" if one.sheet else "form-convert.file"
    return display_line(say(place, what=what, sheet=values["sheet"], row=values["row"]))


def _write(path: Path, data: bytes) -> None:
    with new_file(path.absolute()) as stream:
        write_all(stream, data)
