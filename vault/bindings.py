"""Bound rows: each change of one is tied to a custody entry by a digest (docs/format/vault-v1.md, section 7).

SQLCipher proves that a page was written with the key, not that it is the newest one: an old page put back without the
key passes every check it has.  So each transaction writes down digests of the rows it changed, chained to its entry.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from keys.digests import hmac_sha256, lp
from testimony.canonical import JsonValue, as_list, decode, encode
from testimony.errors import CanonicalError
from vault._sqlcipher import Connection, Value
from vault.errors import VaultDamagedError

_ROW_LABEL: Final = b"testimony/row/v1\x00"
_CHAIN_LABEL: Final = b"testimony/chain/v1\x00"
NO_CHAIN: Final = bytes(32)
MAX_BOUND: Final = 64 * 1024 * 1024
MAX_BOUND_ROWS: Final = 1_000_000
_BINDING_PARTS: Final = 4

# Table → the columns that name a row.
BOUND: Final[Mapping[str, tuple[str, ...]]] = {
    "settings": ("name",),
    "identity": ("id",),
    "numbering": ("series",),
    "forms": ("digest",),
    "gazetteers": ("country",),
    "scripts": ("code",),
    "records": ("id",),
    "consent_events": ("record_id", "seq"),
    "consent_statements": ("record_id", "number"),
    "companions": ("companion_id",),
    "alias_keys": ("case_code",),
    "persons": ("person_id",),
    "attachments": ("attachment_id",),
    "exhibits": ("id",),
    "contacts": ("code",),
    "rosters": ("organisation", "number"),
    "approvals": ("digest", "approver"),
    "redactions": ("id",),
    "disclosure_requests": ("request_id",),
    "redactor_marks": ("record_id",),
    "restrictions": ("id",),
    "bundles": ("bundle_id",),
    "bundle_records": ("bundle_id", "record_id"),
    "received_bundles": ("bundle_id",),
    "received_records": ("id",),
    "tombstones": ("record_id",),
    "issued_notices": ("digest",),
    "notices": ("digest",),
    "notice_bundles": ("digest", "bundle_id"),
    "received_companions": ("id",),
    "receipts": ("bundle_id", "receiver"),
    "anchors": ("digest",),
    "cosigned_heads": ("origin", "size"),
    "time_requests": ("imprint",),
}
# A draft is saved every two seconds: its making and its end are bound, and its state whenever the vault is locked.
DRAFTS: Final = "drafts"


@dataclass(frozen=True, kw_only=True)
class RowKey:
    """Which row of which table.  For a draft, `second` is the sequence of the save."""

    table: str
    first: str | int
    second: str | int = ""


@dataclass(frozen=True, kw_only=True)
class Binding:
    """What one row was when its entry was written: a digest, or None when it was gone."""

    row: RowKey
    digest: str | None


def watch(connection: Connection) -> None:
    """Note every change of a bound row, by this connection, in a table in memory."""
    connection.execute(
        "CREATE TEMP TABLE touched (name TEXT, first, second, PRIMARY KEY (name, first, second)) WITHOUT ROWID"
    )
    for table, columns in BOUND.items():
        for event, side in (("INSERT", "new"), ("UPDATE", "old"), ("UPDATE", "new"), ("DELETE", "old")):
            second = f"{side}.{columns[1]}" if len(columns) > 1 else "''"
            _note(
                connection,
                f"{table}_{event}_{side}",
                f"{event} ON main.{table}",
                table,
                (f"{side}.{columns[0]}", second),
            )
    _note(connection, "drafts_made", "INSERT ON main.drafts", DRAFTS, ("new.record_id", "new.sequence"))
    _note(connection, "drafts_gone", "DELETE ON main.drafts", DRAFTS, ("old.record_id", "0"))


def touch(connection: Connection, row: RowKey) -> None:
    """Bind a row in this transaction although it was not changed in it."""
    connection.execute("INSERT OR IGNORE INTO touched VALUES (?, ?, ?)", (row.table, row.first, row.second))


def take_touched(connection: Connection) -> list[RowKey]:
    """The rows changed in this transaction, in a fixed order; the list is emptied."""
    rows = connection.execute("SELECT name, first, second FROM touched").fetchall()
    if rows:
        connection.execute("DELETE FROM touched")
    return [RowKey(table=table, first=first, second=second) for table, first, second in rows]


def bind(connection: Connection, key: bytes, rows: Sequence[RowKey]) -> list[Binding]:
    """The rows as they are now.  `key` belongs to this vault alone."""
    return [Binding(row=row, digest=_digest_now(connection, key, row)) for row in rows]


def chain_of(key: bytes, previous: bytes, parts: Sequence[bytes]) -> bytes:
    """The next link over the last one and over (last leaf of the log, peaks, bindings)."""
    return hmac_sha256(key, _CHAIN_LABEL + lp(previous, *parts))


def encode_bindings(bindings: Sequence[Binding]) -> bytes:
    """The one spelling of a list of bindings."""
    return encode([[one.row.table, one.row.first, one.row.second, one.digest] for one in bindings])


def decode_bindings(data: bytes, where: str) -> list[Binding]:
    """The bindings of one transaction.

    Raises:
        VaultDamagedError: The bytes are not what `encode_bindings` writes.
    """
    try:
        rows = as_list(decode(data, limit=MAX_BOUND, where=where), where, limit=MAX_BOUND_ROWS)
    except CanonicalError as error:
        raise VaultDamagedError("bindings", where) from error
    return [_binding(row, where) for row in rows]


def rows_now(connection: Connection, key: bytes, table: str) -> Iterator[Binding]:
    """Every row of a bound table as it is now."""
    columns = BOUND.get(table, ("record_id", "sequence"))
    names = _column_names(connection, table)
    places = [names.index(column) for column in columns]
    for row in connection.execute(f"SELECT * FROM main.{table}"):  # noqa: S608  # a name from the list above
        found = [row[place] for place in places]
        found_key = RowKey(table=table, first=found[0], second=found[1] if len(found) > 1 else "")
        yield Binding(row=found_key, digest=_digest(key, table, row))


def _note(connection: Connection, name: str, event: str, table: str, values: tuple[str, str]) -> None:
    connection.execute(
        f"CREATE TEMP TRIGGER watch_{name} AFTER {event} BEGIN "  # noqa: S608  # names from the list above
        f"INSERT OR IGNORE INTO touched VALUES ('{table}', {values[0]}, {values[1]}); END"
    )


def _digest_now(connection: Connection, key: bytes, row: RowKey) -> str | None:
    columns = BOUND.get(row.table, ("record_id",))
    where = " AND ".join(f"{column} = ?" for column in columns)
    values: list[Value] = [row.first] if len(columns) == 1 else [row.first, row.second]
    sql = f"SELECT * FROM main.{row.table} WHERE {where}"  # noqa: S608  # names from the list above
    found = connection.execute(sql, values).fetchone()
    return None if found is None else _digest(key, row.table, found)


def _digest(key: bytes, table: str, row: Sequence[Value]) -> str:
    return hmac_sha256(key, _ROW_LABEL + lp(table.encode(), *(_framed(value) for value in row))).hex()


def _framed(value: Value) -> bytes:
    if value is None:
        return b"-"
    if isinstance(value, int):
        return b"i%d" % value
    return b"t" + value.encode() if isinstance(value, str) else b"b" + value


def _column_names(connection: Connection, table: str) -> list[str]:
    return [name for (_, name, *_) in connection.execute(f"PRAGMA main.table_info({table})")]


def _binding(row: JsonValue, where: str) -> Binding:
    if not isinstance(row, list) or len(row) != _BINDING_PARTS:
        raise VaultDamagedError("bindings", where)
    table, first, second, digest = row
    named = isinstance(table, str) and isinstance(first, str | int) and isinstance(second, str | int)
    if not named or not (digest is None or isinstance(digest, str)):
        raise VaultDamagedError("bindings", where)
    if table not in BOUND and table != DRAFTS:
        raise VaultDamagedError("bindings", where)
    return Binding(row=RowKey(table=table, first=first, second=second), digest=digest)
