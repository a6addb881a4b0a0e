"""Packs one released record for a parcel, by the same reading that a verifier does (bundle-v1.md, section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from keys.digests import sha256
from keys.signature import Signatures
from testimony.bundle.companion_file import CompanionFile, companion_copy
from testimony.bundle.parcel import PackedCompanion, PackedExhibit, PackedRecord, RedactionRow, SignedStatement
from testimony.bundle.reading_copy import render_copy
from testimony.bundle.record_file import RecordFile, consent_rows, consent_shown
from testimony.bundle.redaction_log import code_rows
from testimony.bundle.revision import Revision
from testimony.bundle.statement import RecordLine
from testimony.canonical import JsonValue
from testimony.consent import Release
from testimony.consent_statement import parse_statement
from testimony.errors import BundleError
from testimony.forms.form import Form
from testimony.forms.reading import parse_form
from testimony.redaction.disclosure import read_disclosure
from testimony.redaction.head import RecordHead, parse_head
from testimony.redaction.overlay import OverlayEntry, overlaid


@dataclass(frozen=True, kw_only=True)
class RecordContents:
    """A finished record as it will be shown: signed head, disclosures of its tree and its consent events, its form.

    `statement` is the newest consent statement, None where nothing changed since the record was finished.
    """

    head: bytes = field(repr=False)
    signatures: Signatures = field(repr=False)
    disclosure: JsonValue = field(repr=False)
    consent: JsonValue = field(repr=False)
    form: bytes = field(repr=False)
    overlay: tuple[OverlayEntry, ...] = ()
    statement: SignedStatement | None = None
    revision: Revision = field(default_factory=Revision)


def pack_record(
    release: Release,
    contents: RecordContents,
    *,
    exhibits: Sequence[PackedExhibit] = (),
    redactions: Sequence[RedactionRow] = (),
    companions: Sequence[PackedCompanion] = (),
) -> PackedRecord:
    """The record as its files will stand in the bag.

    Raises:
        BundleError: The release is for another record, version or root, or the form is another.
        RedactionError: A disclosure does not lead to the head's root, or an overlay points at no gap.
        ConsentError: A consent event is malformed.
        ConsentStatementError: The consent statement is malformed.
        FormError: The form is malformed.
    """
    head = parse_head(contents.head)
    form = parse_form(contents.form)
    _refuse_other(release, head, form)
    commitment = head.commitment
    proved = read_disclosure(contents.disclosure, root=commitment.root, n=commitment.n, form=form)
    disclosed = overlaid(proved, contents.overlay)
    committed = head.consent if contents.statement is None else parse_statement(contents.statement.text).consent
    file = RecordFile(
        head=sha256(contents.head).hex(),
        disclosure=contents.disclosure,
        consent=contents.consent,
        overlay=contents.overlay,
        revision=contents.revision,
    )
    return PackedRecord(
        release=release,
        line=_line(head, file.head),
        head=contents.head,
        signatures=contents.signatures,
        file=file.to_bytes(),
        reading_copy=render_copy(head, disclosed, revision=contents.revision),
        form_id=form.id,
        form=contents.form,
        consent_rows=consent_rows(head.control_number, consent_shown(file, committed)),
        exhibits=tuple(exhibits),
        redactions=(*redactions, *code_rows(disclosed)),
        statement=contents.statement,
        companions=tuple(companions),
    )


def pack_companion(head_text: bytes, signatures: Signatures, disclosure: JsonValue, form: bytes) -> PackedCompanion:
    """A companion as its files will stand in the bag.

    Raises:
        BundleError: The form is another.
        RedactionError: The disclosure does not lead to the head's root.
        FormError: The form is malformed.
    """
    head, read = parse_head(head_text), parse_form(form)
    if (read.id, read.digest) != (head.form_id, head.form_sha256):
        raise BundleError("form", head.control_number)
    disclosed = read_disclosure(disclosure, root=head.commitment.root, n=head.commitment.n, form=read)
    return PackedCompanion(
        control_number=head.control_number,
        head=head_text,
        signatures=signatures,
        file=CompanionFile(head=sha256(head_text).hex(), disclosure=disclosure).to_bytes(),
        reading_copy=companion_copy(head, disclosed),
        form_id=read.id,
        form=form,
    )


def _refuse_other(release: Release, head: RecordHead, form: Form) -> None:
    """Nothing, when the release is for this very record and the form is that of its head."""
    if (release.record_id, release.version, release.root.hex()) != (head.record_id, head.version, head.root):
        raise BundleError("release", head.control_number)
    if release.practice != head.practice or (form.id, form.digest) != (head.form_id, head.form_sha256):
        raise BundleError("form", head.control_number)


def _line(head: RecordHead, head_sha256: str) -> RecordLine:
    return RecordLine(
        control_number=head.control_number,
        record_id=head.record_id,
        version=head.version,
        root=head.root,
        head_sha256=head_sha256,
    )
