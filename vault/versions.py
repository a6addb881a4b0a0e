"""The versions of a record, and what the draft of a further one goes out from (docs/format/head-v1.md, section 4)."""

from dataclasses import dataclass, field

from testimony.consent_events import ConsentEvent, parse_event
from testimony.errors import TestimonyError
from testimony.interview import Interview
from testimony.model import Record, parse_record
from testimony.redaction.head import parse_head
from vault.errors import PolicyError, VaultDamagedError
from vault.forms import form_of_digest
from vault.record_list import absent
from vault.store import Vault


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One finished version of a record: when it was finished, its number and its root in hex."""

    version: int
    finished_at: str
    control_number: str
    root: str


@dataclass(frozen=True, kw_only=True)
class Basis:
    """The version that a correction follows, with the first one's interview and every consent event of the record."""

    version: int
    root: bytes
    record: Record = field(repr=False)
    first: Interview = field(repr=False)
    events: tuple[ConsentEvent, ...] = field(repr=False)


def versions_of(vault: Vault, record_id: str) -> tuple[VersionRow, ...]:
    """Every finished version of a record of this vault, the first one first; none of a refusal or a draft."""
    rows = vault.read(
        "SELECT version, finished_at, control_number, root FROM records WHERE record_id = ? AND stage = 'finished'"
        " ORDER BY version",
        (record_id,),
    )
    return tuple(
        VersionRow(version=version, finished_at=at, control_number=number or "", root=root.hex())
        for version, at, number, root in rows
    )


def basis_of(vault: Vault, record_id: str) -> Basis:
    """What a correction of the record goes out from: its newest version.

    Raises:
        NotFoundError: There is no such record here.
        PolicyError: A refusal ("correct-refused"), a record without content any more ("correct-erased"), or one that
            the witness withdrew ("correct-withdrawn").
        VaultDamagedError: A version or a consent event cannot be read.
    """
    rows = vault.read(
        "SELECT version, stage, root, content, head FROM records WHERE record_id = ? ORDER BY version", (record_id,)
    )
    if not rows:
        raise absent(vault.read_one, record_id)
    version, _, root, *newest = rows[-1]
    if any(stage == "refused" for _, stage, *_ in rows):
        raise PolicyError("correct-refused", record_id)
    if any(stage != "finished" or held is None for _, stage, _, held, _ in rows):
        raise PolicyError("correct-erased", record_id)
    events = _events(vault, record_id)
    if _is_withdrawn(events):
        raise PolicyError("correct-withdrawn", record_id)
    return Basis(
        version=version,
        root=root,
        record=_record(vault, record_id, *newest),
        first=_record(vault, record_id, *rows[0][3:]).interview,
        events=events,
    )


def _is_withdrawn(events: tuple[ConsentEvent, ...]) -> bool:
    """Whether the last word about everything was a withdrawal."""
    kinds = [event.kind for event in events if event.about_everything]
    return kinds[-1:] == ["withdraw"]


def _record(vault: Vault, record_id: str, content: bytes, head: bytes) -> Record:
    try:
        return parse_record(content, form_of_digest(vault.read_one, parse_head(head).form_sha256))
    except TestimonyError as error:
        raise VaultDamagedError("content", f"record {record_id}") from error


def _events(vault: Vault, record_id: str) -> tuple[ConsentEvent, ...]:
    rows = vault.read("SELECT content FROM consent_events WHERE record_id = ? ORDER BY seq", (record_id,))
    try:
        return tuple(parse_event(content) for (content,) in rows)
    except TestimonyError as error:
        raise VaultDamagedError("consent", f"record {record_id}") from error
