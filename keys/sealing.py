"""Sealing to hybrid recipients and opening: age v1 files (docs/format/sealing-v1.md)."""

from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from keys.age_header import MAX_HEADER, MAX_STANZAS, Header, Stanza, format_header, read_header
from keys.chance import random_bytes, random_secret, shuffled
from keys.digests import hkdf_sha256
from keys.errors import HeaderError, LimitError, NoMatchError
from keys.payload_reader import PayloadReader
from keys.recipients import FILE_KEY_SIZE, HYBRID_TYPE, HybridIdentity, HybridRecipient, hybrid_body
from keys.secret import Secret
from keys.stream import ChunkCipher, Digests, Framing, RunningDigest, open_payload, seal_payload, sealing_pipeline
from keys.streams import ReadAhead, Sink, Source, write_all

__all__ = [
    "MAX_HEADER",
    "MAX_RECIPIENTS",
    "MAX_STANZAS",
    "HybridIdentity",
    "HybridRecipient",
    "SealedReader",
    "SealedWriter",
    "open_stream",
    "seal_stream",
]

MAX_RECIPIENTS: Final = 16
CHUNK: Final = 64 * 1024
_STANZA_COUNTS: Final = (4, 8, 16)
_NONCE_SIZE: Final = 16
_AGE: Final = Framing(chunk=CHUNK)


def seal_stream(
    source: Source,
    sink: Sink,
    recipients: Sequence[str],
    *,
    source_digest: RunningDigest | None = None,
    sealed_digest: RunningDigest | None = None,
) -> int:
    """Seal all of `source` so that each recipient alone can open it; the count of bytes written.

    The header tells neither who nor how many they are: it is filled up to 4, 8 or 16 with stanzas to keys
    that were thrown away, in random order.

    Raises:
        LimitError: No recipient, or more than 16.
        KeyFormatError: A recipient is not a hybrid age key.
    """
    start, cipher = _begin(recipients)
    if sealed_digest is not None:
        sealed_digest.update(memoryview(start))
    write_all(sink, memoryview(start))
    digests = Digests(read=source_digest, written=sealed_digest)
    return len(start) + seal_payload(cipher, ReadAhead(source), sink, digests)


def open_stream(source: Source, sink: Sink, identities: Sequence[HybridIdentity]) -> int:
    """Open a file sealed to one of the identities; the count of bytes written.

    Each chunk is proved before it is written, yet a file may fail after many good chunks: whoever calls this
    keeps what was written in quarantine until it returns.

    Raises:
        HeaderError: The header breaks a rule, or holds a stanza that is not hybrid.
        NoMatchError: It is sealed for others.
        HeaderMacError: The header was changed.
        PayloadError: A chunk is changed, missing, moved or surplus.
    """
    reader = ReadAhead(source)
    return open_payload(_unlock(reader, identities), reader, sink)


class SealedWriter:
    """Seals what is written to it. `close` completes the file; leaving a `with` by an error does not."""

    def __init__(self, sink: Sink, recipients: Sequence[str], *, sealed_digest: RunningDigest | None = None) -> None:
        start, cipher = _begin(recipients)
        self._sink = sink
        self._digest = sealed_digest
        self._written = 0
        self._put(memoryview(start))
        self._pipeline = sealing_pipeline(cipher, self._put)
        self._block = self._pipeline.borrow()
        self._filled = 0
        self._open = True

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Take all of `data`.

        Raises:
            ValueError: The file was closed or dropped before.
            OSError: The sink took no more; the file is dropped.
        """
        if not self._open:
            raise ValueError("the sealed file is closed")
        rest = memoryview(data).cast("B")
        size = len(rest)
        try:
            while rest:
                rest = rest[self._take(rest) :]
        except BaseException:
            self.abort()
            raise
        return size

    def close(self) -> None:
        """Seal the rest and complete the file; again: nothing."""
        if not self._open:
            return
        try:
            self._pipeline.submit(self._block, self._filled, last=True)
            self._pipeline.finish()
        finally:
            self.abort()

    def abort(self) -> None:
        """Stop without completing the file: what was written so far does not open to its end."""
        self._open = False
        self._pipeline.stop()

    @property
    def size(self) -> int:
        """Bytes that reached the sink; after `close`, the size of the sealed file."""
        return self._written

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    def _take(self, data: memoryview) -> int:
        """Copy what fits into the block at hand; a full block leaves only when more is to come."""
        room = len(self._block.incoming) - self._filled
        if not room:
            self._pipeline.submit(self._block, self._filled, last=False)
            self._block, self._filled = self._pipeline.borrow(), 0
            room = len(self._block.incoming)
        count = min(room, len(data))
        self._block.incoming[self._filled : self._filled + count] = data[:count]
        self._filled += count
        return count

    def _put(self, data: memoryview) -> None:
        if self._digest is not None:
            self._digest.update(data)
        write_all(self._sink, data)
        self._written += len(data)


class SealedReader(PayloadReader):
    """The content of a sealed file, to be read like a file; each chunk is proved before it is given out.

    Making one raises what `open_stream` raises for a header; reading raises PayloadError.
    """

    def __init__(self, source: Source, identities: Sequence[HybridIdentity]) -> None:
        reader = ReadAhead(source)
        super().__init__(_unlock(reader, identities), reader)


def unlock_payload(source: ReadAhead, file_key: Secret, header: Header) -> ChunkCipher:
    """The cipher of the payload that follows a header, once the header is proved.

    Raises:
        HeaderError: The nonce is missing.
        HeaderMacError: The header was changed.
    """
    header.check_mac(file_key)
    nonce = source.read_exactly(_NONCE_SIZE)
    if len(nonce) != _NONCE_SIZE:
        raise HeaderError("the payload has no nonce")
    return _payload_cipher(file_key, nonce)


def _unlock(source: ReadAhead, identities: Sequence[HybridIdentity]) -> ChunkCipher:
    header = read_header(source)
    for stanza in header.stanzas:
        if stanza.arguments[0] != HYBRID_TYPE:
            raise HeaderError("a stanza that is not hybrid")
        hybrid_body(stanza)
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            return unlock_payload(source, file_key, header)
    raise NoMatchError


def _begin(recipients: Sequence[str]) -> tuple[bytes, ChunkCipher]:
    """The bytes before the first chunk, and the cipher of the chunks."""
    chosen = list(dict.fromkeys(HybridRecipient.parse(text) for text in _limited(recipients)))
    file_key = random_secret(FILE_KEY_SIZE)
    nonce = random_bytes(_NONCE_SIZE)
    cipher = _payload_cipher(file_key, nonce)
    start = format_header(_stanzas(chosen, file_key), file_key) + nonce
    file_key.wipe()
    return start, cipher


def _limited(recipients: Sequence[str]) -> Sequence[str]:
    if not recipients or len(recipients) > MAX_RECIPIENTS:
        raise LimitError("recipients, of which there must be one,", MAX_RECIPIENTS)
    return recipients


def _stanzas(recipients: list[HybridRecipient], file_key: Secret) -> list[Stanza]:
    """A stanza for each recipient and for as many thrown-away keys as hide their number."""
    total = next(count for count in _STANZA_COUNTS if count >= len(recipients))
    spare = [HybridIdentity.generate().public() for _ in range(total - len(recipients))]
    return shuffled([recipient.wrap(file_key) for recipient in [*recipients, *spare]])


def _payload_cipher(file_key: Secret, nonce: bytes) -> ChunkCipher:
    return ChunkCipher(Secret(hkdf_sha256(file_key.reveal(), b"payload", salt=nonce)), _AGE)
