"""English: what stands outside the device: cosignatures, time-stamps, the head on paper; and the clock."""

from typing import Final

ANCHORS: Final[dict[str, str]] = {
    "command.checkpoint.line": "Write the signed head of the log to a file.",
    "command.checkpoint.help": "Write the signed head of the custody log to a new file, for a colleague to cosign. The file holds "
    "digests only.",
    "command.checkpoint.done": "The head of the log, {size} entries, is in {path}. Digits to compare: {digits}",
    "command.cosign.line": "Sign the head of a colleague's log.",
    "command.cosign.help": "Sign the head of a colleague's log as seen by this vault. A head that does not continue what this "
    "vault saw before is refused.",
    "command.cosign.done": "The head of the log of {code}, {size} entries, was signed; take {path} back to them. "
    "Digits to compare: {digits}",
    "command.anchor.line": "Take in a colleague's cosignature.",
    "command.anchor.help": "Take in the signature of a colleague on the head of this log. From then on it bounds the times of the "
    "entries it covers.",
    "command.anchor.done": "The signature of {code} on the log at {size} entries was taken in; it is now an anchor of the log.",
    "command.time.line": "Ask for a time-stamp by stick.",
    "command.time.help": "Ask an authority for a time-stamp of the log (RFC 3161): the request goes out on a stick, the answer comes "
    "back on one.",
    "command.time-request.line": "Write a request for a time-stamp.",
    "command.time-request.help": "Write a request for a time-stamp of the head of the log. It holds a digest and a random number, "
    "nothing else.",
    "command.time-request.done": "The request for the log at {size} entries is in {path}. Send it to a time-stamp authority as "
    "application/timestamp-query, and bring the answer back.",
    "command.time-import.line": "Take in the answer of an authority.",
    "command.time-import.help": "Check the answer of a time-stamp authority under its root certificate, and take it in.",
    "command.time-import.done": "The log at {size} entries was there at {at}, as the authority says. The answer is now an anchor of "
    "the log.",
    "command.clock.line": "Say what time it really is.",
    "command.clock.help": "Write into the log what time it is by another clock, as a claim. Nothing that stands in the log is "
    "changed.",
    "command.clock.done": "The log now says: this computer's clock shows {before}, and the right time is said to be {after}.",
    "command.option.stick-file": "The new file to write.",
    "command.option.authority": "The root certificate of the authority, as PEM; got from the authority, not with the answer.",
    "command.option.clock-at": "The right time, as 2026-03-01T09:00:00+03:00.",
    "command.option.clock-reason": "A code for the reason, such as radio or battery; no sentence.",
    "command.option.paper": "Compare forty digits that were copied on paper with the whole log, and show nothing else.",
    "command.custody.paper-fits": "These digits were the head of this log at {size} entries. None of those was changed or taken out; there are {now} entries now.",
    "command.custody.paper-differs": "These digits never were a head of this log. Were they copied from this vault? If so, entries were changed or taken out, or an older copy was put back: change nothing, keep a copy of the vault and tell your organisation.",
    "command.option.head": "Show only the head, to copy on paper.",
    "command.option.qr": "Show the head as a QR code as well; it carries the forty digits and nothing else.",
    "command.custody.newest-outside": "Newest thing from outside that this log contains: {at}.",
    "command.custody.no-outside": "This log contains nothing from outside yet: its times are only this computer's claim.",
    "command.show.interval": "Finished not before {before} and not after {after}, as proved from outside; the laptop's clock "
    "claims {claimed}.",
    "command.show.not-before": "Finished not before {before}, as proved from outside; nothing outside says yet by when. The "
    "laptop's clock claims {claimed}.",
    "command.show.not-after": "Finished not after {after}, as proved from outside; nothing outside says since when. The laptop's "
    "clock claims {claimed}.",
    "command.show.no-interval": "Nothing from outside bounds yet when this was finished; the laptop's clock claims {claimed}.",
    "command.show.contradiction": "The outside clocks contradict each other: {before} is given as the earliest time and {after} as the latest. The laptop's clock claims {claimed}.",
    "failure.anchor": "This does not fit the log of this vault. Nothing was taken in.",
    "failure.anchor.spelling": "This is not the kind of file that is asked for here, or it was changed. Nothing was taken in.",
    "failure.anchor.too-long": "This file is larger than it can be. Nothing was taken in.",
    "failure.anchor.signature-missing": "This is not the kind of file that is asked for here, or its signature was taken off. Nothing was taken in.",
    "failure.anchor.signature": "The signature does not hold. Nothing was taken in.",
    "failure.anchor.other-log": "This is about another log than that of this vault. Nothing was taken in.",
    "failure.anchor.not-granted": "The authority refused the request. Nothing was taken in; ask it why, and send a new request.",
    "failure.anchor.imprint": "The answer is about another digest than the one requested. Nothing was taken in.",
    "failure.anchor.nonce": "The answer belongs to another request. Nothing was taken in.",
    "failure.anchor.authority": "The answer is not signed under the certificate you gave. Nothing was taken in.",
    "failure.anchor.expired": "A certificate of the authority was not valid at the time that the answer says. Nothing was taken in.",
    "failure.anchor.certificate": "The certificate file cannot be read. It has to be a PEM file with the root certificate.",
    "failure.custody.fork": "ALARM: this log contradicts one of the same device that was seen before: it was written anew. Keep both files, and do not rely on either.",
    "failure.custody.unproved-growth": "This log does not prove that it continues what was seen of it before. Nothing was signed or taken in.",
    "failure.custody.unproved-prefix": "This log is older than what was seen of it before, and not proved to be its beginning. Nothing was signed or taken in.",
    "failure.policy.own-head": "This is the head of this vault's own log. A colleague has to sign it.",
    "failure.policy.clock-time": "This is no time. Write it as 2026-03-01T09:00:00+03:00.",
    "failure.policy.clock-reason": "The reason has to be a code of Latin letters, digits and dashes, such as radio; no sentence.",
    "failure.not-found.checkpoint": "This vault never wrote out a head of that size.",
    "failure.not-found.time-request": "This vault sent no request to which this could be the answer.",
}
