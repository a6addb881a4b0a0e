"""Sealing and opening: what goes in comes out, to whom it was meant, whatever the disk does."""

import errno
import io
import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import bech32
from keys.digests import Digest, sha256
from keys.errors import HeaderError, KeyFormatError, KeysError, LimitError, NoMatchError, PayloadError
from keys.recipients import HybridIdentity
from keys.sealing import SealedReader, SealedWriter, open_stream, seal_stream
from keys.secret import Secret
from keys.stream import ChunkCipher, Framing, Opened, Pipeline, sealing_pipeline

READER = HybridIdentity(Secret(b"practice key, invented, 32 bytes"))
TO_READER = [READER.recipient()]
MEBIBYTE = 1024 * 1024
SIZES = [0, 1, 65535, 65536, 65537, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 6 * MEBIBYTE, 9 * MEBIBYTE + 12345]


def text_of(size: int) -> bytes:
    return (bytes(range(256)) * (size // 256 + 1))[:size]


def sealed(text: bytes, recipients: list[str] | None = None) -> bytes:
    sink = io.BytesIO()
    seal_stream(io.BytesIO(text), sink, recipients or TO_READER)
    return sink.getvalue()


def opened(data: bytes, identity: HybridIdentity = READER) -> bytes:
    sink = io.BytesIO()
    open_stream(io.BytesIO(data), sink, [identity])
    return sink.getvalue()


class Trickle(io.RawIOBase):
    """A raw source that gives a few bytes at a time, and a raw sink that takes a few."""

    def __init__(self, content: bytes = b"") -> None:
        self.content = bytearray(content)
        self.amounts: Iterator[int] = itertools.cycle([1, 40_000, 7, 300_000])

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), next(self.amounts), len(self.content))
        buffer[:count] = self.content[:count]
        del self.content[:count]
        return count

    def write(self, data: Any) -> int:
        count = min(len(data), next(self.amounts))
        self.content += data[:count]
        return count


class OnlyRead:
    """A source with nothing but `read`."""

    def __init__(self, content: bytes) -> None:
        self.read = io.BytesIO(content).read


class Full:
    """A sink that is full after so many writes."""

    def __init__(self, writes: int) -> None:
        self.left = writes

    def write(self, data: Any) -> int:
        if self.left == 0:
            raise OSError(errno.ENOSPC, "no space left (a practice disk)")
        self.left -= 1
        return len(data)


class Broken:
    """A source that cannot be read after so many reads."""

    def __init__(self, content: bytes, reads: int) -> None:
        self.inside = io.BytesIO(content)
        self.left = reads

    def read(self, size: int) -> bytes:
        if self.left == 0:
            raise OSError(errno.EIO, "unreadable (a practice disk)")
        self.left -= 1
        return self.inside.read(size)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_out(size: int) -> None:
    text = text_of(size)
    read, written = Digest(), Digest()
    sink = io.BytesIO()
    count = seal_stream(io.BytesIO(text), sink, TO_READER, source_digest=read, sealed_digest=written)
    data = sink.getvalue()
    assert (count, read.digest(), written.digest()) == (len(data), sha256(text), sha256(data))
    assert opened(data) == text
    assert SealedReader(io.BytesIO(data), [READER]).read() == text


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=200_000), max_size=8))
def test_a_writer_seals_the_same_as_a_stream(parts: list[bytes]) -> None:
    sink, digest = io.BytesIO(), Digest()
    with SealedWriter(sink, TO_READER, sealed_digest=digest) as writer:
        for part in parts:
            assert writer.write(part) == len(part)
    assert opened(sink.getvalue()) == b"".join(parts)
    assert (writer.size, digest.digest()) == (len(sink.getvalue()), sha256(sink.getvalue()))


def test_sources_and_sinks_that_give_and_take_a_little_lose_nothing() -> None:
    text = text_of(3 * MEBIBYTE + 17)
    sink = Trickle()
    seal_stream(Trickle(text), sink, TO_READER)
    back = Trickle()
    open_stream(Trickle(bytes(sink.content)), back, [READER])
    assert bytes(back.content) == text
    assert opened(sealed(text)) == text
    out = io.BytesIO()
    open_stream(OnlyRead(bytes(sink.content)), out, [READER])
    assert out.getvalue() == text


