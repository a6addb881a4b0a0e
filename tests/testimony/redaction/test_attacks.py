"""Each rule of a disclosure, broken alone: it is refused, and the path is named."""

import base64
import copy
import json
from typing import Any

import pytest

from testimony.canonical import encode
from testimony.errors import RedactionError
from testimony.redaction.commitments import Commitment
from testimony.redaction.disclosure import disclose, read_disclosure
from testimony.redaction.reading import read_tree
from testimony.redaction.selection import ParagraphView, Selection
from testimony.redaction.shapes import TEXT, ListShape, ObjectShape

FIRST = "account.text/0"


@pytest.fixture(scope="module")
def selection(record) -> Selection:
    starts = frozenset(mark.start for mark in record.marks if mark.paragraph == 0)
    return Selection(
        shown=frozenset(
            {
                "session.language",
                "session.place",
                "session.others_present",
                "session.prior_statements",
                "consent.share/0",
                "consent.contact",
                "account.readback",
                "account.source_of_knowledge",
                "exhibits",
                "witness.birth~band",
            }
        ),
        paragraphs={
            FIRST: ParagraphView(named=starts),
            "account.text/1": ParagraphView(hidden=((0, 4),)),
        },
    )


@pytest.fixture
def value(tree, seed, selection) -> Any:
    return json.loads(encode(disclose(tree, seed, selection)))


@pytest.fixture
def refused(record, commitment):
    def check(value: Any, path: str | None = None, code: str | None = None) -> RedactionError:
        with pytest.raises(RedactionError) as caught:
            read_disclosure(value, root=commitment.root, n=commitment.n, form=record.form)
        if path is not None:
            assert caught.value.path == path
        if code is not None:
            assert caught.value.code == code
        return caught.value

    return check


def leaf(value: Any, path: str) -> dict:
    """The shown leaf of that path, wherever it stands."""
    found = _find(value, path)
    assert found is not None, path
    return found


def _find(value: Any, path: str) -> dict | None:
    if isinstance(value, dict) and value.get("path") == path:
        return value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for part in parts if (found := _find(part, path)) is not None), None)


def run(value: Any, kind: str, number: int = 0) -> list:
    return [run for run in value["runs"] if run[0] == kind][number]


def flipped(text: str) -> str:
    data = bytearray(base64.b64decode(text))
    data[0] ^= 1
    return base64.b64encode(data).decode()


def test_the_untouched_disclosure_is_read(value, record, commitment):
    read_disclosure(value, root=commitment.root, n=commitment.n, form=record.form)


@pytest.mark.case("BU-22")
def test_a_changed_value_matches_no_commitment(value, refused):
    leaf(value, "session.language")["value"] = "deu"
    refused(value, "", "root")


@pytest.mark.case("BU-22")
@pytest.mark.parametrize(("kind", "place"), [("hide", 2), ("show", 1)])
def test_the_same_bytes_in_a_second_spelling_of_base64_are_refused(value, refused, kind, place):
    tail = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    runs = [one for one in value["runs"] if one[0] == kind and one[place].endswith("=")]
    text = runs[0][place]
    letter = text.rstrip("=")[-1]
    runs[0][place] = text.rstrip("=")[:-1] + tail[tail.index(letter) + 1] + "=" * (len(text) - len(text.rstrip("=")))
    assert base64.b64decode(runs[0][place]) == base64.b64decode(text)
    refused(value, "", "cover")


@pytest.mark.case("BU-22")
def test_a_value_moved_to_another_field_is_refused_and_the_field_is_named(value, refused):
    leaf(value, "session.language")["path"] = "session.interviewer_code"
    refused(value, "session.language", "path")


@pytest.mark.case("BU-22")
def test_two_members_exchanged_are_refused_and_named(value, refused):
    place = leaf(value, "session.place")
    first, second = place["runs"][0][2], place["runs"][0][3]
    place["runs"][0][2], place["runs"][0][3] = second, first
    refused(value, "session.place/verbatim", "path")
    first["path"], second["path"] = second["path"], first["path"]
    refused(value, "", "root")


@pytest.mark.case("BU-22")
def test_a_value_shown_twice_is_refused(value, refused):
    shown = run(leaf(value, "account.source_of_knowledge"), "show")
    shown[3] = copy.deepcopy(shown[2])
    refused(value, "account.source_of_knowledge/1", "path")


