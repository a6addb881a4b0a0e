"""The part of a log that travels in a bundle."""

import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testimony.canonical import encode
from testimony.custody.checkpoint import Checkpoint as LogHead
from testimony.custody.checkpoint import origin_of
from testimony.custody.growth import SeenHead, check_growth
from testimony.custody.proofs import BundleProofs, build_proofs, check_proofs, parse_proofs
from testimony.errors import CustodyError
from testimony.merkle import leaf_hash, root

RECORD = "K7F3-9QZD"


@pytest.fixture
def checkpoint_at(book, identity):
    def at(size: int) -> LogHead:
        leaves = [leaf_hash(line) for line in book.lines[:size]]
        return LogHead(origin=origin_of(identity.public), size=size, root=root(leaves))

    return at


@pytest.fixture
def proofs(book):
    return build_proofs(book.lines, {RECORD}, since=[4, 7])


def test_the_history_of_one_record_travels_whole_and_without_the_others(proofs, checkpoint_at):
    carried = check_proofs(parse_proofs(proofs.log(), proofs.to_bytes()), checkpoint_at(9))
    assert [entry.seq for entry in carried.entries] == [1, 2, 5, 7]
    assert [entry.kind for entry in carried.objects[RECORD]] == [
        "record.create",
        "record.save",
        "record.finish",
        "record.view",
    ]
    assert b"2XWM-40T1" not in proofs.log() + proofs.to_bytes()


def test_files_read_back_as_the_proofs_they_were(proofs):
    assert parse_proofs(proofs.log(), proofs.to_bytes()) == proofs


def test_a_bundle_about_nothing_carries_nothing_and_holds(book, checkpoint_at):
    empty = build_proofs(book.lines, set())
    assert check_proofs(parse_proofs(empty.log(), empty.to_bytes()), checkpoint_at(9)).entries == ()


@pytest.mark.parametrize("missing", range(4))
def test_an_entry_left_out_of_a_records_history_is_found_unless_it_is_the_last(proofs, checkpoint_at, missing):
    shorter = _without(proofs, missing)
    if missing == 3:
        assert len(check_proofs(shorter, checkpoint_at(9)).entries) == 3
    else:
        with pytest.raises(CustodyError) as caught:
            check_proofs(shorter, checkpoint_at(9))
        assert caught.value.code == "object-prev"


@pytest.mark.case("BU-23")
def test_neighbours_that_do_not_follow_on_are_refused_although_the_tree_holds_both(book, identity):
    lines = list(book.lines)
    stands = json.loads(lines[6])["prev"]
    lines[6] = lines[6].replace(stands.encode(), b"0" * 64)
    made = build_proofs(lines, {"vault", RECORD, "2XWM-40T1"})
    # A liar's log, hashed as it stands: only the line itself tells.
    head = LogHead(origin=origin_of(identity.public), size=9, root=root([leaf_hash(line) for line in lines]))
    with pytest.raises(CustodyError) as caught:
        check_proofs(made, head)
    assert (caught.value.seq, caught.value.code) == (6, "prev")


def test_entries_of_another_log_are_refused(proofs, checkpoint_at):
    other = LogHead(origin=checkpoint_at(9).origin, size=9, root=bytes(32))
    with pytest.raises(CustodyError) as caught:
        check_proofs(proofs, other)
    assert (caught.value.seq, caught.value.code) == (1, "inclusion")


def test_entries_of_another_device_are_refused_in_the_log_of_this_one(book, proofs, checkpoint_at, identity):
    foreign = type(book)(device="9" * 40)
    foreign.write("record.create", RECORD, {"form": "core-1"})
    log = build_proofs(foreign.lines, {RECORD})
    head = LogHead(origin=origin_of(identity.public), size=1, root=root([leaf_hash(foreign.lines[0])]))
    with pytest.raises(CustodyError) as caught:
        check_proofs(log, head)
    assert (caught.value.seq, caught.value.code) == (0, "device")


@pytest.mark.parametrize("log", [b"\n" * 1_000_000, b"\r" * 1_000_000, b"x"])
def test_a_log_of_empty_lines_is_refused_before_it_fills_the_memory(proofs, log):
    tracemalloc.start()
    with pytest.raises(CustodyError, match=r"^too-many$" if log.startswith(b"\n") else r"^malformed$"):
        parse_proofs(log, proofs.to_bytes())
    assert tracemalloc.get_traced_memory()[1] < 3 << 20
    tracemalloc.stop()


