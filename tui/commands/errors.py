"""A command that ends with a sentence and an exit code of its own."""

from typing import Final

import click

LOSS: Final = 1
USAGE: Final = 2
MACHINE: Final = 3
POLICY: Final = 4


class RefusalError(click.ClickException):
    """The command stops here: the sentence says why and what to do next."""

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.code = code
