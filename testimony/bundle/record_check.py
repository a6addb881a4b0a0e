"""Checks of every record: head, signatures, disclosure, consent, reading copy, exhibits (bundle-v1.md, section 6.4)."""

from collections.abc import Iterator, Mapping
from typing import Final

from keys.digests import sha256
from keys.errors import KeysError
from keys.signature import RECORD as RECORD_NAMESPACE
from keys.signature import Signatures, check_signatures
from testimony.bundle.consent_check import RecordInQuestion, check_consent
from testimony.bundle.exhibit_check import check_exhibits
from testimony.bundle.findings import Check, Ledger
from testimony.bundle.lifts import Lifts
from testimony.bundle.names import (
    HEAD,
    HEAD_ED25519,
    HEAD_HYBRID,
    RECORD,
    RECORD_PARTS,
    TEXT,
    form_member,
    place_of,
    record_member,
    text_member,
)
from testimony.bundle.profile_check import excess, profile_of
from testimony.bundle.reading_copy import render_copy
from testimony.bundle.record_file import RecordFile, consent_rows, parse_record_file
from testimony.bundle.seal_check import Seal, Seen
from testimony.bundle.statement import RecordLine
from testimony.bundle.verified_record import VerifiedRecord
from testimony.consent import standing
from testimony.consent_events import ConsentEvent
from testimony.errors import TestimonyError
from testimony.forms.form import Form
from testimony.forms.reading import OWN_FORM_IDS, TESTIMONY, form_bytes, parse_form
from testimony.redaction.comparison import ShownPlaces
from testimony.redaction.disclosed import Disclosed
from testimony.redaction.disclosure import read_disclosure
from testimony.redaction.head import RecordHead, parse_head
from testimony.redaction.overlay import overlaid

_PER_RECORD: Final = (
    Check.COUNTS,
    Check.HEADS,
    Check.HEAD_SIGNATURES,
    Check.DISCLOSURES,
    Check.CONSENT,
    Check.IDENTITY,
    Check.READING_COPIES,
)


