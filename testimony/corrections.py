"""What a correction may change: the account and what belongs to it, never what the witness agreed to (C5, C12)."""

from typing import Final

from testimony.answers import text_of
from testimony.errors import Problem
from testimony.interview import Interview

# Why a record was corrected, as the log says it; what was corrected is never in the log.
CORRECTION_REASONS: Final = ("error", "added", "clarified", "translation-of-term", "other")

_CONSENT: Final = "consent."
_CAPACITY: Final = "witness.capacity"


def changed_consent(first: Interview, corrected: Interview) -> tuple[Problem, ...]:
    """Every answer about consent that is another than in the first version.

    Consent goes on in events of its own; here a change would be a new answer under the date of the old one.  For the
    same reason safeguards that the first version needed cannot be corrected away (C8).
    """
    names = dict.fromkeys(name for name in (*first.answers, *corrected.answers) if name.startswith(_CONSENT))
    problems = [
        Problem(path=name, rule="consent-changed")
        for name in names
        if first.answers.get(name) != corrected.answers.get(name)
    ]
    if _needs_safeguards(first) and not _needs_safeguards(corrected):
        problems.append(Problem(path=_CAPACITY, rule="C8-corrected-away"))
    return tuple(problems)


def _needs_safeguards(interview: Interview) -> bool:
    return text_of(interview.answers[_CAPACITY]) in ("child", "doubt")
