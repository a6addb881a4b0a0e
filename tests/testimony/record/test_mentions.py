import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_interview import ALIAS_KEY, arabic, english, people_of

from testimony.errors import LimitExceededError
from testimony.interview import Interview, empty_interview, parse_interview
from testimony.mentions import (
    ALIAS,
    MAX_NAMES,
    Person,
    alias,
    candidates,
    mark,
    normalise_for_match,
    normalise_with_offsets,
    witness_names,
)
from testimony.names import NameIndex, numbers_in


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

    folded, offsets = normalise_with_offsets(text)
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
