"""Redaction and custody against their floors: the same number of hashes and HMACs in a bare loop.

Prints CPU seconds, the limit, and the ratio to the floor from one run; exits 1 above a limit.
"""

import hashlib
import hmac
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from testimony.canonical import decode, encode
from testimony.custody.entries import Act
from testimony.custody.log import LogState, append, check_log
from testimony.custody.moments import Moment
from testimony.redaction.commitments import commit
from testimony.redaction.disclosure import disclose
from testimony.redaction.leaves import Branch, Padding, Paragraph
from testimony.redaction.reading import read_tree
from testimony.redaction.selection import ParagraphView, Selection
from testimony.redaction.shapes import ListShape, ParagraphShape

WORDS = 10_000
GAPS = 200
ENTRIES = 100_000
SEED = bytes(range(32))
ARABIC = ("من", "إلى", "على", "كان", "البيت", "القرية", "الطريق", "الصباح")
VOCABULARY = (*ARABIC, "the", "road", "house", "morning", "men", "van")

T = TypeVar("T")
late: list[str] = []


def timed(name: str, limit: float, floor: float, work: Callable[[], T]) -> T:
    """What the work gives; prints how long it took."""
    started = time.process_time()
    result = work()
    seconds = time.process_time() - started
    ratio = f"{seconds / floor:6.2f} x floor" if floor else ""
    print(f"{name:<44}{seconds:7.3f} s  (limit {limit:.2f} s)  {ratio}")
    if seconds > limit:
        late.append(name)
    return result


def floor_of(hashes: int, macs: int) -> float:
    """CPU seconds of so many SHA-256 and HMAC-SHA256 over short inputs, and nothing else."""
    started = time.process_time()
    block = SEED
    for _ in range(hashes):
        block = hashlib.sha256(block).digest()
    for _ in range(macs):
        block = hmac.digest(block, b"testimony/ggm/v1\x00", "sha256")
    return time.process_time() - started


def account(paragraphs: int) -> Branch:
    """An invented account of 10,000 words."""
    words = WORDS // paragraphs
    texts = (
        " ".join(VOCABULARY[(place * 31 + word * 7) % len(VOCABULARY)] for word in range(words))
        for place in range(paragraphs)
    )
    children = tuple(Paragraph(path=f"account.text/{place}", text=text) for place, text in enumerate(texts))
    return Branch(path="account.text", children=children, padding=Padding.LIST)


def views(tree: Branch) -> dict[str, ParagraphView]:
    """200 gaps of one to four words over all paragraphs."""
    each = GAPS // len(tree.children)
    found = {}
    for child in tree.children:
        assert isinstance(child, Paragraph)
        step = len(child.text) // each
        found[child.path] = ParagraphView(
            hidden=tuple((number * step, number * step + 3 + number % 20) for number in range(each))
        )
    return found


def redaction(paragraphs: int) -> None:
    """Commit, disclose and verify one account."""
    tree = account(paragraphs)
    leaves = sum(commit(child, SEED).n for child in tree.children if isinstance(child, Paragraph))
    floor = floor_of(2 * leaves, 2 * leaves)
    print(f"account of {WORDS} words in {paragraphs} paragraphs, {leaves} leaves")
    committed = timed("  commit", 0.4, floor, lambda: commit(tree, SEED))
    selection = Selection(shown=frozenset(), paragraphs=views(tree))
    value = timed(f"  disclose with {GAPS} gaps", 0.15, floor, lambda: disclose(tree, SEED, selection))
    data = encode(value)
    read = decode(data, limit=1 << 30, where="bench")
    shape = ListShape(element=ParagraphShape())
    timed("  verify", 0.3, floor, lambda: read_tree(read, commitment=committed, shape=shape, path=tree.path))
    text = sum(len(child.text.encode()) for child in tree.children if isinstance(child, Paragraph))
    print(f"  disclosure {len(data):,} bytes for {text:,} bytes of text")


def lines() -> list[bytes]:
    """A log of 100,000 entries about 1,000 records."""
    state, made, heads = LogState(), [], dict[str, str]()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(ENTRIES):
        about = f"K7F3-{number % 1000:04d}"
        act = Act(kind="record.save", object=about, actor="I-04", device="1" * 40, details={"number": number})
        moment = Moment(wall=start + timedelta(seconds=number), monotonic_ns=number * 10**9, boot="b")
        entry, state = append(state, act, moment, object_prev=heads.get(about, "0" * 64))
        heads[about] = state.last
        made.append(entry.line())
    return made


def main() -> int:
    """Exit code 1 where something took longer than its limit."""
    redaction(100)
    redaction(1)
    log = lines()
    timed(f"check a log of {ENTRIES} entries", 5.0, floor_of(3 * ENTRIES, 0), lambda: check_log(log))
    for name in late:
        print(f"too slow: {name.strip()}")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
