from dataclasses import replace
from typing import Any

import pytest
from invented_interview import english, record_of

from testimony.bundle.revision import Revision, revision_from
from testimony.errors import BundleError, CanonicalError, RedactionError
from testimony.model import Record
from testimony.redaction.commitments import commit
from testimony.redaction.comparison import Growth, Shown, compare, shows
from testimony.redaction.disclosure import disclose, read_disclosure
from testimony.redaction.record_slots import record_tree
from testimony.redaction.selection import ParagraphView, Selection
from testimony.redaction.selection_text import selection_bytes, selection_from

SEED = bytes(range(32))
FIRST = "account.text/0"
LITTLE = Selection(
    shown=frozenset({"session.language", "session.place/pcode"}),
    paragraphs={FIRST: ParagraphView(hidden=((0, 12),)), "account.text/1": ParagraphView()},
)


def shown(record: Record, selection: Selection, seed: bytes = SEED) -> Shown:
    tree = record_tree(record)
    return Shown(disclosure=disclose(tree, seed, selection), commitment=commit(tree, seed), form=record.form)


def grown(more: Selection, record: Record | None = None) -> Growth:
    record = record or record_of(english())
    return compare(shown(record, LITTLE), shown(record, more))


def with_paragraph(path: str, view: ParagraphView) -> Selection:
    return replace(LITTLE, paragraphs={**LITTLE.paragraphs, path: view})


def test_what_is_shown_twice_is_no_growth() -> None:
    assert grown(LITTLE) == Growth(lifted=(), hidden=())


def test_a_value_shown_anew_is_named_by_its_path_and_one_hidden_again_as_well() -> None:
    more = replace(LITTLE, shown=LITTLE.shown | {"session.place/verbatim"})
    assert grown(more) == Growth(lifted=("session.place/verbatim",), hidden=())
    less = replace(LITTLE, shown=frozenset({"session.language"}))
    assert grown(less) == Growth(lifted=(), hidden=("session.place/pcode",))


def test_a_whole_paragraph_shown_anew_is_named_by_its_path() -> None:
    assert grown(with_paragraph("account.text/2", ParagraphView())).lifted == ("account.text/2",)


def test_words_shown_anew_are_named_by_the_places_of_their_leaves() -> None:
    whole = grown(with_paragraph(FIRST, ParagraphView())).lifted
    runs = sorted(tuple(map(int, path.rpartition("/")[2].split("-"))) for path in whole)
    assert all(path.startswith(f"{FIRST}/") for path in whole)
    # The name of the mention in it stays behind its code.
    assert (len(runs), runs[0][0], runs[1][0] - runs[0][1]) == (2, 0, 2)
    part = grown(with_paragraph(FIRST, ParagraphView(hidden=((0, 3),))))
    assert part.hidden == ()
    less = sorted(tuple(map(int, path.rpartition("/")[2].split("-"))) for path in part.lifted)
    assert runs[0][0] < less[0][0]
    assert less[-1] == runs[-1]
    assert grown(with_paragraph(FIRST, ParagraphView(hidden=((0, 30),)))).hidden != ()


def test_a_name_beside_its_code_is_one_leaf_and_hides_nothing() -> None:
    record = record_of(english())
    mark = next(one for one in record.marks if one.paragraph == 1)
    told = with_paragraph("account.text/1", ParagraphView(told=frozenset({mark.start})))
    found = grown(told, record)
    assert found.hidden == ()
    (path,) = found.lifted
    first, last = path.rpartition("/")[2].split("-")
    assert first == last
    named = grown(with_paragraph("account.text/1", ParagraphView(named=frozenset({mark.start}))), record)
    assert len(named.hidden) == 1


def test_what_is_lifted_is_shown_and_what_is_not_is_not() -> None:
    record = record_of(english())
    more = replace(with_paragraph(FIRST, ParagraphView()), shown=LITTLE.shown | {"session.place/verbatim"})
    commitment = commit(record_tree(record), SEED)

    def tree(selection: Selection) -> Any:
        made = disclose(record_tree(record), SEED, selection)
        return read_disclosure(made, root=commitment.root, n=commitment.n, form=record.form).tree

    lifted = grown(more, record).lifted
    assert len(lifted) == 3
    assert all(shows(tree(more), path) for path in lifted)
    assert not any(shows(tree(LITTLE), path) for path in lifted)
    assert not shows(tree(more), "account.text/0/x-y")
    assert not shows(tree(more), "nothing/at-all")


