"""How far slow work is, told by its worker to the screen that shows it."""

from textual.message import Message


class Progressed(Message):
    """So many bytes are done, of so many."""

    def __init__(self, done: int, total: int) -> None:
        self.done = done
        self.total = total
        super().__init__()
