"""What must never happen in a demonstration."""

from typing import Literal


class PracticeError(Exception):
    """A forgery was accepted, or a stock tool did not accept the bundle: this installation must not be used."""

    def __init__(self, code: Literal["not-refused", "tool-failed", "not-taken-in"]) -> None:
        super().__init__(code)
        self.code = code
