"""Forms made from XLSForms: what is mapped, and that whatever is not stands in the list."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from testimony.errors import FormError
from testimony.forms.form import Field, Form, Klass
from testimony.forms.reading import core_form, parse_form
from testimony.forms.sheets import Workbook
from testimony.forms.xlsform import Conversion, convert_workbook

HEADING = ("type", "name", "label::English (en)", "label::Arabic (ar)", "class", "required", "relevant")
CHOICES = (
    ("list_name", "name", "label::English (en)", "label::العربية (ar)"),
    ("yn", "yes", "Yes", "نعم"),
    ("yn", "no", "No", "لا"),
    ("goods", "Flour_1", "Flour", "طحين"),
    ("goods", "oil", "Oil", "زيت"),
)
SETTINGS = (("form_title", "form_id"), ("Markets", "market_1"))


def _converted(*rows: tuple[str, ...], **more: Any) -> Conversion:
    sheets = {"choices": CHOICES, "settings": SETTINGS, **more}
    return convert_workbook(Workbook(survey=(HEADING, *rows), **sheets))


def _field(form: Form, name: str) -> Field:
    found = form.slot(name)
    assert found is not None
    return found


def _listed(made: Conversion) -> list[tuple[int, str, str]]:
    return [(one.row, one.code, one.value) for one in made.unmapped]


def test_every_type_of_question_is_asked_with_its_labels_and_choices() -> None:
    made = _converted(
        ("text", "seller", "Seller", "البائع"),
        ("integer", "stalls", "Stalls", "بسطات"),
        ("date", "seen", "Seen on", "شوهد في"),
        ("dateTime", "at", "At", "عند"),
        ("select_one yn", "open", "Open", "مفتوح"),
        ("select_multiple goods", "sold", "Sold", "ما بيع"),
    )
    assert made.whole
    assert made.unmapped == ()
    types = {name: _field(made.form, f"own.{name}").type for name in ("seller", "stalls", "seen", "at", "open", "sold")}
    assert types == {
        "seller": "text",
        "stalls": "integer",
        "seen": "date",
        "at": "time",
        "open": "choice",
        "sold": "texts",
    }
    sold = _field(made.form, "own.sold")
    assert [(term.value, term.label.ar) for term in sold.vocabulary] == [("Flour_1", "طحين"), ("oil", "زيت")]
    assert (sold.label.en, sold.label.ar) == ("Sold", "ما بيع")
    assert made.form.id == "market-1"
    assert made.form.title.en == "Markets"


def test_the_questions_of_the_core_form_stand_in_front_unchanged() -> None:
    made = _converted(("text", "seller", "Seller", "البائع"))
    assert made.form.fields[: len(core_form().fields)] == core_form().fields
    assert parse_form(made.form.content) == made.form


def test_a_question_is_s5_until_somebody_sets_its_class() -> None:
    made = _converted(
        ("text", "a", "A", "أ"),
        ("text", "b", "B", "ب", "s2"),
        ("text", "c", "C", "ج", "S4"),
        ("text", "d", "D", "د", "public"),
    )
    classes = [_field(made.form, f"own.{name}").klass for name in "abcd"]
    assert classes == [Klass.S5, Klass.S2, Klass.S4, Klass.S5]
    assert [_field(made.form, f"own.{name}").searched for name in "abcd"] == [False, False, True, False]
    assert _listed(made) == [(5, "class", "PUBLIC")]


def test_groups_are_steps_and_repeats_are_lists() -> None:
    made = _converted(
        ("begin group", "market", "Market", "السوق"),
        ("text", "seller", "Seller", "البائع"),
        ("begin_repeat", "stall", "Stall", "بسطة", "S2"),
        ("text", "goods", "Goods", "بضاعة", "S1"),
        ("integer", "count", "Count", "عدد"),
        ("end_repeat",),
        ("end group",),
        ("text", "seller", "Seller", "البائع"),
    )
    assert made.whole
    stall = _field(made.form, "own_market.stall")
    assert (stall.type, stall.klass) == ("list", Klass.S2)
    assert [(member.id, member.type, member.klass) for member in stall.members] == [
        ("goods", "text", Klass.S1),
        ("count", "integer", Klass.S5),
    ]
    sections = {section.id: section.label.ar for section in made.form.sections}
    assert (sections["own_market"], sections["own"]) == ("السوق", "أسئلة المنظمة")
    assert _field(made.form, "own.seller").section == "own"


@pytest.mark.parametrize(
    ("relevant", "condition"),
    [
        ("${open} = 'yes'", ("own.open", "yes")),
        ('${open}="no"', ("own.open", "no")),
        ("selected(${open}, 'yes')", ("own.open", "yes")),
        ("selected( ${sold}, 'oil' )", ("own.sold", "oil")),
        ("${sold} = 'oil'", None),
        ("${open} != 'yes'", None),
        ("${open} = 'yes' and ${sold} = 'oil'", None),
        ("${open} = 'perhaps'", None),
        ("${later} = 'yes'", None),
        ("${nothing} = 'yes'", None),
        ("not(selected(${open}, 'yes'))", None),
        ("true()", None),
    ],
)
def test_a_small_condition_is_kept_and_every_other_one_is_listed(relevant: str, condition: Any) -> None:
    made = _converted(
        ("select_one yn", "open", "Open", "مفتوح"),
        ("select_multiple goods", "sold", "Sold", "ما بيع"),
        ("text", "told", "Told", "ما قيل", "", "yes", relevant),
        ("select_one yn", "later", "Later", "بعد"),
    )
    told = _field(made.form, "own.told")
    if condition is None:
        assert told.relevant is None
        assert not told.required, "a question whose condition is lost must not stand in the way of the finish"
        assert _listed(made) == [(4, "relevant", "told")]
    else:
        assert told.relevant is not None
        assert (told.relevant.field, told.relevant.value) == condition
        assert told.required
        assert made.whole


def test_the_condition_of_a_group_is_that_of_its_questions_and_two_are_too_many() -> None:
    made = _converted(
        ("select_one yn", "open", "Open", "مفتوح"),
        ("begin_group", "g", "Group", "مجموعة", "", "", "${open} = 'yes'"),
        ("text", "one", "One", "واحد"),
        ("text", "two", "Two", "اثنان", "", "", "${open} = 'no'"),
        ("end_group",),
    )
    one = _field(made.form, "own_g.one").relevant
    assert one is not None
    assert (one.field, one.value) == ("own.open", "yes")
    assert _field(made.form, "own_g.two").relevant is None
    assert _listed(made) == [(5, "relevant", "two")]


@pytest.mark.parametrize(
    "kind",
    ["calculate", "note", "geopoint", "image", "audio", "video", "file", "decimal", "start", "deviceid", "barcode", "xml-external",
     "select_one_from_file places.csv", "rank goods", "nonsense", "تاريخ", ""],
)  # fmt: skip
def test_a_question_of_another_type_is_listed_and_never_dropped_in_silence(kind: str) -> None:
    made = _converted(("text", "a", "A", "أ"), (kind, "b", "B", "ب"))
    assert made.questions == 1
    assert not made.whole
    assert [(row, code) for row, code, _ in _listed(made)] == [(3, "type")]


@pytest.mark.parametrize(
    "column",
    ["constraint", "calculation", "appearance", "hint::English (en)", "choice_filter", "default", "label::French (fr)", "media::image", "read_only"],
)  # fmt: skip
def test_a_cell_that_a_form_cannot_say_is_listed(column: str) -> None:
    survey = ((*HEADING, column), ("text", "a", "A", "أ", "", "", "", "x"), ("text", "b", "B", "ب"))
    made = convert_workbook(Workbook(survey=survey, settings=SETTINGS))
    assert [(row, code, value.casefold()) for row, code, value in _listed(made)] == [
        (2, "column", column.casefold().replace(" ", "_") if not column.startswith("label") else column.casefold())
    ]
    assert not made.whole


LISTED = {
    "an Arabic name": ((("text", "سؤال", "B", "ب"),), "no-name"),
    "no name": ((("text", "", "B", "ب"),), "no-name"),
    "a name twice": ((("text", "a", "B", "ب"),), "duplicate"),
    "a list without choices": ((("select_one none", "b", "B", "ب"),), "no-choices"),
    "a group in a group": (
        (("begin_group", "g", "G", "ج"), ("begin_group", "h", "H", "ح"), ("text", "b", "B", "ب"), ("end_group",), ("end_group",)),
        "nested-group",
    ),
    "a repeat of nothing": ((("begin_repeat", "r", "R", "ر"), ("end_repeat",)), "empty-repeat"),
    "or other": ((("select_one yn or_other", "b", "B", "ب"),), "column"),
    "a needed question by an expression": ((("text", "b", "B", "ب", "", "${a} = 1"),), "column"),
    "no label": ((("text", "b"),), "no-label"),
    "a condition in a repeat": (
        (("begin_repeat", "r", "R", "ر"), ("text", "b", "B", "ب", "", "", "${a} = 'x'"), ("end_repeat",)),
        "relevant",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTED)
def test_what_a_form_cannot_say_is_listed(name: str) -> None:
    rows, code = LISTED[name]
    made = _converted(("text", "a", "A", "أ"), *rows)
    assert [one for _, one, _ in _listed(made)] == [code]
    assert not made.whole


def test_a_repeat_in_a_repeat_is_listed_with_every_question_in_it() -> None:
    made = _converted(
        ("begin_repeat", "r", "R", "ر"),
        ("text", "a", "A", "أ"),
        ("begin_repeat", "s", "S", "س"),
        ("text", "b", "B", "ب"),
        ("end_repeat",),
        ("end_repeat",),
    )
    assert _listed(made) == [(4, "repeat-in-repeat", "s"), (5, "in-lost-repeat", "b")]
    assert [member.id for member in _field(made.form, "own.r").members] == ["a"]


def test_a_choice_that_cannot_be_stored_and_one_that_stands_twice_are_listed() -> None:
    choices = (*CHOICES, ("yn", "yes", "Again", "ثانية"), ("yn", "a, b", "Both", "كلاهما"), ("yn", "نعم", "Yes", "نعم"))
    made = _converted(("select_one yn", "a", "A", "أ"), choices=choices)
    assert [(row, code) for row, code, _ in _listed(made)] == [(6, "choice"), (7, "choice"), (8, "choice")]
    assert [term.value for term in _field(made.form, "own.a").vocabulary] == ["yes", "no"]


def test_labels_of_one_language_stand_for_both_and_are_counted() -> None:
    survey = (("type", "name", "label"), ("text", "a", "First"), ("text", "b", "الثاني"))
    made = convert_workbook(Workbook(survey=survey, settings=SETTINGS))
    assert made.whole, "nothing is asked otherwise"
    assert [(one.row, one.code, one.count) for one in made.unmapped] == [(0, "one-language", 2)]
    assert _field(made.form, "own.b").label.en == "الثاني"


def test_a_name_that_is_changed_is_listed_and_conditions_still_find_it() -> None:
    made = _converted(
        ("select_one yn", "_Is-it.Open", "Open", "مفتوح"), ("text", "b", "B", "ب", "", "", "${_Is-it.Open} = 'yes'")
    )
    assert _listed(made) == [(2, "name", "is_it_open")]
    assert _field(made.form, "own.b").relevant is not None


def test_other_sheets_other_settings_and_formulas_are_listed() -> None:
    made = _converted(
        ("text", "a", "A", "أ"),
        settings=(("form_id", "version", "style"), ("m-1", "7", "pages")),
        other_sheets=("external_choices",),
        formulas=3,
    )
    listed = {(one.sheet, one.code, one.value, one.count) for one in made.unmapped}
    assert listed == {
        ("settings", "column", "version", 1),
        ("settings", "column", "style", 1),
        ("external_choices", "sheet", "", 1),
        ("", "formula", "", 3),
    }


@pytest.mark.case("RF-02", "RF-04")
def test_no_label_can_act_on_a_terminal() -> None:
    made = _converted(("text", "a", "A\x1b]52;c;eA==\x07\n[@click=app.quit]x[/]", "أ\u202e"))
    label = _field(made.form, "own.a").label
    assert label.en == "A]52;c;eA== [@click=app.quit]x[/]"


REFUSED = {
    "no type": ((("name",), ("a",)), "no-column"),
    "a column twice": ((("type", "name", "name"), ("text", "a", "b")), "column-twice"),
    "a group that does not end": ((HEADING, ("begin_group", "g"), ("text", "a")), "groups"),
    "an end without a beginning": ((HEADING, ("text", "a"), ("end_group",)), "groups"),
    "a group ended as a repeat": ((HEADING, ("begin_group", "g"), ("text", "a"), ("end_repeat",)), "groups"),
    "groups that cross": (
        (HEADING, ("begin_group", "g"), ("begin_repeat", "r"), ("text", "a"), ("end_group",), ("end_repeat",)),
        "groups",
    ),
    "nothing to ask": ((HEADING, ("note", "a", "Read this")), "no-questions"),
    "nothing at all": ((), "no-questions"),
    "more questions than a form has": (
        (HEADING, *(("text", f"q{number}") for number in range(300))),
        "too-many-questions",
    ),
    "more members than a list has": (
        (HEADING, ("begin_repeat", "r"), *(("text", f"q{number}") for number in range(65)), ("end_repeat",)),
        "too-many-questions",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_sheet_that_cannot_be_understood_is_refused(name: str) -> None:
    survey, code = REFUSED[name]
    with pytest.raises(FormError) as caught:
        convert_workbook(Workbook(survey=survey, settings=SETTINGS))
    assert caught.value.code == code


@pytest.mark.parametrize("given", ["core-1", "Capital", "1st", "a" * 33, "../x", "own 1"])
def test_an_id_that_a_form_may_not_have_is_refused(given: str) -> None:
    with pytest.raises(FormError) as caught:
        convert_workbook(Workbook(survey=(HEADING, ("text", "a", "A", "أ"))), given)
    assert caught.value.code == "form-id"


def test_the_same_sheets_make_the_same_bytes() -> None:
    first, second = (_converted(("select_one yn", "a", "A", "أ"), ("text", "b", "B", "ب")) for _ in range(2))
    assert first.form.content == second.form.content
    assert json.loads(first.form.content)["id"] == "market-1"


def test_the_example_on_the_page_is_what_the_sheet_becomes(repository: Path) -> None:
    page = (repository / "docs" / "format" / "xlsform-v1.md").read_text(encoding="utf-8")
    example = re.search(r"```json\n(.*?)\n```", page, re.DOTALL)
    assert example is not None
    made = _converted(
        ("select_one yn", "open", "Was the market open?", "هل كان السوق مفتوحاً؟", "S1", "yes"),
        ("text", "told", "What was said?", "ماذا قيل؟", "S2", "", "${open} = 'yes'"),
        ("geopoint", "where", "Where?", "أين؟"),
    )
    assert example[1].encode() in made.form.content
    assert _listed(made) == [(4, "type", "geopoint")]
