"""The tree of a record: every slot of its form in order (docs/format/redaction-v1.md, section 4)."""

from collections.abc import Iterable, Mapping
from typing import Final

from testimony.answers import Answer, Blob, Declined, Given, Members, NotAsked, Unknown
from testimony.errors import RedactionError
from testimony.forms.form import Field
from testimony.model import Record
from testimony.redaction.leaves import Branch, Leaf, LeafType, Mention, Node, Padding, Paragraph, join
from testimony.redaction.shapes import LEAF_TYPES

# Above this many characters an account's atoms hold several words, so that its trees stay within their limits.
CHARACTERS_PER_WORD_OF_ATOM: Final = 1 << 19
ACCOUNT: Final = "account.text"
_YES_NO: Final = {True: "yes", False: "no"}


def record_tree(record: Record) -> Branch:
    """The tree that is committed to when a version of a record is finished.

    Raises:
        RedactionError: An answer is of another type than its field, or a mark lies outside its paragraph.
    """
    builder = _Builder(record)
    slots = record.form.slots
    children = tuple(builder.node(slot.id, slot, record.answers.get(slot.id, NotAsked())) for slot in slots)
    return Branch(path="", children=children, padding=Padding.OBJECT)


def account_paragraphs(record: Record) -> tuple[Paragraph, ...]:
    """The paragraphs of the account as they are committed to, with their mentions."""
    builder = _Builder(record)
    return tuple(
        builder.paragraph(join(ACCOUNT, place), text) for place, text in enumerate(record.interview.paragraphs)
    )


class _Builder:
    def __init__(self, record: Record) -> None:
        mentions: dict[int, list[Mention]] = {}
        for mark in sorted(record.marks, key=lambda one: (one.paragraph, one.start)):
            code = record.persons[mark.person].code
            mentions.setdefault(mark.paragraph, []).append(Mention(start=mark.start, end=mark.end, code=code))
        self._mentions = mentions
        characters = sum(map(len, record.interview.paragraphs))
        self._words = max(1, -(-characters // CHARACTERS_PER_WORD_OF_ATOM))

    def node(self, path: str, asked: Field, answer: Answer) -> Node:
        """The leaf or branch of one answer."""
        if not isinstance(answer, Given):
            return Leaf(path=path, type=LeafType.ABSENT, value=_state(answer))
        kind = LEAF_TYPES.get(asked.type)
        value = answer.value
        if kind is not None:
            return Leaf(path=path, type=kind, value=_bytes(path, value))
        if isinstance(value, str):
            return Leaf(path=path, type=LeafType.TEXT, value=_bytes(path, value))
        if isinstance(value, Mapping):
            return self._object(path, asked, value)
        if not isinstance(value, tuple):
            raise RedactionError(path, "type")
        elements: Iterable[str | bool | Members] = value
        nodes = (self._element(join(path, place), asked, element) for place, element in enumerate(elements))
        return Branch(path=path, children=tuple(nodes), padding=Padding.LIST)

    def paragraph(self, path: str, text: str) -> Paragraph:
        """One paragraph with the mentions in it."""
        mentions = tuple(self._mentions.get(int(path.rpartition("/")[2]), ()))
        return Paragraph(path=path, text=text, mentions=mentions, words=self._words)

    def _element(self, path: str, asked: Field, element: str | bool | Members) -> Node:  # noqa: FBT001  # an answer
        if isinstance(element, Mapping):
            return self._object(path, asked, element)
        if asked.type == "narrative" and isinstance(element, str):
            return self.paragraph(path, element)
        text = element if isinstance(element, str) else _YES_NO[element]
        return Leaf(path=path, type=LeafType.TEXT, value=_bytes(path, text))

    def _object(self, path: str, asked: Field, members: Members) -> Branch:
        nodes = (
            self.node(join(path, member.id), member, members.get(member.id, NotAsked())) for member in asked.members
        )
        return Branch(path=path, children=tuple(nodes), padding=Padding.OBJECT)


def _state(answer: Answer) -> bytes:
    if isinstance(answer, Unknown):
        return b"unknown"
    return b"declined" if isinstance(answer, Declined) else b"not-asked"


def _bytes(path: str, value: object) -> bytes:
    if isinstance(value, Blob):
        return bytes.fromhex(value.sha256) + value.size.to_bytes(8)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value).encode("ascii")
    if not isinstance(value, str):
        raise RedactionError(path, "type")
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        raise RedactionError(path, "value") from None
