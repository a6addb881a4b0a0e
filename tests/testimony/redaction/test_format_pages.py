"""The worked examples of the format pages are what the code gives."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from testimony.canonical import encode
from testimony.redaction.commitments import commit
from testimony.redaction.disclosure import disclose
from testimony.redaction.head import RecordHead, parse_head
from testimony.redaction.leaves import Branch, Leaf, LeafType, Mention, Padding, Paragraph, frame
from testimony.redaction.salts import SaltTree, salted_hash
from testimony.redaction.selection import ParagraphView, Selection

DIGITS = "0215 9644 8988 9202 9373 5155 2117 5277 3745 7074"

PARAGRAPH = Paragraph(
    path="account.text/0", text="We saw Quillon there.", mentions=(Mention(start=7, end=14, code="P-7F3K"),)
)
PLACE = Branch(
    path="session.place",
    padding=Padding.OBJECT,
    children=(
        Leaf(path="session.place/verbatim", type=LeafType.TEXT, value="قرب الفرن".encode()),
        Leaf(path="session.place/pcode", type=LeafType.ABSENT, value=b"unknown"),
    ),
)
ACCOUNT = Branch(path="account.text", padding=Padding.LIST, children=(PARAGRAPH,))
TREE = Branch(
    path="",
    padding=Padding.OBJECT,
    children=(Leaf(path="session.language", type=LeafType.TEXT, value=b"eng"), PLACE, ACCOUNT),
)


@pytest.fixture(scope="module")
def page(repository) -> str:
    return (repository / "docs/format/redaction-v1.md").read_text("utf-8")


def test_the_roots_of_the_example_come_out(page, seed):
    for name, node in (
        ("session.place", PLACE),
        ("account.text/0", PARAGRAPH),
        ("account.text", ACCOUNT),
        ("record", TREE),
    ):
        found = commit(node, seed)
        assert f"{name:<15}{found.n:4} leaves   {found.root.hex()}" in page


def test_seed_salt_frame_and_hash_of_the_example_come_out(page, seed):
    salts = SaltTree(seed, "", 4)
    framed = frame("session.language", LeafType.TEXT, b"eng")
    for part in (salts.block(0, 4), salts.block(0, 1), framed, salted_hash(salts.block(0, 1), framed)):
        assert f" {part.hex()}\n" in page


def test_the_disclosure_of_the_example_comes_out(page, seed):
    shown = frozenset({"session.language", "session.place/pcode"})
    value = disclose(TREE, seed, Selection(shown=shown, paragraphs={"account.text/0": ParagraphView()}))
    example = page.split("```json\n")[1].split("\n```")[0]
    assert json.loads(example) == json.loads(encode(value))
    assert example.encode() == encode(value)


def test_the_head_of_the_example_is_read(repository):
    page = (repository / "docs/format/head-v1.md").read_text("utf-8")
    example = page.split("```\n")[1]
    head = parse_head(example.encode())
    assert head == RecordHead(
        practice=True,
        record_id="K7F3-9QZD",
        version=1,
        previous_root=None,
        control_number="ABC-0000123",
        form_id="core-1",
        form_sha256=head.form_sha256,
        root=commit(TREE, bytes(range(32))).root.hex(),
        leaves=4,
        recorder="I-04",
        device=DIGITS,
        consent_root=head.consent_root,
        consent_leaves=4,
        custody_origin="testimony-vault.invalid/device/" + DIGITS.replace(" ", ""),
        custody_size=2,
        claimed_time=datetime(2026, 3, 1, 9, 50, tzinfo=timezone(timedelta(hours=3))),
        clock_note="ok",
        not_before=None,
    )
