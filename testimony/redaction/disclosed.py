"""A disclosure once it is proved, as the form's answers (docs/format/redaction-v1.md, section 7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from testimony.canonical import JsonValue
from testimony.forms.form import Field, Form
from testimony.redaction.atoms import AtomKind
from testimony.redaction.leaves import LeafType, join
from testimony.redaction.opened import Gap, OpenAtom, Opened, OpenLeaf, OpenParagraph, OpenTree
from testimony.redaction.shapes import ListShape, ObjectShape, Shape, shape_of_form

ACCOUNT: Final = "account.text"
EXHIBITS: Final = "exhibits"
GAP_MARK: Final = "[…]"
REDACTOR: Final = "— redactor"
_SOME: Final = "*"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a paragraph: the witness's words, the code of a person, or a gap.

    `gap` is the first leaf of a gap, `codes` are those that the redactor put there after signing.
    """

    kind: Literal["text", "code", "gap"]
    text: str = field(default="", repr=False)
    gap: int = 0
    codes: tuple[str, ...] = ()

    def read(self, gap: str) -> str:
        """The piece as it is read, with `gap` for a gap of which the redactor says nothing."""
        if self.kind != "gap":
            return self.text
        return f"[{' '.join(self.codes)} {REDACTOR}]" if self.codes else gap


@dataclass(frozen=True, kw_only=True)
class ShownParagraph:
    """A paragraph of the account by its place from 0, in pieces; `named` where a mention shows a name, not its code.

    `names` has the place of each shown name, and its code where that is shown beside it.
    """

    index: int
    pieces: tuple[Piece, ...] = field(repr=False)
    named: bool = False
    names: Mapping[int, str | None] = field(default_factory=dict, repr=False)

    def text(self, gap: str = GAP_MARK) -> str:
        """The paragraph as it is read: codes for names, `gap` for each gap, or the redactor's codes, called so."""
        return "".join(piece.read(gap) for piece in self.pieces)

    @property
    def complete(self) -> bool:
        """Whether every word is shown, none of them replaced by a code."""
        return all(piece.kind == "text" for piece in self.pieces)


