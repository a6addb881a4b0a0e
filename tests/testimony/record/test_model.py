import json
from typing import Any

import pytest
from invented_interview import arabic, english, record_of

from testimony.answers import Answer, Blob, Declined, Given, NotAsked, elements_of
from testimony.canonical import encode
from testimony.errors import CanonicalError, InterviewError, TestimonyError
from testimony.model import Exhibit, Record, parse_record

SKETCH = Exhibit(
    control_number="TST-0000124",
    kind="sketch",
    title="the yard",
    original_name="yard.png",
    media_type="image/png",
    sha256="ab" * 32,
    size=1234,
    extension="png",
)


@pytest.mark.parametrize("make", [english, arabic])
def test_a_record_survives_its_bytes(make: Any):
    record = record_of(make(), SKETCH)
    assert parse_record(record.to_bytes()) == record
    assert parse_record(record.to_bytes()).to_bytes() == record.to_bytes()


def test_every_slot_of_the_form_has_an_answer():
    record = record_of(english(), SKETCH)
    assert set(record.answers) == {slot.id for slot in record.form.slots}


def test_mentions_carry_the_codes_of_their_people():
    record = record_of(arabic())
    codes = [element["code"] for element in elements_of(record.answers["mentions"])]
    assert codes == [Given(person.code) for person in record.persons[:3]]


def test_a_file_fills_the_exhibit_that_was_described():
    other = Exhibit(kind="photo", title="a wall", sha256="cd" * 32, size=9)
    described = english()
    described["exhibits"].insert(0, {"kind": "object", "title": "a lamp"})
    elements = elements_of(record_of(described, SKETCH, other).answers["exhibits"])
    assert [element["title"] for element in elements] == [Given("the yard"), Given("a wall"), Given("a lamp")]
    assert elements[0]["file"] == Given(Blob(sha256="ab" * 32, size=1234))
    assert "file" not in elements[2]


def _coarse(value: dict[str, Any], slot: str) -> Answer:
    return record_of(value).answers[slot]


def test_coarser_values_are_computed_from_what_was_given():
    value = english()
    assert _coarse(value, "session.started_at~month") == Given("2031-05")
    assert _coarse(value, "session.place~governorate") == Given("XA01")
    assert _coarse(value, "session.place~district") == Given("XA0102")
    assert _coarse(value, "witness.birth~band") == Given("40-49")


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        ({"edtf": "2021-05-05"}, "0-9"),
        ({"edtf": "2021-05-04"}, "10-17"),
        ({"edtf": "2013-05-04"}, "18-29"),
        ({"edtf": "2013-05-05"}, "10-17"),
        ({"edtf": "1991"}, None),
        ({"edtf": "199X"}, None),
        ({"edtf": "1985~"}, "40-49"),
        ({"edtf": "../1985"}, None),
        ({"edtf": "2040"}, None),
        ({"verbatim": "between fifty and fifty-five"}, None),
        ({"earliest": "1982-01-01", "latest": "1989-12-31"}, "40-49"),
    ],
)
def test_an_age_band_is_given_only_where_no_age_had_to_be_guessed(birth: dict[str, str], band: str | None):
    value = english()
    value["witness"]["birth"] = birth
    assert _coarse(value, "witness.birth~band") == (NotAsked() if band is None else Given(band))


def test_a_coarser_slot_of_a_declined_field_is_declined():
    value = english()
    value["session"]["place"] = {"state": "declined"}
    assert _coarse(value, "session.place~district") == Declined()


def test_a_place_code_of_another_make_is_not_cut():
    value = english()
    value["session"]["place"]["pcode"] = "XA1A23"
    assert _coarse(value, "session.place~governorate") == NotAsked()


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("format", "testimony-record 2"),
        ("form", {"id": "core-1", "sha256": "0" * 64}),
        ("record_id", "K7F3-9QZI"),
        ("version", 0),
        ("version", 10_001),
        ("control_number", "../x"),
        ("marks", [[0, 0, 999, 0]]),
        ("marks", [[0, 5, 5, 0]]),
        ("marks", [[0, 5, 8, 99]]),
        ("marks", [[9, 5, 8, 0]]),
        ("marks", [[0, 5, 8, 0], [0, 7, 9, 0]]),
        ("marks", [[0, 5, 8]]),
        ("marks", [[0, 5, 8, -1]]),
        ("persons", [{"code": "X-0000", "kind": "X", "names": [], "uuid": "0" * 32}]),
        ("persons", [{"code": "V-0000", "kind": "W", "names": [], "uuid": "0" * 32}]),
        ("persons", [{"code": "V-0000", "kind": "V", "names": [], "uuid": "0"}]),
        ("exhibits", [{}]),
        ("surprise", 1),
    ],
)
def test_a_stored_record_that_breaks_a_rule_is_refused(name: str, bad: Any):
    value = json.loads(record_of(english(), SKETCH).to_bytes())
    value[name] = bad
    with pytest.raises(CanonicalError):
        parse_record(encode(value))


def test_an_interview_in_a_stored_record_is_checked_again():
    value = json.loads(record_of(english()).to_bytes())
    value["interview"]["account"]["mode"] = "from memory"
    with pytest.raises(InterviewError):
        parse_record(encode(value))


def test_any_cut_of_a_stored_record_is_refused_by_us():
    data = record_of(english()).to_bytes()
    for end in range(0, len(data), 37):
        with pytest.raises(TestimonyError):
            parse_record(data[:end])


def test_a_record_shows_no_name_in_its_repr():
    record: Record = record_of(english(), SKETCH)
    assert not any(word in repr(record) for word in ("Tamsin", "Bellamy", "yard", "0700"))
