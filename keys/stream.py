"""The STREAM of chunks in a sealed file and in an attachment, and the threads that drive it.

Each chunk is ChaCha20-Poly1305 under nonce = prefix, counter, last-chunk flag. Blocks of about 1 MiB go round
between three threads: the caller's reads and hashes, one works the cipher, one hashes and writes. A chunk is
written only after it was proved, and nothing is written after the first chunk that was not.

Source: C2SP age.md, "Payload"; docs/format/sealing-v1.md, section 4; docs/format/attachments-v1.md.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

from keys._primitives import TAG_SIZE, InvalidTag, StreamCipher, chacha20poly1305
from keys.errors import LimitError, PayloadError
from keys.secret import Secret
from keys.streams import ReadAhead, Sink, write_all

_BLOCK_TARGET: Final = 1024 * 1024
_BLOCKS: Final = 6
_NONCE_SIZE: Final = 12


class RunningDigest(Protocol):
    """Anything with `update`, such as keys.digests.Digest."""

    def update(self, data: memoryview, /) -> None:
        """Take in further bytes."""


@dataclass(frozen=True, kw_only=True)
class Framing:
    """How a payload is cut: bytes of text in a chunk, what stands before the counter, what is authenticated with it."""

    chunk: int
    prefix: bytes = b""
    aad: bytes | None = None

    @property
    def per_block(self) -> int:
        """Chunks that travel together."""
        return max(1, _BLOCK_TARGET // self.chunk)

    def nonce(self, number: int, *, last: bool) -> bytes:
        """The nonce of a chunk.

        Raises:
            LimitError: The counter is used up.
        """
        width = _NONCE_SIZE - 1 - len(self.prefix)
        if number >> 8 * width:
            raise LimitError("chunks", 1 << 8 * width)
        return self.prefix + number.to_bytes(width, "big") + (b"\x01" if last else b"\x00")


class ChunkCipher:
    """The cipher of one payload, working on whole blocks of chunks."""

    def __init__(self, key: Secret, framing: Framing) -> None:
        self._cipher: StreamCipher = chacha20poly1305(key.reveal())
        self._framing = framing

    @property
    def plain_block(self) -> int:
        """The most bytes of text in a block."""
        return self._framing.chunk * self._framing.per_block

    @property
    def sealed_block(self) -> int:
        """The most bytes of a sealed block."""
        return (self._framing.chunk + TAG_SIZE) * self._framing.per_block

    def seal(self, number: int, plain: memoryview, out: memoryview, *, last: bool) -> int:
        """Seal block `number` into `out`; the count of bytes written. Only the last block may be short or empty."""
        chunk = self._framing.chunk
        counter = number * self._framing.per_block
        written = 0
        for start in range(0, max(len(plain), 1), chunk):
            part = plain[start : start + chunk]
            nonce = self._framing.nonce(counter, last=last and start + chunk >= len(plain))
            size = len(part) + TAG_SIZE
            self._cipher.encrypt_into(nonce, part, self._framing.aad, out[written : written + size])
            written += size
            counter += 1
        return written

    def open(self, number: int, sealed: memoryview, out: memoryview, *, last: bool) -> "Opened":
        """Open block `number` into `out`, chunk by chunk, up to the first that is not what was sealed."""
        size = self._framing.chunk + TAG_SIZE
        counter = number * self._framing.per_block
        written = 0
        for start in range(0, max(len(sealed), 1), size):
            part = sealed[start : start + size]
            final = last and start + size >= len(sealed)
            count = self._open_chunk(counter, part, out[written:], last=final)
            if count is None or (final and count == 0 and counter > 0):
                # age counts an authentic chunk with the wrong flag as received, then fails; so does this.
                return Opened(count=written + self._late(counter, part, out[written:], last=not final), failed=counter)
            written += count
            counter += 1
        return Opened(count=written)

    def _open_chunk(self, counter: int, part: memoryview, out: memoryview, *, last: bool) -> int | None:
        """The count of bytes of a proved chunk; None when it is not the chunk that belongs here."""
        if len(part) < TAG_SIZE:
            return None
        try:
            return self._cipher.decrypt_into(
                self._framing.nonce(counter, last=last), part, self._framing.aad, out[: len(part) - TAG_SIZE]
            )
        except InvalidTag:
            return None

    def _late(self, counter: int, part: memoryview, out: memoryview, *, last: bool) -> int:
        """What a full chunk holds that was sealed with the other flag: the file was cut or lengthened after it."""
        full = len(part) == self._framing.chunk + TAG_SIZE
        return (self._open_chunk(counter, part, out, last=last) or 0) if full else 0


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What opening a block gave: proved bytes, and the chunk that failed after them, if one did."""

    count: int
    failed: int | None = None


