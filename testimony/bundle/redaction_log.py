"""redaction-log.csv inside the account: what of it follows from the disclosure (docs/format/bundle-v1.md, 3.4)."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from testimony.bundle.findings import Check, Ledger
from testimony.bundle.names import REDACTION_LOG
from testimony.bundle.parcel import RedactionRow
from testimony.bundle.statement import Statement
from testimony.bundle.tables import REDACTION_HEADER, table
from testimony.bundle.verified_record import VerifiedRecord
from testimony.card import CODE
from testimony.consent import is_public
from testimony.redaction.disclosed import ACCOUNT, Disclosed, ShownParagraph
from testimony.redaction.opened import Gap
from testimony.withholding import reason_of_code

_BASIS: Final = "code in its place"
_REDACTORS: Final = "code put by the redactor after signing"
_CELL: Final = re.compile(r'"((?:[^"]|"")*)"(?:,|$)')
_LINE: Final = re.compile(r'(?:"(?:[^"\r]|"")*",){8}"(?:[^"\r]|"")*"')
_GAP: Final = re.compile(rf"{re.escape(ACCOUNT)}/(?:0|[1-9][0-9]{{0,9}})/gap-[1-9][0-9]{{0,9}}")
_PARAGRAPH: Final = re.compile(rf"{re.escape(ACCOUNT)}/(0|[1-9][0-9]{{0,9}})")
_IN_PARAGRAPH: Final = re.compile(rf"{re.escape(ACCOUNT)}/.*/.*", re.DOTALL)


def code_rows(disclosed: Disclosed) -> tuple[RedactionRow, ...]:
    """A row for each code that stands in a shown paragraph in place of a name; the name and its length are not told.

    The recorder's codes of a paragraph, then those that the redactor put into its gaps.
    """
    return tuple(
        RedactionRow(
            path=f"{ACCOUNT}/{shown.index}/{code}",
            code=reason_of_code(code),
            basis=basis,
            by="",
            approved_by="",
            on="",
            review_by="",
        )
        for shown in disclosed.paragraphs
        if isinstance(shown, ShownParagraph)
        for code, basis in _codes(shown)
    )


def _codes(shown: ShownParagraph) -> Iterator[tuple[str, str]]:
    signed = dict.fromkeys(piece.text for piece in shown.pieces if piece.kind == "code")
    put = dict.fromkeys(code for piece in shown.pieces for code in piece.codes)
    yield from ((code, _BASIS) for code in signed)
    yield from ((code, _REDACTORS) for code in put)


def gap_paths(disclosed: Disclosed) -> Iterator[str]:
    """The path of each gap in a shown paragraph, counted from 1 in its paragraph."""
    for shown in disclosed.paragraphs:
        if isinstance(shown, ShownParagraph):
            gaps = sum(piece.kind == "gap" for piece in shown.pieces)
            yield from (f"{ACCOUNT}/{shown.index}/gap-{number}" for number in range(1, gaps + 1))


def log_row(control_number: str, version: int, row: RedactionRow) -> tuple[str, ...]:
    """The cells of one row of the log."""
    cells = (row.path, row.code, row.basis, row.by, row.approved_by, row.on, row.review_by)
    return (control_number, str(version), *cells)


def check_redaction_log(data: bytes, records: Sequence[VerifiedRecord], statement: Statement, ledger: Ledger) -> None:
    """Check that the log names every code and every gap of each account, and none that does not stand there.

    It speaks of no other records. For the public it also has to name two approvers of each (C15).
    """
    rows = _rows(data)
    own: dict[str, list[tuple[str, ...]]] = {}
    for row in rows or ():
        own.setdefault(row[0], []).append(row)
    holds = rows is not None and _is_of(statement, rows) and all(_approvers(row[6]) is not None for row in rows)
    agrees = all(_agrees(own.get(one.control_number, []), one) for one in records)
    ledger.expect(holds and agrees, Check.LEGAL, "differs", REDACTION_LOG)
    if is_public(statement.purpose):
        for one in records:
            approved = _approved_twice(own.get(one.control_number, []))
            ledger.expect(approved, Check.LEGAL, "not-approved-twice", one.control_number)


def _approved_twice(rows: list[tuple[str, ...]]) -> bool:
    """Whether somebody answers for the record, and each row but those of codes names two different approvers."""
    answered = [row[6] for row in rows if _GAP.fullmatch(row[2]) or not _IN_PARAGRAPH.fullmatch(row[2])]
    return bool(answered) and all(map(_names_two, answered))


def _names_two(cell: str) -> bool:
    return len(_approvers(cell) or ()) > 1


def _approvers(cell: str) -> tuple[str, ...] | None:
    """The codes of those who approved, ascending; None for anything else."""
    codes = tuple(cell.split(" ")) if cell else ()
    return codes if list(codes) == sorted(set(codes)) and all(map(CODE.fullmatch, codes)) else None


def _is_of(statement: Statement, rows: Iterable[tuple[str, ...]]) -> bool:
    """Whether the rows stand in the order of the statement, each under a control number and version of its."""
    named = [key for key, _ in groupby(row[:2] for row in rows)]
    lines = ((line.control_number, str(line.version)) for line in statement.records)
    return named == [line for line in lines if line in set(named)]


def _agrees(rows: list[tuple[str, ...]], record: VerifiedRecord) -> bool:
    derived = [log_row(record.control_number, record.version, row) for row in code_rows(record.disclosed)]
    inside = [row for row in rows if _IN_PARAGRAPH.fullmatch(row[2])]
    gaps = [row for row in inside if _GAP.fullmatch(row[2])]
    if [row for row in inside if not _GAP.fullmatch(row[2])] != derived or not all(row[3] for row in gaps):
        return False
    # A gap of two reasons has two rows, one behind the other.
    if [path for path, _ in groupby(row[2] for row in gaps)] != list(gap_paths(record.disclosed)):
        return False
    found = (_PARAGRAPH.fullmatch(row[2]) for row in rows)
    listed = sorted({int(match[1]) for match in found if match is not None})
    return all(
        bisect_left(listed, gap.start + gap.width) - bisect_left(listed, gap.start) == gap.width
        for gap in _inner_gaps(record.disclosed)
    )


def _inner_gaps(disclosed: Disclosed) -> Iterator[Gap]:
    """The gaps before a shown paragraph.  One at the end may hide nothing, and how much it hides is not told."""
    yield from (one for one in disclosed.paragraphs[:-1] if isinstance(one, Gap))


def _rows(data: bytes) -> list[tuple[str, ...]] | None:
    """The rows behind the header; None where a line is not in the one spelling of a table of this width."""
    try:
        header, *lines, end = data.decode("utf-8").split("\n")
    except ValueError:  # no UTF-8, or no line at all
        return None
    if f"{header}\n".encode() != table(REDACTION_HEADER, ()) or end or not all(map(_LINE.fullmatch, lines)):
        return None
    rows = [tuple(cell.replace('""', '"') for cell in _CELL.findall(line)) for line in lines]
    return rows if table(REDACTION_HEADER, rows) == data else None
