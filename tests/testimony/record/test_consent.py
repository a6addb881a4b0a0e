from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_interview import AT, english, record_of

from testimony import consent
from testimony.consent import (
    Decision,
    RecordFacts,
    Release,
    Request,
    decide,
    events_from,
    facts_of,
    release_for,
    standing,
)
from testimony.consent_events import ConsentEvent, add_months, parse_event
from testimony.errors import ConsentError
from testimony.interview import parse_interview

ROOT = bytes(range(32))
PURPOSE = "criminal investigation"
FACTS = RecordFacts(
    record_id="K7F3-9QZD",
    version=1,
    root=ROOT,
    practice=True,
    agreed=True,
    limits_explained=True,
    safeguarded=True,
    media=frozenset({"photo"}),
)
REVIEW_BY = date(2033, 5, 4)
GRANT = ConsentEvent(
    seq=1, at=AT, kind="grant", recipient="court-a", purpose=PURPOSE, answer="yes", review_by=REVIEW_BY
)
END = ConsentEvent(seq=90, at=AT, kind="confirm", answer="yes")
STAFF = frozenset({"A-02", "A-03"})
ASK = Request(recipient="court-a", purpose=PURPOSE, profile="full", at=AT)


def _decide(value: dict[str, Any], **asked: Any) -> Decision:
    record = record_of(value)
    return decide(facts_of(record, ROOT), events_from(record.interview, AT), replace(ASK, **asked))


def test_a_live_yes_for_exactly_this_pair_opens_the_gate():
    decision = _decide(english())
    assert decision.allowed
    assert decision.grant is not None
    assert decision.grant.seq == 1


@pytest.mark.parametrize(
    ("asked", "rule", "reason"),
    [
        ({"recipient": "body-b"}, "C3", "ask-first"),
        ({"recipient": "paper-c", "purpose": "advocacy"}, "C3", "refused"),
        ({"recipient": "stranger"}, "C2", "never-asked"),
        ({"recipient": "Court-A"}, "C2", "never-asked"),
        ({"recipient": ""}, "C2", "never-asked"),
        ({"purpose": "advocacy"}, "C2", "never-asked"),
        ({"purpose": ""}, "C2", "never-asked"),
        ({"recipient": "paper-c", "purpose": "publication"}, "C15", "public-use-closed"),
        ({"at": AT.replace(year=2034)}, "C18", "review-due"),
        ({"profile": "everything"}, "C5", "unknown-profile"),
    ],
)
def test_every_other_request_is_refused_by_its_rule(asked: dict[str, Any], rule: str, reason: str):
    decision = _decide(english(), **asked)
    assert (decision.allowed, decision.rule, decision.reason) == (False, rule, reason)
    record = record_of(english())
    with pytest.raises(ConsentError) as caught:
        release_for(facts_of(record, ROOT), events_from(record.interview, AT), replace(ASK, **asked))
    assert (caught.value.rule, caught.value.code, caught.value.record_id) == (rule, reason, "K7F3-9QZD")


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"agreed": False}, "C1"),
        ({"limits_explained": False}, "C7"),
        ({"safeguarded": False}, "C8"),
    ],
)
def test_a_yes_does_not_outweigh_a_rule_about_the_interview(facts: dict[str, Any], rule: str):
    assert decide(replace(FACTS, **facts), [GRANT, END], ASK).rule == rule
    assert decide(FACTS, [GRANT, END], ASK).allowed


def test_a_child_leaves_only_with_all_safeguards():
    value = english()
    value["witness"]["capacity"] = "child"
    assert _decide(value).rule == "C8"
    value["witness"]["safeguards"] = {
        "approved_by": "S-01",
        "guardian": "G-01",
        "assent": "yes",
        "reason": "asked for it",
    }
    assert _decide(value).allowed


def test_without_the_question_at_the_end_nothing_leaves():
    assert decide(FACTS, [GRANT], ASK).rule == "C9"


@pytest.mark.parametrize(("said", "level"), [("no", False), ("yes", True), ("only if a court orders", False)])
def test_identity_leaves_only_on_a_yes_for_this_recipient(said: str, level: bool):
    value = english()
    value["consent"]["identity"] = [{"recipient": "court-a", "answer": said}, {"recipient": "body-b", "answer": "yes"}]
    decision = _decide(value)
    assert decision.allowed
    assert decision.identity_allowed is level


def test_identity_that_nobody_asked_about_is_a_no():
    value = english()
    del value["consent"]["identity"]
    assert not _decide(value).identity_allowed


