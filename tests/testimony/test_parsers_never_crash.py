"""Whatever bytes a stranger sends, each reader ends in a value or in an error of its own package, and soon.

`make soak` gives each reader 200,000 inputs or more, led by the branches that they reach.
"""

import pytest
from soak.readers import (
    FRAGILE,
    READERS,
    RECORD_FILE,
    ROUNDS,
    SLOW,
    Reader,
    endings,
    examination_of_a_liar,
    member,
    report_of,
)


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_reader_ends_in_a_value_or_in_an_error_of_its_own(reader: Reader):
    reader.read(reader.good())
    ends = endings(reader, max(20, ROUNDS // 8) if reader.name in SLOW else ROUNDS)
    if reader.read not in (report_of, examination_of_a_liar):
        assert ends["error"] > 0


def test_the_harness_sees_a_reader_that_crashes():
    with pytest.raises((KeyError, TypeError)):
        endings(FRAGILE, 2000)


def test_an_examination_reports_every_record_file_that_a_sender_can_write():
    reader = Reader("bundle of a liar", member(RECORD_FILE), examination_of_a_liar, json=True)
    assert endings(reader, max(20, ROUNDS // 8))["error"] == 0
