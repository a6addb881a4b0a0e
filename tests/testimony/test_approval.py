"""Approvals: one spelling, each rule broken alone, and digits that stand for exactly one subject."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keys.identity import Identity
from keys.secret import Secret
from keys.signature import APPROVAL, ROSTER
from testimony.approval import MAX_APPROVAL, Approval, Rendered, Subject, parse_approval, parse_request
from testimony.erasure_approval import (
    Erasure,
    is_about_erasure,
    parse_any_request,
    parse_erasure_approval,
    parse_erasure_request,
)
from testimony.errors import ApprovalError
from testimony.text_lines import with_signatures

DEVICE, BODY, SECOND = (Identity.from_secret(Secret(bytes(range(start, start + 128)))) for start in range(3))
SUBJECT = Subject(
    device=DEVICE.public.fingerprint,
    recipient="court-a",
    fingerprint=BODY.public.fingerprint,
    purpose="criminal investigation",
    profile="pseudonymised",
    leak_report="0a" * 32,
    records=(Rendered(record_id="K7F3-9QZD", version=1, sha256="0b" * 32),),
)
GIVEN = Approval(
    subject=SUBJECT,
    approver="A-02",
    fingerprint=SECOND.public.fingerprint,
    at=datetime(2031, 5, 6, 9, tzinfo=UTC),
)


ERASURE = Erasure(
    device=DEVICE.public.fingerprint,
    record_id="K7F3-9QZD",
    version=1,
    root="0b" * 32,
    reason="withdrawn",
    asked="0c" * 32,
)
ERASING = Approval(subject=ERASURE, approver="A-02", fingerprint=SECOND.public.fingerprint, at=GIVEN.at)


def signed(text: bytes) -> bytes:
    return with_signatures(text, SECOND.sign(text, APPROVAL))


def refused(data: bytes) -> str:
    with pytest.raises(ApprovalError) as caught:
        parse_approval(data).check(SECOND.public)
    return caught.value.code


def test_the_examples_of_the_page_are_what_the_code_gives(repository: Path) -> None:
    page = (repository / "docs" / "format" / "approval-v1.md").read_text(encoding="utf-8")
    request, digits, approval, erasure, erasure_digits = page.split("```\n")[1::2]
    assert (erasure.encode(), erasure_digits.strip()) == (ERASURE.to_text(), ERASURE.digits)
    assert (request.encode(), digits.strip()) == (SUBJECT.to_text(), SUBJECT.digits)
    assert approval.encode() == GIVEN.text()


def test_both_texts_come_back_as_they_were_written() -> None:
    assert parse_request(SUBJECT.to_text()) == SUBJECT
    assert parse_approval(GIVEN.to_text(SECOND)).check(SECOND.public) == GIVEN


def test_an_approval_by_somebody_else_is_refused() -> None:
    with pytest.raises(ApprovalError):
        GIVEN.to_text(DEVICE)
    text = GIVEN.text()
    assert refused(with_signatures(text, DEVICE.sign(text, APPROVAL))) == "approval-signature"
    assert refused(with_signatures(text, SECOND.sign(text, ROSTER))) == "approval-signature"
    with pytest.raises(ApprovalError):
        parse_approval(GIVEN.to_text(SECOND)).check(DEVICE.public)


def test_every_changed_character_is_refused() -> None:
    data = GIVEN.to_text(SECOND)
    for place in range(0, len(data), 11):
        changed = bytearray(data)
        changed[place] ^= 1
        assert refused(bytes(changed))


_RECORD = b"record: K7F3-9QZD 1 " + b"0b" * 32 + b"\n"
MALFORMED = {
    "another version": (b"approval v1", b"approval v2", "spelling"),
    "no record": (_RECORD, b"", "subject"),
    "a record twice": (_RECORD, _RECORD * 2, "twin"),
    "a digest in capitals": (b"0b" * 32, b"0B" * 32, "spelling"),
    "a version with a zero before it": (b"9QZD 1 ", b"9QZD 01 ", "spelling"),
    "a purpose that begins with a blank": (b"purpose: c", b"purpose:  c", "subject"),
    "a purpose with a mark that cannot be seen": (b"criminal", "crimi\u202enal".encode(), "subject"),
    "a time without an offset": (b"09:00:00+00:00", b"09:00:00Z", "spelling"),
    "a line more": (b"approved:", b"note: x\napproved:", "spelling"),
    "lines in another order": (b"purpose: criminal investigation\nprofile: pseudonymised\n", b"profile: pseudonymised\npurpose: criminal investigation\n", "spelling"),
    "a carriage return": (b"pseudonymised\n", b"pseudonymised\r\n", "spelling"),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_a_signed_approval_that_breaks_one_rule_is_refused_by_that_rule(name: str) -> None:
    old, new, code = MALFORMED[name]
    text = GIVEN.text()
    assert text.count(old) == 1
    assert refused(signed(text.replace(old, new))) == code


def test_the_writer_of_the_malformed_approvals_writes_good_ones_too() -> None:
    assert parse_approval(signed(GIVEN.text())).check(SECOND.public) == GIVEN


@pytest.mark.parametrize("data", [b"", b"x" * (MAX_APPROVAL + 1), b"\xff" * 100, SUBJECT.to_text()])
def test_what_is_no_approval_is_refused(data: bytes) -> None:
    assert refused(data)


@pytest.mark.parametrize("data", [b"", SUBJECT.to_text()[:-1], SUBJECT.to_text() + b"\n", GIVEN.text()])
def test_what_is_no_request_is_refused(data: bytes) -> None:
    with pytest.raises(ApprovalError):
        parse_request(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"device": SECOND.public.fingerprint},
        {"recipient": "court-b"},
        {"fingerprint": SECOND.public.fingerprint},
        {"purpose": "advocacy"},
        {"profile": "full"},
        {"leak_report": "0c" * 32},
        {"records": (replace(SUBJECT.records[0], version=2),)},
        {"records": (replace(SUBJECT.records[0], sha256="0c" * 32),)},
    ],
)
def test_whatever_changes_has_other_digits(changes: dict[str, object]) -> None:
    assert replace(SUBJECT, **changes).digits != SUBJECT.digits  # type: ignore[arg-type]


# Of an erasure


def test_an_approval_of_an_erasure_comes_back_and_is_none_of_a_rendition() -> None:
    data = ERASING.to_text(SECOND)
    assert parse_erasure_request(ERASURE.to_text()) == ERASURE
    assert [parse_any_request(one.to_text()) for one in (ERASURE, SUBJECT)] == [ERASURE, SUBJECT]
    assert parse_erasure_approval(data).check(SECOND.public) == ERASING
    assert [is_about_erasure(one) for one in (data, ERASURE.to_text(), GIVEN.to_text(SECOND))] == [True, True, False]
    for parse, other in ((parse_approval, data), (parse_erasure_approval, GIVEN.to_text(SECOND))):
        with pytest.raises(ApprovalError):
            parse(other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"reason: withdrawn", b"reason: weather"),
        (b"K7F3-9QZD 1 ", b"K7F3-9QZD 01 "),
        (b"asked: 0c", b"asked: 0C"),
        (b"asked:", b"note: x\nasked:"),
        (b"approval v1", b"approval v2"),
        (b"device: ", b"device:  "),
    ],
)
def test_a_signed_approval_of_an_erasure_that_breaks_one_rule_is_refused(old: bytes, new: bytes) -> None:
    text = ERASING.text()
    assert text.count(old) == 1
    with pytest.raises(ApprovalError) as caught:
        parse_erasure_approval(signed(text.replace(old, new))).check(SECOND.public)
    assert caught.value.code == "spelling"


@pytest.mark.parametrize(
    "changes",
    [
        {"device": SECOND.public.fingerprint},
        {"record_id": "K7F3-9QZX"},
        {"version": 2},
        {"root": "0c" * 32},
        {"reason": "mistake"},
        {"asked": "0d" * 32},
    ],
)
def test_whatever_changes_of_an_erasure_has_other_digits(changes: dict[str, object]) -> None:
    assert replace(ERASURE, **changes).digits != ERASURE.digits  # type: ignore[arg-type]
