"""`consent`, `settings`: what a person says about sharing after the record was finished, and when that is reviewed."""

from pathlib import Path

import click

from testimony.consent_events import ConsentEvent, EventAnswer, EventIdentity
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said, print_table
from tui.commands.passphrases import passphrase_option
from tui.strings.sentences import sentence
from vault.consent import WAYS, Answer, record_answer
from vault.consent_log import MAX_REVIEW_MONTHS, review_months, set_review_months
from vault.records import get_record


@click.command("consent", cls=SentenceCommand, help=say("consent.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option("--to", metavar="BODY", default=None, help=say("option.to"))
@click.option("--purpose", metavar="WORDS", default=None, help=say("option.purpose"))
@click.option("--answer", type=click.Choice(("yes", "no", "ask-first")), default=None, help=say("option.answer"))
@click.option(
    "--identity",
    type=click.Choice(("no", "yes", "court-order")),
    default="no",
    show_default=True,
    help=say("option.identity-level"),
)
@click.option("--how", type=click.Choice(WAYS), default="spoken", show_default=True, help=say("option.how"))
@click.option("--script", metavar="ID", default="", help=say("option.script"))
@click.option("--list", "listed", is_flag=True, help=say("option.consent-list"))
@json_option
@passphrase_option
def consent_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_id: str,
    to: str | None,
    purpose: str | None,
    answer: EventAnswer | None,
    identity: EventIdentity,
    how: str,
    script: str,
    listed: bool,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Write down what the person says now, or list what was said."""
    given = None
    if to is not None and purpose is not None and answer is not None and not listed:
        given = Answer(recipient=to, purpose=purpose, answer=answer, identity=identity, how=how, script=script)
    elif not listed or (to, purpose, answer) != (None, None, None):
        raise RefusalError(say("consent.incomplete"), USAGE)
    with opened(vault_path, passphrase_fd) as vault:
        added = None if given is None else record_answer(vault, record_id, given)
        events = get_record(vault, record_id).events if added is None else (added,)
    if as_json:
        print_json({"events": [_as_json(event) for event in events], "record": record_id})
    elif added is not None:
        print_said("consent.done", record_id=record_id, number=added.seq, kind=_kind(added))
    else:
        _print_events(events)


@click.command("settings", cls=SentenceCommand, help=say("settings.help"))
@vault_argument
@click.option(
    "--review-months",
    "months",
    metavar="N",
    type=click.IntRange(1, MAX_REVIEW_MONTHS),
    default=None,
    help=say("option.review-months"),
)
@json_option
@passphrase_option
def settings_command(vault_path: Path, *, months: int | None, as_json: bool, passphrase_fd: int | None) -> None:
    """Show what the organisation chose for this vault, or choose it."""
    with opened(vault_path, passphrase_fd) as vault:
        if months is not None:
            set_review_months(vault, months)
        chosen = review_months(vault)
    if as_json:
        print_json({"review_months": chosen})
    else:
        print_said("settings.review-months", count=chosen)


def _print_events(events: tuple[ConsentEvent, ...]) -> None:
    if not events:
        print_said("consent.none")
    print_table(
        ["number", "date", "said", "body", "purpose", "answer", "identity", "review"],
        [
            [
                str(event.seq),
                event.at.date().isoformat(),
                _kind(event),
                event.recipient,
                event.purpose,
                sentence(f"consent.answer.{event.answer}", LANGUAGE),
                sentence(f"consent.identity.{event.identity}", LANGUAGE),
                "" if event.review_by is None else event.review_by.isoformat(),
            ]
            for event in events
        ],
    )


def _kind(event: ConsentEvent) -> str:
    return sentence(f"consent.kind.{event.kind}", LANGUAGE)


def _as_json(event: ConsentEvent) -> dict[str, object]:
    return {
        "answer": event.answer,
        "at": event.at.isoformat(),
        "how": event.how,
        "identity": event.identity,
        "kind": event.kind,
        "number": event.seq,
        "purpose": event.purpose,
        "recipient": event.recipient,
        "review_by": None if event.review_by is None else event.review_by.isoformat(),
        "script": event.script,
    }