def _event(seq: int, kind: Any, answer: Any, **more: Any) -> ConsentEvent:
    pair = {"recipient": "court-a", "purpose": PURPOSE} | more
    return ConsentEvent(seq=seq, at=AT, kind=kind, answer=answer, **pair)


@pytest.mark.parametrize("scope", [{}, {"purpose": ""}, {"recipient": "", "purpose": ""}])
def test_a_withdrawal_closes_what_it_names_until_a_new_grant(scope: dict[str, str]):
    withdrawn = [GRANT, replace(END, seq=2), _event(3, "withdraw", "no", **scope)]
    assert decide(FACTS, withdrawn, ASK).rule == "C10"
    assert not decide(FACTS, [*withdrawn, _event(4, "confirm", "yes", review_by=REVIEW_BY)], ASK).allowed
    assert not decide(FACTS, [*withdrawn, _event(4, "change", "yes", review_by=REVIEW_BY)], ASK).allowed
    assert decide(FACTS, [*withdrawn, replace(GRANT, seq=4)], ASK).allowed


@pytest.mark.parametrize(("kind", "answer"), [("refuse", "no"), ("change", "no"), ("change", "ask-first")])
def test_a_no_to_everything_closes_every_pair_until_a_new_grant(kind: Any, answer: Any):
    events = [GRANT, replace(END, seq=2), ConsentEvent(seq=3, at=AT, kind=kind, answer=answer)]
    assert decide(FACTS, events, ASK).rule == "C3"
    assert not decide(FACTS, [*events, replace(END, seq=4)], ASK).allowed
    assert decide(FACTS, [*events, replace(GRANT, seq=4)], ASK).allowed


@pytest.mark.parametrize("purpose", ["public", "public-use", "public  use", "publication", "publishing"])
def test_publication_is_closed_however_it_is_spelled(purpose: str):
    events = [replace(GRANT, purpose=purpose), replace(END, seq=2)]
    assert decide(FACTS, events, replace(ASK, purpose=purpose)).rule == "C15"
    assert decide(FACTS, events, replace(ASK, purpose=purpose, approvers=frozenset({"A-02"}))).rule == "C15"
    assert decide(FACTS, events, replace(ASK, purpose=purpose, approvers=STAFF)).allowed


PUBLIC = replace(ASK, purpose="public use", approvers=STAFF)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ([], "never-asked"),
        ([GRANT], "never-asked"),
        ([replace(GRANT, purpose="publication")], "never-asked"),
        ([replace(GRANT, purpose="public use", recipient="body-b")], "never-asked"),
        ([replace(GRANT, purpose="public use", review_by=date(2031, 5, 3))], "review-due"),
        ([replace(GRANT, purpose="public use", review_by=None)], "review-due"),
        (
            [ConsentEvent(seq=1, at=AT, kind="refuse", answer="ask-first", recipient="court-a", purpose="public use")],
            "ask-first",
        ),
    ],
)
def test_two_of_staff_open_nothing_that_the_person_did_not(said: list[ConsentEvent], reason: str):
    decision = decide(FACTS, [*said, replace(END, seq=2)], PUBLIC)
    assert (decision.allowed, decision.reason) == (False, reason)


def test_two_of_staff_are_asked_for_nothing_but_public_use():
    assert decide(FACTS, [GRANT, replace(END, seq=2)], ASK).allowed


def test_a_withdrawal_for_another_recipient_closes_nothing_here():
    events = [GRANT, replace(END, seq=2), _event(3, "withdraw", "no", recipient="body-b", purpose="")]
    assert decide(FACTS, events, ASK).allowed


def test_ask_me_first_is_no_until_a_later_grant():
    asked = [_event(1, "refuse", "ask-first"), replace(END, seq=2)]
    assert decide(FACTS, asked, ASK).reason == "ask-first"
    assert decide(FACTS, [*asked, replace(GRANT, seq=3)], ASK).allowed


def test_a_confirmation_moves_the_review_date_and_keeps_the_level_of_identity():
    events = [replace(GRANT, identity="yes", review_by=date(2031, 6, 1)), replace(END, seq=2)]
    later = replace(ASK, at=AT + timedelta(days=60))
    assert decide(FACTS, events, later).rule == "C18"
    decision = decide(FACTS, [*events, _event(3, "confirm", "yes", review_by=REVIEW_BY)], later)
    assert decision.allowed
    assert decision.identity_allowed


def test_a_grant_without_review_date_is_closed():
    assert decide(FACTS, [replace(GRANT, review_by=None), END], ASK).rule == "C18"


def test_who_withdrew_at_the_end_shares_with_nobody():
    value = english()
    value["consent"]["confirm_end"] = "withdrew"
    assert _decide(value).rule == "C10"
    assert _decide(value, recipient="stranger").rule == "C10"


