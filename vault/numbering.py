"""Control numbers: one series a vault, a record's exhibits right behind it, no number given twice (record.md, 5)."""

from typing import Final

from testimony.bundle.names import CONTROL_NUMBER
from vault.errors import LimitError
from vault.store import Transaction

_HIGHEST: Final = 9_999_999
_FIRST: Final = 1


def take_numbers(tx: Transaction, prefix: str, count: int) -> tuple[str, ...]:
    """The next `count` control numbers, contiguous, such as `K7F-0000123` and `K7F-0000124`.

    Raises:
        LimitError: The series is used up.
    """
    row = tx.one("SELECT next FROM numbering WHERE series = ?", (prefix,))
    start = _FIRST if row is None else int(row[0])
    after = start + count
    if after - 1 > _HIGHEST:
        raise LimitError("control-numbers", _HIGHEST)
    if row is None:
        tx.execute("INSERT INTO numbering (series, next) VALUES (?, ?)", (prefix, after))
    else:
        tx.execute("UPDATE numbering SET next = ? WHERE series = ?", (after, prefix))
    return tuple(_number(prefix, place) for place in range(start, after))


def _number(prefix: str, place: int) -> str:
    number = f"{prefix}-{place:07d}"
    if CONTROL_NUMBER.fullmatch(number) is None:
        raise LimitError("control-number-prefix", 6)
    return number
