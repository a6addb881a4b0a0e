"""English: why consent holds a record back."""

from typing import Final

CONSENT: Final[dict[str, str]] = {
    "failure.consent.interview-refused": "The person did not agree to the interview.",
    "failure.consent.limits-not-explained": "The seven limits were not all explained.",
    "failure.consent.no-safeguards": "A child, or doubt about deciding: the safeguards are not recorded.",
    "failure.consent.no-end-question": "The question at the end was not asked.",
    "failure.consent.withdrawn": "Consent was withdrawn.",
    "failure.consent.public-use-closed": "Public use is closed here. It needs a yes of its own, and two other people who approve: the roster in force names fewer than two who could now. An answer to a disclosure request is never for public use.",
    "failure.consent.public-use-unsigned": "Public use needs the approval of two other people for exactly this, and fewer than two hold now. Take each in with testimony approval take. Nothing left.",
    "failure.consent.never-asked": "The person was never asked about this body and purpose.",
    "failure.consent.ask-first": "The person wants to be asked again first.",
    "failure.consent.refused": "The person said no to this body and purpose.",
    "failure.consent.review-due": "The grant is past its review date and must be confirmed.",
    "failure.consent-stays": "{record_id} stays here, rule {rule}. {words} What was said so far, and for which body and purpose by what spelling: testimony consent VAULT {record_id} --list.",
    "failure.consent.unknown-profile": "There is no such profile.",
}
