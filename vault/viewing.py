"""Looking at a record: nothing is shown before the log says that somebody looked (record.md, section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from testimony.interview import Interview
from vault.custody import append
from vault.drafts import load_draft
from vault.errors import NotFoundError
from vault.received import ReceivedRecord, get_received
from vault.records import StoredRecord, get_record
from vault.search import Hit, find_words
from vault.store import Vault


@dataclass(frozen=True, kw_only=True)
class OpenDraft:
    """An interview that can still be edited."""

    record_id: str
    interview: Interview = field(repr=False)


Viewed = OpenDraft | StoredRecord | ReceivedRecord


def view(vault: Vault, record_id: str) -> Viewed:
    """The record of that id, wherever it stands: being recorded, finished here, or the newest one taken in.

    Raises:
        NotFoundError: There is none.
        VaultDamagedError: What is stored cannot be read.
    """
    found = _found(vault, record_id)
    version = 0 if isinstance(found, OpenDraft) else found.version
    note_viewed(vault, {record_id: version})
    return found


def note_viewed(vault: Vault, viewed: Mapping[str, int]) -> None:
    """Write to the log that words of these records are shown, by id and version; call it before showing."""
    if not viewed:
        return
    with vault.transaction() as tx:
        for record_id, version in viewed.items():
            append(tx, vault, "record.view", record_id, {"version": version})


def open_identity(vault: Vault, record_id: str) -> None:
    """Write to the log that the identity of a record is shown; call it before showing."""
    with vault.transaction() as tx:
        append(tx, vault, "identity.open", record_id, {})


def _found(vault: Vault, record_id: str) -> Viewed:
    for find in (_draft, get_record, _newest_received):
        try:
            return find(vault, record_id)
        except NotFoundError:
            continue
    raise NotFoundError("record", record_id)


def _draft(vault: Vault, record_id: str) -> Viewed:
    return OpenDraft(record_id=record_id, interview=load_draft(vault, record_id))


def _newest_received(vault: Vault, record_id: str) -> Viewed:
    return get_received(vault, record_id)[0]


def find_noted(vault: Vault, query: str, *, limit: int = 20, after: str | None = None) -> list[Hit]:
    """What the search finds, once the log says that each record whose words it shows was viewed.

    A row of names and numbers shows no word of the account, and leaves no entry.

    Raises:
        NotFoundError: `after` is no cursor of a hit.
    """
    hits = find_words(vault, query, limit=limit, after=after)
    note_viewed(vault, {hit.record_id: hit.version for hit in hits if hit.paragraph is not None})
    return hits
