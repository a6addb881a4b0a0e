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


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One row: the check's name, what came of it, the code of the failure and where it is, never what is there."""

    name: str
    status: Status
    code: str = ""
    where: str = ""


AGE_LAYER: Final = "age-layer"
TAR_LAYER: Final = "tar-layer"
MEMBERS: Final = "members"
PADDED: Final = "padding"
MANIFESTS: Final = "manifests"
TAG_FILES_AGREE: Final = "tag-files"
STATEMENT_SPELLING: Final = "statement"
SIGNATURES: Final = "signatures"
SIGNER: Final = "signer-card"
TRUSTED: Final = "signer-trusted"
ADDRESSED: Final = "addressed-to-you"
COUNTS: Final = "counts"
FORMS: Final = "forms"
HEADS: Final = "record-heads"
HEAD_SIGNATURES: Final = "record-signatures"
DISCLOSURES: Final = "disclosures"
CONSENT: Final = "consent"
IDENTITY: Final = "identity"
READING_COPIES: Final = "reading-copies"
EXHIBITS: Final = "exhibits"
LEGAL: Final = "legal-files"
CHECKPOINT: Final = "custody-checkpoint"
ENTRIES: Final = "custody-entries"
RECORD_CHAINS: Final = "custody-records"
SEAL_ENTRY: Final = "custody-seal"

CHECKS: Final = (
    AGE_LAYER,
    TAR_LAYER,
    MEMBERS,
    PADDED,
    MANIFESTS,
    TAG_FILES_AGREE,
    STATEMENT_SPELLING,
    SIGNATURES,
    SIGNER,
    TRUSTED,
    ADDRESSED,
    COUNTS,
    FORMS,
    HEADS,
    HEAD_SIGNATURES,
    DISCLOSURES,
    CONSENT,
    IDENTITY,
    READING_COPIES,
    EXHIBITS,
    LEGAL,
    CHECKPOINT,
    ENTRIES,
    RECORD_CHAINS,
    SEAL_ENTRY,
)

# These need something besides the bundle: a trust file, an identity. Without it the rest still holds.
NEEDS_MORE: Final = frozenset({TRUSTED, ADDRESSED})
# What is not there yet can still arrive: these failures alone make a bundle incomplete, not invalid.
ENDS_EARLY: Final = frozenset({"ends-early", "absent"})
# Nothing of the bundle itself was judged.
NOT_OPENED: Final = frozenset({"not-a-bundle", "bundle-unsupported", "no-identity"})

_OF_A_LAYER: Final = {AGE_LAYER: AGE_LAYER, TAR_LAYER: TAR_LAYER, PADDED: TAR_LAYER}
_BEFORE_THE_DATA: Final = frozenset({STATEMENT_SPELLING, SIGNATURES, SIGNER, TRUSTED, ADDRESSED})
_PLACE: Final = {name: place for place, name in enumerate(CHECKS)}


class Ledger:
    """Collects findings while a bundle passes; one check may fail in many places."""

    def __init__(self) -> None:
        self._made: set[str] = set()
        self._failed: set[str] = set()
        self._failures: list[Finding] = []

    def made(self, check: str) -> None:
        """The check was made to its end; it passes unless it failed somewhere."""
        self._made.add(check)

    def fail(self, check: str, code: str, where: str = "") -> None:
        """The check failed at this place."""
        self._failed.add(check)
        self._failures.append(Finding(name=check, status=Status.FAIL, code=code, where=where))

    def expect(self, holds: bool, check: str, code: str, where: str = "") -> bool:  # noqa: FBT001  # the thing expected
        """The check is made, and fails at this place unless it holds; gives back whether it held."""
        self.made(check)
        if not holds:
            self.fail(check, code, where)
        return holds

    def failed(self, check: str) -> bool:
        """Whether the check has failed somewhere."""
        return check in self._failed

    def failed_at(self, where: str) -> bool:
        """Whether any check has failed at this place."""
        return any(finding.where == where for finding in self._failures)

    def findings(self, layers: Collection[str], *, complete: bool) -> tuple[Finding, ...]:
        """Every check in the order of the report: its failures, or that it passed, or that it could not be made.

        The checks of a layer that was not given (the age file around a tar) are no rows at all. Where the bundle broke
        off (not `complete`), only what was decided before the data can have passed.
        """
        apart = _OF_A_LAYER.keys() - {check for check, layer in _OF_A_LAYER.items() if layer in layers}
        others = (check for check in CHECKS if check not in self._failed and check not in apart)
        passed = self._made if complete else self._made & _BEFORE_THE_DATA
        made = {True: Status.PASS, False: Status.NOT_MADE}
        found = [*self._failures, *(Finding(name=check, status=made[check in passed]) for check in others)]
        return tuple(sorted(found, key=lambda finding: _PLACE[finding.name]))


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The verdict that these findings add up to."""
    rows = tuple(findings)
    failed = [row for row in rows if row.status is Status.FAIL and row.name != TRUSTED]
    if any(row.code not in ENDS_EARLY for row in failed):
        return Verdict.INVALID
    if failed or any(row.status is Status.NOT_MADE and row.name not in NEEDS_MORE for row in rows):
        return Verdict.INCOMPLETE
    trusted = any(row.name == TRUSTED and row.status is Status.PASS for row in rows)
    return Verdict.PINNED if trusted else Verdict.SELF_CONSISTENT
