"""Each rule of docs/format/sealing-v1.md, broken alone; the files are built here, so that a clone needs no vectors."""

import io
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest

from keys.errors import HeaderError, HeaderMacError, KeysError, NoMatchError, PayloadError
from keys.recipients import HybridIdentity
from keys.sealing import MAX_HEADER, SealedReader, open_stream

Change = Callable[[Any], None]


def stanza_of(age_file: Any, arguments: list[bytes] | None = None, body: bytes | None = None) -> bytes:
    encapsulation, good = age_file.wrapped()
    text = b64encode(good if body is None else body).rstrip(b"=")
    lines = [text[start : start + 64] for start in range(0, len(text) + 1, 64)]
    return b"\n".join([b"-> " + b" ".join(arguments or [b"mlkem768x25519", encapsulation]), *lines]) + b"\n"


def with_spare_bits(stanza: bytes, line: int) -> bytes:
    """The stanza with a line whose last letter differs only in bits that belong to no byte."""
    lines = stanza.split(b"\n")
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    lines[line] = lines[line][:-1] + bytes([alphabet[alphabet.index(lines[line][-1]) | 1]])
    return b"\n".join(lines)


def opened(data: bytes, identity: HybridIdentity) -> bytes:
    sink = io.BytesIO()
    open_stream(io.BytesIO(data), sink, [identity])
    return sink.getvalue()


def test_the_untouched_file_opens_both_ways(age_file: Any, reader: HybridIdentity) -> None:
    data = age_file.build()
    assert opened(data, reader) == age_file.text
    assert SealedReader(io.BytesIO(data), [reader]).read() == age_file.text


HEADER_RULES: dict[str, Change] = {
    "another version": lambda f: setattr(f, "version", b"age-encryption.org/v2\n"),
    "a version line with a carriage return": lambda f: setattr(f, "version", b"age-encryption.org/v1\r\n"),
    "a blank before the version": lambda f: setattr(f, "version", b" age-encryption.org/v1\n"),
    "a stanza of another kind beside": lambda f: setattr(f, "stanzas", [f.hybrid_stanza(), b"-> X25519 AAAA\n\n"]),
    "a passphrase stanza beside": lambda f: setattr(
        f, "stanzas", [f.hybrid_stanza(), b"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\n" + b"A" * 43 + b"\n"]
    ),
    "two passphrase stanzas": lambda f: setattr(
        f, "stanzas", [b"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\n" + b"A" * 43 + b"\n"] * 2
    ),
    "a passphrase stanza": lambda f: setattr(f, "stanzas", [b"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\n\n"]),
    "a grease stanza": lambda f: setattr(f, "stanzas", [b"-> x-grease\n\n", f.hybrid_stanza()]),
    "a third argument": lambda f: setattr(f, "stanzas", [stanza_of(f, [b"mlkem768x25519", f.wrapped()[0], b"x"])]),
    "no encapsulation": lambda f: setattr(f, "stanzas", [stanza_of(f, [b"mlkem768x25519"])]),
    "a short encapsulation": lambda f: setattr(f, "stanzas", [stanza_of(f, [b"mlkem768x25519", f.wrapped()[0][:-4]])]),
    "an encapsulation of bad base64": lambda f: setattr(
        f, "stanzas", [stanza_of(f, [b"mlkem768x25519", f.wrapped()[0][:-1] + b"="])]
    ),
    "another kind in the shape of a hybrid one": lambda f: setattr(
        f, "stanzas", [f.hybrid_stanza(), stanza_of(f, [b"MLKEM768X25519", f.wrapped()[0]])]
    ),
    "a malformed stanza behind the good one": lambda f: setattr(
        f, "stanzas", [f.hybrid_stanza(), stanza_of(f, [b"mlkem768x25519", f.wrapped()[0][:-4]])]
    ),
    "an encapsulation with spare bits": lambda f: setattr(f, "stanzas", [with_spare_bits(f.hybrid_stanza(), 0)]),
    "a wrapped key with spare bits": lambda f: setattr(f, "stanzas", [with_spare_bits(f.hybrid_stanza(), 1)]),
    "a long wrapped key": lambda f: setattr(f, "stanzas", [stanza_of(f, body=bytes(33))]),
    "a short wrapped key": lambda f: setattr(f, "stanzas", [stanza_of(f, body=bytes(31))]),
    "a wrapped key of another length inside": lambda f: setattr(
        f, "stanzas", [f.hybrid_stanza(bytes(range(16)) + b"x")]
    ),
    "an empty argument": lambda f: setattr(f, "stanzas", [f.hybrid_stanza().replace(b" ", b"  ", 1)]),
    "a stanza without its last, short line": lambda f: setattr(
        f, "stanzas", [b"-> mlkem768x25519 AAAA\n" + b"A" * 64 + b"\n"]
    ),
    "a body line that is too long": lambda f: setattr(
        f, "stanzas", [b"-> mlkem768x25519 AAAA\n" + b"A" * 65 + b"\n\n"]
    ),
    "no stanza": lambda f: setattr(f, "stanzas", [b"\n"]),
    "65 stanzas": lambda f: setattr(f, "stanzas", [f.hybrid_stanza()] * 65),
    "a header over 256 KiB": lambda f: setattr(f, "stanzas", [b"-> " + b"A" * MAX_HEADER + b"\n\n"]),
    "no blank before the code": lambda f: setattr(f, "end", b"---"),
    "two blanks before the code": lambda f: setattr(f, "end", b"---  "),
    "a blank after the code": lambda f: setattr(f, "after_mac", b" \n"),
    "a code with padding": lambda f: setattr(f, "after_mac", b"=\n"),
    "a short code": lambda f: setattr(f, "mac", b"AAAA"),
    "no nonce": lambda f: (setattr(f, "nonce", b""), setattr(f, "chunks", list)),
    "a short nonce": lambda f: (setattr(f, "nonce", bytes(15)), setattr(f, "chunks", list)),
}


