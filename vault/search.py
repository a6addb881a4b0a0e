"""Search in accounts and names: literal words, normalised, exact forms before their stems (vault.md, section 6).

Two contentless indexes share the row ids of `search_paragraphs`, which keeps the original text: that text is what a
hit shows and what is marked.  Hits come newest first and are never ranked, since ranking a common word over a large
vault costs more than everything else together.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from testimony.mentions import normalise_for_match
from vault.errors import LimitError, NotFoundError
from vault.snippets import Snippet, snippet_of
from vault.stems import stems_of, words_of
from vault.store import Transaction, Vault

MAX_QUERY: Final = 1000
MAX_QUERY_WORDS: Final = 16
MAX_HITS: Final = 200

# The row of a record's names and numbers has no paragraph.
_NAMES: Final = -1
_LAST_ROW: Final = 2**62
_CURSOR: Final = re.compile(r"([0-2])\.([0-9]{1,18})")
_Row = tuple[int, str, str, int, int, int, str]


@dataclass(frozen=True, kw_only=True)
class Searchable:
    """What of one record version goes into the indexes; `source` is its row id in records or received_records."""

    origin: Literal["own", "received"]
    record_id: str
    version: int
    source: int
    paragraphs: Sequence[str] = field(repr=False)
    names: Sequence[str] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One paragraph that holds every word asked for, or (`paragraph` None) a row of names and numbers that does.

    Paragraphs count from 0.  `withdrawn` says that a notice about the record is here.  `cursor` continues the search
    after this hit.
    """

    record_id: str
    origin: str
    version: int
    source: int
    paragraph: int | None
    snippet: str = field(repr=False)
    spans: tuple[tuple[int, int], ...]
    clipped: tuple[bool, bool]
    cursor: str
    withdrawn: bool = False


def index_record(tx: Transaction, searchable: Searchable) -> None:
    """Put one record version into the indexes, in place of what stood there for it."""
    unindex_record(tx, searchable)
    for number, text in enumerate(searchable.paragraphs):
        if not text.strip():
            continue
        row = _remember(tx, searchable, number, text)
        tx.execute("INSERT INTO search_words (rowid, words, stems) VALUES (?, ?, ?)", (row, *_columns(text)))
    names = "\n".join(name for name in searchable.names if name)
    if names:
        row = _remember(tx, searchable, _NAMES, names)
        tx.execute("INSERT INTO search_names (rowid, names) VALUES (?, ?)", (row, _columns(names)[0]))


def unindex_record(tx: Transaction, searchable: Searchable) -> None:
    """Take one record version out of the indexes, word by word, so that no segment keeps them."""
    rows = tx.all(
        "SELECT id, paragraph, content FROM search_paragraphs"
        " WHERE record_id = ? AND version = ? AND origin = ? AND source = ?",
        (searchable.record_id, searchable.version, searchable.origin, searchable.source),
    )
    for row, paragraph, text in rows:
        words, stems = _columns(text)
        if paragraph == _NAMES:
            tx.execute("INSERT INTO search_names (search_names, rowid, names) VALUES ('delete', ?, ?)", (row, words))
        else:
            tx.execute(
                "INSERT INTO search_words (search_words, rowid, words, stems) VALUES ('delete', ?, ?, ?)",
                (row, words, stems),
            )
        tx.execute("DELETE FROM search_paragraphs WHERE id = ?", (row,))


def clear_index(tx: Transaction) -> None:
    """Take everything out of both indexes."""
    for table in ("search_words", "search_names"):
        tx.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")  # noqa: S608  # two constant table names
    tx.execute("DELETE FROM search_paragraphs")


def find_words(vault: Vault, query: str, *, limit: int = 20, after: str | None = None) -> list[Hit]:
    """The paragraphs and name rows that hold every word of `query`: names first, then exact words, then other forms.

    Raises:
        LimitError: The query is longer than 1,000 characters or has more than 16 words.
        NotFoundError: `after` is no cursor of an earlier hit.
    """
    words = _query_words(query)
    first_stage, before = _parse_cursor(after)
    hits: list[Hit] = []
    for stage, (sql, expression) in enumerate(_stages(words) if words else ()):
        wanted = min(limit, MAX_HITS) - len(hits)
        if stage >= first_stage and wanted > 0:
            row_limit = before if stage == first_stage else _LAST_ROW
            hits += [_hit(row, words, stage) for row in vault.read(sql, (expression, row_limit, wanted))]
    return hits


def _remember(tx: Transaction, searchable: Searchable, paragraph: int, text: str) -> int:
    return tx.insert(
        "INSERT INTO search_paragraphs (origin, record_id, version, source, paragraph, content)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (searchable.origin, searchable.record_id, searchable.version, searchable.source, paragraph, text),
    )


def _columns(text: str) -> tuple[str, str]:
    """The two columns of a text: its normalised words, and all their stems."""
    words = words_of(normalise_for_match(text))
    return " ".join(words), " ".join(" ".join(sorted(stems_of(word))) for word in words)


def _query_words(query: str) -> tuple[str, ...]:
    if len(query) > MAX_QUERY:
        raise LimitError("query", MAX_QUERY)
    words = tuple(dict.fromkeys(words_of(normalise_for_match(query))))
    if len(words) > MAX_QUERY_WORDS:
        raise LimitError("query-words", MAX_QUERY_WORDS)
    return words


def _parse_cursor(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return 0, _LAST_ROW
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise NotFoundError("cursor")
    return int(match[1]), int(match[2])


def _stages(words: Collection[str]) -> tuple[tuple[str, str], ...]:
    """SQL and FTS expression of the three stages; every word of a person stands in it as a quoted string (RF-11)."""
    exact = _all_of(words)
    stems = " AND ".join("(" + " OR ".join(f'"{stem}"' for stem in sorted(stems_of(word))) + ")" for word in words)
    return (
        (_SQL.format(table="search_names"), f"names : ({exact})"),
        (_SQL.format(table="search_words"), f"words : ({exact})"),
        (_SQL.format(table="search_words"), f"(stems : ({stems})) NOT (words : ({exact}))"),
    )


_SQL: Final = (
    "SELECT p.id, p.origin, p.record_id, p.version, p.source, p.paragraph, p.content FROM {table} AS found"
    " JOIN search_paragraphs AS p ON p.id = found.rowid"
    " WHERE {table} MATCH ? AND found.rowid < ? ORDER BY found.rowid DESC LIMIT ?"
)


def _all_of(words: Collection[str]) -> str:
    return " AND ".join(f'"{word}"' for word in words)


def _hit(row: _Row, words: Collection[str], stage: int) -> Hit:
    number, origin, record_id, version, source, paragraph, text = row
    shown: Snippet = snippet_of(text, words)
    return Hit(
        record_id=record_id,
        origin=origin,
        version=version,
        source=source,
        paragraph=None if paragraph == _NAMES else paragraph,
        snippet=shown.text,
        spans=shown.spans,
        clipped=shown.clipped,
        cursor=f"{stage}.{number}",
    )
