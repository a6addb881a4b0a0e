"""Asking for what is hidden: a body names places of a record it received, and on what ground (request-v1.md)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from keys.chance import random_hex
from keys.digests import sha256
from testimony.bundle.record_file import RecordFile, parse_record_file
from testimony.bundle.statement import parse_statement
from testimony.bundle.verified_record import VerifiedRecord
from testimony.custody.moments import wall_text
from testimony.disclosure_request import DisclosureRequest, covers, parse_request
from testimony.errors import BundleError
from testimony.redaction.atoms import AtomKind
from testimony.redaction.comparison import shows
from testimony.redaction.disclosed import ACCOUNT, Disclosed, pieces_of
from testimony.redaction.disclosure import read_disclosure
from testimony.redaction.head import RecordHead, parse_head
from testimony.redaction.opened import Gap, OpenAtom, OpenParagraph, OpenTree
from vault.custody import append
from vault.errors import NotFoundError
from vault.forms import form_of_digest
from vault.notices import refuse_withdrawn
from vault.store import Transaction, Vault

_NEWEST = (
    "SELECT r.bundle_id, r.head, r.disclosure, r.disclosure_sha256, b.statement, r.id FROM received_records r"
    " JOIN received_bundles b USING (bundle_id) WHERE r.record_id = ? ORDER BY r.version DESC, r.id DESC LIMIT 1"
)
_STORE = (
    "INSERT INTO disclosure_requests (request_id, origin, bundle_id, record_id, version, at, content)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, kw_only=True)
class HiddenPlace:
    """A place of a received record that is hidden: its path, and how the redaction log calls it."""

    path: str
    name: str
    kind: Literal["value", "paragraph", "words", "name"]


@dataclass(frozen=True, kw_only=True)
class Received:
    """The newest disclosure of a record as it was taken in; `source` is its row."""

    source: int
    bundle_id: str
    head: RecordHead = field(repr=False)
    file: RecordFile = field(repr=False)
    file_sha256: str
    disclosed: Disclosed = field(repr=False)
    statement: bytes = field(repr=False)

    @property
    def hidden(self) -> tuple[HiddenPlace, ...]:
        """Everything that can be asked for by name; what padding hides has none."""
        return tuple(_hidden(self.disclosed))


def received_newest(vault: Vault, record_id: str) -> Received:
    """The newest disclosure of a record that came from somebody else.

    Raises:
        NotFoundError: None came.
        TestimonyError: What is stored does not lead to its root.
    """
    row = vault.read_one(_NEWEST, (record_id,))
    if row is None:
        raise NotFoundError("record", record_id)
    head, file = parse_head(row[1]), parse_record_file(row[2], record_id)
    form = form_of_digest(vault.read_one, head.form_sha256)
    commitment = head.commitment
    return Received(
        source=row[5],
        bundle_id=row[0],
        head=head,
        file=file,
        file_sha256=row[3],
        disclosed=read_disclosure(file.disclosure, root=commitment.root, n=commitment.n, form=form),
        statement=row[4],
    )


@dataclass(frozen=True, kw_only=True)
class SignedRequest:
    """A request and its file, which is not made yet: it counts once `issue_request` noted it."""

    request: DisclosureRequest
    data: bytes = field(repr=False)


def make_request(vault: Vault, record_id: str, hidden: Sequence[str], *, ground: str, words: str) -> bytes:
    """The signed request as `sign_request` gives it, noted as made.

    Raises:
        NotFoundError: No such record came, or no such place is hidden in it.
        RequestError: Nothing, or too much, is asked for, or the ground or its line is none.
        PolicyError: Its witness withdrew: nobody asks for more ("withdrawn-notice").
    """
    signed = sign_request(vault, record_id, hidden, ground=ground, words=words)
    issue_request(vault, signed)
    return signed.data


def issue_request(vault: Vault, signed: SignedRequest) -> None:
    """Note a request as made: an answer is taken in to no other."""
    request, digest = signed.request, sha256(signed.data).hex()
    with vault.transaction() as tx:
        keep_request(tx, vault, request, signed.data, "own")
        append(tx, vault, "request.issue", request.request_id, {"request": digest, "places": len(request.hidden)})


def sign_request(vault: Vault, record_id: str, hidden: Sequence[str], *, ground: str, words: str) -> SignedRequest:
    """The signed request for hidden places of a record, by their paths or by their names in the redaction log.

    Raises:
        NotFoundError: No such record came, or no such place is hidden in it.
        RequestError: Nothing, or too much, is asked for, or the ground or its line is none.
        PolicyError: Its witness withdrew: nobody asks for more ("withdrawn-notice").
    """
    found = received_newest(vault, record_id)
    refuse_withdrawn(vault, found.source)
    head = found.head
    made = DisclosureRequest(
        request_id=random_hex(16),
        bundle_id=found.bundle_id,
        control_number=head.control_number,
        record_id=head.record_id,
        version=head.version,
        root=head.root,
        revision=found.file.revision.number,
        file_sha256=found.file_sha256,
        requester=_own_code(vault, found.statement),
        fingerprint=vault.identity.public.fingerprint,
        hidden=tuple(sorted({path for one in hidden for path in _paths(found, one)})),
        ground=ground,
        words=words,
        at=vault.clock.now().wall,
    )
    return SignedRequest(request=made, data=made.to_text(vault.identity))


def keep_request(
    tx: Transaction, vault: Vault, request: DisclosureRequest, data: bytes, origin: Literal["own", "received"]
) -> None:
    """Keep a request that was made or came in."""
    at = wall_text(vault.clock.now().wall)
    tx.execute(_STORE, (request.request_id, origin, request.bundle_id, request.record_id, request.version, at, data))


def check_answer(tx: Transaction, vault: Vault, record: VerifiedRecord, lifted: Sequence[str]) -> None:
    """Nothing, when this vault asked for everything that an answer lifts.

    Raises:
        BundleError: It made no such request, or not about this ("other-request").
    """
    row = tx.one(
        "SELECT content FROM disclosure_requests WHERE request_id = ? AND origin = 'own' AND record_id = ?"
        " AND version = ?",
        (record.revision.request, record.record_id, record.version),
    )
    if row is None:
        raise BundleError("other-request", record.control_number)
    request = parse_request(row[0]).check(vault.identity.public)
    same = (request.root, request.file_sha256) == (record.root, record.revision.since)
    if not same or not all(any(covers(asked, path) for asked in request.hidden) for path in lifted):
        raise BundleError("other-request", record.control_number)


def _own_code(vault: Vault, statement: bytes) -> str:
    own = vault.identity.public.fingerprint
    codes = (one.code for one in parse_statement(statement).recipients if one.fingerprint == own)
    return next(codes, vault.settings.code)


def _paths(found: Received, asked: str) -> Iterator[str]:
    """The paths of what was asked for by path or by name; a name may stand for several places."""
    paths = [one.path for one in found.hidden if asked in (one.path, one.name)]
    if not paths and _behind_the_last(found.disclosed, asked):
        paths = [asked]
    if not paths or shows(found.disclosed.tree, asked):
        raise NotFoundError("hidden", asked)
    yield from paths


def _behind_the_last(disclosed: Disclosed, asked: str) -> bool:
    """Whether a paragraph may stand there: what is hidden at the end of the account cannot be counted."""
    parent, _, place = asked.rpartition("/")
    last = disclosed.paragraphs[-1:] if parent == ACCOUNT and place.isdecimal() else ()
    return any(isinstance(one, Gap) and one.start <= int(place) < one.start + one.width for one in last)


def _hidden(disclosed: Disclosed) -> Iterator[HiddenPlace]:
    for path in disclosed.hidden:
        if not path.endswith("/*"):
            yield HiddenPlace(path=path, name=path, kind="value")
    for gap in disclosed.paragraphs[:-1]:
        if isinstance(gap, Gap):
            for place in range(gap.start, gap.start + gap.width):
                yield HiddenPlace(path=f"{ACCOUNT}/{place}", name=f"{ACCOUNT}/{place}", kind="paragraph")
    account = next((one for one in disclosed.tree.items.values() if one.path == ACCOUNT), None)
    for item in account.items.values() if isinstance(account, OpenTree) else ():
        if isinstance(item, OpenParagraph):
            yield from _hidden_words(item)


def _hidden_words(paragraph: OpenParagraph) -> Iterator[HiddenPlace]:
    """The gaps of a paragraph by their numbers, and the names behind its codes by the codes."""
    number, items = 0, paragraph.items
    for place, item in enumerate(items):
        if isinstance(item, Gap) and _is_gap(paragraph, place):
            number += 1
            path = f"{paragraph.path}/{item.start}-{item.start + item.width - 1}"
            yield HiddenPlace(path=path, name=f"{paragraph.path}/gap-{number}", kind="words")
        elif isinstance(item, OpenAtom) and item.kind is AtomKind.CODE and place + 1 < len(items):
            behind = items[place + 1]
            if isinstance(behind, Gap):
                path = f"{paragraph.path}/{behind.start}-{behind.start}"
                yield HiddenPlace(path=path, name=f"{paragraph.path}/{item.text}", kind="name")


def _is_gap(paragraph: OpenParagraph, place: int) -> bool:
    """Whether a hidden run is a gap of words, and not only the other half of a mention."""
    window = OpenParagraph(path=paragraph.path, items=paragraph.items[max(0, place - 1) : place + 2])
    return any(piece.kind == "gap" for piece in pieces_of(window))
