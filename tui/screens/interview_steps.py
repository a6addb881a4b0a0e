"""The steps of an interview, made from the form's sections: consent stands before the account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from testimony.answers import NotAsked
from testimony.forms.form import Field, Form, Section
from testimony.interview import Interview
from testimony.readiness import account_locked, missing_for_finish
from tui.answer_text import is_identity, labelled
from tui.strings.sentences import Language, has_sentence, sentence

# The order in which a conversation goes; a section the program does not know comes before the end, optional ones last.
_ORDER: Final = ("session", "consent", "identity", "account", "mentions", "exhibits", "closing")
_JOINED: Final[Mapping[str, str]] = {"record": "session"}
FINISH: Final = "finish"
_BESIDE_NAME: Final = 6  # cells of a row for its mark, the blanks and the edge of the list


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: the fields asked in it."""

    id: str
    label_en: str
    label_ar: str
    fields: tuple[Field, ...]
    optional: bool = False

    @property
    def masked(self) -> bool:
        """Whether everything in it is about who the person is, or could put somebody at risk."""
        return bool(self.fields) and all(map(is_identity, self.fields))

    def name(self, language: Language) -> str:
        """The step's name as shown."""
        return self.label_ar if language == "ar" else self.label_en


def steps_of(form: Form) -> tuple[Step, ...]:
    """Every field of the form in exactly one step, and the finish at the end."""
    steps = [_step(form, section) for section in form.sections if section.id not in _JOINED]
    steps.sort(key=_place)
    finish = Step(id=FINISH, label_en=sentence("step.finish", "en"), label_ar=sentence("step.finish", "ar"), fields=())
    return (*steps, finish)


def _step(form: Form, section: Section) -> Step:
    fields = tuple(field for field in form.fields if _JOINED.get(field.section, field.section) == section.id)
    label = section.label
    return Step(id=section.id, label_en=label.en, label_ar=label.ar, fields=fields, optional=section.optional)


def _place(step: Step) -> float:
    if step.optional:
        return len(_ORDER)
    return _ORDER.index(step.id) if step.id in _ORDER else len(_ORDER) - 1.5


def marks_of(steps: tuple[Step, ...], interview: Interview) -> dict[str, str]:
    """How each step stands: `locked`, `missing`, `done`, or `open` where nothing is asked for."""
    missing = {problem.path.split("/")[0] for problem in missing_for_finish(interview)}
    marks = {}
    for step in steps:
        ids = {field.id for field in step.fields}
        answered = any(not isinstance(interview.answers[name], NotAsked) for name in ids)
        marks[step.id] = "missing" if ids & missing else "done" if answered else "open"
    if account_locked(interview):
        marks["account"] = "locked"
    marks[FINISH] = "missing" if missing else "open"
    return marks


def width_of(steps: tuple[Step, ...], language: Language) -> int:
    """Cells that a list of the steps takes where no name is cut."""
    return max(cell_len(step.name(language)) for step in steps) + _BESIDE_NAME


def place_of_problem(form: Form, path: str, language: Language) -> str:
    """What a person calls the place of a problem: the field's label, without any answer."""
    found = form.slot(path.split("/", maxsplit=1)[0])
    if found is None:
        key = f"place.{path}"
        return sentence(key if has_sentence(key) else "place.interview", language)
    label = labelled(found.label, language)
    return f"{found.number} · {label}" if found.number else label
