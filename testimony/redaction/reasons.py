"""Why something is withheld: codes of this format, not of any court (docs/format/profile-v1.md, section 3)."""

from typing import Final, Literal, get_args

ReasonCode = Literal[
    "W-ID",
    "W-CONTACT",
    "W-LOC",
    "FAM",
    "THIRD",
    "CHILD",
    "SV-DETAIL",
    "INTERVIEWER",
    "INTERPRETER",
    "INTERMEDIARY",
    "SOURCE",
    "METHOD",
    "PRIVATE",
    "CONSENT",
    "OTHER",
]

REASON_CODES: Final[tuple[ReasonCode, ...]] = get_args(ReasonCode)