def test_events_out_of_order_are_refused():
    for events in ([END, GRANT], [GRANT, replace(END, seq=1)]):
        with pytest.raises(ConsentError):
            standing(events, "court-a", PURPOSE)


def test_first_events_say_what_was_answered_and_when_it_is_to_be_reviewed():
    events = events_from(parse_interview(english()), AT)
    said = [(one.seq, one.kind, one.recipient, one.answer, one.review_by) for one in events]
    assert said == [
        (1, "grant", "court-a", "yes", REVIEW_BY),
        (2, "refuse", "body-b", "ask-first", None),
        (3, "refuse", "paper-c", "no", None),
        (4, "confirm", "", "yes", None),
    ]


def test_only_the_gate_makes_a_release():
    release = release_for(FACTS, [GRANT, END], ASK)
    values = {one.name: getattr(release, one.name) for one in fields(release)}
    with pytest.raises(ConsentError):
        Release(**values, maker=object())
    with pytest.raises(ConsentError):
        replace(release, recipient="paper-c", maker=None)
    with pytest.raises((TypeError, ValueError)):
        replace(release, recipient="paper-c")


_codes = st.sampled_from(["court-a", "body-b", ""])
_purposes = st.sampled_from([PURPOSE, "advocacy", ""])


@st.composite
def _histories(draw: st.DrawFn) -> list[ConsentEvent]:
    events: list[ConsentEvent] = []
    for seq in range(1, draw(st.integers(1, 8)) + 1):
        values = {
            "kind": draw(st.sampled_from(["grant", "change", "withdraw", "confirm", "refuse"])),
            "recipient": draw(_codes),
            "purpose": draw(_purposes),
            "answer": draw(st.sampled_from(["yes", "no", "ask-first"])),
            "identity": draw(st.sampled_from(["no", "yes", "court-order"])),
            "review_by": draw(st.none() | st.dates(date(2030, 1, 1), date(2034, 1, 1))),
        }
        try:
            events.append(ConsentEvent(seq=seq, at=AT, **values))
        except ConsentError:
            continue
    return events


