"""`show`: one record, or its account exactly as a body would receive it."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import click

from testimony.answers import NotAsked
from testimony.canonical import JsonValue
from testimony.consent import PROFILE_NAMES
from testimony.errors import ConsentError
from testimony.forms.form import Field
from testimony.interview import Interview
from tui.answer_text import answer_lines, is_identity, slot_lines
from tui.commands.companions import beside_json, beside_lines, companion_json, companion_lines
from tui.commands.errors import USAGE, RefusalError
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import json_option, print_json, print_lines
from tui.commands.passphrases import passphrase_option
from tui.interval_words import interval_sentence, interval_value
from tui.notice_text import notice_as_json, notice_lines
from vault.anchors import finished_between
from vault.approvals import leak_report, subject_of
from vault.holds import Hold, hold_on
from vault.preview import Handover, prepare
from vault.received import ReceivedRecord
from vault.records import StoredRecord
from vault.store import Vault
from vault.viewing import OpenDraft, Viewed, note_viewed, open_identity, view, view_companion


@click.command("show", cls=SentenceCommand, help=say("show.help"))
@vault_argument
@click.argument("record_id", metavar="ID")
@click.option("--as", "profile", type=click.Choice(PROFILE_NAMES), default=None, help=say("option.as"))
@click.option("--to", metavar="BODY", default=None, help=say("option.to"))
@click.option("--purpose", metavar="WORDS", default=None, help=say("option.purpose"))
@click.option("--version", type=click.IntRange(1, 10_000), metavar="N", default=None, help=say("option.version"))
@click.option("--identity", is_flag=True, help=say("option.identity"))
@json_option
@passphrase_option
def show_command(  # noqa: PLR0913 - one parameter an option
    vault_path: Path,
    *,
    record_id: str,
    profile: str | None,
    to: str | None,
    purpose: str | None,
    version: int | None,
    identity: bool,
    as_json: bool,
    passphrase_fd: int | None,
) -> None:
    """Show what is stored, or what would leave."""
    if (profile, to, purpose).count(None) not in (0, 3):
        raise RefusalError(say("show.incomplete"), USAGE)
    with opened(vault_path, passphrase_fd) as vault:
        if profile is not None and to is not None and purpose is not None:
            lines = _as_received(vault, record_id, (profile, to, purpose), version)
            value: dict[str, object] = {"record": record_id, "text": lines}
        elif (companion := view_companion(vault, record_id)) is not None:
            lines, value = list(companion_lines(companion)), companion_json(companion)
        else:
            viewed = view(vault, record_id, version)
            if identity:
                open_identity(vault, record_id)
            hold = hold_on(vault, record_id)
            lines = [*_hold_lines(hold), *_lines(viewed, identity=identity)]
            value = _as_json(viewed, identity=identity) | {"hold": None if hold is None else asdict(hold)}
            if isinstance(viewed, StoredRecord) and viewed.head is not None:
                interval = finished_between(vault, record_id, viewed.version)
                lines += ["", interval_sentence(interval, viewed.finished_at, LANGUAGE)]
                value["finished"] = {**interval_value(interval), "claimed": viewed.finished_at}
            lines += beside_lines(vault, viewed)
            value |= beside_json(vault, viewed)
    if as_json:
        print_json(value)
    else:
        print_lines(lines)


def _hold_lines(hold: Hold | None) -> Iterator[str]:
    if hold is not None:
        yield say("show.hold", authority=hold.authority, reason=hold.reason, since=hold.since)


def _as_received(vault: Vault, record_id: str, asked: tuple[str, str, str], version: int | None) -> list[str]:
    """The reading copy as the writer of the bundle renders it now: what nobody walked through is not in it."""
    profile, to, purpose = asked
    ready = prepare(
        vault,
        to=to,
        purpose=purpose,
        profile=profile,
        record_ids=[record_id],
        version=version,
    )
    rendition = ready.rows[0].rendition
    if rendition is None:
        decision = ready.rows[0].decision
        raise ConsentError(decision.rule, decision.reason, record_id)
    if rendition.open:
        click.echo(say("show.review-open", count=len(rendition.open)), err=True)
    note_viewed(vault, {record_id: rendition.packed.line.version})
    return [*rendition.text.splitlines(), "", *_for_a_second_person(vault, ready)]


def _for_a_second_person(vault: Vault, ready: Handover) -> Iterator[str]:
    """The leak report and the digits that stand for all of it: what an approval is about."""
    for line in leak_report(ready):
        record_id, looked_for, *files = line.split(" ")
        yield say("show.leak-report", record_id=record_id, count=looked_for, files=", ".join(files) or "0")
    yield say("show.rendition-digits", digits=subject_of(vault, ready).digits)


def _lines(viewed: Viewed, *, identity: bool) -> Iterator[str]:
    """Heading, answers, account, and where it is finished its signed head."""
    yield _heading(viewed)
    if viewed.version > 1:
        yield say("show.correction", version=viewed.version, before=viewed.version - 1)
    yield ""
    if isinstance(viewed, ReceivedRecord):
        yield from _received_lines(viewed)
        return
    interview = _interview(viewed)
    if interview is not None:
        for label, text in answer_lines(interview, LANGUAGE, mask=None if identity else say("show.masked")):
            yield from _labelled(label, text)
        yield ""
        yield from (f"[{number}] {text}" for number, text in enumerate(interview.paragraphs, start=1))
    if isinstance(viewed, StoredRecord):
        yield from _finished_lines(viewed)


def _heading(viewed: Viewed) -> str:
    if isinstance(viewed, OpenDraft):
        return say("show.draft", record_id=viewed.record_id)
    if isinstance(viewed, ReceivedRecord):
        return say(
            "show.received",
            record_id=viewed.record_id,
            control_number=viewed.control_number,
            sender=viewed.sender,
            at=viewed.received_at,
        )
    key = "show.finished" if viewed.stage == "finished" else "show.refused"
    control = "" if viewed.record is None else viewed.record.control_number or ""
    return say(key, record_id=viewed.record_id, control_number=control, at=viewed.finished_at)


def _interview(viewed: OpenDraft | StoredRecord) -> Interview | None:
    if isinstance(viewed, OpenDraft):
        return viewed.interview
    return None if viewed.record is None else viewed.record.interview


def _received_lines(viewed: ReceivedRecord) -> Iterator[str]:
    for notice in viewed.notices:
        yield from notice_lines(notice, LANGUAGE)
        yield ""
    yield viewed.conditions.rstrip()
    yield ""
    for label, text in slot_lines(viewed.form, viewed.answers, LANGUAGE):
        yield from _labelled(label, text)
    yield ""
    yield from (f"[{place + 1}] {text}" for place, text in viewed.paragraphs)
    yield ""
    yield say("show.hidden", count=len(viewed.hidden))


def _finished_lines(viewed: StoredRecord) -> Iterator[str]:
    yield ""
    for exhibit in () if viewed.record is None else viewed.record.exhibits:
        number = exhibit.control_number or ""
        yield say("show.exhibit", number=number, kind=exhibit.kind, size=exhibit.size, sha256=exhibit.sha256)
    if viewed.head_text:
        yield ""
        yield say("show.head")
        yield from viewed.head_text.decode("utf-8").splitlines()


def _labelled(label: str, text: str) -> Iterator[str]:
    first, *rest = text.splitlines() or [""]
    yield f"{label}: {first}"
    yield from (f"    {line}" for line in rest)


def _as_json(viewed: Viewed, *, identity: bool) -> dict[str, object]:
    """The record as one JSON object; identity fields are left out unless they were asked for."""
    if isinstance(viewed, ReceivedRecord):
        return {
            "answers": dict(viewed.answers),
            "control_number": viewed.control_number,
            "hidden": list(viewed.hidden),
            "paragraphs": [{"number": place + 1, "text": text} for place, text in viewed.paragraphs],
            "notices": [notice_as_json(notice) for notice in viewed.notices],
            "record": viewed.record_id,
            "sender": viewed.sender,
            "stage": "received",
            "version": viewed.version,
        }
    interview = _interview(viewed)
    value: dict[str, object] = {
        "interview": None if interview is None else _masked(interview, identity=identity),
        "record": viewed.record_id,
        "stage": "draft" if isinstance(viewed, OpenDraft) else viewed.stage,
        "version": viewed.version,
    }
    if isinstance(viewed, StoredRecord):
        value["control_number"] = None if viewed.record is None else viewed.record.control_number
        value["head"] = viewed.head_text.decode("utf-8")
    return value


def _masked(interview: Interview, *, identity: bool) -> JsonValue:
    """The interview as JSON, without the fields of the identity unless they were asked for."""
    shown = {
        name: answer
        for name, answer in interview.answers.items()
        if identity or not is_identity(_field(interview, name))
    }
    hidden = {name: NotAsked() for name in interview.answers if name not in shown}
    return replace(interview, answers={**shown, **hidden}, unparsed=interview.unparsed if identity else {}).to_json()


def _field(interview: Interview, name: str) -> Field:
    return next(asked for asked in interview.form.fields if asked.id == name)
