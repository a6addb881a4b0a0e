"""Consent after finishing: each word is added, signed, logged and proved to whoever receives the record."""

from datetime import date

import pytest
from practice_vaults import (
    BODY,
    NAME,
    OTHER_BODY,
    PURPOSE,
    details_of,
    interview_bytes,
    kinds_of,
    recorded,
    walk_through,
)
from vault_sides import Sides

from keys.digests import sha256
from keys.signature import CONSENT, check_signatures
from testimony.consent_events import add_months
from testimony.consent_statement import parse_statement
from testimony.errors import ConsentError
from testimony.redaction.consent_tree import commit_consent, event_digest
from vault.check import check_vault
from vault.consent import Answer, record_answer
from vault.consent_log import review_months, set_review_months
from vault.errors import NotFoundError, PolicyError
from vault.handover import prepare, seal
from vault.records import get_record, new_from_interview

SHARE = "consent__share"
YES = Answer(recipient=BODY, purpose=PURPOSE, answer="yes")
NO = Answer(recipient=BODY, purpose=PURPOSE, answer="no")


def test_a_yes_after_the_finish_lets_the_record_go_and_the_body_sees_it_proved(sides: Sides) -> None:
    record_id = sides.recorded(**{SHARE: [{"recipient": BODY, "purpose": PURPOSE, "answer": "no"}]})
    assert sides.rule() == "C3"
    assert record_answer(sides.team, record_id, YES).kind == "grant"
    assert sides.rule() == ""
    intake = sides.handed(sides.body, "first")
    intake.raise_failure()
    assert [one.outcome for one in intake.outcomes] == ["imported"]


def test_a_no_after_a_yes_closes_and_a_second_yes_is_a_new_grant(sides: Sides) -> None:
    record_id = sides.recorded()
    assert record_answer(sides.team, record_id, NO).kind == "change"
    assert sides.rule() == "C3"
    assert record_answer(sides.team, record_id, YES).kind == "grant"
    sides.handed(sides.body, "first").raise_failure()


def test_ask_me_first_after_a_yes_closes_until_a_new_yes(sides: Sides) -> None:
    record_id = sides.recorded(consent__identity=[{"recipient": BODY, "answer": "yes"}])
    asked = Answer(recipient=BODY, purpose=PURPOSE, answer="ask-first", identity="yes")
    assert record_answer(sides.team, record_id, asked).kind == "change"
    (row,) = prepare(sides.team, to=BODY, purpose=PURPOSE).rows
    assert (row.decision.rule, row.decision.reason) == ("C3", "ask-first")
    assert record_answer(sides.team, record_id, YES).kind == "grant"
    sides.handed(sides.body, "first").raise_failure()
    assert check_vault(sides.team).holds


def test_a_body_never_asked_about_is_refused_or_granted(sides: Sides) -> None:
    record_id = sides.recorded(**{SHARE: []})
    assert sides.rule() == "C2"
    asked = Answer(recipient=BODY, purpose=PURPOSE, answer="ask-first")
    assert record_answer(sides.team, record_id, asked).kind == "refuse"
    assert sides.rule() == "C3"


def test_a_confirmation_moves_the_review_date_and_keeps_the_level_of_identity(sides: Sides) -> None:
    record_id = sides.recorded(consent__identity=[{"recipient": BODY, "answer": "yes"}])
    set_review_months(sides.team, 6)
    assert review_months(sides.team) == 6
    event = record_answer(sides.team, record_id, Answer(recipient=BODY, purpose=PURPOSE, answer="yes", identity="yes"))
    assert (event.kind, event.identity) == ("confirm", "yes")
    assert event.review_by == add_months(event.at.date(), 6)
    grant = prepare(sides.team, to=BODY, purpose=PURPOSE).rows[0].decision.grant
    assert grant is not None
    assert (grant.review_by, grant.identity) == (event.review_by, "yes")


def test_the_organisations_review_date_holds_from_the_first_grant_on(sides: Sides) -> None:
    set_review_months(sides.team, 3)
    stored = get_record(sides.team, sides.recorded())
    granted = [event for event in stored.events if event.answer == "yes" and event.recipient]
    assert [event.review_by for event in granted] == [add_months(event.at.date(), 3) for event in granted]
    assert isinstance(granted[0].review_by, date)


@pytest.mark.parametrize("months", [0, 121])
def test_a_review_date_never_or_in_a_lifetime_is_refused(sides: Sides, months: int) -> None:
    with pytest.raises(PolicyError):
        set_review_months(sides.team, months)
    assert review_months(sides.team) == 24


