"""English: what opening a vault noticed."""

from typing import Final

NOTES: Final[dict[str, str]] = {
    "note.header-damaged": "One of the two copies of the vault's header was damaged; the other was used and the first made anew.",
    "note.not-closed": "The vault was not closed last time, by a crash or a power cut. What was saved then is here.",
    "note.not-closed-log-gone": "The vault was not closed last time, and its write-ahead log is gone or empty. If you miss something that was saved then, somebody or some program has removed that file.",
    "note.other-owner": "The vault's folder belongs to another user of this computer.",
    "note.open-to-others": "Other users of this computer can read the vault's folder. Its content stays encrypted.",
    "note.unfinished-files": "Files that were not finished when the program stopped were removed; nothing saved was in them.",
    "note.files-without-row": "There are exhibit files that no record names. They were left as they are. Run the check.",
    "note.rows-without-file": "An exhibit is missing from the vault's folder. Run the check before you go on.",
    "note.shared-folder": "This folder is shared with another system. A vault is safer on a disk of its own.",
    "note.no-permissions": "This disk keeps no file permissions. Everyone who holds it can copy the vault.",
    "note.sync-folder": "This folder is copied to a cloud. Move the vault elsewhere.",
    "note.swap": "This computer may write memory to its disk (swap). Switch swap off before an interview.",
    "note.hibernation": "This computer can hibernate, which writes memory to its disk. Shut it down instead.",
    "note.failed-attempts": "Somebody tried a wrong passphrase since this vault was last open.",
    "note.clock-back": "The clock of this computer is earlier than at the last entry. Check date and time; the log notes it.",
    "note.implausible": "The clock of this computer shows a date that cannot be right. Set it before an interview.",
    "note.reboot": "The computer was started anew since the vault was last open.",
}