@pytest.mark.case("BU-22")
def test_another_record_in_the_place_of_what_was_hidden_is_named_by_the_block() -> None:
    value = english()
    value["account"]["paragraphs"][0] = value["account"]["paragraphs"][0].replace("Tamsin", "Tomsin", 1)
    forged = record_of(value)
    with pytest.raises(RedactionError) as caught:
        compare(shown(record_of(english()), LITTLE), shown(forged, with_paragraph(FIRST, ParagraphView())))
    assert caught.value.code == "block"
    value = english()
    value["session"]["place"]["verbatim"] = "somewhere else"
    with pytest.raises(RedactionError) as caught:
        compare(shown(record_of(english()), LITTLE), shown(record_of(value), LITTLE))
    assert caught.value.code == "block"


def test_the_same_words_under_another_seed_are_another_record() -> None:
    record = record_of(english())
    with pytest.raises(RedactionError) as caught:
        compare(shown(record, LITTLE), shown(record, LITTLE, bytes(32)))
    assert caught.value.code == "block"


def test_a_disclosure_that_leads_elsewhere_is_refused_before_any_comparison() -> None:
    record = record_of(english())
    honest = shown(record, LITTLE)
    wrong = replace(honest, commitment=replace(honest.commitment, root=bytes(32)))
    with pytest.raises(RedactionError) as caught:
        compare(honest, wrong)
    assert caught.value.code == "root"


def test_a_selection_is_kept_in_one_spelling() -> None:
    told = ParagraphView(told=frozenset({4}), named=frozenset({9, 2}), hidden=((0, 1), (5, 7)))
    selection = with_paragraph(FIRST, told)
    assert selection_from(selection_bytes(selection)) == selection


@pytest.mark.parametrize(
    "data",
    [
        b'{"paragraphs":{"a":{"hidden":[[]],"named":[],"told":[]}},"shown":[]}',
        b'{"paragraphs":{"a":{"hidden":[[1]],"named":[],"told":[]}},"shown":[]}',
        b'{"paragraphs":{"a":{"hidden":[],"named":[2,1],"told":[]}},"shown":[]}',
        b'{"paragraphs":{},"shown":["b","a"]}',
        b'{"paragraphs":{},"shown":["a","a"]}',
        b'{"paragraphs":[],"shown":[]}',
    ],
)
def test_a_selection_in_any_other_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        selection_from(data)


@pytest.mark.parametrize(
    "value",
    [
        {"number": 0, "lifts": [], "since": None, "request": None},
        {"number": 2, "lifts": [], "since": None, "request": None},
        {"number": 1, "lifts": [], "since": "0" * 64, "request": None},
        {"number": 1, "lifts": ["a"], "since": None, "request": None},
        {"number": 2, "lifts": ["b", "a"], "since": "0" * 64, "request": None},
        {"number": 2, "lifts": ["a", "a"], "since": "0" * 64, "request": None},
        {"number": 2, "lifts": ["a b"], "since": "0" * 64, "request": None},
        {"number": 2, "lifts": [], "since": "0" * 64, "request": "0" * 32},
        {"number": 10_000, "lifts": [], "since": "0" * 64, "request": None},
        {"number": 2, "lifts": [], "since": "0" * 63, "request": None},
        {"number": True, "lifts": [], "since": None, "request": None},
        {"number": 1, "lifts": [], "since": None},
        {"number": 1, "lifts": [], "since": None, "request": None, "more": 1},
        [],
    ],
)
def test_a_revision_that_contradicts_itself_is_refused(value: Any) -> None:
    good = Revision(number=2, lifts=("a", "b"), since="0" * 64)
    assert revision_from(good.to_json(), "record") == good
    with pytest.raises(BundleError) as caught:
        revision_from(value, "record")
    assert caught.value.code == "revision"
