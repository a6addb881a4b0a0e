"""Every refusal of this package.  An error says where and by which rule, never what was said there.

`code` is a stable kebab-case word; the sentences a person reads are looked up by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with an interview: the field's path, the rule it breaks, the paragraph (from 0) if any."""

    path: str
    rule: str
    paragraph: int | None = None


class TestimonyError(Exception):
    """Base of every refusal in this package."""

    code: str = "testimony"

    def __init__(self, code: str | None = None, where: str = "") -> None:
        self.code = code or type(self).code
        self.where = where
        super().__init__(f"{self.code} at {where}" if where else self.code)


class CanonicalError(TestimonyError):
    """Bytes that are not the one accepted spelling of a JSON value, or not JSON at all."""

    code = "canonical"

    def __init__(self, where: str, code: str | None = None, *, place: tuple[int, int] | None = None) -> None:
        super().__init__(code, where)
        self.place = (
            place  # line and column, both from 1, from which the text is no JSON; None where it is another fault
        )


class LimitExceededError(TestimonyError):
    """A length, count or depth above the limit of its format page; no BundleError, since it also guards interviews."""

    code = "limit-exceeded"


class FormError(TestimonyError):
    """A form file that breaks a rule of docs/format/form-v1.md."""

    code = "form"


class ScriptError(TestimonyError):
    """A text to be read out that breaks a rule of docs/format/script-v1.md."""

    code = "script"


class ProfileError(TestimonyError):
    """A profile file that breaks a rule of docs/format/profile-v1.md."""

    code = "profile"


class DateError(TestimonyError):
    """A date expression outside the accepted subset of EDTF, or one that names no day."""

    code = "date"


class InterviewError(TestimonyError):
    """An interview with problems: all of them at once, so that a person walks through them one time."""

    code = "interview"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0].path if self.problems else ""
        super().__init__(None, first)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a file, from 1, and the rule that it breaks; never what stands in it."""

    number: int
    rule: str


class GazetteerError(TestimonyError):
    """A list of places that is not taken in, with every line that breaks a rule."""

    code = "gazetteer"

    def __init__(self, code: str, lines: Iterable[Line] = ()) -> None:
        self.lines = tuple(lines)
        super().__init__(code, str(self.lines[0].number) if self.lines else "")


class ConsentError(TestimonyError):
    """A record may not leave: the rule of the consent table (C1 to C18), the reason's code, the record's id."""

    code = "consent"

    def __init__(self, rule: str, code: str, record_id: str = "") -> None:
        self.rule = rule
        self.record_id = record_id
        super().__init__(code, record_id)


class ConsentStatementError(TestimonyError):
    """A consent statement that is malformed."""

    code = "consent-statement"


class WithdrawalError(TestimonyError):
    """A withdrawal notice that is malformed, not signed by its sender, or about a bundle that never came from it."""

    code = "withdrawal"


class RedactionError(TestimonyError):
    """A disclosure that does not prove what it shows, named by the path of the slot."""

    code = "redaction"

    def __init__(self, path: str, code: str | None = None) -> None:
        self.path = path
        super().__init__(code, path)


class CustodyError(TestimonyError):
    """A custody log, entry or proof that does not hold, named by the sequence number of the entry."""

    code = "custody"

    def __init__(self, seq: int | None, code: str | None = None) -> None:
        self.seq = seq
        super().__init__(code, "" if seq is None else f"entry {seq}")


class CardError(TestimonyError):
    """A card that is malformed or not signed by the keys it shows."""

    code = "card"


class TrustError(TestimonyError):
    """A trust file with a line that is not a fingerprint and a label."""

    code = "trust"


class RequestError(TestimonyError):
    """A disclosure request that is malformed, forged, answered before, or about something else than what was sealed."""

    code = "request"


class ReceiptError(TestimonyError):
    """A receipt that is malformed, not signed by its receiver, or about another bundle."""

    code = "receipt"


class RosterError(TestimonyError):
    """A roster that is malformed, breaks a rule of its page, or was not signed by its organisation."""

    code = "roster"


class ApprovalError(TestimonyError):
    """A request or an approval that is malformed, about nothing, or not signed by its approver."""

    code = "approval"


class AnchorError(TestimonyError):
    """An outside thing about a log that is malformed, not signed by whom it names, or about another log."""

    code = "anchor"


class BundleError(TestimonyError):
    """Base of what is wrong with a sealed bundle."""

    code = "bundle"


class NotABundleError(BundleError):
    """Bytes that were never a bundle."""

    code = "not-a-bundle"


class BundleDamagedError(BundleError):
    """A bundle that ends early or has changed bytes."""

    code = "bundle-damaged"


class BundleUnsupportedError(BundleError):
    """A bundle of a version or suite that this reader does not know."""

    code = "bundle-unsupported"


class VerificationError(BundleError):
    """The first check of a bundle that does not hold."""

    code = "verification"

    def __init__(self, check: str, code: str | None = None, where: str = "") -> None:
        self.check = check
        super().__init__(code, where or check)
