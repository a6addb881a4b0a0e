"""Withdrawal (C10): new exports stop at once, and each body that holds the record already gets a signed notice.

Event, statement, notices and entries are one transaction; the files to be handed over are written after it, and can be
written again at any time.  Nothing here calls a copy back: nothing can.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final

from keys.digests import sha256
from testimony.card import parse_card
from testimony.consent import Grant, standing
from testimony.consent_events import ConsentEvent
from testimony.custody.moments import wall_text
from testimony.withdrawal import ASKED, MAX_BUNDLES, Asked, Notice, Party
from vault.consent import WAYS, add_event, finished_in
from vault.custody import append
from vault.erasure_steps import log_request
from vault.errors import NotFoundError, PolicyError
from vault.files import ensure_folder, write_atomic
from vault.records import StoredRecord
from vault.store import Transaction, Vault

_ID_IN_NAME: Final = 16
_DELIVERED: Final = (
    "SELECT b.recipient, b.fingerprint, b.sealed_at, b.bundle_id, r.version, b.purpose, b.profile FROM bundles AS b"
    " JOIN bundle_records AS r USING (bundle_id) WHERE r.record_id = ? AND b.state = 'sealed'"
    " ORDER BY b.fingerprint, b.bundle_id"
)


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """One bundle with this record that was sealed for a body, and cannot be called back."""

    body: str
    fingerprint: str
    sealed_at: str
    bundle_id: str
    version: int
    purpose: str
    profile: str


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the witness asks: from everybody, from one body, or from one body for one purpose; and how it was said."""

    asks: Asked
    to: str | None = None
    purpose: str | None = None
    how: str = "spoken"

    def __post_init__(self) -> None:
        if self.asks not in ASKED or self.how not in WAYS:
            raise PolicyError("consent-way")
        if self.purpose is not None and self.to is None:
            raise PolicyError("withdrawal-scope")


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """What was written down: the events, whom a notice is for, and where its file lies."""

    events: tuple[ConsentEvent, ...] = field(repr=False)
    notices: tuple[Path, ...]
    bodies: tuple[str, ...]


def delivered(vault: Vault, record_id: str, wish: Wish | None = None) -> tuple[Delivered, ...]:
    """Every bundle with this record that left, as far as the wish reaches."""
    return tuple(_chosen(vault.read(_DELIVERED, (record_id,)), wish))


def withdraw(vault: Vault, record_id: str, wish: Wish, folder: Path) -> Withdrawn:
    """Stop what the witness wants stopped, and write a notice for each body that has the record.

    Raises:
        NotFoundError: There is no such record.
        PolicyError: It holds no interview ("refused-record"), or nothing was said or sent that this could withdraw
            ("nothing-to-withdraw").
        StorageError: The folder cannot be written; what was withdrawn is withdrawn, and the notices are kept.
    """
    with vault.transaction() as tx:
        stored = finished_in(tx, record_id)
        left = tuple(_chosen(tx.all(_DELIVERED, (record_id,)), wish))
        events = tuple(_events(tx, vault, stored, wish))
        if not events and not left:
            raise PolicyError("nothing-to-withdraw", record_id)
        if wish.asks == "erase" and wish.to is None:
            log_request(tx, vault, record_id, "withdrawn")
        digests = [_issue(tx, vault, record_id, wish, bundles) for bundles in _by_body(left)]
    return Withdrawn(
        events=events,
        notices=write_notices(vault, record_id, folder, only=digests),
        bodies=tuple(dict.fromkeys(one.body for one in left)),
    )


def write_notices(vault: Vault, record_id: str, folder: Path, *, only: Sequence[str] | None = None) -> tuple[Path, ...]:
    """The files of all notices about a record, or of those with these digests.

    Raises:
        NotFoundError: No notice about this record was ever made.
        StorageError: The folder cannot be written.
    """
    rows = vault.read("SELECT digest, content FROM issued_notices WHERE record_id = ? ORDER BY digest", (record_id,))
    if only is None and not rows:
        raise NotFoundError("notice", record_id)
    written = []
    for digest, content in rows:
        if only is None or digest in only:
            ensure_folder(folder)
            path = folder / f"{digest[:_ID_IN_NAME]}.withdrawal"
            write_atomic(path, content)
            written.append(path)
    return tuple(written)


