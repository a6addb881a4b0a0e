"""`form`: the forms of an organisation, taken into a vault, listed, and made from sheets of KoboToolbox and ODK."""

from pathlib import Path

import click

from testimony.forms.form import Form
from testimony.forms.reading import MAX_FORM
from tui.answer_text import labelled
from tui.commands.help import LANGUAGE, SentenceCommand, SentenceGroup, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from vault.files import read_bounded
from vault.forms import import_form, list_forms


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
