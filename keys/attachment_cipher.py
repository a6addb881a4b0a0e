"""Attachments as they lie beside the vault: one file, one key, chunks of 1 MiB (docs/format/attachments-v1.md)."""

from typing import Final

from keys.chance import random_bytes
from keys.digests import Digest
from keys.errors import HeaderError, KeyFormatError
from keys.payload_reader import PayloadReader
from keys.secret import Secret
from keys.stream import ChunkCipher, Digests, Framing, open_payload, seal_payload
from keys.streams import ReadAhead, Sink, Source, write_all

KEY_SIZE: Final = 32
ID_SIZE: Final = 16
CHUNK: Final = 1024 * 1024
MAGIC: Final = b"testimony/att/v1"
_PREFIX_SIZE: Final = 7
_HEADER_SIZE: Final = len(MAGIC) + 4 + _PREFIX_SIZE


def encrypt_attachment(source: Source, sink: Sink, key: Secret, attachment_id: bytes) -> tuple[str, int]:
    """The SHA-256, in hex, and the size of what was read, all of which is now in `sink` encrypted.

    Raises:
        KeyFormatError: The key is not 32 bytes or the id not 16.
    """
    prefix = random_bytes(_PREFIX_SIZE)
    header = MAGIC + CHUNK.to_bytes(4, "big") + prefix
    digest = Digest()
    cipher = _cipher(key, header, attachment_id)
    write_all(sink, memoryview(header))
    seal_payload(cipher, ReadAhead(source), sink, Digests(read=digest))
    return digest.hexdigest(), digest.size


def decrypt_attachment(source: Source, sink: Sink, key: Secret, attachment_id: bytes) -> int:
    """The count of bytes written to `sink`; each chunk is proved before it is written.

    Raises:
        KeyFormatError: The key is not 32 bytes or the id not 16.
        HeaderError: The file does not begin as an attachment.
        PayloadError: A chunk is changed, missing, moved or surplus, or key or id belong to another attachment.
    """
    reader = ReadAhead(source)
    return open_payload(_read_cipher(reader, key, attachment_id), reader, sink)


class AttachmentReader(PayloadReader):
    """The content of an encrypted attachment, to be read like a file; each chunk is proved before it is given out."""

    def __init__(self, source: Source, key: Secret, attachment_id: bytes) -> None:
        reader = ReadAhead(source)
        super().__init__(_read_cipher(reader, key, attachment_id), reader)


def _read_cipher(source: ReadAhead, key: Secret, attachment_id: bytes) -> ChunkCipher:
    header = source.read_exactly(_HEADER_SIZE)
    if len(header) != _HEADER_SIZE or not header.startswith(MAGIC + CHUNK.to_bytes(4, "big")):
        raise HeaderError("not an attachment of this version")
    return _cipher(key, header, attachment_id)


def _cipher(key: Secret, header: bytes, attachment_id: bytes) -> ChunkCipher:
    if len(key) != KEY_SIZE or len(attachment_id) != ID_SIZE:
        raise KeyFormatError("attachment", "a key of 32 bytes and an id of 16 are expected")
    return ChunkCipher(key, Framing(chunk=CHUNK, prefix=header[-_PREFIX_SIZE:], aad=header + attachment_id))
