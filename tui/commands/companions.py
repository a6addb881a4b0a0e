"""`translate`, `transcribe`, `observe`: what belongs to a record and is not the witness's word."""

from collections.abc import Iterator
from pathlib import Path

import click

from testimony.forms.form import FormKind
from testimony.interview import MAX_INTERVIEW
from tui.answer_text import answer_lines
from tui.commands.help import LANGUAGE, SentenceCommand, say
from tui.commands.openings import opened, vault_argument
from tui.commands.output import print_said
from tui.commands.passphrases import passphrase_option
from tui.commands.records import problems_said
from vault.companions import StoredCompanion, add_companion, companions_of
from vault.files import read_bounded
from vault.received import ReceivedRecord
from vault.received_companions import ReceivedCompanion, companions_received
from vault.records import StoredRecord
from vault.store import Vault
from vault.viewing import Viewed


def _adding(name: str, kind: FormKind) -> click.Command:
    """The command that adds a companion of one kind."""

    @click.command(name, cls=SentenceCommand, help=say(f"{name}.help"))
    @vault_argument
    @click.argument("record_id", metavar="ID")
    @click.option(
        "--from",
        "source",
        metavar="FILE",
        type=click.Path(path_type=Path, readable=False),
        required=True,
        help=say(f"option.{name}-from"),
    )
    @passphrase_option
    def command(vault_path: Path, *, record_id: str, source: Path, passphrase_fd: int | None) -> None:
        """Sign it and keep it beside its record."""
        raw = read_bounded(source.absolute(), MAX_INTERVIEW)
        with opened(vault_path, passphrase_fd) as vault, problems_said("companion.not-added"):
            added = add_companion(vault, record_id, kind, raw)
        print_said(
            f"{name}.done",
            companion_id=added.companion_id,
            record_id=record_id,
            control_number=added.record.control_number,
        )

    return command


translate_command = _adding("translate", "translation")
transcribe_command = _adding("transcribe", "transcript")
observe_command = _adding("observe", "observation")


def companion_lines(companion: StoredCompanion) -> Iterator[str]:
    """A companion as it is shown: what it is and of which record, its answers, its text."""
    yield companion_line(companion)
    yield ""
    for label, text in answer_lines(companion.record.interview, LANGUAGE, mask=None):
        first, *rest = text.splitlines() or [""]
        yield f"{label}: {first}"
        yield from (f"    {line}" for line in rest)
    yield ""
    yield from (f"[{number}] {text}" for number, text in enumerate(companion.record.interview.paragraphs, start=1))
    yield ""
    yield say("show.head")
    yield from companion.head_text.decode("utf-8").splitlines()


def companion_line(companion: StoredCompanion) -> str:
    """One line that says what it is."""
    return say(
        f"show.{companion.kind}",
        companion_id=companion.companion_id,
        record_id=companion.record_id,
        version=companion.version,
        control_number=companion.record.control_number,
        spoken=companion.record.interview.language,
    )


def companion_json(companion: StoredCompanion) -> dict[str, object]:
    """The same as one JSON object."""
    return {
        "companion": companion.companion_id,
        "control_number": companion.record.control_number,
        "head": companion.head_text.decode("utf-8"),
        "interview": companion.record.interview.to_json(),
        "kind": companion.kind,
        "record": companion.record_id,
        "version": companion.version,
    }


def beside_lines(vault: Vault, viewed: Viewed) -> Iterator[str]:
    """What stands beside a record: a line for each of its own companions, the copy of each that came in."""
    for companion in _own(vault, viewed):
        yield companion_line(companion)
    for received in _received(vault, viewed):
        yield ""
        yield from received.text.splitlines()


def beside_json(vault: Vault, viewed: Viewed) -> dict[str, object]:
    """The same as members of a JSON object."""
    own = [{"companion": one.companion_id, "kind": one.kind} for one in _own(vault, viewed)]
    came = [
        {"companion": one.companion_id, "kind": one.kind, "language": one.language, "text": one.text}
        for one in _received(vault, viewed)
    ]
    return {"companions": [*own, *came]}


def _own(vault: Vault, viewed: Viewed) -> tuple[StoredCompanion, ...]:
    return companions_of(vault, viewed.record_id, viewed.version) if isinstance(viewed, StoredRecord) else ()


def _received(vault: Vault, viewed: Viewed) -> tuple[ReceivedCompanion, ...]:
    if not isinstance(viewed, ReceivedRecord):
        return ()
    return companions_received(vault, viewed.record_id, viewed.version)
