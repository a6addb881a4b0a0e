import hashlib

from hypothesis import given
from hypothesis import strategies as st

from keys.digests import Digest, equal, hkdf_sha256, hmac_sha256, lp, sha256


def test_hkdf_gives_the_first_test_case_of_rfc_5869() -> None:
    secret, salt, info = b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA))
    assert hkdf_sha256(secret, info, 42, salt).hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_hkdf_without_a_salt_gives_the_third_test_case_of_rfc_5869() -> None:
    assert hkdf_sha256(b"\x0b" * 22, b"", 42).hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )


def test_hmac_gives_the_second_test_case_of_rfc_4231() -> None:
    assert hmac_sha256(b"Jefe", b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_a_running_digest_counts_and_agrees_with_sha256() -> None:
    digest = Digest()
    for part in (b"one", b"", memoryview(b"two")):
        digest.update(part)
    assert (digest.size, digest.digest(), digest.hexdigest()) == (
        6,
        sha256(b"onetwo"),
        hashlib.sha256(b"onetwo").hexdigest(),
    )


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_framed_parts_are_equal_only_when_the_lists_are(first: list[bytes], second: list[bytes]) -> None:
    assert equal(lp(*first), lp(*second)) == (first == second)
