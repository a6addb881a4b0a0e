"""Between which outside things an entry was made."""

from datetime import UTC, datetime, timedelta, timezone

from testimony.custody.anchors import Anchor, AnchorKind, Interval, day_of, interval_of, newest_before

DAY = datetime(2031, 5, 4, tzinfo=UTC)


def anchor(size: int, entry: int, days: float, kind: AnchorKind = AnchorKind.RECEIPT) -> Anchor:
    return Anchor(kind=kind, size=size, entry=entry, at=DAY + timedelta(days=days), by="somebody")


FIRST = anchor(5, 8, 1)
SECOND = anchor(10, 14, 3, AnchorKind.COSIGNATURE)
THIRD = anchor(20, 30, 9, AnchorKind.TOKEN)
ALL = (THIRD, FIRST, SECOND)


def test_an_entry_is_bounded_by_the_newest_thing_it_contains_and_the_first_that_covers_it():
    assert interval_of(15, ALL) == Interval(not_before=SECOND, not_after=THIRD)


def test_the_last_entry_that_an_anchor_covers_is_the_one_before_its_size():
    assert interval_of(9, ALL).not_after == SECOND
    assert interval_of(10, ALL).not_after == THIRD


def test_the_entry_that_took_an_anchor_in_came_after_it():
    assert interval_of(8, ALL).not_before == FIRST
    assert interval_of(7, ALL).not_before is None


def test_an_entry_after_the_last_head_outside_has_no_latest_time():
    assert interval_of(20, ALL) == Interval(not_before=SECOND, not_after=None)


def test_without_anchors_nothing_is_proved():
    assert interval_of(0, ()) == Interval(not_before=None, not_after=None)


def test_times_and_not_places_decide_which_is_newest_or_first():
    late = anchor(5, 16, 2)
    assert interval_of(16, (*ALL, late)).not_before == SECOND, "a later entry may take in an older thing"
    twin = anchor(10, 15, 3)
    assert interval_of(16, (twin, SECOND)).not_before == SECOND, "of two things of one time the first that was taken in"
    assert interval_of(9, (twin, SECOND)).not_after == SECOND
    early = anchor(25, 40, 0.5)
    assert interval_of(4, (*ALL, early)).not_after == early


def test_outside_clocks_that_exclude_each_other_are_said_to():
    wrong = anchor(30, 40, 1)
    assert interval_of(16, (SECOND, wrong)).contradicts
    assert not interval_of(15, ALL).contradicts
    assert not interval_of(0, ALL).contradicts


def test_the_newest_thing_that_a_log_of_some_size_contains():
    assert newest_before(14, ALL) == FIRST.at
    assert newest_before(15, ALL) == SECOND.at
    assert newest_before(8, ALL) is None


def test_a_head_tells_the_day_alone_and_not_where_the_day_was():
    assert day_of(datetime(2031, 5, 4, 1, 30, 9, tzinfo=timezone(timedelta(hours=2)))) == DAY - timedelta(days=1)
