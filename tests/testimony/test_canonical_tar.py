"""The tar layer: one spelling for each member, nothing else (docs/format/bundle-v1.md, section 2.2)."""

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimony.bundle.canonical_tar import BLOCK, END, TarReader, TarWriter, header, stored_size
from testimony.bundle.names import MAX_MEMBER_SIZE, is_member_name, order_key, place_of
from testimony.bundle.padme import FLOOR, padded_length
from testimony.errors import BundleDamagedError, BundleError, LimitExceededError


def tar_of(*members: tuple[str, bytes]) -> bytes:
    sink = io.BytesIO()
    writer = TarWriter(sink)
    for name, data in members:
        writer.add(name, data)
    writer.finish()
    return sink.getvalue()


def read_all(data: bytes) -> list[tuple[str, bytes]]:
    return [
        (member.name, b"".join(iter(lambda m=member: m.read(), b"")))
        for member in TarReader(io.BytesIO(data)).members()
    ]


def refused(data: bytes) -> str:
    with pytest.raises(BundleDamagedError) as caught:
        read_all(data)
    return caught.value.code


@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z]{1,9}(/[a-z.-]{1,9}x){0,3}", fullmatch=True), st.binary(max_size=1500)),
        max_size=5,
    )
)
def test_what_is_written_is_read_back(members):
    assert read_all(tar_of(*members)) == members


def test_stock_tar_reads_what_is_written():
    data = tar_of(("bagit.txt", b"hello"), ("data/x.txt", b"y" * 1000))
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        found = [(one.name, one.size, one.mode, one.mtime, one.uid, one.type) for one in archive.getmembers()]
    assert found == [("bagit.txt", 5, 0o644, 0, 0, b"0"), ("data/x.txt", 1000, 0o644, 0, 0, b"0")]


def test_as_many_members_as_a_bundle_may_have_are_read_and_one_more_is_refused(monkeypatch):
    monkeypatch.setattr("testimony.bundle.canonical_tar.MAX_MEMBERS", 3)
    members = [(f"{name}.txt", b"") for name in "abcd"]
    assert read_all(tar_of(*members[:3])) == members[:3]
    with pytest.raises(LimitExceededError) as caught:
        read_all(tar_of(*members))
    assert (caught.value.code, caught.value.where) == ("members", "tar")


@pytest.mark.case("BU-17")
@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_nothing_but_plain_files_can_stand_in_the_tar(kind):
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo("data/x")
        entry.type, entry.linkname, entry.mode = (
            kind,
            "/etc/passwd" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else "",
            0o644,
        )
        archive.addfile(entry)
    assert refused(sink.getvalue()) == "tar-header"


@pytest.mark.case("BU-17")
@pytest.mark.parametrize(
    ("member", "value"),
    [("mode", 0o4755), ("mode", 0o600), ("uid", 1000), ("gid", 5), ("mtime", 1), ("uname", "root"), ("gname", "wheel")],
)
def test_a_second_spelling_of_a_header_is_refused(member, value):
    entry = tarfile.TarInfo("data/x")
    entry.mode = 0o644
    setattr(entry, member, value)
    data = entry.tobuf(tarfile.USTAR_FORMAT) + END
    assert refused(data) == "tar-header"


@pytest.mark.case("BU-14", "BU-15")
@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "/etc/x",
        "C:\\x",
        "\\\\srv\\x",
        "..\\..\\x",
        "a/../../b",
        "~/.bashrc",
        "$HOME",
        "%APPDATA%",
        "",
        ".",
        "a/./b",
        "a//b",
        "x" * 101,
        "a:ads",
        "na me",
        "a\nb",
        "gpj\u202eexe.txt",
        "a\0b",
        "/".join(["d"] * 60),
        "é",
        "data/",
    ],
)
def test_a_name_that_could_be_a_path_trick_is_no_member_name(name):
    assert not is_member_name(name)
    with pytest.raises(BundleError) as caught:
        header(name, 0)
    assert caught.value.code == "member-name"


