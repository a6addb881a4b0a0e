"""The worked example of the format page is what the code gives."""

from datetime import datetime, timedelta, timezone

import pytest

from keys.identity import Identity
from keys.secret import Secret
from testimony.custody.checkpoint import Checkpoint as LogHead
from testimony.custody.checkpoint import check_against, head_digits, parse_checkpoint
from testimony.custody.entries import parse_entry
from testimony.custody.kinds import KINDS
from testimony.custody.log import check_log
from testimony.custody.proofs import build_proofs


@pytest.fixture(scope="module")
def page(repository) -> str:
    return (repository / "docs/format/custody-v1.md").read_text("utf-8")


@pytest.fixture(scope="module")
def blocks(page) -> list[str]:
    return page.split("```\n")[1::2]


@pytest.fixture(scope="module")
def lines(blocks) -> list[bytes]:
    return [line.encode() + b"\n" for line in blocks[0].splitlines()]


@pytest.fixture(scope="module")
def checkpoint(blocks) -> LogHead:
    signer = Identity.from_secret(Secret(bytes(range(128))))
    found = parse_checkpoint(blocks[1].encode(), signer.public)
    assert found.signed(signer) == blocks[1].encode()
    return found


def test_the_log_of_the_example_holds_and_is_the_one_of_its_checkpoint(lines, checkpoint):
    summary = check_log(lines)
    check_against(summary, checkpoint)
    assert parse_entry(lines[2]).moment.wall == datetime(2026, 3, 1, 9, 50, tzinfo=timezone(timedelta(hours=3)))


def test_the_digits_of_the_example_come_out(blocks, checkpoint):
    assert head_digits(checkpoint) == blocks[2].strip()


def test_the_proofs_of_the_example_come_out(blocks, lines):
    assert build_proofs(lines, {"K7F3-9QZD"}, since=[1]).to_bytes() == blocks[3].strip().encode()


def test_the_page_names_every_kind_and_detail_and_no_other(page):
    table = page.split("| kind | required | optional |\n")[1].split("\n\n")[0].splitlines()[1:]
    shown = {}
    for row in table:
        name, *columns = (cell.strip() for cell in row.strip("|").split("|"))
        shown[name.strip("`")] = [
            {} if cell == "–" else dict(part.split(" ", 1) for part in cell.split(", ")) for cell in columns
        ]
    expected = {
        kind.name: [
            {detail: f"*{rule.name.replace(' | ', '/')}*" for detail, rule in column.items()}
            for column in (kind.required, kind.optional)
        ]
        for kind in KINDS.values()
    }
    assert shown == expected
