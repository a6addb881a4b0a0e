"""English: passages that are restricted after finishing."""

from typing import Final

RESTRICTIONS: Final[dict[str, str]] = {
    "command.restrict.line": "Keep a paragraph of a finished record from every body.",
    "command.restrict.help": "Keep a paragraph of a finished record from every body, under every profile, in all its versions. "
    "Nothing in the record changes, and the log says that it was done. What was handed over before is not reached.",
    "command.restrict.one-thing": "Say either --paragraph N or --list; --json goes with --list.",
    "command.restrict.done": "Paragraph {paragraph} of {record_id} goes to nobody from now on.",
    "command.restrict.lifted": "Paragraph {paragraph} of {record_id} follows consent and profile again.",
    "command.restrict.none": "Nothing of {record_id} is restricted.",
    "command.column.version": "Version",
    "command.option.restrict-paragraph": "The paragraph's number.",
    "command.option.restrict-version": "The version in which it has this number; without it the newest.",
    "command.option.restrict-reason": "Why, for the log: the person asked, for somebody's safety, or another reason.",
    "command.option.restrict-lift": "Lift the restriction.",
    "command.option.restrict-list": "List the restricted paragraphs by their numbers.",
    "failure.not-found.paragraph": "The record has no paragraph with this number.",
    "failure.not-found.restriction": "This paragraph is not restricted.",
}