_facts = st.builds(
    RecordFacts,
    record_id=st.just("K7F3-9QZD"),
    version=st.just(1),
    root=st.just(ROOT),
    practice=st.just(True),
    agreed=st.booleans(),
    limits_explained=st.booleans(),
    safeguarded=st.booleans(),
    media=st.just(frozenset[str]()),
)
_requests = st.builds(
    Request,
    recipient=_codes,
    purpose=_purposes,
    profile=st.sampled_from(["full", "pseudonymised", "lead", "x"]),
    at=st.datetimes(datetime(2030, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


def _naive_live_yes(events: list[ConsentEvent], request: Request) -> ConsentEvent | None:
    """The rule said again in another way: the last grant, nothing but changes and confirmations to yes behind it."""
    live: ConsentEvent | None = None
    for event in events:
        everything = event.answer != "yes" and not event.recipient
        all_purposes = event.kind == "withdraw" and event.recipient == request.recipient and not event.purpose
        same = bool(event.recipient) and (event.recipient, event.purpose) == (request.recipient, request.purpose)
        if everything or all_purposes or (same and event.answer != "yes"):
            live = None
        elif same and (event.kind == "grant" or live is not None):
            identity = live.identity if live is not None and event.kind == "confirm" else event.identity
            live = replace(event, identity=identity)
    return live


@given(_facts, _histories(), _requests)
def test_no_history_leaves_without_a_live_yes_for_exactly_that_recipient_and_purpose(
    facts: RecordFacts, events: list[ConsentEvent], request: Request
):
    live = _naive_live_yes(events, request)
    expected = (
        live is not None
        and live.review_by is not None
        and request.at.date() <= live.review_by
        and facts.agreed
        and facts.limits_explained
        and facts.safeguarded
        and request.profile != "x"
        and any(not one.recipient and one.kind != "refuse" for one in events)
    )
    decision = decide(facts, events, request)
    assert decision.allowed is expected
    assert bool(decision.rule) is not expected
    assert decision.identity_allowed is (expected and live is not None and live.identity == "yes")
    if expected:
        release = release_for(facts, events, request)
        assert (release.recipient, release.purpose, release.grant_seq) == (
            request.recipient,
            request.purpose,
            live.seq if live else 0,
        )
    else:
        with pytest.raises(ConsentError):
            release_for(facts, events, request)


@given(_histories())
def test_events_survive_their_bytes(events: list[ConsentEvent]):
    for event in events:
        assert parse_event(event.to_bytes()) == event


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        GRANT.to_bytes() + b" ",
        GRANT.to_bytes().replace(b'"seq":1', b'"seq":0'),
        GRANT.to_bytes().replace(b'"grant"', b'"gift"'),
        GRANT.to_bytes().replace(b'"answer":"yes"', b'"answer":"no"'),
        GRANT.to_bytes().replace(b"court-a", b""),
        GRANT.to_bytes().replace(b"court-a", b"court a"),
        GRANT.to_bytes().replace(b"+00:00", b"Z"),
        GRANT.to_bytes().replace(b"2033-05-04", b"2033-02-30"),
    ],
)
def test_bytes_that_are_no_event_end_in_our_error(data: bytes):
    with pytest.raises(ConsentError) as caught:
        parse_event(data)
    assert (caught.value.rule, caught.value.code) == ("C5", "bad-event")


EVERYTHING = {"recipient": "", "purpose": ""}


@pytest.mark.parametrize(
    ("kind", "answer", "scope"),
    [
        ("grant", "yes", EVERYTHING),
        ("refuse", "ask-first", EVERYTHING),
        ("grant", "yes", {"purpose": ""}),
        ("refuse", "no", {"purpose": ""}),
        ("withdraw", "no", {"recipient": ""}),
    ],
)
def test_no_event_says_more_at_once_than_its_kind_may(kind: Any, answer: Any, scope: dict[str, str]):
    assert _event(1, kind, answer)
    with pytest.raises(ConsentError) as caught:
        _event(1, kind, answer, **scope)
    assert (caught.value.rule, caught.value.code) == ("C5", "bad-event")


@pytest.mark.parametrize("more", [{"identity": "yes"}, {"review_by": REVIEW_BY}])
def test_only_a_yes_says_anything_of_identity_or_of_a_review(more: dict[str, Any]):
    assert _event(1, "change", "yes", **more)
    with pytest.raises(ConsentError) as caught:
        _event(1, "change", "no", **more)
    assert (caught.value.rule, caught.value.code) == ("C4", "bad-event")


@pytest.mark.parametrize("name", ["recipient", "purpose", "answer"])
def test_an_answer_about_sharing_that_lacks_a_part_is_refused_by_its_rule(name: str):
    value = english()
    del value["consent"]["share"][0][name]
    with pytest.raises(ConsentError) as caught:
        events_from(record_of(value).interview, AT)
    assert (caught.value.rule, caught.value.code) == ("C2", "incomplete-answer")


def test_the_answer_at_the_end_and_a_whole_withdrawal_are_about_everything():
    for kind, answer in (("confirm", "yes"), ("change", "no"), ("refuse", "no"), ("withdraw", "no")):
        assert _event(1, kind, answer, **EVERYTHING).about_everything


def test_a_month_without_that_day_ends_on_its_last():
    assert add_months(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert add_months(date(2031, 11, 30), 3) == date(2032, 2, 29)
    assert add_months(date(9999, 1, 1), 24) == date.max


@pytest.mark.parametrize("index", range(len(consent._RULES)))
def test_each_rule_of_the_table_is_needed(index: int, monkeypatch: pytest.MonkeyPatch):
    # The positive control: without one rule, the case made for it slips through or is called something else.
    cases: dict[str, tuple[RecordFacts, list[ConsentEvent], Request]] = {
        "interview-refused": (replace(FACTS, agreed=False), [GRANT, END], ASK),
        "limits-not-explained": (replace(FACTS, limits_explained=False), [GRANT, END], ASK),
        "no-safeguards": (replace(FACTS, safeguarded=False), [GRANT, END], ASK),
        "no-end-question": (FACTS, [GRANT], ASK),
        "withdrawn": (FACTS, [GRANT, END, _event(91, "withdraw", "no")], ASK),
        "public-use-closed": (FACTS, [replace(GRANT, purpose="publication"), END], replace(ASK, purpose="publication")),
        "never-asked": (FACTS, [END], ASK),
        "ask-first": (FACTS, [_event(1, "refuse", "ask-first"), END], ASK),
        "refused": (FACTS, [_event(1, "refuse", "no"), END], ASK),
        "review-due": (FACTS, [GRANT, END], replace(ASK, at=AT.replace(year=2040))),
        "unknown-profile": (FACTS, [GRANT, END], replace(ASK, profile="x")),
    }
    rule, reason, _ = consent._RULES[index]
    assert (decide(*cases[reason]).rule, decide(*cases[reason]).reason) == (rule, reason)
    monkeypatch.setattr(consent, "_RULES", consent._RULES[:index] + consent._RULES[index + 1 :])
    assert decide(*cases[reason]).reason != reason
