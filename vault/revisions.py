"""Revisions: what of a record went to a body before, and what the next rendition lifts of it."""

from dataclasses import dataclass, field
from typing import Protocol

from keys.digests import hkdf_sha256, hmac_sha256
from testimony.bundle.revision import Revision, revision_from
from testimony.canonical import JsonValue, decode, encode
from testimony.consent import Release
from testimony.errors import TestimonyError
from testimony.profiles import no_decisions
from testimony.redaction.comparison import Shown, compare
from testimony.redaction.disclosure import disclose
from testimony.redaction.record_slots import record_tree
from testimony.redaction.selection import Selection
from testimony.redaction.selection_text import MAX_SELECTION, selection_from
from vault._sqlcipher import Row, Value
from vault.custody import append
from vault.errors import NotFoundError, PolicyError, VaultDamagedError
from vault.records import StoredRecord
from vault.store import Transaction, Vault

_LAST = (
    "SELECT r.bundle_id, r.history, r.file_sha256, r.shown FROM bundle_records r JOIN bundles b USING (bundle_id)"
    " WHERE r.record_id = ? AND r.version = ? AND b.recipient = ? AND b.state = 'sealed'"
    " ORDER BY r.revision DESC, r.rowid DESC LIMIT 1"
)
_LIFT_LABEL = b"testimony/lift/v1\x00"


class _Reads(Protocol):
    """What both a vault and a transaction can do: find one row."""

    def __call__(self, sql: str, parameters: tuple[Value, ...], /) -> Row | None: ...


@dataclass(frozen=True, kw_only=True)
class SealedBefore:
    """The newest revision of a version that was sealed for a body, and what it shows."""

    bundle_id: str
    revision: Revision
    file_sha256: str
    selection: Selection = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Revised:
    """A rendition's revision, and what it shows."""

    revision: Revision
    selection: Selection = field(repr=False)


def sealed_before(read_one: _Reads, release: Release) -> SealedBefore | None:
    """The newest revision that went to the body of this release; None where none did.

    Raises:
        VaultDamagedError: What is stored cannot be read.
    """
    row = read_one(_LAST, (release.record_id, release.version, release.recipient))
    if row is None:
        return None
    try:
        revision = revision_from(decode(row[1], limit=MAX_SELECTION, where="revision"), "revision")
        selection = selection_from(row[3])
    except TestimonyError as error:
        raise VaultDamagedError("revision", f"record {release.record_id}") from error
    return SealedBefore(bundle_id=row[0], revision=revision, file_sha256=row[2], selection=selection)


def revision_after(
    before: SealedBefore | None, stored: StoredRecord, disclosure: JsonValue, *, request: str | None = None
) -> Revision:
    """The revision of a rendition: the first, the same as before, or the one after it with all that it lifts.

    Raises:
        NotFoundError: A refusal has no renditions.
        RedactionError: The stored record and its head do not fit each other.
    """
    if before is None:
        return Revision()
    if stored.record is None or stored.head is None:
        raise NotFoundError("record", stored.record_id)
    earlier = disclose(record_tree(stored.record), stored.seed, before.selection)
    form, commitment = stored.record.form, stored.head.commitment
    grown = compare(
        Shown(disclosure=earlier, commitment=commitment, form=form),
        Shown(disclosure=disclosure, commitment=commitment, form=form),
    )
    if not grown.lifted and not grown.hidden:
        return before.revision
    carried = before.revision.lifts if request is not None and before.revision.request is not None else ()
    return Revision(
        number=before.revision.number + 1,
        since=before.file_sha256,
        lifts=tuple(sorted({*grown.lifted, *carried})),
        request=request,
    )


def log_revision(tx: Transaction, vault: Vault, stored: StoredRecord, release: Release, made: Revised) -> None:
    """Nothing, when the revision follows on what was sealed last; one entry where it lifts something.

    Raises:
        PolicyError: Another revision was sealed since the preview ("revision-changed").
    """
    before, revision = sealed_before(tx.one, release), made.revision
    if before is not None and (before.revision, before.selection) == (made.revision, made.selection):
        return
    if (None if before is None else before.file_sha256) != revision.since:
        raise PolicyError("revision-changed", release.record_id)
    if not revision.lifts:
        return
    digest = hmac_sha256(hkdf_sha256(stored.seed, _LIFT_LABEL), encode(revision.to_json())).hex()
    details: dict[str, str | int] = {"digest": digest, "version": release.version}
    if revision.request is not None:
        details["reason"] = "request"
    append(tx, vault, "redaction.lift", no_decisions(release).log_object(stored.seed), details)
