"""The signed head of a version: lines in one spelling."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.identity import Identity
from keys.signature import RECORD, check_signatures
from testimony.custody.checkpoint import origin_of
from testimony.errors import RedactionError
from testimony.redaction.head import RecordHead, parse_head

IDENTITY = Identity.generate()


@pytest.fixture
def head() -> RecordHead:
    return RecordHead(
        practice=True,
        record_id="K7F3-9QZD",
        version=1,
        previous_root=None,
        control_number="ABC-0000123",
        form_id="core-1",
        form_sha256="ab" * 32,
        root="cd" * 32,
        leaves=32,
        recorder="I-11",
        device=IDENTITY.public.fingerprint,
        consent_root="ef" * 32,
        consent_leaves=4,
        custody_origin=origin_of(IDENTITY.public),
        custody_size=17,
        claimed_time=datetime(2026, 3, 2, 13, 30, tzinfo=timezone(timedelta(hours=3))),
        clock_note="ok",
        not_before=None,
    )


def test_a_head_reads_back_as_it_was_written(head):
    for one in (
        head,
        replace(head, version=2, previous_root="12" * 32, not_before=datetime(2026, 3, 1, tzinfo=UTC), practice=False),
    ):
        assert parse_head(one.to_text()) == one


def test_a_head_is_plain_lines_that_both_keys_sign(head):
    text = head.to_text()
    assert text.startswith(b"testimony-vault record head v1\npractice: yes\nrecord: K7F3-9QZD\n")
    assert text.endswith(b"claimed-time: 2026-03-02T13:30:00+03:00\nclock-note: ok\nnot-before: none\n")
    check_signatures(text, IDENTITY.sign(text, RECORD), RECORD, IDENTITY.public)


def test_a_head_names_both_trees(head):
    assert (head.commitment.root.hex(), head.commitment.n) == (head.root, 32)
    assert (head.consent.root.hex(), head.consent.n) == (head.consent_root, 4)


LINES = 19


@pytest.mark.parametrize("place", range(LINES))
def test_a_line_left_out_doubled_or_moved_is_refused(head, place):
    lines = head.to_text().splitlines(keepends=True)
    assert len(lines) == LINES
    dropped = lines[:place] + lines[place + 1 :]
    doubled = [*lines[:place], lines[place], *lines[place:]]
    moved = [*dropped[:3], lines[place], *dropped[3:]]
    for broken in (dropped, doubled, moved):
        if broken != lines:
            with pytest.raises(RedactionError):
                parse_head(b"".join(broken))


BROKEN = {
    "another version": (b"head v1", b"head v2"),
    "practice maybe": (b"practice: yes", b"practice: maybe"),
    "a capital": (b"practice: yes", b"Practice: yes"),
    "two blanks": (b"record: ", b"record:  "),
    "no blank": (b"record: ", b"record:"),
    "a letter no id has": (b"K7F3", b"K7FU"),
    "a version with a leading zero": (b"version: 1", b"version: 01"),
    "version zero": (b"version: 1", b"version: 0"),
    "a hash in capitals": (b"root: cdcd", b"root: CDCD"),
    "too many leaves": (b"leaves: 32", b"leaves: 3200000"),
    "no leaves": (b"leaves: 32", b"leaves: 0"),
    "a recorder with a blank": (b"recorder: I-11", b"recorder: I 11"),
    "a size with a sign": (b"custody-size: 17", b"custody-size: +17"),
    "a time without offset": (b"13:30:00+03:00", b"13:30:00"),
    "a day that is none": (b"2026-03-02", b"2026-02-30"),
    "an unknown note": (b"clock-note: ok", b"clock-note: fine"),
    "an empty value": (b"not-before: none", b"not-before: "),
    "a carriage return": (b"not-before: none\n", b"not-before: none\r\n"),
    "no last line feed": (b"not-before: none\n", b"not-before: none"),
    "an empty line behind it": (b"not-before: none\n", b"not-before: none\n\n"),
    "Arabic digits": (b"custody-size: 17", "custody-size: ١٧".encode()),
    "bytes that are no text": (b"I-11", b"\xff"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_second_spelling_is_refused(head, broken):
    text = head.to_text()
    assert broken[0] in text
    with pytest.raises(RedactionError) as caught:
        parse_head(text.replace(*broken, 1))
    assert caught.value.path.startswith("head")


def test_a_head_longer_than_any_head_is_refused_unread(head):
    with pytest.raises(RedactionError) as caught:
        parse_head(head.to_text() * 20)
    assert caught.value.code == "too-long"


IMPOSSIBLE = {
    "record_id": "k7f3-9qzd",
    "version": 0,
    "previous_root": "none",
    "control_number": "ABC-1",
    "form_id": "Core 1",
    "root": "ab",
    "leaves": 1 << 21,
    "consent_leaves": 0,
    "recorder": "Karim Saleh",
    "device": "0000 " * 9 + "0001",
    "custody_origin": "testimony-vault.invalid/device/" + "1" * 40,
    "claimed_time": datetime(2026, 3, 2),  # noqa: DTZ001  # the point of this test
    "clock_note": "late",
}


@pytest.mark.parametrize("part", IMPOSSIBLE.items(), ids=IMPOSSIBLE.keys())
def test_a_head_with_an_impossible_part_cannot_be_made(head, part):
    code = {"version": "count", "leaves": "count", "consent_leaves": "count", "claimed_time": "time"}
    code |= {"device": "device", "custody_origin": "device"}
    with pytest.raises(RedactionError) as caught:
        replace(head, **dict([part]))
    assert caught.value.code == code.get(part[0], "spelling")


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_end_in_our_own_error(data):
    with pytest.raises(RedactionError):
        parse_head(data)