@pytest.mark.case("KF-11", "BU-08", "BU-09")
@pytest.mark.parametrize("change", HEADER_RULES.values(), ids=HEADER_RULES.keys())
def test_a_header_that_breaks_one_rule_is_refused(change: Change, age_file: Any, reader: HybridIdentity) -> None:
    change(age_file)
    sink = io.BytesIO()
    with pytest.raises(HeaderError):
        open_stream(io.BytesIO(age_file.build()), sink, [reader])
    assert sink.getvalue() == b""


def test_a_header_of_64_stanzas_still_opens(age_file: Any, reader: HybridIdentity) -> None:
    age_file.stanzas = [age_file.hybrid_stanza() for _ in range(64)]
    assert opened(age_file.build(), reader) == age_file.text


@pytest.mark.case("KF-03")
def test_a_share_of_low_order_is_a_broken_header_and_not_a_file_for_others(
    age_file: Any, reader: HybridIdentity
) -> None:
    encapsulation, body = age_file.wrapped()
    zero_share = b64decode(encapsulation + b"==")[:1088] + bytes(32)
    age_file.stanzas = [stanza_of(age_file, [b"mlkem768x25519", b64encode(zero_share).rstrip(b"=")], body)]
    with pytest.raises(HeaderError, match="low order"):
        opened(age_file.build(), reader)


def test_a_file_for_others_says_so(age_file: Any) -> None:
    with pytest.raises(NoMatchError):
        opened(age_file.build(), HybridIdentity.generate())


def test_a_changed_code_is_refused(age_file: Any, reader: HybridIdentity) -> None:
    age_file.mac = b"A" * 43
    with pytest.raises(HeaderMacError):
        opened(age_file.build(), reader)


@pytest.mark.case("BU-07")
def test_two_recipients_cannot_be_shown_two_texts(age_file: Any, reader: HybridIdentity) -> None:
    other = HybridIdentity.generate()
    ours = age_file.hybrid_stanza()
    age_file.recipient = other.recipient()
    age_file.stanzas = [ours, age_file.hybrid_stanza(bytes(16))]
    data = age_file.build()
    assert opened(data, reader) == age_file.text
    with pytest.raises(HeaderMacError):
        opened(data, other)


