"""`approval`: a second person looks at what is to leave for the first time, and signs that it may."""

from pathlib import Path

import click

from testimony.approval import MAX_APPROVAL
from testimony.erasure_approval import Erasure, is_about_erasure, parse_any_request
from tui.commands.destinations import profile_option, recipient_options
from tui.commands.errors import POLICY, RefusalError
from tui.commands.help import SentenceCommand, SentenceGroup, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import new_file_option, print_said
from tui.commands.passphrases import passphrase_option
from vault.approvals import request_approval, subject_of, take_approval
from vault.erasure_approvals import erasure_to_approve, take_erasure_approval
from vault.files import read_bounded, write_all
from vault.preview import prepare
from vault.second_person import give_approval
from vault.stick_files import new_file


@click.group("approval", cls=SentenceGroup, help=say("approval.help"))
def approval_command() -> None:
    """Approvals by a second person."""


@approval_command.command(
    "request", cls=SentenceCommand, short_help=say("approval-request.line"), help=say("approval-request.help")
)
@vault_argument
@click.argument("record_ids", metavar="[ID]...", nargs=-1)
@recipient_options
@profile_option
@new_file_option
@passphrase_option
def request_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_ids: tuple[str, ...],
    to: str,
    purpose: str,
    profile: str,
    out: Path,
    passphrase_fd: int | None,
) -> None:
    """Write a request about what would leave as it is now."""
    with opened(vault_path, passphrase_fd) as vault:
        ready = prepare(vault, to=to, purpose=purpose, profile=profile, record_ids=record_ids or None)
        request, digits = request_approval(vault, ready), subject_of(vault, ready).digits
        with new_file(out) as stream:
            write_all(stream, request)
    print_said("approval-request.done", path=out, count=ready.count, digits=digits)


@approval_command.command(
    "erasure", cls=SentenceCommand, short_help=say("approval-erasure.line"), help=say("approval-erasure.help")
)
@vault_argument
@click.argument("record_id", metavar="ID")
@new_file_option
@passphrase_option
def erasure_command(vault_path: Path, *, record_id: str, out: Path, passphrase_fd: int | None) -> None:
    """Write a request about an erasure that was asked for."""
    with opened(vault_path, passphrase_fd) as vault:
        erasure = erasure_to_approve(vault, record_id)
        with new_file(out) as stream:
            write_all(stream, erasure.to_text())
    print_said("approval-erasure.done", path=out, record_id=record_id, digits=erasure.digits)


@approval_command.command(
    "give", cls=SentenceCommand, short_help=say("approval-give.line"), help=say("approval-give.help")
)
@vault_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@click.option("--digits", metavar='"0123 4567 …"', required=True, help=say("option.rendition-digits"))
@click.option("--erase", "erased", metavar="ID", default="", help=say("option.approval-erase"))
@new_file_option
@passphrase_option
def give_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path, *, file: Path, digits: str, erased: str, out: Path, passphrase_fd: int | None
) -> None:
    """Sign in the second person's own vault."""
    about = parse_any_request(read_bounded(file.absolute(), MAX_APPROVAL))
    erasing = about.record_id if isinstance(about, Erasure) else ""
    if erased != erasing:
        # Digits tell nobody what they stand for: who was asked about a seal must not sign an erasure.
        words = say("approval-give.erases", record_id=erasing) if erasing else say("approval-give.erases-nothing")
        raise RefusalError(words, POLICY)
    with opened(vault_path, passphrase_fd) as vault, new_file(out) as stream:
        write_all(stream, give_approval(vault, about, digits))
    print_said("approval-give.done", path=out)


@approval_command.command(
    "take", cls=SentenceCommand, short_help=say("approval-take.line"), help=say("approval-take.help")
)
@vault_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@passphrase_option
def take_command(vault_path: Path, *, file: Path, passphrase_fd: int | None) -> None:
    """Take in the second person's approval."""
    data = read_bounded(file.absolute(), MAX_APPROVAL)
    with opened(vault_path, passphrase_fd) as vault:
        if is_about_erasure(data):
            erasing = take_erasure_approval(vault, data)
            said = {"approver": erasing.approver, "record_id": erasing.subject.record_id}
            print_said("approval-take.erasure", **said)
        else:
            approval = take_approval(vault, data)
            print_said("approval-take.done", approver=approval.approver, body=approval.subject.recipient)
