import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_interview import ALIAS_KEY, arabic, english, people_of

from testimony.errors import InterviewError, LimitExceededError
from testimony.folding import fold_with_offsets
from testimony.hand_marks import MAX_HAND_MARKS
from testimony.interview import Interview, empty_interview, parse_interview
from testimony.mentions import (
    ALIAS,
    MAX_NAMES,
    Person,
    alias,
    candidates,
    mark,
    mark_problems,
    normalise_for_match,
    witness_names,
)
from testimony.names import NameIndex, numbers_in
from testimony.readiness import missing_for_finish


def _marked(names: list[str], text: str) -> list[str]:
    return [text[found.start : found.end] for found in NameIndex([names]).find(text)]


def _spans(interview: Interview) -> list[tuple[str, str]]:
    people = people_of(interview)
    return [
        (interview.paragraphs[one.paragraph][one.start : one.end], people[one.person].kind)
        for one in mark(interview, people)
    ]


def test_everyone_named_in_an_english_account_is_marked_with_the_right_kind():
    assert _spans(parse_interview(english())) == [
        ("Tamsin", "W"),
        ("Bellamy", "V"),
        ("BELLAMY", "V"),
        ("0700 555 0199", "N"),
        ("0700-555-0142", "N"),
    ]


def test_everyone_named_in_an_arabic_account_is_marked_without_the_prefixes():
    assert _spans(parse_interview(arabic())) == [
        ("سِراج", "N"),
        ("نعيم", "V"),
        ("أبو ليث", "P"),
        ("نعيم", "V"),
        ("الزعفراني", "W"),
        ("نعيماً", "V"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("هالة", "وهالة", "هالة"),
        ("هالة", "فبهالة", "هالة"),
        ("هالة", "هَالَةُ.", "هَالَةُ"),
        ("هالة", "هـالـة", "هـالـة"),
        ("هالة", "هاله", "هاله"),
        ("الخطيب", "للخطيب", "خطيب"),
        ("الخطيب", "والخطيب", "الخطيب"),
        ("الخطيب", "خطيب", "خطيب"),
        ("خطيب", "كالخطيب", "خطيب"),
        ("أحمد", "احمد", "احمد"),
        ("أحمد", "لأحمد", "أحمد"),
        ("يحيى", "يحيي", "يحيي"),
        ("كرم", "ﻛﺮﻡ", "ﻛﺮﻡ"),
        ("سامي", "سامی", "سامی"),
        ("فؤاد", "فواد", "فواد"),
        ("علي", "وعلي", "علي"),
        ("أم سراج", "ام  سراج", "ام  سراج"),
        ("Zoë Ñandú", "ZOE NANDU's", "ZOE NANDU"),
        ("أم سراج", "أم\nسراج", "أم\nسراج"),
        ("Majd", "Majd2", "Majd"),
        ("Majd", "(majd)", "majd"),
        ("O'Brien", "O’Brien", "O’Brien"),
        ("Anne-Marie", "anne marie", "anne marie"),
        ("0900 000 112", "هاتفه ٠٩٠٠٠٠٠١١٢.", "٠٩٠٠٠٠٠١١٢"),
        ("0900 000 112", "+963 900-000-112", "+963 900-000-112"),
    ],
)
def test_a_name_is_found_in_every_spelling_of_it(name: str, text: str, found: str):
    assert _marked([name], text) == [found]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("علي", "كنت على السطح وعلى الدرج"),
        ("Al", "also"),
        ("Rim", "trimmed"),
        ("ريم", "تكريم"),
        ("أبو حسان", "حسان"),
        ("the baker", "a baker"),
        ("Samir the baker", "another baker"),
    ],
)
def test_another_word_is_left_alone(name: str, text: str):
    assert _marked([name], text) == []


def test_a_word_that_may_be_a_prefix_and_a_name_is_marked():
    # كريم is a name of its own, and may be ك before ريم: one mark too many hides a word, one too few names a person.
    assert _marked(["ريم"], "كريم") == ["ريم"]


def test_one_part_of_a_whole_name_is_enough():
    assert _marked(["Samir Veldhuis the baker"], "Old Samir said: Veldhuis, the baker.") == ["Samir", "Veldhuis"]
    assert _marked(["ابن عمي خالد"], "جاء خالد وابن عمي") == ["خالد"]


def test_a_mention_wins_over_a_part_of_the_witness_name():
    value = english()
    value["mentions"].append({"who": "Orrin", "role": "victim"})
    value["account"]["paragraphs"][2] = "Orrin Veldhuis and Orrin."
    people = people_of(parse_interview(value))
    marks = [one for one in mark(parse_interview(value), people) if one.paragraph == 2]
    assert [people[one.person].kind for one in marks] == ["V", "W", "V"]


def test_marks_never_overlap_and_lie_inside_their_paragraph():
    interview = parse_interview(arabic())
    place = (0, 0)
    for one in mark(interview, people_of(interview)):
        assert (one.paragraph, one.start) >= place
        assert one.start < one.end <= len(interview.paragraphs[one.paragraph])
        place = (one.paragraph, one.end)


