"""What is wrong with disclosures: commitments missing, repeated, exchanged; counts, tilings, values out of place."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vectors.contradictions import told
from vectors.generate import HEAD, RECORD_FILE, VECTORS, Bag, Vector, vector, world
from vectors.malformed_records import leaf_at, paragraph, reworked, shown_leaves
from vectors.world import SEED

from testimony.bundle import names
from testimony.canonical import decode, encode
from testimony.redaction.commitments import commit
from testimony.redaction.disclosure import disclose
from testimony.redaction.head import parse_head
from testimony.redaction.leaves import Branch, Leaf, LeafType
from testimony.redaction.record_slots import record_tree
from testimony.redaction.selection import ParagraphView
from testimony.redaction.tiling import cover

# Trees that were committed to and signed with a leaf that may not be: only the rule about the leaf is broken.


def planted(branch: Branch, leaf: Leaf) -> Branch:
    children = []
    for child in branch.children:
        if child.path == leaf.path:
            children.append(leaf)
        elif isinstance(child, Branch) and leaf.path.startswith(f"{child.path}/"):
            children.append(planted(child, leaf))
        else:
            children.append(child)
    return replace(branch, children=tuple(children))


def committed(path: str, kind: LeafType, value: bytes) -> Bag:
    """A bundle whose record was committed to with this leaf, under a head that the device signed anew."""
    good, bag = world(), Bag()
    record, head = good.record(0), parse_head(bag.files[HEAD])
    tree = planted(record_tree(record), Leaf(path=path, type=kind, value=value))
    text = replace(head, root=commit(tree, SEED).root.hex()).to_text()
    planned = good.plan(record, good.release(record, head)).selection
    bag.rehead(text)
    file: Any = decode(bag.files[RECORD_FILE], limit=names.MAX_RECORD, where="record")
    file["disclosure"] = disclose(tree, SEED, planned)
    bag.files[RECORD_FILE] = encode(file)
    assert value in bag.files[RECORD_FILE]
    return bag.anew((head.root.encode(), parse_head(text).root.encode()))


# The log knows the record as it was finished, with another root.
FAILS = frozenset({"disclosures", "exhibits", "legal-files", "custody-records"})
PLANTED: tuple[tuple[str, str, str, LeafType, bytes], ...] = (
    ("value", "choice-outside-its-vocabulary", "account.mode", LeafType.TEXT, b"sung"),
    ("value", "number-with-a-zero-before-it", "account.readback/corrections", LeafType.INTEGER, b"007"),
    ("value", "number-below-zero", "account.readback/corrections", LeafType.INTEGER, b"-7"),
    ("value", "answer-in-a-state-that-nobody-knows", "account.mode", LeafType.ABSENT, b"forgotten"),
    ("type", "number-where-a-text-belongs", "session.language", LeafType.INTEGER, b"1977"),
    ("type", "text-where-a-date-belongs", "session.started_at", LeafType.TEXT, b"one fine morning"),
    ("type", "text-where-a-list-belongs", "account.source_of_knowledge", LeafType.TEXT, b"heard of it"),
    ("type", "element-of-a-list-that-was-not-answered", "account.source_of_knowledge/0", LeafType.ABSENT, b"unknown"),
    ("value", "neither-yes-nor-no", "consent.limits_explained/points/0", LeafType.TEXT, b"perhaps"),
)
for _code, _name, *_leaf in PLANTED:
    VECTORS.append(Vector(_name, lambda leaf=_leaf: committed(*leaf).tar(), FAILS, _code, cases=("BU-22",)))


# The value of the record file changed in one place.


def hidden_run(value: dict[str, Any]) -> list[Any]:
    return next(run for run in value["disclosure"]["runs"] if run[0] == "hide")


def shown_run(value: dict[str, Any]) -> list[Any]:
    return next(run for run in value["disclosure"]["runs"] if run[0] == "show" and len(run) > 3)


def words_of(value: dict[str, Any]) -> list[Any]:
    return next(run for run in paragraph(value, 0)["runs"] if run[0] == "show" and ["v"] in run)


def a_word(value: dict[str, Any]) -> list[Any]:
    return next(atom for run in paragraph(value, 0)["runs"] if run[0] == "show" for atom in run[2:] if atom[0] == "w")


def bytes_of(text: str) -> bytes:
    return b64decode(text)


def text_of(data: bytes) -> str:
    return b64encode(data).decode()


def drop_a_commitment(value: dict[str, Any]) -> None:
    run = hidden_run(value)
    run[2] = text_of(bytes_of(run[2])[:-32])


def repeat_a_commitment(value: dict[str, Any]) -> None:
    run = hidden_run(value)
    run[2] = text_of(bytes_of(run[2]) + bytes_of(run[2])[-32:])


def exchange_commitments(value: dict[str, Any]) -> None:
    first, second, *_ = (run for run in value["disclosure"]["runs"] if run[0] == "hide" and len(run[2]) == 44)
    first[2], second[2] = second[2], first[2]


def use_a_salt_twice(value: dict[str, Any]) -> None:
    run = next(run for run in value["disclosure"]["runs"] if run[0] == "show" and len(run[1]) > 44)
    data = bytes_of(run[1])
    run[1] = text_of(data[:32] + data[:32] + data[64:])


def zero_a_salt(value: dict[str, Any]) -> None:
    run = shown_run(value)
    run[1] = text_of(bytes(32) + bytes_of(run[1])[32:])


def halve_the_count(value: dict[str, Any]) -> None:
    value["disclosure"]["n"] //= 2


def count_of_true(value: dict[str, Any]) -> None:
    value["disclosure"]["n"] = True


def count_in_words(value: dict[str, Any]) -> None:
    value["disclosure"]["n"] = str(value["disclosure"]["n"])


def count_of_none(value: dict[str, Any]) -> None:
    value["disclosure"]["n"] = 0


def list_of_three(value: dict[str, Any]) -> None:
    leaf_at(value, "account.text")["n"] = 3


def paragraph_of_sixty_five(value: dict[str, Any]) -> None:
    paragraph(value, 0)["n"] += 1


def paragraph_longer_than_it_was(value: dict[str, Any]) -> None:
    paragraph(value, 0)["n"] += 64


def drop_the_tail(value: dict[str, Any]) -> None:
    value["disclosure"]["runs"].pop()


def split_a_run(value: dict[str, Any]) -> None:
    """Two hidden runs side by side say what one says: a second spelling."""
    start, runs = 0, value["disclosure"]["runs"]
    for place, run in enumerate(runs):
        width = run[1] if run[0] == "hide" else len(run) - 2
        first = next(cover(start, start + width)).width
        if run[0] == "hide" and first < width:
            data = bytes_of(run[2])
            runs[place : place + 1] = [
                ["hide", first, text_of(data[:32])],
                ["hide", width - first, text_of(data[32:])],
            ]
            return
        start += width
    raise AssertionError


def hide_nothing(value: dict[str, Any]) -> None:
    value["disclosure"]["runs"].insert(0, ["hide", 0, ""])


def hide_less_than_nothing(value: dict[str, Any]) -> None:
    hidden_run(value)[1] = -1


def hide_more_than_there_is(value: dict[str, Any]) -> None:
    hidden_run(value)[1] = 1 << 20


def show_nothing(value: dict[str, Any]) -> None:
    value["disclosure"]["runs"].append(["show", ""])


def name_an_unknown_run(value: dict[str, Any]) -> None:
    hidden_run(value)[0] = "skip"


def add_to_a_hidden_run(value: dict[str, Any]) -> None:
    hidden_run(value).append("more")


def runs_as_an_object(value: dict[str, Any]) -> None:
    value["disclosure"]["runs"] = {}


def more_in_a_tree(value: dict[str, Any]) -> None:
    value["disclosure"]["note"] = 1


def more_in_a_leaf(value: dict[str, Any]) -> None:
    leaf_at(value, "account.mode")["note"] = 1


def leaf_without_value(value: dict[str, Any]) -> None:
    del leaf_at(value, "account.mode")["value"]


def leaf_of_null(value: dict[str, Any]) -> None:
    run = shown_run(value)
    run[2] = None


def value_of_null(value: dict[str, Any]) -> None:
    leaf_at(value, "account.mode")["value"] = None


def void_in_place_of_an_answer(value: dict[str, Any]) -> None:
    run = shown_run(value)
    run[2] = {"type": "void"}


def element_behind_a_void(value: dict[str, Any]) -> None:
    run = next(run for run in leaf_at(value, "account.text")["runs"] if run[0] == "show")
    run[2], run[-1] = {"type": "void"}, run[2]


def subtree_in_place_of_a_value(value: dict[str, Any]) -> None:
    leaf = leaf_at(value, "account.mode")
    leaf.update({"type": "subtree", "n": 1, "runs": []})
    del leaf["value"]


def spare_bits(value: dict[str, Any]) -> None:
    run = next(run for run in value["disclosure"]["runs"] if run[0] == "hide" and run[2].endswith("="))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    place = len(run[2].rstrip("=")) - 1
    run[2] = run[2][:place] + letters[letters.index(run[2][place]) ^ 1] + run[2][place + 1 :]


def other_alphabet(value: dict[str, Any]) -> None:
    run = hidden_run(value)
    run[2] = "-_" + run[2][2:]


def empty_word(value: dict[str, Any]) -> None:
    a_word(value)[1] = ""


def unknown_atom(value: dict[str, Any]) -> None:
    a_word(value)[0] = "x"


def void_with_words(value: dict[str, Any]) -> None:
    run = words_of(value)
    run[run.index(["v"])] = ["v", "hidden "]


def word_as_a_code(value: dict[str, Any]) -> None:
    a_word(value)[0] = "@c"


def word_as_a_name(value: dict[str, Any]) -> None:
    run = words_of(value)
    run[run.index(["v"])] = ["@", "Somebody"]


def name_of_another_person(value: dict[str, Any]) -> None:
    for place in range(3):
        for run in paragraph(value, place)["runs"]:
            for atom in run[2:] if run[0] == "show" else ():
                if atom[0] == "@":
                    atom[1] = "Somebody else"
                    return
    raise AssertionError


def exchange_two_paragraphs(value: dict[str, Any]) -> None:
    first, second, *_ = shown_leaves(leaf_at(value, "account.text"))
    first["runs"], second["runs"] = second["runs"], first["runs"]
    first["n"], second["n"] = second["n"], first["n"]


def drop_a_paragraph(value: dict[str, Any]) -> None:
    run = next(run for run in leaf_at(value, "account.text")["runs"] if run[0] == "show")
    del run[2]


def a_blob(value: dict[str, Any]) -> dict[str, Any]:
    leaves = shown_leaves(shown_leaves(leaf_at(value, "exhibits"))[0])
    return next(leaf["value"] for leaf in leaves if leaf.get("type") == "blob")


def digest_in_capitals(value: dict[str, Any]) -> None:
    a_blob(value)["sha256"] = a_blob(value)["sha256"].upper()


def more_in_a_blob(value: dict[str, Any]) -> None:
    a_blob(value)["name"] = "yard.png"


def a_list_in_place_of_a_word(value: dict[str, Any]) -> None:
    leaf_at(value, "account.mode")["value"] = ["summary"]


CHANGES: tuple[tuple[str, Callable[[dict[str, Any]], None]], ...] = (
    ("cover", drop_a_commitment),
    ("cover", repeat_a_commitment),
    ("root", exchange_commitments),
    ("root", use_a_salt_twice),
    ("root", zero_a_salt),
    ("count", halve_the_count),
    ("count", count_of_true),
    ("count", count_in_words),
    ("count", count_of_none),
    ("count", list_of_three),
    ("count", paragraph_of_sixty_five),
    ("tiling", paragraph_longer_than_it_was),
    ("tiling", drop_the_tail),
    ("malformed", split_a_run),
    ("tiling", hide_nothing),
    ("tiling", hide_less_than_nothing),
    ("tiling", hide_more_than_there_is),
    ("tiling", show_nothing),
    ("tiling", name_an_unknown_run),
    ("tiling", add_to_a_hidden_run),
    ("malformed", runs_as_an_object),
    ("malformed", more_in_a_tree),
    ("malformed", more_in_a_leaf),
    ("malformed", leaf_without_value),
    ("malformed", leaf_of_null),
    ("value", value_of_null),
    ("path", void_in_place_of_an_answer),
    ("void", element_behind_a_void),
    ("malformed", subtree_in_place_of_a_value),
    ("cover", spare_bits),
    ("malformed", other_alphabet),
    ("value", empty_word),
    ("malformed", unknown_atom),
    ("malformed", void_with_words),
    ("mention", word_as_a_code),
    ("mention", word_as_a_name),
    ("root", name_of_another_person),
    ("root", exchange_two_paragraphs),
    ("cover", drop_a_paragraph),
    ("value", digest_in_capitals),
    ("malformed", more_in_a_blob),
    ("value", a_list_in_place_of_a_word),
)
for _code, _change in CHANGES:
    reworked(f"disclosure-{_change.__name__.replace('_', '-')}", _code, _change, "BU-22")


@vector("legal-files", "differs")
def code_in_an_account_that_the_redaction_log_leaves_out() -> Bag:
    bag = told(profile="pseudonymised")
    rows = bag.files[names.REDACTION_LOG].split(b"\n")
    place = next(place for place, row in enumerate(rows) if b"code in its place" in row)
    del rows[place]
    bag.files[names.REDACTION_LOG] = b"\n".join(rows)
    return bag.anew()


@vector("legal-files", "differs")
def redaction_log_with_a_code_that_stands_nowhere() -> Bag:
    bag = Bag()
    bag.files[names.REDACTION_LOG] += (
        b'"TST-0000001","1","account.text/0/P-7F3K","THIRD","code in its place","","","",""\n'
    )
    return bag.anew()


@vector("legal-files", "differs")
def redaction_log_with_other_columns() -> Bag:
    return Bag().edit(names.REDACTION_LOG, b'"basis"', b'"ground"').anew()


@vector("legal-files", "differs")
def redaction_log_without_quotes() -> Bag:
    bag = Bag()
    bag.files[names.REDACTION_LOG] = bag.files[names.REDACTION_LOG].replace(b'"', b"")
    return bag.anew()


@vector("legal-files", "differs")
def redaction_log_with_carriage_returns() -> Bag:
    bag = Bag()
    bag.files[names.REDACTION_LOG] = bag.files[names.REDACTION_LOG].replace(b"\n", b"\r\n")
    return bag.anew()


def with_row(row: bytes, *, first: bool = False) -> Bag:
    """One more row in the redaction log, behind the header or behind all others."""
    bag = Bag()
    header, *rows = bag.files[names.REDACTION_LOG].splitlines(keepends=True)
    bag.files[names.REDACTION_LOG] = b"".join([header, row, *rows] if first else [header, *rows, row])
    return bag.anew()


@vector("legal-files", "differs")
def redaction_log_with_a_carriage_return_in_a_cell() -> Bag:
    return with_row(b'"TST-0000001","1","record","OTHER","a\rb","I-09","","",""\n')


@vector("legal-files", "differs")
def redaction_log_with_a_formula_in_a_cell() -> Bag:
    return with_row(b'"TST-0000001","1","record","OTHER","=1+1","I-09","","",""\n')


@vector("legal-files", "differs")
def redaction_log_with_a_record_that_is_not_there() -> Bag:
    return with_row(b'"TST-0000099","1","record","OTHER","a","I-09","","",""\n')


@vector("legal-files", "differs")
def redaction_log_with_a_version_that_is_not_there() -> Bag:
    return with_row(b'"TST-0000001","2","record","OTHER","a","I-09","","",""\n', first=True)


@vector("legal-files", "differs")
def redaction_log_with_a_sentence_in_place_of_who_approved() -> Bag:
    return with_row(b'"TST-0000001","1","record","OTHER","a","I-09","they both did","",""\n')


@vector("legal-files", "differs")
def redaction_log_with_its_records_out_of_order() -> Bag:
    bag = told(records=2)
    header, *rows = bag.files[names.REDACTION_LOG].splitlines(keepends=True)
    bag.files[names.REDACTION_LOG] = b"".join([header, rows[-1], *rows[:-1]])
    return bag.anew()


def redaction_log_with_a_long_cell() -> Bag:
    """Good: a cell has no limit of its own."""
    return with_row(b'"TST-0000001","1","record","OTHER","%b","I-09","","",""\n' % (b"a" * (1 << 17)))


GAPS = b"".join(b'"TST-0000001","1","account.text/0/gap-%d","FAM","","","","",""\n' % number for number in (1, 2))


def with_gaps(rows: bytes) -> Bag:
    """Words hidden in two places of the first paragraph, and these rows about them before those of codes."""
    hidden = ParagraphView(hidden=((0, 1), (5, 11)))
    bag = told(
        paragraphs=["I or Bell was there.", "Nobody else came."],
        chooses=lambda _, planned: replace(planned, paragraphs=planned.paragraphs | {"account.text/0": hidden}),
    )
    lines = bag.files[names.REDACTION_LOG].splitlines(keepends=True)
    place = next((place for place, line in enumerate(lines) if b'"account.text/' in line), len(lines))
    bag.files[names.REDACTION_LOG] = b"".join([*lines[:place], rows, *lines[place:]])
    return bag.anew()


@vector("legal-files", "differs")
def gap_without_a_reason() -> Bag:
    return with_gaps(GAPS.split(b"\n")[0] + b"\n")


@vector("legal-files", "differs")
def reason_for_a_gap_that_is_not_there() -> Bag:
    return with_gaps(GAPS + GAPS.split(b"\n")[0].replace(b"gap-1", b"gap-3") + b"\n")


@vector("legal-files", "differs")
def reasons_for_gaps_in_another_order() -> Bag:
    return with_gaps(b"\n".join([*reversed(GAPS.split(b"\n")[:2]), b""]))
