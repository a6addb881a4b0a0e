"""Answering a disclosure request: a further bundle that lifts exactly what is granted of it (request-v1.md, section 5).

An answer is sealed like every bundle: the gate is asked anew, the leak scan reads it, the log has it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from keys.digests import sha256
from keys.digits import ungrouped
from testimony.consent import Release, Request
from testimony.disclosure_request import FIRST_LINE, MAX_REQUEST, DisclosureRequest, covers, parse_request
from testimony.errors import ConsentError, RequestError
from testimony.leaks import LeakScan
from testimony.profiles import Plan, plan_disclosure
from testimony.redaction.disclosed import ACCOUNT
from testimony.redaction.selection import Selection
from vault.contacts import Contact, contact_by_fingerprint
from vault.custody import append
from vault.disclosure_requests import keep_request
from vault.errors import NotFoundError, PolicyError
from vault.files import open_regular, read_bounded, storage_errors
from vault.handover import Sealed, seal
from vault.hidden_parts import HiddenParts
from vault.preview import Handover, HandoverRow, gate
from vault.records import StoredRecord, get_record
from vault.redactions import decisions_under
from vault.rendition import Asked, rendition_of
from vault.revisions import SealedBefore, sealed_before
from vault.store import Vault

_SEALED: Final = (
    "SELECT b.purpose, b.profile, b.recipient, r.root, r.file_sha256 FROM bundle_records r JOIN bundles b"
    " USING (bundle_id) WHERE b.bundle_id = ? AND b.fingerprint = ? AND b.state = 'sealed' AND r.record_id = ?"
    " AND r.version = ?"
)
_ANSWERED: Final = (
    "SELECT r.history FROM bundle_records r JOIN bundles b USING (bundle_id)"
    " WHERE r.record_id = ? AND b.state = 'sealed'"
)


@dataclass(frozen=True, kw_only=True)
class Lift:
    """One place that was asked for, and the words that would be shown there."""

    path: str
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Answerable:
    """A request that holds, what consent says about it now, and what each place would show."""

    request: DisclosureRequest
    to: Contact
    stored: StoredRecord = field(repr=False)
    row: HandoverRow = field(repr=False)
    release: Release
    before: SealedBefore = field(repr=False)
    lifts: tuple[Lift, ...]


def is_request(path: Path) -> bool:
    """Whether a file says of itself that it is a disclosure request; nothing of it is checked.

    Raises:
        SourceFileError: It is no plain file.
        NotFoundError: It is not there.
    """
    line = FIRST_LINE.encode("ascii")
    with open_regular(path) as stream, storage_errors(path.name):
        return stream.read(len(line)) == line


def take_request(vault: Vault, path: Path) -> Answerable:
    """The request in a file, checked against what was sealed for this body, and asked of consent anew.

    Raises:
        RequestError: Malformed, not signed by its requester ("request-signature"), about a bundle ("request-bundle") or
            a record ("request-record") that was not sealed so for this body, about an older revision
            ("request-superseded"), or for what was never hidden or never there ("request-not-hidden").
        PolicyError: Its requester is no contact ("unknown-signer"), or it was answered before ("request-answered").
        ConsentError: Consent does not let the record go to this body any more.
    """
    data = read_bounded(path, MAX_REQUEST)
    signed = parse_request(data)
    to = contact_by_fingerprint(vault, signed.fingerprint)
    if to is None:
        raise PolicyError("unknown-signer", signed.requester)
    request = signed.check(to.card.public)
    _refuse_replay(vault, request)
    row = vault.read_one(_SEALED, (request.bundle_id, ungrouped(to.fingerprint), request.record_id, request.version))
    if row is None or row[2] != to.code:
        raise RequestError("request-bundle", request.bundle_id)
    if (row[3].hex(), row[4]) != (request.root, request.file_sha256):
        raise RequestError("request-record", request.record_id)
    asked = Request(recipient=to.code, purpose=row[0], profile=row[1], at=vault.clock.now().wall)
    answerable = _weighed(vault, request, to, asked)
    _keep(vault, answerable, data)
    return answerable


def answer_request(vault: Vault, answerable: Answerable, granted: Sequence[str], out: Path) -> Sealed:
    """The sealed answer that lifts exactly what is granted of what was asked for.

    Raises:
        RequestError: Nothing is granted ("request-nothing"), or something that was not asked for ("request-not-asked").
        PolicyError: What is asked for is never lifted, or not for this body ("lift-identity", "lift-never",
            "lift-names"), or consent now allows less than was sealed ("answer-narrower").
        ConsentError: Consent changed since the request was read.
        TestimonyError: A part does not fit the bundle.
    """
    asked = {one.path for one in answerable.lifts}
    if not granted:
        raise RequestError("request-nothing", answerable.request.request_id)
    if not asked.issuperset(granted):
        raise RequestError("request-not-asked", answerable.request.request_id)
    row = _answering_row(vault, answerable, sorted(set(granted)))
    handover = Handover(
        to=answerable.to, purpose=answerable.release.purpose, profile=answerable.release.profile, rows=(row,)
    )
    return seal(vault, handover, out)


def _refuse_replay(vault: Vault, request: DisclosureRequest) -> None:
    mark = b'"request":"' + request.request_id.encode("ascii") + b'"'
    if any(mark in history for (history,) in vault.read(_ANSWERED, (request.record_id,))):
        raise PolicyError("request-answered", request.request_id)


def _weighed(vault: Vault, request: DisclosureRequest, to: Contact, asked: Request) -> Answerable:
    """What consent says now, and what each place would show."""
    stored = get_record(vault, request.record_id, request.version)
    decision, release = gate(stored, asked)
    if release is None or stored.record is None:
        raise ConsentError(decision.rule, decision.reason, request.record_id)
    before = sealed_before(vault.read_one, release)
    if before is None or before.file_sha256 != request.file_sha256:
        raise RequestError("request-superseded", request.record_id)
    decisions = decisions_under(vault, release)
    row = HandoverRow(
        record_id=stored.record_id,
        control_number=stored.record.control_number or "",
        case_code=stored.case_code,
        interviewed_on=stored.interviewed_on,
        decision=decision,
        decisions=decisions,
        rendition=None,
    )
    late = plan_disclosure(stored.record, release, decisions, late=stored.late).late
    hidden = HiddenParts(stored.record, stored.seed, before.selection, late)
    return Answerable(
        request=request,
        to=to,
        stored=stored,
        row=row,
        release=release,
        before=before,
        lifts=tuple(Lift(path=path, text=hidden.text_at(path)) for path in request.hidden),
    )


def _keep(vault: Vault, answerable: Answerable, data: bytes) -> None:
    """Keep the request the first time it is read."""
    request = answerable.request
    with vault.transaction() as tx:
        if tx.one("SELECT 1 FROM disclosure_requests WHERE request_id = ?", (request.request_id,)) is None:
            keep_request(tx, vault, request, data, "received")
            details: dict[str, str | int] = {
                "request": sha256(data).hex(),
                "places": len(request.hidden),
                "signer": ungrouped(request.fingerprint),
            }
            append(tx, vault, "request.import", request.request_id, details)


def _answering_row(vault: Vault, answerable: Answerable, granted: Sequence[str]) -> HandoverRow:
    """The row of the answer: what was shown before, and what is granted."""
    record, release = answerable.stored.record, answerable.release
    if record is None:
        raise NotFoundError("record", answerable.stored.record_id)
    planned = plan_disclosure(
        record,
        release,
        answerable.row.decisions,
        withheld_paragraphs=answerable.stored.restricted,
        late=answerable.stored.late,
    )
    hidden = HiddenParts(record, answerable.stored.seed, answerable.before.selection, planned.late)
    earlier = answerable.before.revision.lifts if answerable.before.revision.request is not None else ()
    _refuse_narrower(planned, answerable.before.selection, earlier)
    selection = answerable.before.selection
    for path in granted:
        if _touches(path, planned.restricted):
            raise PolicyError("lift-never", path)
        hidden.refuse(path, release)
        selection = hidden.lifted(selection, path)
    texts = (hidden.shown_by(earlier), *(hidden.text_at(path) for path in granted))
    told = LeakScan(planned.needles).in_text("\n".join(texts))
    plan = Plan(
        selection=selection,
        withheld=(
            *(one for one in planned.withheld if not _is_settled(one.path, granted)),
            *(
                replace(one, code="CONSENT") if one.path in planned.restricted else one
                for one in hidden.rows(selection, answerable.row.decisions)
            ),
        ),
        needles=tuple(one for index, one in enumerate(planned.needles) if index not in told),
        late=planned.late,
    )
    asked = Asked(
        release=release,
        decision=answerable.row.decision,
        decisions=answerable.row.decisions,
        by=vault.settings.code,
        on=vault.clock.now().wall.date().isoformat(),
        request=answerable.request.request_id,
    )
    return replace(answerable.row, rendition=rendition_of(vault, answerable.stored, asked, plan))


def _is_settled(path: str, granted: Sequence[str]) -> bool:
    """Whether a row of the plan is no longer right: the account has its rows made anew, and what is lifted has none."""
    return path == ACCOUNT or path.startswith(f"{ACCOUNT}/") or any(covers(one, path) for one in granted)


def _touches(path: str, restricted: Collection[str]) -> bool:
    """Whether something restricted stands at a path, in it or around it."""
    return any(covers(path, one) or covers(one, path) for one in restricted)


def _refuse_narrower(plan: Plan, before: Selection, lifts: Sequence[str]) -> None:
    """An answer shows all that was shown before: where less is allowed now, the record is sealed anew."""
    planned = plan.selection
    if any(_touches(path, plan.restricted) for path in (*before.shown, *before.paragraphs)):
        raise PolicyError("answer-narrower")
    values = (path for path in before.shown if path not in lifts)
    paragraphs = (path for path in before.paragraphs if path not in lifts)
    if not all(map(planned.whole, values)) or not all(path in planned.paragraphs for path in paragraphs):
        raise PolicyError("answer-narrower")
    for path, view in before.paragraphs.items():
        now = planned.paragraphs.get(path)
        touched = any(covers(path, lift) for lift in lifts)
        if now is not None and not touched and (set(now.hidden) != set(view.hidden) or view.named != now.named):
            raise PolicyError("answer-narrower")
