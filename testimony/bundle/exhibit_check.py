"""Checks that every exhibit is the one its record signed (docs/format/bundle-v1.md, section 6.4).

Exhibit i of the record with control number N has control number N + 1 + i.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from testimony.bundle.findings import Check, Ledger
from testimony.bundle.names import EXHIBIT, place_of
from testimony.bundle.seal_check import Seen
from testimony.bundle.verified_record import VerifiedExhibit, VerifiedRecord

_DIGITS: Final = 7


def exhibit_number(control_number: str, index: int) -> str:
    """The control number of the exhibit at a place from 0 of the record with this control number."""
    prefix, _, number = control_number.rpartition("-")
    return f"{prefix}-{int(number) + 1 + index:0{_DIGITS}d}"


def check_exhibits(records: Iterable[VerifiedRecord], seen: Seen, ledger: Ledger) -> tuple[VerifiedRecord, ...]:
    """The records, each with its exhibits; a file that no record shows, or another than it shows, is a failure."""
    files = {place.key: name for name in seen if (place := place_of(name)) is not None and place.part == EXHIBIT}
    if len(files) != sum(name.startswith("data/exhibits/") for name in seen):
        ledger.fail(Check.EXHIBITS, "same-number", "data/exhibits")
    found = tuple(_with_exhibits(record, files, seen, ledger) for record in records)
    shown = {one.member for record in found for one in record.exhibits}
    for name in sorted(set(files.values()) - shown):
        ledger.fail(Check.EXHIBITS, "unlisted", name)
    ledger.made(Check.EXHIBITS)
    return found


def _with_exhibits(record: VerifiedRecord, files: Mapping[str, str], seen: Seen, ledger: Ledger) -> VerifiedRecord:
    exhibits = []
    for shown in record.disclosed.exhibits:
        if shown.sha256 is None or shown.size is None:
            continue
        number = exhibit_number(record.control_number, shown.index)
        name = files.get(number)
        if name is None:
            ledger.fail(Check.EXHIBITS, "absent", number)
        elif ledger.expect(seen[name] == (shown.sha256, shown.size), Check.EXHIBITS, "differs", name):
            digest, size = seen[name]
            exhibits.append(
                VerifiedExhibit(control_number=number, index=shown.index, member=name, size=size, sha256=digest)
            )
    return replace(record, exhibits=tuple(exhibits))
