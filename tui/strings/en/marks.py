"""English: marks by hand, suggestions, and what a redactor marks after signing."""

from typing import Final

MARKS: Final[dict[str, str]] = {
    "command.mark.line": "Mark whom words of an interview mean.",
    "command.mark.help": "Mark words of an interview: from then on a code can stand for them. In a finished record the mark is the "
    "redactor's, and bundles say so. Words and names are asked for or read from a file, so that no shell keeps them.",
    "command.mark.one-thing": "One thing at a time: --from FILE, --list or --remove N; --json goes with --list.",
    "command.mark.no-words": "Nobody can be asked here. Write the marks into a file and give it with --from FILE.",
    "command.mark.not-json": "The file is no JSON list of marks. Its form stands in docs/format/interview-v1.md, section 8.",
    "command.mark.not-marked": "Nothing was marked. The record is as it was.",
    "command.mark.done": "Marked in {record_id}: {count} marks by hand.",
    "command.mark.done-after": "Marked in {record_id}, after signing: {count} marks of the redactor. These words are hidden from now on "
    "where people are, and bundles say that the code is the redactor's.",
    "command.mark.removed": "Mark {number} of {record_id} is taken back.",
    "command.mark.none": "There are no marks by hand.",
    "command.mark.ask-paragraph": "Paragraph number:",
    "command.mark.ask-words": "The exact words:",
    "command.mark.ask-occurrence": "Which place of these words in the paragraph:",
    "command.mark.ask-who": "Whom they mean, by the name under People, places, units:",
    "command.mark.ask-role": "Role, for somebody not mentioned yet (victim, witness, place, unit …); else empty:",
    "command.option.mark-from": "A JSON list of marks: paragraph, words, occurrence, who, role.",
    "command.option.mark-list": "List the marks by hand, with their words. That it was viewed is written to the log.",
    "command.option.mark-remove": "Take back the mark with this number of the list.",
    "command.suggest.line": "Name places where a mark may be missing.",
    "command.suggest.help": "Name unmarked places of an account where a name of this record, a number, an address or a place of the "
    "gazetteer stands. Nothing is marked by it.",
    "command.suggest.none": "Nothing was found. That does not mean that nobody can be recognised: read the account.",
    "command.suggest.not-all": "These are proposals. There may be more: read the account.",
    "command.column.occurrence": "Place no.",
    "command.column.who": "Who",
    "command.column.why": "Why",
    "command.column.standing": "Stands",
    "mark.found": "yes",
    "mark.gone": "no longer",
    "suggestion.in-record": "named elsewhere in this record",
    "suggestion.number": "a number",
    "suggestion.address": "an address",
    "suggestion.place": "a place of the gazetteer",
    "place.marks": "marks by hand",
    "problem.mark-gone": "Words marked by hand no longer stand here. Take the mark back or mark the words anew.",
    "problem.mark-overlaps": "Two marks by hand lie on each other. Take one back.",
    "problem.mark-of-nobody": "A mark by hand means somebody who is not mentioned. Add the name under People, places, units.",
    "problem.mark-words": "The marked words and the name must not be empty, nor begin or end with a blank.",
}
