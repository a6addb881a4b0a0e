"""One act on the vault: its rows, its custody entries and the digests that tie them together, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from keys.secret import Secret
from testimony.custody.entries import NO_ENTRY, Act, Entry, line_hash, parse_entry
from testimony.custody.log import LogState, append
from testimony.custody.moments import Moment
from testimony.errors import CustodyError
from testimony.merkle import Peaks, leaf_hash
from vault._sqlcipher import Connection, Row, Value, database_errors
from vault.bindings import NO_CHAIN, Binding, RowKey, bind, chain_of, encode_bindings, take_touched, touch
from vault.errors import UnloggedChangeError, VaultDamagedError

_HASH: Final = 32


@dataclass(frozen=True, kw_only=True)
class LogHead:
    """The end of the custody log: what the next entry follows, and the last link of the chain of bindings."""

    state: LogState = field(default_factory=LogState)
    chain: bytes = NO_CHAIN
    leaf: bytes = b""

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.state.size


class Transaction:
    """Statements and custody entries that are saved together; made by `Vault.transaction` alone."""

    def __init__(self, connection: Connection, key: Secret, head: LogHead) -> None:
        self._connection = connection
        self._key = key
        self._began = head
        self.head = head

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Run one statement; how many rows it changed."""
        with database_errors():
            return self._connection.execute(sql, parameters).rowcount

    def insert(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Run one INSERT; the integer id of its row."""
        with database_errors():
            return self._connection.execute(sql, parameters).lastrowid or 0

    def one(self, sql: str, parameters: Sequence[Value] = ()) -> Row | None:
        """The first row, or None."""
        with database_errors():
            row: Row | None = self._connection.execute(sql, parameters).fetchone()
            return row

    def all(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Every row."""
        with database_errors():
            return self._connection.execute(sql, parameters).fetchall()

    def bind(self, row: RowKey) -> None:
        """Tie a row to this transaction's entry although it is not changed here."""
        with database_errors():
            touch(self._connection, row)

    def append(self, act: Act, moment: Moment) -> Entry:
        """Add an entry to the log."""
        last = self.one("SELECT line FROM custody WHERE object = ? ORDER BY seq DESC LIMIT 1", (act.object,))
        object_prev = NO_ENTRY if last is None else line_hash(last[0])
        entry, state = append(self.head.state, act, moment, object_prev=object_prev)
        leaf = leaf_hash(entry.line())
        self.execute(
            "INSERT INTO custody (seq, object, kind, leaf, line) VALUES (?, ?, ?, ?, ?)",
            (entry.seq, entry.object, entry.kind, leaf, entry.line()),
        )
        self.head = LogHead(state=state, chain=self._began.chain, leaf=leaf)
        return entry

    def close(self) -> LogHead:
        """Tie the changed rows to the last entry, before the commit; the head that the commit makes true.

        Raises:
            UnloggedChangeError: A bound row was changed and no entry says so.
        """
        with database_errors():
            rows = take_touched(self._connection)
            if self.head.size == self._began.size:
                if rows:
                    raise UnloggedChangeError(where=rows[0].table)
                return self._began
            return self._link(bind(self._connection, self._key.reveal(), rows))

    def _link(self, bindings: Sequence[Binding]) -> LogHead:
        peaks, bound = b"".join(self.head.state.peaks.hashes), encode_bindings(bindings)
        chain = chain_of(self._key.reveal(), self._began.chain, (self.head.leaf, peaks, bound))
        self._connection.execute(
            "INSERT INTO bindings (seq, peaks, bound, chain) VALUES (?, ?, ?, ?)",
            (self.head.size - 1, peaks, bound, chain),
        )
        return LogHead(state=self.head.state, chain=chain, leaf=self.head.leaf)


def read_head(connection: Connection) -> LogHead:
    """The end of the log as the database has it.

    Raises:
        VaultDamagedError: The last entry and the last link do not belong together.
    """
    last = connection.execute("SELECT seq, leaf, line FROM custody ORDER BY seq DESC LIMIT 1").fetchone()
    link = connection.execute("SELECT seq, peaks, chain FROM bindings ORDER BY seq DESC LIMIT 1").fetchone()
    if last is None or link is None or last[0] != link[0] or leaf_hash(last[2]) != last[1]:
        raise VaultDamagedError("log-end", "custody")
    seq, leaf, line = last
    hashes = tuple(link[1][start : start + _HASH] for start in range(0, len(link[1]), _HASH))
    if len(hashes) != (seq + 1).bit_count():
        raise VaultDamagedError("log-end", "bindings")
    try:
        moment = parse_entry(line, seq=seq).moment
    except CustodyError as error:
        raise VaultDamagedError("log-end", f"custody {seq}") from error
    state = LogState(peaks=Peaks(size=seq + 1, hashes=hashes), last=line_hash(line), moment=moment)
    return LogHead(state=state, chain=link[2], leaf=leaf)


def verified_tail(connection: Connection, key: bytes, size: int, chain: bytes) -> bool:
    """Whether every link after the entry that made the log `size` long follows from `chain`; none may follow."""
    rows = connection.execute(
        "SELECT b.peaks, b.bound, b.chain, c.leaf FROM bindings b JOIN custody c USING (seq) "
        "WHERE b.seq >= ? ORDER BY b.seq",
        (size,),
    )
    for peaks, bound, link, leaf in rows:
        if chain_of(key, chain, (leaf, peaks, bound)) != link:
            return False
        chain = link
    return True
