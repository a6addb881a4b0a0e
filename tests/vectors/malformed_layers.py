"""Malformed from the outside: the sealed file, what was never a bundle, the tar, its members."""

from dataclasses import replace

from vectors.generate import TEXT, VECTORS, Bag, Vector, raw_header, resealed, sealed, stranger, vector, world

from testimony.bundle import names
from testimony.bundle.canonical_tar import BLOCK


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def header_end() -> int:
    data = sealed()
    return data.index(b"\n", data.index(b"\n--- ") + 1) + 1


CHUNK = 64 * 1024 + 16


def chunk(number: int) -> slice:
    start = header_end() + 16 + number * CHUNK
    return slice(start, start + CHUNK)


# The age layer


@vector("age-layer", "sealed-header", "BU-02")
def sealed_file_cut_in_its_header() -> bytes:
    return sealed()[: header_end() - 40]


@vector("age-layer", "sealed-payload", "BU-02")
def sealed_file_cut_before_its_last_chunk() -> bytes:
    return sealed()[: chunk(14).stop]


@vector("age-layer", "sealed-payload", "BU-02")
def sealed_file_cut_inside_a_chunk() -> bytes:
    return sealed()[: chunk(3).start + 1000]


@vector("age-layer", "sealed-payload", "BU-04")
def sealed_file_with_a_byte_after_its_end() -> bytes:
    return sealed() + b"\0"


@vector("age-layer", "sealed-payload", "BU-04")
def two_sealed_files_one_after_the_other() -> bytes:
    return sealed() * 2


@vector("age-layer", "sealed-header-mac", "BU-07")
def sealed_file_with_another_header_code() -> bytes:
    data = sealed()
    place = data.index(b"\n--- ") + 5
    return data[:place] + (b"B" if data[place : place + 1] == b"A" else b"A") + data[place + 1 :]


@vector("age-layer", "sealed-payload", "BU-03")
def sealed_file_with_two_chunks_exchanged() -> bytes:
    data = sealed()
    return data[: chunk(1).start] + data[chunk(2)] + data[chunk(1)] + data[chunk(2).stop :]


@vector("age-layer", "sealed-payload", "BU-03")
def sealed_file_with_a_chunk_repeated() -> bytes:
    data = sealed()
    return data[: chunk(1).stop] + data[chunk(1)] + data[chunk(1).stop :]


@vector("age-layer", "sealed-payload", "BU-03")
def sealed_file_with_a_chunk_dropped() -> bytes:
    data = sealed()
    return data[: chunk(1).start] + data[chunk(2).start :]


@vector("age-layer", "sealed-payload", "BU-03")
def sealed_file_with_a_chunk_of_another_bundle() -> bytes:
    other = world().sealed()[1]
    data = sealed()
    return data[: chunk(1).start] + other[chunk(1)] + data[chunk(1).stop :]


@vector("age-layer", "sealed-header", "BU-08")
def sealed_file_with_a_key_wrap_of_another_length() -> bytes:
    data = sealed()
    line = data.index(b"\n", data.index(b"-> mlkem768x25519 ") + 5) + 1
    end = data.index(b"\n", line)
    return data[: end - 4] + data[end:]


@vector("age-layer", "sealed-header", "BU-09")
def sealed_file_with_a_passphrase_stanza() -> bytes:
    stanza = b"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\n" + b"A" * 43 + b"\n"
    return sealed().replace(b"\n-> ", b"\n" + stanza + b"-> ", 1)


@vector("age-layer", "not-for-you", "BU-11", exits=4)
def sealed_for_somebody_else() -> bytes:
    return resealed(Bag().tar(), stranger())


@vector("age-layer", "bundle-unsupported", "BU-06", exits=2)
def age_of_a_later_version() -> bytes:
    return sealed().replace(b"age-encryption.org/v1", b"age-encryption.org/v2", 1)


# What was never a bundle


def never(name: str, data: bytes) -> None:
    VECTORS.append(Vector(name, lambda: data, frozenset({"tar-layer"}), "not-a-bundle", 2, ("BU-05",)))


never("empty-file", b"")
never("one-byte", b"a")
never("text-file", b"Dear Sir or Madam,\n" * 9)
never("html-page", b"<!DOCTYPE html><html>" + b" " * 600)
never("zip-renamed", b"PK\x03\x04" + bytes(700))
never("utf-16-header", "age-encryption.org/v1\n".encode("utf-16"))
never("elf-program", b"\x7fELF\x02\x01\x01" + bytes(900))
never("zeros", bytes(1 << 16))
never("bytes-before-the-header", b"\n" + b"age-encryption.org/v1\n" + bytes(300))
never("byte-order-mark-before-the-header", b"\xef\xbb\xbfage-encryption.org/v1\n" + bytes(300))
never("armored-age-file", b"-----BEGIN AGE ENCRYPTED FILE-----\n" + b"YWdl" * 40)


