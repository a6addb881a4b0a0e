"""What a revision lifts, ready to be asked of every value and name of a record (docs/format/request-v1.md, section 5).

A hostile record has 10,000 lifts and many more names: each question takes a search, not a walk over all lifts.
"""

import re
from bisect import bisect_right
from collections.abc import Collection
from typing import Final

_RUN: Final = re.compile(r"(.+)/([0-9]{1,7})-([0-9]{1,7})")


class Lifts:
    """The paths of lifts, and of words in paragraphs the places that lie in some run."""

    def __init__(self, paths: Collection[str] = ()) -> None:
        self._paths = frozenset(paths)
        self._runs: dict[str, list[tuple[int, int]]] = {}
        runs = sorted((match[1], int(match[2]), int(match[3])) for path in paths if (match := _RUN.fullmatch(path)))
        for paragraph, first, last in runs:
            found = self._runs.setdefault(paragraph, [])
            # A run that lies inside the ones before it adds no place.
            if not found or last > found[-1][1]:
                found.append((first, last))

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def has_word(self, paragraph: str, place: int) -> bool:
        """Whether the whole paragraph is lifted, or a run in which this place lies."""
        if paragraph in self._paths:
            return True
        runs = self._runs.get(paragraph, [])
        found = bisect_right(runs, place, key=lambda run: run[0])
        return found > 0 and place <= runs[found - 1][1]
