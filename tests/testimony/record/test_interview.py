from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_interview import arabic, english
from shared_data import shared_file

from testimony.answers import MAX_ACCOUNT, MAX_PARAGRAPHS, MAX_TEXT, Declined, Given, NotAsked, Unknown, members_of
from testimony.canonical import decode, encode, parse_lenient
from testimony.errors import InterviewError, LimitExceededError, TestimonyError
from testimony.interview import MAX_INTERVIEW, empty_interview, parse_interview
from testimony.readiness import missing_for_finish


def _problems(value: Any) -> list[tuple[str, str]]:
    with pytest.raises(InterviewError) as caught:
        parse_interview(value)
    return [(problem.path, problem.rule) for problem in caught.value.problems]


@pytest.mark.parametrize(("name", "missing"), [("interview-ar.json", ["C14", "C17"]), ("interview-en.json", ["C14"])])
def test_the_practice_interviews_come_back_without_loss_and_lack_only_what_the_vault_asks(
    name: str, missing: list[str]
):
    value = parse_lenient(shared_file("data", "practice", name).read_bytes(), limit=MAX_INTERVIEW, where="interview")
    interview = parse_interview(value)
    assert interview.to_json() == value
    assert [problem.rule for problem in missing_for_finish(interview)] == missing
    assert interview.practice


@pytest.mark.parametrize("name", ["interview-ar.json", "interview-en.json"])
def test_the_interviews_of_the_demonstration_can_be_finished(repository: Path, name: str):
    data = (repository / "tui" / "practice" / name).read_bytes()
    assert missing_for_finish(parse_interview(parse_lenient(data, limit=MAX_INTERVIEW, where="interview"))) == ()


@pytest.mark.parametrize("make", [english, arabic])
def test_an_interview_survives_its_json(make: Any):
    interview = parse_interview(make())
    assert interview.to_json() == make()
    assert parse_interview(decode(encode(interview.to_json()), limit=MAX_INTERVIEW, where="x")) == interview


def test_unknown_declined_and_not_asked_are_three_stored_values():
    value = english()
    value["witness"]["name"]["mother"] = {"state": "unknown"}
    value["witness"]["contact"] = {"state": "declined"}
    del value["witness"]["birth"]
    interview = parse_interview(value)
    assert members_of(interview.answers["witness.name"])["mother"] == Unknown()
    assert interview.answers["witness.contact"] == Declined()
    assert interview.answers["witness.birth"] == NotAsked()
    assert parse_interview(interview.to_json()) == interview
    assert interview.to_json() == value


def test_all_problems_are_named_at_once_with_their_places():
    value = english()
    value["session"]["started_at"] = "yesterday"
    value["account"]["mode"] = "from memory"
    value["account"]["source_of_knowledge"][1] = "telepathy"
    value["consent"]["recording"]["drone"] = "yes"
    value["witness"]["shoe_size"] = 44
    value["surprise"] = True
    assert sorted(_problems(value)) == [
        ("account.mode", "not-in-vocabulary"),
        ("account.source_of_knowledge", "not-in-vocabulary"),
        ("consent.recording", "unknown-member"),
        ("interview", "unknown-member"),
        ("session.started_at", "bad-time"),
        ("witness", "unknown-member"),
    ]


@pytest.mark.parametrize(
    ("place", "bad", "rule"),
    [
        (("session", "interviewer_code"), "I 04", "bad-code"),
        (("session", "interviewer_code"), 4, "not-a-text"),
        (("language",), "English", "bad-language"),
        (("session", "place"), "Homs", "not-an-object"),
        (("session", "others_present"), "many", "not-a-list"),
        (("session", "others_present"), ["x"], "not-an-object"),
        (("consent", "limits_explained"), {"points": [True] * 6}, "wrong-count"),
        (("consent", "limits_explained"), {"points": ["yes"] * 7}, "not-yes-or-no"),
        (("account", "readback"), {"corrections": -1}, "not-a-count"),
        (("account", "readback"), {"corrections": True}, "not-a-count"),
        (("account", "paragraphs"), ["a", 1], "not-a-text"),
        (("account", "mode"), {"state": "maybe"}, "unknown-state"),
        (("account", "mode"), {"state": "unknown", "x": 1}, "unknown-state"),
        (("witness", "birth"), {"edtf": "31 February"}, "bad-date"),
        (("witness", "birth"), {"earliest": "2025-02-31"}, "no-such-day"),
        (("consent", "share"), [{"recipient": "a", "purpose": "b", "answer": "maybe"}], "not-in-vocabulary"),
        (("exhibits",), [{"file": {"sha256": "x", "size": 1}}], "not-a-file"),
    ],
)
@pytest.mark.case("RF-09")
def test_one_bad_value_is_one_problem(place: tuple[str, ...], bad: Any, rule: str):
    value = english()
    inner = value
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = bad
    assert [found for _, found in _problems(value)] == [rule]


def test_two_answers_for_one_recipient_and_purpose_are_refused():
    value = english()
    value["consent"]["share"].append(value["consent"]["share"][0] | {"answer": "no"})
    assert _problems(value) == [("consent.share", "C2-repeated")]


@pytest.mark.case("RF-09")
@pytest.mark.parametrize("words", ["Ramadan 1446", "31 Feb", "about 3 a.m.", "١٤٤٦ هـ", "unknown", "year 0"])
def test_words_about_a_date_are_stored_as_given_and_nothing_is_made_of_them(words: str):
    interview = empty_interview("apc").answered("witness.birth", {"verbatim": words})
    assert members_of(interview.answers["witness.birth"]) == {"verbatim": Given(words)}
    assert interview.to_json() == {"practice": False, "language": "apc", "witness": {"birth": {"verbatim": words}}}


