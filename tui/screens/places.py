"""Places of a record first, a folder second, what came of it last: asking for what is hidden, and answering that."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.containers import VerticalGroup, VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.screens.screen import Refused, VaultScreen
from tui.widgets.files import FileChooser
from tui.widgets.frame import Note
from tui.words import shown_line


class PlacesScreen(VaultScreen):
    """Both steps and the way between them; a subclass fills the first one and does what follows the second."""

    PLACES: ClassVar[str] = ""  # the list of the first step

    def __init__(self) -> None:
        super().__init__()
        self._working = False
        self._ended: tuple[str, Path | None] | None = None

    @property
    def done(self) -> bool:
        """Whether it is made, or there was nothing to make."""
        return self._ended is not None

    def fill_places(self) -> None:
        """Show the first step again, in the language chosen now."""

    async def fill_anew(self) -> None:
        """The first step in the other language, or what came of it."""
        self.show_places()
        if self._ended is not None:
            self.query_one("#asked").display = False
            self._tell_end(*self._ended)
        else:
            self.fill_places()

    def steps(self, asked: Iterable[Widget], folder: Iterable[Widget], button: Button) -> Widget:
        """The widgets of the first step; of the second one those above the choice of a folder, and its button."""
        return VerticalScroll(
            VerticalGroup(*asked, id="asked"),
            VerticalGroup(
                Static("", id="count", classes="strong"),
                *folder,
                FileChooser(folders_only=True),
                self.buttons(button),
                id="where",
            ),
            VerticalGroup(Static("", id="outcome", classes="strong"), Static("", id="path", classes="code")),
            classes="page tight",
            can_focus=False,
        )

    def label(self, key: str) -> Widget:
        """What stands above a field."""
        return Note(self.say(key), classes="label")

    @property
    def at_folder(self) -> bool:
        """Whether the second step is shown."""
        return bool(self.query_one("#where").display)

    def show_places(self) -> None:
        """The first step."""
        self.query_one("#where").display = False
        self.query_one("#asked").display = True

    def show_folder(self, key: str, **values: object) -> None:
        """The second step, with how much was chosen."""
        self.query_one("#asked").display = False
        self.query_one("#where").display = True
        self.tell_outcome("")
        self.query_one("#count", Static).update(self.say(key, **values))
        self.set_focus(self.query_one("#entries"))

    def tell_outcome(self, key: str) -> None:
        """Say below both steps what has to be done, or what came of it."""
        self.query_one("#outcome", Static).update(self.say(key) if key else "")

    def begin(self, key: str = "") -> Path | None:
        """The folder, when the work may begin now; None where none is chosen, or it has begun."""
        folder = self.query_one(FileChooser).path
        if folder is None or self._working or self.done:
            return None
        self._working = True
        self.tell_outcome(key)
        return folder

    def end(self, key: str, path: Path | None = None) -> None:
        """Say what came of it, and where it lies."""
        self._working, self._ended = False, (key, path)
        self._tell_end(key, path)

    def _tell_end(self, key: str, path: Path | None) -> None:
        self.query_one("#where").display = False
        self.tell_outcome(key)
        if path is not None:
            self.query_one("#path", Static).update(shown_line(str(path)))

    def refused(self, message: Refused) -> None:
        """Say why nothing was made."""
        self._working = False
        self.query_one("#outcome", Static).update(self.failure(message))

    def action_back(self) -> None:
        """From the folder to the places, from the places back; what is being made is waited for."""
        if self._working:
            return
        if self.done or not self.at_folder:
            self.dismiss(None)
        else:
            self.show_places()
            self.set_focus(self.query_one(self.PLACES))
