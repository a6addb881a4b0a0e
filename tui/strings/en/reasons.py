"""English: what the reason codes of a redaction mean."""

from typing import Final

REASONS: Final[dict[str, str]] = {
    "reason.code.W-ID": "It tells who the witness is.",
    "reason.code.W-CONTACT": "It tells how to reach the witness.",
    "reason.code.W-LOC": "It tells where the witness lives or was heard.",
    "reason.code.FAM": "It tells who the witness's family is.",
    "reason.code.THIRD": "It tells who somebody else is.",
    "reason.code.CHILD": "It tells who a child is.",
    "reason.code.SV-DETAIL": "A detail of sexual violence that the body does not need.",
    "reason.code.INTERVIEWER": "It tells who the interviewer is.",
    "reason.code.INTERPRETER": "It tells who the interpreter is.",
    "reason.code.INTERMEDIARY": "It tells who brought the witness.",
    "reason.code.SOURCE": "It tells who the information came from.",
    "reason.code.METHOD": "It tells how the organisation works.",
    "reason.code.PRIVATE": "Private, and not about what happened.",
    "reason.code.CONSENT": "The witness did not agree to its being shared.",
    "reason.code.OTHER": "Another reason.",
}
