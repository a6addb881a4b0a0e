"""One row of a survey sheet as a field of a form, without its section (docs/format/xlsform-v1.md, section 3)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from testimony.canonical import JsonValue
from testimony.forms.form import FieldType, Klass, Label
from testimony.forms.reading import TERM
from testimony.forms.sheets import SheetRow, both, is_label

Made = dict[str, JsonValue]

MAX_CHOICES: Final = 256
_TYPES: Final[Mapping[str, FieldType]] = {
    "text": "text",
    "string": "text",
    "integer": "integer",
    "int": "integer",
    "date": "date",
    "datetime": "time",
}
_SELECT: Final = re.compile(
    r"select[_ ](?P<kind>one|multiple|all that apply)(?: from)? (?P<list>\S+)(?P<other> or[_ ]other)?"
)
_YES: Final = frozenset({"yes", "true", "true()", "1"})
_NO: Final = frozenset({"", "no", "false", "false()", "0"})
_KNOWN: Final = frozenset({"type", "name", "class", "required", "relevant"})
_NAME_PARTS: Final = re.compile(r"[^a-z0-9_]+")
_LONGEST_NAME: Final = 60
_CONDITION: Final = re.compile(
    r"\s*(?:selected\(\s*\$\{(?P<chosen>[^{}]+)\}\s*,\s*(['\"])(?P<word>[^'\"]*)\2\s*\)"
    r"|\$\{(?P<equal>[^{}]+)\}\s*=\s*(['\"])(?P<value>[^'\"]*)\5)\s*"
)
_SEARCHED: Final = ("S3", "S4")


@dataclass(frozen=True, kw_only=True)
class Choices:
    """One list of choices: its terms, in their order."""

    terms: tuple[Made, ...]


Note = Callable[..., None]


def field_of(row: SheetRow, choices: Mapping[str, Choices], note: Note, default_language: str) -> Made | None:
    """The field of one row; None where it cannot be asked.  What is not mapped is noted."""
    kind = _type_of(row, choices, note)
    name = name_of(row, note) if kind is not None else None
    if kind is None or name is None:
        return None
    label = label_in(row, name, note, default_language)
    made: Made = {"id": name, "label": label, "class": class_of(row, note), **kind}
    if _is_required(row, note):
        made["required"] = True
    if made["type"] == "text" and made["class"] in _SEARCHED:
        made["searched"] = True
    note_columns(row, note)
    return made


def name_of(row: SheetRow, note: Note) -> str | None:
    """A row's name as the id of a field; None where nothing of it can be one."""
    written = row.cell("name")
    name = _NAME_PARTS.sub("_", written.casefold()).lstrip("_0123456789")[:_LONGEST_NAME].rstrip("_")
    if not name:
        note(row, "no-name", written)
        return None
    if name != written:
        note(row, "name", name)
    return name


def label_in(row: SheetRow, otherwise: str, note: Note, default_language: str) -> dict[str, JsonValue]:
    """The label in both languages."""
    labels = row.languages(default_language)
    if not labels:
        note(row, "no-label")
    elif len(labels) == 1:
        note(row, "one-language")
    return as_json(both(labels, otherwise))


def as_json(label: Label) -> dict[str, JsonValue]:
    """A label as it stands in a form."""
    return {"ar": label.ar, "en": label.en}


def class_of(row: SheetRow, note: Note) -> str:
    """The class that somebody set; S5 until then."""
    written = row.cell("class").upper()
    if written in {klass.value for klass in Klass}:
        return written
    if written:
        note(row, "class", written)
    return Klass.S5.value


def note_columns(row: SheetRow, note: Note) -> None:
    """Note every cell that says something a form has no place for."""
    for column in row.cells:
        if column not in _KNOWN and not is_label(column):
            note(row, "column", column)


def condition_of(conditions: Sequence[str], named: Mapping[str, Sequence[Made]]) -> Made | None:
    """The one small condition of a question; None where it is more than `field = word` or `selected(field, word)`."""
    found = _CONDITION.fullmatch(conditions[0]) if len(conditions) == 1 else None
    if found is None:
        return None
    name, word = (found["chosen"], found["word"]) if found["chosen"] else (found["equal"], found["value"])
    fields = named.get(name, ())
    # `=` on several chosen words means "these and no others", which a form cannot say.
    if len(fields) != 1 or (fields[0]["type"] == "texts" and not found["chosen"]):
        return None
    terms = fields[0].get("vocabulary")
    words = [term["value"] for term in terms if isinstance(term, dict)] if isinstance(terms, list) else []
    return {"field": fields[0]["id"], "value": word} if word in words else None


def lists_of(rows: Sequence[SheetRow], note: Note, default_language: str) -> dict[str, Choices]:
    """The lists of choices by name; a choice that no form can store is noted."""
    lists: dict[str, dict[str, Made]] = {}
    for row in rows:
        terms = lists.setdefault(row.cell("list_name"), {})
        value = row.cell("name")
        if TERM.fullmatch(value) is None or value in terms:
            note(row, "choice", value)
            continue
        terms[value] = {"label": label_in(row, value, note, default_language), "value": value}
        for column in row.cells:
            if column not in ("list_name", "name") and not is_label(column):
                note(row, "column", column)
    return {name: Choices(terms=tuple(terms.values())) for name, terms in lists.items()}


def _type_of(row: SheetRow, choices: Mapping[str, Choices], note: Note) -> Made | None:
    written = " ".join(row.cell("type").split())
    known = _TYPES.get(written.casefold())
    if known is not None:
        return {"type": known}
    found = _SELECT.fullmatch(written)
    if found is None:
        note(row, "type", written.partition(" ")[0])
        return None
    terms = choices.get(found["list"])
    if terms is None or not terms.terms or len(terms.terms) > MAX_CHOICES:
        note(row, "no-choices", found["list"])
        return None
    if found["other"]:
        note(row, "column", "or_other")
    return {"type": "choice" if found["kind"] == "one" else "texts", "vocabulary": list(terms.terms)}


def _is_required(row: SheetRow, note: Note) -> bool:
    written = row.cell("required").casefold()
    if written not in _YES | _NO:
        note(row, "column", "required")
    return written in _YES
