"""English: the screens of an organisation's people and of the second person."""

from typing import Final

ORGANISATION: Final[dict[str, str]] = {
    "title.organisation": "Organisation",
    "title.approval": "Approve as second person",
    "help.organisation": "Who works for an organisation on which device and until when, as its roster in force says. It changes only by a new roster. A approves, as the second person, what a colleague asks about.",
    "help.approval": "A colleague wants to hand something over for the first time, or to erase a record. Read it on the colleague's screen to its end, copy the 40 digits below it, and type them here. Your signature goes back on a stick.",
    "organisation.until": "Until",
    "approval.intro": "Approve only what you have read on the colleague's screen to its end.",
    "approval.file": "The request of the colleague",
    "approval.choose": "Choose the file of the request.",
    "approval.seal": "Records to be sealed: {count}. For: {body}. Profile: {profile}.",
    "approval.purpose": "Purpose: {purpose}",
    "approval.erasure": "The record {record} would be erased for good. Reason: {reason}.",
    "approval.digits": "Type the 40 digits that stand below it on the colleague's screen:",
    "approval.given": "Your approval is signed. Take this file back to the colleague:",
    "erasure.reason.withdrawn": "the witness withdrew",
    "erasure.reason.court-order": "order of a court",
    "erasure.reason.retention-over": "the time for keeping it is over",
    "erasure.reason.mistake": "recorded by mistake",
    "erasure.reason.other": "another reason",
    "key.organisation": "Organisation",
    "key.organisation.tip": "Who works on which device and until when; approve as second person",
    "key.approve": "Approve",
    "key.approve.tip": "Approve, as the second person, what a colleague asks about",
}
