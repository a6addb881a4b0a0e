import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.digits import arabic_indic, forty_digits, parse_forty_digits, ungrouped
from keys.errors import KeyFormatError, LimitError

SAMPLE = forty_digits(bytes(range(32)))


def test_forty_digits_are_the_worked_example_of_the_format_page() -> None:
    assert forty_digits(bytes(16)) == "0000 0000 0000 0000 0000 0000 0000 0000 0000 0098"
    assert forty_digits(b"\xff" * 16) == "8507 0591 7302 3461 5865 8436 5185 7942 0528 6302"


@given(st.binary(min_size=16, max_size=64))
def test_what_is_shown_in_either_script_is_read_back(value: bytes) -> None:
    digits = forty_digits(value)
    assert parse_forty_digits(digits) == digits
    assert parse_forty_digits(arabic_indic(digits)) == digits


def test_only_the_top_126_bits_count() -> None:
    assert forty_digits(bytes(15) + b"\x03") == forty_digits(bytes(15) + b"\x00")
    assert forty_digits(bytes(15) + b"\x04") != forty_digits(bytes(15) + b"\x00")


@pytest.mark.parametrize(
    "change",
    [
        ungrouped,
        lambda text: text.replace(" ", "-"),
        lambda text: f"  {text.replace(' ', '   ')}\r\n",
        lambda text: text.replace(" ", " – "),
        lambda text: text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        lambda text: text[:20] + arabic_indic(text[20:]),
    ],
)
def test_spaces_hyphens_and_other_digits_are_tolerated(change) -> None:
    assert parse_forty_digits(change(SAMPLE)) == SAMPLE


def test_every_single_wrong_digit_is_found() -> None:
    plain = SAMPLE.replace(" ", "")
    for place, right in enumerate(plain):
        for wrong in set("0123456789") - {right}:
            with pytest.raises(KeyFormatError):
                parse_forty_digits(plain[:place] + wrong + plain[place + 1 :])


def test_every_exchange_of_two_neighbours_is_found() -> None:
    plain = SAMPLE.replace(" ", "")
    for place in range(39):
        first, second = plain[place], plain[place + 1]
        if first != second:
            with pytest.raises(KeyFormatError):
                parse_forty_digits(plain[:place] + second + first + plain[place + 2 :])


@pytest.mark.parametrize("text", ["", "1234", SAMPLE + "1", SAMPLE.replace("0", "O", 1), "²" * 40, "9" * 40])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(KeyFormatError):
        parse_forty_digits(text)


def test_a_very_long_text_is_refused_by_its_length() -> None:
    with pytest.raises(LimitError):
        parse_forty_digits("1" * 10_000)


def test_too_short_a_value_is_refused() -> None:
    with pytest.raises(KeyFormatError):
        forty_digits(bytes(15))


def test_a_number_beyond_126_bits_is_refused_though_its_check_digits_fit() -> None:
    for number in (2**126, 10**38 - 1):
        digits = f"{number:038d}{98 - number * 100 % 97:02d}"
        assert int(digits) % 97 == 1
        with pytest.raises(KeyFormatError):
            parse_forty_digits(digits)