@pytest.mark.case("BU-14")
@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../b", "./bagit.txt"])
def test_a_path_trick_in_a_written_tar_is_refused(name):
    entry = tarfile.TarInfo(name)
    entry.mode = 0o644
    assert refused(entry.tobuf(tarfile.USTAR_FORMAT) + END) == "tar-header"


@pytest.mark.case("BU-15", "BU-16")
@pytest.mark.parametrize(
    "name",
    [
        "data/exhibits/CON",
        "data/exhibits/nul.txt",
        "data/exhibits/ABC-0000001.JPG",
        "data/exhibits/ABC-0000001.jpg.",
        "data/text/abc-0000001.txt",
    ],
)
def test_only_control_numbers_name_exhibits_and_texts(name):
    assert place_of(name) is None


@pytest.mark.case("BU-19", "BU-21")
@pytest.mark.parametrize(
    "size_field",
    [b"00000000-01\0", b"77777777777\0", b"\x80" + bytes(10) + b"\x01", b"0000000001 \0", b"00000000009\0"],
)
def test_a_size_that_is_negative_or_huge_or_in_base_256_ends_before_anything_is_read_into_memory(size_field):
    block = bytearray(header("data/x", 1))
    block[124:136] = size_field[:12]
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    assert refused(bytes(block) + bytes(BLOCK) + END) in ("tar-header", "ends-early")


def test_a_size_beyond_the_header_is_refused_when_writing():
    with pytest.raises(LimitExceededError):
        header("data/x", MAX_MEMBER_SIZE + 1)


@pytest.mark.case("BU-02")
def test_a_tar_cut_anywhere_ends_early():
    data = tar_of(("bagit.txt", b"hello" * 200), ("data/x", b""))
    assert {refused(data[:cut]) for cut in range(0, len(data), 7)} == {"ends-early"}


@pytest.mark.case("BU-04")
def test_bytes_after_the_end_are_refused():
    data = tar_of(("bagit.txt", b"hello"))
    assert refused(data + b"\0") == "bytes-after-end"
    assert refused(data + data) == "bytes-after-end"


def test_filling_that_is_not_zeros_is_refused():
    data = bytearray(tar_of(("bagit.txt", b"hello")))
    data[BLOCK + 6] = 1
    assert refused(bytes(data)) == "tar-filling"


@pytest.mark.case("BU-21")
def test_a_tar_of_very_many_members_is_refused_at_the_limit():
    class Endless:
        block = header("data/x", 0)

        def read(self, size):
            assert size == BLOCK
            return self.block

    with pytest.raises(LimitExceededError):
        for _ in TarReader(Endless()).members():
            pass


def test_every_flipped_bit_of_a_small_tar_is_refused_or_changes_what_is_read():
    members = [("bagit.txt", b"hello"), ("data/x", b"")]
    data = tar_of(*members)
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            found = read_all(bytes(changed))
        except BundleDamagedError:
            continue
        assert found != members


def test_a_stream_of_another_length_is_refused_when_writing():
    for content in (b"abc", b"abcde"):
        with pytest.raises(BundleError) as caught:
            TarWriter(io.BytesIO()).add_stream("data/x", 4, io.BytesIO(content))
        assert caught.value.code == "exhibit-size"


def test_the_length_that_is_told_is_the_length_that_is_written():
    sink = io.BytesIO()
    writer = TarWriter(sink)
    writer.add_zeros("padding", 1025)
    assert writer.length == stored_size(1025) == len(sink.getvalue())


def test_members_are_ordered_tag_files_first_and_padding_last():
    names = ["padding", "data/text/B-1.txt", "data/records/A", "bundle.txt", "bagit.txt"]
    assert sorted(names, key=order_key) == ["bagit.txt", "bundle.txt", "data/records/A", "data/text/B-1.txt", "padding"]


@given(st.integers(min_value=0, max_value=2**45))
def test_a_padded_length_holds_the_length_and_costs_little(length):
    padded = padded_length(length)
    assert padded >= max(length, FLOOR)
    assert padded == padded_length(padded)
    assert padded <= max(FLOOR, length * 1.12)
    assert padded % BLOCK == 0
