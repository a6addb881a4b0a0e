"""What is hidden is not there: not as text, not as a guessable hash, not as a length."""

import base64
import hashlib
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testimony.canonical import encode
from testimony.redaction.commitments import commit
from testimony.redaction.disclosure import disclose
from testimony.redaction.record_slots import record_tree
from testimony.redaction.selection import ParagraphView, Selection

CANARY = "Zephyrine-Okonjo"
PHONE = "0999 123 456"
SEED_OF_GAPS = bytes(range(32))

CODED = Selection(
    shown=frozenset({"session.language", "session.place/pcode", "mentions/0/role", "mentions/0/code"}),
    paragraphs={f"account.text/{place}": ParagraphView() for place in range(3)},
)


def with_name(name: str):
    """The same interview with another name for the same person, everywhere."""

    def change(value):
        value["mentions"][0]["who"] = name
        paragraphs = value["account"]["paragraphs"]
        value["account"]["paragraphs"] = [text.replace("Bartolo", name) for text in paragraphs]
        value["witness"]["name"]["given"] = name[::-1]
        value["session"]["place"]["verbatim"] = f"the house of {name}"

    return change


def encodings(text: str) -> dict[str, bytes]:
    raw = text.encode()
    return {
        "utf-8": raw,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "base64": base64.b64encode(raw).rstrip(b"="),
        "base64 shifted by one": base64.b64encode(b"x" + raw)[4:-4],
        "base64 shifted by two": base64.b64encode(b"xx" + raw)[4:-4],
        "json escapes": "".join(f"\\u{ord(sign):04x}" for sign in text).encode(),
        "reversed": text[::-1].encode(),
        "sha256": hashlib.sha256(raw).hexdigest().encode(),
        "sha256 in base64": base64.b64encode(hashlib.sha256(raw).digest()),
        "sha1": hashlib.sha1(raw).hexdigest().encode(),  # noqa: S324  # a leak would be a leak in any hash
        "crc32": f"{zlib.crc32(raw):08x}".encode(),
    }


@pytest.mark.case("RF-20")
def test_a_hidden_name_is_in_the_disclosure_in_no_encoding(make_record, seed):
    record = make_record(with_name(CANARY))
    hidden = encode(disclose(record_tree(record), seed, CODED))
    decoded = b"".join(base64.b64decode(text) for text in _base64_texts(json.loads(hidden)))
    for name, needle in encodings(CANARY).items():
        assert needle.lower() not in hidden.lower(), name
        assert needle not in decoded, name


def test_the_same_search_finds_a_name_that_is_shown(make_record, seed):
    record = make_record(with_name(CANARY))
    named = ParagraphView(named=frozenset(mark.start for mark in record.marks))
    shown = encode(
        disclose(record_tree(record), seed, Selection(shown=frozenset(), paragraphs={"account.text/0": named}))
    )
    assert encodings(CANARY)["utf-8"] in shown


def _base64_texts(value) -> list[str]:
    if isinstance(value, list) and value and value[0] in ("hide", "show"):
        own = [value[2] if value[0] == "hide" else value[1]]
        return own + [text for part in value[2:] for text in _base64_texts(part)]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _base64_texts(part)]


@pytest.mark.case("BU-29")
@settings(max_examples=40, deadline=None)
@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=2000))
def test_two_records_that_differ_only_in_a_hidden_name_have_disclosures_of_the_same_length(name):
    lengths = set()
    for one in ("Bartolo", "Zq" + name):
        record = _MAKE[0](with_name(one))
        assert len(record.marks) == len(_MAKE[0]().marks)
        lengths.add(len(encode(disclose(record_tree(record), bytes(32), CODED))))
    assert len(lengths) == 1


_MAKE: list = []


@pytest.fixture(autouse=True)
def _make(make_record):
    _MAKE[:] = [make_record]


