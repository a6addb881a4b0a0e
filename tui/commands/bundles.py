"""`seal`, `receive`, `receipt`: what goes out and what comes in."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click

from testimony.canonical import JsonValue, decode
from testimony.custody.growth import Standing
from testimony.report import report_json, report_text
from tui.commands.destinations import profile_option, recipient_options
from tui.commands.errors import POLICY, USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines, print_said
from tui.commands.passphrases import passphrase_option
from tui.commands.progress import bytes_bar
from tui.strings.sentences import has_sentence, sentence
from tui.text_filter import display_safe
from vault.files import is_folder
from vault.handover import Handover, HandoverRow, Sealed, prepare, seal
from vault.intake import Intake, receive
from vault.receipts import import_receipt

_MAX_REPORT: Final = 64 * 1024 * 1024  # bytes


@click.command("seal", cls=SentenceCommand, help=say("seal.help"))
@vault_argument
@click.argument("record_ids", metavar="[ID]...", nargs=-1)
@recipient_options
@profile_option
@click.option("--version", type=click.IntRange(1, 10_000), metavar="N", default=None, help=say("option.seal-version"))
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path, readable=False), required=True, help=say("option.out")
)
@json_option
@passphrase_option
def seal_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_ids: tuple[str, ...],
    to: str,
    purpose: str,
    profile: str,
    version: int | None,
    out: Path,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Seal what consent lets go, and say what it holds back."""
    if version is not None and len(record_ids) != 1:
        raise RefusalError(say("seal.version-of-one"), USAGE)
    folder = out.absolute()
    with opened(vault_path, passphrase_fd) as vault:
        ready = prepare(vault, to=to, purpose=purpose, profile=profile, record_ids=record_ids or None, version=version)
        _say_held_back(ready)
        if ready.rows and not ready.count:
            raise RefusalError(say("seal.nothing-leaves"), POLICY)
        if not is_folder(folder):
            # A stick that is not in, or a slip of the keyboard: a bundle must not land where nobody looks for it.
            raise RefusalError(say("seal.no-folder", path=folder), USAGE)
        with bytes_bar(say("seal.progress")) as progress:
            sealed = seal(vault, ready, folder, progress)
    if as_json:
        print_json(_sealed_as_json(ready, sealed))
    else:
        _say_sealed(ready, sealed)


def _say_held_back(ready: Handover) -> None:
    for row in ready.rows:
        if not row.allowed:
            click.echo(_held(row), err=True)
        elif row.rendition is not None and row.rendition.open:
            click.echo(_open(ready, row, len(row.rendition.open)), err=True)


def _open(ready: Handover, row: HandoverRow, count: int) -> str:
    return say(
        "seal.review-open",
        record_id=row.record_id,
        count=count,
        body=ready.to.code,
        purpose=ready.purpose,
        profile=ready.profile,
    )


def _held(row: HandoverRow) -> str:
    key = f"failure.consent.{row.decision.reason}"
    words = sentence(key if has_sentence(key) else "failure.consent", LANGUAGE, rule=row.decision.rule)
    return say("seal.held", record_id=row.record_id, rule=row.decision.rule, words=words)


def _say_sealed(ready: Handover, sealed: Sealed) -> None:
    print_said(
        "seal.done",
        count=sealed.count,
        total=len(ready.rows),
        body=ready.to.code,
        path=sealed.path,
        bundle_id=sealed.bundle_id,
        sha256=sealed.sha256,
    )
    if len(sealed.approvers) > 1:
        print_said("seal.approved-by-several", approvers=" ".join(sealed.approvers))
    elif sealed.approvers:
        print_said("seal.approved", approver=sealed.approvers[0])
    else:
        print_said("seal.nobody-else")


def _sealed_as_json(ready: Handover, sealed: Sealed) -> dict[str, object]:
    return {
        "approved_by": " ".join(sealed.approvers),
        "bundle": sealed.bundle_id,
        "count": sealed.count,
        "held": [{"record": row.record_id, "rule": row.decision.rule} for row in ready.rows if not row.allowed],
        "path": str(sealed.path),
        "sha256": sealed.sha256,
        "size": sealed.size,
        "to": ready.to.code,
        "withheld": sealed.withheld,
    }


