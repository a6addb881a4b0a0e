"""One line: what it may hold, and the one spelling it has."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimony.canonical import encode
from testimony.custody.entries import MAX_LINE, Act, parse_entry
from testimony.custody.kinds import KINDS, check_details, check_object
from testimony.custody.log import LogState, append
from testimony.custody.moments import Moment
from testimony.errors import CustodyError

WORDS_OF_TESTIMONY = ("سمعنا صوت سيارات", "five or six men", "Karim Saleh", "ريم", "a\nb", "", "x" * 65, "a\u202eb")

# A name for every kind of record.md, section 4, and those of the use cases.
NAMED_IN_THE_DESIGN = [
    "vault.create",
    "slot.add",
    "slot.remove",
    "slot.used",
    "vault.unlock",
    "vault.lock",
    "vault.failed",
    "session.open",
    "session.close",
    "session.abort",
    "consent.grant",
    "consent.change",
    "consent.withdraw",
    "consent.confirm",
    "record.create",
    "record.save",
    "record.finish",
    "record.correct",
    "readback",
    "exhibit.import",
    "exhibit.derive",
    "translation.add",
    "record.view",
    "record.print",
    "identity.open",
    "redaction.apply",
    "redaction.lift",
    "redaction.restrict",
    "redaction.approve",
    "bundle.seal",
    "bundle.handover",
    "bundle.receive",
    "bundle.verify",
    "bundle.import",
    "receipt.import",
    "fixity.check",
    "backup",
    "restore",
    "hold.set",
    "hold.clear",
    "erase.request",
    "erase.approve",
    "erase.done",
    "staff.add",
    "staff.disable",
    "roster.accept",
    "clock.change",
    "checkpoint",
    "token.request",
    "token.import",
    "bundle.abandon",
    "contact.add",
    "record.import",
]

SAMPLES = {
    "count": 3,
    "digest": "ab" * 32,
    "hex id": "cd" * 16,
    "record id": "K7F3-9QZD",
    "control number": "ABC-0000123",
    "fingerprint": "1" * 40,
    "time": "2026-03-01T09:00:00+00:00",
    "code": "iiim",
}


def sample(detail_type) -> object:
    return SAMPLES.get(detail_type.name, detail_type.name.split(" | ")[0])


@pytest.mark.parametrize("name", NAMED_IN_THE_DESIGN)
def test_every_kind_of_the_design_is_known(name):
    assert name in KINDS


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_kind_takes_its_details_and_no_sentence_in_any_of_them(name):
    kind = KINDS[name]
    allowed = {**kind.required, **kind.optional}
    details = {detail: sample(rule) for detail, rule in allowed.items()}
    check_details(0, name, details)
    for detail in allowed:
        for words in (*WORDS_OF_TESTIMONY, -1, 1.5, True, None, ["a"], 2**53):
            with pytest.raises(CustodyError, match=r"^details at entry 5$"):
                check_details(5, name, {**details, detail: words})


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_kind_refuses_a_missing_and_an_unknown_detail(name):
    kind = KINDS[name]
    details = {detail: sample(rule) for detail, rule in kind.required.items()}
    check_details(0, name, details)
    with pytest.raises(CustodyError, match=r"^details at entry 5$"):
        check_details(5, name, {**details, "remark": "iiim"})
    for detail in kind.required:
        with pytest.raises(CustodyError, match=r"^details at entry 5$"):
            check_details(5, name, {key: value for key, value in details.items() if key != detail})


@pytest.mark.case("BU-23")
def test_an_unknown_kind_is_refused_by_its_own_code(book):
    members = json.loads(book.lines[3])
    members["kind"] = "record.burn"
    with pytest.raises(CustodyError) as caught:
        parse_entry(encode(members) + b"\n", seq=3)
    assert (caught.value.seq, caught.value.code) == (3, "unknown-kind")
    with pytest.raises(CustodyError, match=r"^unknown-kind at entry 5$"):
        check_details(5, "record.burn", {})
    with pytest.raises(CustodyError, match=r"^unknown-kind at entry 5$"):
        check_object(5, "record.burn", "vault")


def test_an_act_with_objects_of_its_own_is_about_no_other():
    check_object(5, "hold.set", "hold/K7F3-9QZD")
    with pytest.raises(CustodyError, match=r"^object at entry 5$"):
        check_object(5, "hold.set", "K7F3-9QZD")
    with pytest.raises(CustodyError, match=r"^object$"):
        Act(kind="hold.set", object="K7F3-9QZD", actor="I-04", device="1" * 40, details={"authority": "court-a"})


def test_the_details_of_an_act_do_not_change_any_more():
    details = {"slot": 1}
    act = Act(kind="vault.unlock", object="vault", actor="I-04", device="1" * 40, details=details)
    details["slot"] = 2
    assert act.details == {"slot": 1}
    with pytest.raises(TypeError):
        act.details["slot"] = 2


@pytest.mark.parametrize("words", WORDS_OF_TESTIMONY)
@pytest.mark.parametrize("place", ["object", "actor", "device"])
def test_no_words_fit_where_an_act_names_something(place, words):
    parts = {"object": "vault", "actor": "I-04", "device": "1" * 40, place: words}
    with pytest.raises(CustodyError, match=r"^details$"):
        Act(kind="vault.lock", details={}, **parts)


BROKEN = {
    "another version": ("v", 2),
    "a sequence number that is no number": ("seq", "4"),
    "a sequence number below zero": ("seq", -1),
    "a hash in capitals": ("prev", "AB" * 32),
    "a short hash": ("object_prev", "ab"),
    "a clock without its offset": ("wall", "2026-03-01T09:00:00"),
    "a clock with Z for its offset": ("wall", "2026-03-01T09:00:00Z"),
    "a day that is none": ("wall", "2026-02-30T09:00:00+00:00"),
    "a clock with parts of seconds": ("wall", "2026-03-01T09:00:00.5+00:00"),
    "monotonic time as a number": ("monotonic_ns", 5),
    "monotonic time with a leading zero": ("monotonic_ns", "05"),
    "monotonic time beyond 63 bits": ("monotonic_ns", "9999999999999999999"),
    "an unknown note": ("note", "fine"),
    "details that are no object": ("details", []),
    "a detail of an unknown name": ("details", {"remark": 1}),
    "a detail that is true": ("details", {"number": True}),
    "an empty boot id": ("boot", ""),
    "a member too many": ("remark", "x"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_line_with_one_broken_part_is_refused(book, broken):
    members = json.loads(book.lines[2])
    members[broken[0]] = broken[1]
    with pytest.raises(CustodyError) as caught:
        parse_entry(encode(members) + b"\n", seq=2)
    code = {"v": "version", "wall": "moment", "boot": "moment", "note": "note", "details": "details"}
    beyond = broken == BROKEN["monotonic time beyond 63 bits"]
    assert (caught.value.seq, caught.value.code) == (2, "moment" if beyond else code.get(broken[0], "malformed"))


@pytest.mark.parametrize(
    "missing",
    [
        "actor",
        "boot",
        "details",
        "device",
        "kind",
        "monotonic_ns",
        "note",
        "object",
        "object_prev",
        "prev",
        "seq",
        "v",
        "wall",
    ],
)
def test_a_line_without_one_of_its_parts_is_refused(book, missing):
    members = json.loads(book.lines[2])
    del members[missing]
    with pytest.raises(CustodyError, match=r"^malformed"):
        parse_entry(encode(members) + b"\n")


SPELLINGS = {
    "no line feed": lambda line: line[:-1],
    "two line feeds": lambda line: line + b"\n",
    "carriage return": lambda line: line[:-1] + b"\r\n",
    "blank in front": lambda line: b" " + line,
    "blank inside": lambda line: line.replace(b'":', b'": ', 1),
    "byte order mark": lambda line: b"\xef\xbb\xbf" + line,
    "escaped letter": lambda line: line.replace(b"record", b"\\u0072ecord", 1),
    "doubled key": lambda line: line.replace(b'{"actor"', b'{"actor":"I-04","actor"', 1),
    "float": lambda line: line.replace(b'"seq":2', b'"seq":2.0', 1),
    "exponent": lambda line: line.replace(b'"seq":2', b'"seq":2e0', 1),
    "other order": lambda line: (
        json.dumps(dict(reversed(json.loads(line).items())), separators=(",", ":")).encode() + b"\n"
    ),
    "NaN": lambda line: line.replace(b'"seq":2', b'"seq":NaN', 1),
    "deep nesting": lambda _: b"[" * 4000 + b"\n",
    "not text": lambda _: b"\xff\xfe\n",
    "nothing": lambda _: b"",
    "only a line feed": lambda _: b"\n",
    "a list": lambda _: b"[]\n",
    "too long": lambda line: b" " * MAX_LINE + line,
    "digits without end": lambda line: line.replace(b'"seq":2', b'"seq":' + b"9" * 3000, 1),
}


@pytest.mark.case("BU-20")
@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_second_spelling_of_a_line_is_refused(book, spell):
    with pytest.raises(CustodyError) as caught:
        parse_entry(spell(book.lines[2]), seq=2)
    too_long = spell is SPELLINGS["too long"]
    assert (caught.value.seq, caught.value.code) == (2, "too-long" if too_long else "malformed")


@pytest.mark.case("BU-20")
@pytest.mark.parametrize(
    "details",
    [
        '"number":1,"root":"{0}"',
        '"size":1,"root":"{0}","kept":"a"',
        '"root":"{0}","size":1,"size":1',
        '"root":"{0}","size":01',
        '"root":"{0}","size":1,',
        ',"root":"{0}","size":1',
        '"root":"{0}","size":-1',
        '"root":"{0}","size":9007199254740992',
        '"root":"{0}","size":"1"',
    ],
)
def test_details_out_of_order_or_in_a_second_spelling_are_refused(details):
    parse_entry(checkpoint_line('"root":"{0}","size":1'))
    with pytest.raises(CustodyError, match=r"^(malformed|details)$"):
        parse_entry(checkpoint_line(details))


def checkpoint_line(details):
    act = Act(kind="checkpoint", object="vault", actor="I-04", device="1" * 40, details={"root": "0" * 64, "size": 7})
    moment = Moment(wall=datetime(2026, 3, 1, 9, tzinfo=UTC), monotonic_ns=5, boot="b")
    entry, _ = append(LogState(), act, moment)
    written = b'"root":"%s","size":7' % (b"0" * 64)
    assert entry.line().count(written) == 1
    return entry.line().replace(written, details.format("0" * 64).encode())


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_end_in_our_own_error(data):
    with pytest.raises(CustodyError):
        parse_entry(data)


def test_a_line_of_another_version_is_told_by_its_own_code(book):
    with pytest.raises(CustodyError) as caught:
        parse_entry(book.lines[2].replace(b'"v":1', b'"v":2'))
    assert caught.value.code == "version"


def test_a_laptop_that_ran_for_a_year_still_writes_its_time():
    moment = Moment(wall=datetime(2027, 1, 1, tzinfo=UTC), monotonic_ns=365 * 86400 * 10**9, boot="b")
    assert moment.monotonic_ns > 2**53


def test_an_error_names_the_place_and_never_what_stood_there(book):
    members = json.loads(book.lines[2])
    members["object"] = "ريم سليمان"
    with pytest.raises(CustodyError) as caught:
        parse_entry(json.dumps(members, ensure_ascii=False).encode() + b"\n", seq=2)
    assert "ريم" not in str(caught.value) + repr(caught.value)
    assert caught.value.where == "entry 2"


def test_a_place_beyond_what_json_counts_exactly_is_refused_as_by_any_reader(book):
    with pytest.raises(CustodyError) as caught:
        parse_entry(book.lines[0].replace(b'"seq":0', b'"seq":9007199254740992'), seq=0)
    assert caught.value.code == "malformed"