class RecordChecks:
    """Takes forms and parts of records as they pass, checks each record as soon as it is whole."""

    def __init__(self, seal: Seal, ledger: Ledger) -> None:
        self._seal = seal
        self._ledger = ledger
        self._lines = {line.control_number: line for line in seal.statement.records}
        self._forms: dict[str, Form] = {}
        self._parts: dict[str, bytes] = {}
        self._current = ""
        self._records: list[VerifiedRecord] = []
        self._seen_numbers: set[str] = set()
        self._copies: dict[str, str] = {}

    def take_form(self, form_id: str, data: bytes) -> None:
        """Keep a form, when the statement names it by its digest."""
        where = form_member(form_id)
        named = (form_id, sha256(data).hex()) in self._seal.statement.forms
        # Under a known id only the known form may stand: else questions and classes could be exchanged beneath it.
        known = form_id not in OWN_FORM_IDS or data == form_bytes(form_id)
        if not self._ledger.expect(named and known, Check.FORMS, "other-form", where):
            return
        try:
            form = parse_form(data)
        except TestimonyError as error:
            self._ledger.fail(Check.FORMS, error.code, where)
            return
        if self._ledger.expect(form.id == form_id, Check.FORMS, "other-form", where):
            self._forms[form_id] = form

    def take(self, control_number: str, part: str, data: bytes) -> None:
        """Keep a part; the record is checked with its last one, which is its JSON."""
        if control_number != self._current:
            self._current, self._parts = control_number, {}
        self._seen_numbers.add(control_number)
        self._parts[part] = data
        if part == RECORD:
            parts, self._parts = self._parts, {}
            self._check(control_number, parts)

    @property
    def forms(self) -> Mapping[str, Form]:
        """The forms of the bundle by their ids, as far as they hold."""
        return self._forms

    @property
    def consent_rows(self) -> Iterator[tuple[str, ...]]:
        """The rows that consent-summary.csv must have."""
        for record in self._records:
            yield from consent_rows(record.control_number, record.consent)

    def finish(self, seen: Seen) -> tuple[VerifiedRecord, ...]:
        """Check counts, reading copies and exhibits; the records that hold."""
        for form_id, _ in self._seal.statement.forms:
            self._ledger.expect(form_member(form_id) in seen, Check.FORMS, "absent", form_member(form_id))
        self._check_counts(seen)
        for control_number, digest in self._copies.items():
            name = text_member(control_number)
            held = name in seen and seen[name][0] == digest
            self._ledger.expect(held, Check.READING_COPIES, "differs" if name in seen else "absent", name)
        found = check_exhibits(self._records, seen, self._ledger)
        for check in _PER_RECORD:
            self._ledger.made(check)
        return found

    def _check(self, control_number: str, parts: Mapping[str, bytes]) -> None:
        line = self._lines.get(control_number)
        if line is None or not parts.keys() >= set(RECORD_PARTS):
            return  # the counts say so
        signatures = Signatures(ed25519=parts[HEAD_ED25519], hybrid=parts[HEAD_HYBRID])
        self._check_signatures(line, parts[HEAD], signatures)
        head = self._head(line, parts[HEAD])
        file = self._file(line, parts)
        if head is None or file is None:
            return
        disclosed = self._disclosed(line, head, file)
        asked = RecordInQuestion(line=line, head=head, file=file, parts=parts)
        consent = check_consent(asked, self._seal, self._ledger)
        if disclosed is None or consent is None:
            return
        lifts = () if file.revision.request is None else file.revision.lifts
        self._check_identity(line, disclosed, consent.events, Lifts(lifts))
        self._copies[control_number] = sha256(render_copy(head, disclosed, revision=file.revision)).hex()
        self._records.append(
            VerifiedRecord(
                head=head,
                head_text=parts[HEAD],
                signatures=signatures,
                file=parts[RECORD],
                revision=file.revision,
                disclosed=disclosed,
                consent=consent.events,
                statement=consent.statement,
            )
        )

    def _check_signatures(self, line: RecordLine, head: bytes, signatures: Signatures) -> None:
        try:
            check_signatures(head, signatures, RECORD_NAMESPACE, self._seal.signer.public)
        except KeysError as error:
            self._ledger.fail(Check.HEAD_SIGNATURES, error.code, line.control_number)

    def _head(self, line: RecordLine, data: bytes) -> RecordHead | None:
        if not self._ledger.expect(sha256(data).hex() == line.head_sha256, Check.HEADS, "differs", line.control_number):
            return None
        try:
            head = parse_head(data)
        except TestimonyError as error:
            self._ledger.fail(Check.HEADS, error.code, line.control_number)
            return None
        statement = self._seal.statement
        agrees = (
            (head.control_number, head.record_id, head.version, head.root)
            == (line.control_number, line.record_id, line.version, line.root)
            and head.device == statement.signer.fingerprint
            and head.practice == statement.practice
            and (head.form_id, head.form_sha256) in statement.forms
            and head.custody_origin == statement.custody.origin
            and head.custody_size < statement.custody.size
        )
        self._ledger.expect(agrees, Check.HEADS, "differs", line.control_number)
        return head

    def _file(self, line: RecordLine, parts: Mapping[str, bytes]) -> RecordFile | None:
        name = record_member(line.control_number, RECORD)
        try:
            file = parse_record_file(parts[RECORD], name)
        except TestimonyError as error:
            self._ledger.fail(Check.DISCLOSURES, error.code, name)
            return None
        self._ledger.expect(file.head == line.head_sha256, Check.DISCLOSURES, "other-head", name)
        return file

    def _disclosed(self, line: RecordLine, head: RecordHead, file: RecordFile) -> Disclosed | None:
        form = self._forms.get(head.form_id)
        if form is None or form.kind != TESTIMONY:
            self._ledger.fail(Check.DISCLOSURES, "no-form", line.control_number)
            return None
        try:
            proved = read_disclosure(file.disclosure, root=head.commitment.root, n=head.commitment.n, form=form)
            shown = overlaid(proved, file.overlay)
        except TestimonyError as error:
            self._ledger.fail(Check.DISCLOSURES, error.code, f"{line.control_number} {error.where}".strip())
            return None
        places = ShownPlaces(shown.tree)
        lifted = all(path in places for path in file.revision.lifts)
        self._ledger.expect(lifted, Check.DISCLOSURES, "not-lifted", line.control_number)
        return shown

    def _check_identity(
        self, line: RecordLine, disclosed: Disclosed, consent: tuple[ConsentEvent, ...], lifts: Lifts
    ) -> None:
        statement = self._seal.statement
        body = statement.recipients[0].code
        grant = standing(consent, body, statement.purpose)
        allowed = grant is not None and grant.live and grant.identity == "yes"
        profile = profile_of(statement.profile)
        if profile is None:
            self._ledger.fail(Check.IDENTITY, "unknown-profile", line.control_number)
            return
        for found in excess(disclosed, profile, body, identity=allowed, lifts=lifts):
            self._ledger.fail(Check.IDENTITY, found.code, f"{line.control_number} {found.path}")

    def _check_counts(self, seen: Seen) -> None:
        copies = {place.key for name in seen if (place := place_of(name)) is not None and place.part == TEXT}
        for control_number in sorted((self._seen_numbers | copies) - self._lines.keys()):
            self._ledger.fail(Check.COUNTS, "unlisted", control_number)
        for control_number in self._lines:
            for part in RECORD_PARTS:
                name = record_member(control_number, part)
                self._ledger.expect(name in seen, Check.COUNTS, "absent", name)
            self._ledger.expect(
                text_member(control_number) in seen, Check.COUNTS, "absent", text_member(control_number)
            )