def chunked(age_file: Any, size: int, flags: dict[int, int] | None = None) -> list[bytes]:
    age_file.text = bytes(range(251)) * (size // 251) + bytes(size % 251)
    age_file.flags = flags or {}
    return age_file.chunks()


PAYLOAD_RULES: dict[str, tuple[int, Callable[[list[bytes]], list[bytes]], int]] = {
    "no chunk": (10, lambda _: [], 0),
    "a chunk shorter than its tag": (10, lambda chunks: [chunks[0][:15]], 0),
    "a chunk cut by one byte": (10, lambda chunks: [chunks[0][:-1]], 0),
    "one byte behind the last chunk": (10, lambda chunks: [chunks[0] + b"x"], 0),
    "the last chunk missing": (65537, lambda chunks: chunks[:1], 65536),
    "the first chunk missing": (65537, lambda chunks: chunks[1:], 0),
    "two chunks exchanged": (3 * 65536, lambda chunks: [chunks[1], chunks[0], chunks[2]], 0),
    "a chunk twice": (2 * 65536, lambda chunks: [chunks[0], chunks[0], chunks[1]], 65536),
    "a whole chunk behind the last": (65536, lambda chunks: [*chunks, chunks[0]], 65536),
    "a byte behind a full last chunk": (65536, lambda chunks: [*chunks, b"x"], 65536),
    "a changed tag in the second chunk": (
        70000,
        lambda chunks: [chunks[0], chunks[1][:-1] + bytes([chunks[1][-1] ^ 1])],
        65536,
    ),
    "the last chunk cut in a file of many blocks": (40 * 65536 + 5, lambda chunks: chunks[:-1], 40 * 65536),
}


@pytest.mark.case("BU-02", "BU-03", "BU-04")
@pytest.mark.parametrize(("size", "change", "proved"), PAYLOAD_RULES.values(), ids=PAYLOAD_RULES.keys())
def test_a_payload_that_breaks_one_rule_is_refused(
    size: int, change: Callable[[list[bytes]], list[bytes]], proved: int, age_file: Any, reader: HybridIdentity
) -> None:
    chunks = chunked(age_file, size)
    data = age_file.header() + age_file.nonce + b"".join(change(chunks))
    sink = io.BytesIO()
    with pytest.raises(PayloadError):
        open_stream(io.BytesIO(data), sink, [reader])
    assert sink.getvalue() == age_file.text[:proved]
    slow = SealedReader(io.BytesIO(data), [reader])
    assert b"".join(slow.read(1000) for _ in range(-(-proved // 1000))) == age_file.text[:proved]
    with pytest.raises(PayloadError):
        slow.read(1)


def test_a_payload_without_a_last_chunk_is_refused(age_file: Any, reader: HybridIdentity) -> None:
    for size in (10, 65536, 65546):
        chunks = chunked(age_file, size, {(size - 1) // 65536: 0})
        with pytest.raises(PayloadError):
            opened(age_file.header() + age_file.nonce + b"".join(chunks), reader)


def test_an_empty_last_chunk_is_refused_unless_the_file_is_empty(age_file: Any, reader: HybridIdentity) -> None:
    chunked(age_file, 0)
    assert opened(age_file.build(), reader) == b""
    chunks = chunked(age_file, 65536, {0: 0})
    empty = age_file.cipher().encrypt((1).to_bytes(11, "big") + b"\x01", b"", None)
    with pytest.raises(PayloadError) as caught:
        opened(age_file.header() + age_file.nonce + chunks[0] + empty, reader)
    assert caught.value.chunk == 1


def test_the_number_of_the_failing_chunk_is_named(age_file: Any, reader: HybridIdentity) -> None:
    chunks = chunked(age_file, 20 * 65536)
    chunks[18] = chunks[18][:-1] + bytes([chunks[18][-1] ^ 1])
    with pytest.raises(PayloadError) as caught:
        opened(age_file.header() + age_file.nonce + b"".join(chunks), reader)
    assert caught.value.chunk == 18


@pytest.mark.slow
def test_every_bit_of_a_small_sealed_file_counts(age_file: Any, reader: HybridIdentity) -> None:
    data = age_file.build()
    for place in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[place] ^= 1 << bit
            sink = io.BytesIO()
            with pytest.raises(KeysError):
                open_stream(io.BytesIO(bytes(changed)), sink, [reader])
            assert sink.getvalue() == b""


def test_every_truncation_of_a_small_sealed_file_is_refused(age_file: Any, reader: HybridIdentity) -> None:
    data = age_file.build()
    for size in range(len(data)):
        with pytest.raises(KeysError):
            opened(data[:size], reader)