def test_a_reader_gives_as_much_as_was_asked_for() -> None:
    text = text_of(2 * MEBIBYTE + 5)
    reader = SealedReader(io.BytesIO(sealed(text)), [READER])
    assert reader.readable()
    assert (reader.read(0), reader.read(10)) == (b"", text[:10])
    assert io.BufferedReader(reader).read() == text[10:]


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert len({sealed(b"x") for _ in range(5)}) == 5


@pytest.mark.case("KF-04")
def test_nobody_and_too_many_recipients_are_refused() -> None:
    many = [HybridIdentity.generate().recipient() for _ in range(17)]
    for recipients in ([], many, many * 60):
        with pytest.raises(LimitError):
            seal_stream(io.BytesIO(), io.BytesIO(), recipients)
        with pytest.raises(LimitError):
            SealedWriter(io.BytesIO(), recipients)


@pytest.mark.case("KF-04")
@pytest.mark.parametrize(("count", "stanzas"), [(1, 4), (4, 4), (5, 8), (8, 8), (9, 16), (16, 16)])
def test_the_header_does_not_tell_how_many_recipients_there_are(count: int, stanzas: int) -> None:
    identities = [HybridIdentity.generate() for _ in range(count)]
    data = sealed(b"x", [identity.recipient() for identity in identities])
    assert data.count(b"-> mlkem768x25519 ") == stanzas
    assert all(opened(data, identity) == b"x" for identity in identities)
    with pytest.raises(NoMatchError):
        opened(data, HybridIdentity.generate())


@pytest.mark.case("KF-04")
def test_the_same_recipient_twice_counts_once() -> None:
    identities = [HybridIdentity.generate() for _ in range(4)]
    recipients = [identity.recipient() for identity in identities]
    assert sealed(b"x", recipients * 4).count(b"-> ") == 4


def test_the_place_of_a_stanza_tells_nothing_of_the_order_of_the_recipients() -> None:
    places = set()
    for _ in range(40):
        data = sealed(b"x")
        lines = data[: data.index(b"\n---")].split(b"-> ")[1:]
        head = data[: data.index(b"-> ")]
        for place, stanza in enumerate(lines):
            try:
                opened(head + b"-> " + stanza + data[data.index(b"\n---") + 1 :])
            except NoMatchError:
                continue
            except KeysError:
                places.add(place)
    assert places == {0, 1, 2, 3}


@pytest.mark.case("KF-11", "KF-02")
@pytest.mark.parametrize(
    "recipient",
    [bech32.encode("age", bytes(range(32))), READER.secret().reveal().decode(), "age1", "", "ssh-ed25519 AAAA"],
    ids=["classical", "private", "cut", "empty", "ssh"],
)
def test_one_unfit_recipient_refuses_the_whole_set_before_a_byte_is_written(recipient: str) -> None:
    sink = io.BytesIO()
    with pytest.raises(KeyFormatError):
        seal_stream(io.BytesIO(b"x"), sink, [*TO_READER, recipient])
    assert sink.getvalue() == b""


def test_a_file_is_opened_by_any_of_the_identities_at_hand() -> None:
    sink = io.BytesIO()
    open_stream(io.BytesIO(sealed(b"x")), sink, [HybridIdentity.generate(), READER])
    assert sink.getvalue() == b"x"
    with pytest.raises(NoMatchError):
        open_stream(io.BytesIO(sealed(b"x")), sink, [])


@given(st.binary(max_size=300))
def test_any_bytes_end_in_our_own_error(data: bytes) -> None:
    with pytest.raises(HeaderError):
        opened(data)
    with pytest.raises(HeaderError):
        opened(b"age-encryption.org/v1\n-> mlkem768x25519 " + data)


def test_an_endless_header_is_refused_without_being_read_to_its_end() -> None:
    class Endless:
        given = 0

        def read(self, size: int) -> bytes:
            self.given += size
            return b"A" * size

    source = Endless()
    with pytest.raises(HeaderError):
        open_stream(source, io.BytesIO(), [READER])
    assert source.given < MEBIBYTE


def threads() -> int:
    return sum(thread.name.startswith(("cipher", "writer")) for thread in threading.enumerate())


@pytest.mark.timeout(60)
@pytest.mark.parametrize("writes", range(12))
def test_a_full_disk_ends_sealing_and_opening_with_the_disks_own_error(writes: int) -> None:
    text = text_of(12 * MEBIBYTE)
    for work in (
        lambda: seal_stream(io.BytesIO(text), Full(writes), TO_READER),
        lambda: open_stream(io.BytesIO(SEALED_12), Full(writes), [READER]),
        lambda: written_through(Full(writes), text),
    ):
        with pytest.raises(OSError, match="practice disk") as caught:
            work()
        assert caught.value.errno == errno.ENOSPC
    assert threads() == 0


