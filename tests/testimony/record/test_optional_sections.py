"""The optional parts of the core form: an index into the account, coarser members, and what is never asked of anybody."""

from typing import Any

import pytest
from invented_interview import english, record_of

from testimony.answers import Given, NotAsked, Unknown, elements_of, text_of
from testimony.errors import InterviewError
from testimony.interview import parse_interview
from testimony.mentions import candidates
from testimony.readiness import missing_for_finish


def _with_index(**lists: Any) -> dict[str, Any]:
    return english() | {"index": lists}


def _problems(value: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(InterviewError) as caught:
        parse_interview(value)
    return [(problem.path, problem.rule) for problem in caught.value.problems]


def _event(**members: Any) -> dict[str, Any]:
    record = record_of(_with_index(events=[{"event": "E1", **members}]))
    (element,) = elements_of(record.answers["index.events"])
    return {name: element.get(name, NotAsked()) for name in ("month", "governorate", "district")}


def test_nothing_is_missing_where_no_optional_step_was_opened():
    assert missing_for_finish(parse_interview(english())) == ()


@pytest.mark.parametrize("text", ["3", "1, 3", "1-3", "1, 3-5, 9", "١، ٣".replace("،", ",")])
def test_paragraphs_are_numbers_and_ranges(text: str):
    interview = parse_interview(_with_index(acts=[{"event": "E1", "kind": "killing", "paragraphs": text}]))
    (act,) = elements_of(interview.answers["index.acts"])
    assert text_of(act["paragraphs"]).isascii()


@pytest.mark.parametrize(
    "text", ["", "0", "03", "3,1", "3, 1", "2-2", "5-3", "1-3, 2", "1,2", " 1", "1-", "all", "1 - 3"]
)
def test_what_is_no_rising_list_of_paragraphs_is_refused(text: str):
    value = _with_index(acts=[{"event": "E1", "paragraphs": text}])
    assert _problems(value) == [("index.acts/0/paragraphs", "not-paragraphs")]


def test_an_index_may_not_point_behind_the_account():
    value = _with_index(victims=[{"event": "E1", "who": "Bellamy", "paragraphs": "1-3"}, {"paragraphs": "2, 4"}])
    (problem,) = missing_for_finish(parse_interview(value))
    assert (problem.path, problem.rule) == ("index.victims/1", "no-such-paragraph")


@pytest.mark.parametrize(
    ("edtf", "month"),
    [
        ("2025-03-07", "2025-03"),
        ("2025-03", "2025-03"),
        ("2025-03-0X~", "2025-03"),
        ("2025-03-28/2025-03-30", "2025-03"),
        ("2025-03-28/2025-04-02", ""),
        ("2025", ""),
        ("2025-03-07/..", ""),
    ],
)
def test_the_month_of_an_event_is_told_only_where_its_date_allows_one(edtf: str, month: str):
    assert _event(edtf=edtf)["month"] == (Given(month) if month else NotAsked())


def test_governorate_and_district_of_an_event_come_from_its_place_code():
    found = _event(pcode="XA010203")
    assert found["governorate"] == Given("XA01")
    assert found["district"] == Given("XA0102")


def test_what_is_computed_has_the_state_of_what_it_is_computed_from():
    found = _event(edtf={"state": "unknown"})
    assert found == {"month": Unknown(), "governorate": NotAsked(), "district": NotAsked()}


def test_nobody_may_answer_what_is_computed():
    assert _problems(_with_index(events=[{"month": "2025-03"}])) == [("index.events/0", "unknown-member")]


def test_a_victim_of_the_index_bears_the_code_of_the_person_named_in_the_account():
    record = record_of(_with_index(victims=[{"event": "E1", "who": "bellamy"}, {"event": "E1", "who": "Nobody Known"}]))
    first, second = elements_of(record.answers["index.victims"])
    assert text_of(first["code"]).startswith("V-")
    assert "code" not in second


def test_a_latin_spelling_of_the_witness_is_a_name_of_the_witness():
    value = english()
    value["witness"]["latin"] = [{"form": "Tamzeen Feldhaus", "system": "by ear"}]
    names = next(one.names for one in candidates(parse_interview(value)) if one.kind == "W")
    assert "Tamzeen Feldhaus" in names
