"""Files that belong to records, each encrypted under its own key beside the database (attachments-v1.md).

The order is: a part file, synced, renamed, its folder synced, then its row with a custody entry and the commit.  So a
row never names a file that a power cut could take back.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from keys.secret import Secret
from testimony.custody.moments import wall_text
from testimony.forms.reading import core_form
from testimony.model import Exhibit
from vault.attachment_files import Progress, Stored, StoredFile, erase_files, store_file, store_stream, sweep
from vault.custody import append
from vault.errors import LimitError, NotFoundError, PolicyError, SourceFileError
from vault.files import absolute, facts, open_regular
from vault.media_types import extension_of, media_type_of
from vault.store import Transaction, Vault

__all__ = [
    "Attached",
    "Derivation",
    "Stored",
    "attach",
    "carry_exhibits",
    "drop_exhibits",
    "erase_files",
    "keep",
    "list_for",
    "open_attachment",
    "remove_exhibit",
    "store_stream",
    "sweep",
]

# The vocabulary of the form: a file of another kind could be stored and never proved, so its record could never leave.
EXHIBIT_KINDS: Final = tuple(
    term.value
    for asked in core_form().fields
    for member in asked.members
    if (asked.id, member.id) == ("exhibits", "kind")
    for term in member.vocabulary
)
_MAX_TITLE: Final = 1000
_AT_PLACE: Final = "SELECT attachment_id FROM exhibits WHERE record_id = ? AND version = ? AND position = ?"


@dataclass(frozen=True, kw_only=True)
class Attached:
    """One exhibit of a record, by its place, and the attachment that holds its content."""

    position: int
    attachment_id: str
    exhibit: Exhibit
    derived_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """That a file was made from an exhibit of the same draft, by its number from 1, and how: a code, such as `blurred`.

    It leaves in place of that exhibit, which stays here under every profile but the full one.
    """

    number: int
    method: str


def attach(  # noqa: PLR0913  # the agreed shape
    vault: Vault,
    record_id: str,
    path: Path,
    *,
    kind: str,
    title: str = "",
    progress: Progress | None = None,
    derivation: Derivation | None = None,
) -> Exhibit:
    """Take a file into a draft, streamed, and never alter the original; `progress` gets (bytes read, all).

    Raises:
        NotFoundError: There is no such draft, no such file, or no exhibit that it could be derived from.
        PolicyError: A kind that the form does not know ("exhibit-kind").
        SourceFileError: No plain file, a file of the vault itself, or one that changed while it was read.
        LimitError: Larger than 64 GiB.
        StorageFullError: There is no room; nothing is kept.
    """
    _draft_version(vault, record_id)
    original = None if derivation is None else _exhibit_number(vault, record_id, derivation.number)
    if kind not in EXHIBIT_KINDS:
        raise PolicyError("exhibit-kind", kind)
    if len(title) > _MAX_TITLE:
        raise LimitError("title", _MAX_TITLE)
    source = absolute(path)
    if source.is_relative_to(vault.path):
        raise SourceFileError("inside-the-vault")
    stored = store_file(vault, source, progress)
    name = source.name.encode("utf-8", "backslashreplace").decode("utf-8")
    exhibit = Exhibit(
        kind=kind,
        title=title,
        original_name=name,
        media_type=media_type_of(stored.head),
        sha256=stored.sha256,
        size=stored.size,
        extension=extension_of(name),
    )
    if original is None or derivation is None:
        return _keep_exhibit(vault, record_id, stored, exhibit)
    derived: dict[str, str | int] = {"from": original.exhibit.sha256, "method": derivation.method}
    return _keep_exhibit(vault, record_id, stored, exhibit, (original.attachment_id, derived))


def keep(tx: Transaction, vault: Vault, stored: Stored) -> str:
    """The id under which the content is kept: that of an equal file which is here already, else its own.

    Where it is another one, the new file is left without a row: `erase_files` removes it after the commit.
    """
    same = tx.all("SELECT attachment_id FROM attachments WHERE sha256 = ? AND size = ?", (stored.sha256, stored.size))
    for (known,) in same:
        if facts(vault.layout.attachment(known)) is not None:
            return str(known)
    tx.execute(
        "INSERT INTO attachments (attachment_id, key, sha256, size, stored_size, added_at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            stored.attachment_id,
            stored.key.reveal(),
            stored.sha256,
            stored.size,
            stored.stored_size,
            wall_text(vault.clock.now().wall),
        ),
    )
    return stored.attachment_id


def open_attachment(vault: Vault, attachment_id: str) -> BinaryIO:
    """The content as a stream, each chunk proved before it is given out.

    Raises:
        NotFoundError: There is no such attachment, or its file is gone.
        KeysError: The file is not what was stored; also while reading.
    """
    row = vault.read_one("SELECT key FROM attachments WHERE attachment_id = ?", (attachment_id,))
    if row is None:
        raise NotFoundError("attachment", attachment_id)
    stream = open_regular(vault.layout.attachment(attachment_id))
    try:
        raw = StoredFile(stream, Secret(row[0]), attachment_id)
    except BaseException:
        stream.close()
        raise
    return io.BufferedReader(raw, buffer_size=1 << 20)


def list_for(vault: Vault, record_id: str, version: int | None = None) -> tuple[Attached, ...]:
    """The exhibits of a version of a record, in their order; of its draft, else of the newest, where none is named."""
    rows = vault.read(
        "SELECT e.position, e.attachment_id, e.control_number, e.kind, e.title, e.original_name, e.media_type, "
        "a.sha256, a.size, e.extension, e.derived_from FROM exhibits e JOIN attachments a USING (attachment_id) "
        "WHERE e.record_id = ? AND e.version = ? ORDER BY e.position",
        (record_id, _version_at_hand(vault, record_id) if version is None else version),
    )
    return tuple(_attached(*row) for row in rows)


def remove_exhibit(vault: Vault, record_id: str, position: int) -> None:
    """Take an exhibit out of a draft, and its file out of the vault where no other record has it.

    Raises:
        NotFoundError: There is no such draft or exhibit.
        PolicyError: The version that is corrected has it, so that it stays ("exhibit-stays").
    """
    version = _draft_version(vault, record_id)
    which = (record_id, version, position)
    with vault.transaction() as tx:
        row = tx.one(_AT_PLACE, which)
        if row is None:
            raise NotFoundError("exhibit", str(position))
        if tx.one(_AT_PLACE, (record_id, version - 1, position)) is not None:
            raise PolicyError("exhibit-stays", str(position))
        tx.execute("DELETE FROM exhibits WHERE record_id = ? AND version = ? AND position = ?", which)
        append(tx, vault, "exhibit.remove", str(row[0]), {"exhibit": row[0]})
        unused = _drop_unused(tx, [row[0]])
    vault.settle()
    erase_files(vault, unused)


def drop_exhibits(tx: Transaction, vault: Vault, record_id: str, *, since: int = 1) -> list[str]:
    """Remove every exhibit of a record inside a transaction; the attachments whose keys went with it.

    With `since` those of earlier versions stay, and so does what a later version has from them.
    """
    rows = "FROM exhibits WHERE record_id = ? AND version"
    kept = {row[0] for row in tx.all(f"SELECT attachment_id {rows} < ?", (record_id, since))}
    gone = [row[0] for row in tx.all(f"SELECT attachment_id {rows} >= ? ORDER BY id", (record_id, since))]
    tx.execute(f"DELETE {rows} >= ?", (record_id, since))
    ids = [one for one in dict.fromkeys(gone) if one not in kept]
    for attachment_id in ids:
        append(tx, vault, "exhibit.remove", attachment_id, {"exhibit": attachment_id})
    return _drop_unused(tx, ids)


def carry_exhibits(tx: Transaction, record_id: str, version: int) -> None:
    """Give the version that corrects this one the same exhibits, at their places, without numbers of its own yet."""
    tx.execute(
        "INSERT INTO exhibits (record_id, version, position, attachment_id, kind, title, original_name, media_type,"
        " extension, derived_from) SELECT record_id, version + 1, position, attachment_id, kind, title, original_name,"
        " media_type, extension, derived_from FROM exhibits WHERE record_id = ? AND version = ? ORDER BY position",
        (record_id, version),
    )


def _exhibit_number(vault: Vault, record_id: str, number: int) -> Attached:
    exhibits = list_for(vault, record_id)
    if not 1 <= number <= len(exhibits):
        raise NotFoundError("exhibit", str(number))
    return exhibits[number - 1]


def _keep_exhibit(
    vault: Vault,
    record_id: str,
    stored: Stored,
    exhibit: Exhibit,
    derived: tuple[str, Mapping[str, str | int]] | None = None,
) -> Exhibit:
    original, how = derived or (None, {})
    try:
        with vault.transaction() as tx:
            kept = keep(tx, vault, stored)
            version = _draft_version(vault, record_id)
            (position,) = tx.one(
                "SELECT coalesce(max(position) + 1, 0) FROM exhibits WHERE record_id = ? AND version = ?",
                (record_id, version),
            ) or (0,)
            tx.execute(
                "INSERT INTO exhibits (record_id, version, position, attachment_id, kind, title, original_name, "
                "media_type, extension, derived_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (record_id, version, position, kept, exhibit.kind, exhibit.title, exhibit.original_name,
                 exhibit.media_type, exhibit.extension, original),
            )  # fmt: skip
            details: dict[str, str | int] = {"exhibit": kept, "sha256": stored.sha256, "size": stored.size}
            # About the file, not the record: a record's chain travels whole, and must not tell what a bundle withholds.
            append(tx, vault, "exhibit.import" if original is None else "exhibit.derive", kept, {**details, **how})
    except BaseException:
        erase_files(vault, [stored.attachment_id])
        raise
    if kept != stored.attachment_id:
        erase_files(vault, [stored.attachment_id])
    return exhibit


def _drop_unused(tx: Transaction, attachment_ids: Iterable[str]) -> list[str]:
    unused = []
    for attachment_id in set(attachment_ids):
        if tx.one("SELECT 1 FROM exhibits WHERE attachment_id = ?", (attachment_id,)) is None:
            tx.execute("DELETE FROM attachments WHERE attachment_id = ?", (attachment_id,))
            unused.append(attachment_id)
    return unused


def _draft_version(vault: Vault, record_id: str) -> int:
    row = vault.read_one("SELECT version FROM drafts WHERE record_id = ?", (record_id,))
    if row is None:
        raise NotFoundError("draft", record_id)
    return int(row[0])


def _version_at_hand(vault: Vault, record_id: str) -> int:
    row = vault.read_one(
        "SELECT coalesce((SELECT version FROM drafts WHERE record_id = ?),"
        " (SELECT max(version) FROM records WHERE record_id = ?), 1)",
        (record_id, record_id),
    )
    return 1 if row is None else int(row[0])


def _attached(position: int, attachment_id: str, control_number: str | None, *texts: str | int | None) -> Attached:
    kind, title, original_name, media_type, sha256, size, extension, derived_from = texts
    exhibit = Exhibit(
        control_number=control_number,
        kind=str(kind),
        title=str(title),
        original_name=str(original_name),
        media_type=str(media_type),
        sha256=str(sha256),
        size=int(size or 0),
        extension=str(extension),
    )
    return Attached(
        position=position,
        attachment_id=attachment_id,
        exhibit=exhibit,
        derived_from=None if derived_from is None else str(derived_from),
    )
