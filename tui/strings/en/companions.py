"""English: translations, transcripts and observations."""

from typing import Final

COMPANIONS: Final[dict[str, str]] = {
    "command.translate.line": "Add a translation to a record.",
    "command.translate.help": "Add a translation of a finished record from a JSON file: language, translator's code, method, and one paragraph "
    "for each of the record. It is signed as a translation, never as the witness's words, and leaves only together with its record.",
    "command.transcribe.line": "Add a transcript of an exhibit.",
    "command.transcribe.help": "Add a transcript of one exhibit of a finished record from a JSON file. It is signed as a transcript and leaves only "
    "together with that exhibit.",
    "command.observe.line": "Add your own observation to a record.",
    "command.observe.help": "Add an observation of the interviewer to a finished record from a JSON file. It is signed as an observation and never "
    "leaves this vault.",
    "command.option.translate-from": "The JSON file with the translation.",
    "command.option.transcribe-from": "The JSON file with the transcript.",
    "command.option.observe-from": "The JSON file with the observation.",
    "command.translate.done": "Translation {companion_id} of {record_id} is signed as {control_number}.",
    "command.transcribe.done": "Transcript {companion_id} of {record_id} is signed as {control_number}.",
    "command.observe.done": "Observation {companion_id} of {record_id} is signed as {control_number}. It never leaves this vault.",
    "command.companion.not-added": "Nothing was added. Mend these places in the file and try again.",
    "command.show.translation": "{companion_id}, {control_number}: translation of {record_id}, version {version}, into {spoken}",
    "command.show.transcript": "{companion_id}, {control_number}: transcript of an exhibit of {record_id}, version {version}, in {spoken}",
    "command.show.observation": "{companion_id}, {control_number}: observation of the interviewer on {record_id}, version {version}; it never leaves",
    "problem.one-a-source-paragraph": "A translation has one paragraph for each paragraph of its record.",
    "problem.no-such-exhibit": "The record has no exhibit with this control number.",
    "problem.no-such-person": "Nobody in the record has this code. Look at the codes of the record.",
    "problem.other-source": "This file belongs to another record or version.",
}
