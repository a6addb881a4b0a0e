from typing import Any

import pytest
from invented_interview import english

from testimony.errors import InterviewError
from testimony.interview import empty_interview, parse_interview
from testimony.readiness import account_locked, missing_for_finish, refused


def _rules(value: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.path, problem.rule) for problem in missing_for_finish(parse_interview(value))]


def test_the_account_stays_locked_until_fields_9_to_12_and_15_are_filled():
    locked = {(problem.path, problem.rule) for problem in account_locked(empty_interview("apc"))}
    assert {path for path, rule in locked if rule == "C1"} == {
        "consent.interview",
        "consent.limits_explained",
        "consent.recording",
        "consent.share",
        "witness.capacity",
    }
    assert account_locked(parse_interview(english())) == ()


@pytest.mark.parametrize("name", ["interview", "limits_explained", "recording", "share"])
@pytest.mark.parametrize("state", [None, {"state": "declined"}, {"state": "unknown"}])
def test_silence_and_declining_are_no_consent(name: str, state: Any):
    value = english()
    value["consent"][name] = state
    assert (f"consent.{name}", "C1") in _rules(value)


def test_one_limit_that_was_not_explained_keeps_the_account_locked():
    value = english()
    value["consent"]["limits_explained"]["points"][4] = False
    assert _rules(value) == [("consent.limits_explained", "C7")]


@pytest.mark.parametrize("digest", [None, "", "typed by hand", "4A" * 32, "4a" * 31, {"state": "unknown"}])
def test_the_account_stays_locked_without_the_digest_of_the_text_that_was_read_out(digest: Any):
    value = english()
    value["consent"]["limits_explained"]["script_sha256"] = digest
    if digest in ("", "typed by hand"):
        with pytest.raises(InterviewError):
            parse_interview(value)
        return
    assert _rules(value) == [("consent.limits_explained", "C14")]
    assert account_locked(parse_interview(value)) != ()


def test_after_an_earlier_statement_the_account_stays_locked_until_it_is_said_why_it_is_taken_again():
    value = english()
    earlier = [{"to": "a journalist", "reason": "it was never written down"}, {"to": "a clerk", "copy_held": "no"}]
    value["session"]["prior_statements"] = earlier
    for reason in (None, "", "  ", {"state": "unknown"}, {"state": "declined"}):
        earlier[1]["reason"] = reason
        assert _rules(value) == [("session.prior_statements", "C17")]
        assert [one.rule for one in account_locked(parse_interview(value))] == ["C17"]
    earlier[1]["reason"] = "nobody wrote it down"
    assert _rules(value) == []
    value["session"]["prior_statements"] = {"state": "unknown"}
    assert _rules(value) == []


def test_a_recording_answer_for_two_of_three_media_is_not_whole():
    value = english()
    del value["consent"]["recording"]["video"]
    assert _rules(value) == [("consent.recording", "C1")]


@pytest.mark.parametrize("capacity", ["child", "doubt"])
def test_a_child_needs_every_safeguard(capacity: str):
    value = english()
    value["witness"]["capacity"] = capacity
    guards = {"approved_by": "S-01", "guardian": "G-01", "assent": "yes", "reason": "asked to be heard"}
    assert _rules(value) == [("witness.safeguards", "C8")]
    for name in guards:
        value["witness"]["safeguards"] = {other: guards[other] for other in guards if other != name}
        assert _rules(value) == [("witness.safeguards", "C8")]
    value["witness"]["safeguards"] = guards | {"assent": "no"}
    assert _rules(value) == [("witness.safeguards", "C8")]
    value["witness"]["safeguards"] = guards
    assert _rules(value) == []


def test_nothing_is_finished_without_the_question_at_the_end():
    value = english()
    del value["consent"]["confirm_end"]
    assert _rules(value) == [("consent.confirm_end", "C9")]


def test_every_required_field_is_named_where_it_is_missing():
    named = [path for path, _ in _rules({"language": "apc"})]
    required = [field.id for field in empty_interview().form.fields if field.required]
    assert set(required) - {"session.language"} <= set(named)


def test_a_place_may_be_declined_but_not_left_out():
    value = english()
    value["session"]["place"] = {"state": "declined"}
    assert _rules(value) == []
    value["session"]["place"] = None
    assert _rules(value) == [("session.place", "required")]


def test_an_account_of_blanks_is_no_account():
    value = english()
    value["account"]["paragraphs"] = [" ", ""]
    value["account"]["source_of_knowledge"] = ["saw", "saw"]
    assert _rules(value) == [("account.text", "required")]


def test_each_paragraph_says_how_the_person_knows():
    value = english()
    value["account"]["source_of_knowledge"][1] = ""
    problems = missing_for_finish(parse_interview(value))
    assert [(one.path, one.paragraph) for one in problems] == [("account.source_of_knowledge", 1)]
    del value["account"]["source_of_knowledge"][1]
    assert _rules(value) == [("account.source_of_knowledge", "one-a-paragraph")]


def test_no_video_without_the_grant_of_that_medium():
    value = english()
    value["exhibits"] += [{"kind": "video", "title": "x"}, {"kind": "photo", "title": "y"}]
    assert _rules(value) == [("exhibits/1", "C6")]


def test_a_refusal_can_be_finished_with_no_other_answer():
    value = english()
    value["consent"]["interview"] = {"answer": "no", "how": "spoken"}
    interview = parse_interview(value)
    assert refused(interview)
    assert missing_for_finish(interview) == ()


def test_who_withdrew_from_the_interview_locks_the_account():
    value = english()
    value["consent"]["interview"]["answer"] = "withdrew"
    assert _rules(value) == [("consent.interview", "C1-refused")]
