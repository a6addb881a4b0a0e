"""Seals a parcel: a BagIt bag in a canonical tar, streamed into an age file (docs/format/bundle-v1.md, section 5).

Nothing here takes a record without the `Release` that only `testimony.consent` makes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from keys.digests import Digest, sha256
from keys.identity import Identity
from keys.sealing import SealedWriter
from keys.signature import BUNDLE
from keys.streams import Sink
from testimony.bundle.bag import BAGIT_TEXT, bag_info, guide_files, signers_of
from testimony.bundle.canonical_tar import END, TarWriter, stored_size
from testimony.bundle.custody_check import custody_line
from testimony.bundle.manifest import manifest_text
from testimony.bundle.names import (
    ALLOWED_SIGNERS,
    ALLOWED_SIGNERS_HYBRID,
    BAG_INFO,
    BAGIT,
    CONDITIONS,
    CONSENT,
    CONSENT_ED25519,
    CONSENT_HYBRID,
    CONSENT_SUMMARY,
    CUSTODY_CHECKPOINT,
    CUSTODY_LOG,
    CUSTODY_PROOFS,
    GUIDE_AR,
    GUIDE_EN,
    HEAD,
    HEAD_ED25519,
    HEAD_HYBRID,
    INDEX,
    MANIFEST,
    MAX_RECORDS_SIZE,
    PADDING,
    RECORD,
    REDACTION_LOG,
    SIGNER_CARD,
    STATEMENT,
    STATEMENT_ED25519,
    STATEMENT_HYBRID,
    TAG_FILES,
    TAG_MANIFEST,
    TXT,
    WITHHELD,
    companion_member,
    exhibit_member,
    form_member,
    is_held,
    is_member_name,
    order_key,
    place_of,
    record_member,
    text_member,
)
from testimony.bundle.padme import FLOOR, padded_length
from testimony.bundle.parcel import PackedCompanion, PackedExhibit, PackedRecord, Parcel, SignedStatement
from testimony.bundle.redaction_log import log_row
from testimony.bundle.statement import Addressee, Signer, Statement
from testimony.bundle.statement import Withheld as WithheldLine
from testimony.bundle.tables import CONSENT_HEADER, REDACTION_HEADER, index_table, table, withheld_table
from testimony.card import Card, parse_card
from testimony.custody.checkpoint import parse_checkpoint
from testimony.errors import BundleError, LimitExceededError


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What was sealed: the bundle's id, SHA-256 in hex and size in bytes of the sealed file, its statement."""

    bundle_id: str
    sha256: str
    size: int
    statement: Statement


@dataclass(frozen=True, kw_only=True)
class _Bag:
    """Everything that the tar will hold, but for the padding."""

    statement: Statement
    files: Mapping[str, bytes] = field(repr=False)
    exhibits: Mapping[str, PackedExhibit] = field(repr=False)


def seal_bundle(
    parcel: Parcel, *, signer: Identity, signer_card: bytes, recipients: Sequence[Card], sink: Sink
) -> Sealed:
    """Write the sealed file to `sink` and tell what it is.

    All recipients are cards of the one body that every release names: consent is given to a body, not to a list.
    An error leaves a file that does not open; the caller drops it.

    Raises:
        BundleError: A recipient, the card or a part of the parcel does not fit the rest.
        LimitExceededError: A part is larger than a reader accepts.
        CustodyError: The checkpoint is not the signer's.
        KeysError: A recipient's key is refused.
    """
    card = parse_card(signer_card)
    if card.public != signer.public:
        raise BundleError("other-signer", SIGNER_CARD)
    check_recipients(parcel, card, recipients)
    bag = _bag(parcel, signer, signer_card, _addressees(recipients))
    digest = Digest()
    with SealedWriter(sink, [one.public.recipient for one in recipients], sealed_digest=digest) as sealed:
        _write(bag, TarWriter(sealed))
    return Sealed(bundle_id=parcel.bundle_id, sha256=digest.hexdigest(), size=sealed.size, statement=bag.statement)