@pytest.mark.case("BU-29")
@pytest.mark.parametrize("length", [1, 2, 7, 64, 300, 2000])
def test_a_hidden_field_and_a_withheld_paragraph_tell_no_length(make_record, seed, length):
    def change(value):
        value["session"]["place"]["verbatim"] = "x" * length
        value["account"]["paragraphs"][2] = "word " * length
        value["witness"]["contact"] = [{"channel": "phone", "value": "0" * length}]

    selection = Selection(shown=frozenset({"session.language"}), paragraphs={"account.text/0": ParagraphView()})
    plain = encode(disclose(record_tree(make_record()), seed, selection))
    changed = encode(disclose(record_tree(make_record(change)), seed, selection))
    assert len(plain) == len(changed)


@pytest.mark.case("RF-20")
def test_a_guessable_value_cannot_be_confirmed_by_hashing_guesses(make_record, seed):
    """Whoever tries every phone number gets no hash of the disclosure; with the salt, the owner does."""
    record = make_record(lambda value: value["witness"]["contact"][0].update(value=PHONE))
    value = json.loads(encode(disclose(record_tree(record), seed, CODED)))
    hashes = {
        data[place : place + 32]
        for data in map(base64.b64decode, _base64_texts(value))
        for place in range(0, len(data), 32)
    }
    label = b"\x00testimony/leaf/v1\x00"
    path = b"witness.contact/0/value"
    framed = len(path).to_bytes(2) + path + b"\x02" + len(PHONE).to_bytes(8) + PHONE.encode()
    for salt in (b"", bytes(32), hashlib.sha256(PHONE.encode()).digest()):
        assert hashlib.sha256(label + salt + framed).digest() not in hashes
    assert hashlib.sha256(PHONE.encode()).digest() not in hashes


def test_what_is_shown_gives_no_salt_of_what_is_hidden(make_record, seed):
    """Seeds of shown blocks lead to shown leaves only: no two disclosures of different parts share a seed."""
    tree = record_tree(make_record())
    slots = [node.path for node in tree.children]
    seen: dict[str, int] = {}
    for place, path in enumerate(slots):
        value = disclose(tree, seed, Selection(shown=frozenset({path})))
        shown = next((run for run in value["runs"] if run[0] == "show"), None)
        if shown is None:
            continue
        assert seen.setdefault(shown[1], place) == place
    assert len(seen) > 20


def test_the_voids_on_both_sides_of_a_gap_belong_to_it(make_record):
    record = make_record(
        lambda value: value["account"]["paragraphs"].__setitem__(2, "one two three four five six " * 40)
    )
    tree = record_tree(record)
    beside = 0
    for number in range(20):
        start = number * 28 + 8  # "three"
        view = Selection(shown=frozenset(), paragraphs={"account.text/2": ParagraphView(hidden=((start, start + 5),))})
        account = json.loads(encode(disclose(tree, SEED_OF_GAPS, view)))
        runs = _runs_of(account, "account.text/2")
        place = next(index for index, run in enumerate(runs) if run[0] == "hide")
        assert runs[place - 1][-1][0] == "w"
        assert runs[place + 1][2][0] == "w"
        beside += runs[place][1] > 1
    assert beside > 0  # the control: some of these gaps have voids to take in


def _runs_of(value, path):
    if isinstance(value, dict) and value.get("path") == path:
        return value["runs"]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for part in parts if (found := _runs_of(part, path)) is not None), None)


def test_the_word_count_of_a_gap_is_blurred_by_voids(make_record):
    widths = set()
    tree = record_tree(make_record())
    for number in range(40):
        value = disclose(
            tree,
            bytes([number]) * 32,
            Selection(shown=frozenset(), paragraphs={"account.text/2": ParagraphView(hidden=((2, 12),))}),
        )
        widths |= {run[1] for run in _runs(value, "account.text/2") if run[0] == "hide"}
    assert len(widths) > 3


def _runs(value, path: str) -> list:
    if isinstance(value, dict) and value.get("path") == path:
        return value["runs"]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for part in parts if (found := _runs(part, path))), [])


def test_commitments_are_made_anew_from_record_and_seed_alone(make_record, seed):
    assert commit(record_tree(make_record()), seed) == commit(record_tree(make_record()), seed)
