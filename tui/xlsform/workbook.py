"""The only door to the reader of workbooks: cells as text, from a file within bounds (docs/format/xlsform-v1.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from resource import RLIMIT_AS, getrlimit, setrlimit
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from testimony.errors import FormError
from testimony.forms.sheets import MAX_CELL, Workbook
from tui.xlsform.package import MAX_COLUMNS, MAX_ROWS, check_package
from vault.files import read_small

_SHEETS: Final = ("survey", "choices", "settings")
_MEMORY: Final = 1 << 30  # bytes above what the process has: the last bound, should a check above miss something
_PAGE: Final = 4096


def read_workbook(data: bytes) -> Workbook:
    """The sheets of an XLSForm.

    Raises:
        FormError: No workbook, more in it than the bounds allow, or no sheet `survey`.
    """
    parts = check_package(data)
    try:
        with _memory_bounded():
            book = CalamineWorkbook.from_filelike(BytesIO(data))
            names = book.sheet_names
            found = {name: _cells(book, name) for name in names if name in _SHEETS}
    except CalamineError:
        raise FormError("not-a-workbook", "workbook") from None
    except BaseException as error:
        # A reader in Rust that gives up does not raise an Exception.
        if type(error).__name__ == "PanicException":
            raise FormError("not-a-workbook", "workbook") from None
        raise
    if "survey" not in found:
        raise FormError("no-survey", "survey")
    return Workbook(
        survey=found["survey"],
        choices=found.get("choices", ()),
        settings=found.get("settings", ()),
        other_sheets=tuple(name for name in names if name not in _SHEETS),
        formulas=sum(part.formulas for part in parts),
    )


def _cells(book: CalamineWorkbook, name: str) -> tuple[tuple[str, ...], ...]:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    if len(rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in rows):
        raise FormError("workbook-too-large", name)
    return tuple(tuple(_text(cell, name) for cell in row) for row in rows)


def _text(cell: object, sheet: str) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if len(text) > MAX_CELL:
        raise FormError("workbook-too-large", sheet)
    return text


@contextmanager
def _memory_bounded() -> Iterator[None]:
    soft, hard = getrlimit(RLIMIT_AS)
    statm = read_small("/proc/self/statm", _PAGE)
    if not statm:
        yield
        return
    limit = int(statm.split()[0]) * _PAGE + _MEMORY
    setrlimit(RLIMIT_AS, (limit if soft < 0 else min(soft, limit), hard))
    try:
        yield
    finally:
        setrlimit(RLIMIT_AS, (soft, hard))
