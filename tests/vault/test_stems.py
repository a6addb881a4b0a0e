"""Light stems: forms of one word meet, and a short word is not cut to nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.stems import stems_of, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتاب", "الكتاب"),
        ("كتاب", "بكتابه"),
        ("والكتاب", "كتاب"),
        ("بيت", "بيتنا"),
        ("البيت", "وبيته"),
        ("سياره", "السيارات"),
        ("رجال", "للرجال"),
        ("يوسف", "ليوسف"),
        ("اخي", "اخ"),
        ("قتل", "قتلوا"),
        ("معلم", "معلماتهم"),
        ("checkpoints", "checkpoint"),
        ("houses", "house"),
        ("asked", "ask"),
        ("stopped", "stop"),
        ("calling", "call"),
        ("families", "family"),
    ],
)
def test_two_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stems_of(one) & stems_of(other)


@pytest.mark.parametrize(("one", "other"), [("بيت", "كتاب"), ("بعد", "عبد"), ("road", "stone"), ("من", "عن")])
def test_two_different_words_share_no_stem(one: str, other: str) -> None:
    assert not stems_of(one) & stems_of(other)


@pytest.mark.parametrize("word", ["من", "في", "ال", "و", "اب", "a", "is"])
def test_a_two_letter_word_stays_whole(word: str) -> None:
    assert stems_of(word) == {word}


@given(st.text(alphabet="ابتوفلكهينمabcedsing٣3", min_size=1, max_size=12))
def test_a_stem_is_never_empty_and_the_same_word_always_has_the_same_stems(word: str) -> None:
    assert all(stems_of(word))
    assert stems_of(word) == stems_of(word)


def test_words_are_letters_and_digits_and_nothing_else() -> None:
    assert words_of('near(x) "y" * a_b كتاب، 0900 000') == ["near", "x", "y", "a", "b", "كتاب", "0900", "000"]