def check_recipients(parcel: Parcel, signer: Card, recipients: Sequence[Card]) -> None:
    """Nothing, when the parcel may go to these cards.

    Raises:
        BundleError: Nobody, another body than consent named ("recipient"), or practice and real mixed ("practice").
    """
    codes = {one.release.recipient for one in parcel.records}
    if not recipients or {card.code for card in recipients} != codes or len(codes) != 1:
        raise BundleError("recipient", "recipients")
    if any(card.practice != parcel.practice for card in (signer, *recipients)):
        raise BundleError("practice", "recipients")


def data_members(parcel: Parcel) -> dict[str, bytes]:
    """Every data file of the bag but the exhibits, as it will stand there: what a leak scan has to see.

    Raises:
        BundleError: Two records or exhibits share a control number, or two forms one id.
        LimitExceededError: A file is larger than a reader accepts.
    """
    files: dict[str, bytes] = {
        CONDITIONS: parcel.conditions.encode("utf-8"),
        CONSENT_SUMMARY: table(CONSENT_HEADER, (row for one in parcel.records for row in one.consent_rows)),
        REDACTION_LOG: table(REDACTION_HEADER, (row for one in parcel.records for row in _redaction_rows(one))),
        WITHHELD: withheld_table(_sorted_withheld(parcel)),
        CUSTODY_LOG: parcel.custody.log,
        CUSTODY_CHECKPOINT: parcel.custody.checkpoint,
        CUSTODY_PROOFS: parcel.custody.proofs,
        **parcel.custody.anchors,
    }
    for record in parcel.records:
        for name, data in _record_members(record).items():
            # Records share forms, byte for byte; nothing else may stand twice under one name.
            if files.setdefault(name, data) is not data and (files[name] != data or not name.startswith("data/forms/")):
                raise BundleError("control-number", name)
    seen = {name: (sha256(data).hex(), len(data)) for name, data in files.items()}
    seen |= {name: (one.sha256, one.size) for name, one in exhibit_members(parcel).items()}
    files[INDEX] = index_table(seen)
    for name, data in files.items():
        _check_limit(name, len(data))
    if sum(len(data) for name, data in files.items() if is_held(name)) > MAX_RECORDS_SIZE:
        raise LimitExceededError("records-size", "parcel")
    return files


def exhibit_members(parcel: Parcel) -> dict[str, PackedExhibit]:
    """Every exhibit by its member name.

    Raises:
        BundleError: Two of them share a control number.
    """
    exhibits: dict[str, PackedExhibit] = {}
    for record in parcel.records:
        for one in record.exhibits:
            name = exhibit_member(one.control_number, one.extension)
            if name in exhibits:
                raise BundleError("control-number", name)
            exhibits[name] = one
    return exhibits


def _record_members(record: PackedRecord) -> dict[str, bytes]:
    control_number = record.line.control_number
    statement = {} if record.statement is None else _statement_members(control_number, record.statement)
    forms = {form_member(form_id): form for form_id, form in record.forms.items()}
    companions = (item for one in record.companions for item in _companion_members(one).items())
    return (
        statement
        | forms
        | dict(companions)
        | {
            record_member(control_number, HEAD): record.head,
            record_member(control_number, HEAD_ED25519): record.signatures.ed25519,
            record_member(control_number, HEAD_HYBRID): record.signatures.hybrid,
            record_member(control_number, RECORD): record.file,
            text_member(control_number): record.reading_copy,
        }
    )


def _statement_members(control_number: str, statement: SignedStatement) -> dict[str, bytes]:
    return {
        record_member(control_number, CONSENT): statement.text,
        record_member(control_number, CONSENT_ED25519): statement.signatures.ed25519,
        record_member(control_number, CONSENT_HYBRID): statement.signatures.hybrid,
    }


def _companion_members(companion: PackedCompanion) -> dict[str, bytes]:
    parts = {
        HEAD: companion.head,
        HEAD_ED25519: companion.signatures.ed25519,
        HEAD_HYBRID: companion.signatures.hybrid,
        RECORD: companion.file,
        TXT: companion.reading_copy,
    }
    return {companion_member(companion.control_number, part): data for part, data in parts.items()}


def _redaction_rows(record: PackedRecord) -> Iterator[tuple[str, ...]]:
    for row in record.redactions:
        yield log_row(record.line.control_number, record.line.version, row)


