"""The program of screens: its keys, its lock, and how it fails."""

import asyncio
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.content import Content
from textual.filter import LineFilter
from textual.notifications import SeverityLevel

from tui.barrier import ControlBarrier
from tui.colours import THEME
from tui.crash import crash_place
from tui.failures import MACHINE
from tui.idleness import WARN_AT, Idleness
from tui.keys_on_screen import key, key_everywhere
from tui.leaving import Leave, Start, begin_again_locked, start_from
from tui.screens.screen import VaultScreen
from tui.session import Session
from tui.strings.sentences import Language, has_sentence, sentence
from tui.widgets.frame import StatusLine
from tui.words import said
from vault.clock import SystemClock

if TYPE_CHECKING:
    from vault.opening import Note

LEAST_WIDTH: Final = 60
LEAST_HEIGHT: Final = 20


def run(vault_path: Path | None) -> int:
    """Open the screens; the exit code when they close.  A lock does not return: the process replaces itself."""
    app = TestimonyApp(start_from(os.environ, vault_path))
    leave = app.run()
    app.session.close()
    if leave is Leave.LOCK and app.vault_path is not None:
        begin_again_locked(app.vault_path, app.language)
    return app.return_code or 0


class TestimonyApp(App[Leave]):
    """All screens of one vault, from unlock to lock."""

    CSS_PATH = "testimony.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        key_everywhere("f1", "help", "help", show=True),
        key_everywhere("ctrl+p", "keys", "keys"),
        key_everywhere("ctrl+l", "language", "language"),
        key_everywhere("f9", "lock", "lock", show=True),
        key_everywhere("f10", "panic", "panic"),
        key_everywhere("f12", "blank", "blank", show=True),
        key_everywhere("ctrl+q", "leave", "quit"),
        key("f6", "focus_next", "next-pane", show=False),
        key("ctrl+c", "copy_nothing", "no-copy", show=False),
    ]

    def __init__(self, start: Start) -> None:
        super().__init__()
        self.start = start
        self.language: Language = start.language
        self.vault_path = start.vault_path
        self.session = Session()
        self.clock = SystemClock()
        self.idleness = Idleness(self.clock.now())
        self.vault_label = ""
        self.is_practice = False
        self.saved_at = ""
        self.is_unsaved = False
        self._warned = False
        self._place = ""
        self._barrier = ControlBarrier()
        self.register_theme(THEME)
        self.theme = THEME.name

    def on_mount(self) -> None:
        """Show the first screen; from now on count the time and hear the signals."""
        self.set_interval(1, self._tick)
        if not self.is_headless:
            self._hear_signals()
        self.push_screen(self._first_screen())

    def _first_screen(self) -> VaultScreen:
        from tui.screens.unlock import UnlockScreen  # noqa: PLC0415 - each screen loads what it needs
        from tui.screens.welcome import WelcomeScreen  # noqa: PLC0415

        if self.start.vault_path is not None:
            return UnlockScreen(self.start.vault_path, is_locked=self.start.is_locked)
        return WelcomeScreen()

    def _hear_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self.action_panic)
        loop.add_signal_handler(signal.SIGTSTP, self.action_lock)

    def session_opened(self, notes: "Sequence[Note]") -> None:
        """A vault is open: time counts from now, and what opening noticed is said."""
        self.idleness.touch(self.clock.now())
        self.saved_at = ""
        for note in notes:
            known = f"note.{note.code}" if has_sentence(f"note.{note.code}") else "note.other"
            words = sentence(known, self.language, note=note.code, detail=note.detail)
            self.notify(words, severity="warning", markup=False, timeout=10)

    # -- what the status line says --

    def saving_sentence(self) -> Content:
        """Whether everything typed is in the vault."""
        if self.is_unsaved:
            return said("status.unsaved", self.language)
        if self.saved_at:
            return said("status.saved", self.language, time=self.saved_at)
        return said("status.nothing-to-save", self.language)

    def locking_sentence(self) -> Content:
        """The time to the lock."""
        left = self.idleness.seconds_left(self.clock.now())
        return said("status.locks-in", self.language, minutes=left // 60, seconds=f"{left % 60:02d}")

    def note_saved(self) -> None:
        """Everything typed is in the vault."""
        self.is_unsaved = False
        self.saved_at = f"{self.clock.now().wall:%H:%M:%S}"
        self._refresh_status()

    def note_unsaved(self) -> None:
        """Something typed is not in the vault yet."""
        self.is_unsaved = True
        self._refresh_status()

    def _refresh_status(self) -> None:
        for line in self.screen.query(StatusLine):
            line.refresh()

    # -- time --

    async def on_event(self, event: events.Event) -> None:
        """Every key and every move of the mouse counts as somebody being there."""
        if isinstance(event, events.Key | events.MouseEvent | events.Paste):
            self.idleness.touch(self.clock.now())
            self._warned = False
        await super().on_event(event)

    def _tick(self) -> None:
        if not self.session.is_open:
            return
        self._refresh_status()
        left = self.idleness.seconds_left(self.clock.now())
        if left == 0:
            self.action_lock()
        elif left <= WARN_AT and not self._warned:
            self._warned = True
            self.bell()
            self.notify(sentence("lock.soon", self.language), severity="warning", markup=False, timeout=WARN_AT)

    def on_resize(self, event: events.Resize) -> None:
        """Below the least size, one page says so and hides the rest."""
        from tui.screens.blank import TooSmallScreen  # noqa: PLC0415

        small = event.size.width < LEAST_WIDTH or event.size.height < LEAST_HEIGHT
        shows = isinstance(self.screen, TooSmallScreen)
        if small and not shows:
            self.push_screen(TooSmallScreen())
        elif shows and not small:
            self.pop_screen()

    # -- keys that work everywhere --

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to lock before a vault is open."""
        return self.session.is_open if action == "lock" else super().check_action(action, parameters)

    def action_help(self) -> None:
        """Explain the focused thing and the screen."""
        from tui.dialogs.help import HelpDialog  # noqa: PLC0415

        if not isinstance(self.screen, HelpDialog):
            self.push_screen(HelpDialog(self.screen))

    def action_keys(self) -> None:
        """List every key that works here."""
        from tui.dialogs.key_list import KeyListDialog  # noqa: PLC0415

        if isinstance(self.screen, VaultScreen):
            self.push_screen(KeyListDialog(self.screen))

    def action_language(self) -> None:
        """Change between English and Arabic."""
        self.language = "en" if self.language == "ar" else "ar"
        for screen in self.screen_stack:
            if isinstance(screen, VaultScreen):
                screen.change_language()

    def action_blank(self) -> None:
        """Show nothing at all, or come back from nothing."""
        from tui.screens.blank import BlankScreen  # noqa: PLC0415

        if isinstance(self.screen, BlankScreen):
            self.pop_screen()
        else:
            self._hide()

    def _hide(self) -> None:
        from tui.screens.blank import BlankScreen  # noqa: PLC0415 - as above

        if not isinstance(self.screen, BlankScreen):
            self.clear_notifications()
            self.push_screen(BlankScreen())

    def action_lock(self) -> None:
        """Save, close the keys, and begin again with nothing but the unlock screen."""
        if not self.session.is_open:
            return
        if self._kept_everything():
            self.exit(Leave.LOCK)
        else:
            self._hide()  # a lock never costs a word: hidden until the words can be saved

    def action_leave(self) -> None:
        """Save, close the keys, and end."""
        if self._kept_everything():
            self.exit(Leave.QUIT)

    def action_panic(self) -> None:
        """Save what can be saved, close the keys, and end."""
        self._kept_everything()
        self.exit(Leave.QUIT)

    def action_copy_nothing(self) -> None:
        """Say that nothing is copied out of this program."""
        self.notify(sentence("copy.off", self.language), markup=False)

    def _kept_everything(self) -> bool:
        kept = [screen.kept() for screen in reversed(self.screen_stack) if isinstance(screen, VaultScreen)]
        return all(kept)

    # -- what must not reach the terminal, the disk or the clipboard --

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 - no message is ever read as markup
    ) -> None:
        """A short message over the screen; none over a blank one."""
        from tui.screens.blank import BlankScreen  # noqa: PLC0415 - as above

        if not isinstance(self.screen, BlankScreen):
            super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)

    def get_line_filters(self) -> list[LineFilter]:
        """Textual's own filters, then the barrier."""
        return [*super().get_line_filters(), self._barrier]

    def copy_to_clipboard(self, text: str) -> None:
        """Keep a cut inside this program; the terminal's clipboard is never written."""
        self._clipboard = text

    def deliver_screenshot(self, *_arguments: object, **_options: object) -> None:
        """No picture of a screen is written to the disk."""

    def panic(self, *_renderables: object) -> None:
        """End without drawing what failed."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        """End; only the kind of error and its place in the code are remembered (Textual would print every local)."""
        if self._exception is not None:
            self._place = crash_place(self._exception)
        self._return_code = MACHINE
        if not self._kept_everything():
            self._place += " (unsaved)"
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """After the screens are gone: one sentence, and where in the code."""
        self._exit_renderables.clear()
        if self._place:
            self.error_console.print(Text(f"{sentence('failure.crash', self.language)}\n{self._place}"))
