import json
from collections.abc import Callable
from typing import Any

import pytest

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


def _set(path: list[Any], value: Any) -> Callable[[Any], None]:
    def change(form: Any) -> None:
        for key in path[:-1]:
            form = form[key]
        form[path[-1]] = value

    return change


def _drop(path: list[Any]) -> Callable[[Any], None]:
    def change(form: Any) -> None:
        for key in path[:-1]:
            form = form[key]
        del form[path[-1]]

    return change


def _field(name: str) -> list[Any]:
    ids = [field.id for field in core_form().fields]
    return ["fields", ids.index(name)]


_MONTH = [*_field("index.events"), "members", 4]


def _relevant(field: str, value: str) -> Callable[[Any], None]:
    return _set([*_field("witness.sex"), "relevant"], {"field": field, "value": value})


def _shorten(path: list[Any]) -> Callable[[Any], None]:
    return _drop([*path, -1])


def _computed_in_an_object(form: Any) -> None:
    place = form["fields"][_field("witness.location")[1]]
    place["members"][0] |= {"computed": {"from": "pcode", "rule": "district"}}
    del place["members"][0]["searched"]


def _member_first(form: Any) -> None:
    member = {"class": "S5", "id": "x", "label": {"ar": "x", "en": "x"}, "type": "text"}
    form["fields"][_field("mentions")[1]]["members"].insert(0, member)


def _repeat_first(form: Any) -> None:
    form["fields"].insert(0, form["fields"][0])


BROKEN = {
    "unknown format": (_set(["format"], "testimony-form 2"), "unsupported"),
    "unknown member": (_set(["comment"], "x"), "unknown-member"),
    "unknown member of a field": (_set(["fields", 0, "hint"], "x"), "unknown-member"),
    "missing label": (_drop(["fields", 0, "label"]), "missing-member"),
    "one language only": (_drop(["fields", 0, "label", "ar"]), "missing-member"),
    "empty label": (_set(["fields", 0, "label", "en"], ""), "bad-text"),
    "label with an escape": (_set(["fields", 0, "label", "en"], "\x1b]52"), "bad-text"),
    "unknown class": (_set(["fields", 0, "class"], "S6"), "unknown-word"),
    "unknown type": (_set(["fields", 0, "type"], "html"), "unknown-word"),
    "unknown coarsening": (_set(["fields", 1, "coarser", 0, "rule"], "year"), "unknown-word"),
    "coarser slot of another field": (_set(["fields", 1, "coarser", 0, "id"], "a.b~month"), "coarser-of-another-field"),
    "flag that is off": (_set(["fields", 0, "required"], value=False), "not-canonical"),
    "empty members": (_set(["fields", 0, "members"], []), "not-canonical"),
    "members of a text": (
        _set(["fields", 0, "members"], [{"class": "S0", "id": "x", "label": {"ar": "x", "en": "x"}, "type": "text"}]),
        "members",
    ),
    "choice without vocabulary": (_drop(["fields", 16, "vocabulary"]), "no-vocabulary"),
    "unknown section": (_set(["fields", 0, "section"], "elsewhere"), "unknown-section"),
    "repeated field": (_repeat_first, "repeated"),
    "without consent": (_drop(["fields", 11]), "missing-field"),
    "path as an id": (_set(["fields", 0, "id"], "../x"), "bad-text"),
    "term with a comma": (_set(["fields", 16, "vocabulary", 0, "value"], "a, b"), "bad-text"),
    "optional that is off": (_set(["sections", 8, "optional"], value=False), "not-canonical"),
    "needed in an optional section": (
        _set([*_field("session.ended_at"), "required"], value=True),
        "required-in-optional",
    ),
    "second account": (_set([*_field("support.notes"), "type"], "narrative"), "reserved-type"),
    "file outside the exhibits": (_set([*_field("support.notes"), "type"], "blob"), "reserved-type"),
    "points without vocabulary": (_set([*_field("support.notes"), "type"], "booleans"), "no-vocabulary"),
    "computed from nothing": (_set([*_MONTH, "computed", "from"], "elsewhere"), "computed"),
    "computed from itself": (_set([*_MONTH, "computed", "from"], "month"), "computed"),
    "month of a place": (_set([*_MONTH, "computed", "from"], "pcode"), "computed"),
    "band of an event": (_set([*_MONTH, "computed", "rule"], "band"), "computed"),
    "computed and searched": (_set([*_MONTH, "searched"], value=True), "computed"),
    "computed by a person": (_set([*_MONTH, "type"], "edtf"), "computed"),
    "computed in an object": (_computed_in_an_object, "computed"),
    "condition on nothing": (_relevant("session.weather", "yes"), "relevant"),
    "condition on a text": (_relevant("support.notes", "yes"), "relevant"),
    "condition on no term": (_relevant("witness.capacity", "giant"), "relevant"),
    "condition on itself": (_relevant("witness.sex", "female"), "relevant"),
}

WEAKER = {
    "a name that anybody may see": _set([*_field("witness.name"), "members", 0, "class"], "S0"),
    "an account that anybody may see": _set([*_field("account.text"), "class"], "S1"),
    "six limits": _shorten([*_field("consent.limits_explained"), "members", 0, "vocabulary"]),
    "no answer to the question at the end": _drop([*_field("consent.confirm_end"), "required"]),
    "a name that nobody looks for": _drop([*_field("mentions"), "members", 0, "searched"]),
    "a place in a closed step": _set([*_field("session.place"), "section"], "record"),
    "a member first": _member_first,
    "no coarser form": _drop([*_field("session.started_at"), "coarser"]),
    "a consent that is asked sometimes": _set(
        [*_field("witness.safeguards"), "relevant"], {"field": "witness.capacity", "value": "child"}
    ),
}


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
    mentions = form["fields"][_field("mentions")[1]]
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