@pytest.mark.case("RF-09")
def test_digits_of_structured_values_are_stored_as_ascii_and_words_as_spoken():
    interview = empty_interview().answered("witness.birth", {"verbatim": "سنة ١٩٩١", "edtf": "١٩٩١"})
    assert members_of(interview.answers["witness.birth"]) == {"verbatim": Given("سنة ١٩٩١"), "edtf": Given("1991")}


@pytest.mark.case("RF-01", "RF-03", "RF-05", "RF-06", "RF-08", "RF-15")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "\x00\x1b]52;c;ZXZpbA==\x1b\\\x9b\x7f\x08\r",
        "a" + "\u0301" * 500,
        "\u202eVERIFIED\u2066",
        "e\u0301 é",
        "نَعَم 0900 tel",
    ],
)
def test_an_account_is_stored_to_the_byte(text: str):
    interview = empty_interview().answered("account.text", [text])
    again = parse_interview(decode(encode(interview.to_json()), limit=MAX_INTERVIEW, where="x"))
    assert again.paragraphs == (text,)


@pytest.mark.case("RF-01")
def test_sixteen_mebibytes_of_account_pass_and_one_byte_more_is_refused_before_anything_is_lost():
    before = empty_interview().answered("account.text", ["kept"])
    assert len(before.answered("account.text", ["a" * MAX_ACCOUNT]).paragraphs[0]) == MAX_ACCOUNT
    with pytest.raises(LimitExceededError):
        before.answered("account.text", ["a" * MAX_ACCOUNT, "b"])
    assert before.paragraphs == ("kept",)


@pytest.mark.case("RF-01")
def test_limits_hold_for_each_kind_of_answer():
    blank = empty_interview()
    blank.answered("account.text", [""] * MAX_PARAGRAPHS)
    blank.answered("session.place", {"verbatim": "ق" * (MAX_TEXT // 2)})
    for name, value in (
        ("account.text", [""] * (MAX_PARAGRAPHS + 1)),
        ("session.place", {"verbatim": "ق" * (MAX_TEXT // 2 + 1)}),
        ("mentions", [{}] * 1001),
        ("consent.limits_explained", {"points": [True] * 1001}),
        ("witness.name", {"latin": ["x"] * 65}),
        ("witness.contact", [{"value": "ق" * 30_000}] * 20),
        ("account.text", ["\x00" * (MAX_ACCOUNT // 2)]),
    ):
        with pytest.raises(LimitExceededError) as caught:
            blank.answered(name, value)
        assert caught.value.where.startswith(name)
    with pytest.raises(LimitExceededError):
        parse_interview({"note": "x" * (MAX_TEXT + 1)})


@pytest.mark.case("RF-01")
def test_the_largest_account_that_is_accepted_can_be_read_again() -> None:
    interview = empty_interview().answered("account.text", ["\n" * (MAX_ACCOUNT - 2)])
    data = encode(interview.to_json())
    assert len(data) <= MAX_INTERVIEW
    assert parse_interview(decode(data, limit=MAX_INTERVIEW, where="draft")) == interview


@pytest.mark.case("RF-12")
def test_a_lone_surrogate_is_refused_at_the_border():
    blank = empty_interview()
    for name, value in (("account.text", ["a\ud800"]), ("session.place", {"verbatim": "\udfff"})):
        with pytest.raises(InterviewError) as caught:
            blank.answered(name, value)
        assert caught.value.problems[0].rule == "lone-surrogate"
    with pytest.raises(InterviewError):
        blank.typed("session.place", "\ud800")


def test_what_is_typed_but_no_value_yet_is_kept_and_keeps_the_interview_open():
    interview = parse_interview(english()).typed("session.started_at", "2031-05-0")
    assert parse_interview(interview.to_json()) == interview
    assert [(one.path, one.rule) for one in missing_for_finish(interview)] == [("session.started_at", "unparsed")]
    settled = interview.answered("session.started_at", "2031-05-04T09:00:00+03:00")
    assert settled.unparsed == {}


def test_neither_a_repr_nor_an_error_repeats_an_answer():
    interview = parse_interview(english())
    assert "Tamsin" not in repr(interview)
    value = english() | {"Tamsin Veldhuis": 1}
    value["witness"]["name"]["Tamsin"] = "x"
    value["consent"]["share"][0]["recipient"] = "Tamsin Veldhuis"
    with pytest.raises(InterviewError) as caught:
        parse_interview(value)
    assert "Tamsin" not in repr(caught.value) + str(caught.value) + repr(caught.value.problems)


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["state", "answer", "who", "x", "points"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(
        ["session", "consent", "witness", "account", "mentions", "exhibits", "note", "practice", "unparsed", "record"]
    ),
    _json,
)
def test_any_json_ends_in_an_interview_or_in_our_error(group: str, value: Any):
    try:
        interview = parse_interview(english() | {group: value})
    except TestimonyError:
        return
    assert parse_interview(interview.to_json()) == interview


@given(st.sampled_from([field.id for field in empty_interview().form.fields]), _json)
def test_any_value_of_any_field_ends_in_an_answer_or_in_our_error(name: str, value: Any):
    try:
        interview = empty_interview().answered(name, value)
    except TestimonyError:
        return
    assert parse_interview(interview.to_json()).answers == interview.answers
