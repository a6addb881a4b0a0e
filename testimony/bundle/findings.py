"""What was checked, and what came of it: the table that the report prints (docs/format/bundle-v1.md, section 6)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """What came of one check; a check that could not be made has not passed."""

    PASS = "pass"  # noqa: S105  # the outcome of a check, no password
    FAIL = "fail"
    NOT_MADE = "not-made"


class Verdict(StrEnum):
    """Four different facts that must not share one tick (docs/decisions/0041)."""

    SELF_CONSISTENT = "self-consistent"
    PINNED = "pinned"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"


class Check(StrEnum):
    """Every check by the name that a report gives it, in the order of the report."""

    AGE_LAYER = "age-layer"
    TAR_LAYER = "tar-layer"
    MEMBERS = "members"
    PADDED = "padding"
    MANIFESTS = "manifests"
    TAG_FILES_AGREE = "tag-files"
    STATEMENT_SPELLING = "statement"
    SIGNATURES = "signatures"
    SIGNER = "signer-card"
    TRUSTED = "signer-trusted"
    ADDRESSED = "addressed-to-you"
    COUNTS = "counts"
    FORMS = "forms"
    HEADS = "record-heads"
    HEAD_SIGNATURES = "record-signatures"
    DISCLOSURES = "disclosures"
    CONSENT = "consent"
    IDENTITY = "identity"
    READING_COPIES = "reading-copies"
    EXHIBITS = "exhibits"
    LEGAL = "legal-files"
    CHECKPOINT = "custody-checkpoint"
    ENTRIES = "custody-entries"
    GROWTH = "custody-growth"
    ANCHORS = "custody-anchors"
    RECORD_CHAINS = "custody-records"
    SEAL_ENTRY = "custody-seal"
    REVISIONS = "revisions"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One row: the check's name, what came of it, the code of the failure and where it is, never what is there."""

    name: Check
    status: Status
    code: str = ""
    where: str = ""


# These need something besides the bundle: a trust file, an identity, an earlier head, an earlier bundle. Without it the
# rest still holds.
NEEDS_MORE: Final = frozenset({Check.TRUSTED, Check.ADDRESSED, Check.GROWTH, Check.REVISIONS})
# An earlier bundle that is not the one to compare with says nothing against this one: anybody can seal something with
# the id of a record and call it earlier.
UNCOMPARED: Final = frozenset(
    {"earlier-refused", "earlier-unrelated", "earlier-signer", "earlier-newer", "revisions-between", "other-since"}
)
# What is not there yet can still arrive: these failures alone make a bundle incomplete, not invalid.
ENDS_EARLY: Final = frozenset({"ends-early", "absent"}) | UNCOMPARED
# Nothing of the bundle itself was judged.
NOT_OPENED: Final = frozenset({"not-a-bundle", "bundle-unsupported", "no-identity"})

_OF_A_LAYER: Final = {Check.AGE_LAYER: Check.AGE_LAYER, Check.TAR_LAYER: Check.TAR_LAYER, Check.PADDED: Check.TAR_LAYER}
_BEFORE_THE_DATA: Final = frozenset(
    {Check.STATEMENT_SPELLING, Check.SIGNATURES, Check.SIGNER, Check.TRUSTED, Check.ADDRESSED}
)
_PLACE: Final = {name: place for place, name in enumerate(Check)}


class Ledger:
    """Collects findings while a bundle passes; one check may fail in many places."""

    def __init__(self) -> None:
        self._made: set[Check] = set()
        self._failed: set[Check] = set()
        self._failures: list[Finding] = []

    def made(self, check: Check) -> None:
        """The check was made to its end; it passes unless it failed somewhere."""
        self._made.add(check)

    def fail(self, check: Check, code: str, where: str = "") -> None:
        """The check failed at this place."""
        self._failed.add(check)
        self._failures.append(Finding(name=check, status=Status.FAIL, code=code, where=where))

    def expect(self, holds: bool, check: Check, code: str, where: str = "") -> bool:  # noqa: FBT001  # the thing expected
        """The check is made, and fails at this place unless it holds; gives back whether it held."""
        self.made(check)
        if not holds:
            self.fail(check, code, where)
        return holds

    def findings(self, layers: Collection[str], *, complete: bool) -> tuple[Finding, ...]:
        """Every check in the order of the report: its failures, or that it passed, or that it could not be made.

        The checks of a layer that was not given (the age file around a tar) are no rows at all. Where the bundle broke
        off (not `complete`), only what was decided before the data can have passed.
        """
        apart = _OF_A_LAYER.keys() - {check for check, layer in _OF_A_LAYER.items() if layer in layers}
        others = (check for check in Check if check not in self._failed and check not in apart)
        passed = self._made if complete else self._made & _BEFORE_THE_DATA
        made = {True: Status.PASS, False: Status.NOT_MADE}
        found = [*self._failures, *(Finding(name=check, status=made[check in passed]) for check in others)]
        return tuple(sorted(found, key=lambda finding: _PLACE[finding.name]))


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The verdict that these findings add up to."""
    rows = tuple(findings)
    failed = [row for row in rows if row.status is Status.FAIL and row.name != Check.TRUSTED]
    if any(row.code not in ENDS_EARLY for row in failed):
        return Verdict.INVALID
    if failed or any(row.status is Status.NOT_MADE and row.name not in NEEDS_MORE for row in rows):
        return Verdict.INCOMPLETE
    trusted = any(row.name == Check.TRUSTED and row.status is Status.PASS for row in rows)
    return Verdict.PINNED if trusted else Verdict.SELF_CONSISTENT
