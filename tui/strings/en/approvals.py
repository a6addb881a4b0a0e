"""English: approvals by a second person."""

from typing import Final

APPROVALS: Final[dict[str, str]] = {
    "command.approval.line": "Let a second person look before something leaves.",
    "command.approval.help": "Where the roster names a second person, the first bundle for a body under a profile needs their approval.",
    "command.approval-request.line": "Write a request for what would leave.",
    "command.approval-request.help": "Write a request for a second person: codes and digests of what would leave as it is now, no names and no words.",
    "command.approval-erasure.line": "Write a request for an erasure.",
    "command.approval-erasure.help": "Write a request for a second person about an erasure that was asked for: the record's id and digests, no names and no words.",
    "command.approval-erasure.done": "The request to erase {record_id} is in {path}. Tell the second person these digits, with the reason: {digits}",
    "command.approval-take.erasure": "{approver} approved that {record_id} is erased. Nothing is erased yet: testimony erase with --now.",
    "command.approval-give.line": "Approve, as the second person.",
    "command.approval-give.help": "Sign an approval in your own vault. First read the record on the other laptop with show --as, to its end, and copy "
    "the 40 digits below it; of an erasure, those that approval erasure showed.",
    "command.approval-take.line": "Take in an approval.",
    "command.approval-take.help": "Take in the approval of a second person. It holds for exactly what they saw.",
    "command.option.rendition-digits": "The 40 digits as you read them on the other laptop.",
    "command.approval-request.done": "The request about {count} records is in {path}. Let the second person read the record here and copy these digits: {digits}",
    "command.approval-give.done": "Your approval is in {path}. Take it back to the other laptop.",
    "command.approval-take.done": "{approver} approved exactly this for {body}. Seal it as it is.",
    "command.show.leak-report": "Leak report for {record_id}: looked for {count} words that must stay; found in: {files}",
    "command.show.rendition-digits": "These 40 digits stand for exactly what is shown above: {digits}",
    "command.seal.approved": "A second person, {approver}, approved exactly this.",
    "command.seal.approved-by-several": "These people approved exactly this: {approvers}.",
    "command.seal.nobody-else": "Nobody else has looked at what is in this bundle.",
    "failure.approval": "This approval does not hold. Ask for it again.",
    "failure.approval.subject": "Nothing would leave, so there is nothing to approve.",
    "failure.approval.spelling": "This file is not a request or an approval, or it was changed.",
    "failure.approval.signature-missing": "This file is not an approval, or its signature was taken off.",
    "failure.approval.approval-signature": "This approval was not signed by the person it names. Do not use it.",
    "failure.policy.approval-needed": "This would be the first bundle for {where} under this profile. A second person has to look first: testimony approval request. Nothing was sealed.",
    "failure.policy.approval-lifts": "This bundle would show {where} something that was hidden before. A second person has to look first: testimony approval request. Nothing was sealed.",
    "failure.policy.approval-digits": "These are not the 40 digits of this request. Read the record to its end with show --as and copy the digits below it.",
    "failure.policy.approval-role": "By the roster in force this person may not approve now.",
    "failure.policy.approval-own": "Nobody approves what they seal themselves. Ask another person.",
    "failure.policy.approval-device": "This approval is for the seal of another device.",
}