@pytest.mark.timeout(60)
@pytest.mark.parametrize("reads", range(0, 14, 2))
def test_an_unreadable_source_ends_sealing_and_opening_with_its_own_error(reads: int) -> None:
    for work in (
        lambda: seal_stream(Broken(text_of(20 * MEBIBYTE), reads), io.BytesIO(), TO_READER),
        lambda: open_stream(Broken(SEALED_12, min(reads, 10)), io.BytesIO(), [READER]),
    ):
        with pytest.raises(OSError, match="practice disk"):
            work()
    assert threads() == 0


@pytest.mark.timeout(60)
def test_nothing_is_written_behind_a_chunk_that_fails() -> None:
    data = bytearray(SEALED_12)
    start = len(data) - 12 * MEBIBYTE - 12 * 16 * 16
    data[start + 5 * 65552 + 7] ^= 1
    sink = io.BytesIO()
    with pytest.raises(PayloadError) as caught:
        open_stream(io.BytesIO(bytes(data)), sink, [READER])
    assert caught.value.chunk == 5
    assert sink.getvalue() == text_of(12 * MEBIBYTE)[: 5 * 65536]
    assert threads() == 0


def test_leaving_a_writer_by_an_error_leaves_a_file_that_does_not_open() -> None:
    sink = io.BytesIO()
    with pytest.raises(KeyboardInterrupt), SealedWriter(sink, TO_READER) as writer:  # noqa: PT012
        writer.write(text_of(5 * MEBIBYTE))
        raise KeyboardInterrupt
    with pytest.raises(PayloadError):
        opened(sink.getvalue())
    with pytest.raises(ValueError, match="closed"):
        writer.write(b"x")
    writer.close()
    with pytest.raises(PayloadError):
        opened(sink.getvalue())
    assert threads() == 0


def test_a_closed_writer_stays_closed() -> None:
    sink = io.BytesIO()
    writer = SealedWriter(sink, TO_READER)
    writer.close()
    size = len(sink.getvalue())
    writer.close()
    assert len(sink.getvalue()) == size
    assert opened(sink.getvalue()) == b""


def written_through(sink: Any, text: bytes) -> None:
    with SealedWriter(sink, TO_READER) as writer:
        for start in range(0, len(text), 100_000):
            writer.write(text[start : start + 100_000])


SEALED_12 = sealed(text_of(12 * MEBIBYTE))


def test_a_sink_that_takes_nothing_is_an_error_and_not_an_endless_wait() -> None:
    class Stuck(io.RawIOBase):
        def write(self, data: Any) -> int:
            return len(data) * 0

    with pytest.raises(OSError, match="no more bytes"):
        seal_stream(io.BytesIO(b"x"), Stuck(), TO_READER)


def test_a_stream_refuses_more_chunks_than_its_counter_can_tell_apart() -> None:
    framing = Framing(chunk=1, prefix=bytes(7))
    assert framing.nonce(2**32 - 1, last=True)[-5:] == b"\xff\xff\xff\xff\x01"
    with pytest.raises(LimitError):
        framing.nonce(2**32, last=False)


def test_the_blocks_of_a_pipeline_are_wiped_when_it_stops() -> None:
    pipeline = sealing_pipeline(ChunkCipher(Secret(bytes(32)), Framing(chunk=1024)), lambda _: None)
    with pipeline:
        block = pipeline.borrow()
        block.incoming[:8] = b"practice"
        pipeline.submit(block, 8, last=True)
        pipeline.finish()
        assert bytes(block.incoming[:8]) == b"practice"
        assert any(block.outgoing)
    assert not any(block.incoming)
    assert not any(block.outgoing)


@pytest.mark.timeout(60)
def test_a_failed_block_keeps_every_later_one_from_being_written() -> None:
    all_submitted = threading.Event()
    written: list[bytes] = []

    def work(block: Any) -> Opened:
        all_submitted.wait()
        return Opened(count=1, failed=7 if block.number == 1 else None)

    with Pipeline(work, lambda data: written.append(bytes(data)), (1, 1)) as pipeline:
        for number in range(4):
            pipeline.submit(pipeline.borrow(), 1, last=number == 3)
        all_submitted.set()
        time.sleep(0.1)
        with pytest.raises(PayloadError) as caught:
            pipeline.finish()
    assert caught.value.chunk == 7
    assert len(written) == 2
