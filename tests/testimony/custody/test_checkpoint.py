"""The signed head of a log, in the note format of C2SP."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.digits import parse_forty_digits
from keys.identity import Identity
from testimony.custody.checkpoint import Checkpoint as LogHead
from testimony.custody.checkpoint import check_against, head_digits, origin_in, origin_of, parse_checkpoint, parse_text
from testimony.custody.log import MAX_ENTRIES, check_log
from testimony.errors import CustodyError


@pytest.fixture
def checkpoint(book, identity):
    return LogHead(origin=origin_of(identity.public), size=book.state.size, root=book.state.root())


def test_a_signed_head_reads_back(checkpoint, identity):
    assert parse_checkpoint(checkpoint.signed(identity), identity.public) == checkpoint


def test_the_note_is_what_c2sp_says_written_out_a_second_time(checkpoint, identity):
    note = checkpoint.signed(identity).decode()
    text, _, signature_line = note.rpartition("\n\n")
    text += "\n"
    assert text == f"{checkpoint.origin}\n9\n{base64.b64encode(checkpoint.root).decode()}\n"
    dash, name, blob = signature_line.removesuffix("\n").split(" ")
    assert (dash, name) == ("—", checkpoint.origin)
    blob = base64.b64decode(blob)
    key = identity.public.ed25519
    assert blob[:4] == hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
    Ed25519PublicKey.from_public_bytes(key).verify(blob[4:], text.encode())


@pytest.mark.case("BU-23")
def test_an_entry_cut_off_at_the_end_is_found_by_the_signed_head(book, checkpoint):
    check_against(check_log(book.lines), checkpoint)
    with pytest.raises(CustodyError) as caught:
        check_against(check_log(book.lines[:-1]), checkpoint)
    assert (caught.value.seq, caught.value.code) == (8, "size")


@pytest.mark.case("BU-23")
def test_another_history_of_the_same_length_is_found_by_the_signed_head(book, checkpoint, new_book):
    other = new_book()
    other.write("vault.create", "vault", {"profile": "practice"})
    for number in range(8):
        other.write("record.save", "K7F3-9QZD", {"number": number})
    with pytest.raises(CustodyError) as caught:
        check_against(check_log(other.lines), checkpoint)
    assert caught.value.code == "root"


def test_a_head_signed_by_another_device_is_refused(checkpoint, identity):
    stranger = Identity.generate()
    with pytest.raises(CustodyError, match=r"^origin$"):
        checkpoint.signed(stranger)
    with pytest.raises(CustodyError) as caught:
        parse_checkpoint(checkpoint.signed(identity), stranger.public)
    assert caught.value.code == "origin"


BROKEN = {
    "a size with a leading zero": lambda note: note.replace(b"\n9\n", b"\n09\n"),
    "another size": lambda note: note.replace(b"\n9\n", b"\n8\n"),
    "a size beyond any log": lambda note: note.replace(b"\n9\n", b"\n9999999999\n"),
    "a line more": lambda note: note.replace(b"\n\n", b"\nextension\n\n"),
    "no empty line": lambda note: note.replace(b"\n\n", b"\n"),
    "a second signature": lambda note: note + note.split(b"\n\n")[1],
    "no signature": lambda note: note.split(b"\n\n")[0] + b"\n\n",
    "no last line feed": lambda note: note[:-1],
    "a hyphen for the dash": lambda note: note.replace("—".encode(), b"-"),
    "carriage returns": lambda note: note.replace(b"\n", b"\r\n"),
    "not text": lambda note: b"\xff" + note,
    "too long": lambda note: note + b" " * 2000,
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("break_it", BROKEN.values(), ids=BROKEN.keys())
def test_a_note_with_one_broken_part_is_refused(checkpoint, identity, break_it):
    code = {BROKEN["another size"]: "checkpoint-signature", BROKEN["too long"]: "too-long"}.get(break_it, "checkpoint")
    with pytest.raises(CustodyError, match=rf"^{code}$"):
        parse_checkpoint(break_it(checkpoint.signed(identity)), identity.public)


def test_whose_log_a_note_is_about_is_told_before_its_key_is_known(checkpoint, identity):
    note = checkpoint.signed(identity)
    assert origin_in(note) == checkpoint.origin
    for other in (note.replace(b"testimony-vault.invalid", b"example.com"), note[:-1], b"", b"\xff", note * 9):
        with pytest.raises(CustodyError, match=r"^(checkpoint|too-long)$"):
            origin_in(other)


def test_the_lines_of_a_head_alone_read_back_and_in_no_other_spelling(checkpoint):
    assert parse_text(checkpoint.text()) == checkpoint
    for other in (checkpoint.text() + b"\n", checkpoint.text()[:-1], checkpoint.text().replace(b"\n9\n", b"\n09\n")):
        with pytest.raises(CustodyError, match=r"^checkpoint$"):
            parse_text(other)


def test_every_flipped_bit_of_a_note_is_refused(checkpoint, identity):
    note = checkpoint.signed(identity)
    for place in range(len(note)):
        for bit in range(8):
            broken = bytearray(note)
            broken[place] ^= 1 << bit
            with pytest.raises(CustodyError):
                parse_checkpoint(bytes(broken), identity.public)


def test_a_root_with_spare_bits_set_is_a_second_spelling_and_refused(checkpoint, identity):
    note = checkpoint.signed(identity)
    line = note.split(b"\n")[2]
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = line[:-2] + alphabet[alphabet.index(line[-2:-1]) + 1 :][:1] + b"="
    with pytest.raises(CustodyError, match=r"^checkpoint$"):
        parse_checkpoint(note.replace(line, spare), identity.public)


def test_the_head_as_forty_digits_has_check_digits_and_depends_on_every_part(checkpoint):
    digits = head_digits(checkpoint)
    assert parse_forty_digits(digits) == digits
    shorter = LogHead(origin=checkpoint.origin, size=8, root=checkpoint.root)
    other = LogHead(origin=checkpoint.origin, size=9, root=bytes(32))
    assert len({digits, head_digits(shorter), head_digits(other)}) == 3


@pytest.mark.parametrize(
    "parts",
    [{"origin": "example.com/log"}, {"origin": "a\nb"}, {"size": -1}, {"size": 2**32 + 1}, {"root": b"short"}],
)
def test_a_checkpoint_with_an_impossible_part_cannot_be_made(checkpoint, parts):
    whole = {"origin": checkpoint.origin, "size": 9, "root": checkpoint.root}
    with pytest.raises(CustodyError, match=r"^origin$" if "origin" in parts else r"^checkpoint$"):
        LogHead(**{**whole, **parts})
    assert (LogHead(**{**whole, "size": 0}).size, LogHead(**{**whole, "size": MAX_ENTRIES}).size) == (0, MAX_ENTRIES)


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_end_in_our_own_error(data):
    with pytest.raises(CustodyError):
        parse_checkpoint(data, _SOMEONE.public)


_SOMEONE = Identity.generate()
