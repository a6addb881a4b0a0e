"""A form and its fields (docs/format/form-v1.md)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final, Literal


class Klass(Enum):
    """How far a field may travel: S0 ids and counts, S1 context, S2 account, S3 others, S4 the witness, S5 never."""

    S0 = "S0"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"
    S5 = "S5"


FieldType = Literal[
    "text",
    "code",
    "term",
    "choice",
    "language",
    "time",
    "edtf",
    "date",
    "pcode",
    "media-type",
    "integer",
    "texts",
    "booleans",
    "narrative",
    "blob",
    "paragraphs",
    "object",
    "place",
    "when",
    "list",
]
FormKind = Literal["testimony", "translation", "transcript", "observation"]
RuleName = Literal["month", "district", "governorate", "band"]

CONTAINERS: Final = frozenset({"object", "place", "when", "list"})


@dataclass(frozen=True, kw_only=True)
class Label:
    """One label in both languages; the Arabic ones are drafts for a native legal translator."""

    en: str
    ar: str


@dataclass(frozen=True, kw_only=True)
class Term:
    """One value of a closed vocabulary."""

    value: str
    label: Label


@dataclass(frozen=True, kw_only=True)
class Coarser:
    """A coarser form of a field, a slot of its own: `session.started_at~month`."""

    id: str
    rule: RuleName
    klass: Klass
    label: Label


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A member that nobody answers: at finishing it becomes the coarser form of another member of the same answer."""

    source: str
    rule: RuleName


@dataclass(frozen=True, kw_only=True)
class Relevant:
    """When a question is put: if the answer to an earlier field is this word, or has it among its words."""

    field: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """One step of the interview; nothing is missing where an optional one was never opened."""

    id: str
    label: Label
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question, or one member of an answer (its id is then the member's name alone)."""

    id: str
    label: Label
    type: FieldType
    klass: Klass
    number: int | None = None
    section: str = ""
    required: bool = False
    searched: bool = False
    vocabulary: tuple[Term, ...] = ()
    members: tuple["Field", ...] = ()
    coarser: tuple[Coarser, ...] = ()
    computed: Computed | None = None
    relevant: Relevant | None = None

    @cached_property
    def terms(self) -> frozenset[str]:
        """The values of the vocabulary."""
        return frozenset(term.value for term in self.vocabulary)

    def member(self, name: str) -> "Field | None":
        """The member of that name; None for an unknown one."""
        return next((member for member in self.members if member.id == name), None)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A versioned form: its id, its exact bytes and their SHA-256 in hex, its fields in their order.

    Its kind is the class of object that is made with it: a testimony, or a companion of one.
    """

    id: str
    digest: str
    content: bytes = field(repr=False)
    title: Label
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    kind: FormKind = "testimony"

    @cached_property
    def slots(self) -> tuple[Field, ...]:
        """Every slot of a record in tree order: each field, then its coarser forms as text fields."""
        return tuple(slot for field in self.fields for slot in _with_coarser(field))

    @cached_property
    def _by_id(self) -> dict[str, Field]:
        return {slot.id: slot for slot in self.slots}

    def slot(self, slot_id: str) -> Field | None:
        """The field or coarser slot of that id; None for an unknown one, which is to be treated as S5."""
        return self._by_id.get(slot_id)


def _with_coarser(field: Field) -> Iterator[Field]:
    yield field
    for coarser in field.coarser:
        yield Field(id=coarser.id, label=coarser.label, type="text", klass=coarser.klass, section=field.section)
