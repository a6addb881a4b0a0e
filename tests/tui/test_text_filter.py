import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text_filter import display_line, display_safe

HARMLESS = "\n\t\u200c\u200d"


@pytest.mark.case("RF-02", "RF-03")
@given(st.text())
def test_nothing_a_terminal_acts_on_is_left(text: str) -> None:
    shown = display_safe(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs"} and c not in HARMLESS]
    assert "\x1b" not in shown


@given(st.text())
def test_a_line_is_one_line(text: str) -> None:
    assert len(display_line(text).splitlines()) <= 1
    assert "\t" not in display_line(text)


@given(st.text())
def test_the_filter_changes_nothing_it_has_already_shown(text: str) -> None:
    assert display_line(display_line(text)) == display_line(text)


@pytest.mark.case("RF-02")
def test_an_escape_sequence_is_shown_as_marks() -> None:
    assert display_safe("a\x1b]52;c;ZXZpbA==\x1b\\b") == "a␛]52;c;ZXZpbA==␛\\b"


@pytest.mark.case("RF-03")
def test_c1_controls_delete_and_a_lone_carriage_return_are_shown_as_marks() -> None:
    assert display_safe("\x9b\x9d\x90\x7f\x00\x08\r") == "‹9B›‹9D›‹90›␡␀␈␍"


@pytest.mark.case("RF-05")
def test_direction_controls_are_named() -> None:
    assert display_safe("\u202eabc\u202c\u2066\u200f") == "‹RLO›abc‹PDF›‹LRI›‹RLM›"


@pytest.mark.case("RF-06")
def test_a_flood_of_combining_marks_is_bounded_and_counted() -> None:
    assert display_safe("a" + "\u0301" * 500) == "a" + "\u0301" * 6 + "‹+494›"


@pytest.mark.case("RF-07", "RF-08")
def test_ordinary_arabic_latin_and_emoji_text_is_left_as_it_is() -> None:
    text = "مَدْرَسَةٌ رقم ٩، Hilux 0900 000 112 می\u200cخواهم 👩\u200d👩\u200d👧 漢字 لا ـــ"
    assert display_safe(text) == text


def test_lone_surrogates_and_tags_and_unassigned_characters_are_shown_by_number() -> None:
    assert display_safe("\ud800\U000e0041\u2028\ue000\u3164") == "‹D800›‹E0041›‹2028›‹E000›‹3164›"


def test_other_spaces_are_shown_as_a_space() -> None:
    assert display_safe("a\u00a0b\u3000c") == "a b c"