def _chosen(rows: Iterable[tuple[str, str, str, str, int, str, str]], wish: Wish | None) -> Iterator[Delivered]:
    for body, fingerprint, sealed_at, bundle_id, version, purpose, profile in rows:
        reached = wish is None or wish.to in (None, body)
        if reached and (wish is None or wish.purpose in (None, purpose)):
            yield Delivered(
                body=body,
                fingerprint=fingerprint,
                sealed_at=sealed_at,
                bundle_id=bundle_id,
                version=version,
                purpose=purpose,
                profile=profile,
            )


def _by_body(left: Sequence[Delivered]) -> Iterator[tuple[Delivered, ...]]:
    """What each body has, in parts that one notice can name: a long list must not keep a withdrawal from holding."""
    for _, group in groupby(left, key=lambda one: one.fingerprint):
        bundles = tuple(group)
        for start in range(0, len(bundles), MAX_BUNDLES):
            yield bundles[start : start + MAX_BUNDLES]


def _events(tx: Transaction, vault: Vault, stored: StoredRecord, wish: Wish) -> Iterator[ConsentEvent]:
    """A withdrawal; or, where only the name is to go, a change of each grant that lets it out."""
    if wish.asks != "remove-name":
        yield add_event(tx, vault, stored, partial(_withdrawal, wish)).events[-1]
        return
    for grant in _naming(stored.events, wish):
        stored = add_event(tx, vault, stored, partial(_unnamed, wish.how, grant))
        yield stored.events[-1]


def _withdrawal(wish: Wish, seq: int, at: datetime) -> ConsentEvent:
    return ConsentEvent(
        seq=seq,
        at=at,
        kind="withdraw",
        recipient=wish.to or "",
        purpose=wish.purpose or "",
        answer="no",
        how=wish.how,
    )


def _unnamed(how: str, grant: Grant, seq: int, at: datetime) -> ConsentEvent:
    return ConsentEvent(
        seq=seq,
        at=at,
        kind="change",
        recipient=grant.recipient,
        purpose=grant.purpose,
        answer="yes",
        how=how,
        review_by=grant.review_by,
    )


def _naming(events: Sequence[ConsentEvent], wish: Wish) -> list[Grant]:
    """The live grants within the wish whose body may know who the witness is, now or once a court orders it."""
    pairs = dict.fromkeys((event.recipient, event.purpose) for event in events if event.recipient and event.purpose)
    grants = [standing(events, *pair) for pair in pairs if _reaches(wish, *pair)]
    return [grant for grant in grants if grant is not None and grant.live and grant.identity != "no"]


def _reaches(wish: Wish, body: str, purpose: str) -> bool:
    return wish.to in (None, body) and wish.purpose in (None, purpose)


def _issue(tx: Transaction, vault: Vault, record_id: str, wish: Wish, bundles: Sequence[Delivered]) -> str:
    """Store the signed notice for one body, with an entry for each bundle it names; its digest."""
    own, body = parse_card(vault.card()), bundles[0]
    groups = range(0, len(body.fingerprint), 4)
    notice = Notice(
        practice=vault.practice,
        record_id=record_id,
        asks=wish.asks,
        purpose=wish.purpose,
        sender=Party(code=own.code, fingerprint=own.public.fingerprint),
        receiver=Party(code=body.body, fingerprint=" ".join(body.fingerprint[at : at + 4] for at in groups)),
        at=vault.clock.now().wall,
        bundles=tuple(one.bundle_id for one in bundles),
    )
    data = notice.to_text(vault.identity)
    digest = sha256(data).hex()
    tx.execute(
        "INSERT INTO issued_notices (digest, record_id, recipient, fingerprint, issued_at, content)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (digest, record_id, body.body, body.fingerprint, wall_text(notice.at), data),
    )
    for bundle_id in notice.bundles:
        # About the bundle, not the record: the record's chain travels, and must not say who received it.
        append(tx, vault, "withdrawal.issue", bundle_id, {"notice": digest, "recipient": body.fingerprint})
    return digest
