"""A form made from the sheets of an XLSForm, and everything in them that it cannot say (docs/format/xlsform-v1.md).

Nothing is dropped in silence: what is not mapped is listed by sheet and row, and each question is S5 until somebody
sets its class.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from testimony.canonical import JsonValue, decode, encode
from testimony.errors import FormError
from testimony.forms.form import Form
from testimony.forms.questions import (
    Made,
    class_of,
    condition_of,
    field_of,
    label_in,
    lists_of,
    name_of,
    note_columns,
)
from testimony.forms.reading import (
    CORE_FORM_ID,
    FORM_ID,
    MAX_FIELDS,
    MAX_FORM,
    MAX_MEMBERS,
    OWN_FORM_IDS,
    form_bytes,
    parse_form,
)
from testimony.forms.sheets import SheetRow, Workbook, both, language_of, rows_of

OWN: Final = "own"
# What changes how a question is called or spelled, and nothing about what is asked.
_HARMLESS: Final = frozenset({"name", "one-language"})
_BEGIN: Final = {"begin group": "group", "begin repeat": "repeat"}
_END: Final = {"end group": "group", "end repeat": "repeat"}
_MAX_VALUE: Final = 64  # characters of what stood in the sheet


@dataclass(frozen=True, kw_only=True)
class Unmapped:
    """One thing in a sheet that the form cannot say: where, a stable code, and the word it is about.

    `row` is 0 for the sheet as a whole; `count` says how many rows it is about.
    """

    sheet: str
    row: int
    code: str
    value: str = ""
    count: int = 1

    @property
    def lost(self) -> bool:
        """Whether something is not asked, or is asked otherwise."""
        return self.code not in _HARMLESS


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """The form, how many of its questions come from the sheet, and what of the sheet is not in it."""

    form: Form
    questions: int
    unmapped: tuple[Unmapped, ...]

    @property
    def whole(self) -> bool:
        """Whether the form says everything that the sheet says."""
        return not any(one.lost for one in self.unmapped)


class _Group:
    """A group or repeat that is open, and what came into it so far."""

    def __init__(self, kind: str, row: SheetRow) -> None:
        self.kind = kind
        self.row = row
        self.lost = False
        self.made: Made | None = None
        self.names: set[str] = set()


def convert_workbook(workbook: Workbook, form_id: str = "") -> Conversion:
    """The form that these sheets make; its id is the one given, else that of the settings.

    Raises:
        FormError: No such columns or sheets, groups that do not close, no id, no question left, or too many.
    """
    converter = _Converter(workbook)
    converter.walk()
    return converter.conversion(form_id)


class _Converter:
    def __init__(self, workbook: Workbook) -> None:
        self._unmapped: list[Unmapped] = []
        self._counted: Counter[tuple[str, str, str]] = Counter()
        self._workbook = workbook
        settings = rows_of("settings", workbook.settings, needed=())
        self._settings: Mapping[str, str] = settings[0].cells if settings else {}
        self._language = language_of(self._settings.get("default_language", "")) or ""
        choices = rows_of("choices", workbook.choices, needed=("list_name", "name"))
        self._choices = lists_of(choices, self._note, self._language)
        self._survey = rows_of("survey", workbook.survey, needed=("type", "name"))
        self._sections: dict[str, Made] = {}
        self._fields: list[Made] = []
        self._named: dict[str, list[Made]] = {}
        self._ids: set[str] = set()
        self._stack: list[_Group] = []

    def walk(self) -> None:
        """Every row of the survey, in its order."""
        for row in self._survey:
            kind = " ".join(row.cell("type").casefold().replace("_", " ").split())
            if kind in _BEGIN:
                self._begin(row, _BEGIN[kind])
            elif kind in _END:
                self._end(row, _END[kind])
            else:
                self._question(row)
        if self._stack:
            raise FormError("groups", f"survey {self._stack[-1].row.number}")

    def conversion(self, form_id: str) -> Conversion:
        """The finished form."""
        self._note_rest()
        if not self._fields:
            raise FormError("no-questions", "survey")
        core = decode(form_bytes(CORE_FORM_ID), limit=MAX_FORM, where="form")
        core = core if isinstance(core, dict) else {}
        fields, sections = _listed(core["fields"]), _listed(core["sections"])
        if len(fields) + len(self._fields) > MAX_FIELDS:
            raise FormError("too-many-questions", "survey")
        used = {str(made["section"]) for made in self._fields}
        title = self._settings.get("form_title", "")
        whole: Made = {
            **core,
            "id": self._form_id(form_id),
            "title": {"ar": _title(title), "en": _title(title)},
            "sections": [*sections, *(self._sections[name] for name in self._sections if name in used)],
            "fields": [*fields, *self._fields],
        }
        return Conversion(form=parse_form(encode(whole)), questions=len(self._fields), unmapped=tuple(self._unmapped))

    def _note(self, row: SheetRow, code: str, value: str = "") -> None:
        """Note one cell; what is of one kind in many rows is counted."""
        if code == "one-language" or (code == "column" and row.sheet == "choices"):
            self._counted[(row.sheet, code, value)] += 1
        else:
            self._unmapped.append(Unmapped(sheet=row.sheet, row=row.number, code=code, value=value[:_MAX_VALUE]))

    def _note_rest(self) -> None:
        for (sheet, code, value), count in self._counted.items():
            self._unmapped.append(Unmapped(sheet=sheet, row=0, code=code, value=value[:_MAX_VALUE], count=count))
        for column in self._settings.keys() - {"form_title", "form_id", "default_language"}:
            self._unmapped.append(Unmapped(sheet="settings", row=2, code="column", value=column[:_MAX_VALUE]))
        for sheet in self._workbook.other_sheets:
            self._unmapped.append(Unmapped(sheet=sheet[:_MAX_VALUE], row=0, code="sheet"))
        if self._workbook.formulas:
            self._unmapped.append(Unmapped(sheet="", row=0, code="formula", count=self._workbook.formulas))

    def _form_id(self, given: str) -> str:
        form_id = given or self._settings.get("form_id", "").casefold().replace("_", "-").replace(" ", "-")
        if FORM_ID.fullmatch(form_id) is None or form_id in OWN_FORM_IDS:
            raise FormError("form-id", "settings")
        return form_id

    def _repeat(self) -> _Group | None:
        return next((group for group in self._stack if group.kind == "repeat"), None)

    def _begin(self, row: SheetRow, kind: str) -> None:
        inside, group = self._repeat(), _Group(kind, row)
        if kind == "repeat" and inside is None:
            group.made = self._list(row)
            group.lost = group.made is None
        elif kind == "repeat":
            group.lost = True
            self._note(row, "repeat-in-repeat", row.cell("name"))
        elif self._stack:
            self._note(row, "nested-group", row.cell("name"))
        self._stack.append(group)
        if kind == "group":
            note_columns(row, self._note)

    def _list(self, row: SheetRow) -> Made | None:
        name = name_of(row, self._note)
        if name is None:
            return None
        note_columns(row, self._note)
        made: Made = {
            "id": name,
            "label": label_in(row, name, self._note, self._language),
            "class": class_of(row, self._note),
            "type": "list",
            "members": [],
        }
        return made if self._placed(row, made) else None

    def _end(self, row: SheetRow, kind: str) -> None:
        if not self._stack or self._stack[-1].kind != kind:
            raise FormError("groups", f"survey {row.number}")
        group = self._stack.pop()
        if group.made is not None and group.made["members"]:
            self._conditioned(group.row, group.made)
            self._fields.append(group.made)
        elif kind == "repeat" and not group.lost:
            self._note(group.row, "empty-repeat", group.row.cell("name"))

    def _question(self, row: SheetRow) -> None:
        repeat = self._repeat()
        if any(group.lost for group in self._stack):
            self._note(row, "in-lost-repeat", row.cell("name"))
            return
        made = field_of(row, self._choices, self._note, self._language)
        if made is None:
            return
        if repeat is not None and repeat.made is not None:
            self._member(row, repeat, made)
        elif self._placed(row, made):
            self._conditioned(row, made)
            self._fields.append(made)
            self._named.setdefault(row.cell("name"), []).append(made)

    def _member(self, row: SheetRow, repeat: _Group, made: Made) -> None:
        members = _listed(repeat.made["members"]) if repeat.made is not None else []
        if str(made["id"]) in repeat.names:
            self._note(row, "duplicate", row.cell("name"))
            return
        if len(members) == MAX_MEMBERS:
            raise FormError("too-many-questions", f"survey {row.number}")
        inner = self._stack[self._stack.index(repeat) + 1 :]
        if row.cell("relevant") or any(group.row.cell("relevant") for group in inner):
            self._note(row, "relevant", row.cell("name"))
            made.pop("required", None)
        repeat.names.add(str(made["id"]))
        members.append(made)

    def _placed(self, row: SheetRow, made: Made) -> bool:
        """Whether the field found its place: the section of its outermost group, under an id of its own."""
        section = self._section()
        field_id = f"{section}.{made['id']}"
        if field_id in self._ids:
            self._note(row, "duplicate", row.cell("name"))
            return False
        self._ids.add(field_id)
        made.update(id=field_id, section=section)
        return True

    def _section(self) -> str:
        outer = next((group.row for group in self._stack if group.kind == "group"), None)
        name = None if outer is None else name_of(outer, _silent)
        section = OWN if name is None else f"{OWN}_{name}"
        if section not in self._sections:
            label: JsonValue = {"ar": "أسئلة المنظمة", "en": "Questions of the organisation"}
            if outer is not None:
                label = label_in(outer, section, self._note, self._language)
            self._sections[section] = {"id": section, "label": label}
        return section

    def _conditioned(self, row: SheetRow, made: Made) -> None:
        """A condition that a form can say; else the question is always put, and never needed."""
        written = [text for one in (*(group.row for group in self._stack), row) if (text := one.cell("relevant"))]
        if not written:
            return
        condition = condition_of(written, self._named)
        if condition is None:
            self._note(row, "relevant", row.cell("name"))
            made.pop("required", None)
        else:
            made["relevant"] = condition


def _silent(row: SheetRow, code: str, value: str = "") -> None:
    """For a name that was noted before."""


def _title(words: str) -> str:
    return both({"en": words} if words else {}, "Form of the organisation").en


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
