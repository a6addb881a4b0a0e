"""Any tree, any selection: what is selected comes back, nothing else does, and no change goes unnoticed."""

import base64
import copy
import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testimony.canonical import MAX_DEPTH, decode, encode
from testimony.errors import RedactionError
from testimony.redaction.commitments import Commitment, commit
from testimony.redaction.disclosed import pieces_of
from testimony.redaction.disclosure import disclose
from testimony.redaction.leaves import Branch, Leaf, LeafType, Mention, Padding, Paragraph, join
from testimony.redaction.opened import OpenLeaf, OpenParagraph, OpenTree
from testimony.redaction.reading import read_tree
from testimony.redaction.selection import ParagraphView, Selection
from testimony.redaction.shapes import LeafShape, ListShape, ObjectShape, ParagraphShape

seeds = st.binary(min_size=32, max_size=32)
words = st.text(st.characters(codec="utf-8"), max_size=12)
kinds = st.sampled_from([LeafType.TEXT, LeafType.INTEGER, LeafType.DATE, LeafType.BLOB])
leaf_shapes = st.builds(lambda kind: LeafShape(type=kind), kinds)


def _objects(inner):
    return st.lists(inner, min_size=1, max_size=5).map(
        lambda shapes: ObjectShape(members=tuple((f"m{place}", shape) for place, shape in enumerate(shapes)))
    )


_inner = st.recursive(
    leaf_shapes | st.just(ListShape(element=ParagraphShape())),
    lambda inner: (
        _objects(inner) | st.builds(lambda shape: ListShape(element=shape), leaf_shapes | _objects(leaf_shapes))
    ),
    max_leaves=6,
)


def _depth(shape) -> int:
    if isinstance(shape, ObjectShape):
        return 1 + max(_depth(inner) for _, inner in shape.members)
    return 1 + _depth(shape.element) if isinstance(shape, ListShape) else int(isinstance(shape, ParagraphShape))


# A form nests no deeper: record, list, object, list of texts.
shapes = _objects(_inner).filter(lambda shape: _depth(shape) <= 4)


@st.composite
def nodes(draw, shape, path="", element=False):
    if isinstance(shape, ParagraphShape):
        return draw(paragraphs(path))
    if path and not element and draw(st.integers(0, 4)) == 0:
        return Leaf(
            path=path, type=LeafType.ABSENT, value=draw(st.sampled_from([b"unknown", b"declined", b"not-asked"]))
        )
    if isinstance(shape, LeafShape):
        return Leaf(path=path, type=shape.type, value=draw(values(shape.type)))
    if isinstance(shape, ObjectShape):
        children = tuple(draw(nodes(inner, join(path, name))) for name, inner in shape.members)
        return Branch(path=path, children=children, padding=Padding.OBJECT)
    count = draw(st.integers(0, 6))
    children = tuple(draw(nodes(shape.element, join(path, place), True)) for place in range(count))
    return Branch(path=path, children=children, padding=Padding.LIST)


def values(kind):
    if kind is LeafType.INTEGER:
        return st.integers(0, 10**15).map(lambda number: str(number).encode())
    if kind is LeafType.BLOB:
        return st.tuples(st.binary(min_size=32, max_size=32), st.integers(0, 2**53 - 1)).map(
            lambda blob: blob[0] + blob[1].to_bytes(8)
        )
    return words.map(str.encode)


@st.composite
def paragraphs(draw, path):
    text = " ".join(draw(st.lists(words, max_size=8)))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    pairs = [pair for pair in zip(cuts[::2], cuts[1::2], strict=False) if pair[0] < pair[1]]
    mentions = tuple(Mention(start=start, end=end, code=f"P-{place:04d}") for place, (start, end) in enumerate(pairs))
    return Paragraph(path=path, text=text, mentions=mentions, words=draw(st.integers(1, 3)))


def walk(node) -> Iterator:
    yield node
    if isinstance(node, Branch):
        for child in node.children:
            yield from walk(child)


@st.composite
def selections(draw, tree):
    paths = [node.path for node in walk(tree) if node.path and not isinstance(node, Paragraph)]
    shown = draw(st.sets(st.sampled_from(paths), max_size=6)) if paths else set()
    views = {}
    for node in walk(tree):
        if isinstance(node, Paragraph) and draw(st.booleans()):
            starts = [mention.start for mention in node.mentions]
            named = draw(st.sets(st.sampled_from(starts))) if starts else set()
            spans = draw(
                st.lists(st.tuples(st.integers(0, len(node.text)), st.integers(0, len(node.text))), max_size=3)
            )
            views[node.path] = ParagraphView(named=frozenset(named), hidden=tuple(spans))
    return Selection(shown=frozenset(shown), paragraphs=views)


