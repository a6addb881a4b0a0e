"""The lines that every screen has: what it is, how it stands, and which keys there are."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Final, cast

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.strings.sentences import sentence
from tui.text_filter import display_line
from tui.words import said

if TYPE_CHECKING:
    from textual.binding import ActiveBinding
    from textual.dom import DOMNode

    from tui.app import TestimonyApp


def program_of(widget: "DOMNode") -> "TestimonyApp":
    """The running program, by its own type."""
    return cast("TestimonyApp", widget.app)


_BETWEEN: Final = "  ·  "


class _Line(Widget):
    """One line that knows the program."""

    @property
    def program(self) -> "TestimonyApp":
        """The running program."""
        return program_of(self)


class TitleLine(_Line):
    """The name of the screen, and PRACTICE where the vault is for practice."""

    DEFAULT_CSS: ClassVar[str] = "TitleLine { dock: top; height: 1; padding: 0 1; }"

    def __init__(self, key: str, about: str = "") -> None:
        super().__init__()
        self._key = key
        self._about = about

    def render(self) -> Content:
        """The title as one line; where it is too long, what it is about is cut and the word for practice never is."""
        language = self.program.language
        practice = [sentence("frame.practice", language)] if self.program.is_practice else []
        title = sentence(self._key, language)
        room = self.content_size.width - cell_len(display_line(_BETWEEN.join([title, "", *practice])))
        about = display_line(self._about)
        if cell_len(about) > room > 1:
            about = set_cell_size(about, room - 1).rstrip() + "…"
        return Content(display_line(_BETWEEN.join([title, *([about] if about else []), *practice])))

    def show_about(self, about: str) -> None:
        """Say what the screen is about, such as a case code."""
        self._about = about
        self.refresh()


class StatusLine(_Line):
    """Vault and role | language | saved | time to auto-lock."""

    DEFAULT_CSS: ClassVar[str] = "StatusLine { height: 1; padding: 0 1; }"

    def render(self) -> Content:
        """The state of the program as one line."""
        program = self.program
        language = program.language
        parts = [said("status.language", language)]
        if program.vault_label:
            parts.insert(0, Content(display_line(program.vault_label)))
            parts.append(program.saving_sentence())
            parts.append(program.locking_sentence())
        else:
            parts.insert(0, said("status.no-vault", language))
        return Content(" │ ").join(parts)


class KeyLine(_Line):
    """The keys that work here; a click presses the key."""

    DEFAULT_CSS: ClassVar[str] = "KeyLine { height: 1; padding: 0 1; }"

    def render(self) -> Content:
        """Key and name, as many as fit; closer together where they would not fit otherwise."""
        parts, gap = self._shown()
        return Content(" " * gap).join(part for _, part in parts)

    def _shown(self) -> tuple[list[tuple["ActiveBinding", Content]], int]:
        """The keys that fit, and the cells between two; those that work everywhere, as to lock, never give way."""
        parts = [(active, self._part(active, name)) for active, name in self._offered()]
        wide = sum(part.cell_length + 2 for _, part in parts) - 2
        gap = 2 if wide <= self.size.width else 1
        while len(parts) > 1 and sum(part.cell_length + gap for _, part in parts) - gap > self.size.width:
            others = [place for place, (active, _) in enumerate(parts) if not active.binding.priority]
            del parts[others[-1] if others else -1]
        return parts, gap

    def _part(self, active: "ActiveBinding", name: str) -> Content:
        return Content.styled(f"{self._key_of(active)} {name}", "" if active.enabled else "dim")

    def _offered(self) -> list[tuple["ActiveBinding", str]]:
        seen: dict[str, tuple[ActiveBinding, str]] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.binding.description:
                name = sentence(active.binding.description, self.program.language)
                seen.setdefault(active.binding.action, (active, name))
        return sorted(seen.values(), key=lambda offered: _order(offered[0].binding.key))

    def _key_of(self, active: "ActiveBinding") -> str:
        return key_name(active.binding.key)

    def on_mount(self) -> None:
        """Follow every change of the keys."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh())

    def on_click(self, event: events.Click) -> None:
        """Do what stands under the pointer."""
        x = event.x - 1
        parts, gap = self._shown()
        for active, part in parts:
            width = part.cell_length + gap
            if 0 <= x < width:
                self.app.simulate_key(active.binding.key)
                return
            x -= width


class Foot(Vertical):
    """Keys and status at the bottom of a screen."""

    DEFAULT_CSS: ClassVar[str] = "Foot { dock: bottom; height: 2; }"

    def compose(self) -> Iterable[Widget]:
        """Keys above, status below."""
        yield KeyLine()
        yield StatusLine()


class Note(Static):
    """A sentence of ours under a heading or a field."""


_KEY_NAMES: Final = {"escape": "Esc", "enter": "Enter", "space": "Space", "delete": "Del"}


def key_name(key: str) -> str:
    """A key as it is written on the keyboard."""
    return _KEY_NAMES.get(key, "+".join(part.capitalize() for part in key.split("+")))


def _order(key: str) -> tuple[int, int, str]:
    """Function keys by number, then letters, then the rest."""
    if key.startswith("f") and key[1:].isdigit():
        return 1, int(key[1:]), key
    return (0, 0, key) if len(key) == 1 else (2, 0, key)
