"""The head of a log as a QR code in characters of half a cell; it carries the forty digits and nothing else."""

from collections.abc import Iterator

import segno

from keys.digits import ungrouped

_BORDER = 2
# A module that is light is drawn, for most terminals are dark: upper half, lower half.
_HALVES = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}


def qr_lines(digits: str) -> Iterator[str]:
    """The rows of the code of these digits, two rows of modules a line, with a light border."""
    code = segno.make_qr(ungrouped(digits), error="m")
    rows = [[bool(module) for module in row] for row in code.matrix_iter(border=_BORDER)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        yield "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
