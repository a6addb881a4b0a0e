"""Rows of the optional parts that lean on a paragraph which no body may see stay with it, under every profile (C12)."""

from typing import Any

import pytest
from invented_interview import AT, english, record_of
from vectors.world import kept

from testimony.consent import PROFILE_NAMES, Request, events_from, facts_of, release_for
from testimony.model import Record
from testimony.profiles import Plan, plan_disclosure
from testimony.rows import leaning_rows

INDEX: dict[str, Any] = {
    "events": [
        {"event": "E1", "edtf": "2025-03-07", "source": "saw", "paragraphs": "1"},
        {"event": "E2", "edtf": "2025-04-08", "source": "saw", "paragraphs": "2-3"},
    ],
    "acts": [
        {"event": "E1", "kind": "killing", "paragraphs": "1, 3"},
        {"event": "E1", "kind": "killing", "paragraphs": "1"},
        {"event": "E2", "kind": "killing", "paragraphs": "1"},
    ],
    "perpetrators": [{"event": "E1", "words": "men in grey"}],
}
ACCOUNT_ROWS: dict[str, Any] = {
    "questions": [
        {"question": "Who came?", "kind": "open", "answer": "The one in grey.", "paragraphs": "1"},
        {"question": "When?", "kind": "open", "answer": "At dusk, by the pump.", "paragraphs": "1-3"},
    ],
    "corrections": [{"first": "by the pump", "corrected": "by the well", "paragraphs": "2"}],
}


def indexed() -> Record:
    value = english()
    value["index"] = INDEX
    value["account"] |= ACCOUNT_ROWS
    return record_of(value)


def planned(record: Record, profile: str, *withheld: int) -> Plan:
    request = Request(recipient="court-a", purpose="criminal investigation", profile=profile, at=AT)
    release = release_for(facts_of(record, bytes(32)), events_from(record.interview, AT), request)
    open_plan = plan_disclosure(record, release, withheld_paragraphs=withheld)
    return plan_disclosure(record, release, kept(release, open_plan.spans), withheld_paragraphs=withheld)


@pytest.mark.parametrize(
    ("paragraphs", "rows"),
    [
        ("1", {"account.questions/0", "account.questions/1", "index.acts/0", "index.acts/1", "index.acts/2",
               "index.events/0", "index.perpetrators/0"}),
        ("2", {"account.questions/1", "account.corrections/0", "index.acts/2", "index.events/1", "index.perpetrators/0"}),
        ("3", {"account.questions/1", "index.acts/0", "index.acts/2", "index.events/1", "index.perpetrators/0"}),
    ],
)  # fmt: skip
def test_a_row_leans_on_what_it_names_what_its_event_names_and_on_all_where_it_names_none(
    paragraphs: str, rows: set[str]
) -> None:
    record = indexed()
    assert leaning_rows(record, {int(paragraphs) - 1}) == rows
    assert leaning_rows(record, ()) == frozenset()


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_no_member_of_such_a_row_is_shown_under_any_profile(profile: str) -> None:
    record = indexed()
    open_plan, plan = planned(record, profile), planned(record, profile, 1)
    rows = leaning_rows(record, {1})
    inside = {path for path in open_plan.selection.shown if path.rpartition("/")[0] in rows}
    if profile in {"full", "pseudonymised"}:
        assert inside, "the control"
    assert plan.selection.shown == open_plan.selection.shown - inside
    assert rows <= plan.restricted


@pytest.mark.parametrize("profile", ["full", "pseudonymised"])
def test_its_reason_is_that_of_the_paragraph_and_nobody_is_asked_about_it(profile: str) -> None:
    plan = planned(indexed(), profile, 1)
    codes = {one.path: one.code for one in plan.withheld}
    assert codes["account.text/1"] == codes["account.questions/1"] == codes["index.events/1"] == "CONSENT"
    assert not [one.path for one in plan.spans if one.path.startswith(("account.questions/1", "index.events/1"))]


def test_statistics_count_no_event_of_a_restricted_paragraph() -> None:
    record = indexed()
    months = {f"index.events/{place}/month" for place in (0, 1)}
    assert months & planned(record, "statistics").selection.shown == months, "the control"
    assert months & planned(record, "statistics", 1).selection.shown == {"index.events/0/month"}
    # Where every row is held back, nothing tells that there was one.
    plan = planned(record, "statistics", 0, 1, 2)
    assert not [path for path in plan.selection.shown if path.startswith(("index.", "account.questions"))]
    assert {one.path for one in plan.withheld if one.path.startswith("index.events")} == {"index.events"}


@pytest.mark.parametrize("profile", ["full", "pseudonymised"])
def test_a_person_named_in_restricted_paragraphs_alone_is_not_told_of_elsewhere(profile: str) -> None:
    value = english()
    rows = [{"who": "Bellamy", "words": "was led away", "paragraphs": "3"}, {"who": "a boy", "paragraphs": "3"}]
    value["index"] = {"victims": rows}
    record = record_of(value)
    about = {"mentions/0", "index.victims/0"}
    assert not leaning_rows(record, {0}) & about, "the control: the second paragraph names the neighbour too"
    assert leaning_rows(record, {0, 1}) == about
    open_plan, plan = planned(record, profile), planned(record, profile, 0, 1)
    shown = [path for path in open_plan.selection.shown if path.startswith(("mentions/0/", "index.victims/0/"))]
    assert shown, "the control"
    assert not [path for path in plan.selection.shown if path.startswith(("mentions/0/", "index.victims/0/"))]


def test_the_code_of_an_event_is_the_same_in_small_letters() -> None:
    value = english()
    value["index"] = {
        "events": [{"event": "E1", "paragraphs": "1"}],
        "acts": [{"event": "e1", "kind": "killing", "paragraphs": "3"}],
    }
    assert leaning_rows(record_of(value), {0}) == {"index.events/0", "index.acts/0"}
