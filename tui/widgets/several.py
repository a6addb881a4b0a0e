"""Any number out of a few, each its own yes; nothing chosen beforehand."""

from collections.abc import Sequence

from tui.text_filter import display_line
from tui.widgets.choice import Choice, Option


class Several(Choice):
    """`[ ]` and `[x]` side by side; the value is the chosen ones in their order, joined as the form wants it."""

    def __init__(self, options: Sequence[Option], chosen: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(options, None, id=id)
        self._chosen = set(chosen)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The chosen values in the order of the options."""
        return tuple(option.value for option in self._options if option.value in self._chosen)

    def show_chosen(self, chosen: Sequence[str]) -> None:
        """Show these as chosen, without a message."""
        self._chosen = set(chosen)
        self.refresh()

    def action_choose(self) -> None:
        """Choose the option pointed at, or take it back."""
        self._chosen ^= {self._options[self.at].value}
        self._tell()

    def action_unchoose(self) -> None:
        """Take the option pointed at back."""
        self._chosen -= {self._options[self.at].value}
        self._tell()

    def _tell(self) -> None:
        self.refresh()
        self.post_message(self.Chosen(self, ", ".join(self.chosen)))

    def _text(self, index: int) -> str:
        option = self._options[index]
        return f"[{'x' if option.value in self._chosen else ' '}] {display_line(option.label)}"
