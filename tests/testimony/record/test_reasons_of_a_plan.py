"""Why each thing of a record stays: the reasons that a plan gives, path by path."""

from dataclasses import replace
from typing import Any

import pytest
from invented_interview import AT, english, record_of
from vectors.world import kept

from testimony.consent import ProfileName, Release, Request, events_from, facts_of, release_for
from testimony.errors import ConsentError
from testimony.forms.form import Klass
from testimony.model import Exhibit, Record
from testimony.profiles import Plan, plan_disclosure
from testimony.redaction.decisions import Decisions, SpanDecision
from testimony.redaction.redactor_marks import RedactorMark

FILES = tuple(
    Exhibit(kind=kind, title=f"title of {kind}", original_name=f"{kind}.bin", sha256="0" * 64, size=1)
    for kind in ("sketch", "photo", "audio", "hologram")
)
LATE = RedactorMark(
    version=1, paragraph=0, start=46, end=66, code="P-11", name="Corvin Aldane", words="with two strangers."
)


def _release(record: Record, profile: ProfileName) -> Release:
    request = Request(recipient="court-a", purpose="criminal investigation", profile=profile, at=AT)
    return release_for(facts_of(record, bytes(32)), events_from(record.interview, AT), request)


def _decided(record: Record, profile: ProfileName, *decisions: SpanDecision, **more: Any) -> Plan:
    """The plan of somebody who kept every span but those that they decided about otherwise."""
    release = _release(record, profile)
    walk: Decisions = kept(release, plan_disclosure(record, release, **more).spans)
    for one in decisions:
        walk = walk.deciding(one)
    return plan_disclosure(record, release, walk, **more)


def _reasons(plan: Plan) -> dict[str, str]:
    return {one.path: one.code for one in plan.withheld}


def _known() -> dict[str, Any]:
    value = english()
    value["consent"]["identity"] = [{"recipient": "court-a", "answer": "yes"}]
    return value


@pytest.mark.parametrize("known", [False, True])
def test_a_file_stays_for_who_the_witness_is_for_its_medium_or_for_its_kind(known: bool):
    plan = _decided(record_of(_known() if known else english(), *FILES), "full")
    reasons = {path: code for path, code in _reasons(plan).items() if path.endswith("/file")}
    of_the_witness = {} if known else {"exhibits/1/file": "W-ID"}  # the photo, whose medium was granted
    assert reasons == of_the_witness | {"exhibits/2/file": "CONSENT", "exhibits/3/file": "OTHER"}


def test_a_paragraph_that_somebody_hides_carries_their_reason_and_one_that_nobody_walked_through_no_other():
    record = record_of(english())
    release = _release(record, "pseudonymised")
    walk = kept(release, [one for one in plan_disclosure(record, release).spans if one.path != "account.text/2"])
    walk = walk.deciding(SpanDecision(path="account.text/1", outcome="hide", code="METHOD"))
    plan = plan_disclosure(record, release, walk)
    reasons = {path: code for path, code in _reasons(plan).items() if path.startswith("account.text")}
    assert reasons == {"account.text/1": "METHOD", "account.text/2": "OTHER"}
    assert list(plan.selection.paragraphs) == ["account.text/0"]
    assert plan.open == ("account.text/2",)


def test_a_value_that_is_a_name_stays_because_of_the_person():
    value = english()
    value["record"]["case_code"] = "TAMSIN"
    plan = _decided(record_of(value), "pseudonymised")
    assert _reasons(plan)["record.case_code"] == "THIRD"
    assert not plan.shows("record.case_code")
    assert _decided(record_of(english()), "pseudonymised").shows("record.case_code")


def test_a_late_mark_is_searched_by_its_words_and_by_every_part_of_its_name():
    record = record_of(english())
    place = replace(LATE, code="L-02", name="Mill Lane", paragraph=2, start=0, end=7, words="Nothing")
    plan = _decided(record, "pseudonymised", late=(LATE, place))
    added = [(one.path, one.klass, one.text, one.parts) for one in plan.needles if one.path == "marks"]
    assert added == [
        ("marks", Klass.S3, "with two strangers.", False),
        ("marks", Klass.S3, "Corvin Aldane", True),
        ("marks", Klass.S3, "Nothing", False),
        ("marks", Klass.S3, "Mill Lane", False),
    ]
    gaps = {path: code for path, code in _reasons(plan).items() if "/gap-" in path}
    assert gaps == {"account.text/0/gap-1": "THIRD", "account.text/2/gap-1": "W-LOC"}
    assert plan.late == (LATE, place)


def test_under_a_full_release_only_a_late_mark_on_the_witness_hides_and_of_another_version_it_is_searched_alone():
    record = record_of(english())
    own = replace(LATE, name="Tamsin", code="W-01")
    before = replace(own, version=2)
    plan = _decided(record, "full", late=(LATE, own, before))
    assert plan.late == (own,)
    assert [(one.klass, one.text) for one in plan.needles if one.path == "marks"] == [
        (Klass.S4, "with two strangers."),
        (Klass.S4, "Tamsin"),
    ] * 2
    assert _decided(record_of(_known()), "full", late=(LATE, own)).late == ()


def test_a_release_of_another_record_or_version_is_refused_by_its_rule():
    record = record_of(english())
    release = _release(record, "full")
    for other in (replace(record, record_id="AAAA-BBBB"), replace(record, version=2)):
        with pytest.raises(ConsentError) as caught:
            plan_disclosure(other, release)
        assert (caught.value.rule, caught.value.code) == ("C3", "release-of-another-record")
        assert caught.value.record_id == other.record_id
