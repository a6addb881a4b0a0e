"""F6: every flipped bit of a small bundle is refused, and nothing of it is given out (BU-01).

CI flips one bit of every byte of the sealed header and of the chunks; `make soak` flips each bit of each byte.
"""

import io
import os
import random
from collections.abc import Callable, Iterator, Sequence

import pytest
from vectors.generate import Bag, resealed, world

from keys.errors import KeysError, SealedFileError
from keys.sealing import SealedReader
from keys.signature import BUNDLE, Signatures, check_signatures
from testimony.bundle import names
from testimony.bundle.canonical_tar import BLOCK, END, TarReader
from testimony.bundle.findings import Verdict
from testimony.bundle.unseal import BundleFile
from testimony.errors import BundleDamagedError, BundleError
from testimony.trust import Trust
from testimony.verify import Examination, examine_bundle

SOAK = bool(os.environ.get("TESTIMONY_SOAK"))
PARTS = 4 if SOAK else 1
CHUNK = 64 * 1024 + 16


@pytest.fixture(scope="module")
def tar() -> bytes:
    return Bag().tar()


@pytest.fixture(scope="module")
def sealed_tar(tar: bytes) -> bytes:
    return resealed(tar)


def header_length(data: bytes) -> int:
    return data.index(b"\n", data.index(b"\n--- ") + 1) + 1


def bits_of(place: int) -> Sequence[int]:
    """The bits of the byte at this place that are flipped where there are hundreds of thousands."""
    return range(8) if SOAK else (place * 5 % 8,)


def every_bit(_: int) -> Sequence[int]:
    return range(8)


def flips(data: bytes, places: range, bits: Callable[[int], Sequence[int]] = every_bit) -> Iterator[bytes]:
    """The data with these bits of these bytes flipped in turn, in one buffer."""
    changed = bytearray(data)
    for place in places:
        for bit in bits(place):
            changed[place] ^= 1 << bit
            yield bytes(changed)
            changed[place] ^= 1 << bit


def examined(data: bytes) -> Examination:
    source = BundleFile(io.BytesIO(data), [world().body.opener()])
    trust = Trust.of([world().device.public.fingerprint])
    return examine_bundle(source, trust=trust, recipient=world().body.public.recipient)


def test_the_unchanged_small_bundle_holds(sealed_tar):
    assert examined(sealed_tar).verdict is Verdict.PINNED


@pytest.mark.slow
@pytest.mark.case("BU-01")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_bit_of_the_sealed_header_is_refused_before_a_byte_comes_out(sealed_tar, part):
    identities = [world().body.opener()]
    length = header_length(sealed_tar) + 16  # the nonce of the payload belongs to it
    start, refused = sealed_tar[: length + 1], 0
    for changed in flips(start, range(part, length, PARTS), bits_of):
        with pytest.raises(SealedFileError):
            SealedReader(io.BytesIO(changed + sealed_tar[len(start) :]), identities).read(1)
        refused += 1
    print(f"figure: sealed header, part {part}: each of {refused} bits refused")


def test_the_small_bundle_is_a_header_and_two_chunks(sealed_tar):
    assert CHUNK < len(sealed_tar) - header_length(sealed_tar) - 16 < 2 * CHUNK


@pytest.mark.slow
@pytest.mark.case("BU-01")
@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize("part", range(PARTS))
def test_every_bit_of_every_chunk_is_refused_before_a_byte_of_it_comes_out(sealed_tar, number, part):
    reader = SealedReader(io.BytesIO(sealed_tar), [world().body.opener()])
    start = header_length(sealed_tar) + 16 + number * CHUNK
    changed = bytearray(sealed_tar[start : start + CHUNK])
    out, view, last = memoryview(bytearray(len(changed))), memoryview(changed), number == 1
    assert reader._cipher._open_chunk(number, view, out, last=last) == len(changed) - 16
    refused = 0
    for place in range(part, len(changed), PARTS):
        for bit in bits_of(place):
            changed[place] ^= 1 << bit
            assert reader._cipher._open_chunk(number, view, out, last=last) is None
            changed[place] ^= 1 << bit
            refused += 1
    print(f"figure: chunk {number}, part {part}: each of {refused} bits refused")


@pytest.mark.case("BU-01")
@pytest.mark.parametrize("part", range(2))
def test_a_flipped_bit_anywhere_in_the_sealed_file_makes_it_invalid(sealed_tar, part):
    for place in range(part * 701, len(sealed_tar), 1402):
        changed = bytearray(sealed_tar)
        changed[place] ^= 1 << place % 8
        examination = examined(bytes(changed))
        assert examination.contents is None
        assert examination.verdict is Verdict.INVALID


