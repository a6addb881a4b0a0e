import json
from collections.abc import Callable
from typing import Any

import pytest

from testimony.canonical import encode
from testimony.errors import FormError
from testimony.forms.form import Klass
from testimony.forms.reading import core_form, form_bytes, parse_form

# The bytes of a form are what every record head names: an accidental change must not pass.
CORE_DIGEST = "f240b972526d7cb02000181ad93d174f3fd8bd39be0a3e13193d5862d6dfd6c5"
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
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_form_that_breaks_one_rule_is_refused_for_that_rule(name: str):
    change, code = BROKEN[name]
    form = json.loads(form_bytes("core-1"))
    change(form)
    with pytest.raises(FormError) as caught:
        parse_form(encode(form))
    assert caught.value.code == code


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
