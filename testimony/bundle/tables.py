"""The tables a lawyer opens first: CSV in one spelling, safe in a spreadsheet (docs/format/bundle-v1.md, 3.4)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from testimony.bundle.names import COMPANION, EXHIBIT, RECORD, TEXT, TXT, order_key, place_of
from testimony.bundle.statement import Withheld

CONSENT_HEADER: Final = (
    "control_number",
    "seq",
    "at",
    "kind",
    "recipient",
    "purpose",
    "answer",
    "identity",
    "how",
    "script",
    "review_by",
)
REDACTION_HEADER: Final = (
    "control_number",
    "version",
    "path",
    "code",
    "basis",
    "by",
    "approved_by",
    "date",
    "review_date",
)

_INDEX_HEADER: Final = ("control_number", "kind", "member", "bytes", "sha256", "receiver_number")
_WITHHELD_HEADER: Final = ("record_id", "reason")
_INDEXED: Final = {
    ("", RECORD): "record",
    ("", TEXT): "reading copy",
    ("", EXHIBIT): "exhibit",
    (COMPANION, RECORD): "companion",
    (COMPANION, TXT): "reading copy of a companion",
}
# A spreadsheet takes a cell that starts with one of these for a formula and may run it (OWASP, "CSV Injection").
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file: UTF-8, every cell in quotes, lines end with LF, no cell can start a formula."""
    lines = [",".join(map(_cell, row)) for row in (header, *rows)]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def index_table(members: Mapping[str, tuple[str, int]]) -> bytes:
    """index.csv: every record, companion, reading copy and exhibit, from name to (SHA-256 in hex, size in bytes).

    The last column is the receiver's own, and empty.
    """
    rows = []
    for name in sorted(members, key=order_key):
        place = place_of(name)
        kind = None if place is None else _INDEXED.get((place.of, place.part))
        if place is not None and kind is not None:
            digest, size = members[name]
            rows.append((place.key, kind, name, str(size), digest, ""))
    return table(_INDEX_HEADER, rows)


def withheld_table(withheld: Iterable[Withheld]) -> bytes:
    """withheld.csv: the id of each record that is not there, and the code of the reason."""
    return table(_WITHHELD_HEADER, ((one.record_id, one.reason) for one in withheld))


def _cell(text: str) -> str:
    guarded = f"'{text}" if text.startswith(_FORMULA) else text
    quoted = guarded.replace('"', '""')
    return f'"{quoted}"'