@pytest.mark.case("BU-01")
def test_every_bit_of_every_tar_header_is_refused(tar):
    headers = []
    place = 0
    for member in TarReader(io.BytesIO(tar)).members():
        headers.append((tar[place : place + BLOCK], member.name, member.size))
        place += BLOCK + member.size + -member.size % BLOCK
    assert len(headers) == len(Bag().files)
    for block, name, size in headers:
        for changed in flips(block, range(BLOCK)):
            with pytest.raises(BundleDamagedError):
                next(TarReader(io.BytesIO(changed + END)).members())
        assert next(TarReader(io.BytesIO(block + bytes(size + 512) + END)).members()).name == name


@pytest.mark.slow
@pytest.mark.case("BU-01")
@pytest.mark.parametrize("name", [names.STATEMENT, names.STATEMENT_ED25519, names.STATEMENT_HYBRID])
def test_every_bit_of_the_statement_and_of_its_signatures_breaks_the_seal(name):
    files = dict(Bag().files)
    public = world().device.public
    step = 4 if name == names.STATEMENT_HYBRID else 1  # slow to verify, and many times as long
    for changed in flips(files[name], range(0, len(files[name]), step)):
        parts = files | {name: changed}
        both = Signatures(ed25519=parts[names.STATEMENT_ED25519], hybrid=parts[names.STATEMENT_HYBRID])
        with pytest.raises(KeysError):
            check_signatures(parts[names.STATEMENT], both, BUNDLE, public)
    print(f"figure: {name}: each bit of {len(range(0, len(files[name]), step))} bytes of {len(files[name])} refused")


@pytest.mark.slow
@pytest.mark.case("BU-01")
@pytest.mark.parametrize("part", range(2))
def test_a_flipped_bit_anywhere_in_the_opened_tar_is_refused(tar, part):
    step = 131 if SOAK else 393
    for place in range(part * step, len(tar), 2 * step):
        changed = bytearray(tar)
        changed[place] ^= 1 << place % 8
        examination = examined(bytes(changed))
        assert examination.failures
        assert examination.contents is None


@pytest.mark.case("BU-01")
def test_flips_anywhere_in_a_large_bundle_are_refused_and_nothing_of_the_damaged_chunk_comes_out():
    size, count = (50 << 20, 10_000) if SOAK else (3 << 20, 200)
    large = resealed(bytes(size))
    start = header_length(large) + 16
    reader = SealedReader(io.BytesIO(large), [world().body.opener()])
    last = (len(large) - start - 1) // CHUNK
    chance, out, refused = random.Random(7), memoryview(bytearray(CHUNK)), 0
    for _ in range(count):
        place = chance.randrange(start, len(large))
        number = (place - start) // CHUNK
        changed = bytearray(large[start + number * CHUNK : start + (number + 1) * CHUNK])
        assert reader._cipher._open_chunk(number, memoryview(changed), out, last=number == last) == len(changed) - 16
        changed[(place - start) % CHUNK] ^= 1 << chance.randrange(8)
        refused += reader._cipher._open_chunk(number, memoryview(changed), out, last=number == last) is None
    print(f"figure: {refused} of {count} flips in {size >> 20} MiB refused")
    assert refused == count


@pytest.mark.case("BU-02")
def test_a_file_cut_anywhere_in_its_header_or_beside_a_chunk_border_is_refused(sealed_tar):
    length = header_length(sealed_tar)
    border = length + 16 + 64 * 1024 + 16
    for cut in [*range(0, length + 17, 5), border - 1, border, border + 1, len(sealed_tar) - 1, len(sealed_tar) - 16]:
        examination = examined(sealed_tar[:cut])
        assert examination.failures
        assert examination.contents is None


@pytest.mark.case("BU-05")
@pytest.mark.parametrize("start", [b"", b"\0", b"PK\x03\x04", b"age-encryption.org/v1\r\n"])
def test_of_what_was_never_a_bundle_hardly_anything_is_read(start):
    class Endless:
        taken = 0

        def read(self, size):
            self.taken += size
            assert self.taken <= 64 * 1024
            return (start + bytes(size))[:size] if self.taken == size else bytes(size)

    source = Endless()
    examination = examine_bundle(BundleFile(source), trust=Trust.nobody(), recipient=None)
    assert {finding.code for finding in examination.failures} == {"not-a-bundle"}
    assert examination.sha256 is None


@pytest.mark.case("BU-26")
def test_an_error_of_the_medium_is_no_finding_about_the_bundle(sealed_tar):
    class Pulled(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 70_000:
                raise OSError(5, "Input/output error")
            return super().read(min(size, 4096))

        readinto = None

    class Stick:
        def __init__(self):
            self.inner = Pulled(sealed_tar)

        def read(self, size):
            return self.inner.read(size)

    with pytest.raises(OSError, match="Input/output"):
        examine_bundle(BundleFile(Stick(), [world().body.opener()]), trust=Trust.nobody(), recipient=None)


def test_a_tar_header_is_refused_with_our_own_error_whatever_stands_in_it():
    for block in (b"\xff" * BLOCK, b"9" * BLOCK, b"bagit.txt" + b"\0" * 503):
        with pytest.raises(BundleError):
            next(TarReader(io.BytesIO(block + END)).members())
