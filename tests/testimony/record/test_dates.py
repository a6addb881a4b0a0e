import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimony.dates import When, digits_to_ascii, parse_day, parse_edtf, parse_time
from testimony.errors import DateError


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-03-07", "2025-03-07", "2025-03-07"),
        ("2025-03-07~", "2025-03-07", "2025-03-07"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2025-0X", "2025-01-01", "2025-09-30"),
        ("2025-1X", "2025-10-01", "2025-12-31"),
        ("2025-XX-31", "2025-01-31", "2025-12-31"),
        ("202X-02-29", "2020-02-29", "2028-02-29"),
        ("2025-03-2X", "2025-03-20", "2025-03-29"),
        ("2025-02-XX", "2025-02-01", "2025-02-28"),
        ("2025-03/2025-05", "2025-03-01", "2025-05-31"),
        ("[2025-03,2025-05]", "2025-03-01", "2025-05-31"),
        ("[2025-05,2025-03-02]", "2025-03-02", "2025-05-31"),
        ("[1990..1992,1999]", "1990-01-01", "1999-12-31"),
        ("٢٠٢٥-٠٣", "2025-03-01", "2025-03-31"),
        ("۱۹۹۱", "1991-01-01", "1991-12-31"),
    ],
)
@pytest.mark.case("RF-09")
def test_an_expression_has_exactly_these_bounds(text: str, earliest: str, latest: str):
    bounds = parse_edtf(text)
    assert bounds.earliest == date.fromisoformat(earliest)
    assert bounds.latest == date.fromisoformat(latest)


def test_an_open_end_has_no_bound():
    assert parse_edtf("2025-03/..").latest is None
    assert parse_edtf("2025-03/").latest is None
    assert parse_edtf("../2025-03").earliest is None


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("2025", False, False),
        ("2025~", True, False),
        ("2025?", False, True),
        ("2025%", True, True),
        ("2025~/2026?", True, True),
    ],
)
def test_qualifiers_are_kept_and_widen_nothing(text: str, approximate: bool, uncertain: bool):
    bounds = parse_edtf(text)
    assert (bounds.approximate, bounds.uncertain) == (approximate, uncertain)


@pytest.mark.case("RF-09")
@pytest.mark.parametrize(
    "text",
    [
        "", "0000", "10000", "2025-02-31", "2025-13", "2025-00", "2025-04-31", "2023-02-29", "Ramadan 1446", "unknown",
        "about 3 a.m.", "2025/2024", "/", "../..", "[]", "[2025", "2025-3-7", "7.3.2025", "2025-03-07T10:00",
        "~2025", "2025~~", "-2025", "2025-21", "2025/2026/2027", "[2025,]", "X", "2025-03-07 ", "2025\n",
        "[" + "2025," * 40 + "2025]", "2" * 1000,
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused_and_never_guessed(text: str):
    with pytest.raises(DateError):
        parse_edtf(text)


@given(st.text(alphabet="0123456789X-/.~?%[],٠١۲", max_size=24) | st.text(max_size=24))
def test_any_text_ends_in_bounds_or_in_our_error(text: str):
    try:
        bounds = parse_edtf(text)
    except DateError:
        return
    assert bounds.earliest or bounds.latest
    if bounds.earliest and bounds.latest:
        assert bounds.earliest <= bounds.latest


@given(st.dates())
def test_a_day_has_itself_as_both_bounds(day: date):
    bounds = parse_edtf(day.isoformat())
    assert (bounds.earliest, bounds.latest) == (day, day)


def test_every_decimal_digit_of_unicode_becomes_its_ascii_twin():
    digits = [chr(point) for point in range(0x110000) if unicodedata.decimal(chr(point), None) is not None]
    assert all(digits_to_ascii(digit) == str(unicodedata.decimal(digit)) for digit in digits)


def test_stated_bounds_come_before_those_of_the_expression():
    when = When(edtf="2025", earliest=date(2025, 3, 1), latest=date(2025, 3, 9))
    bounds = when.bounds()
    assert bounds is not None
    assert bounds.latest == date(2025, 3, 9)
    assert When(verbatim="in the spring").bounds() is None


def test_a_time_needs_seconds_and_an_offset():
    assert parse_time("٢٠٢٥-٠٤-١١T١٠:٢٠:٠٠+٠٣:٠٠").isoformat() == "2025-04-11T10:20:00+03:00"
    for text in (
        "2025-04-11T10:20:00",
        "2025-04-11",
        "2025-04-11T25:00:00Z",
        "2025-04-11 10:20:00Z",
        "2025-02-30T10:00:00Z",
    ):
        with pytest.raises(DateError):
            parse_time(text)
    with pytest.raises(DateError):
        parse_day("2025-02-30")


def test_the_refusal_does_not_repeat_what_was_typed():
    with pytest.raises(DateError) as caught:
        parse_edtf("the day Bellamy left")
    assert "Bellamy" not in str(caught.value) + repr(caught.value)
