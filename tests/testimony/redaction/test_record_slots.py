"""A record's tree: every slot of the form, in its order, whether it was answered or not."""

from dataclasses import replace

import pytest

from testimony.errors import RedactionError
from testimony.redaction.commitments import commit
from testimony.redaction.disclosure import disclose, read_disclosure
from testimony.redaction.leaves import Branch, Leaf, LeafType, Mention, Paragraph
from testimony.redaction.record_slots import CHARACTERS_PER_WORD_OF_ATOM, record_tree
from testimony.redaction.selection import ParagraphView, Selection


def child(branch: Branch, path: str):
    return next(node for node in branch.children if node.path == path)


def test_there_is_one_slot_for_every_field_and_coarser_form_in_the_order_of_the_form(tree, record):
    assert [node.path for node in tree.children] == [slot.id for slot in record.form.slots]
    assert tree.size == 64


def test_the_answers_that_were_not_given_are_three_different_values(make_record):
    record = make_record(lambda value: value["session"].update(place={"state": "unknown"}))
    tree = record_tree(record)
    states = {"session.place": b"unknown", "consent.contact": b"declined", "record.case_code": b"not-asked"}
    for path, state in states.items():
        assert child(tree, path) == Leaf(path=path, type=LeafType.ABSENT, value=state)


def test_texts_numbers_dates_and_files_are_exact_bytes_of_their_type(tree):
    assert child(tree, "session.language") == Leaf(path="session.language", type=LeafType.TEXT, value=b"eng")
    started = child(tree, "session.started_at")
    assert (started.type, started.value) == (LeafType.DATE, b"2026-03-02T11:00:00+03:00")
    corrections = child(child(tree, "account.readback"), "account.readback/corrections")
    assert (corrections.type, corrections.value) == (LeafType.INTEGER, b"2")
    exhibit = child(child(tree, "exhibits"), "exhibits/0")
    blob = child(exhibit, "exhibits/0/file")
    assert (blob.type, blob.value) == (LeafType.BLOB, bytes.fromhex("ab" * 32) + (12345).to_bytes(8))


def test_coarser_values_are_slots_of_their_own(tree):
    assert child(tree, "session.started_at~month").value == b"2026-03"
    assert child(tree, "witness.birth~band").value == b"40-49"


def test_a_member_nobody_answered_still_has_its_place(tree):
    name = child(tree, "witness.name")
    assert [node.path.rpartition("/")[2] for node in name.children] == [
        "given",
        "father",
        "grandfather",
        "family",
        "mother",
        "kunya",
        "latin",
    ]
    assert child(name, "witness.name/father") == Leaf(
        path="witness.name/father", type=LeafType.ABSENT, value=b"not-asked"
    )


def test_a_word_in_place_of_a_list_is_a_single_value_and_an_empty_list_is_a_list(tree):
    assert child(tree, "session.prior_statements").value == b"none"
    assert child(tree, "session.others_present") == Branch(
        path="session.others_present", children=(), padding=child(tree, "mentions").padding
    )


def test_yes_and_no_are_words(tree):
    points = child(child(tree, "consent.limits_explained"), "consent.limits_explained/points")
    assert [leaf.value for leaf in points.children] == [b"yes"] * 6 + [b"no"]


def test_a_paragraph_knows_who_is_named_where(tree, record):
    paragraph = child(child(tree, "account.text"), "account.text/1")
    assert isinstance(paragraph, Paragraph)
    named = [paragraph.text[mention.start : mention.end] for mention in paragraph.mentions]
    assert named == ["Bartolo", "Quillon", "Quillon"]
    assert paragraph.mentions[1].code == paragraph.mentions[2].code != paragraph.mentions[0].code


