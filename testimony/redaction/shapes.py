"""What stands where in a tree: derived from the form, for writer and reader alike (redaction-v1.md, section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from testimony.forms.form import Field, FieldType, Form
from testimony.redaction.leaves import LeafType


@dataclass(frozen=True, kw_only=True)
class LeafShape:
    """A single value of one type, or one of a few words where there are any."""

    type: LeafType
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ObjectShape:
    """Named members in a fixed order."""

    members: tuple[tuple[str, "Shape"], ...]


@dataclass(frozen=True, kw_only=True)
class ListShape:
    """Any number of elements of one shape, or one of a few words in place of the list."""

    element: "Shape"
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ParagraphShape:
    """One paragraph of an account."""


Shape: TypeAlias = LeafShape | ObjectShape | ListShape | ParagraphShape

TEXT: Final = LeafShape(type=LeafType.TEXT)
YES_NO: Final = LeafShape(type=LeafType.TEXT, words=frozenset({"yes", "no"}))
LEAF_TYPES: Final[Mapping[FieldType, LeafType]] = MappingProxyType(
    {
        "text": LeafType.TEXT,
        "code": LeafType.TEXT,
        "term": LeafType.TEXT,
        "choice": LeafType.TEXT,
        "language": LeafType.TEXT,
        "edtf": LeafType.TEXT,
        "pcode": LeafType.TEXT,
        "media-type": LeafType.TEXT,
        "paragraphs": LeafType.TEXT,
        "time": LeafType.DATE,
        "date": LeafType.DATE,
        "integer": LeafType.INTEGER,
        "blob": LeafType.BLOB,
    }
)


def shape_of_form(form: Form) -> ObjectShape:
    """The shape of a record's tree: each field of the form, its coarser forms behind it."""
    return ObjectShape(members=tuple((slot.id, shape_of_field(slot)) for slot in form.slots))


def shape_of_field(field: Field) -> Shape:
    """The shape of one field's slot, when it has an answer."""
    kind = LEAF_TYPES.get(field.type)
    if kind is not None:
        return LeafShape(type=kind, words=field.terms if field.type == "choice" else frozenset())
    if field.type == "narrative":
        return ListShape(element=ParagraphShape())
    if field.type in {"texts", "booleans"}:
        return ListShape(element=TEXT if field.type == "texts" else YES_NO)
    members = ObjectShape(members=tuple((member.id, shape_of_field(member)) for member in field.members))
    return ListShape(element=members, words=field.terms) if field.type == "list" else members