class _Block:
    """Room for one block on its way in, and for the same block on its way out."""

    __slots__ = ("filled", "incoming", "last", "number", "outgoing", "used")

    def __init__(self, incoming: int, outgoing: int) -> None:
        self.incoming = memoryview(bytearray(incoming))
        self.outgoing = memoryview(bytearray(outgoing))
        self.filled = 0
        self.number = 0
        self.last = False
        self.used = False

    def wipe(self) -> None:
        """Overwrite what passed through; room that was never used is left untouched, so that a small file is quick."""
        if not self.used:
            return
        self.incoming[:] = bytes(len(self.incoming))
        self.outgoing[:] = bytes(len(self.outgoing))


Work = Callable[[_Block], Opened]


class Pipeline:
    """Blocks that pass a cipher thread and a writer thread, in order.

    What a thread raises is raised again in the caller, at the latest by `finish`; from then on nothing is written.
    """

    def __init__(self, work: Work, write: Callable[[memoryview], None], sizes: tuple[int, int]) -> None:
        self._work = work
        self._write = write
        self._free = [_Block(*sizes) for _ in range(_BLOCKS)]
        self._all = tuple(self._free)
        self._under_way: deque[tuple[Future[None], _Block]] = deque()
        self._previous: Future[None] | None = None
        self._ciphers = ThreadPoolExecutor(1, thread_name_prefix="cipher")
        self._writers = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._count = 0

    def borrow(self) -> _Block:
        """A free block, when one comes back."""
        if not self._free:
            done, block = self._under_way.popleft()
            done.result()
            self._free.append(block)
        block = self._free.pop()
        block.used = True
        return block

    def submit(self, block: _Block, filled: int, *, last: bool) -> None:
        """Send a filled block on its way."""
        block.filled, block.last, block.number = filled, last, self._count
        self._count += 1
        worked = self._ciphers.submit(self._work, block)
        self._previous = self._writers.submit(self._put, block, worked, self._previous)
        self._under_way.append((self._previous, block))

    def finish(self) -> None:
        """Wait until everything is written."""
        while self._under_way:
            self._under_way.popleft()[0].result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Drop what is still under way, wait for the threads and wipe the blocks."""
        self._ciphers.shutdown(wait=True, cancel_futures=True)
        self._writers.shutdown(wait=True, cancel_futures=True)
        self._under_way.clear()
        self._previous = None
        for block in self._all:
            block.wipe()

    def _put(self, block: _Block, worked: "Future[Opened]", previous: "Future[None] | None") -> None:
        if previous is not None:
            previous.result()  # a failure is inherited: nothing is written behind a gap
        opened = worked.result()
        self._write(block.outgoing[: opened.count])
        if opened.failed is not None:
            raise PayloadError(opened.failed)


def seal_payload(cipher: ChunkCipher, source: ReadAhead, sink: Sink, digests: "Digests") -> int:
    """Seal everything that `source` gives; the count of bytes written."""
    count = _Count(sink, digests.written)
    with sealing_pipeline(cipher, count.write) as pipeline:
        _feed(pipeline, source, digests.read)
    return count.total


def open_payload(cipher: ChunkCipher, source: ReadAhead, sink: Sink) -> int:
    """Open everything that `source` gives; the count of bytes written.

    Raises:
        PayloadError: A chunk is not what was sealed; what stood before it has been written.
    """

    def work(block: _Block) -> Opened:
        return cipher.open(block.number, block.incoming[: block.filled], block.outgoing, last=block.last)

    count = _Count(sink, None)
    with Pipeline(work, count.write, (cipher.sealed_block, cipher.plain_block)) as pipeline:
        _feed(pipeline, source, None)
    return count.total


def sealing_pipeline(cipher: ChunkCipher, write: Callable[[memoryview], None]) -> Pipeline:
    """A pipeline that seals what is submitted to it."""

    def work(block: _Block) -> Opened:
        plain = block.incoming[: block.filled]
        return Opened(count=cipher.seal(block.number, plain, block.outgoing, last=block.last))

    return Pipeline(work, write, (cipher.plain_block, cipher.sealed_block))


@dataclass(frozen=True, kw_only=True)
class Digests:
    """Digests to be kept while bytes pass: of what is read, and of what is written."""

    read: RunningDigest | None = None
    written: RunningDigest | None = None


class _Count:
    """A sink's write that also counts and hashes."""

    def __init__(self, sink: Sink, digest: RunningDigest | None) -> None:
        self._sink = sink
        self._digest = digest
        self.total = 0

    def write(self, data: memoryview) -> None:
        if self._digest is not None:
            self._digest.update(data)
        write_all(self._sink, data)
        self.total += len(data)


def _feed(pipeline: Pipeline, source: ReadAhead, digest: RunningDigest | None) -> None:
    """Read block after block; one is held back until it is known whether another follows."""
    block = pipeline.borrow()
    filled = source.fill(block.incoming)
    while True:
        following = pipeline.borrow()
        more = source.fill(following.incoming) if filled == len(block.incoming) else 0
        pipeline.submit(block, filled, last=not more)
        if digest is not None:
            digest.update(block.incoming[:filled])
        if not more:
            break
        block, filled = following, more
    pipeline.finish()