def test_a_very_long_account_has_several_words_in_an_atom_so_that_its_trees_stay_bounded(make_record, seed):
    text = "word " * (CHARACTERS_PER_WORD_OF_ATOM // 4)
    tree = record_tree(
        make_record(lambda value: value["account"].update(paragraphs=[text], source_of_knowledge=["saw"]))
    )
    paragraph = child(child(tree, "account.text"), "account.text/0")
    assert paragraph.words == 2
    assert commit(paragraph, seed).n < len(text.split()) * 1.2


def test_two_versions_of_one_record_share_no_hash_because_they_share_no_seed(tree, seed):
    assert commit(tree, seed).root != commit(tree, bytes(32)).root


@pytest.mark.parametrize("spans", [((3, 3),), ((0, 5), (4, 8)), ((5, 8), (0, 3)), ((0, 100),), ((-1, 2),)])
def test_mentions_that_overlap_are_empty_or_lie_outside_are_refused(spans):
    mentions = tuple(Mention(start=start, end=end, code="W-7F3K") for start, end in spans)
    with pytest.raises(RedactionError):
        Paragraph(path="account.text/0", text="ten chars.", mentions=mentions)


def test_a_paragraph_of_more_atoms_than_a_tree_may_have_is_refused(seed, monkeypatch):
    from testimony.redaction import atoms

    monkeypatch.setattr(atoms, "MAX_LEAVES", 64)
    with pytest.raises(RedactionError) as caught:
        commit(Paragraph(path="account.text/0", text="word " * 100), seed)
    assert (caught.value.path, caught.value.code) == ("account.text/0", "too-many")


def test_an_empty_file_is_a_file(make_record, seed):
    record = make_record()
    empty = replace(record, exhibits=(replace(record.exhibits[0], size=0),))
    tree = record_tree(empty)
    value = disclose(tree, seed, Selection(shown=frozenset({"exhibits"})))
    root = commit(tree, seed)
    assert read_disclosure(value, root=root.root, n=root.n, form=record.form).exhibits[0].size == 0


def test_a_seed_of_another_size_is_refused(tree):
    with pytest.raises(RedactionError) as caught:
        commit(tree, b"short")
    assert caught.value.code == "seed"


@pytest.fixture
def show(record, tree, seed, commitment):
    def read(selection: Selection):
        value = disclose(tree, seed, selection)
        return read_disclosure(value, root=commitment.root, n=commitment.n, form=record.form)

    return read


def test_shown_answers_come_back_as_they_were_given(show, record):
    whole = show(Selection(shown=frozenset(slot.id for slot in record.form.slots)))
    given = record.interview.to_json()
    assert whole.answers["session.place"] == given["session"]["place"]
    assert whole.answers["consent.limits_explained"] == given["consent"]["limits_explained"]
    assert whole.answers["consent.share"] == given["consent"]["share"]
    assert whole.answers["consent.contact"] == {"state": "declined"}
    assert whole.answers["witness.name"] == given["witness"]["name"]
    assert whole.answers["account.readback"] == {"answer": "yes", "language": "eng", "corrections": 2}
    assert [one["who"] for one in whole.answers["mentions"]] == ["Bartolo", "Quillon"]
    assert whole.answers["mentions"][1]["code"].startswith("P-")
    assert whole.values["witness.name/latin/1"] == "Tamsyn"
    assert whole.hidden == ("account.text/*",)


def test_the_account_comes_back_exactly_when_all_names_are_shown(show, record):
    views = {
        f"account.text/{place}": ParagraphView(named=frozenset(mark.start for mark in record.marks))
        for place in range(len(record.interview.paragraphs))
    }
    shown = show(Selection(shown=frozenset(), paragraphs=views))
    assert tuple(paragraph.text() for paragraph in shown.paragraphs) == record.interview.paragraphs
    assert all(paragraph.complete for paragraph in shown.paragraphs)
    assert "account.text/*" not in shown.hidden


def test_codes_stand_for_names_and_a_gap_is_one_mark(show, record):
    views = {"account.text/1": ParagraphView(hidden=((0, 8), (36, 43)))}
    shown = show(Selection(shown=frozenset(), paragraphs=views))
    code = {mark.person: record.persons[mark.person].code for mark in record.marks}
    paragraph = shown.paragraphs[1]
    bartolo, quillon = (code[mark.person] for mark in record.marks if mark.paragraph == 1 and mark.start < 40)
    assert paragraph.text("[gap]") == f"[gap]for {bartolo}. {quillon}'s [gap]outside; I saw {quillon} drive it."
    assert not paragraph.complete
    assert "account.text/1/*" in shown.hidden


def test_a_hidden_span_swallows_the_mentions_inside_it(show, record):
    views = {"account.text/0": ParagraphView(hidden=((0, 56),), named=frozenset({16}))}
    shown = show(Selection(shown=frozenset(), paragraphs=views))
    assert shown.paragraphs[0].text() == "[…]"


def test_withheld_paragraphs_leave_a_visible_place(show):
    shown = show(Selection(shown=frozenset(), paragraphs={"account.text/2": ParagraphView()}))
    before, paragraph, after = shown.paragraphs
    assert (before.start, before.width) == (0, 2)
    assert paragraph.index == 2
    assert (after.start, after.width) == (3, 1)


def test_one_element_of_a_list_is_shown_and_their_number_is_not(show, make_record, seed):
    shown = show(Selection(shown=frozenset({"consent.share/0"})))
    assert shown.answers["consent.share"] == [{"recipient": "body-a", "purpose": "investigation", "answer": "yes"}]
    assert "consent.share/*" in shown.hidden
    alone = record_tree(make_record(lambda value: value["consent"]["share"].pop()))
    value = disclose(alone, seed, Selection(shown=frozenset({"consent.share/0/answer"})))
    other = disclose(record_tree(make_record()), seed, Selection(shown=frozenset({"consent.share/0/answer"})))
    assert len(repr(value)) == len(repr(other))


def test_exhibits_are_shown_with_their_digest_or_without(show):
    (whole,) = show(Selection(shown=frozenset({"exhibits"}))).exhibits
    assert (whole.index, whole.sha256, whole.size) == (0, "ab" * 32, 12345)
    (kind_only,) = show(Selection(shown=frozenset({"exhibits/0/kind"}))).exhibits
    assert (kind_only.members, kind_only.sha256, kind_only.size) == ({"kind": "photo"}, None, None)


def test_what_is_disclosed_later_verifies_against_the_same_signed_root(show):
    earlier = show(Selection(shown=frozenset({"session.language"})))
    later = show(Selection(shown=frozenset({"session.language", "session.place"})))
    assert "session.place" in earlier.hidden
    assert later.answers["session.place"] == {"verbatim": "a room behind the bakery", "pcode": "XX0102"}


def test_nothing_read_from_a_disclosure_shows_its_words_in_a_repr(show):
    shown = show(
        Selection(shown=frozenset({"witness.name", "session.place"}), paragraphs={"account.text/0": ParagraphView()})
    )
    text = repr(shown) + repr(shown.paragraphs) + repr(shown.tree) + repr(shown.exhibits)
    assert "Tamsin" not in text
    assert "bakery" not in text
    assert "lights" not in text
