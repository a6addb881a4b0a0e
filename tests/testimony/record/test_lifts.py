"""What a revision lifts, as it is asked of every name and every path of a hostile record."""

import random
from time import process_time

from conformance.test_conformance import independent

from testimony.bundle.lifts import Lifts
from testimony.disclosure_request import covers
from testimony.redaction.comparison import ShownPlaces
from testimony.redaction.opened import Gap, OpenParagraph, OpenTree

PARAGRAPH = "account.text/0"


def paragraph(*gaps: tuple[int, int]) -> OpenTree:
    items = tuple(Gap(start=start, width=width) for start, width in gaps)
    return OpenTree(path="", items={0: OpenParagraph(path=PARAGRAPH, items=items)}, gaps=())


def test_a_word_is_lifted_by_its_paragraph_or_by_a_run_around_it() -> None:
    lifts = Lifts([f"{PARAGRAPH}/3-9", f"{PARAGRAPH}/4-5", "account.text/1", "account.text/2/9-3", "account.mode"])
    assert [place for place in range(12) if lifts.has_word(PARAGRAPH, place)] == [3, 4, 5, 6, 7, 8, 9]
    assert lifts.has_word("account.text/1", 7)
    assert not lifts.has_word("account.text/2", 5)
    assert "account.mode" in lifts
    assert "account" not in lifts
    assert not Lifts().has_word(PARAGRAPH, 0)


def test_the_search_says_of_every_word_what_a_walk_over_all_lifts_says() -> None:
    draw = random.Random(7)  # no secret
    for _ in range(60):
        runs = [tuple(sorted(draw.sample(range(40), 2))) for _ in range(draw.randrange(6))]
        paths = sorted({f"{PARAGRAPH}/{first}-{last}" for first, last in runs})
        lifts, edges = Lifts(paths), independent.lifted_words(paths).get(PARAGRAPH, [])
        for place in range(42):
            walked = any(covers(path, f"{PARAGRAPH}/{place}-{place}") for path in paths)
            assert lifts.has_word(PARAGRAPH, place) == walked
            assert (independent.bisect.bisect_right(edges, place) % 2 == 1) == walked


def test_words_are_shown_where_no_gap_reaches_into_them() -> None:
    places = ShownPlaces(paragraph((3, 2), (8, 1)))
    shown = {f"{first}-{last}" for first in range(10) for last in range(10) if f"{PARAGRAPH}/{first}-{last}" in places}
    inside = [(0, 2), (5, 7), (9, 9)]
    assert shown == {f"{a}-{b}" for low, high in inside for a in range(low, high + 1) for b in range(a, high + 1)}
    for strange in ("5", "5-", "5-6-7", "5-+6", "00000005-6"):
        assert f"{PARAGRAPH}/{strange}" not in places
    assert PARAGRAPH in places
    assert "account.text/1/5-6" not in places


def test_ten_thousand_lifts_against_as_many_gaps_are_answered_at_once() -> None:
    """A walk over all of both would take a hundred million steps, and of a hostile record a thousand times more."""
    places = ShownPlaces(paragraph(*((4 * number, 2) for number in range(100_000))))
    lifts = [f"{PARAGRAPH}/{4 * number + 2}-{4 * number + 3}" for number in range(10_000)]
    asked = Lifts(lifts)
    began = process_time()
    assert all(path in places for path in lifts)
    assert all(asked.has_word(PARAGRAPH, 4 * number + 2) for number in range(10_000))
    assert process_time() - began < 5
