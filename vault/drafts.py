"""Interviews that can still be edited.  Each save is whole, in the encrypted database, and counts up its sequence."""

from dataclasses import dataclass

from keys.chance import random_code
from testimony.answers import NotAsked, members_of, text_of
from testimony.canonical import decode, encode
from testimony.custody.moments import wall_text
from testimony.errors import CanonicalError, InterviewError, LimitExceededError
from testimony.interview import MAX_INTERVIEW, Interview, empty_interview, parse_interview
from vault.attachments import drop_exhibits, erase_files
from vault.custody import append
from vault.entitlement import require_writing
from vault.errors import NotFoundError, PolicyError, VaultDamagedError
from vault.forms import form_of_digest
from vault.reserve import with_reserve
from vault.sittings import abort_session
from vault.store import Transaction, Vault

_TAKEN = "SELECT 1 FROM custody WHERE object = ? UNION SELECT 1 FROM companions WHERE companion_id = ? LIMIT 1"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One draft in a list: its id, how often it was saved and when, and nothing that was said in it.

    A draft of a version above 1 is a correction of the version before.
    """

    record_id: str
    version: int
    sequence: int
    started_at: str
    saved_at: str
    case_code: str | None
    language: str | None


def new_draft(vault: Vault, interview: Interview | None = None, language: str = "") -> str:
    """The id of a new draft, which is saved when this returns.

    Raises:
        PolicyError: An invented interview for a real vault, or a real one for a practice vault; or the roster of its
            organisation does not let this device begin one now.
    """
    interview = interview or empty_interview(language, practice=vault.practice)
    _refuse_other_profile(vault, interview)
    return with_reserve(vault.layout, lambda: _insert(vault, interview))


def save_draft(vault: Vault, record_id: str, interview: Interview) -> str:
    """Save the whole draft; the time of the save.  When this returns the words are on the disk.

    Raises:
        NotFoundError: There is no such draft: it was finished or discarded.
        StorageFullError: No room even after the reserve was freed; the draft is as it was.
    """
    _refuse_other_profile(vault, interview)
    return with_reserve(vault.layout, lambda: _update(vault, record_id, interview))


def load_draft(vault: Vault, record_id: str) -> Interview:
    """The draft as it was last saved.

    Raises:
        NotFoundError: There is no such draft.
        VaultDamagedError: What is stored is no interview.
    """
    row = vault.read_one("SELECT content, form FROM drafts WHERE record_id = ?", (record_id,))
    if row is None:
        raise NotFoundError("draft", record_id)
    form = form_of_digest(vault.read_one, row[1])
    try:
        return parse_interview(decode(row[0], limit=MAX_INTERVIEW, where="draft"), form)
    except (CanonicalError, InterviewError, LimitExceededError) as error:
        raise VaultDamagedError("content", f"draft {record_id}") from error


def list_drafts(vault: Vault) -> tuple[Draft, ...]:
    """Every draft, the one saved last first."""
    rows = vault.read(
        "SELECT record_id, version, sequence, started_at, saved_at, case_code, language FROM drafts "
        "ORDER BY saved_at DESC, record_id"
    )
    return tuple(
        Draft(
            record_id=row[0],
            version=row[1],
            sequence=row[2],
            started_at=row[3],
            saved_at=row[4],
            case_code=row[5],
            language=row[6],
        )
        for row in rows
    )


def draft_version(vault: Vault, record_id: str) -> int | None:
    """Which version of the record the draft will be; None where there is no draft."""
    row = vault.read_one("SELECT version FROM drafts WHERE record_id = ?", (record_id,))
    return None if row is None else int(row[0])


def discard_draft(vault: Vault, record_id: str) -> None:
    """Erase a draft and the exhibits that only it had.

    Raises:
        NotFoundError: There is no such draft.
    """
    with vault.transaction() as tx:
        unused = drop_exhibits(tx, vault, record_id, since=draft_version(vault, record_id) or 1)
        if not tx.execute("DELETE FROM drafts WHERE record_id = ?", (record_id,)):
            raise NotFoundError("draft", record_id)
        abort_session(tx, vault, record_id, "discarded")
        append(tx, vault, "record.discard", record_id)
    vault.settle()
    erase_files(vault, unused)


def insert_draft(
    tx: Transaction, vault: Vault, record_id: str, interview: Interview, corrects: tuple[int, str] | None = None
) -> None:
    """Add the row of a draft inside a transaction; `corrects` is the version that it corrects, and the reason."""
    version, reason = (0, None) if corrects is None else corrects
    now = wall_text(vault.clock.now().wall)
    tx.execute(
        "INSERT INTO drafts (record_id, version, reason, sequence, logged, started_at, saved_at, case_code, "
        "interviewed_on, place, language, form, content) VALUES (?, ?, ?, 1, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(record_id, version + 1, reason, now, now, *_columns(interview)),
            *(interview.form.digest, encode(interview.to_json())),
        ),
    )


def _insert(vault: Vault, interview: Interview) -> str:
    with vault.transaction() as tx:
        record_id = free_id(tx)
        insert_draft(tx, vault, record_id, interview)
        append(tx, vault, "record.create", record_id, {"form": interview.form.id})
        require_writing(tx, vault, record_id)
    return record_id


def _update(vault: Vault, record_id: str, interview: Interview) -> str:
    now = wall_text(vault.clock.now().wall)
    with vault.transaction() as tx:
        found = tx.execute(
            "UPDATE drafts SET sequence = sequence + 1, saved_at = ?, case_code = ?, interviewed_on = ?, place = ?, "
            "language = ?, content = ? WHERE record_id = ?",
            (now, *_columns(interview), encode(interview.to_json()), record_id),
        )
        if not found:
            raise NotFoundError("draft", record_id)
    return now


def _columns(interview: Interview) -> tuple[str | None, str | None, str | None, str | None]:
    """What a list of records shows: case code, date, place, language."""
    answers = interview.answers
    case_code = text_of(answers["record.case_code"])
    started = text_of(answers["session.started_at"])
    return (
        case_code or None,
        started[:10] or None,
        text_of(members_of(answers["session.place"]).get("verbatim", NotAsked())) or None,
        interview.language or None,
    )


def free_id(tx: Transaction) -> str:
    """A random id that no record and no companion has or had."""
    while True:
        letters = random_code(8)
        record_id = f"{letters[:4]}-{letters[4:]}"
        if tx.one(_TAKEN, (record_id, record_id)) is None:
            return record_id


def _refuse_other_profile(vault: Vault, interview: Interview) -> None:
    if interview.practice != vault.practice:
        raise PolicyError("practice-mismatch")