def _sorted_withheld(parcel: Parcel) -> tuple[WithheldLine, ...]:
    return tuple(sorted(parcel.withheld, key=lambda one: one.record_id))


def _check_limit(name: str, size: int) -> None:
    place = place_of(name)
    if place is None or not is_member_name(name):
        raise BundleError("member-name", "parcel")
    if size > place.limit:
        raise LimitExceededError("member-size", name)


def _addressees(recipients: Sequence[Card]) -> tuple[Addressee, ...]:
    made = {
        Addressee(code=card.code, fingerprint=card.public.fingerprint, recipient_digest=card.public.recipient_digest)
        for card in recipients
    }
    return tuple(sorted(made, key=lambda one: one.fingerprint))


def _bag(parcel: Parcel, signer: Identity, signer_card: bytes, recipients: tuple[Addressee, ...]) -> _Bag:
    card = parse_card(signer_card)
    files = data_members(parcel)
    exhibits = exhibit_members(parcel)
    sizes = [len(data) for data in files.values()] + [one.size for one in exhibits.values()]
    digests = {name: sha256(data).hex() for name, data in files.items()}
    digests |= {name: one.sha256 for name, one in exhibits.items()}
    manifest = manifest_text(digests)
    guides = guide_files(parcel.bundle_id, card)
    statement = _statement(parcel, card, recipients, (manifest, guides))
    text = statement.to_text()
    both = signer.sign(text, BUNDLE)
    signers = signers_of(card)
    tags = guides | {
        BAGIT: BAGIT_TEXT,
        BAG_INFO: bag_info(parcel.bundle_id, sizes),
        MANIFEST: manifest,
        STATEMENT: text,
        STATEMENT_ED25519: both.ed25519,
        STATEMENT_HYBRID: both.hybrid,
        SIGNER_CARD: signer_card,
        ALLOWED_SIGNERS: signers.ed25519.encode("ascii"),
        ALLOWED_SIGNERS_HYBRID: signers.hybrid.encode("ascii"),
    }
    tags[TAG_MANIFEST] = manifest_text({name: sha256(data).hex() for name, data in tags.items()})
    for name in TAG_FILES:
        _check_limit(name, len(tags[name]))
    return _Bag(statement=statement, files=tags | files, exhibits=exhibits)


def _statement(
    parcel: Parcel, card: Card, recipients: tuple[Addressee, ...], signed: tuple[bytes, Mapping[str, bytes]]
) -> Statement:
    """The statement over `signed`: the manifest, and the guides by name."""
    manifest, guides = signed
    return Statement(
        bundle_id=parcel.bundle_id,
        previous=parcel.previous,
        practice=parcel.practice,
        purpose=parcel.purpose,
        profile=parcel.profile,
        signer=Signer(kind=card.kind, code=card.code, fingerprint=card.public.fingerprint),
        recipients=recipients,
        claimed_time=parcel.claimed_time,
        not_before=parcel.custody.not_before,
        not_after=None,  # nothing outside can have seen it yet
        forms=tuple(
            sorted({name: sha256(form).hex() for one in parcel.records for name, form in one.forms.items()}.items())
        ),
        records=tuple(sorted((one.line for one in parcel.records), key=lambda line: line.control_number)),
        withheld=_sorted_withheld(parcel),
        custody=custody_line(parse_checkpoint(parcel.custody.checkpoint, card.public)),
        guides=(sha256(guides[GUIDE_EN]).hex(), sha256(guides[GUIDE_AR]).hex()),
        manifest_sha256=sha256(manifest).hex(),
    )


def _write(bag: _Bag, tar: TarWriter) -> None:
    for name in sorted([*bag.files, *bag.exhibits], key=order_key):
        exhibit = bag.exhibits.get(name)
        if exhibit is None:
            tar.add(name, bag.files[name])
        else:
            tar.add_stream(name, exhibit.size, exhibit.open())
    tar.add_zeros(PADDING, padding_size(tar.length))
    tar.finish()


def padding_size(length: int, *, floor: int = FLOOR) -> int:
    """How many zeros the last member needs, after `length` bytes of tar, so that the tar has a padded length."""
    full = length + stored_size(0) + len(END)
    return padded_length(full, floor=floor) - full
