"""English: the screens of translations, transcripts and observations."""

from typing import Final

BESIDE: Final[dict[str, str]] = {
    "title.companions": "Beside the record",
    "title.add-companion": "Add beside the record",
    "help.companions": "Translations, transcripts and observations. None of it is the witness's word: each is signed as what it is, by whoever made it. A translation and a transcript leave with their record; an observation never leaves.",
    "companions.intro": "None of this is the witness's word. Each is signed as what it is.",
    "companions.none": "Nothing stands beside this record.",
    "companions.kind": "What",
    "companions.language": "Language",
    "companions.kind.translation": "translation",
    "companions.kind.transcript": "transcript",
    "companions.kind.observation": "observation",
    "companions.what.translation": "A translation of this record, paragraph by paragraph. It leaves only beside its record.",
    "companions.what.transcript": "A transcript of an exhibit of this record. It leaves only beside its record.",
    "companions.what.observation": "What you saw or thought yourself. It never leaves this vault.",
    "companions.file": "JSON file in which it was written; its form stands in docs/format/companion-v1.md",
    "companions.choose": "Choose the file.",
    "companions.added": "It is signed and stands beside the record. It cannot be edited any more.",
    "companions.not-json": "The file is no JSON that can be read. Nothing was added.",
    "button.sign": "Sign and add",
    "key.companions": "Texts",
    "key.companions.tip": "Translations, transcripts and observations beside this record",
    "key.add-translation": "Translation",
    "key.add-translation.tip": "Add a translation of this record",
    "key.add-transcript": "Transcript",
    "key.add-transcript.tip": "Add a transcript of an exhibit",
    "key.add-observation": "Observation",
    "key.add-observation.tip": "Add an observation of your own, which never leaves",
    "key.add-companion": "Sign and add",
    "key.add-companion.tip": "Sign what stands in the file and keep it beside the record",
}