@pytest.mark.case("BU-22")
def test_a_missing_hidden_run_is_refused(value, refused):
    value["runs"].remove(run(value, "hide"))
    refused(value)


@pytest.mark.case("BU-22")
def test_an_exchanged_or_changed_hidden_hash_is_refused(value, refused):
    hidden = run(value, "hide", 1)
    data = base64.b64decode(hidden[2])
    assert len(data) > 32
    hidden[2] = base64.b64encode(data[32:64] + data[:32] + data[64:]).decode()
    refused(value, "", "root")
    hidden[2] = flipped(hidden[2])
    refused(value, "", "root")


def test_two_hidden_runs_with_exchanged_hashes_are_refused(value, refused):
    widths: dict[int, list] = {}
    for one in value["runs"]:
        if one[0] == "hide":
            widths.setdefault(len(one[2]), []).append(one)
    first, second = next(runs for runs in widths.values() if len(runs) > 1)[:2]
    first[2], second[2] = second[2], first[2]
    refused(value, "", "root")


@pytest.mark.case("BU-22")
def test_salts_of_another_run_are_refused(value, refused):
    shown = run(value, "show")
    shown[1] = flipped(shown[1])
    refused(value, "", "root")


@pytest.mark.case("BU-22")
def test_a_value_passed_off_as_a_void_is_refused(value, refused):
    shown = run(leaf(value, "account.source_of_knowledge"), "show")
    shown[2] = {"type": "void"}
    refused(value, "account.source_of_knowledge/1", "void")
    shown[3] = shown[4] = {"type": "void"}
    refused(value, "", "root")


def test_a_void_in_the_place_of_a_field_is_refused(value, refused):
    shown = run(leaf(value, "session.place"), "show")
    shown[3] = {"type": "void"}
    refused(value, "session.place/pcode", "path")


@pytest.mark.case("BU-22")
def test_another_number_of_leaves_is_refused(value, refused):
    value["n"] = 128
    refused(value, "", "count")


@pytest.mark.case("BU-22")
def test_another_number_of_decoys_in_a_list_is_refused(value, refused):
    shared = leaf(value, "consent.share")
    shared["n"] *= 2
    refused(value, "consent.share", "tiling")
    hidden = run(shared, "hide")
    hidden[1] += 4
    refused(value, "consent.share", "cover")


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 6, 12, 1 << 21, -4, True, "4", None, 2**60])
def test_a_list_of_a_length_that_no_list_has_is_refused(value, refused, size):
    leaf(value, "consent.share")["n"] = size
    refused(value, "consent.share")


@pytest.mark.parametrize("size", [0, 63, 65, 1 << 21, "64", False])
def test_a_paragraph_of_a_length_that_none_has_is_refused(value, refused, size):
    leaf(value, FIRST)["n"] = size
    refused(value, FIRST, "count")


def test_two_shown_runs_beside_each_other_are_a_second_spelling_and_refused(value, refused, tree, seed):
    shown = next(one for one in value["runs"] if one[0] == "show" and len(one) > 3)
    place = value["runs"].index(shown)
    value["runs"][place : place + 1] = [["show", shown[1], *shown[2:3]], ["show", shown[1], *shown[3:]]]
    refused(value)


def test_two_hidden_runs_beside_each_other_are_a_second_spelling_and_refused(value, refused):
    hidden = run(leaf(value, "consent.share"), "hide")
    runs = leaf(value, "consent.share")["runs"]
    data = base64.b64decode(hidden[2])
    assert hidden[1] == 3
    runs[runs.index(hidden) :] = [
        ["hide", 1, base64.b64encode(data[:32]).decode()],
        ["hide", 2, base64.b64encode(data[32:]).decode()],
    ]
    refused(value, "consent.share", "malformed")


