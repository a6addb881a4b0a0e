"""What an interrupted act may leave: unfinished files, files without a row, rows without a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from vault._sqlcipher import Row
from vault.files import PART, facts, names_in, remove
from vault.layout import Layout
from vault.opening import Note

_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, kw_only=True)
class Orphans:
    """Attachment ids of files that no row names, and of rows whose file is gone."""

    files: tuple[str, ...]
    rows: tuple[str, ...]


def orphan_notes(layout: Layout, read: Callable[[str], list[Row]]) -> tuple[Note, ...]:
    """Remove unfinished files, which nobody was told are saved; report the rest and drop nothing."""
    unfinished = _remove_unfinished(layout)
    found = find_orphans(layout, read)
    counts = (
        ("unfinished-files", unfinished),
        ("files-without-row", len(found.files)),
        ("rows-without-file", len(found.rows)),
    )
    return tuple(Note(code=code, detail=str(count)) for code, count in counts if count)


def find_orphans(layout: Layout, read: Callable[[str], list[Row]]) -> Orphans:
    """Compare the attachments folder with the rows of the database."""
    files = {name for _, name in _stored(layout) if not name.endswith(PART)}
    rows = {row[0] for row in read("SELECT attachment_id FROM attachments")}
    return Orphans(files=tuple(sorted(files - rows)), rows=tuple(sorted(rows - files)))


def _remove_unfinished(layout: Layout) -> int:
    paths = [layout.attachments / folder / name for folder, name in _stored(layout) if name.endswith(PART)]
    for folder in (layout.folder, layout.outbox, layout.quarantine):
        paths += [folder / name for name in names_in(folder) if name.endswith(PART)]
    unfinished = [path for path in paths if (found := facts(path)) is not None and found.regular]
    for path in unfinished:
        remove(path)
    return len(unfinished)


def _stored(layout: Layout) -> Iterator[tuple[str, str]]:
    for folder in names_in(layout.attachments):
        if len(folder) == 2 and _HEX.issuperset(folder):  # noqa: PLR2004  # two digits of the id
            for name in names_in(layout.attachments / folder):
                yield folder, name
