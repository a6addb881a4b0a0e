"""English: the text that is read out before consent."""

from typing import Final

SCRIPTS: Final[dict[str, str]] = {
    "limits.script": "Choose the text, and read it aloud. The record keeps its digest.",
    "problem.C14": "Choose the text that was read out: on the screen under Limits explained, in a file by the code of a text of this vault.",
    "problem.C14-unknown": "This vault has no such text under this code. Choose one of its texts, or add yours with testimony script add.",
    "problem.C14-language": "The text is in another language than the interview. Choose one in its language, or give the code of the interpreter.",
    "problem.C17": "Say for each earlier statement why a full account is taken again.",
    "command.script.line": "Texts that are read out before consent: add, list and show them.",
    "command.script.help": "Texts that are read out to a witness before consent. The record keeps the digest of the one that was read. A short one in Arabic and one in English are part of the program.",
    "command.script-add.line": "Add a text that is read out before consent.",
    "command.script-add.help": "Add a text (UTF-8, plain lines). Its code stays tied to its bytes: a changed text needs a new code.",
    "command.script-add.done": "The text {script} can be read out now.\nSHA-256 {digest}",
    "command.script-list.line": "List the texts that can be read out.",
    "command.script-list.help": "List the texts by code, with language and digest.",
    "command.script-show.line": "Show a text, to read it aloud.",
    "command.script-show.help": "Show a text as it is read out.",
    "command.column.script": "Text",
    "command.column.language": "Language",
    "command.option.script-code": "Code of the text: Latin letters, digits, dot, dash and underscore. Without it the name of the file before .txt.",
    "command.option.script-language": "Language of the text: ar, en, or three letters such as kmr.",
    "failure.script": "This is no text that can be read out ({where}).",
    "failure.script.code": "The code of a text is Latin letters, digits, dot, dash and underscore, at most 64. Give one with --code.",
    "failure.script.language": "The language is ar, en, or three small letters such as kmr.",
    "failure.script.limit": "The text is longer than 64 KiB.",
    "failure.script.not-utf-8": "The text is not UTF-8. Save it as UTF-8 and try again.",
    "failure.script.not-plain-text": "The text must be plain lines: not empty, the last line ended, with no tabs, Windows line ends, byte order mark or marks that turn the direction.",
    "failure.policy.script-code-taken": "Another text has the code {where} here already. Give the changed text a new code, such as one with the next number.",
    "failure.policy.too-many-scripts": "There are too many texts in this vault.",
    "failure.not-found.script": "No text has this code here. testimony script list shows those that can be read out.",
}
