"""Examines a bundle in one streaming pass (docs/format/bundle-v1.md, section 6).

`examine_bundle` reports every check; `verify_bundle` is that plus `raise`. Both walk one path.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from keys.digests import Digest, sha256
from keys.errors import KeysError, NoMatchError
from keys.public_identity import PublicIdentity
from testimony.bundle.companion_check import CompanionChecks
from testimony.bundle.continuity import Continuation
from testimony.bundle.custody_check import EarlierHeads, VerifiedCustody, check_custody
from testimony.bundle.findings import NEEDS_MORE, Check, Finding, Ledger, Status, Verdict, verdict_of
from testimony.bundle.legal_check import check_legal
from testimony.bundle.names import (
    ANCHOR,
    COMPANION,
    CONDITIONS,
    CONSENT_PARTS,
    CUSTODY_FILES,
    EXHIBIT,
    FORM,
    MAX_ANCHORS,
    MAX_MEMBERS,
    MAX_RECORDS_SIZE,
    PADDING,
    RECORD_PARTS,
    REDACTION_LOG,
    Place,
    is_held,
    is_member_name,
    order_key,
    place_of,
)
from testimony.bundle.record_check import RecordChecks
from testimony.bundle.redaction_log import check_redaction_log
from testimony.bundle.seal_check import Seal, check_manifests, check_seal
from testimony.bundle.statement import Statement
from testimony.bundle.unseal import BundleSource, Member
from testimony.bundle.verified_record import VerifiedRecord
from testimony.card import Card
from testimony.custody.growth import SeenHead
from testimony.errors import BundleError, TestimonyError, VerificationError
from testimony.trust import Trust

_PIECE: Final = 1024 * 1024


class MemberSink(Protocol):
    """Takes the exhibits while they pass, into quarantine: nothing of them is proved before the verdict."""

    def start(self, name: str, size: int) -> None:
        """An exhibit begins: its member name and its size in bytes."""
        ...

    def write(self, data: bytes) -> None:
        """Its next bytes."""
        ...

    def finish(self, sha256: str) -> None:
        """It has ended; its SHA-256 in hex."""
        ...


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What the bundle holds: given out only where every check of the bundle itself has passed."""

    records: tuple[VerifiedRecord, ...] = field(repr=False)
    custody: VerifiedCustody = field(repr=False)
    conditions: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Examination:
    """Every finding and the verdict.

    `statement` and `signer` are what the bundle claims, proved only as far as the findings say. `layers` are those
    that were given; `sha256` is that of the file as given, None where there was no one file or it was no bundle.
    `continuations` say by record id how each of either bundle stands to the earlier one; none where none was given.
    """

    findings: tuple[Finding, ...]
    verdict: Verdict
    layers: tuple[str, ...]
    sha256: str | None
    statement: Statement | None = field(repr=False)
    signer: Card | None = field(repr=False)
    trust: Trust = field(repr=False)
    contents: Contents | None = field(repr=False)
    continuations: Mapping[str, Continuation] = field(default_factory=dict)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that failed."""
        return tuple(finding for finding in self.findings if finding.status is Status.FAIL)


_MAKER: Final = object()


@dataclass(frozen=True, kw_only=True)
class VerifiedBundle:
    """A bundle whose every check has passed; only `verify_bundle` makes one."""

    statement: Statement = field(repr=False)
    signer: Card = field(repr=False)
    records: tuple[VerifiedRecord, ...] = field(repr=False)
    custody: VerifiedCustody = field(repr=False)
    conditions: str = field(repr=False)
    verdict: Verdict
    sha256: str | None
    maker: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.maker is not _MAKER:
            raise BundleError("not-verified", "VerifiedBundle")


def examine_bundle(
    source: BundleSource,
    *,
    trust: Trust,
    recipient: str | None,
    keep: MemberSink | None = None,
    seen: EarlierHeads | None = None,
) -> Examination:
    """Every check of the bundle, in one pass over it; a bad bundle is a finding, never an error.

    `recipient` is the age recipient of whoever opens it, None where that is not known. `seen` gives the heads of the
    signer's log that were seen before, which this one must continue or begin.
    """
    examiner = _Examiner(trust, recipient, keep)
    examiner.take_all(source)
    digest = source.finish()
    return examiner.concluded(source.layers, digest, seen or _none_seen)


def verify_bundle(
    source: BundleSource,
    *,
    trust: Trust,
    recipient: str | None,
    keep: MemberSink | None = None,
    seen: EarlierHeads | None = None,
) -> VerifiedBundle:
    """The bundle, when every check has passed.

    Raises:
        VerificationError: The first check that failed, or that could not be made although what it needs was given.
    """
    return verified(examine_bundle(source, trust=trust, recipient=recipient, keep=keep, seen=seen))


def verified(examination: Examination) -> VerifiedBundle:
    """The verified bundle of an examination in which every check has passed.

    Raises:
        VerificationError: The first check that failed or could not be made.
    """
    for finding in examination.findings:
        if finding.status is Status.FAIL:
            raise VerificationError(finding.name, finding.code, finding.where)
        if finding.status is Status.NOT_MADE and finding.name not in NEEDS_MORE:
            raise VerificationError(finding.name, "not-made")
    statement, signer, contents = examination.statement, examination.signer, examination.contents
    if statement is None or signer is None or contents is None:
        raise VerificationError(Check.STATEMENT_SPELLING, "not-made")
    return VerifiedBundle(
        statement=statement,
        signer=signer,
        records=contents.records,
        custody=contents.custody,
        conditions=contents.conditions,
        verdict=examination.verdict,
        sha256=examination.sha256,
        maker=_MAKER,
    )


class _Examiner:
    """Takes the members one by one, keeps what later checks need, and lets go of the rest."""

    def __init__(self, trust: Trust, recipient: str | None, keep: MemberSink | None) -> None:
        self._trust = trust
        self._recipient = recipient
        self._keep = keep
        self._ledger = Ledger()
        self._seen: dict[str, tuple[str, int]] = {}
        self._tags: dict[str, bytes] = {}
        self._fixed: dict[str, bytes] = {}
        self._anchors: dict[str, bytes] = {}
        self._seal: Seal | None = None
        self._records: RecordChecks | None = None
        self._companions: CompanionChecks | None = None
        self._tags_done = False
        self._last = (-1, 0, "")
        self._complete = False
        self._held = 0

    def take_all(self, source: BundleSource) -> None:
        """Take every member; where the source breaks off, say where."""
        try:
            for member in source.members():
                self._take(member)
        except NoMatchError as error:
            self._ledger.fail(Check.AGE_LAYER, error.code, "age")
        except KeysError as error:
            # The message of keys says which part of the sealed file, never what is in it.
            self._ledger.fail(Check.AGE_LAYER, error.code, str(error))
        except TestimonyError as error:
            check = Check.AGE_LAYER if error.where == "age" else Check.TAR_LAYER
            self._ledger.fail(check, error.code, error.where)
        else:
            self._complete = True
            self._ledger.made(Check.AGE_LAYER)
            self._ledger.made(Check.TAR_LAYER)

    def concluded(self, layers: tuple[str, ...], digest: str | None, seen: EarlierHeads) -> Examination:
        """All findings, after the checks that need the whole bundle."""
        if self._tags or self._complete:
            self._finish_tags()
        contents = self._contents(layers, seen) if self._complete else None
        findings = self._ledger.findings(layers, complete=self._complete)
        whole = verdict_of(findings) in (Verdict.SELF_CONSISTENT, Verdict.PINNED)
        return Examination(
            findings=findings,
            verdict=verdict_of(findings),
            layers=layers,
            sha256=digest,
            statement=self._seal.statement if self._seal else None,
            signer=self._seal.signer if self._seal else None,
            trust=self._trust,
            contents=contents if whole else None,
        )

    def _take(self, member: Member) -> None:
        place = place_of(member.name)
        if not self._expected(member, place):
            for _ in _pieces(member):
                pass
        elif place is not None and place.part == PADDING:
            self._finish_tags()
            zeros = all([not any(piece) for piece in _pieces(member)])  # noqa: C419  # read to the end in any case
            self._ledger.expect(zeros, Check.PADDED, "not-zeros", PADDING)
        elif place is not None and place.part == EXHIBIT:
            self._finish_tags()
            self._pass_exhibit(member)
        elif place is not None:
            data = b"".join(_pieces(member))
            self._seen[member.name] = (sha256(data).hex(), len(data))
            self._hold(member.name, place, data)

    def _expected(self, member: Member, place: Place | None) -> bool:
        """Whether the member may stand here; what it is called is told only where the name is a plain one."""
        name = member.name if is_member_name(member.name) else "a name that no member may have"
        key = order_key(member.name)
        in_order, self._last = key > self._last, max(key, self._last)
        known = self._ledger.expect(place is not None, Check.MEMBERS, "unknown-member", name)
        self._ledger.expect(in_order, Check.MEMBERS, "order", name)
        few = self._ledger.expect(len(self._seen) < MAX_MEMBERS, Check.MEMBERS, "limit", name)
        fits = place is None or self._ledger.expect(self._fits(member, place), Check.MEMBERS, "limit", name)
        return known and fits and in_order and few

    def _fits(self, member: Member, place: Place) -> bool:
        if is_held(member.name):
            self._held += member.size
        return member.size <= place.limit and self._held <= MAX_RECORDS_SIZE

    def _hold(self, name: str, place: Place, data: bytes) -> None:
        if place.part == "tag":
            self._tags[name] = data
            return
        self._finish_tags()
        if place.part == "fixed":
            self._fixed[name] = data
        elif place.part == ANCHOR:
            few = self._ledger.expect(len(self._anchors) < MAX_ANCHORS, Check.MEMBERS, "limit", name)
            self._anchors |= {name: data} if few else {}
        elif self._companions is not None and place.of == COMPANION:
            self._companions.take(place.key, place.part, data)
        elif self._records is not None and place.part == FORM:
            self._records.take_form(place.key, data)
        elif self._records is not None and place.part in (*RECORD_PARTS, *CONSENT_PARTS):
            self._records.take(place.key, place.part, data)

    def _pass_exhibit(self, member: Member) -> None:
        digest = Digest()
        if self._keep is not None:
            self._keep.start(member.name, member.size)
        for piece in _pieces(member):
            digest.update(piece)
            if self._keep is not None:
                self._keep.write(piece)
        self._seen[member.name] = (digest.hexdigest(), digest.size)
        if self._keep is not None:
            self._keep.finish(digest.hexdigest())

    def _finish_tags(self) -> None:
        """Check the tag files once, as soon as the first data file comes: the records need what they say."""
        if self._tags_done:
            return
        self._tags_done = True
        self._seal = check_seal(self._tags, self._ledger)
        if self._seal is None:
            return
        self._records = RecordChecks(self._seal, self._ledger)
        self._companions = CompanionChecks(self._seal, self._ledger)
        statement = self._seal.statement
        if self._trust:
            known = statement.signer.fingerprint in self._trust.fingerprints
            self._ledger.expect(known, Check.TRUSTED, "unknown-signer", statement.signer.code)
        if self._recipient is not None:
            digest = sha256(self._recipient.encode("utf-8")).hex()
            mine = any(one.recipient_digest == digest for one in statement.recipients)
            self._ledger.expect(mine, Check.ADDRESSED, "addressed-to-another", statement.recipients[0].code)

    def _contents(self, layers: tuple[str, ...], seen: EarlierHeads) -> Contents | None:
        """The checks over the whole bundle."""
        if Check.TAR_LAYER in layers and self._last[0] != order_key(PADDING)[0]:
            self._ledger.fail(Check.PADDED, "absent", PADDING)
        if self._seal is None or self._records is None or self._companions is None:
            return None
        check_manifests(self._tags, self._seal, self._seen, self._ledger)
        records = self._records.finish(self._seen)
        check_legal(self._fixed, self._seal, self._seen, self._records.consent_rows, self._ledger)
        if REDACTION_LOG in self._fixed:
            check_redaction_log(self._fixed[REDACTION_LOG], records, self._seal.statement, self._ledger)
        custody_files: dict[str, bytes] = {name: self._fixed[name] for name in CUSTODY_FILES if name in self._fixed}
        custody = check_custody(custody_files | self._anchors, self._seal, seen, records, self._ledger)
        chains = None if custody is None else custody.carried.objects
        records = self._companions.finish(records, self._records.forms, chains)
        conditions = self._fixed.get(CONDITIONS, b"").decode("utf-8", "replace")
        return None if custody is None else Contents(records=records, custody=custody, conditions=conditions)


def _none_seen(_: PublicIdentity) -> tuple[SeenHead, ...]:
    return ()


def _pieces(member: Member) -> Iterator[bytes]:
    while piece := member.read(_PIECE):
        yield piece
