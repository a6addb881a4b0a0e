"""Odd clocks are marked, kept, and never refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from testimony.custody.log import check_log
from testimony.custody.moments import Moment, clock_note, parse_wall, wall_text
from testimony.errors import CustodyError

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SECOND = 10**9


def at(wall=NOW, monotonic=1000 * SECOND, boot="a") -> Moment:
    return Moment(wall=wall, monotonic_ns=monotonic, boot=boot)


def later(**delta) -> datetime:
    return NOW + timedelta(**delta)


@pytest.mark.case("CK-01")
@pytest.mark.parametrize("year", [1970, 2038, 2106, 9999])
def test_a_clock_in_another_age_is_marked_implausible_and_written(book, year):
    wall = datetime(year, 1, 19, 3, 14, 8, tzinfo=UTC)
    entry = book.write("vault.lock", "vault", at=Moment(wall=wall, monotonic_ns=10**13, boot="boot-1"))
    assert entry.note == "implausible"
    assert check_log(book.lines).marked == ((9, "implausible"),)


@pytest.mark.parametrize("year", [1, 1970, 2024, 2100, 9999])
def test_the_first_entry_of_a_log_is_marked_where_its_year_cannot_be(year):
    assert clock_note(None, at(datetime(year, 6, 1, tzinfo=UTC))) == "implausible"
    assert clock_note(None, at()) == "ok"
    assert clock_note(None, at(datetime(2025, 1, 1, tzinfo=UTC))) == "ok"
    assert clock_note(None, at(datetime(2100, 1, 1, tzinfo=UTC) - timedelta(seconds=1))) == "ok"
    assert clock_note(None, at(datetime(2100, 1, 1, tzinfo=UTC))) == "implausible"


@pytest.mark.case("CK-02")
def test_a_clock_set_back_a_day_is_marked_and_the_order_stays(book):
    entry = book.write("vault.lock", "vault", at=book.moment(-86400))
    following = book.write("vault.unlock", "vault", {"slot": 1}, at=book.moment(600))
    assert entry.note == "clock-back"
    assert following.seq == entry.seq + 1
    assert check_log(book.lines).marked == ((9, "clock-back"),)


@pytest.mark.case("CK-02")
def test_another_time_zone_and_the_end_of_summer_time_are_no_oddity():
    before = at(datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=3))))
    after = at(datetime(2026, 10, 25, 1, 45, tzinfo=timezone(timedelta(hours=2))), 1900 * SECOND)
    assert clock_note(before, after) == "ok"


@pytest.mark.case("CK-02")
def test_a_clock_set_back_within_one_boot_is_found_by_the_monotonic_clock():
    assert clock_note(at(), at(later(seconds=10), 4600 * SECOND)) == "clock-back"
    assert clock_note(at(), at(later(seconds=3600), 4600 * SECOND)) == "ok"
    assert clock_note(at(), at(later(seconds=3500), 4600 * SECOND)) == "ok"


@pytest.mark.case("CK-02")
def test_a_laptop_that_slept_is_no_oddity():
    assert clock_note(at(), at(later(hours=9), 1001 * SECOND)) == "ok"


def test_a_new_boot_is_marked_and_its_monotonic_clock_starts_anew():
    assert clock_note(at(), at(later(hours=1), 5 * SECOND, "b")) == "reboot"
    assert clock_note(at(), at(later(hours=-1), 5 * SECOND, "b")) == "clock-back"


def test_a_monotonic_clock_that_runs_backwards_within_a_boot_is_implausible():
    assert clock_note(at(), at(later(hours=1), 999 * SECOND)) == "implausible"
    assert clock_note(at(), at(later(hours=1), 1000 * SECOND)) == "ok"


@pytest.mark.case("CK-03")
@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_ten_years_off_is_marked(years):
    assert clock_note(at(), at(NOW.replace(year=NOW.year + years), 2000 * SECOND)) == "implausible"


def test_a_leap_of_four_hundred_days_is_the_longest_that_is_believed():
    assert clock_note(at(), at(later(days=400), 2000 * SECOND)) == "ok"
    assert clock_note(at(), at(later(days=400, seconds=1), 2000 * SECOND)) == "implausible"


def test_two_minutes_is_the_most_by_which_two_clocks_drift_apart():
    assert clock_note(at(), at(later(seconds=10), 1130 * SECOND)) == "ok"
    assert clock_note(at(), at(later(seconds=10), 1131 * SECOND)) == "clock-back"


def test_two_acts_within_one_second_are_no_clock_set_back():
    first = at(NOW.replace(microsecond=900_000))
    assert clock_note(first, at(NOW.replace(microsecond=100_000), 1001 * SECOND)) == "ok"
    assert first.wall.microsecond == 0


@pytest.mark.parametrize(
    "text", ["2026-03-01T09:00:00+00:00", "2026-03-01T09:00:00-11:30", "9999-12-31T23:59:59-12:00"]
)
def test_a_wall_clock_reads_back_as_written(text):
    assert wall_text(parse_wall(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T24:00:00+00:00",
        "2026-03-01T09:00:00-00:00",
        "2026-03-01T09:00:00+03:00:30",
        "2026-03-01T09:00:60+00:00",
        "0000-01-01T00:00:00+00:00",
        "٢٠٢٦-03-01T09:00:00+00:00",
        "2026-03-01T09:00:00+25:00",
        "",
    ],
)
def test_a_wall_clock_of_any_other_spelling_is_refused(text):
    with pytest.raises(CustodyError, match=r"^moment$"):
        parse_wall(text)


def test_a_reading_without_an_offset_or_with_an_odd_one_is_refused():
    with pytest.raises(CustodyError, match=r"^moment$"):
        at(datetime(2026, 3, 1))  # noqa: DTZ001  # the point of this test
    with pytest.raises(CustodyError, match=r"^moment$"):
        wall_text(datetime(2026, 3, 1, tzinfo=timezone(timedelta(seconds=90))))


def test_a_computer_that_just_started_has_a_reading_too():
    assert at(monotonic=0).monotonic_ns == 0
    for impossible in (-1, 2**63):
        with pytest.raises(CustodyError, match=r"^moment$"):
            at(monotonic=impossible)