SPELLINGS = {
    "no padding": lambda text: text.rstrip("="),
    "blank": lambda text: text[:10] + " " + text[10:],
    "line feed": lambda text: text + "\n",
    "spare bits": lambda text: text[:-2] + chr(ord(text[-2]) + 1) + "=",
    "url alphabet": lambda text: text.replace("+", "-").replace("/", "_") + "",
    "not base64": lambda text: "é" + text[1:],
    "empty": lambda _: "",
    "a list": lambda text: [text],
    "hex": lambda text: base64.b64decode(text).hex(),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_hashes_in_a_second_spelling_are_refused(value, refused, spell):
    changed = 0
    for one in value["runs"]:
        if one[0] == "hide":
            before = one[2]
            one[2] = spell(one[2])
            changed += one[2] != before
    if changed:
        refused(value, "")


@pytest.mark.parametrize("width", [0, -1, 65, True, "2", None, 2**60])
def test_a_hidden_run_of_an_impossible_width_is_refused(value, refused, width):
    run(value, "hide")[1] = width
    refused(value, "", "tiling")


def test_a_shown_run_that_shows_nothing_or_more_than_there_is_is_refused(value, refused):
    shown = run(value, "show")
    rest = shown[2:]
    del shown[2:]
    refused(value, "", "tiling")
    shown.extend(rest * 65)
    refused(value, "", "tiling")


@pytest.mark.parametrize("kind", ["", "Show", "HIDE", "gap", None, 1, ["show"]])
def test_a_run_of_an_unknown_kind_is_refused(value, refused, kind):
    value["runs"][0][0] = kind
    refused(value, "")


@pytest.mark.parametrize("part", [None, {}, [], "", 5])
@pytest.mark.parametrize("name", ["n", "runs"])
def test_a_tree_with_a_part_of_another_type_is_refused(value, refused, name, part):
    value[name] = part
    refused(value, "")


def test_a_member_too_many_or_too_few_is_refused(value, refused):
    for path in ("session.place", "session.language", FIRST):
        broken = copy.deepcopy(value)
        leaf(broken, path)["remark"] = "x"
        refused(broken, path, "malformed")
    for path, name in (
        ("session.language", "value"),
        ("session.place", "runs"),
        (FIRST, "n"),
        ("session.language", "type"),
    ):
        broken = copy.deepcopy(value)
        del leaf(broken, path)[name]
        refused(broken, path, "malformed")


TYPES = {
    "an integer for a text": ("session.language", "integer", "5"),
    "a date for a text": ("session.language", "date", "eng"),
    "an alias for a text": ("session.language", "alias", "W-7F3K"),
    "an absence with words in it": ("consent.contact", "absent", "she would not say"),
    "an absence spelled as in an interview": ("consent.contact", "absent", "not asked"),
    "a number with a leading zero": ("account.readback/corrections", "integer", "02"),
    "a negative zero": ("account.readback/corrections", "integer", "-0"),
    "a number as a number": ("account.readback/corrections", "integer", 2),
    "a number in Arabic digits": ("account.readback/corrections", "integer", "٢"),
    "a word outside its vocabulary": ("account.readback/answer", "text", "maybe"),
    "a word in place of a list that has none": ("session.others_present", "text", "none"),
    "a list word outside the vocabulary": ("session.prior_statements", "text", "many"),
    "half of a character": ("session.language", "text", "\ud800"),
    "a blob as text": ("exhibits/0/file", "text", "ab" * 32),
    "a blob with capitals": ("exhibits/0/file", "blob", {"sha256": "AB" * 32, "size": 1}),
    "a blob of negative size": ("exhibits/0/file", "blob", {"sha256": "ab" * 32, "size": -1}),
    "a blob without its size": ("exhibits/0/file", "blob", {"sha256": "ab" * 32}),
}


@pytest.mark.parametrize("broken", TYPES.values(), ids=TYPES.keys())
def test_a_value_of_another_type_or_spelling_is_refused_and_its_field_named(value, refused, broken):
    path, kind, content = broken
    shown = leaf(value, path)
    for name in ("n", "runs"):
        shown.pop(name, None)
    shown.update(type=kind, value=content)
    refused(value, path)


def test_a_subtree_in_the_place_of_a_single_value_is_refused(value, refused):
    shown = leaf(value, "session.language")
    del shown["value"]
    shown.update(type="subtree", n=1, runs=[["hide", 1, base64.b64encode(bytes(32)).decode()]])
    refused(value, "session.language", "malformed")


def atoms(value: Any, path: str = FIRST) -> list:
    return next(one for one in leaf(value, path)["runs"] if one[0] == "show")


def test_a_word_left_out_added_or_changed_is_refused(value, refused):
    for change in ("drop", "add", "change"):
        broken = copy.deepcopy(value)
        words = atoms(broken)
        if change == "drop":
            del words[3]
        elif change == "add":
            words.insert(3, ["w", "not "])
        else:
            words[2] = ["w", "They "]
        refused(broken)


ATOMS = {
    "an unknown kind": ["x", "word"],
    "a word without text": ["w"],
    "a word with an empty text": ["w", ""],
    "a void with a text": ["v", "x"],
    "three parts": ["w", "a", "b"],
    "nothing": [],
    "a number": ["w", 5],
    "half of a character": ["w", "\udfff"],
    "an object": {"w": "x"},
    "a text": "word",
}


@pytest.mark.parametrize("atom", ATOMS.values(), ids=ATOMS.keys())
def test_an_atom_of_an_unknown_shape_is_refused_and_its_paragraph_named(value, refused, atom):
    atoms(value)[2] = atom
    refused(value, FIRST)


def test_a_name_without_its_code_before_it_is_refused(value, refused):
    words = atoms(value)
    words[2] = ["@", words[2][1]]
    refused(value, FIRST, "mention")
    words[2] = ["w", "We "]
    words[4] = ["@", "were "]
    refused(value, FIRST, "mention")


def test_a_code_without_its_name_behind_it_is_refused(value, refused):
    words = atoms(value)
    words[2] = ["@c", "W-0000"]
    refused(value, FIRST, "mention")


def test_a_code_at_the_very_end_of_a_paragraph_is_refused(value, refused):
    last = leaf(value, FIRST)["runs"][-1]
    assert last[0] == "show"
    last[-1] = ["@c", "W-0000"]
    refused(value, FIRST, "mention")


def test_one_hidden_leaf_cannot_be_the_name_of_one_code_and_the_code_of_another_name(value, refused):
    runs = leaf(value, "account.text/1")["runs"]
    after = next(place for place, one in enumerate(runs) if one[0] == "hide" and runs[place - 1][-1][0] == "@c")
    assert runs[after][1] == 1
    runs[after + 1][2] = ["@", "Nobody"]
    refused(value, "account.text/1", "mention")


def test_a_mention_passed_off_as_a_word_is_refused(value, refused):
    for one in leaf(value, FIRST)["runs"]:
        for atom in one:
            if isinstance(atom, list) and atom[0] == "@":
                atom[0] = "w"
    refused(value, "", "root")


@pytest.mark.case("BU-20")
def test_nesting_beyond_the_form_is_refused_without_following_it(value, refused):
    deep: Any = {"n": 4, "runs": []}
    for _ in range(5000):
        deep = {"n": 4, "runs": [["show", "", {"path": "account.text", "type": "subtree", **deep}]]}
    error = refused(deep)
    assert isinstance(error, RedactionError)


def test_a_disclosure_is_not_good_for_another_version_of_the_record(value, record, commitment):
    for other in (Commitment(root=bytes(32), n=commitment.n), Commitment(root=commitment.root, n=128)):
        with pytest.raises(RedactionError) as caught:
            read_disclosure(value, root=other.root, n=other.n, form=record.form)
        assert caught.value.code == "root"


def test_more_leaves_than_any_record_has_are_refused_before_they_are_hashed(refused, monkeypatch):
    from testimony.redaction import reading

    monkeypatch.setattr(reading, "MAX_SHOWN", 10)
    void = {"type": "void"}
    refused({"n": 64, "runs": [["show", "", *[void] * 64]]}, "", "too-many")


def test_errors_name_the_path_and_never_a_value(value, refused):
    leaf(value, "session.place/verbatim")["value"] = "the yellow house"
    error = refused(value)
    assert "yellow" not in str(error) + repr(error)


def test_few_bytes_that_stand_for_millions_of_hidden_members_are_refused():
    # Each hidden member has a path, which a reader lists: 64 of them for a hundred bytes.
    shape = ListShape(element=ObjectShape(members=tuple((f"m{place:030d}", TEXT) for place in range(64))))
    hidden = ["hide", 64, base64.b64encode(bytes(32)).decode()]
    count = 1 << 15
    elements = [{"n": 64, "path": f"x/{place}", "runs": [hidden], "type": "subtree"} for place in range(count)]
    value = {"n": count, "runs": [["show", base64.b64encode(bytes(32)).decode(), *elements]]}
    with pytest.raises(RedactionError) as caught:
        read_tree(value, commitment=Commitment(root=bytes(32), n=count), shape=shape, path="x")
    assert caught.value.code == "too-many"
