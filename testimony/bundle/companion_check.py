"""Checks of every companion: it belongs to a record of this bundle, and shows no more than that does (companion-v1)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from keys.digests import sha256
from keys.errors import KeysError
from keys.signature import RECORD as RECORD_NAMESPACE
from keys.signature import Signatures, check_signatures
from testimony.bundle.companion_file import companion_copy, parse_companion_file, whole_paragraphs
from testimony.bundle.exhibit_check import exhibit_number
from testimony.bundle.findings import Check, Ledger
from testimony.bundle.names import COMPANION_PARTS, HEAD, HEAD_ED25519, HEAD_HYBRID, RECORD, TXT, companion_member
from testimony.bundle.profile_check import excess, profile_of
from testimony.bundle.seal_check import Seal
from testimony.bundle.verified_record import VerifiedCompanion, VerifiedRecord
from testimony.consent import standing
from testimony.custody.entries import Entry
from testimony.errors import TestimonyError
from testimony.forms.form import Form, Klass
from testimony.redaction.disclosed import ACCOUNT, Disclosed
from testimony.redaction.disclosure import read_disclosure
from testimony.redaction.head import RecordHead, parse_head

_ENTRIES: Final = {"translation": "translation.add", "transcript": "transcript.add"}


class CompanionChecks:
    """Takes the parts of companions as they pass, and checks them once the records and the log are known."""

    def __init__(self, seal: Seal, ledger: Ledger) -> None:
        self._seal = seal
        self._ledger = ledger
        self._parts: dict[str, dict[str, bytes]] = {}

    def take(self, control_number: str, part: str, data: bytes) -> None:
        """Keep a part."""
        self._parts.setdefault(control_number, {})[part] = data

    def finish(
        self, records: Sequence[VerifiedRecord], forms: Mapping[str, Form], chains: Mapping[str, Sequence[Entry]] | None
    ) -> tuple[VerifiedRecord, ...]:
        """The records, each with its companions that hold; `chains` are the entries by object, None without a log."""
        found: dict[str, list[VerifiedCompanion]] = {}
        sources = {one.record_id: one for one in records}
        for control_number, parts in self._parts.items():
            companion = self._checked(control_number, parts, forms)
            source = None if companion is None else self._source(companion, sources)
            if companion is None or source is None:
                continue
            self._check_shown(companion, source)
            if chains is not None:
                self._check_entry(companion, chains.get(source.record_id, ()))
            found.setdefault(source.record_id, []).append(companion)
        return tuple(replace(one, companions=tuple(found.get(one.record_id, ()))) for one in records)

    def _checked(
        self, control_number: str, parts: Mapping[str, bytes], forms: Mapping[str, Form]
    ) -> VerifiedCompanion | None:
        """What holds of a companion by itself: its signatures, its head, its proof and its copy."""
        for part in COMPANION_PARTS:
            name = companion_member(control_number, part)
            self._ledger.expect(part in parts, Check.COUNTS, "absent", name)
        if parts.keys() != set(COMPANION_PARTS):
            return None
        signatures = Signatures(ed25519=parts[HEAD_ED25519], hybrid=parts[HEAD_HYBRID])
        try:
            check_signatures(parts[HEAD], signatures, RECORD_NAMESPACE, self._seal.signer.public)
        except KeysError as error:
            self._ledger.fail(Check.HEAD_SIGNATURES, error.code, control_number)
        head = self._head(control_number, parts[HEAD])
        disclosed = None if head is None else self._disclosed(head, parts, forms)
        if head is None or disclosed is None:
            return None
        same = companion_copy(head, disclosed) == parts[TXT]
        self._ledger.expect(same, Check.READING_COPIES, "differs", companion_member(control_number, TXT))
        return VerifiedCompanion(
            head=head,
            head_text=parts[HEAD],
            signatures=signatures,
            file=parts[RECORD],
            text=parts[TXT],
            disclosed=disclosed,
        )

    def _head(self, control_number: str, data: bytes) -> RecordHead | None:
        try:
            head = parse_head(data)
        except TestimonyError as error:
            self._ledger.fail(Check.HEADS, error.code, control_number)
            return None
        statement = self._seal.statement
        agrees = (
            head.control_number == control_number
            and control_number not in {line.control_number for line in statement.records}
            and (head.version, head.previous_root) == (1, None)
            and (head.device, head.practice) == (statement.signer.fingerprint, statement.practice)
            and (head.form_id, head.form_sha256) in statement.forms
            and head.custody_origin == statement.custody.origin
            and head.custody_size < statement.custody.size
        )
        self._ledger.expect(agrees, Check.HEADS, "differs", control_number)
        return head

    def _disclosed(self, head: RecordHead, parts: Mapping[str, bytes], forms: Mapping[str, Form]) -> Disclosed | None:
        where, form = head.control_number, forms.get(head.form_id)
        if form is None or form.kind == "testimony":
            self._ledger.fail(Check.DISCLOSURES, "no-form", where)
            return None
        if form.kind not in _ENTRIES:
            # What an interviewer noted for themselves is no evidence, and stays where it was written.
            self._ledger.fail(Check.IDENTITY, "never-leaves", where)
            return None
        try:
            file = parse_companion_file(parts[RECORD], companion_member(where, RECORD))
            disclosed = read_disclosure(file.disclosure, root=head.commitment.root, n=head.commitment.n, form=form)
        except TestimonyError as error:
            self._ledger.fail(Check.DISCLOSURES, error.code, f"{where} {error.where}".strip())
            return None
        self._ledger.expect(file.head == sha256(parts[HEAD]).hex(), Check.DISCLOSURES, "other-head", where)
        return disclosed

    def _source(self, companion: VerifiedCompanion, sources: Mapping[str, VerifiedRecord]) -> VerifiedRecord | None:
        """The record that it belongs to: in this bundle, of this version, with this root."""
        where, said = companion.control_number, companion.disclosed.answers
        source = sources.get(str(said.get("source.record")))
        if source is None:
            self._ledger.fail(Check.COUNTS, "no-source", where)
            return None
        named = (said.get("source.version"), said.get("source.root"))
        same = self._ledger.expect(named == (source.version, source.root), Check.HEADS, "other-source", where)
        return source if same else None

    def _check_shown(self, companion: VerifiedCompanion, source: VerifiedRecord) -> None:
        statement, where = self._seal.statement, companion.control_number
        body = statement.recipients[0].code
        grant = standing(source.consent, body, statement.purpose)
        allowed = grant is not None and grant.live and grant.identity == "yes"
        profile = profile_of(statement.profile)
        if profile is not None:
            for found in excess(companion.disclosed, profile, body, identity=allowed):
                self._ledger.fail(Check.IDENTITY, found.code, f"{where} {found.path}")
            # Nobody walks through a companion, so that a text which waits for that stays.
            open_text = companion.shown_paragraphs and profile.action(Klass.S2) == "review"
            self._ledger.expect(not open_text, Check.IDENTITY, "beyond-profile", f"{where} {ACCOUNT}")
        self._ledger.expect(_follows(companion, source), Check.IDENTITY, "beyond-source", where)

    def _check_entry(self, companion: VerifiedCompanion, chain: Sequence[Entry]) -> None:
        """The act of adding it stands in the source's own chain, by the person whom the head names."""
        head, digest = companion.head, sha256(companion.head_text).hex()
        added = [one for one in chain if one.kind == _ENTRIES[companion.kind] and one.details.get("digest") == digest]
        holds = len(added) == 1 and added[0].seq >= head.custody_size and added[0].act.actor == head.recorder
        self._ledger.expect(holds, Check.RECORD_CHAINS, "no-companion-entry", companion.control_number)


def _follows(companion: VerifiedCompanion, source: VerifiedRecord) -> bool:
    """Whether what is withheld of the source is withheld here: paragraph by paragraph, or the whole file."""
    if companion.kind == "transcript":
        # Whether the file is there too is `exhibits`: what has not arrived yet is no fault of the transcript.
        shown_files = (one.index for one in source.disclosed.exhibits if one.sha256 is not None)
        exhibit = companion.disclosed.answers.get("source.exhibit")
        return exhibit in {exhibit_number(source.control_number, index) for index in shown_files}
    shown = {one.index for one in companion.shown_paragraphs}
    return shown <= whole_paragraphs(source.disclosed)
