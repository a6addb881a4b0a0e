"""Passphrases: one spelling on every keyboard, and what a new vault may not have."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import PassphrasePolicyError
from keys.passphrase import (
    ambiguous_letters,
    check_policy,
    decode_passphrase,
    generate_digits,
    generate_words,
    normalise,
    script_of,
)

STRONG = "زيتون جسر مطر نافذة طريق غيمة"


def spelled(text: str) -> str:
    return normalise(text).reveal().decode()


def reason(text: str, *names: str) -> str | None:
    """Why a new vault may not have this passphrase; None when it may."""
    try:
        check_policy(text, names)
    except PassphrasePolicyError as error:
        return error.reason
    return None


@pytest.mark.case("PW-01")
def test_an_empty_passphrase_is_refused_before_any_derivation() -> None:
    for text in ("", "\n", "\r\n"):
        with pytest.raises(PassphrasePolicyError) as caught:
            normalise(text)
        assert caught.value.reason == "empty"
        assert reason(text) == "empty"


@pytest.mark.case("PW-02")
@pytest.mark.parametrize(
    "text",
    [
        "a",
        "ب",
        "7#kQ",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "abcdefghijklmnopqrstuvwxyz",
        "kqxkqxkqxkqxkqxkqxkqx",
        "blue blue blue blue blue blue",
        "12345678901234567890",
        "زيتون جسر",
    ],
)
def test_a_weak_passphrase_is_refused_with_its_reason(text: str) -> None:
    assert reason(text) == "too-weak"


@pytest.mark.case("PW-02")
@pytest.mark.parametrize("text", [STRONG, "vK7#wq2Lp9!x", "correct harbour cactus lantern willow pebble"])
def test_a_strong_passphrase_is_accepted(text: str) -> None:
    assert reason(text) is None


def test_the_refusal_does_not_repeat_the_passphrase() -> None:
    with pytest.raises(PassphrasePolicyError) as caught:
        check_policy("نافذة7", [])
    assert "نافذة" not in f"{caught.value} {caught.value!r}"


@pytest.mark.case("PW-03")
def test_a_huge_paste_is_refused_at_once() -> None:
    for text in ("x" * 1_048_576, "ﷺ" * 1000, "x" * 1025):
        with pytest.raises(PassphrasePolicyError) as caught:
            normalise(text)
        assert caught.value.reason == "too-long"
    assert len(normalise("x" * 1024)) == 1024


@pytest.mark.case("PW-04")
def test_spaces_at_the_ends_are_kept_and_only_spaces_are_refused_alike_at_both_times() -> None:
    assert len({spelled(text) for text in ("a1 b2", " a1 b2", "a1 b2 ", " a1 b2 ")}) == 4
    for text in (" ", "    ", "\u00a0"):
        assert reason(text) == "empty"
        with pytest.raises(PassphrasePolicyError):
            normalise(text)


@pytest.mark.case("PW-05")
def test_composed_and_decomposed_arabic_are_the_same() -> None:
    assert normalise("\u0622\u0645\u0644") == normalise("\u0627\u0653\u0645\u0644")
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert normalise(unicodedata.normalize(form, "آمال قديمة é")) == normalise("آمال قديمة é")


@pytest.mark.case("PW-06")
def test_digits_of_every_keyboard_are_the_same() -> None:
    assert normalise("رقم ١٢٣") == normalise("رقم ۱۲۳") == normalise("رقم 123") == normalise("رقم １２３")
    assert spelled("١٢٣") == "123"


@pytest.mark.case("PW-07")
def test_letters_with_a_twin_on_another_keyboard_are_warned_of_and_stay_different() -> None:
    assert ambiguous_letters("كلب")
    assert ambiguous_letters("مدی")
    assert ambiguous_letters("ﻙ")
    assert not ambiguous_letters("زبد")
    assert not ambiguous_letters("willow 12")
    assert normalise("كلب") != normalise("کلب")


@pytest.mark.case("PW-08")
def test_presentation_forms_are_their_letters() -> None:
    assert normalise("ﺳﻼﻡ") == normalise("سلام")


@pytest.mark.case("PW-09")
@pytest.mark.parametrize(
    "mark",
    ["\u200c", "\u200d", "\u200e", "\u200f", "\u2066", "\u2069", "\u202e", "\u00ad", "\ufeff", "\u034f", "\u3164"],
)
def test_invisible_characters_are_refused_at_creation_and_never_dropped(mark: str) -> None:
    text = STRONG[:5] + mark + STRONG[5:]
    assert reason(text) == "invisible-character"
    assert normalise(text) != normalise(STRONG)


@pytest.mark.case("PW-09")
@pytest.mark.parametrize("mark", ["\u0640", "\u064e", "\u0651", "\u0670"])
def test_tatweel_and_vowel_marks_count_and_are_warned_of(mark: str) -> None:
    text = STRONG[:2] + mark + STRONG[2:]
    assert normalise(text) != normalise(STRONG)
    assert ambiguous_letters(mark)


@pytest.mark.case("PW-10")
def test_every_space_is_a_space_and_a_run_of_them_is_one() -> None:
    for space in ("\u00a0", "\u3000", "\u2003", "\u202f", "\u1680", "  ", " \u00a0 "):
        assert normalise(f"باب{space}٧") == normalise("باب 7")


@pytest.mark.case("PW-11")
@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x1b]52;c;eA==\x07", "\x7f", "\x9b", "\t", "\n\n", "\r"])
def test_control_characters_are_refused_and_not_repeated_raw(control: str) -> None:
    with pytest.raises(PassphrasePolicyError) as caught:
        normalise(f"words{control}more")
    assert caught.value.reason == "control-character"
    assert str(caught.value).isprintable()


@pytest.mark.case("PW-12")
@pytest.mark.parametrize("text", ["abc\udcff", "\ud800", "\udfff def"])
def test_a_lone_surrogate_is_not_text(text: str) -> None:
    assert reason(text) == "not-text"
    with pytest.raises(PassphrasePolicyError) as caught:
        normalise(text)
    assert caught.value.reason == "not-text"


@pytest.mark.case("PW-12")
def test_bytes_that_are_not_utf_8_are_not_text() -> None:
    assert decode_passphrase("باب ٧\n".encode()) == "باب ٧\n"
    for data, expected in ((b"\xff\xfe", "not-text"), (b"\xed\xa0\x80", "not-text"), (b"x" * 100_000, "too-long")):
        with pytest.raises(PassphrasePolicyError) as caught:
            decode_passphrase(data)
        assert caught.value.reason == expected


@pytest.mark.parametrize("letter", ["\ue000", "\u0378", "\U000e0fff"])
def test_characters_that_may_change_their_meaning_are_refused_at_creation(letter: str) -> None:
    assert reason(STRONG + letter) == "not-text"


@pytest.mark.case("PW-13")
@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("hello", "latin"),
        ("مرحبا", "arabic"),
        ("١٢٣ 456", "digits"),
        ("hello مرحبا", "mixed"),
        ("سلام 12", "arabic"),
        ("été-9", "latin"),
        ("!?", "digits"),
        ("привет", "other"),
        ("hello привет", "other"),
        ("ە", "arabic"),
        ("", "digits"),
    ],
)
def test_the_script_that_was_typed_can_be_named(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.case("PW-14")
def test_one_line_end_at_the_end_is_dropped_and_no_more() -> None:
    assert normalise("words 7\n") == normalise("words 7\r\n") == normalise("words 7")
    for text in ("words 7\n\n", "words 7\r\n\r\n", "\nwords 7", "words 7\r"):
        with pytest.raises(PassphrasePolicyError):
            normalise(text)


@pytest.mark.case("PW-18")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123456", "well-known"),
        ("P a s s w o r d", "well-known"),
        ("correct horse battery staple", "well-known"),
        ("السلام عليكم ورحمة الله وبركاته", "well-known"),
        ("كلمة السر", "well-known"),
        ("بسم الله الرحمن الرحيم", "well-known"),
        ("Practice Archive of Nowhere", "same-as-name"),
        ("practice-archive-of-nowhere 2024", "same-as-name"),
        ("أرشيفُ التدريب", "same-as-name"),
        ("nowhere-1", "same-as-name"),
    ],
)
def test_known_passphrases_and_names_are_refused_at_creation_and_allowed_later(text: str, expected: str) -> None:
    assert reason(text, "Practice Archive of Nowhere", "ارشيف التدريب", "nowhere-1", "") == expected
    assert len(normalise(text)) > 0


def test_a_long_passphrase_may_hold_a_name() -> None:
    assert reason(f"{STRONG} nowhere", "nowhere") is None


@pytest.mark.case("PW-19")
def test_a_word_phrase_is_the_same_however_it_is_separated_and_capitalised() -> None:
    words = generate_words().split()
    variants = [
        " ".join(words),
        "-".join(words),
        "  ".join(words),
        " - ".join(words),
        "--".join(words),
        " ".join(words).upper(),
        " ".join(words).title(),
        "\u00a0".join(words) + "\n",
    ]
    assert len({spelled(text) for text in variants}) == 1
    assert normalise("".join(words)) != normalise(variants[0])


@pytest.mark.case("PW-19")
def test_case_and_hyphens_count_in_every_other_passphrase() -> None:
    assert normalise("Single") != normalise("single")
    assert normalise("Two words7") != normalise("two words7")
    assert normalise("two-words7") != normalise("two words7")
    assert normalise("École du soir") != normalise("école du soir")


def test_digits_are_the_same_however_they_are_grouped() -> None:
    assert normalise("1234 5678") == normalise("12345678") == normalise("١٢٣٤-٥٦٧٨")


@given(st.text(max_size=300))
def test_any_text_ends_in_a_spelling_or_in_our_own_error_and_a_spelling_is_its_own(text: str) -> None:
    try:
        first = spelled(text)
    except PassphrasePolicyError:
        return
    assert spelled(first) == first
    reason(text)


def test_generated_passphrases_differ_and_pass_their_own_policy() -> None:
    for generate in (generate_words, generate_digits):
        made = {generate() for _ in range(3000)}
        assert len(made) == 3000
        assert {reason(text) for text in made} == {None}
    assert [len(group) for group in generate_digits().split()] == [4] * 5
    assert len(generate_words().split()) == 7
