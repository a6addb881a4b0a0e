"""A small invented world in which a real bundle is sealed: one device, one body, records of one interview each."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from invented_interview import english, record_of

from keys.chance import random_hex
from keys.digests import sha256
from keys.identity import Identity
from keys.signature import CONSENT, RECORD
from testimony.bundle.exhibit_check import exhibit_number
from testimony.bundle.packing import RecordContents, pack_record
from testimony.bundle.parcel import PackedCustody, PackedExhibit, PackedRecord, Parcel, RedactionRow, SignedStatement
from testimony.bundle.revision import Revision
from testimony.bundle.seal import Sealed, seal_bundle
from testimony.bundle.statement import Withheld
from testimony.card import Card
from testimony.consent import Release, Request, events_from, facts_of, release_for
from testimony.consent_events import ConsentEvent
from testimony.consent_statement import ConsentStatement
from testimony.custody.checkpoint import Checkpoint, origin_of
from testimony.custody.entries import NO_ENTRY, Act, Entry
from testimony.custody.log import LogState, append
from testimony.custody.moments import Moment
from testimony.custody.proofs import build_proofs
from testimony.forms.reading import form_bytes
from testimony.model import Exhibit, Record
from testimony.profiles import Plan, no_decisions, plan_disclosure
from testimony.redaction.commitments import commit
from testimony.redaction.consent_tree import commit_consent, disclose_consent
from testimony.redaction.decisions import Decisions, SpanDecision
from testimony.redaction.disclosure import disclose
from testimony.redaction.head import RecordHead
from testimony.redaction.overlay import overlay_of
from testimony.redaction.record_slots import account_paragraphs, record_tree
from testimony.redaction.redactor_marks import RedactorMark
from testimony.redaction.selection import Selection
from testimony.redaction.spans import Span

AT = datetime(2031, 5, 4, 12, 30, tzinfo=UTC)
BODY = "court-a"
PURPOSE = "criminal investigation"
SEED = b"an invented record seed of 32 by"
EXHIBIT = b"an invented sketch of a yard " * 40
CONDITIONS = "Do not pass on without asking the sender. Invented for tests.\n"


@dataclass
class LogBook:
    """Writes custody entries as a vault does."""

    device: str
    actor: str = "I-09"
    state: LogState = field(default_factory=LogState)
    lines: list[bytes] = field(default_factory=list)
    objects: dict[str, str] = field(default_factory=dict)

    def write(self, kind: str, about: str, details: dict[str, Any] | None = None) -> Entry:
        act = Act(kind=kind, object=about, actor=self.actor, device=self.device, details=details or {})
        seconds = len(self.lines)
        moment = Moment(wall=AT + timedelta(seconds=seconds), monotonic_ns=seconds * 10**9, boot="boot-1")
        entry, self.state = append(self.state, act, moment, object_prev=self.objects.get(about, NO_ENTRY))
        self.lines.append(entry.line())
        self.objects[about] = self.state.last
        return entry


def kept(release: Release, spans: Iterable[Span]) -> Decisions:
    """The decisions of somebody who walked through every span and left nothing out."""
    decisions = no_decisions(release)
    for span in spans:
        decisions = decisions.deciding(SpanDecision(path=span.path, outcome="keep"))
    return decisions


@dataclass
class World:
    """Who takes part, and what each step makes; a test changes a step by changing its function."""

    device: Identity = field(default_factory=Identity.generate)
    body: Identity = field(default_factory=Identity.generate)
    bundle_id: str = field(default_factory=lambda: random_hex(16))
    practice: bool = True
    profile: str = "full"
    purpose: str = PURPOSE
    approvers: tuple[str, ...] = ()
    reviewed: bool = True
    records: int = 1
    exhibit: bytes = EXHIBIT
    identity: str = "no"
    shown_bodies: Sequence[str] = (BODY,)
    hides_identity: bool = True
    interview: Callable[[], dict[str, Any]] = english
    paragraphs: Sequence[str] | None = None
    put: Sequence[tuple[str, str]] = ()
    later: Sequence[ConsentEvent] = ()
    besides: Sequence[tuple[str, str, dict[str, Any]]] = ()
    said: dict[str, bytes] = field(default_factory=dict)
    revision: Revision = field(default_factory=Revision)

    @property
    def card(self) -> Card:
        return Card(kind="device", code="field-07", practice=self.practice, public=self.device.public)

    @property
    def body_card(self) -> Card:
        return Card(kind="body", code=BODY, practice=self.practice, public=self.body.public)

    def record(self, number: int) -> Record:
        value = self.interview()
        value["consent"]["identity"] = [{"recipient": BODY, "answer": self.identity}]
        value["consent"]["share"][0]["purpose"] = self.purpose
        if not self.practice:
            del value["practice"]
        if self.paragraphs is not None:
            value["account"]["paragraphs"] = list(self.paragraphs)
            value["account"]["source_of_knowledge"] = ["experienced"] * len(self.paragraphs)
        control_number = f"TST-{1 + 10 * number:07d}"
        exhibit = Exhibit(
            control_number=exhibit_number(control_number, 0),
            kind="sketch",
            title="the yard",
            original_name="yard.png",
            media_type="image/png",
            sha256=sha256(self.exhibit).hex(),
            size=len(self.exhibit),
            extension="png",
        )
        letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        record_id = f"K7F3-9Q{letters[number // 32]}{letters[number % 32]}"
        return replace(record_of(value, exhibit), record_id=record_id, control_number=control_number)

    def head(self, record: Record, custody_size: int) -> RecordHead:
        return self.head_over(record, events_from(record.interview, AT), custody_size)

    def head_over(self, record: Record, events: Sequence[ConsentEvent], custody_size: int) -> RecordHead:
        """The head of a record, or of a companion, over these words of consent."""
        tree = commit(record_tree(record), SEED)
        consent = commit_consent([event.to_bytes() for event in events], SEED)
        return RecordHead(
            practice=self.practice,
            record_id=record.record_id,
            version=1,
            previous_root=None,
            control_number=str(record.control_number),
            form_id=record.form.id,
            form_sha256=record.form.digest,
            root=tree.root.hex(),
            leaves=tree.n,
            recorder="I-09",
            device=self.device.public.fingerprint,
            consent_root=consent.root.hex(),
            consent_leaves=consent.n,
            custody_origin=origin_of(self.device.public),
            custody_size=custody_size,
            claimed_time=AT,
            clock_note="ok",
            not_before=None,
        )

    def release(self, record: Record, head: RecordHead) -> Release:
        events = self.events(record)
        facts = facts_of(record, bytes.fromhex(head.root))
        request = Request(
            recipient=BODY, purpose=self.purpose, profile=self.profile, at=AT, approvers=frozenset(self.approvers)
        )
        return release_for(facts, events, request)

    def plan(self, record: Record, release: Release) -> Plan:
        """What leaves once somebody kept every span, or before anybody walked through one."""
        late = self.recognised(record)
        plan = plan_disclosure(record, release, late=late)
        return plan_disclosure(record, release, kept(release, plan.spans), late=late) if self.reviewed else plan

    def packed(self, record: Record, head: RecordHead) -> PackedRecord:
        release = self.release(record, head)
        plan = self.plan(record, release)
        selection = self.selection(record, plan.selection)
        events = self.events(record)
        shown = [place for place, event in enumerate(events) if self.tells(event)]
        text = head.to_text()
        said = self.said.get(record.record_id)
        contents = RecordContents(
            head=text,
            signatures=self.device.sign(text, RECORD),
            disclosure=disclose(record_tree(record), SEED, selection),
            overlay=overlay_of(account_paragraphs(record), SEED, selection, plan.late),
            consent=disclose_consent(
                [event.to_bytes() for event in events], SEED, shown, number=len(events) if said else 0
            ),
            form=self.form(record),
            revision=self.revision,
            statement=SignedStatement(text=said, signatures=self.device.sign(said, CONSENT)) if said else None,
        )
        shows_file = selection.whole("exhibits/0/file")
        exhibits = [
            PackedExhibit(
                control_number=str(one.control_number),
                extension=one.extension,
                size=one.size,
                sha256=one.sha256,
                open=lambda: io.BytesIO(self.exhibit),
            )
            for one in record.exhibits
            if shows_file
        ]
        redactions = [
            RedactionRow(
                path=one.path,
                code=one.code,
                basis="profile",
                by="I-09",
                approved_by=" ".join(self.approvers),
                on="2031-05-04",
                review_by="",
            )
            for one in plan.withheld
        ]
        return pack_record(release, contents, exhibits=exhibits, redactions=redactions)

    def events(self, record: Record) -> tuple[ConsentEvent, ...]:
        """What was said until the finish, and afterwards."""
        return (*events_from(record.interview, AT), *self.later)

    def statement(self, record: Record, number: int, size: int) -> ConsentStatement:
        """The statement over the first so many events, when the log had this size."""
        events = [event.to_bytes() for event in self.events(record)[:number]]
        tree = commit_consent(events, SEED, number=number)
        return ConsentStatement(
            practice=self.practice,
            record_id=record.record_id,
            events=number,
            consent_root=tree.root.hex(),
            consent_leaves=tree.n,
            custody_origin=origin_of(self.device.public),
            custody_size=size,
            claimed_time=AT,
        )

    def log_consent(self, book: LogBook, record: Record) -> None:
        """One statement and one entry for each word after the finish."""
        first = len(self.events(record)) - len(self.later)
        for number, event in enumerate(self.later, first + 1):
            text = self.statement(record, number, len(book.lines)).to_text()
            book.write(f"consent.{event.kind}", record.record_id, self.word(event, text))
            self.said[record.record_id] = text

    def word(self, event: ConsentEvent, text: bytes) -> dict[str, Any]:
        """What the entry of a later word says."""
        details: dict[str, Any] = {"event": "0e" * 32, "number": event.seq, "statement": sha256(text).hex()}
        if event.kind == "withdraw":
            details["reach"] = "everything" if event.about_everything else "one-body"
        return details

    def selection(self, _: Record, planned: Selection) -> Selection:
        if self.hides_identity:
            return planned
        return replace(planned, shown=planned.shown | {"witness.name"})

    def recognised(self, record: Record) -> list[RedactorMark]:
        """What the redactor marks after signing in the first paragraph: words and the code for them."""
        text = record.interview.paragraphs[0]
        return [
            RedactorMark(
                version=record.version,
                paragraph=0,
                start=text.index(words),
                end=text.index(words) + len(words),
                code=code,
                name="Quillon",
                words=words,
            )
            for words, code in self.put
        ]

    def tells(self, event: ConsentEvent) -> bool:
        return event.recipient in ("", *self.shown_bodies)

    def form(self, record: Record) -> bytes:
        return form_bytes(record.form.id)

    def log_finishing(self, book: LogBook, head: RecordHead) -> None:
        finished = {"version": 1, "root": head.root, "head": sha256(head.to_text()).hex()}
        book.write("record.finish", head.record_id, finished)

    def sealing(self) -> dict[str, Any]:
        return {
            "recipient": self.body.public.fingerprint.replace(" ", ""),
            "profile": self.profile,
            "records": self.records,
        }

    def log_sealing(self, book: LogBook) -> None:
        book.write("bundle.seal", self.bundle_id, self.sealing())

    def book(self) -> LogBook:
        return LogBook(device=self.device.public.fingerprint.replace(" ", ""))

    def parcel(self) -> Parcel:
        book = self.book()
        book.write("vault.create", "vault", {"profile": "practice"})
        packed = []
        for number in range(self.records):
            record = self.record(number)
            head = self.head(record, len(book.lines))
            book.write("record.create", record.record_id)
            self.log_finishing(book, head)
            self.log_consent(book, record)
            packed.append(self.packed(record, head))
        for kind, about, details in self.besides:
            book.write(kind, about, details)
        self.log_sealing(book)
        book.write("vault.lock", "vault")
        return Parcel(
            bundle_id=self.bundle_id,
            practice=self.practice,
            purpose=self.purpose,
            profile=self.profile,
            claimed_time=AT + timedelta(hours=1),
            conditions=CONDITIONS,
            records=tuple(packed),
            withheld=(Withheld(record_id="K7F3-9QZZ", reason="CONSENT"),),
            custody=self.custody(book, [one.line.record_id for one in packed]),
        )

    def custody(self, book: LogBook, record_ids: Sequence[str]) -> PackedCustody:
        checkpoint = Checkpoint(origin=origin_of(self.device.public), size=book.state.size, root=book.state.root())
        about = {*record_ids, self.bundle_id, *(about for _, about, _ in self.besides)}
        proofs = build_proofs(book.lines, about)
        return PackedCustody(log=proofs.log(), checkpoint=checkpoint.signed(self.device), proofs=proofs.to_bytes())

    def sealed(self, sink: Any = None, recipients: Sequence[Card] | None = None) -> tuple[Sealed, bytes]:
        out = io.BytesIO() if sink is None else sink
        sealed = seal_bundle(
            self.parcel(),
            signer=self.device,
            signer_card=self.card.to_text(self.device),
            recipients=recipients or [self.body_card],
            sink=out,
        )
        return sealed, out.getvalue() if sink is None else b""