def test_entries_out_of_order_or_twice_are_refused(proofs, checkpoint_at):
    for order in ([1, 0, 2, 3], [0, 0, 1, 2]):
        shuffled = BundleProofs(
            size=9,
            lines=tuple(proofs.lines[place] for place in order),
            paths=tuple(proofs.paths[place] for place in order),
            growth=(),
        )
        with pytest.raises(CustodyError) as caught:
            check_proofs(shuffled, checkpoint_at(9))
        assert caught.value.code == "seq"


def test_proofs_for_a_log_of_another_size_are_refused(proofs, checkpoint_at):
    with pytest.raises(CustodyError) as caught:
        check_proofs(proofs, checkpoint_at(8))
    assert caught.value.code == "size"


BROKEN = {
    "another version": ("v", 2),
    "a size that is no number": ("size", "9"),
    "a size beyond any log": ("size", 2**33),
    "growth from a size beyond the log": ("growth", [{"path": [], "since": 10}]),
    "growth from its own size": ("growth", [{"path": [], "since": 9}]),
    "growth from nothing": ("growth", [{"path": [], "since": 0}]),
    "growth from one size twice": ("growth", [{"path": [], "since": 4}, {"path": [], "since": 4}]),
    "growth with the oldest first": ("growth", [{"path": [], "since": 4}, {"path": [], "since": 7}]),
    "growth with a member too many": ("growth", [{"path": [], "remark": 1, "since": 4}]),
    "more growth than travels": ("growth", [{"path": [], "since": 1}] * 513),
    "a path less": ("paths", []),
    "a path of numbers": ("paths", [[1], [], [], []]),
    "a hash in capitals": ("growth", [{"path": ["AB" * 32], "since": 4}]),
    "a short hash": ("growth", [{"path": ["ab"], "since": 4}]),
    "a hash that is none": ("growth", [{"path": ["zz" * 32], "since": 4}]),
    "a hash with blanks": ("growth", [{"path": ["ab " * 21 + "a"], "since": 4}]),
    "a short hash filled with blanks": ("growth", [{"path": ["ab" * 31 + "  "], "since": 4}]),
    "a path without end": ("growth", [{"path": ["ab" * 32] * 65, "since": 4}]),
    "a member too many": ("remark", 1),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_proofs_file_with_one_broken_part_is_refused(proofs, broken):
    members = json.loads(proofs.to_bytes())
    members[broken[0]] = broken[1]
    with pytest.raises(CustodyError, match=r"^malformed$"):
        parse_proofs(proofs.log(), encode(members))


@settings(max_examples=200)
@given(spot=st.floats(0, 0.9999), bit=st.integers(0, 7), which=st.booleans())
def test_any_flipped_bit_in_either_file_is_found(spot, bit, which):
    files = [_FIXED["log"], _FIXED["proofs"]]
    broken = bytearray(files[which])
    broken[int(spot * len(broken))] ^= 1 << bit
    files[which] = bytes(broken)
    with pytest.raises(CustodyError):
        _check_whole(*files)


def _check_whole(log: bytes, proofs: bytes) -> None:
    found = parse_proofs(log, proofs)
    check_proofs(found, _FIXED["checkpoint"])
    check_growth(_FIXED["checkpoint"], found.growth, _FIXED["seen"])


_FIXED: dict = {}


@pytest.fixture(autouse=True)
def _fixed(proofs, checkpoint_at):
    _FIXED.update(log=proofs.log(), proofs=proofs.to_bytes(), checkpoint=checkpoint_at(9))
    _FIXED["seen"] = [SeenHead(size=size, root=checkpoint_at(size).root) for size in (4, 7)]


def _without(proofs: BundleProofs, place: int) -> BundleProofs:
    keep = [other for other in range(len(proofs.lines)) if other != place]
    return BundleProofs(
        size=proofs.size,
        lines=tuple(proofs.lines[other] for other in keep),
        paths=tuple(proofs.paths[other] for other in keep),
        growth=(),
    )
