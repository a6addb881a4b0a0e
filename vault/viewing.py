"""Looking at a record: nothing is shown before the log says that somebody looked (record.md, section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from testimony.interview import Interview
from vault.companions import StoredCompanion, get_companion
from vault.custody import append
from vault.drafts import draft_version, load_draft
from vault.errors import NotFoundError
from vault.notices import withdrawn_sources
from vault.received import ReceivedRecord, get_received
from vault.record_list import absent
from vault.records import StoredRecord, get_record
from vault.search import Hit, find_words
from vault.sittings import open_session
from vault.store import Vault


@dataclass(frozen=True, kw_only=True)
class OpenDraft:
    """An interview that can still be edited; its version is 0 where it will be the first, else that of a correction."""

    record_id: str
    version: int = 0
    interview: Interview = field(repr=False)


Viewed = OpenDraft | StoredRecord | ReceivedRecord


def view(vault: Vault, record_id: str, version: int | None = None) -> Viewed:
    """The record of that id, wherever it stands: finished here, being recorded, or the newest one taken in.

    Where a version is named, that one: of an open correction its draft.

    Raises:
        NotFoundError: There is none.
        VaultDamagedError: What is stored cannot be read.
    """
    found = _found(vault, record_id, version)
    note_viewed(vault, {record_id: found.version})
    return found


def view_companion(vault: Vault, companion_id: str) -> StoredCompanion | None:
    """The translation, transcript or observation of that id, and None where it is none; the log says it was viewed.

    Raises:
        VaultDamagedError: What is stored cannot be read.
    """
    try:
        found = get_companion(vault, companion_id)
    except NotFoundError:
        return None
    note_viewed(vault, {found.record_id: found.version})
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


def take_in_hand(vault: Vault, record_id: str) -> Interview:
    """The draft, to be edited, once the log says that its sitting began.

    Raises:
        NotFoundError: There is no such draft.
        VaultDamagedError: What is stored is no interview.
    """
    interview = load_draft(vault, record_id)
    open_session(vault, record_id)
    return interview


def _found(vault: Vault, record_id: str, version: int | None) -> Viewed:
    # A finished record before the draft of its correction: what was signed is what somebody who looks it up wants.
    for find in (get_record, _draft, _received):
        try:
            return find(vault, record_id, version)
        except NotFoundError:
            continue
    raise absent(vault.read_one, record_id)


def _draft(vault: Vault, record_id: str, version: int | None) -> Viewed:
    will_be = draft_version(vault, record_id)
    if will_be is None or version not in (None, will_be):
        raise NotFoundError("draft", record_id)
    interview = load_draft(vault, record_id)
    return OpenDraft(record_id=record_id, version=0 if will_be == 1 else will_be, interview=interview)


def _received(vault: Vault, record_id: str, version: int | None) -> Viewed:
    found = (one for one in get_received(vault, record_id) if version in (None, one.version))
    for newest in found:
        return newest
    raise NotFoundError("record", record_id)


def find_noted(vault: Vault, query: str, *, limit: int = 20, after: str | None = None) -> list[Hit]:
    """What the search finds, once the log says that each record whose words it shows was viewed.

    A row of names and numbers shows no word of the account, and leaves no entry.

    Raises:
        NotFoundError: `after` is no cursor of a hit.
    """
    hits = find_words(vault, query, limit=limit, after=after)
    note_viewed(vault, {hit.record_id: hit.version for hit in hits if hit.paragraph is not None})
    withdrawn = withdrawn_sources(vault)
    return [replace(hit, withdrawn=hit.origin == "received" and hit.source in withdrawn) for hit in hits]
