"""The list of records, page by page: drafts, finished and refused ones, those received, what stays of erased ones.

Each page begins where the last one ended, by key, so that it costs the same in a large vault.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from vault._sqlcipher import Row
from vault.errors import NotFoundError
from vault.forms import ReadOne
from vault.notices import REACHES
from vault.store import Vault
from vault.tombstones import tombstone_of

RowStage = Literal["draft", "finished", "refused", "received", "withdrawn", "erased"]

MAX_PAGE: Final = 1000
_CURSOR: Final = re.compile(r"([0-3])\|([^|]{1,64})\|([^|]{1,64})")
_LAST: Final = "~"  # stands after every time that is stored
_LAST_ID: Final = 2**62


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """One line of the list; never a name.  `cursor` continues the list after it.

    `date` is the day of the interview, `at` when it was last saved, finished or received.  `sender` is the code of
    the contact whom a received record came from, `revision` the number of what that contact showed of it.
    """

    record_id: str
    stage: RowStage
    version: int
    revision: int | None
    date: str | None
    place: str | None = field(repr=False)
    case_code: str | None
    language: str | None
    control_number: str | None
    sender: str | None
    at: str
    cursor: str

    @property
    def name(self) -> str:
        """The record's ID, with its revision behind it where that is not the first."""
        return self.record_id if (self.revision or 1) == 1 else f"{self.record_id} R{self.revision:02d}"


_HELD: Final = "SELECT 1 FROM received_records WHERE record_id = ? LIMIT 1"
_DRAFTS: Final = (
    "SELECT record_id, 'draft', 0, NULL, interviewed_on, place, case_code, language, NULL, NULL, saved_at, record_id"
    " FROM drafts WHERE (saved_at, record_id) < (?, ?) ORDER BY saved_at DESC, record_id DESC LIMIT ?"
)
_RECORDS: Final = (
    "SELECT record_id, stage, version, NULL, interviewed_on, place, case_code, language, control_number, NULL,"
    " finished_at, id FROM records AS r WHERE (finished_at, id) < (?, ?)"
    " AND NOT EXISTS (SELECT 1 FROM records AS n WHERE n.record_id = r.record_id AND n.version > r.version)"
    " ORDER BY finished_at DESC, id DESC LIMIT ?"
)
_RECEIVED: Final = (
    f"SELECT record_id, CASE WHEN EXISTS (SELECT 1 FROM notices AS n WHERE {REACHES})"  # noqa: S608  # a constant
    " THEN 'withdrawn'"
    " ELSE 'received' END, version, revision, interviewed_on, place, case_code, language, control_number, sender,"
    " received_at, id FROM received_records AS r WHERE (received_at, id) < (?, ?)"
    " ORDER BY received_at DESC, id DESC LIMIT ?"
)
_ERASED: Final = (
    "SELECT record_id, 'erased', version, NULL, NULL, NULL, NULL, NULL, control_number, NULL, erased_at, rowid"
    " FROM tombstones WHERE (erased_at, rowid) < (?, ?) ORDER BY erased_at DESC, rowid DESC LIMIT ?"
)
_PARTS: Final = (_DRAFTS, _RECORDS, _RECEIVED, _ERASED)


def absent(read_one: ReadOne, record_id: str) -> NotFoundError:
    """The refusal of a record that this vault did not finish: erased, received from somebody else, or not here."""
    if tombstone_of(read_one, record_id) is not None:
        return NotFoundError("erased", record_id)
    return NotFoundError("record" if read_one(_HELD, (record_id,)) is None else "received", record_id)


def list_records(vault: Vault, *, after: str | None = None, limit: int = 100) -> list[RecordRow]:
    """At most `limit` rows of the list, after the row with the cursor `after`.

    Raises:
        NotFoundError: `after` is no cursor of a row.
    """
    part, at, key = _parse_cursor(after)
    rows: list[RecordRow] = []
    for number in range(part, len(_PARTS)):
        wanted = min(limit, MAX_PAGE) - len(rows)
        if wanted > 0:
            start = (at, key) if number == part and after is not None else (_LAST, _end_of(number))
            rows += [_row(number, row) for row in vault.read(_PARTS[number], (*start, wanted))]
    return rows


def _parse_cursor(cursor: str | None) -> tuple[int, str, str | int]:
    if cursor is None:
        return 0, _LAST, _LAST
    match = _CURSOR.fullmatch(cursor)
    if match is None or (match[1] != "0" and not re.fullmatch(r"[0-9]{1,18}", match[3])):
        raise NotFoundError("cursor")
    part = int(match[1])
    return part, match[2], match[3] if part == 0 else int(match[3])


def _end_of(part: int) -> str | int:
    return _LAST if part == 0 else _LAST_ID


def _row(part: int, row: Row) -> RecordRow:
    texts: Sequence[str | None] = row
    return RecordRow(
        record_id=str(row[0]),
        stage=cast("RowStage", row[1]),
        version=int(row[2]),
        revision=None if row[3] is None else int(row[3]),
        date=texts[4],
        place=texts[5],
        case_code=texts[6],
        language=texts[7],
        control_number=texts[8],
        sender=texts[9],
        at=str(row[10]),
        cursor=f"{part}|{row[10]}|{row[11]}",
    )
