"""Reading an opened payload at the reader's own pace."""

import io

from keys.errors import PayloadError
from keys.stream import ChunkCipher
from keys.streams import ReadAhead


class PayloadReader(io.RawIOBase):
    """The opened content of a payload, to be read like a file; each chunk is proved before it is given out.

    Reading raises PayloadError where the file is not what was sealed, and again at every later try.
    """

    def __init__(self, cipher: ChunkCipher, source: ReadAhead) -> None:
        super().__init__()
        self._source = source
        self._cipher = cipher
        self._sealed = memoryview(bytearray(self._cipher.sealed_block))
        self._ahead = memoryview(bytearray(self._cipher.sealed_block))
        self._plain = memoryview(bytearray(self._cipher.plain_block))
        self._ready = self._plain[:0]
        self._filled = self._source.fill(self._ahead)
        self._number = 0
        self._last = False
        self._failure: PayloadError | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # narrower than Buffer, as used
        """Fill the buffer with proved bytes; fewer only at the end, or where the payload fails.

        Raises:
            PayloadError: The next chunk is not what was sealed, and nothing proved stands before it.
        """
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and (self._ready or self._next_block()):
            count = min(len(view) - filled, len(self._ready))
            view[filled : filled + count] = self._ready[:count]
            self._ready = self._ready[count:]
            filled += count
        if filled == 0 and len(view) > 0 and self._failure is not None:
            raise self._failure
        return filled

    def close(self) -> None:
        """Wipe what was opened."""
        if not self.closed:
            self._plain[:] = bytes(len(self._plain))
            self._ready = self._plain[:0]
        super().close()

    def _next_block(self) -> bool:
        """Open the next block; whether it gave any bytes."""
        if self._last:
            return False
        self._sealed, self._ahead = self._ahead, self._sealed
        filled = self._filled
        self._filled = self._source.fill(self._ahead) if filled == len(self._sealed) else 0
        opened = self._cipher.open(self._number, self._sealed[:filled], self._plain, last=not self._filled)
        self._number += 1
        self._ready = self._plain[: opened.count]
        if opened.failed is not None:
            self._failure = PayloadError(opened.failed)
        self._last = not self._filled or self._failure is not None
        return opened.count > 0
