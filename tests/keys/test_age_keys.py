"""age keys as text: what is read, what is refused and how the refusal reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import bech32
from keys._primitives import hybrid_public
from keys.errors import KeyFormatError, KeysError, LimitError
from keys.recipients import HybridIdentity, HybridRecipient
from keys.secret import Secret

IDENTITY = HybridIdentity(Secret(b"practice key, invented, 32 bytes"))
PRIVATE = IDENTITY.secret().reveal().decode()
PUBLIC = IDENTITY.recipient()
CLASSICAL = bech32.encode("age", bytes(range(32)))


@given(st.binary(max_size=200))
def test_bech32_gives_back_what_was_written(content: bytes) -> None:
    assert bech32.decode(bech32.encode("age1pq", content)) == ("age1pq", content)
    assert bech32.decode(bech32.encode("AGE-SECRET-KEY-", content)) == ("AGE-SECRET-KEY-", content)


@pytest.mark.parametrize("text", ["A12UEL5L", "a12uel5l", "?1ezyfcl"])
def test_bech32_accepts_the_valid_strings_of_bip_173(text: str) -> None:
    assert bech32.decode(text)[1] == b""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "x1b4n0q5v",
        "li1dgmt3",
        "A1G7SGD8",
        "10a06t8",
        "1qzzfhee",
        " 1nwldj5",
        "age1\udcff",
        "age1é",
    ],
)
def test_bech32_refuses_the_invalid_strings_of_bip_173(text: str) -> None:
    with pytest.raises(KeyFormatError):
        bech32.decode(text)


@given(st.text(max_size=100))
def test_any_text_ends_in_a_key_or_in_our_own_error(text: str) -> None:
    for parse in (HybridRecipient.parse, HybridIdentity.parse):
        with pytest.raises(KeysError):
            parse(text)


def test_keys_are_read_back() -> None:
    assert str(HybridRecipient.parse(PUBLIC)) == PUBLIC
    assert HybridIdentity.parse(PRIVATE).recipient() == PUBLIC
    assert HybridIdentity.parse(IDENTITY.secret()).recipient() == PUBLIC


@pytest.mark.case("KF-01")
def test_one_wrong_letter_is_refused_and_its_place_is_named() -> None:
    for place in (30, 50, len(PRIVATE) - 1):
        wrong = "Q" if PRIVATE[place] != "Q" else "P"
        with pytest.raises(KeyFormatError) as caught:
            HybridIdentity.parse(PRIVATE[:place] + wrong + PRIVATE[place + 1 :])
        assert caught.value.at == place + 1
        assert PRIVATE[30:40] not in str(caught.value)


@pytest.mark.case("KF-01")
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text[:40],
        lambda text: text[:20] + text[20:].lower(),
        lambda text: text[:-2] + text[-1] + text[-2],
        lambda text: text.lower(),
        lambda text: text + "Q",
    ],
)
def test_a_truncated_mixed_or_exchanged_key_is_refused(change) -> None:
    with pytest.raises(KeyFormatError):
        HybridIdentity.parse(change(PRIVATE))


@pytest.mark.case("KF-02")
def test_a_private_key_in_a_public_place_is_refused_and_not_repeated() -> None:
    with pytest.raises(KeyFormatError, match="private key") as caught:
        HybridRecipient.parse(PRIVATE)
    assert PRIVATE[20:40] not in repr(caught.value)
    with pytest.raises(KeyFormatError, match="public key"):
        HybridIdentity.parse(PUBLIC)


@pytest.mark.case("KF-11")
def test_a_classical_key_is_refused_where_a_hybrid_one_belongs() -> None:
    with pytest.raises(KeyFormatError, match="classical"):
        HybridRecipient.parse(CLASSICAL)


@pytest.mark.case("KF-03")
@pytest.mark.parametrize(
    "public",
    [
        hybrid_public(bytes(32))[:-1],
        hybrid_public(bytes(32)) + b"\x00",
        hybrid_public(bytes(32))[:1184] + bytes(32),
        hybrid_public(bytes(32))[:1184] + b"\x01" + bytes(31),
        b"\xff" * 1184 + hybrid_public(bytes(32))[1184:],
    ],
    ids=["short", "long", "zero point", "point of order 1", "ML-KEM not canonical"],
)
def test_a_key_of_low_order_or_wrong_form_is_refused(public: bytes) -> None:
    with pytest.raises(KeyFormatError):
        HybridRecipient.parse(bech32.encode("age1pq", public))


@pytest.mark.case("KF-10")
def test_line_ends_and_blanks_around_a_key_are_tolerated() -> None:
    assert str(HybridRecipient.parse(f"  {PUBLIC}\r\n\r\n")) == PUBLIC
    assert HybridIdentity.parse(f"{PRIVATE}\r\n").recipient() == PUBLIC


@pytest.mark.case("KF-10")
@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text[:70] + "=\r\n" + text[70:],
        lambda text: f"“{text}”",
        lambda text: text[:50] + " " + text[50:],
        lambda text: text.replace("1", "=31", 1),
        lambda text: "\u00a0" + text,
    ],
    ids=[
        "byte order mark",
        "quoted-printable break",
        "smart quotes",
        "blank inside",
        "quoted-printable",
        "no-break space",
    ],
)
def test_any_other_mangling_of_a_key_is_refused(change) -> None:
    with pytest.raises(KeyFormatError):
        HybridRecipient.parse(change(PUBLIC))


def test_a_very_long_key_is_refused_by_its_length() -> None:
    with pytest.raises(LimitError):
        HybridRecipient.parse("age1pq1" + "q" * 1_000_000)


def test_private_keys_do_not_print() -> None:
    assert PRIVATE not in f"{IDENTITY!r} {IDENTITY}"


@pytest.mark.parametrize("values", [[0], [0, 1], [0, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8, 0]])
def test_letters_that_belong_to_no_byte_are_refused_though_the_checksum_fits(values: list[int]) -> None:
    residue = bech32._polymod([*bech32._expanded("age"), *values, *([0] * 6)]) ^ 1
    checksum = [residue >> 5 * (5 - place) & 31 for place in range(6)]
    text = "age1" + "".join(chr(bech32._CHARSET[value]) for value in [*values, *checksum])
    with pytest.raises(KeyFormatError, match="bits left over"):
        bech32.decode(text)
