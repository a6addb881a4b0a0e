"""English: forms, their optional parts, forms of an organisation, and the gazetteer."""

from typing import Final

FORMS: Final[dict[str, str]] = {
    "step.optional.intro": "Optional. Nothing is missing if you leave this step empty.",
    "step.own.intro": "Questions of your organisation's form.",
    "step.index.intro": "Optional. An index into the paragraphs, never a replacement for them. Who is named stays in the account.",
    "step.risk.intro": "Optional. It never leaves this vault without a second person.",
    "private.masked": "This step is hidden: what stands in it could put a person at risk. Showing it is written to the custody log.",
    "button.reveal-part": "Show this step",
    "problem.not-paragraphs": "Numbers of paragraphs in rising order, such as 3, 5-7.",
    "problem.no-such-paragraph": "The account has no paragraph of that number.",
    "add.session.breaks": "+ add a break",
    "add.witness.latin": "+ add a spelling",
    "add.witness.documents": "+ add a document",
    "add.account.questions": "+ add a question",
    "add.account.restrictions": "+ add a wish",
    "add.account.corrections": "+ add a correction",
    "add.index.events": "+ add an event",
    "add.index.acts": "+ add an act",
    "add.index.victims": "+ add a person",
    "add.index.perpetrators": "+ add a person",
    "add.support.referrals": "+ add a referral",
    "hint.index.events": "Give each event a code, such as E1; acts and people name it. Paragraphs by number, such as 3, 5-7.",
    "hint.index.perpetrators": "The person's words first. Who concluded it, and from what, if it was not seen.",
    "hint.session.ended_at": "F5 puts in the clock's time.",
    "hint.witness.documents": "Never ask for a number of a document.",
    "hint.closing.signature": "A signature is never required. If there is none, say why.",
}
