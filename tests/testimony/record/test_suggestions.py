from typing import Any

from invented_interview import english, people_of

from testimony.interview import parse_interview
from testimony.mentions import mark
from testimony.suggestions import suggestions_for


def _suggested(value: dict[str, Any], *paragraphs: str, places: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    value["account"] |= {"paragraphs": list(paragraphs), "source_of_knowledge": ["saw"] * len(paragraphs)}
    interview = parse_interview(value)
    marks = mark(interview, people_of(interview))
    return [
        (str(one.paragraph), one.words, str(one.occurrence), one.reason, one.who)
        for one in suggestions_for(interview, marks, places)
    ]


def test_words_of_another_field_and_of_another_mark_are_suggested():
    value = english() | {"marks": [{"paragraph": 1, "words": "the tall one", "who": "Bellamy"}]}
    found = _suggested(value, "Then the tall one came.", "In the blue kitchen behind the mill stood the tall one.")
    assert found == [
        ("2", "the blue kitchen behind the mill", "1", "in-record", ""),
        ("2", "the tall one", "1", "in-record", "Bellamy"),
    ]


def test_what_is_marked_already_is_not_suggested():
    assert _suggested(english(), "Bellamy and Tamsin have 0700 555 0142.") == []


def test_short_numbers_and_addresses_are_suggested_and_dates_are_not():
    found = _suggested(english(), "Card AB 123456, plate 48213, on 2031-05-04, at yard@mill.invalid, as @millyard.")
    assert [(words, reason) for _, words, _, reason, _ in found] == [
        ("48213", "number"),
        ("@millyard", "address"),
        ("AB 123456", "number"),
        ("yard@mill.invalid", "address"),
    ]


def test_a_place_of_the_gazetteer_is_suggested_whole_with_its_occurrence():
    found = _suggested(english(), "Over the Long Ford. Back to the long ford, not long.", places=("Long Ford",))
    assert [(words, number) for _, words, number, _, _ in found] == [("Long Ford", "1"), ("long ford", "1")]


def test_the_same_words_twice_have_two_occurrences():
    found = _suggested(english(), "To Orchard End, from Orchard End.", places=("orchard end",))
    assert [(words, number) for _, words, number, _, _ in found] == [("Orchard End", "1"), ("Orchard End", "2")]


def test_nothing_of_another_witness_is_ever_suggested():
    # There is no parameter that could bring another record's names in; an unknown name stays unknown.
    assert _suggested(english(), "Quillfeather was there.") == []


def test_a_suggestion_shows_no_word():
    value = english()
    value["account"] |= {"paragraphs": ["plate 48213"], "source_of_knowledge": ["saw"]}
    interview = parse_interview(value)
    (one,) = suggestions_for(interview, mark(interview, people_of(interview)))
    assert "48213" not in repr(one)
