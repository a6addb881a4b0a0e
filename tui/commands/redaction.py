"""`redact`: the walk through every span of a record before a body sees it."""

from pathlib import Path

import click

from testimony.canonical import JsonValue, parse_lenient
from testimony.redaction.decisions import MAX_DECISIONS
from testimony.redaction.spans import Same, Span
from tui.commands.destinations import profile_option, recipient_options
from tui.commands.errors import POLICY, USAGE, RefusalError
from tui.commands.help import SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_said
from tui.commands.passphrases import passphrase_option
from vault.files import read_bounded
from vault.review import Walk, save_walk, walk_of
from vault.viewing import note_viewed


@click.command("redact", cls=SentenceCommand, help=say("redact.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@recipient_options
@profile_option
@click.option(
    "--decisions",
    "decisions_path",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    default=None,
    help=say("option.decisions"),
)
@click.option("--version", type=click.IntRange(1, 10_000), metavar="N", default=None, help=say("option.seal-version"))
@click.option("--list", "listed", is_flag=True, help=say("option.list-spans"))
@json_option
@passphrase_option
def redact_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_id: str,
    to: str,
    purpose: str,
    profile: str,
    decisions_path: Path | None,
    version: int | None,
    listed: bool,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Decide about each span, at the prompt or by a file, or list them."""
    if listed and decisions_path is not None:
        raise RefusalError(say("redact.one-way"), USAGE)
    raw = None if decisions_path is None else read_bounded(decisions_path.absolute(), MAX_DECISIONS)
    with opened(vault_path, passphrase_fd) as vault:
        walk = walk_of(vault, record_id, to=to, purpose=purpose, profile=profile, version=version)
        if raw is not None:
            walk = walk.reading(parse_lenient(raw, limit=MAX_DECISIONS, where="decisions"))
            save_walk(vault, walk)
        else:
            note_viewed(vault, {record_id: walk.stored.version})
            if not listed:
                from tui.commands.walking import walked  # noqa: PLC0415 - only a person at a terminal walks

                walk = walked(vault, walk)
    if listed or as_json:
        print_json(_as_json(walk))
    else:
        print_said("redact.state", open=len(walk.open), total=len(walk.spans), hidden=walk.decisions.hidden)
    if raw is not None and walk.same:
        raise RefusalError(say("redact.same-left", count=len(walk.same), path=walk.same[0].path), POLICY)


def _as_json(walk: Walk) -> dict[str, JsonValue]:
    return {
        "hidden": walk.decisions.hidden,
        "open": len(walk.open),
        "profile": walk.release.profile,
        "purpose": walk.release.purpose,
        "record": walk.release.record_id,
        "same": [{"path": one.path, "words": _words_of(walk, one)} for one in walk.same],
        "spans": [_span_as_json(one) for one in walk.spans],
        "to": walk.release.recipient,
        "version": walk.release.version,
    }


def _words_of(walk: Walk, same: Same) -> list[JsonValue]:
    span = next((one for one in walk.spans if one.path == same.path), None)
    return [] if span is None else _word_numbers(span, same.start, same.end)


def _span_as_json(span: Span) -> dict[str, JsonValue]:
    decision = span.decision
    value: dict[str, JsonValue] = {
        "held": [_word_numbers(span, start, end) for start, end in span.held],
        "kind": span.kind,
        "path": span.path,
        "state": "open" if decision is None else decision.outcome,
        "text": span.as_decided(),
        "words": [word.text for word in span.words],
    }
    if decision is not None and decision.code is not None:
        value["code"] = decision.code
    if decision is not None and decision.ranges:
        value["ranges"] = [
            {"code": one.code, "words": _word_numbers(span, one.start, one.end)} for one in decision.ranges
        ]
    return value


def _word_numbers(span: Span, start: int, end: int) -> list[JsonValue]:
    """The first and the last word of a range by their numbers from 1; nothing for a span without words."""
    touched = [number for number, word in enumerate(span.words, 1) if word.start < end and start < word.end]
    return [touched[0], touched[-1]] if touched else []
