import contextlib
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimony.canonical import MAX_DEPTH, MAX_INTEGER, JsonValue, decode, encode, parse_lenient
from testimony.errors import CanonicalError

LIMIT = 1 << 20

_values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_values)
def test_what_is_encoded_decodes_to_the_same_value(value: JsonValue):
    assert decode(encode(value), limit=LIMIT, where="value") == value


@given(_values)
def test_any_other_spelling_of_a_container_is_refused_but_a_person_may_write_it(value: JsonValue):
    spaced = json.dumps(value, indent=1, ensure_ascii=True).encode()
    assert parse_lenient(spaced, limit=LIMIT, where="value") == value
    if spaced != encode(value):
        with pytest.raises(CanonicalError):
            decode(spaced, limit=LIMIT, where="value")


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_value_or_in_our_error(data: bytes) -> None:
    for reader in (decode, parse_lenient):
        with contextlib.suppress(CanonicalError):
            reader(data, limit=LIMIT, where="fuzz")


def test_keys_are_ordered_by_utf16_code_units():
    assert encode({"\ufb01": 1, "\U00010000": 2, "a": 3}) == '{"a":3,"\U00010000":2,"\ufb01":1}'.encode()


def test_control_characters_have_the_spelling_of_rfc_8785():
    assert encode("\x1b\u2028\x7f\n\x00é") == '"\\u001b\u2028\x7f\\n\\u0000é"'.encode()


@pytest.mark.case("BU-20")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":1}', "duplicate-key"),
        (b'[{"a":{"b":1,"b":2}}]', "duplicate-key"),
        (b"NaN", "float"),
        (b"Infinity", "float"),
        (b"-Infinity", "float"),
        (b"1e400", "float"),
        (b"1.0", "float"),
        (b"9" * 5000, "number-range"),
        (b"9007199254740992", "number-range"),
        (b"-9007199254740992", "number-range"),
        (b"[" * 100_000, "too-deep"),
        (b'{"a":' * 100_000, "too-deep"),
        (b'"\\ud800"', "lone-surrogate"),
        (b'{"\\udc00":1}', "lone-surrogate"),
        (b"\xef\xbb\xbf{}", "byte-order-mark"),
        (b'{"a":1}{', "not-json"),
        (b'{"a":1}\x00', "not-json"),
        (b"\xff", "not-utf-8"),
        (b'"\xed\xa0\x80"', "not-utf-8"),
        (b"", "not-json"),
        (b'"a', "not-json"),
        (b'"\x1b"', "not-json"),
    ],
)
def test_json_that_python_would_take_or_choke_on_is_refused_by_both_readers(data: bytes, code: str):
    for reader in (decode, parse_lenient):
        with pytest.raises(CanonicalError) as caught:
            reader(data, limit=LIMIT, where="interview")
        assert (caught.value.code, caught.value.where) == (code, "interview")


@pytest.mark.case("BU-20")
@pytest.mark.parametrize(
    "data", [b'{"b":1,"a":2}', b"[1, 2]", b"1\n", b" 1", b"-0", b'"\\u0061"', b'"\\/"', b'"\\u001B"']
)
def test_a_second_spelling_is_refused_by_the_strict_reader(data: bytes):
    with pytest.raises(CanonicalError) as caught:
        decode(data, limit=LIMIT, where="record")
    assert caught.value.code == "not-canonical"
    parse_lenient(data, limit=LIMIT, where="record")


def test_sixteen_levels_pass_and_seventeen_do_not():
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert encode(decode(deepest, limit=LIMIT, where="value")) == deepest
    with pytest.raises(CanonicalError):
        decode(b"[" + deepest + b"]", limit=LIMIT, where="value")


def test_brackets_inside_text_do_not_count_as_depth():
    text = "[" * 100 + '\\"' + "{" * 100
    assert decode(encode([text]), limit=LIMIT, where="value") == [text]


def test_more_bytes_than_the_limit_are_refused_before_they_are_read():
    with pytest.raises(CanonicalError) as caught:
        decode(b'"aaaa"', limit=5, where="value")
    assert caught.value.code == "too-long"


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, {1: 2}, {"a": b"x"}, "\ud800"])
def test_a_value_without_canonical_spelling_is_not_written(value: object):
    with pytest.raises(CanonicalError):
        encode(value)  # type: ignore[arg-type]


def test_the_message_does_not_repeat_the_text():
    with pytest.raises(CanonicalError) as caught:
        decode(b'{"Canary":1,"Canary":2}', limit=LIMIT, where="interview")
    assert "Canary" not in str(caught.value) + repr(caught.value)


@pytest.mark.case("BU-20")
@pytest.mark.parametrize(
    "data",
    [b"[" + b"[]," * 2_000_000 + b"[]]", b"[" + b"{}," * 2_000_000 + b"{}]", b"[" + b"1," * 4_000_000 + b"1]"],
)
def test_few_bytes_that_would_become_many_objects_are_refused_before_they_do(data: bytes):
    tracemalloc.start()
    with pytest.raises(CanonicalError) as caught:
        decode(data, limit=len(data), where="value")
    assert caught.value.code == "too-many"
    # Parsed, they would take from 60 to 400 MB.
    assert tracemalloc.get_traced_memory()[1] < 6 * len(data)
    tracemalloc.stop()


def test_commas_and_brackets_inside_texts_are_not_counted():
    text = "[,:{" * 2_000_000
    assert decode(encode([text]), limit=1 << 24, where="value") == [text]
