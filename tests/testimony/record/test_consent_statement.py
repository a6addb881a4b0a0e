"""The signed statement over all consent events (docs/format/consent-statement-v1.md)."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from testimony.canonical import encode
from testimony.consent_statement import MAX_STATEMENT, parse_statement
from testimony.errors import ConsentStatementError
from testimony.redaction.consent_tree import commit_consent


@pytest.fixture(scope="module")
def example(repository: Path) -> bytes:
    page = (repository / "docs/format/consent-statement-v1.md").read_text("utf-8")
    return page.split("```\n")[1].encode("ascii")


def test_the_example_of_the_page_is_read_and_its_root_comes_out(example: bytes):
    statement = parse_statement(example)
    events = [encode({"seq": seq}) for seq in range(1, 6)]
    assert statement.consent == commit_consent(events, bytes(range(32)), number=5)
    assert statement.to_text() == example
    assert (statement.practice, statement.record_id, statement.events) == (True, "K7F3-9QZD", 5)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"statement v1", b"statement v2"),
        (b"practice: yes", b"practice: maybe"),
        (b"record: K7F3-9QZD", b"record: K7F3-9QZI"),
        (b"events: 5", b"events: 05"),
        (b"events: 5", b"events: 0"),
        (b"events: 5", b"events: 100001"),
        (b"custody-size: 41", b"custody-size: 0"),
        (b"custody-origin: testimony-vault.invalid/device/0", b"custody-origin: testimony-vault.invalid/device/"),
        (b"+03:00", b"Z"),
        (b"\n", b"\r\n"),
        (b"practice: yes\n", b""),
        (b"practice: yes\n", b"practice: yes\npractice: yes\n"),
    ],
)
def test_another_spelling_is_refused(example: bytes, old: bytes, new: bytes):
    assert old in example
    with pytest.raises(ConsentStatementError) as caught:
        parse_statement(example.replace(old, new, 1))
    assert caught.value.code == "spelling"


def test_nothing_stands_behind_the_last_line(example: bytes):
    for data in (example + b"\n", example + b"more: 1\n", example[:-1]):
        with pytest.raises(ConsentStatementError):
            parse_statement(data)


def test_a_longer_text_is_not_looked_at(example: bytes):
    with pytest.raises(ConsentStatementError) as caught:
        parse_statement(example + b"x" * MAX_STATEMENT)
    assert caught.value.code == "limit"


def test_every_line_is_under_the_signature(example: bytes):
    statement = parse_statement(example)
    changed = (
        replace(statement, practice=False),
        replace(statement, record_id="K7F3-9QZX"),
        replace(statement, events=6),
        replace(statement, consent_root="0b" * 32),
        replace(statement, consent_leaves=statement.consent_leaves + 1),
        replace(statement, custody_size=40),
        replace(statement, claimed_time=datetime(2031, 6, 2, tzinfo=UTC)),
    )
    texts = {one.to_text() for one in changed}
    assert len(texts) == len(changed)
    assert example not in texts
