"""Reading whole blocks and lines from a source, and writing whole blocks to a sink, whatever its kind."""

import io
from typing import Final, Protocol


class Source(Protocol):
    """Anything with `read`, such as an open binary file."""

    def read(self, size: int, /) -> bytes | None:
        """At most `size` bytes; none at the end."""


class Sink(Protocol):
    """Anything with `write`, such as an open binary file."""

    def write(self, data: memoryview, /) -> object:
        """Take the bytes; a raw file may take fewer and says how many."""


_LINE_READ: Final = 16 * 1024


class ReadAhead:
    """A source from which lines are read first and blocks after."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._into = source if isinstance(source, (io.RawIOBase, io.BufferedIOBase)) else None
        self._ahead = bytearray()

    def read_line(self, limit: int) -> bytes:
        """The bytes up to and with the next line feed; without one where the source or the limit ends first."""
        while (end := self._ahead.find(b"\n", 0, limit)) < 0 and len(self._ahead) < limit:
            more = self._source.read(_LINE_READ)
            if not more:
                break
            self._ahead += more
        size = min(end + 1 or limit, len(self._ahead))
        line = bytes(self._ahead[:size])
        del self._ahead[:size]
        return line

    def read_exactly(self, size: int) -> bytes:
        """`size` bytes; fewer only at the end of the source."""
        block = memoryview(bytearray(size))
        return bytes(block[: self.fill(block)])

    def fill(self, block: memoryview) -> int:
        """How many bytes of the block could be filled; fewer than its length only at the end of the source."""
        filled = min(len(self._ahead), len(block))
        block[:filled] = self._ahead[:filled]
        del self._ahead[:filled]
        while filled < len(block):
            count = self._read_some(block[filled:])
            if not count:
                break
            filled += count
        return filled

    def _read_some(self, block: memoryview) -> int:
        if self._into is not None:
            return self._into.readinto(block) or 0
        data = self._source.read(len(block)) or b""
        block[: len(data)] = data
        return len(data)


def write_all(sink: Sink, data: memoryview) -> None:
    """Write every byte, also to a raw file that takes fewer at a time.

    Raises:
        OSError: The sink cannot take them; that error is the sink's own.
    """
    while data:
        taken = sink.write(data)
        if not isinstance(taken, int) or taken == len(data):
            return
        if taken <= 0:
            raise OSError("the sink takes no more bytes")
        data = data[taken:]
