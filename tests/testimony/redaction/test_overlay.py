"""Codes that a redactor puts into gaps: what they may say, where they may stand, how they read."""

import random
from typing import Any

import pytest
from vectors.generate import members_of
from vectors.world import World

from testimony.bundle import names
from testimony.canonical import decode
from testimony.errors import CanonicalError, RedactionError
from testimony.redaction.overlay import OverlayEntry, overlay_to_json, read_overlay
from testimony.redaction.redactor_marks import RedactorMark, marks_to_bytes, parse_marks

PUT = (("came at", "P-0000"), ("two", "V-7F3K"), ("strangers", "U-9QZD"))


@pytest.fixture(scope="module")
def shown() -> dict[str, bytes]:
    world = World(profile="pseudonymised", put=PUT)
    return dict(members_of(world.sealed()[1], world.body))


def test_the_marks_of_a_redactor_read_back_and_in_no_other_spelling():
    mark = RedactorMark(version=1, paragraph=2, start=4, end=11, code="P-0000", name="Quillon", words="the miller")
    data = marks_to_bytes([mark])
    assert parse_marks(data) == (mark,)
    for other in (b"{}", data[:-1], data.replace(b":1", b": 1"), data.replace(b"P-0000", b"p-0"), b"[[]]"):
        with pytest.raises(CanonicalError):
            parse_marks(other)


def test_the_copy_says_of_each_code_that_it_is_the_redactors(shown: dict[str, bytes]):
    copy = shown[names.text_member("TST-0000001")].decode()
    first = next(line for line in copy.splitlines() if line.startswith("1. "))
    assert "[P-0000 — redactor]" in first
    assert "[V-7F3K U-9QZD — redactor]" in first
    assert "came at" not in copy
    assert "strangers" not in copy


def test_the_redaction_log_has_a_row_for_each_code_that_was_put(shown: dict[str, bytes]):
    rows = [row for row in shown[names.REDACTION_LOG].decode().splitlines() if "after signing" in row]
    assert [row.split(",")[2:4] for row in rows] == [
        ['"account.text/0/P-0000"', '"THIRD"'],
        ['"account.text/0/V-7F3K"', '"THIRD"'],
        ['"account.text/0/U-9QZD"', '"OTHER"'],
    ]


def test_the_record_file_holds_places_and_codes_and_no_word(shown: dict[str, bytes]):
    file = decode(shown["data/records/TST-0000001.json"], limit=1 << 24, where="record")
    assert isinstance(file, dict)
    entries = read_overlay(file["overlay"])
    assert [entry.codes for entry in entries] == [("P-0000",), ("V-7F3K", "U-9QZD")]
    assert overlay_to_json(entries) == file["overlay"]


def test_a_record_without_marks_after_signing_has_an_empty_overlay():
    world = World()
    members = dict(members_of(world.sealed()[1], world.body))
    assert b'"overlay":[]' in members["data/records/TST-0000001.json"]


GOOD = {"codes": ["V-7F3K"], "gap": 17, "path": "account.text/0"}


@pytest.mark.case("BU-22")
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "overlay"),
        ([1], "overlay"),
        ([GOOD | {"path": "account.text/00"}], "overlay"),
        ([GOOD | {"path": "account.text/0/w"}], "overlay"),
        ([GOOD | {"gap": -1}], "overlay"),
        ([GOOD | {"gap": True}], "overlay"),
        ([GOOD | {"gap": 1 << 30}], "overlay"),
        ([GOOD | {"codes": "V-7F3K"}], "overlay"),
        ([GOOD | {"codes": [7]}], "overlay"),
        ([GOOD | {"codes": []}], "overlay-code"),
        ([GOOD | {"codes": ["V-7F3I"]}], "overlay-code"),
        ([GOOD | {"codes": ["v-7F3K"]}], "overlay-code"),
        ([GOOD | {"codes": ["V-7F3K", "V-7F3K"]}], "overlay-code"),
        ([GOOD, GOOD], "overlay-order"),
        ([GOOD | {"path": "account.text/1"}, GOOD], "overlay-order"),
    ],
)
def test_an_overlay_of_another_shape_or_order_is_refused(value: Any, code: str):
    with pytest.raises(RedactionError) as caught:
        read_overlay(value)
    assert caught.value.code == code


def test_any_overlay_that_is_written_is_read_back():
    drawn = random.Random(5)
    for _ in range(200):
        places = sorted({(drawn.randrange(9), drawn.randrange(400)) for _ in range(drawn.randrange(6))})
        entries = tuple(OverlayEntry(paragraph=one, gap=gap, codes=("V-7F3K",)) for one, gap in places)
        assert read_overlay(overlay_to_json(entries)) == entries
