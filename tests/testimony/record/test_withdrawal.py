"""Notices of withdrawal: one spelling, two signatures (docs/format/withdrawal-v1.md)."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from keys.identity import Identity
from keys.signature import CONSENT, WITHDRAWAL
from testimony.errors import WithdrawalError
from testimony.text_lines import with_signatures
from testimony.withdrawal import MAX_BUNDLES, Notice, Party, parse_notice


@pytest.fixture(scope="module")
def example(repository: Path) -> bytes:
    page = (repository / "docs/format/withdrawal-v1.md").read_text("utf-8")
    return page.split("```\n")[1].encode("ascii")


@cache
def sender() -> Identity:
    return Identity.generate()


def signed(text: bytes, namespace: str = WITHDRAWAL) -> bytes:
    return with_signatures(text, sender().sign(text, namespace))


def notice(example: bytes) -> Notice:
    """The example, sent by the sender of these tests."""
    read = parse_notice(signed(example))._notice
    return replace(read, sender=Party(code="field-07", fingerprint=sender().public.fingerprint))


def test_the_example_of_the_page_is_read(example: bytes):
    read = parse_notice(signed(example))._notice
    assert read.text() == example
    assert (read.record_id, read.asks, read.purpose) == ("K7F3-9QZD", "remove-name", "criminal investigation")
    assert (read.receiver.code, len(read.bundles)) == ("court-a", 2)


def test_a_notice_goes_there_and_back(example: bytes):
    for one in (notice(example), replace(notice(example), purpose=None), replace(notice(example), practice=False)):
        assert parse_notice(one.to_text(sender())).check(sender().public) == one


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"withdrawal v1", b"withdrawal v2"),
        (b"asks: remove-name", b"asks: forget"),
        (b"purpose: criminal", b"purpose:  criminal"),
        (b"criminal investigation", "criminal \u202einvestigation".encode()),
        (b"bundle: 0b7c", b"bundle: bb7c"),
        (b"bundle: b73c7016c8938d526bade22cbe510e61", b"bundle: 0b7c6016c8938d526bade22cbe510e61"),
        (b"+03:00", b"Z"),
        (b"court-a 7367 4911", b"court-a 73674911"),
        (b"practice: yes\n", b""),
        (b"\n", b"\r\n"),
    ],
)
def test_another_spelling_is_refused(example: bytes, old: bytes, new: bytes):
    assert old in example
    with pytest.raises(WithdrawalError) as caught:
        parse_notice(signed(example.replace(old, new, 1)))
    assert caught.value.code == "spelling"


def test_a_notice_names_bundles_and_not_too_many(example: bytes):
    lines = example.splitlines(keepends=True)
    with pytest.raises(WithdrawalError):
        parse_notice(signed(b"".join(lines[:-2])))
    for count, fits in ((MAX_BUNDLES, True), (MAX_BUNDLES + 1, False)):
        one = replace(notice(example), bundles=tuple(f"{number:032x}" for number in range(count)))
        if fits:
            assert parse_notice(one.to_text(sender()))
        else:
            with pytest.raises(WithdrawalError):
                one.to_text(sender())


def test_a_signature_for_another_purpose_or_by_another_key_is_refused(example: bytes):
    text = notice(example).text()
    with pytest.raises(WithdrawalError) as caught:
        parse_notice(signed(text, CONSENT)).check(sender().public)
    assert caught.value.code == "withdrawal-signature"
    forger = Identity.generate()
    both = sender().sign(text, WITHDRAWAL)
    by_another = with_signatures(text, replace(both, hybrid=forger.sign(text, WITHDRAWAL).hybrid))
    with pytest.raises(WithdrawalError) as caught:
        parse_notice(by_another).check(sender().public)
    assert caught.value.code == "withdrawal-signature"
    with pytest.raises(WithdrawalError) as caught:
        parse_notice(signed(text)).check(forger.public)
    assert caught.value.code == "withdrawal-sender"
    with pytest.raises(WithdrawalError):
        notice(example).to_text(forger)


def test_a_notice_without_its_signatures_or_too_long_is_refused(example: bytes):
    with pytest.raises(WithdrawalError) as caught:
        parse_notice(example)
    assert caught.value.code == "signature-missing"
    with pytest.raises(WithdrawalError) as caught:
        parse_notice(signed(example) + bytes(1 << 18))
    assert caught.value.code == "limit"