@pytest.mark.parametrize(
    "text", ["2025-03-07", "07/03/2025", "2011-2015", "between 2011 - 2015", "room 12", "a" * 30, "123 456"]
)
def test_dates_and_small_numbers_are_no_telephones(text: str):
    assert numbers_in(text) == []


def test_people_named_twice_need_one_code():
    value = english()
    value["mentions"] += [{"who": "BELLAMY", "role": "witness"}, {"who": " ", "role": "victim"}]
    assert [one.kind for one in candidates(parse_interview(value))] == ["V", "W", "N", "N"]


@pytest.mark.case("RF-15")
@given(st.text(max_size=60))
def test_folding_is_the_same_for_every_normal_form_and_keeps_its_offsets(text: str):
    import unicodedata

    folded, offsets = fold_with_offsets(text)
    assert folded == normalise_for_match(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    for form in ("NFC", "NFD"):
        assert normalise_for_match(unicodedata.normalize(form, text)) == folded
    assert normalise_for_match(folded) == folded


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=12), max_size=4))
def test_any_text_and_any_names_give_marks_in_order(text: str, names: list[str]):
    end = 0
    for found in NameIndex([[name] for name in names]).find(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(
    st.text(alphabet="abcdefgh", min_size=3, max_size=10), st.sampled_from(["", " ", ". ", "«", "(", "\u200f", "و "])
)
def test_a_name_of_latin_letters_is_always_found_between_words(name: str, before: str):
    assert _marked([name], f"zzz {before}{name}, zzz") == [name]


def test_a_code_is_the_same_for_a_person_in_a_case_and_another_in_another_case():
    uuid = bytes(16)
    code = alias(ALIAS_KEY, uuid, "V", [])
    assert ALIAS.fullmatch(code)
    assert alias(ALIAS_KEY, uuid, "V", []) == code
    assert alias(b"x" * 32, uuid, "V", []) != code


def test_a_code_that_is_taken_is_drawn_again():
    first = alias(ALIAS_KEY, bytes(16), "P", [])
    second = alias(ALIAS_KEY, bytes(16), "P", [first])
    assert second != first
    assert ALIAS.fullmatch(second)


def test_ten_thousand_words_are_marked_well_under_three_tenths_of_a_second():
    words = ("كان نعيم في الطريق عند الجسر القديم ثم رجع مع أبي ليث إلى البيت " * 800).split()
    interview = empty_interview("apc").answered("account.text", [" ".join(words[:10_400])])
    people = [Person(uuid=bytes(16), kind="V", names=(f"اسم{number}", "نعيم"), code="V-0000") for number in range(50)]
    started = time.process_time()
    assert len(mark(interview, people)) > 500
    assert time.process_time() - started < 0.3


def test_no_repr_shows_a_name():
    interview = parse_interview(english())
    index = NameIndex([["Tamsin"]])
    assert "Tamsin" not in repr(index) + repr(people_of(interview)) + repr(candidates(interview)) + repr(
        index._spellings
    )


def test_more_people_and_numbers_than_a_record_holds_are_refused_quickly() -> None:
    numbers = " ".join(str(7_000_000_000 + number) + "," for number in range(10_001))
    with pytest.raises(LimitExceededError):
        candidates(empty_interview().answered("account.text", [numbers]))


def test_the_names_of_a_witness_are_counted() -> None:
    value = english()
    value["witness"]["contact"] = [{"value": f"at house {number}"} for number in range(500)]
    assert len(witness_names(parse_interview(value))) == MAX_NAMES


def _by_hand(value: dict[str, Any], *marks: dict[str, Any]) -> Interview:
    return parse_interview(value | {"marks": list(marks)})


def test_a_mark_by_hand_stands_on_words_that_are_no_name():
    mark_ = {"paragraph": 1, "words": "two strangers", "who": "Bellamy"}
    assert _spans(_by_hand(english(), mark_))[:3] == [("Tamsin", "W"), ("Bellamy", "V"), ("two strangers", "V")]


def test_a_mark_by_hand_holds_through_an_edit_in_front_of_it():
    interview = _by_hand(english(), {"paragraph": 2, "words": "the lamp", "who": "Tamsin Orrin Veldhuis"})
    edited = interview.answered("account.text", ["One.", "Yes. " + interview.paragraphs[1]])
    assert ("the lamp", "W") in _spans(edited)
    assert mark_problems(edited) == ()


def test_the_occurrence_tells_which_of_several_is_meant():
    value = english()
    value["account"] |= {"paragraphs": ["He came, and he, and he."], "source_of_knowledge": ["saw"]}
    interview = _by_hand(value, {"paragraph": 1, "words": "he,", "occurrence": 2, "who": "Bellamy"})
    assert [(one.start, one.end) for one in mark(interview, people_of(interview))] == []
    assert [problem.rule for problem in mark_problems(interview)] == ["mark-gone"]
    second = _by_hand(value, {"paragraph": 1, "words": "he", "occurrence": 2, "who": "bellamy"})
    assert [(one.start, one.end) for one in mark(second, people_of(second))] == [(21, 23)]


@pytest.mark.parametrize(
    ("words", "marked"), [("لنعيم", "نعيم"), ("نعيم", "نعيم"), ("لنعيم: أين", "نعيم: أين"), ("أين", "أين")]
)
def test_a_prefix_written_to_the_name_stays_outside_a_mark_by_hand(words: str, marked: str):
    interview = _by_hand(arabic(), {"paragraph": 2, "words": words, "who": "نعيم"})
    assert (marked, "V") in _spans(interview)


def test_a_mark_by_hand_wins_and_what_it_leaves_of_a_name_is_still_marked():
    value = english()
    value["mentions"][0]["who"] = "Bellamy Quince"
    value["mentions"].append({"who": "Ada Finch", "role": "witness"})
    value["account"] |= {"paragraphs": ["Then Bellamy Quince came."], "source_of_knowledge": ["saw"]}
    interview = _by_hand(value, {"paragraph": 1, "words": "Bellamy", "who": "Ada Finch"})
    assert _spans(interview) == [("Bellamy", "W"), ("Quince", "V")]


@pytest.mark.parametrize(
    ("mark_", "rule"),
    [
        ({"paragraph": 1, "words": "three strangers", "who": "Bellamy"}, "mark-gone"),
        ({"paragraph": 9, "words": "two strangers", "who": "Bellamy"}, "mark-gone"),
        ({"paragraph": 1, "words": "two strangers", "occurrence": 2, "who": "Bellamy"}, "mark-gone"),
        ({"paragraph": 1, "words": "two strangers", "who": "Ansel"}, "mark-of-nobody"),
        ({"paragraph": 1, "words": "with two", "who": "Bellamy"}, "mark-overlaps"),
    ],
)
def test_a_mark_that_marks_nothing_is_named_at_finishing_and_never_dropped_in_silence(mark_: dict[str, Any], rule: str):
    sound = {"paragraph": 1, "words": "two strangers", "who": "Bellamy"}
    interview = _by_hand(english(), *([sound] if rule == "mark-overlaps" else []), mark_)
    problems = [problem for problem in missing_for_finish(interview) if problem.rule.startswith("mark-")]
    assert [problem.rule for problem in problems] == [rule]
    assert problems[0].paragraph == {"mark-of-nobody": None}.get(rule, mark_["paragraph"] - 1)


@pytest.mark.parametrize(
    ("marks", "rule"),
    [
        ({}, "not-a-list"),
        (["x"], "not-an-object"),
        ([{"paragraph": 1, "words": "x"}], "unknown-member"),
        ([{"paragraph": 1, "words": "x", "who": "y", "why": "z"}], "unknown-member"),
        ([{"paragraph": 0, "words": "x", "who": "y"}], "not-a-count"),
        ([{"paragraph": True, "words": "x", "who": "y"}], "not-a-count"),
        ([{"paragraph": 1, "words": "x", "occurrence": 0, "who": "y"}], "not-a-count"),
        ([{"paragraph": 1, "words": " x", "who": "y"}], "mark-words"),
        ([{"paragraph": 1, "words": "", "who": "y"}], "mark-words"),
        ([{"paragraph": 1, "words": "\ud800", "who": "y"}], "lone-surrogate"),
    ],
)
def test_a_malformed_mark_is_a_problem(marks: Any, rule: str):
    with pytest.raises(InterviewError) as caught:
        parse_interview(english() | {"marks": marks})
    assert [problem.rule for problem in caught.value.problems] == [rule]


def test_more_marks_than_the_limit_are_refused():
    one = {"paragraph": 1, "words": "x", "who": "y"}
    with pytest.raises(LimitExceededError):
        parse_interview(english() | {"marks": [one] * (MAX_HAND_MARKS + 1)})


def test_marks_by_hand_are_written_and_read_back():
    interview = _by_hand(english(), {"paragraph": 1, "words": "two strangers", "who": "Bellamy"})
    assert parse_interview(interview.to_json()) == interview
    assert "strangers" not in repr(interview.hand_marks)


def test_a_place_and_a_unit_have_codes_of_their_own_and_one_word_of_them_is_no_name():
    value = english()
    value["mentions"] = [{"who": "Northern Bridge", "role": "place"}, {"who": "Fourth Column", "role": "unit"}]
    paragraphs = ["At Northern Bridge stood the fourth column.", "A column went Northern over the Bridge."]
    value["account"] |= {"paragraphs": paragraphs, "source_of_knowledge": ["saw", "saw"]}
    interview = parse_interview(value)
    assert _spans(interview) == [("Northern Bridge", "L"), ("fourth column", "U")]
    assert [person.code[:2] for person in people_of(interview)][:2] == ["L-", "U-"]