@click.command("receive", cls=SentenceCommand, help=say("receive.help"))
@vault_argument
@click.argument("bundle", metavar="BUNDLE", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--receipt", "receipts", metavar="DIR", type=click.Path(path_type=Path, readable=False), help=say("option.receipt")
)
@click.option("--accept-conditions", "accepted", is_flag=True, help=say("option.accept-conditions"))
@json_option
@passphrase_option
def receive_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    bundle: Path,
    receipts: Path | None,
    accepted: bool,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Check a bundle, show the report, and take its records in where every check held."""
    folder = (receipts or bundle.absolute().parent).absolute()
    with opened(vault_path, passphrase_fd) as vault, ExitStack() as bar:
        progress = bar.enter_context(bytes_bar(say("receive.progress")))

        def accept(conditions: str) -> bool:
            bar.close()  # it would be drawn over the question
            return accepted or _asked(conditions)

        intake = receive(vault, bundle.absolute(), accept, progress, receipt_folder=folder)
    if as_json:
        print_json(_intake_as_json(intake))
    else:
        _say_taken_in(intake)
    intake.raise_failure()


def _asked(conditions: str) -> bool:
    """Whether the person at the terminal accepts the conditions for the body; no where nobody can be asked."""
    if not sys.stdin.isatty():
        return False
    click.echo("\n".join(display_safe(line) for line in conditions.splitlines()), err=True)
    said = click.prompt(say("receive.accept"), default="", show_default=False, prompt_suffix=" ", err=True)
    return str(said).strip().casefold() in {say("receive.yes"), sentence("command.receive.yes", "en")}


def _say_taken_in(intake: Intake) -> None:
    """The conditions first, then the report, then what became of each record."""
    conditions = [*intake.conditions.splitlines(), ""] if intake.conditions else []
    print_lines([*conditions, *report_text(intake.examination, LANGUAGE).splitlines(), ""])
    if intake.own:
        print_said("receive.own")
    if intake.vouched_by:
        print_said("receive.vouched", sender=intake.sender, roster=intake.vouched_by)
    for outcome in intake.outcomes:
        words = say(f"receive.{outcome.outcome}")
        print_said("receive.outcome", control_number=outcome.control_number, outcome=words)
        how = intake.continuity.get(outcome.control_number, "first")
        if how != "first":
            print_said(f"receive.revision-{how}")
    if intake.standing is Standing.OLDER:
        print_said("receive.older")
    if intake.receipt_path is not None:
        print_said("receive.receipt", path=intake.receipt_path)
    elif intake.failure is None and not intake.own:
        print_said("receive.receipt-kept")


def _intake_as_json(intake: Intake) -> dict[str, JsonValue]:
    return {
        "conditions": intake.conditions,
        "outcomes": [
            {
                "control_number": one.control_number,
                "outcome": one.outcome,
                "revision": intake.continuity.get(one.control_number),
            }
            for one in intake.outcomes
        ],
        "own": intake.own,
        "receipt": None if intake.receipt_path is None else str(intake.receipt_path),
        "refused": intake.failure is not None,
        "report": decode(report_json(intake.examination).rstrip(b"\n"), limit=_MAX_REPORT, where="report"),
        "sender": intake.sender,
        "standing": None if intake.standing is None else str(intake.standing),
        "verdict": str(intake.verdict),
        "vouched_by": intake.vouched_by,
    }


@click.command("receipt", cls=SentenceCommand, help=say("receipt.help"))
@vault_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@passphrase_option
def receipt_command(vault_path: Path, *, file: Path, passphrase_fd: int | None) -> None:
    """Take in the receipt of a body."""
    with opened(vault_path, passphrase_fd) as vault:
        receipt = import_receipt(vault, file.absolute())
    print_said("receipt.done", bundle_id=receipt.bundle_id)
