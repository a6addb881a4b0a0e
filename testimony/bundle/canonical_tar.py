"""POSIX tar with one spelling for each member (docs/format/bundle-v1.md, section 2.2).

The reader rebuilds every header from (name, size) and demands byte equality, so that no link, device, path trick,
owner, time or second spelling can exist.  `tarfile` is not used.
"""

from collections.abc import Iterator
from typing import Final, Protocol

from testimony.bundle.names import MAX_MEMBER_SIZE, MAX_MEMBERS, is_member_name
from testimony.errors import BundleDamagedError, BundleError, LimitExceededError

BLOCK: Final = 512
END: Final = bytes(2 * BLOCK)
_PIECE: Final = 1024 * 1024
_CHECKSUM: Final = slice(148, 156)
_SIZE: Final = slice(124, 136)
_NAME: Final = slice(0, 100)


class ByteSink(Protocol):
    """Anything that takes bytes in order."""

    def write(self, data: bytes, /) -> object:
        """Take these bytes."""
        ...


class ByteSource(Protocol):
    """Anything that gives at most `size` bytes in order, and none only at its end."""

    def read(self, size: int, /) -> bytes | None:
        """The next bytes."""
        ...


def header(name: str, size: int) -> bytes:
    """The one header block of a regular file.

    Raises:
        BundleError: A name that no member may have ("member-name").
        LimitExceededError: A size that eleven octal digits do not hold.
    """
    if not is_member_name(name):
        raise BundleError("member-name", "tar")
    if not 0 <= size <= MAX_MEMBER_SIZE:
        raise LimitExceededError("member-size", name)
    block = bytearray(BLOCK)
    block[_NAME] = name.encode("ascii").ljust(100, b"\0")
    block[100:124] = b"0000644\0" + b"0000000\0" * 2
    block[_SIZE] = b"%011o\0" % size
    block[136:148] = b"00000000000\0"
    block[_CHECKSUM] = b" " * 8
    block[156:157] = b"0"
    block[257:265] = b"ustar\x0000"
    block[329:345] = b"0000000\0" * 2
    block[_CHECKSUM] = b"%06o\0 " % sum(block)
    return bytes(block)


def stored_size(size: int) -> int:
    """How many bytes of tar a member of `size` bytes takes."""
    return BLOCK + size + -size % BLOCK


class TarWriter:
    """Writes members in the order they are added; the caller keeps the order of the format."""

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink
        self.length = 0

    def add(self, name: str, data: bytes) -> None:
        """Write one member that is at hand.

        Raises:
            BundleError: A name that no member may have.
        """
        self._put(header(name, len(data)))
        self._put(data)
        self._put(bytes(-len(data) % BLOCK))

    def add_stream(self, name: str, size: int, source: ByteSource) -> None:
        """Write one member from a stream that must give exactly `size` bytes.

        Raises:
            BundleError: A name that no member may have, or a stream of another length ("exhibit-size").
        """
        self._put(header(name, size))
        left = size
        while left:
            piece = source.read(min(left, _PIECE))
            if not piece:
                raise BundleError("exhibit-size", name)
            self._put(piece)
            left -= len(piece)
        if source.read(1):
            raise BundleError("exhibit-size", name)
        self._put(bytes(-size % BLOCK))

    def add_zeros(self, name: str, size: int) -> None:
        """Write one member of zeros."""
        self._put(header(name, size))
        zeros = bytes(min(size, _PIECE))
        left = size
        while left:
            self._put(zeros[:left])
            left -= min(left, _PIECE)
        self._put(bytes(-size % BLOCK))

    def finish(self) -> None:
        """Write the end mark: two blocks of zeros and nothing after them."""
        self._put(END)

    def _put(self, data: bytes) -> None:
        if data:
            self._sink.write(data)
            self.length += len(data)


class TarMember:
    """One member while it passes: its name, its size in bytes, and its bytes by `read`."""

    def __init__(self, name: str, size: int, source: ByteSource) -> None:
        self.name = name
        self.size = size
        self._left = size
        self._source = source

    def read(self, size: int = _PIECE, /) -> bytes:
        """At most `size` bytes; none at the end of the member.

        Raises:
            BundleDamagedError: The tar ends inside the member ("ends-early").
        """
        piece = _read_some(self._source, min(size, self._left)) if self._left else b""
        if self._left and not piece:
            raise BundleDamagedError("ends-early", self.name)
        self._left -= len(piece)
        return piece

    def finish(self) -> None:
        """Read what is left and the filling to the next block.

        Raises:
            BundleDamagedError: The tar ends early, or the filling is not zeros ("tar-filling").
        """
        while self._left:
            self.read()
        if any(read_exactly(self._source, -self.size % BLOCK, self.name)):
            raise BundleDamagedError("tar-filling", self.name)


class TarReader:
    """Gives the members of a canonical tar one after the other, then proves that it ends there."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source

    def members(self) -> Iterator[TarMember]:
        """Every member; each is finished before the next is given.

        Raises:
            BundleDamagedError: A header that is not the canonical one ("tar-header"), an early end, or bytes after it.
            LimitExceededError: More than 100,000 members.
        """
        place = "the first header"
        count = 0
        while True:
            block = read_exactly(self._source, BLOCK, place)
            if not any(block):
                self._end()
                return
            count += 1
            if count > MAX_MEMBERS:
                raise LimitExceededError("members", "tar")
            member = _member(block, place, self._source)
            yield member
            member.finish()
            place = f"the header after {member.name}"

    def _end(self) -> None:
        if any(read_exactly(self._source, BLOCK, "the end mark")):
            raise BundleDamagedError("tar-header", "the end mark")
        if self._source.read(1):
            raise BundleDamagedError("bytes-after-end", "the end mark")


def read_exactly(source: ByteSource, size: int, where: str) -> bytes:
    """Exactly `size` bytes.

    Raises:
        BundleDamagedError: The source ends before ("ends-early").
    """
    pieces = []
    left = size
    while left:
        piece = _read_some(source, left)
        if not piece:
            raise BundleDamagedError("ends-early", where)
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _read_some(source: ByteSource, size: int) -> bytes:
    return source.read(size) or b""


def _member(block: bytes, place: str, source: ByteSource) -> TarMember:
    name_field, size_field = block[_NAME].rstrip(b"\0"), block[_SIZE]
    if not name_field.isascii() or not size_field[:11].isdigit() or set(size_field[:11]) & set(b"89"):
        raise BundleDamagedError("tar-header", place)
    name, size = name_field.decode("ascii"), int(size_field[:11], 8)
    if not is_member_name(name) or header(name, size) != block:
        raise BundleDamagedError("tar-header", place)
    return TarMember(name, size, source)
