"""What is left out, and the code of the reason (docs/format/profile-v1.md, section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from testimony.forms.form import Field, Klass
from testimony.redaction.decisions import SpanDecision
from testimony.redaction.reasons import ReasonCode

_CODES: Final[Mapping[str, ReasonCode]] = {
    "session.place": "W-LOC",
    "session.interviewer_code": "INTERVIEWER",
    "session.interpreter_code": "INTERPRETER",
    "session.others_present": "THIRD",
    "consent.contact": "W-CONTACT",
    "witness.contact": "W-CONTACT",
    "witness.name": "W-ID",
    "witness.birth": "W-ID",
    "witness.birth~band": "W-ID",
    "witness.safeguards": "PRIVATE",
    "mentions": "THIRD",
}
_CODES_OF_CLASSES: Final[Mapping[Klass, ReasonCode]] = {Klass.S3: "THIRD", Klass.S4: "W-ID", Klass.S5: "PRIVATE"}


# W is the witness, L a place, U a unit, N a number whose owner the code does not tell.
_OF_LETTERS: Final[Mapping[str, ReasonCode]] = {"W": "W-ID", "L": "W-LOC", "U": "OTHER", "N": "OTHER"}


@dataclass(frozen=True, kw_only=True)
class Withholding:
    """One thing that is not shown, and the code of the reason."""

    path: str
    code: ReasonCode


def code_of(slot: Field, klass: Klass) -> ReasonCode:
    """Why something of a slot is left out whose class the profile does not show."""
    return _CODES.get(slot.id) or _CODES_OF_CLASSES.get(klass, "OTHER")


def reason_of(decision: SpanDecision | None) -> ReasonCode:
    """Why a span stays that somebody decided to hide, or that nobody has walked through."""
    if decision is None:
        return "OTHER"
    codes = (decision.code, *(one.code for one in decision.ranges))
    return next((code for code in codes if code is not None), "OTHER")


def reason_of_code(code: str) -> ReasonCode:
    """Why the words behind a code are left out, as far as its first letter tells."""
    return _OF_LETTERS.get(code[:1], "THIRD")


def is_free_text(asked: Field) -> bool:
    """Whether a person types into this field what they want: it waits for a walk where its class is under review."""
    return asked.type == "text" and "~" not in asked.id and asked.computed is None