# The tar layer


@vector("tar-layer", "ends-early", "BU-02", verdict="incomplete")
def tar_cut_short() -> bytes:
    return Bag().tar()[:-2000]


@vector("tar-layer", "bytes-after-end", "BU-04")
def tar_with_bytes_after_its_end() -> Bag:
    return Bag(extra=bytes(BLOCK))


def hostile_member(name: bytes, **fields: bytes) -> bytes:
    tar = Bag().tar()
    place = tar.index(raw_header(b"padding", 64))
    return tar[:place] + raw_header(name, 0, **fields) + tar[place:]


for title, member in (
    ("climbing", b"data/../../x"),
    ("absolute", b"/etc/passwd"),
    ("drive", b"C:\\x"),
    ("network-share", b"\\\\srv\\x"),
    ("dot", b"data/./x"),
    ("newline", b"data/a\nb"),
    ("escape", b"data/\x1b[2J"),
    ("bidi", "data/\u202egpj.exe".encode()),
    ("invalid-utf-8", b"data/\xff\xfe"),
    ("home", b"~/.bashrc"),
    ("stream", b"data/a:ads"),
):
    VECTORS.append(
        Vector(
            f"member-name-{title}",
            lambda member=member: hostile_member(member),
            frozenset({"tar-layer"}),
            "tar-header",
            1,
            ("BU-14", "BU-15"),
        )
    )
for title, kind in (
    ("link", b"2"),
    ("hard-link", b"1"),
    ("device", b"3"),
    ("fifo", b"6"),
    ("folder", b"5"),
    ("long-name", b"L"),
    ("pax", b"x"),
):
    VECTORS.append(
        Vector(
            f"member-kind-{title}",
            lambda kind=kind: hostile_member(b"data/x", at156=kind),
            frozenset({"tar-layer"}),
            "tar-header",
            1,
            ("BU-17",),
        )
    )
VECTORS.append(
    Vector(
        "member-size-huge",
        lambda: hostile_member(b"data/x", at124=b"77777777777\0"),
        frozenset({"members", "tar-layer"}),
        "ends-early",
        1,
        ("BU-19",),
    )
)
VECTORS.append(
    Vector(
        "member-size-negative",
        lambda: hostile_member(b"data/x", at124=b"-0000000001\0"),
        frozenset({"tar-layer"}),
        "tar-header",
        1,
        ("BU-19",),
    )
)


# Members


def added(name: str, data: bytes = b"x") -> Bag:
    bag = Bag()
    bag.files[name] = data
    return bag


for title, member in (
    ("unknown", "data/evil.txt"),
    ("device-name", "data/exhibits/CON"),
    ("upper-case", "data/exhibits/TST-0000003.PNG"),
    ("deep", "data/" + "/".join("d" * 40) + "/x"),
    ("hidden", "data/.x"),
    ("tag-of-ours", "roster.txt"),
):
    VECTORS.append(
        Vector(
            f"member-{title}",
            lambda member=member: added(member).anew().tar(),
            frozenset({"members", "manifests"}),
            "unknown-member",
            1,
            ("BU-15", "BU-13"),
        )
    )


@vector("members manifests tag-files legal-files counts", "order", "BU-13")
def member_twice() -> Bag:
    bag = Bag()
    bag.order = sorted(bag.files, key=names.order_key)
    bag.order.insert(bag.order.index(TEXT), TEXT)
    bag.order.insert(bag.order.index(TEXT), "data/text/TST-0000000.txt")
    bag.files["data/text/TST-0000000.txt"] = b"x"
    return bag


@vector("members manifests tag-files legal-files counts", "order")
def members_in_another_order() -> Bag:
    bag = Bag()
    order = sorted(bag.files, key=names.order_key)
    order.remove(names.CONDITIONS)
    order.insert(-1, names.CONDITIONS)
    bag.order = order
    bag.files[names.CONDITIONS] = bag.files[names.CONDITIONS]
    return bag


VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"members", "manifests", "legal-files"}))


@vector("members manifests tag-files", "limit", "BU-21")
def tag_file_over_its_limit() -> Bag:
    bag = Bag()
    bag.files[names.GUIDE_EN] = b"x" * (names.MAX_TAG_FILE + 1)
    return bag.retag()


@vector("padding", "absent", verdict="incomplete")
def no_padding() -> Bag:
    bag = Bag()
    del bag.files[names.PADDING]
    return bag


@vector("padding", "not-zeros")
def padding_that_says_something() -> Bag:
    bag = Bag()
    bag.files[names.PADDING] = bytes(63) + b"!"
    return bag
