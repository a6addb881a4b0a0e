"""The hostile writer: bundles that are wrong in one way each.  The product cannot write any of them.

`VECTORS` names each, with the checks that must fail, a code that must be among them, and the exit code.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from vectors.world import World

from keys.digests import sha256
from keys.identity import Identity
from keys.sealing import SealedReader, seal_stream
from keys.signature import BUNDLE, RECORD
from testimony.bundle import names
from testimony.bundle.bag import bag_info
from testimony.bundle.canonical_tar import BLOCK, END, TarReader, header
from testimony.bundle.manifest import manifest_text
from testimony.bundle.tables import index_table

CONTROL = "TST-0000001"
HEAD = names.record_member(CONTROL, names.HEAD)
HEAD_SIG = names.record_member(CONTROL, names.HEAD_ED25519)
HEAD_PQ = names.record_member(CONTROL, names.HEAD_HYBRID)
RECORD_FILE = names.record_member(CONTROL, names.RECORD)
TEXT = names.text_member(CONTROL)
EXHIBIT = names.exhibit_member("TST-0000002", "png")
FORM = names.form_member("core-1")
ORDER_OF_ED25519 = 2**252 + 27742317777372353535851937790883648493


@cache
def world() -> World:
    return World()


@cache
def stranger() -> Identity:
    return Identity.generate()


@cache
def sealed() -> bytes:
    """One good bundle, as sealed."""
    return world().sealed()[1]


@cache
def _members() -> tuple[tuple[str, bytes], ...]:
    return members_of(sealed(), world().body)


def members_of(data: bytes, body: Identity) -> tuple[tuple[str, bytes], ...]:
    opened = SealedReader(io.BytesIO(data), [body.opener()])
    return tuple((one.name, b"".join(iter(one.read, b""))) for one in TarReader(opened).members())


def raw_header(name: bytes, size: int, **fields: bytes) -> bytes:
    """A header block for any name; `fields` are put at their offsets before the checksum."""
    block = bytearray(header("bagit.txt", size))
    block[0:100] = name[:100].ljust(100, b"\0")
    for offset, value in fields.items():
        start = int(offset.removeprefix("at"))
        block[start : start + len(value)] = value
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


@dataclass
class Bag:
    """A bundle taken apart, to be changed and put together again by whoever holds `signer`."""

    signer: Identity = field(default_factory=lambda: world().device)
    files: dict[str, bytes] = field(default_factory=lambda: dict(_members()) | {names.PADDING: bytes(64)})
    order: list[str] | None = None
    extra: bytes = b""

    @property
    def bundle_id(self) -> str:
        """The id that stands in what was sealed, whatever became of its statement since."""
        line = self.files[names.BAG_INFO].split(b"\n")[0]
        return line.removeprefix(b"External-Identifier: ").decode("ascii", "ignore")

    def edit(self, name: str, old: bytes, new: bytes) -> "Bag":
        assert old in self.files[name], name
        self.files[name] = self.files[name].replace(old, new, 1)
        return self

    def relist(self) -> "Bag":
        """The index, the manifest and the counts anew, for what is there."""
        data = {name: (sha256(one).hex(), len(one)) for name, one in self.files.items() if name.startswith("data/")}
        self.files[names.INDEX] = index_table({name: one for name, one in data.items() if name != names.INDEX})
        return self.remanifest()

    def remanifest(self) -> "Bag":
        data = {name: sha256(one).hex() for name, one in self.files.items() if name.startswith("data/")}
        self.files[names.MANIFEST] = manifest_text(data)
        sizes = [len(self.files[name]) for name in data]
        self.files[names.BAG_INFO] = bag_info(self.bundle_id, sizes)
        return self

    def restate(self, *edits: tuple[bytes, bytes]) -> "Bag":
        """The statement anew: the manifest's digest, then these edits, then both signatures."""
        lines = self.files[names.STATEMENT].split(b"\n")
        digest = sha256(self.files[names.MANIFEST]).hex().encode()
        text = b"\n".join(b"manifest: " + digest if line.startswith(b"manifest: ") else line for line in lines)
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new, 1)
        self.files[names.STATEMENT] = text
        both = self.signer.sign(text, BUNDLE)
        self.files |= {names.STATEMENT_ED25519: both.ed25519, names.STATEMENT_HYBRID: both.hybrid}
        return self

    def retag(self) -> "Bag":
        tags = {name: sha256(one).hex() for name, one in self.files.items() if "/" not in name}
        tags = {name: one for name, one in tags.items() if name not in (names.TAG_MANIFEST, names.PADDING)}
        self.files[names.TAG_MANIFEST] = manifest_text(tags)
        return self

    def anew(self, *edits: tuple[bytes, bytes]) -> "Bag":
        """Everything anew: a sender who lies consistently."""
        return self.relist().restate(*edits).retag()

    def rehead(self, text: bytes) -> "Bag":
        """Another head, signed, named by statement and record file."""
        old = sha256(self.files[HEAD]).hex().encode()
        new = sha256(text).hex().encode()
        both = self.signer.sign(text, RECORD)
        self.files |= {HEAD: text, HEAD_SIG: both.ed25519, HEAD_PQ: both.hybrid}
        self.edit(RECORD_FILE, old, new)
        self.files[names.STATEMENT] = self.files[names.STATEMENT].replace(old, new)
        return self

    def tar(self) -> bytes:
        ordered = self.order or sorted(self.files, key=names.order_key)
        parts = []
        for name in ordered:
            data = self.files[name]
            parts += [raw_header(name.encode(), len(data)), data, bytes(-len(data) % BLOCK)]
        return b"".join(parts) + END + self.extra


def resealed(tar: bytes, *recipients: Identity) -> bytes:
    sink = io.BytesIO()
    seal_stream(io.BytesIO(tar), sink, [one.public.recipient for one in recipients or (world().body,)])
    return sink.getvalue()


@dataclass(frozen=True)
class Vector:
    """One malformed bundle: how it is made, which checks fail and which code is among theirs, the exit code."""

    name: str
    make: Callable[[], bytes]
    expect: frozenset[str]
    code: str
    exits: int = 1
    cases: tuple[str, ...] = ()
    trust: str = "sender"
    verdict: str = "invalid"
    seen: Callable[[], tuple[bytes, ...]] = tuple
    earlier: Callable[[], Bag] | None = None

    def __str__(self) -> str:
        return self.name


VECTORS: list[Vector] = []


def vector(expect: str, code: str, *cases: str, **more: Any) -> Callable[[Any], Any]:
    """Adds what the function makes; its name, with dashes, is the vector's.  `more`: exits, trust, verdict."""

    def add(make: Callable[[], Any]) -> Callable[[], Any]:
        def build() -> bytes:
            made = make()
            return made.tar() if isinstance(made, Bag) else made

        name = make.__name__.replace("_", "-")
        VECTORS.append(Vector(name, build, frozenset(expect.split()), code, cases=cases, **more))
        return make

    return add
