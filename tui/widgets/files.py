"""Choosing a file or folder: a path that can be typed, and the folder it stands in to walk through."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Final

from textual import on
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import TextArea

from tui.text_filter import display_line
from tui.widgets.editors import LineEditor
from tui.widgets.rows import Column, Row, RowList

MOST: Final = 2_000  # entries of one folder that are listed


class FileChooser(Vertical):
    """A path on one line, the folder below; Enter on a folder goes in, on a file takes it."""

    DEFAULT_CSS: ClassVar[str] = "FileChooser { height: auto; }"

    def __init__(self, *, folders_only: bool = False, start: Path | None = None) -> None:
        super().__init__()
        self._folders_only = folders_only
        self._folder = start or Path.home()
        self._path: Path | None = self._folder if folders_only else None

    @property
    def path(self) -> Path | None:
        """The path chosen or typed; None where there is none yet."""
        return self._path

    def compose(self) -> Iterable[Widget]:
        """The line, then the folder."""
        yield LineEditor(str(self._folder), id="chosen-path")
        yield RowList((Column(heading=""),), id="entries")

    def on_mount(self) -> None:
        """List the first folder."""
        self._list()

    def _list(self) -> None:
        entries = _entries(self._folder, folders_only=self._folders_only)
        rows = [Row(id="..", cells=("../",))]
        rows += [Row(id=entry.name, cells=(_shown(entry),)) for entry in entries]
        table = self.query_one(RowList)
        table.replace(rows)
        table.at = 0

    @on(RowList.Opened)
    def opened(self, message: RowList.Opened) -> None:
        """Into a folder, or take a file."""
        message.stop()
        target = self._folder.parent if message.row.id == ".." else self._folder / message.row.id
        if _is_folder(target):
            self._folder = target
            self._take(target if self._folders_only else None, target)
            self._list()
        else:
            self._take(target, target)

    def _take(self, path: Path | None, line: Path) -> None:
        self._path = path
        editor = self.query_one(LineEditor)
        editor.load_text(str(line))
        editor.move_cursor(editor.document.end)

    @on(TextArea.Changed)
    def typed(self, event: TextArea.Changed) -> None:
        """A typed path counts as chosen; where a file is asked for, a folder is none, nor is what was chosen before."""
        event.stop()
        text = event.text_area.text.strip()
        path = Path(text).expanduser().absolute() if text and "\0" not in text else None
        taken = path is not None and (self._folders_only or not _is_folder(path))
        self._path = path if taken else None

    @on(LineEditor.Submitted)
    def line_entered(self, event: LineEditor.Submitted) -> None:
        """Go to the typed folder."""
        path = Path(event.editor.text.strip()).expanduser().absolute()
        if _is_folder(path):
            event.stop()
            self._folder = path
            self._list()


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _entries(folder: Path, *, folders_only: bool) -> list[Path]:
    try:
        found = [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []
    kept = [path for path in found if _is_folder(path) or not folders_only]
    return sorted(kept, key=lambda path: (not _is_folder(path), path.name))[:MOST]


def _shown(path: Path) -> str:
    return display_line(path.name + ("/" if _is_folder(path) else ""))
