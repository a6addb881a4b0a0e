"""English: printing, discarding, and what else only the command line does with records."""

from typing import Final

ACTS: Final[dict[str, str]] = {
    "command.discard.line": "Erase an interview that is not finished.",
    "command.discard.help": "Erase an interview that is not finished, and the files that only it had. Nothing of it can be brought back; "
    "the log keeps its number.",
    "command.discard.done": "Erased {record_id}. The log keeps its number and that it was erased.",
    "command.print.line": "Write the reading copy of a record for paper.",
    "command.print.help": "Write the reading copy of one record for a body into a text file to be printed, with the conditions on top. "
    "It goes by the same consent as a sealed bundle, and the log says that it was printed.",
    "command.option.print-out": "The new text file. It is not encrypted: print it and delete it.",
    "command.print.done": "The reading copy is in {path}. It is not encrypted: print it, and delete the file.",
    "command.contact-remove.line": "Take a contact out.",
    "command.contact-remove.help": "Take a contact out: nothing is sealed for it any more. What was exchanged stays. Adding it again needs a new comparison.",
    "command.contact-remove.done": "{code} is no contact any more.",
    "command.option.kept": "Write into the log that its head is kept outside, and where, as a code such as paper.",
    "command.option.derived-from": "The number of the exhibit in this interview, from 1, from which this file was made and in whose place it leaves. Photos, audio and video stay anyway: give a reviewed one another kind.",
    "command.option.method": "How it was made, as a code such as faces-blurred.",
    "command.attach.both": "Give --derived-from and --method together.",
    "failure.policy.one-record": "One record at a time is printed.",
    "failure.not-found.exhibit": "There is no such exhibit in this interview.",
}
