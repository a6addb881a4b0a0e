"""Whether a workbook's package is within bounds, before its reader sees a byte of it (docs/format/xlsform-v1.md, 2).

The reader inflates whatever a part gives and lays out a sheet as one block from its first to its last cell: a few
bytes can ask for all memory there is.  So every part is inflated here first, to a limit, and every cell has its place.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Final

from testimony.errors import FormError

MAX_FILE: Final = 16 << 20  # bytes
MAX_INFLATED: Final = 64 << 20  # bytes of all parts together
MAX_PARTS: Final = 512
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 64
MAX_CELLS: Final = MAX_ROWS * MAX_COLUMNS

_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END: Final = Struct("<4sHHHHIIH")
_CENTRAL: Final = Struct("<4sHHHHHHIIIHHHHHII")
_LOCAL: Final = Struct("<4sHHHHHIIIHH")
_COMMENT: Final = 65_535
_ENCRYPTED: Final = 1
_STORED, _DEFLATED = 0, 8
_CELL: Final = re.compile(rb"<(?:[^\s<>/:]+:)?c(?=[\s/>])([^>]*)>")
_ATTRIBUTES: Final = re.compile(rb'(?:\s+[\w:.-]+="[^"<>&]*")*\s*/?')
_PLACES: Final = re.compile(rb"\sr=")
_PLACE: Final = re.compile(rb'\sr="([A-Z]{1,2})([0-9]{1,4})"')
_FORMULA: Final = re.compile(rb"<(?:[^\s<>/:]+:)?f[\s/>]")
_SHEET: Final = b"sheetData"
_LETTERS: Final = 26


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a package, and how many of its cells are computed."""

    name: str
    formulas: int


def check_package(data: bytes) -> tuple[Part, ...]:
    """The parts of a workbook that its reader may be given.

    Raises:
        FormError: No package of a workbook ("not-a-workbook", "old-workbook"), or more in it than the bounds allow.
    """
    if data.startswith(_OLD_WORKBOOK):
        raise FormError("old-workbook", "workbook")
    if len(data) > MAX_FILE:
        raise FormError("workbook-too-large", "workbook")
    parts = []
    left = MAX_INFLATED
    for name, content in _contents(data, left):
        left -= len(content)
        if left < 0:
            raise FormError("workbook-too-large", "workbook")
        parts.append(Part(name=name, formulas=_check_cells(name, content)))
    names = [part.name for part in parts]
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise FormError("not-a-workbook", "workbook")
    return tuple(parts)


def _contents(data: bytes, limit: int) -> Iterator[tuple[str, bytes]]:
    for entry in _entries(data):
        name, method, flags, crc, packed, size, start = entry
        if flags & _ENCRYPTED or method not in (_STORED, _DEFLATED):
            raise FormError("not-a-workbook", "workbook")
        if size > limit or packed > len(data):
            raise FormError("workbook-too-large", "workbook")
        held = data[start : start + packed]
        content = _inflated(held, size) if method == _DEFLATED else held
        if len(content) != size or zlib.crc32(content) != crc:
            raise FormError("not-a-workbook", "workbook")
        yield name, content


def _inflated(held: bytes, size: int) -> bytes:
    """At most one byte more than the part claims, so that a lie about its size costs nothing."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(held, size + 1)
    except zlib.error:
        raise FormError("not-a-workbook", "workbook") from None


def _entries(data: bytes) -> Iterator[tuple[str, int, int, int, int, int, int]]:
    """Name, method, flags, checksum, packed size, size and place of each part, from the central directory."""
    tail = data.rfind(b"PK\x05\x06", max(0, len(data) - _COMMENT - _END.size))
    if tail < 0 or len(data) < tail + _END.size:
        raise FormError("not-a-workbook", "workbook")
    _, disk, first, here, count, _, at, _ = _END.unpack_from(data, tail)
    if disk or first or here != count:
        raise FormError("not-a-workbook", "workbook")
    if count > MAX_PARTS:
        raise FormError("workbook-too-large", "workbook")
    for _ in range(count):
        if at + _CENTRAL.size > len(data):
            raise FormError("not-a-workbook", "workbook")
        fields = _CENTRAL.unpack_from(data, at)
        magic, flags, method, crc, packed, size = fields[0], fields[3], fields[4], *fields[7:10]
        lengths, local = fields[10:13], fields[16]
        if magic != b"PK\x01\x02":
            raise FormError("not-a-workbook", "workbook")
        name = data[at + _CENTRAL.size : at + _CENTRAL.size + lengths[0]]
        at += _CENTRAL.size + sum(lengths)
        yield _text(name), method, flags, crc, packed, size, _start(data, local)


def _start(data: bytes, local: int) -> int:
    if local + _LOCAL.size > len(data):
        raise FormError("not-a-workbook", "workbook")
    fields = _LOCAL.unpack_from(data, local)
    if fields[0] != b"PK\x03\x04":
        raise FormError("not-a-workbook", "workbook")
    return local + _LOCAL.size + int(fields[9]) + int(fields[10])


def _text(name: bytes) -> str:
    try:
        return name.decode("ascii")
    except UnicodeDecodeError:
        raise FormError("not-a-workbook", "workbook") from None


def _check_cells(name: str, content: bytes) -> int:
    """How many cells of a sheet are computed; every cell names its place, and none lies out of bounds."""
    if name.endswith((".xml", ".rels")) and b"\x00" in content:
        raise FormError("not-a-workbook", name)
    if _SHEET not in content:
        return 0
    for count, found in enumerate(_CELL.finditer(content), start=1):
        place = _PLACE.search(found[1])
        plain = _ATTRIBUTES.fullmatch(found[1]) is not None and len(_PLACES.findall(found[1])) == 1
        if place is None or not plain or count > MAX_CELLS:
            raise FormError("workbook-too-large", name)
        if not 1 <= int(place[2]) <= MAX_ROWS or _number(place[1]) > MAX_COLUMNS:
            raise FormError("workbook-too-large", name)
    return len(_FORMULA.findall(content))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number
