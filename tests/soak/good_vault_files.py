"""What is typed into a vault or kept in it: good examples of an invented world."""

from functools import cache
from typing import Any

from invented_interview import english, record_of
from soak.good_bundles import RECORD_ID
from soak.spoiling import LIMIT
from vectors.world import World

from keys.kdf_cost import TEST_COST
from keys.secret import Secret
from keys.slots import make_slot, read_slots
from keys.vault_key import VaultKey
from testimony.canonical import decode, encode, parse_lenient
from testimony.companions import read_companion
from testimony.profiles import no_decisions
from testimony.redaction.choices import decisions_from
from testimony.redaction.decisions import Decisions, SpanDecision, WordRange
from testimony.redaction.redactor_marks import RedactorMark, marks_to_bytes
from testimony.redaction.selection import ParagraphView, Selection
from testimony.redaction.selection_text import selection_bytes
from testimony.redaction.spans import Span
from vault.bindings import Binding, RowKey, encode_bindings
from vault.header import Header

_SEED = bytes(range(32))
_CODE = "V-7F3K"


def translation() -> bytes:
    paragraphs = list(record_of(english()).interview.paragraphs)
    return encode(
        {
            "practice": True,
            "language": "ara",
            "companion": {"by": "T-03", "method": "human", "made_on": "2031-05-06"},
            "account": {"paragraphs": paragraphs},
            "mentions": [],
        }
    )


def read_translation(data: bytes) -> object:
    source = record_of(english())
    value = parse_lenient(data, limit=LIMIT, where="companion")
    return read_companion(value, "translation", source, bytes(32))


def selection() -> bytes:
    view = ParagraphView(named=frozenset({3}), told=frozenset({9}), hidden=((12, 17),))
    return selection_bytes(Selection(shown=frozenset({"witness.name"}), paragraphs={"account.text/0": view}))


def decisions() -> bytes:
    ranges = (WordRange(start=2, end=9, code="SOURCE"), WordRange(start=12, end=17, code=None))
    return Decisions(
        record_id=RECORD_ID,
        version=1,
        body="court-a",
        purpose="criminal investigation",
        profile="pseudonymised",
        spans=(
            SpanDecision(path="account.text/0", outcome="words", ranges=ranges),
            SpanDecision(path="account.text/1", outcome="hide", code="SOURCE"),
        ),
    ).to_bytes()


@cache
def _walk() -> tuple[tuple[Span, ...], Decisions]:
    sender = World(profile="pseudonymised")
    record = sender.record(0)
    release = sender.release(record, sender.head(record, 1))
    return tuple(sender.plan(record, release).spans), no_decisions(release)


def walk() -> bytes:
    spans = [{"path": span.path, "decision": "keep"} for span in _walk()[0]]
    first = next(place for place, span in enumerate(_walk()[0]) if span.paragraph is not None)
    ranges = [{"words": [1, 2], "code": "SOURCE"}]
    spans[first] = {"path": _walk()[0][first].path, "decision": "words", "ranges": ranges}  # type: ignore[dict-item]
    return encode({"spans": spans})  # type: ignore[dict-item]


def read_walk(data: bytes) -> object:
    spans, begun = _walk()
    return decisions_from(parse_lenient(data, limit=LIMIT, where="walk"), spans, begun, shown=())


def redactor_marks() -> bytes:
    mark = RedactorMark(version=1, paragraph=0, start=4, end=11, code=_CODE, name="Quillon", words="Quillon")
    return marks_to_bytes([mark])


def hand_marks() -> bytes:
    return encode([{"occurrence": 1, "paragraph": 1, "who": "Quillon", "words": "the miller", "role": "victim"}])


def _slot() -> dict[str, Any]:
    key = VaultKey(Secret(_SEED))
    return make_slot(key, Secret(b"practice words"), cost=TEST_COST, label="main").to_json()


@cache
def slots() -> bytes:
    return encode([_slot(), _slot()])


def read_slot_list(data: bytes) -> object:
    return read_slots(decode(data, limit=LIMIT, where="slots"), VaultKey(Secret(_SEED)).vault_id)


@cache
def vault_header() -> bytes:
    key = VaultKey(Secret(_SEED))
    return Header(
        generation=3,
        vault_id=key.vault_id.hex(),
        profile="practice",
        database="vault-0001.db",
        salt="0a" * 16,
        log_size=41,
        log_chain="0b" * 32,
        slots=(_slot(),),
    ).to_bytes(key)


def bindings() -> bytes:
    rows = (("records", "0c" * 32), ("redactions", None))
    return encode_bindings(
        [Binding(row=RowKey(table=table, first=RECORD_ID, second=""), digest=digest) for table, digest in rows]
    )
