"""Ctrl+P: every command that works here, to be chosen from a list."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.keys_on_screen import key
from tui.screens.screen import VaultScreen
from tui.strings.sentences import sentence
from tui.widgets.frame import key_name, program_of
from tui.widgets.rows import Column, Row, RowList
from tui.words import said


class KeyListDialog(ModalScreen[None]):
    """The commands of one screen."""

    BINDINGS: ClassVar[list[BindingType]] = [key("escape", "dismiss", "close")]

    def __init__(self, about: VaultScreen) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """One row a command."""
        language = program_of(self).language
        self.set_class(language == "ar", "-rtl")
        with Vertical(classes="dialog"):
            yield Static(said("keys.title", language), classes="strong")
            yield RowList(
                (
                    Column(heading=sentence("keys.key", language), width=10),
                    Column(heading=sentence("keys.does", language)),
                )
            )

    def on_mount(self) -> None:
        """Gather the commands."""
        program = program_of(self)
        rows: dict[str, Row] = {}
        for active in self._about.active_bindings.values():
            binding = active.binding
            if binding.tooltip and active.enabled and active.node in (program, self._about):
                cells = (key_name(binding.key), sentence(binding.tooltip, program.language))
                rows.setdefault(binding.action, Row(id=binding.key, cells=cells))
        self.query_one(RowList).replace(rows.values())
        self.query_one(RowList).focus()

    @on(RowList.Opened)
    async def run_it(self, message: RowList.Opened) -> None:
        """Close the list and press the chosen key."""
        self.dismiss()
        self.app.call_after_refresh(self.app.simulate_key, message.row.id)
