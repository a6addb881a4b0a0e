"""The head of the log as a picture that a telephone reads."""

from textual.content import Content
from textual.widgets import Static

from tui.head_code import qr_lines


class HeadPicture(Static):
    """A QR code, drawn in its own two colours on a screen of any colour; empty until it is shown."""

    def show(self, digits: str) -> None:
        """Draw the code of these forty digits."""
        self.update(Content.styled("\n".join(qr_lines(digits)), "white on black"))
