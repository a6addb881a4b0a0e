"""Whatever bytes a stranger sends, each reader ends in a value or in an error of its own package, and soon.

`make soak` gives each reader 200,000 inputs or more, led by the branches that they reach.
"""

import pytest
from soak.good_bundles import examination_of_a_liar, member, report_of
from soak.parsers import parsers_in, parsers_of, reached_by
from soak.readers import FRAGILE, READERS, SLOW, WHOLE_BUNDLES
from soak.spoiling import ROUNDS, Reader, endings
from vectors.generate import RECORD_FILE

ROOMS = ("keys", "testimony")
# Called like a reader, and none of what somebody else sends.
EXCLUDED = {"keys/slots.py:Slot.from_json": "another name for check_slot_shape, which `slots` reaches"}


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_reader_ends_in_a_value_or_in_an_error_of_its_own(reader: Reader):
    reader.read(reader.good())
    ends = endings(reader, max(20, ROUNDS // 8) if reader.name in SLOW else ROUNDS)
    if reader.read not in (report_of, examination_of_a_liar):
        assert ends["error"] > 0


def test_the_harness_sees_a_reader_that_crashes():
    with pytest.raises((KeyError, TypeError)):
        endings(FRAGILE, 2000)


def test_every_parser_of_the_product_is_reached_by_a_reader_of_less_than_a_whole_bundle():
    """A whole bundle reaches nearly all of them, and a changed byte in it hardly any."""
    found = parsers_of(ROOMS)
    assert len(found) > 60
    assert found - reached_by(one for one in READERS if one.name not in WHOLE_BUNDLES) == EXCLUDED.keys()


def test_a_parser_that_no_reader_reaches_is_found():
    written = (
        "class A:\n    @classmethod\n    def parse(cls, text: str) -> int: ...\ndef parse_x(data: bytes) -> int: ...\n"
    )
    others = "def parse_y(count: int): ...\ndef _parse(data: bytes): ...\ndef head_of(data: bytes): ...\n"
    assert list(parsers_in(written + others)) == ["A.parse", "parse_x"]
    assert "testimony/card.py:parse_card" not in reached_by(one for one in READERS if one.name == "digits")


def test_an_examination_reports_every_record_file_that_a_sender_can_write():
    reader = Reader("bundle of a liar", member(RECORD_FILE), examination_of_a_liar, json=True)
    assert endings(reader, max(20, ROUNDS // 8))["error"] == 0
