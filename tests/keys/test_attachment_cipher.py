"""Attachments beside the vault: whole, under their own key and id, or refused."""

import hashlib
import io
from collections.abc import Callable

import pytest

from keys.attachment_cipher import AttachmentReader, decrypt_attachment, encrypt_attachment
from keys.errors import HeaderError, KeyFormatError, KeysError, PayloadError
from keys.secret import Secret

KEY = Secret(bytes(range(32)))
ID = bytes(range(16))
HEADER = 27
CHUNK = 1024 * 1024
SEALED_CHUNK = CHUNK + 16


def content_of(size: int) -> bytes:
    return (bytes(range(253)) * (size // 253 + 1))[:size]


def encrypted(content: bytes, key: Secret = KEY, attachment_id: bytes = ID) -> bytes:
    sink = io.BytesIO()
    encrypt_attachment(io.BytesIO(content), sink, key, attachment_id)
    return sink.getvalue()


def decrypted(data: bytes, key: Secret = KEY, attachment_id: bytes = ID) -> bytes:
    sink = io.BytesIO()
    decrypt_attachment(io.BytesIO(data), sink, key, attachment_id)
    return sink.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 8 * CHUNK + 99])
def test_an_attachment_comes_out_as_it_went_in(size: int) -> None:
    content = content_of(size)
    sink = io.BytesIO()
    found = encrypt_attachment(io.BytesIO(content), sink, KEY, ID)
    assert found == (hashlib.sha256(content).hexdigest(), size)
    assert len(sink.getvalue()) == HEADER + size + 16 * max(1, -(-size // CHUNK))
    assert decrypted(sink.getvalue()) == content
    assert AttachmentReader(io.BytesIO(sink.getvalue()), KEY, ID).read() == content


def test_the_file_begins_as_the_format_page_says() -> None:
    data = encrypted(b"x")
    assert data[:20] == b"testimony/att/v1\x00\x10\x00\x00"
    assert encrypted(b"x")[20:27] != data[20:27]


def test_another_key_or_another_id_opens_nothing() -> None:
    data = encrypted(b"practice")
    for key, attachment_id in ((Secret(bytes(32)), ID), (KEY, bytes(16))):
        sink = io.BytesIO()
        with pytest.raises(PayloadError):
            decrypt_attachment(io.BytesIO(data), sink, key, attachment_id)
        assert sink.getvalue() == b""


def test_every_bit_of_a_small_attachment_counts() -> None:
    data = encrypted(b"practice")
    for place in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[place] ^= 1 << bit
            with pytest.raises(HeaderError if place < 20 else PayloadError):
                decrypted(bytes(changed))


def test_every_truncation_of_a_small_attachment_is_refused() -> None:
    data = encrypted(b"practice")
    for size in range(len(data)):
        with pytest.raises(KeysError):
            decrypted(data[:size])


RULES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "the last chunk missing": lambda chunks: chunks[:-1],
    "the first chunk missing": lambda chunks: chunks[1:],
    "two chunks exchanged": lambda chunks: [chunks[1], chunks[0], *chunks[2:]],
    "a chunk twice": lambda chunks: [chunks[0], *chunks],
    "a byte behind": lambda chunks: [*chunks, b"x"],
    "a chunk behind": lambda chunks: [*chunks, chunks[0]],
    "a chunk of another attachment": lambda chunks: [
        encrypted(content_of(2 * CHUNK))[HEADER : HEADER + SEALED_CHUNK],
        *chunks[1:],
    ],
}


@pytest.mark.parametrize("change", RULES.values(), ids=RULES.keys())
def test_a_payload_that_breaks_one_rule_is_refused(change: Callable[[list[bytes]], list[bytes]]) -> None:
    content = content_of(2 * CHUNK + 10)
    data = encrypted(content)
    chunks = [data[start : start + SEALED_CHUNK] for start in range(HEADER, len(data), SEALED_CHUNK)]
    sink = io.BytesIO()
    with pytest.raises(PayloadError):
        decrypt_attachment(io.BytesIO(data[:HEADER] + b"".join(change(chunks))), sink, KEY, ID)
    assert content.startswith(sink.getvalue())


def test_keys_and_ids_of_another_length_are_refused() -> None:
    for key, attachment_id in ((Secret(bytes(31)), ID), (KEY, ID[:15])):
        with pytest.raises(KeyFormatError):
            encrypted(b"", key, attachment_id)
        with pytest.raises(KeyFormatError):
            AttachmentReader(io.BytesIO(encrypted(b"")), key, attachment_id)


def test_closing_a_reader_wipes_what_it_held() -> None:
    reader = AttachmentReader(io.BytesIO(encrypted(b"practice")), KEY, ID)
    assert reader.read(4) == b"prac"
    reader.close()
    assert not any(reader._plain)
