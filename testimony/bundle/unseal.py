"""Where a bundle comes from: a sealed file, its tar, or its folder (docs/format/bundle-v1.md, section 6.1)."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from keys.digests import Digest
from keys.sealing import HybridIdentity, SealedReader
from testimony.bundle.canonical_tar import ByteSource, TarReader
from testimony.bundle.findings import Check
from testimony.bundle.names import BAGIT
from testimony.errors import BundleError, BundleUnsupportedError, NotABundleError

_AGE: Final = b"age-encryption.org/v1\n"
_ANY_AGE: Final = re.compile(rb"age-encryption\.org/v[0-9]{1,19}\n")
_TAR: Final = BAGIT.encode("ascii") + b"\0"
_SNIFFED: Final = 64
_PIECE: Final = 1024 * 1024


class Member(Protocol):
    """One file of a bundle while it passes."""

    @property
    def name(self) -> str:
        """Its name, with slashes."""
        ...

    @property
    def size(self) -> int:
        """Its size in bytes."""
        ...

    def read(self, size: int, /) -> bytes:
        """At most `size` further bytes; none at its end."""
        ...


class BundleSource(Protocol):
    """Anything that gives the members of a bundle once, in the order of the tar."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Which of the checks "age-layer" and "tar-layer" belong to what was given."""
        ...

    def members(self) -> Iterator[Member]:
        """Every member; each is read before the next is asked for.

        Raises:
            KeysError: The sealed file does not open.
            TestimonyError: What was given is no bundle, or damaged.
        """
        ...

    def finish(self) -> str | None:
        """The SHA-256 in hex of the whole file that was given, read to its end; None where there is no one file."""
        ...


class BundleFile:
    """A bundle in one file, sealed or opened: which of the two is seen from its first bytes.

    The file is read once, from first to last, so that what was hashed is what was checked.
    """

    def __init__(self, stream: ByteSource, identities: Sequence[HybridIdentity] = ()) -> None:
        self._stream = _Counted(stream)
        self._identities = identities
        self._layers: tuple[str, ...] = ()
        self._known = False

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that were found; none before `members` began."""
        return self._layers

    def members(self) -> Iterator[Member]:
        """Every member, each byte of it proved by the layers around it.

        Raises:
            KeysError: The sealed file does not open.
            NotABundleError: Neither a sealed file nor the tar of a bundle.
            BundleError: Another version, no identity to open it with, or a tar that is not canonical.
        """
        start = self._sniff()
        replayed = _Replayed(start, self._stream)
        if start.startswith(_AGE):
            self._layers = (Check.AGE_LAYER, Check.TAR_LAYER)
            if not self._identities:
                raise BundleError("no-identity", "age")
            with SealedReader(replayed, self._identities) as opened:
                yield from TarReader(opened).members()
        else:
            self._layers = (Check.TAR_LAYER,)
            yield from TarReader(replayed).members()

    def finish(self) -> str | None:
        """The SHA-256 of the whole file in hex; None where it was never a bundle, so that it is not read."""
        if not self._known:
            return None
        while self._stream.read(_PIECE):
            pass
        return self._stream.digest.hexdigest()

    def _sniff(self) -> bytes:
        start = b""
        while len(start) < _SNIFFED:
            piece = self._stream.read(_SNIFFED - len(start))
            if not piece:
                break
            start += piece
        if not start.startswith((_AGE, _TAR)):
            if _ANY_AGE.match(start):
                raise BundleUnsupportedError(None, "age")
            raise NotABundleError(None, "the first bytes")
        self._known = True
        return start


class _Counted:
    """Passes bytes on and keeps the digest of all of them."""

    def __init__(self, stream: ByteSource) -> None:
        self._stream = stream
        self.digest = Digest()

    def read(self, size: int, /) -> bytes:
        piece = self._stream.read(size) or b""
        self.digest.update(piece)
        return piece


class _Replayed:
    """The bytes already read, then the rest."""

    def __init__(self, start: bytes, rest: ByteSource) -> None:
        self._start = start
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        if self._start:
            piece, self._start = self._start[:size], self._start[size:]
            return piece
        return self._rest.read(size) or b""
