"""Reading a form file: one spelling, every rule of docs/format/form-v1.md, nothing unknown accepted."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Final, TypeVar, get_args

from keys.digests import sha256
from testimony.canonical import JsonValue, as_boolean, as_integer, as_list, as_object, as_text, decode
from testimony.errors import CanonicalError, FormError
from testimony.forms.form import (
    Coarser,
    Computed,
    Field,
    FieldType,
    Form,
    FormKind,
    Klass,
    Label,
    Relevant,
    RuleName,
    Section,
    Term,
)
from testimony.forms.rules import check_core, check_form

FORMAT: Final = "testimony-form 1"
CORE_FORM_ID: Final = "core-1"
TESTIMONY: Final = "testimony"
# A companion is made with one of these and no other, so that what may travel of it is decided here.
COMPANION_FORM_IDS: Final = ("translation-1", "transcript-1", "observation-1")
OWN_FORM_IDS: Final = (CORE_FORM_ID, *COMPANION_FORM_IDS)
MAX_FORM: Final = 1 << 20  # bytes
MAX_FIELDS: Final = 256
MAX_MEMBERS: Final = 64
_MAX_TERMS = 256
_MAX_COARSER = 8

_Named = TypeVar("_Named")

FORM_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_FIELD_ID = re.compile(r"[a-z][a-z0-9_]{0,63}(\.[a-z][a-z0-9_]{0,63})?")
_COARSER_ID = re.compile(r"[a-z][a-z0-9_.]{0,128}~[a-z]{1,16}")
LABEL: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,500}")
TERM: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_ .-]{0,62}[A-Za-z0-9_])?")

_TYPES: Mapping[str, FieldType] = {name: name for name in get_args(FieldType)}
_RULES: Mapping[str, RuleName] = {name: name for name in get_args(RuleName)}
_KINDS: Mapping[str, FormKind] = {name: name for name in get_args(FormKind)}
_CLASSES: Mapping[str, Klass] = {klass.value: klass for klass in Klass}


@cache
def core_form() -> Form:
    """The form `core-1`."""
    return parse_form(form_bytes(CORE_FORM_ID))


def form_bytes(form_id: str) -> bytes:
    """The exact bytes of a form that is part of this release.

    Raises:
        FormError: No such form.
    """
    if form_id not in OWN_FORM_IDS:
        raise FormError("unknown-form", "form")
    return resources.files("testimony.forms").joinpath(f"{form_id}.json").read_bytes()


@cache
def companion_form(form_id: str) -> Form:
    """The form of a translation, a transcript or an observation.

    Raises:
        FormError: No such form.
    """
    if form_id not in COMPANION_FORM_IDS:
        raise FormError("unknown-form", "form")
    return parse_form(form_bytes(form_id))


@lru_cache(maxsize=8)  # the records of a bundle, and of a vault, share a few forms
def parse_form(data: bytes) -> Form:
    """The form in these bytes.

    Raises:
        FormError: Anything but the one spelling of a form that keeps every rule.
    """
    try:
        value = as_object(
            decode(data, limit=MAX_FORM, where="form"),
            "form",
            required=("format", "id", "title", "sections", "fields"),
            optional=("kind",),
        )
        if value["format"] != FORMAT:
            raise FormError("unsupported", "form")
        form = Form(
            id=as_text(value["id"], "form", pattern=FORM_ID),
            digest=sha256(data).hex(),
            content=data,
            title=_label(value["title"], "form"),
            sections=tuple(_section(one) for one in as_list(value["sections"], "form", limit=MAX_MEMBERS)),
            fields=tuple(_field(one) for one in as_list(value["fields"], "form", limit=MAX_FIELDS)),
            kind=_kind(value),
        )
    except CanonicalError as error:
        raise FormError(error.code, error.where) from None
    check_form(form)
    if form.kind != TESTIMONY:
        _refuse_other_companion(form)
    elif data != form_bytes(CORE_FORM_ID):
        check_core(form, core_form())
    return form


def _kind(value: Mapping[str, JsonValue]) -> FormKind:
    # One spelling: the kind of most forms is left out.
    kind = _one_of(value.get("kind", TESTIMONY), _KINDS, "form")
    if "kind" in value and kind == TESTIMONY:
        raise FormError("not-canonical", "form")
    return kind


def _refuse_other_companion(form: Form) -> None:
    if form.id not in COMPANION_FORM_IDS or form.content != form_bytes(form.id):
        raise FormError("unknown-companion", "form")


def _label(value: JsonValue, where: str) -> Label:
    members = as_object(value, where, required=("en", "ar"))
    return Label(
        en=as_text(members["en"], where, pattern=LABEL),
        ar=as_text(members["ar"], where, pattern=LABEL),
    )


def _section(value: JsonValue) -> Section:
    members = as_object(value, "sections", required=("id", "label"), optional=("optional",))
    return Section(
        id=as_text(members["id"], "sections", pattern=NAME),
        label=_label(members["label"], "sections"),
        optional=_flag(members, "optional", "sections"),
    )


def _field(value: JsonValue, parent: str = "") -> Field:
    where = parent or "fields"
    optional = ["required", "searched", "vocabulary"]
    optional += ["computed"] if parent else ["number", "members", "coarser", "relevant"]
    required = ["id", "label", "type", "class"] + ([] if parent else ["section"])
    value = as_object(value, where, required=required, optional=optional)
    name = as_text(value["id"], where, pattern=NAME if parent else _FIELD_ID)
    where = f"{parent}/{name}" if parent else name
    return Field(
        id=name,
        label=_label(value["label"], where),
        type=_one_of(value["type"], _TYPES, where),
        klass=_one_of(value["class"], _CLASSES, where),
        number=as_integer(value["number"], where, lowest=1, highest=MAX_FIELDS) if "number" in value else None,
        section="" if parent else as_text(value["section"], where, pattern=NAME),
        required=_flag(value, "required", where),
        searched=_flag(value, "searched", where),
        vocabulary=tuple(_term(one, where) for one in _listed(value, "vocabulary", where, _MAX_TERMS)),
        members=tuple(_field(one, name) for one in _listed(value, "members", where, MAX_MEMBERS)),
        coarser=tuple(_coarser(one, name) for one in _listed(value, "coarser", where, _MAX_COARSER)),
        computed=_computed(value["computed"], where) if "computed" in value else None,
        relevant=_relevant(value["relevant"], where) if "relevant" in value else None,
    )


def _term(value: JsonValue, where: str) -> Term:
    members = as_object(value, where, required=("value", "label"))
    return Term(value=as_text(members["value"], where, pattern=TERM), label=_label(members["label"], where))


def _coarser(value: JsonValue, parent: str) -> Coarser:
    members = as_object(value, parent, required=("id", "rule", "class", "label"))
    name = as_text(members["id"], parent, pattern=_COARSER_ID)
    if not name.startswith(f"{parent}~"):
        raise FormError("coarser-of-another-field", parent)
    return Coarser(
        id=name,
        rule=_one_of(members["rule"], _RULES, parent),
        klass=_one_of(members["class"], _CLASSES, parent),
        label=_label(members["label"], parent),
    )


def _computed(value: JsonValue, where: str) -> Computed:
    members = as_object(value, where, required=("from", "rule"))
    source = as_text(members["from"], where, pattern=NAME)
    return Computed(source=source, rule=_one_of(members["rule"], _RULES, where))


def _relevant(value: JsonValue, where: str) -> Relevant:
    members = as_object(value, where, required=("field", "value"))
    field = as_text(members["field"], where, pattern=_FIELD_ID)
    return Relevant(field=field, value=as_text(members["value"], where, pattern=TERM))


def _one_of(value: JsonValue, known: Mapping[str, _Named], where: str) -> _Named:
    if not isinstance(value, str) or value not in known:
        raise FormError("unknown-word", where)
    return known[value]


def _flag(value: Mapping[str, JsonValue], name: str, where: str) -> bool:
    # One spelling: a flag that is off is left out.
    if name not in value:
        return False
    if not as_boolean(value[name], where):
        raise FormError("not-canonical", where)
    return True


def _listed(value: Mapping[str, JsonValue], name: str, where: str, limit: int) -> list[JsonValue]:
    # One spelling: an empty list is left out.
    if name not in value:
        return []
    listed = as_list(value[name], where, limit=limit)
    if not listed:
        raise FormError("not-canonical", where)
    return listed