def test_another_level_of_identity_is_a_change(sides: Sides) -> None:
    record_id = sides.recorded()
    event = record_answer(sides.team, record_id, Answer(recipient=BODY, purpose=PURPOSE, answer="yes", identity="yes"))
    assert event.kind == "change"
    assert prepare(sides.team, to=BODY, purpose=PURPOSE, profile="full").rows[0].decision.identity_allowed


def test_each_word_has_one_entry_and_one_signed_statement_over_all_words(sides: Sides) -> None:
    record_id = sides.recorded()
    before = sides.team.log_state.size
    event = record_answer(sides.team, record_id, NO)
    assert kinds_of(sides.team, before) == ["consent.change"]
    stored = get_record(sides.team, record_id)
    assert stored.statement is not None
    check_signatures(stored.statement.text, stored.statement.signatures, CONSENT, sides.team.identity.public)
    statement = parse_statement(stored.statement.text)
    events = [one.to_bytes() for one in stored.events]
    assert (statement.record_id, statement.events, statement.custody_size) == (record_id, event.seq, before)
    assert statement.consent == commit_consent(events, stored.seed, number=len(events))
    assert details_of(sides.team, "consent.change") == [
        {
            "event": event_digest(event.to_bytes(), stored.seed),
            "number": event.seq,
            "statement": sha256(stored.statement.text).hex(),
        }
    ]
    assert check_vault(sides.team).holds


def test_the_two_trees_of_one_record_share_no_salt(sides: Sides) -> None:
    record_id = sides.recorded()
    stored = get_record(sides.team, record_id)
    events = [event.to_bytes() for event in stored.events]
    roots = {commit_consent(events, stored.seed, number=number).root for number in (0, len(events), len(events) + 1)}
    assert len(roots) == 3


def test_a_word_about_another_body_between_preview_and_seal_stops_the_seal(sides: Sides) -> None:
    record_id = sides.recorded()
    walk_through(sides.team, record_id)
    handover = prepare(sides.team, to=BODY, purpose=PURPOSE)
    record_answer(sides.team, record_id, Answer(recipient=OTHER_BODY, purpose=PURPOSE, answer="no"))
    with pytest.raises(ConsentError) as caught:
        seal(sides.team, handover, sides.folder / "out")
    assert (caught.value.rule, caught.value.code) == ("C3", "consent-changed")
    sides.handed(sides.body, "out").raise_failure()


def test_a_bundle_tells_nothing_of_what_was_said_about_another_body(sides: Sides) -> None:
    record_id = sides.recorded(**{SHARE: [{"recipient": BODY, "purpose": PURPOSE, "answer": "yes"}]})
    record_answer(sides.team, record_id, Answer(recipient=OTHER_BODY, purpose=PURPOSE, answer="yes"))
    rendition = prepare(sides.team, to=BODY, purpose=PURPOSE).rows[0].rendition
    assert rendition is not None
    assert OTHER_BODY.encode() not in rendition.packed.file
    assert not any(OTHER_BODY in cell for row in rendition.packed.consent_rows for cell in row)
    sides.handed(sides.body, "first").raise_failure()
    sides.handed(sides.other, "second").raise_failure()


def test_there_is_nothing_to_say_about_a_refused_interview_or_a_draft(sides: Sides) -> None:
    refused = recorded(sides.team, consent__interview={"answer": "no", "how": "spoken"})
    with pytest.raises(PolicyError) as caught:
        record_answer(sides.team, refused, YES)
    assert caught.value.reason == "refused-record"
    with pytest.raises(NotFoundError):
        record_answer(sides.team, new_from_interview(sides.team, interview_bytes()), YES)


def test_an_answer_that_cannot_be_leaves_no_trace(sides: Sides) -> None:
    record_id = sides.recorded()
    before = sides.team.log_state.size
    for answer in (
        Answer(recipient="a body with blanks", purpose=PURPOSE, answer="yes"),
        Answer(recipient=BODY, purpose=PURPOSE, answer="yes", script=NAME),
    ):
        with pytest.raises(ConsentError):
            record_answer(sides.team, record_id, answer)
    with pytest.raises(PolicyError):
        record_answer(sides.team, record_id, Answer(recipient=BODY, purpose=PURPOSE, answer="yes", how="nodded"))
    assert sides.team.log_state.size == before
    assert get_record(sides.team, record_id).statement is None


@pytest.mark.parametrize("how", ["spoken", "recorded", "thumbprint", "signed"])
def test_every_way_of_saying_yes_is_as_good_as_a_signature(sides: Sides, how: str) -> None:
    record_id = sides.recorded(**{SHARE: []})
    record_answer(sides.team, record_id, Answer(recipient=BODY, purpose=PURPOSE, answer="yes", how=how))
    assert sides.rule() == ""
