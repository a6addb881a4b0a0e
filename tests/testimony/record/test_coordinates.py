"""Coordinates: the form asks for none, so they stay the person's words and are never read as a place code."""

from typing import Any

import pytest
from invented_interview import english, record_of

from testimony.answers import Given, NotAsked, members_of
from testimony.errors import InterviewError
from testimony.interview import parse_interview

WRITTEN = [
    "91, 181",
    "-91.0 -181.0",
    "36,2021 37,1343",
    "٣٦٫٢٠٢١ ٣٧٫١٣٤٣",
    "36°12′7.5″N 37°8′3″E",
    "NaN, inf",
    "36.2021;37.1343",
]


def _at(place: dict[str, Any]) -> dict[str, Any]:
    value = english()
    value["session"]["place"] = place
    return value


@pytest.mark.case("RF-10")
@pytest.mark.parametrize("written", WRITTEN)
def test_coordinates_are_kept_to_the_letter_as_words_and_nothing_is_computed_from_them(written: str) -> None:
    record = record_of(_at({"verbatim": written}))
    assert members_of(record.answers["session.place"])["verbatim"] == Given(written)
    assert record.answers["session.place~governorate"] == NotAsked()


@pytest.mark.case("RF-10")
@pytest.mark.parametrize("written", WRITTEN)
def test_coordinates_are_no_place_code(written: str) -> None:
    with pytest.raises(InterviewError) as caught:
        parse_interview(_at({"verbatim": "x", "pcode": written}))
    assert [(one.path, one.rule) for one in caught.value.problems] == [("session.place/pcode", "bad-place-code")]
