"""What must hold of a form as a whole (docs/format/form-v1.md, section 3)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from testimony.errors import FormError
from testimony.forms.form import CONTAINERS, Field, FieldType, Form

_PLACE = ("verbatim", "pcode")
_WHEN = ("verbatim", "calendar", "edtf", "earliest", "latest", "qualifier", "basis", "anchor", "time_of_day")
_PCODE: Final = ("pcode",)
# What a computed member may be computed from; a band needs the day of the interview and stands behind a birth alone.
_SOURCES: Final[Mapping[str, tuple[FieldType, ...]]] = {
    "month": ("time", "date", "edtf"),
    "governorate": _PCODE,
    "district": _PCODE,
}
# Marks, numbers and files belong to these two fields alone.
_RESERVED: Final[Mapping[FieldType, str]] = {"narrative": "account.text", "blob": "exhibits"}

# Consent, custody and redaction read these by name: a form of an organisation adds fields, it takes none away.
_ALWAYS: Final[Mapping[str, FieldType]] = {
    "record.case_code": "code",
    "session.started_at": "time",
    "session.place": "place",
    "session.interviewer_code": "code",
    "session.language": "language",
    "session.interpreter_code": "code",
    "session.others_present": "list",
    "session.prior_statements": "list",
    "consent.interview": "object",
    "consent.limits_explained": "object",
    "consent.recording": "object",
    "consent.share": "list",
    "consent.identity": "list",
    "consent.contact": "object",
    "witness.capacity": "choice",
    "witness.safeguards": "object",
    "account.mode": "choice",
    "account.text": "narrative",
    "account.source_of_knowledge": "texts",
    "account.readback": "object",
    "consent.confirm_end": "choice",
    "witness.name": "object",
    "witness.contact": "list",
    "witness.birth": "when",
    "mentions": "list",
    "exhibits": "list",
}
# What a translation, a transcript and an observation say, in place of those.
_COMPANION: Final[Mapping[str, FieldType]] = {
    "source.record": "code",
    "source.version": "integer",
    "source.root": "code",
    "session.language": "language",
    "companion.by": "code",
    "account.text": "narrative",
}


def check_form(form: Form) -> None:
    """Nothing, where every rule about the whole is kept.

    Raises:
        FormError: The first one that is broken.
    """
    _refuse_repeats([section.id for section in form.sections], "sections")
    _refuse_repeats([slot.id for slot in form.slots], "fields")
    _refuse_repeats([str(field.number) for field in form.fields if field.number is not None], "fields")
    always = _ALWAYS if form.kind == "testimony" else _COMPANION
    if any((slot := form.slot(name)) is None or slot.type != kind for name, kind in always.items()):
        raise FormError("missing-field", "fields")
    sections = {section.id: section for section in form.sections}
    for place, field in enumerate(form.fields):
        if field.section not in sections:
            raise FormError("unknown-section", field.id)
        if field.required and sections[field.section].optional:
            raise FormError("required-in-optional", field.id)
        _check_field(field)
        _check_relevant(field, form.fields[:place])


def check_core(form: Form, core: Form) -> None:
    """Nothing, where the fields that every form has are asked, typed and classed as in the core form.

    A field may have more members behind those of the core form, and other labels; nothing else of it may differ.

    Raises:
        FormError: A field of the core form is weaker or another one here.
    """
    own = {field.id: field for field in form.fields}
    for field in core.fields:
        if field.id in _ALWAYS and not _same(own[field.id], field):
            raise FormError("other-core-field", field.id)


def _same(own: Field, core: Field) -> bool:
    members = own.members[: len(core.members)]
    return [*map(_shape, (own, *members))] == [*map(_shape, (core, *core.members))] and own.section == core.section


def _shape(field: Field) -> tuple[object, ...]:
    """Everything about a field but its number, its members, and how it is called."""
    terms = tuple(term.value for term in field.vocabulary)
    coarser = tuple((one.id, one.rule, one.klass) for one in field.coarser)
    flags = (field.required, field.searched, field.computed, field.relevant)
    return field.id, field.type, field.klass, terms, coarser, flags


def _check_field(field: Field) -> None:
    names = [member.id for member in field.members]
    _refuse_repeats(names, field.id)
    if bool(names) != (field.type in CONTAINERS) or any(member.type in CONTAINERS for member in field.members):
        raise FormError("members", field.id)
    if (field.type == "place" and tuple(names) != _PLACE) or (field.type == "when" and tuple(names) != _WHEN):
        raise FormError("members", field.id)
    for asked in (field, *field.members):
        _refuse_repeats([term.value for term in asked.vocabulary], field.id)
        if asked.type in ("choice", "booleans") and not asked.vocabulary:
            raise FormError("no-vocabulary", field.id)
        if asked.type in _RESERVED and _RESERVED[asked.type] != field.id:
            raise FormError("reserved-type", field.id)
    for member in _computed(field):
        _check_computed(field, member)


def _computed(field: Field) -> Iterator[Field]:
    return (member for member in field.members if member.computed is not None)


def _check_computed(field: Field, member: Field) -> None:
    """A computed member is a text of a list, and its source is answered by a person."""
    computed = member.computed
    if computed is None:
        return
    source = field.member(computed.source)
    fits = source is not None and source.computed is None and source.type in _SOURCES.get(computed.rule, ())
    if not fits or field.type != "list" or member.type != "text" or member.required or member.searched:
        raise FormError("computed", field.id)


def _check_relevant(field: Field, before: Sequence[Field]) -> None:
    if field.relevant is None:
        return
    other = next((one for one in before if one.id == field.relevant.field), None)
    if other is None or other.type not in ("choice", "texts") or field.relevant.value not in other.terms:
        raise FormError("relevant", field.id)


def _refuse_repeats(names: list[str], where: str) -> None:
    if len(set(names)) != len(names):
        raise FormError("repeated", where)