@st.composite
def cases(draw):
    shape = draw(shapes)
    tree = draw(nodes(shape))
    return shape, tree, draw(selections(tree)), draw(seeds)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_what_is_selected_comes_back_and_nothing_else(case):
    shape, tree, selection, seed = case
    disclosure = encode(disclose(tree, seed, selection))
    opened = read_tree(decode(disclosure, limit=10**7, where="test"), commitment=commit(tree, seed), shape=shape)
    leaves = {leaf.path: leaf for leaf in _open_leaves(opened)}
    for node in walk(tree):
        if isinstance(node, Leaf):
            assert (node.path in leaves) == selection.whole(node.path)
            if node.path in leaves and node.type is not LeafType.BLOB:
                assert leaves[node.path].value == node.value.decode()
    found = {paragraph.path: paragraph for paragraph in _open_paragraphs(opened)}
    assert found.keys() == selection.paragraphs.keys()
    for node in walk(tree):
        if isinstance(node, Paragraph) and node.path in found:
            _check_paragraph(node, selection.paragraphs[node.path], found[node.path])


def _check_paragraph(paragraph: Paragraph, view: ParagraphView, found: OpenParagraph) -> None:
    """Every mention is a name, a code or part of a gap, as the view says; without gaps the text is whole."""
    pieces = pieces_of(found)
    spans = [span for span in view.hidden if span[0] < span[1]]
    codes = {
        mention.code
        for mention in paragraph.mentions
        if mention.start not in view.named
        and not any(mention.start < end and start < mention.end for start, end in spans)
    }
    assert {piece.text for piece in pieces if piece.kind == "code"} == codes
    if all(piece.kind == "text" for piece in pieces):
        assert "".join(piece.text for piece in pieces) == paragraph.text
    if not spans and not codes:
        assert all(piece.kind == "text" for piece in pieces)


def _open_leaves(tree: OpenTree) -> Iterator[OpenLeaf]:
    for item in tree.items.values():
        if isinstance(item, OpenLeaf):
            yield item
        elif isinstance(item, OpenTree):
            yield from _open_leaves(item)


def _open_paragraphs(tree: OpenTree) -> Iterator[OpenParagraph]:
    for item in tree.items.values():
        if isinstance(item, OpenParagraph):
            yield item
        elif isinstance(item, OpenTree):
            yield from _open_paragraphs(item)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_every_selection_leads_to_the_same_root(case):
    shape, tree, selection, seed = case
    expected = commit(tree, seed)
    nothing = read_tree(disclose(tree, seed, Selection(shown=frozenset())), commitment=expected, shape=shape)
    assert nothing.items == {}
    read_tree(disclose(tree, seed, selection), commitment=expected, shape=shape)


@settings(max_examples=100, deadline=None)
@given(cases(), st.data())
def test_any_changed_place_of_a_disclosure_is_refused(case, data):
    shape, tree, selection, seed = case
    value = json.loads(encode(disclose(tree, seed, selection)))
    places = list(_places(value))
    place = data.draw(st.sampled_from(places))
    broken = copy.deepcopy(value)
    _change(broken, place, data)
    if broken == value:
        return
    with pytest.raises(RedactionError):
        read_tree(broken, commitment=commit(tree, seed), shape=shape)


def _places(value, path=()) -> Iterator[tuple]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from _places(part, (*path, key))


def _change(value, place, data) -> None:
    for key in place[:-1]:
        value = value[key]
    part = value[place[-1]]
    act = data.draw(st.sampled_from(["drop", "double", "replace"]))
    if act == "drop":
        del value[place[-1]]
    elif act == "double" and isinstance(value, list):
        value.insert(place[-1], part)
    elif isinstance(part, str) and len(part) > 3 and data.draw(st.booleans()):
        value[place[-1]] = part[:-4] + base64.b64encode(bytes(3)).decode()
    else:
        value[place[-1]] = data.draw(
            st.sampled_from([None, True, 0, 1, -1, 2**53, "", "x", "void", [], {}, ["v"], {"type": "void"}])
        )


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-10, 10)
    | st.sampled_from(["hide", "show", "text", "subtree", "void", "", "AAAA"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["n", "runs", "path", "type", "value"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(shapes, junk)
def test_json_of_any_kind_ends_in_our_own_error(shape, value):
    with pytest.raises(RedactionError):
        read_tree(value, commitment=Commitment(root=bytes(32), n=1), shape=shape)


def test_the_deepest_tree_a_form_can_ask_for_fits_the_depth_of_canonical_json(seed):
    inner = Branch(path="f/0/m", padding=Padding.LIST, children=(Leaf(path="f/0/m/0", type=LeafType.TEXT, value=b"x"),))
    element = Branch(path="f/0", padding=Padding.OBJECT, children=(inner,))
    tree = Branch(
        path="", padding=Padding.OBJECT, children=(Branch(path="f", padding=Padding.LIST, children=(element,)),)
    )
    disclosure = disclose(tree, seed, Selection(shown=frozenset({"f"})))
    assert decode(encode({"disclosure": disclosure}), limit=10**6, where="test")
    assert MAX_DEPTH == 16
