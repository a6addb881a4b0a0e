import json

import pytest
from broken_forms import BROKEN, WEAKER, at

from testimony.canonical import encode
from testimony.errors import FormError
from testimony.forms.form import Klass
from testimony.forms.reading import core_form, form_bytes, parse_form

# The bytes of a form are what every record head names: an accidental change must not pass.
CORE_DIGEST = "196d7e15229acfb5c9cec46d09bf2f8a885f757239a9238c47cf736515b96a06"
# record.md, section 2: field by number, with its class.
TWENTY = {
    1: ("record.case_code", "S0"),
    2: ("session.started_at", "S1"),
    3: ("session.place", "S3"),
    4: ("session.interviewer_code", "S3"),
    5: ("session.language", "S1"),
    6: ("session.interpreter_code", "S3"),
    7: ("session.others_present", "S3"),
    8: ("session.prior_statements", "S2"),
    9: ("consent.interview", "S2"),
    10: ("consent.limits_explained", "S1"),
    11: ("consent.recording", "S1"),
    12: ("consent.share", "S1"),
    13: ("consent.identity", "S2"),
    14: ("consent.contact", "S4"),
    15: ("witness.capacity", "S2"),
    16: ("account.mode", "S1"),
    17: ("account.text", "S2"),
    18: ("account.source_of_knowledge", "S1"),
    19: ("account.readback", "S1"),
    20: ("consent.confirm_end", "S1"),
}


def test_the_core_form_has_the_twenty_fields_and_their_classes():
    numbered = {field.number: (field.id, field.klass.value) for field in core_form().fields if field.number}
    assert numbered == TWENTY


def test_the_bytes_of_the_core_form_are_fixed():
    assert core_form().digest == CORE_DIGEST


def test_coarser_slots_stand_behind_their_field():
    slots = [slot.id for slot in core_form().slots]
    assert slots[slots.index("session.started_at") + 1] == "session.started_at~month"
    assert slots[slots.index("witness.birth") + 1] == "witness.birth~band"


def test_a_slot_that_the_form_does_not_have_is_not_found():
    assert core_form().slot("witness.religion") is None


def test_the_witness_and_what_names_people_is_never_below_its_class():
    form = core_form()
    for name in ("witness.name", "witness.contact", "witness.birth", "consent.contact"):
        field = form.slot(name)
        assert field is not None
        assert field.klass is Klass.S4
        assert {member.klass for member in field.members} == {Klass.S4}


def test_every_choice_has_labels_in_both_languages():
    for field in core_form().fields:
        for asked in (field, *field.members):
            assert all(label.en and label.ar for label in [asked.label, *(term.label for term in asked.vocabulary)])


def test_an_unknown_form_is_refused():
    with pytest.raises(FormError):
        form_bytes("../../etc/passwd")


@pytest.mark.parametrize("name", BROKEN)
def test_a_form_that_breaks_one_rule_is_refused_for_that_rule(name: str):
    change, code = BROKEN[name]
    form = json.loads(form_bytes("core-1"))
    change(form)
    with pytest.raises(FormError) as caught:
        parse_form(encode(form))
    assert caught.value.code == code


@pytest.mark.parametrize("name", WEAKER)
def test_a_form_in_which_a_field_of_the_core_form_is_weaker_is_refused(name: str):
    form = json.loads(form_bytes("core-1")) | {"id": "own-1"}
    WEAKER[name](form)
    with pytest.raises(FormError) as caught:
        parse_form(encode(form))
    assert caught.value.code == "other-core-field"


def test_an_organisation_may_call_a_core_field_otherwise_and_add_members_to_it():
    form = json.loads(form_bytes("core-1")) | {"id": "own-1"}
    mentions = form["fields"][at("mentions")[1]]
    mentions["label"]["en"] = "Who is named"
    mentions["members"].append({"class": "S5", "id": "x", "label": {"ar": "x", "en": "x"}, "type": "text"})
    assert parse_form(encode(form)).slot("mentions") is not None


def test_religion_sect_tribe_and_party_are_not_asked():
    words = {word for field in core_form().fields for word in field.id.replace("_", ".").split(".")}
    assert not words & {"religion", "sect", "tribe", "party", "ethnicity"}


def test_optional_sections_need_nothing_and_what_is_about_risk_never_leaves():
    form = core_form()
    optional = {section.id for section in form.sections if section.optional}
    assert optional == {"session_more", "identity_more", "account_more", "index", "closing_more", "risk"}
    assert not any(field.required for field in form.fields if field.section in optional)
    risk = [asked for field in form.fields if field.section == "risk" for asked in (field, *field.members)]
    assert {asked.klass for asked in risk} == {Klass.S5}


def test_another_spelling_of_the_same_form_is_refused():
    with pytest.raises(FormError):
        parse_form(form_bytes("core-1") + b"\n")


def test_an_organisation_may_add_a_field():
    form = json.loads(form_bytes("core-1"))
    form["id"] = "own-1"
    added = {"class": "S5", "id": "session.weather", "label": {"ar": "الطقس", "en": "Weather"}, "type": "text"}
    form["fields"].append(added | {"section": "session"})
    slot = parse_form(encode(form)).slot("session.weather")
    assert slot is not None
    assert slot.klass is Klass.S5
