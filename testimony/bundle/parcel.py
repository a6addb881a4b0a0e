"""What goes into a bundle before it is sealed: released records, custody, conditions (docs/format/bundle-v1.md, 3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from keys.digests import sha256
from keys.signature import Signatures
from testimony.bundle.canonical_tar import ByteSource
from testimony.bundle.names import BUNDLE_ID, CONTROL_NUMBER, EXTENSION, MAX_CONDITIONS, MAX_MEMBER_SIZE, SHA256
from testimony.bundle.statement import RecordLine, Withheld, is_purpose
from testimony.consent import Release
from testimony.errors import BundleError


@dataclass(frozen=True, kw_only=True)
class PackedExhibit:
    """One exhibit: its control number, extension, size in bytes, SHA-256 in hex, and how to read its bytes."""

    control_number: str
    extension: str
    size: int
    sha256: str
    open: Callable[[], ByteSource] = field(repr=False)

    def __post_init__(self) -> None:
        shaped = CONTROL_NUMBER.fullmatch(self.control_number) and EXTENSION.fullmatch(self.extension)
        if not shaped or SHA256.fullmatch(self.sha256) is None or not 0 <= self.size <= MAX_MEMBER_SIZE:
            raise BundleError("exhibit", "parcel")


@dataclass(frozen=True, kw_only=True)
class RedactionRow:
    """One line of the redaction log: what was withheld where and why, never the words; dates as YYYY-MM-DD."""

    path: str
    code: str
    basis: str
    by: str
    approved_by: str
    on: str
    review_by: str


@dataclass(frozen=True, kw_only=True)
class SignedStatement:
    """A consent statement and its two signatures."""

    text: bytes = field(repr=False)
    signatures: Signatures = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PackedCompanion:
    """A translation or transcript as its files will stand in the bag; `pack_companion` makes it."""

    control_number: str
    head: bytes = field(repr=False)
    signatures: Signatures = field(repr=False)
    file: bytes = field(repr=False)
    reading_copy: bytes = field(repr=False)
    form_id: str
    form: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PackedRecord:
    """One record that consent released, as its files will stand in the bag; `pack_record` makes it.

    `file` is data/records/<control number>.json, `reading_copy` is data/text/<control number>.txt.
    """

    release: Release
    line: RecordLine
    head: bytes = field(repr=False)
    signatures: Signatures = field(repr=False)
    file: bytes = field(repr=False)
    reading_copy: bytes = field(repr=False)
    form_id: str
    form: bytes = field(repr=False)
    consent_rows: tuple[tuple[str, ...], ...] = field(repr=False)
    exhibits: tuple[PackedExhibit, ...]
    redactions: tuple[RedactionRow, ...]
    statement: SignedStatement | None = None
    companions: tuple[PackedCompanion, ...] = ()

    @property
    def forms(self) -> dict[str, bytes]:
        """Every form that is needed to read it, by its id."""
        return {self.form_id: self.form} | {one.form_id: one.form for one in self.companions}

    @property
    def shown_sha256(self) -> str:
        """The SHA-256, in hex, of everything that is shown: the record file, then the files of its companions."""
        companions = sorted(self.companions, key=lambda one: one.control_number)
        return sha256(b"".join((self.file, *(one.file for one in companions)))).hex()

    def __post_init__(self) -> None:
        if CONTROL_NUMBER.fullmatch(self.line.control_number) is None:
            raise BundleError("control-number", "parcel")


@dataclass(frozen=True, kw_only=True)
class PackedCustody:
    """The custody part as it travels: log.jsonl, checkpoint.txt, proofs.json; `anchors` by their member names.

    `not_before` is the time of the newest of these anchors.
    """

    log: bytes = field(repr=False)
    checkpoint: bytes = field(repr=False)
    proofs: bytes = field(repr=False)
    anchors: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Everything that one bundle says, chosen and released, not yet sealed.

    `bundle_id` is drawn before, because the custody entry of the seal names it and travels inside.
    """

    bundle_id: str
    previous: str | None = None
    practice: bool
    purpose: str
    profile: str
    claimed_time: datetime
    conditions: str = field(repr=False)
    records: tuple[PackedRecord, ...]
    withheld: tuple[Withheld, ...] = ()
    custody: PackedCustody

    def __post_init__(self) -> None:
        ids = [self.bundle_id] if self.previous is None else [self.bundle_id, self.previous]
        if not all(BUNDLE_ID.fullmatch(one) for one in ids) or not is_purpose(self.purpose):
            raise BundleError("parcel", "parcel")
        if len(self.conditions.encode("utf-8", "surrogatepass")) > MAX_CONDITIONS or not self.conditions.strip():
            raise BundleError("conditions", "parcel")
        released = {(one.release.purpose, one.release.profile) for one in self.records}
        if released != {(self.purpose, self.profile)}:
            raise BundleError("release", "parcel")