@dataclass(frozen=True, kw_only=True)
class ShownExhibit:
    """What is shown of the exhibit at a place from 0; `sha256` and `size` are None where its file is withheld."""

    index: int
    members: Mapping[str, JsonValue] = field(repr=False)
    sha256: str | None
    size: int | None


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """What a disclosure proves, and what it leaves out."""

    form: Form = field(repr=False)
    tree: OpenTree = field(repr=False)
    overlay: Mapping[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def answers(self) -> Mapping[str, JsonValue]:
        """Each shown slot by its id, as in an interview's JSON; members and elements that are hidden are left out.

        The account is not among them: `paragraphs` has it.
        """
        return {
            slot.id: _json(self.tree.items[place], slot)
            for place, slot in enumerate(self.form.slots)
            if place in self.tree.items and slot.type != "narrative"
        }

    @cached_property
    def values(self) -> Mapping[str, str | Mapping[str, JsonValue]]:
        """Each single shown value by its path; of an answer that was not given, its state."""
        return {leaf.path: leaf.value for leaf in _leaves(self.tree)}

    @cached_property
    def paragraphs(self) -> tuple[ShownParagraph | Gap, ...]:
        """The account in its order.  A gap at the end may hide nothing: lists are padded to hide their length."""
        account = self._slot(ACCOUNT)
        return tuple(_paragraphs(account, self.overlay)) if isinstance(account, OpenTree) else ()

    @cached_property
    def exhibits(self) -> tuple[ShownExhibit, ...]:
        """The shown exhibits, in their order."""
        opened = self._slot(EXHIBITS)
        asked = self.form.slot(EXHIBITS)
        if not isinstance(opened, OpenTree) or asked is None:
            return ()
        return tuple(_exhibit(place, item, asked) for place, item in sorted(opened.items.items()))

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """The paths of what is withheld; `path/*` for parts of a list or words of a paragraph, of unknown number."""
        return tuple(_hidden(self.tree, shape_of_form(self.form)))

    def _slot(self, slot_id: str) -> Opened | None:
        place = next((place for place, slot in enumerate(self.form.slots) if slot.id == slot_id), None)
        return None if place is None else self.tree.items.get(place)


def pieces_of(paragraph: OpenParagraph) -> tuple[Piece, ...]:
    """A paragraph as it is read: one mark a gap, and none where only half of a mention is hidden."""
    items = paragraph.items
    pieces: list[Piece] = []
    for place, item in enumerate(items):
        if isinstance(item, Gap):
            if item.width > _halves(items, place):
                pieces.append(Piece(kind="gap", gap=item.start))
        elif item.kind is AtomKind.CODE:
            if not _is(items, place + 1, AtomKind.NAME):
                pieces.append(Piece(kind="code", text=item.text))
        elif pieces and pieces[-1].kind == "text":
            pieces[-1] = Piece(kind="text", text=pieces[-1].text + item.text)
        else:
            pieces.append(Piece(kind="text", text=item.text))
    return tuple(pieces)


def _halves(items: tuple[object, ...], place: int) -> int:
    """How many leaves of a hidden run are the other halves of the mentions that are shown beside it."""
    return _is(items, place - 1, AtomKind.CODE) + _is(items, place + 1, AtomKind.NAME)


def _is(items: tuple[object, ...], place: int, kind: AtomKind) -> bool:
    return 0 <= place < len(items) and getattr(items[place], "kind", None) is kind


def _paragraphs(
    account: OpenTree, overlay: Mapping[tuple[int, int], tuple[str, ...]]
) -> Iterator[ShownParagraph | Gap]:
    shown: dict[int, ShownParagraph | Gap] = {gap.start: gap for gap in account.gaps}
    for place, item in account.items.items():
        if isinstance(item, OpenParagraph):
            names = dict(_names(item))
            pieces = (
                replace(one, codes=overlay.get((place, one.gap), ())) if one.kind == "gap" else one
                for one in pieces_of(item)
            )
            shown[place] = ShownParagraph(index=place, pieces=tuple(pieces), named=bool(names), names=names)
    for place in sorted(shown):
        yield shown[place]


def _names(paragraph: OpenParagraph) -> Iterator[tuple[int, str | None]]:
    """The places of the shown names, each with its code where that is shown as well."""
    before: OpenAtom | Gap | None = None
    for item in paragraph.items:
        if isinstance(item, OpenAtom) and item.kind is AtomKind.NAME:
            coded = isinstance(before, OpenAtom) and before.kind is AtomKind.CODE
            yield item.place, before.text if coded and isinstance(before, OpenAtom) else None
        before = item


def _json(opened: Opened, asked: Field) -> JsonValue:
    if isinstance(opened, OpenLeaf):
        return _leaf_json(opened)
    if not isinstance(opened, OpenTree):
        return None
    if asked.type in {"texts", "booleans"}:
        texts = [_json(opened.items[place], asked) for place in sorted(opened.items)]
        return [text == "yes" for text in texts] if asked.type == "booleans" else texts
    if asked.type == "list":
        return [_members(opened.items[place], asked) for place in sorted(opened.items)]
    return _members(opened, asked)


def _members(opened: Opened, asked: Field) -> JsonValue:
    if not isinstance(opened, OpenTree):
        return None
    members = ((member, opened.items.get(place)) for place, member in enumerate(asked.members))
    return {
        member.id: _json(item, member)
        for member, item in members
        if item is not None and not (isinstance(item, OpenLeaf) and _not_asked(item))
    }


def _not_asked(leaf: OpenLeaf) -> bool:
    return leaf.type is LeafType.ABSENT and leaf.value == "not-asked"


def _leaf_json(leaf: OpenLeaf) -> JsonValue:
    if not isinstance(leaf.value, str):
        return dict(leaf.value)
    if leaf.type is LeafType.ABSENT:
        return {"state": leaf.value.replace("-", " ")}
    return int(leaf.value) if leaf.type is LeafType.INTEGER else leaf.value


def _exhibit(place: int, opened: Opened, asked: Field) -> ShownExhibit:
    members = _members(opened, asked)
    members = members if isinstance(members, dict) else {}
    blob = members.get("file")
    digest, size = (blob.get("sha256"), blob.get("size")) if isinstance(blob, dict) else (None, None)
    return ShownExhibit(
        index=place,
        members=members,
        sha256=digest if isinstance(digest, str) else None,
        size=size if isinstance(size, int) else None,
    )


def _leaves(tree: OpenTree) -> Iterator[OpenLeaf]:
    for item in tree.items.values():
        if isinstance(item, OpenLeaf):
            yield item
        elif isinstance(item, OpenTree):
            yield from _leaves(item)


def _hidden(opened: Opened, shape: Shape) -> Iterator[str]:
    if isinstance(opened, OpenParagraph) and any(piece.kind == "gap" for piece in pieces_of(opened)):
        yield join(opened.path, _SOME)
    if not isinstance(opened, OpenTree):
        return
    if isinstance(shape, ObjectShape):
        hidden = {place for gap in opened.gaps for place in range(gap.start, gap.start + gap.width)}
        for place, (name, inner) in enumerate(shape.members):
            if place in hidden:
                yield join(opened.path, name)
            elif place in opened.items:
                yield from _hidden(opened.items[place], inner)
    elif isinstance(shape, ListShape):
        if opened.gaps:
            yield join(opened.path, _SOME)
        for item in opened.items.values():
            yield from _hidden(item, shape.element)
