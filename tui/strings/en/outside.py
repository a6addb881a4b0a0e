"""English: the screen of the custody log and of what bounds its times from outside."""

from typing import Final

OUTSIDE: Final[dict[str, str]] = {
    "title.custody": "Custody log",
    "help.custody": "The head of the custody log as 40 digits. Whoever has them on paper, outside this computer, can show later that nothing was removed or changed. Below stand receipts, cosignatures and time-stamps: they bound the times of the log from outside.",
    "custody.head": "The log has {size} entries. Its head, to be copied or compared:",
    "custody.nothing-outside": "This log contains nothing from outside yet: its times are only this computer's claim.",
    "custody.newest-outside": "Newest thing from outside that this log contains: {at}.",
    "custody.keys": "P before you copy the digits: the log then says that its head is on paper. Q shows them as a picture.",
    "custody.kept": "The log says now that its head is on paper. Copy these digits, not earlier ones.",
    "custody.at": "Outside time",
    "custody.kind": "What",
    "custody.size": "Entries",
    "custody.by": "From",
    "custody.kind.receipt": "receipt",
    "custody.kind.cosignature": "cosignature",
    "custody.kind.token": "time-stamp",
    "key.custody-log": "Custody log",
    "key.custody-log.tip": "The head of the custody log, and what bounds its times from outside",
    "key.kept-on-paper": "On paper",
    "key.kept-on-paper.tip": "Say in the log that its head is copied on paper, then copy the digits",
    "key.head-picture": "Picture",
    "key.head-picture.tip": "Show the digits as a picture that a telephone reads",
}
