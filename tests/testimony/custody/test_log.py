"""The log as a whole: what is chained cannot be changed, dropped, doubled or moved unnoticed."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimony.canonical import encode
from testimony.custody.entries import Act, line_hash, parse_entry
from testimony.custody.log import LogState, append, check_log
from testimony.custody.proofs import build_proofs
from testimony.errors import CustodyError


def test_a_log_as_written_holds_and_tells_its_size_root_and_objects(book):
    summary = check_log(book.lines)
    assert summary.state == book.state
    assert (summary.size, summary.device) == (9, book.device)
    assert summary.root == book.state.root()
    assert dict(summary.objects) == book.objects
    assert summary.marked == ()


def test_an_empty_log_holds(new_book):
    summary = check_log(new_book().lines)
    assert (summary.size, summary.device, summary.state) == (0, "", LogState())


def test_a_line_that_cannot_be_read_is_named_by_its_place(book):
    book.lines[4] = b"{}\n"
    for read in (check_log, lambda lines: build_proofs(lines, {"vault"})):
        with pytest.raises(CustodyError, match=r"^malformed at entry 4$"):
            read(book.lines)


def test_the_chain_can_be_followed_with_sha256sum(book):
    for before, line in zip(book.lines, book.lines[1:], strict=False):
        assert json.loads(line)["prev"] == hashlib.sha256(before).hexdigest()


def test_a_line_is_canonical_json_and_reads_back_as_its_entry(book):
    for seq, line in enumerate(book.lines):
        assert encode(json.loads(line)) + b"\n" == line
        entry = parse_entry(line, seq=seq)
        assert (entry.seq, entry.line()) == (seq, line)


def test_an_object_has_its_own_chain_from_no_entry_on(book):
    about = [parse_entry(line) for line in book.lines if parse_entry(line).object == "K7F3-9QZD"]
    assert [entry.kind for entry in about] == ["record.create", "record.save", "record.finish", "record.view"]
    assert about[0].object_prev == "0" * 64
    assert [entry.object_prev for entry in about[1:]] == [line_hash(entry.line()) for entry in about[:-1]]


@pytest.mark.case("BU-23")
@pytest.mark.parametrize("missing", range(8))
def test_a_log_without_one_of_its_entries_is_refused_at_that_place(book, missing):
    del book.lines[missing]
    with pytest.raises(CustodyError) as caught:
        check_log(book.lines)
    assert caught.value.seq == missing
    assert caught.value.code == "seq"


@pytest.mark.case("BU-23")
def test_an_entry_put_twice_is_refused(book):
    book.lines.insert(4, book.lines[3])
    with pytest.raises(CustodyError) as caught:
        check_log(book.lines)
    assert (caught.value.seq, caught.value.code) == (4, "seq")


@pytest.mark.case("BU-23")
def test_two_entries_that_follow_the_same_one_are_a_fork_and_refused(book, new_book):
    other = new_book()
    other.write("vault.create", "vault", {"profile": "practice"})
    other.write("record.create", "2XWM-40T1")
    forked = [*book.lines[:1], other.lines[1], *book.lines[2:]]
    with pytest.raises(CustodyError) as caught:
        check_log(forked)
    assert (caught.value.seq, caught.value.code) == (2, "prev")


@pytest.mark.case("BU-23")
def test_an_entry_that_names_itself_or_a_later_one_is_refused(book):
    members = json.loads(book.lines[5])
    members["prev"] = line_hash(book.lines[7])
    book.lines[5] = encode(members) + b"\n"
    with pytest.raises(CustodyError) as caught:
        check_log(book.lines)
    assert (caught.value.seq, caught.value.code) == (5, "prev")


@pytest.mark.case("BU-23")
def test_an_entry_that_skips_its_objects_last_entry_is_refused(book):
    entry, _ = append(
        book.state,
        Act(kind="record.view", object="K7F3-9QZD", actor="I-04", device=book.device, details={}),
        book.moment(),
    )
    with pytest.raises(CustodyError) as caught:
        check_log([*book.lines, entry.line()])
    assert (caught.value.seq, caught.value.code) == (9, "object-prev")


@pytest.mark.case("BU-23")
def test_an_entry_older_than_the_one_before_that_does_not_say_so_is_refused(book):
    entry = book.write("vault.lock", "vault", at=book.moment(0))
    assert entry.note == "clock-back"
    members = json.loads(book.lines[-1])
    members["note"] = "ok"
    book.lines[-1] = encode(members) + b"\n"
    with pytest.raises(CustodyError) as caught:
        check_log(book.lines)
    assert (caught.value.seq, caught.value.code) == (9, "note")


def test_a_line_of_another_device_is_refused(book, new_book):
    stranger = new_book()
    stranger.device = "1" * 40
    stranger.state, stranger.objects = book.state, book.objects
    stranger.write("vault.lock", "vault")
    with pytest.raises(CustodyError) as caught:
        check_log([*book.lines, stranger.lines[-1].replace(b"boot-2", b"boot-1")])
    assert (caught.value.seq, caught.value.code) == (9, "device")


@given(place=st.integers(0, 8), bit=st.integers(0, 7), spot=st.floats(0, 0.999))
def test_any_flipped_bit_in_any_line_but_the_last_is_found(place, bit, spot):
    lines = list(_LINES)
    line = bytearray(lines[place])
    line[int(spot * len(line))] ^= 1 << bit
    lines[place] = bytes(line)
    if place == len(lines) - 1:
        assert _holds_as_another_log(lines)
    else:
        with pytest.raises(CustodyError):
            check_log(lines)


def _holds_as_another_log(lines: list[bytes]) -> bool:
    """The last line is chained to by nothing: only a head held outside tells that it was changed."""
    try:
        return check_log(lines).root != check_log(_LINES).root
    except CustodyError:
        return True


_LINES: list[bytes] = []


@pytest.fixture(autouse=True)
def _lines(new_book):
    if not _LINES:
        book = new_book()
        book.write("vault.create", "vault", {"profile": "practice"})
        for number in range(8):
            book.write("record.save", "K7F3-9QZD", {"number": number})
        _LINES.extend(book.lines)


def test_a_full_log_takes_no_further_entry(new_book):
    from testimony.merkle import Peaks

    full = LogState(peaks=Peaks(size=2**32))
    act = Act(kind="vault.lock", object="vault", actor="I-04", device=new_book().device, details={})
    with pytest.raises(CustodyError) as caught:
        append(full, act, new_book().moment())
    assert caught.value.code == "too-many"
