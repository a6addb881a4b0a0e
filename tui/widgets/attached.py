"""The files of an interview: number, kind, title, name and size; Delete asks to take one out again."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from testimony.forms.reading import core_form
from tui.answer_text import labelled
from tui.keys_on_screen import key
from tui.strings.sentences import Language, sentence
from tui.text_filter import display_line
from tui.widgets.rows import Column, Row, RowList

if TYPE_CHECKING:
    from vault.attachments import Attached


class FilesListed(Message):
    """The vault told which files an interview has."""

    def __init__(self, files: "Sequence[Attached]") -> None:
        self.files = files
        super().__init__()


class AttachedFiles(Vertical):
    """A list of files that are in the vault already."""

    BINDINGS: ClassVar[list[BindingType]] = [key("delete", "remove", "remove-file")]
    DEFAULT_CSS: ClassVar[str] = "AttachedFiles { height: auto; }"

    class Remove(Message):
        """A file is to be taken out again, by its position."""

        def __init__(self, position: int) -> None:
            self.position = position
            super().__init__()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language: Language = language

    def compose(self) -> Iterable[Widget]:
        """The list."""
        headings = (("files.kind", 10), ("files.title", 0), ("files.name", 0), ("files.size", 12))
        yield RowList([Column(heading=sentence(name, self._language), width=width) for name, width in headings])

    def on_mount(self) -> None:
        """Nothing is known yet."""
        self.display = False

    def show(self, files: "Sequence[Attached]") -> None:
        """List these files."""
        self.display = bool(files)
        self.query_one(RowList).replace(self._row(each) for each in files)

    def _row(self, attached: "Attached") -> Row:
        exhibit = attached.exhibit
        cells = (self._kind(exhibit.kind), exhibit.title, exhibit.original_name, f"{exhibit.size:,}")
        return Row(id=str(attached.position), cells=tuple(map(display_line, cells)))

    def _kind(self, value: str) -> str:
        exhibits = core_form().slot("exhibits")
        kinds = exhibits.member("kind") if exhibits is not None else None
        terms = kinds.vocabulary if kinds is not None else ()
        return next((labelled(term.label, self._language) for term in terms if term.value == value), value)

    def action_remove(self) -> None:
        """Ask to take the file pointed at out."""
        if row := self.query_one(RowList).pointed:
            self.post_message(self.Remove(int(row.id)))
