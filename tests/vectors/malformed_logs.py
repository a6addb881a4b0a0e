"""What is wrong with custody: lines, chains, proofs and notes; each stands in the tree that the checkpoint signs."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from vectors.generate import VECTORS, Bag, Vector, members_of, vector, world
from vectors.malformed_records import custody_lines
from vectors.world import LogBook, World

from testimony.bundle import names
from testimony.bundle.parcel import PackedCustody
from testimony.custody.checkpoint import Checkpoint, origin_of
from testimony.custody.entries import Entry, line_hash
from testimony.custody.log import grown
from testimony.custody.proofs import prove
from testimony.merkle import MerkleTree, leaf_hash

Spoils = Callable[[bytes], bytes]


@dataclass
class SpoiledBook(LogBook):
    """Writes one line otherwise than a vault does, and goes on from it as if nothing were."""

    spoiled: str = ""
    spoils: Spoils = field(default=lambda line: line)

    def write(self, kind: str, about: str, details: dict[str, Any] | None = None) -> Entry:
        before = self.state
        entry = super().write(kind, about, details)
        if kind == self.spoiled:
            line = self.spoils(self.lines[-1])
            assert line != self.lines[-1], kind
            self.lines[-1] = line
            self.state = grown(before, entry, line)
            self.objects[about] = line_hash(line)
        return entry


@dataclass
class Forger(World):
    """A sender whose log has such a line in it, under an honest tree and checkpoint."""

    spoiled: str = "record.create"
    spoils: Spoils = field(default=lambda line: line)

    def book(self) -> LogBook:
        return SpoiledBook(device=super().book().device, spoiled=self.spoiled, spoils=self.spoils)

    def custody(self, book: LogBook, record_ids: Sequence[str]) -> PackedCustody:
        wanted = [json.dumps(one).encode() for one in (*record_ids, self.bundle_id)]
        told = {seq: line for seq, line in enumerate(book.lines) if any(b'"object":' + one in line for one in wanted)}
        proofs = prove(MerkleTree([leaf_hash(line) for line in book.lines]), told)
        checkpoint = Checkpoint(origin=origin_of(self.device.public), size=book.state.size, root=book.state.root())
        return PackedCustody(log=proofs.log(), checkpoint=checkpoint.signed(self.device), proofs=proofs.to_bytes())


def forged(spoils: Spoils, spoiled: str = "record.create") -> Bag:
    good = world()
    sender = Forger(device=good.device, body=good.body, bundle_id=good.bundle_id, spoiled=spoiled, spoils=spoils)
    return Bag(files=dict(members_of(sender.sealed()[1], sender.body)) | {names.PADDING: bytes(64)})


def line(name: str, code: str, old: bytes, new: bytes, spoiled: str = "record.create") -> None:
    """A line that was written so, hashed so and signed so."""

    def make() -> bytes:
        return forged(lambda text: text.replace(old, new, 1), spoiled).tar()

    VECTORS.append(Vector(f"entry-{name}", make, frozenset({"custody-entries"}), code, 1, ("BU-23",)))


ZEROS = b"0" * 64
line("of-another-version", "version", b'"v":1', b'"v":2')
line("whose-version-is-true", "malformed", b'"v":1', b'"v":true')
line("with-a-member-too-many", "malformed", b'{"actor"', b'{"a":1,"actor"')
line("with-a-member-too-few", "malformed", b'"boot":"boot-1",', b"")
line("with-members-in-another-order", "malformed", b'"actor":"I-09","boot":"boot-1"', b'"boot":"boot-1","actor":"I-09"')
line("with-a-blank", "malformed", b'"seq":1', b'"seq": 1')
line("of-a-kind-of-its-own", "unknown-kind", b"record.create", b"record.invent")
line("with-a-sentence-in-a-detail", "details", b'"details":{}', b'"details":{"form":"she told me everything"}')
line("with-an-unknown-detail", "details", b'"details":{}', b'"details":{"name":"I-09"}')
line("with-a-wrong-word-in-a-detail", "details", b'"details":{}', b'"details":{"source":"dreamt"}')
line("without-a-required-detail", "details", b'"profile":"full",', b"", "bundle.seal")
line("with-a-count-below-zero", "details", b'"records":1', b'"records":-1', "bundle.seal")
line("with-a-count-in-a-text", "details", b'"records":1', b'"records":"1"', "bundle.seal")
line("with-an-actor-in-words", "details", b"I-09", b"Mr Smith")
line("with-a-time-in-zulu", "moment", b'+00:00"', b'Z"')
line("on-the-thirty-first-of-february", "moment", b'"wall":"2031-05-04', b'"wall":"2031-02-31')
line("with-a-note-of-its-own", "note", b'"note":"ok"', b'"note":"fine"')
line("whose-note-its-clocks-belie", "note", b'"note":"ok"', b'"note":"reboot"', "record.finish")
line("with-a-boot-of-no-letters", "moment", b"boot-1", b"boot_1")
line("with-a-number-for-the-clock", "malformed", b'"monotonic_ns":"1000000000"', b'"monotonic_ns":1000000000')
line("with-a-place-in-a-text", "malformed", b'"seq":1', b'"seq":"1"')
line("that-skips-a-place", "inclusion", b'"seq":1', b'"seq":2')
line("with-a-previous-hash-in-capitals", "malformed", b'"prev":"', b'"prev":"A')
line("that-claims-another-line-before-it", "object-prev", b'"object_prev":"' + ZEROS, b'"object_prev":"' + b"1" * 64)
line("longer-than-a-line-may-be", "too-long", b'"actor":"I-09"', b'"actor":"' + b"9" * 5000 + b'"')
line("with-a-letter-outside-ascii", "malformed", b"I-09", "\u0623-09".encode())


@vector("custody-entries", "object", "BU-23")
def erasure_asked_for_on_the_chain_of_a_record() -> Bag:
    asked = b'"kind":"erase.request"'
    return forged(
        lambda text: text.replace(b'"kind":"record.create"', asked).replace(b"{}", b'{"scope":"erase"}'),
        "record.create",
    )


def forget_the_line_before(text: bytes) -> bytes:
    entry = json.loads(text)
    return text.replace(f'"prev":"{entry["prev"]}"'.encode(), b'"prev":"' + b"1" * 64 + b'"')


@vector("custody-entries", "prev", "BU-23")
def entry_chained_to_a_line_that_does_not_stand_before_it() -> Bag:
    return forged(forget_the_line_before, "record.finish")


def fork_from_the_start(text: bytes) -> bytes:
    entry = json.loads(text)
    return text.replace(f'"object_prev":"{entry["object_prev"]}"'.encode(), b'"object_prev":"' + ZEROS + b'"')


@vector("custody-entries", "object-prev", "BU-23")
def second_beginning_of_one_record() -> Bag:
    return forged(fork_from_the_start, "record.finish")


# Proofs


def proofs(name: str, change: Callable[[dict[str, Any]], None]) -> None:
    custody_lines(f"proofs-{name}", "malformed", lambda _, value: change(value), "BU-23")


def growing(path: Any = (), since: Any = 1) -> dict[str, Any]:
    return {"path": list(path), "since": since}


proofs("of-another-version", lambda value: value.update(v=2))
proofs("with-a-member-too-many", lambda value: value.update(since=0))
proofs("without-growth", lambda value: value.pop("growth"))
proofs("with-growth-from-nothing", lambda value: value["growth"].append(growing(since=0)))
proofs("with-growth-from-itself", lambda value: value["growth"].append(growing(since=value["size"])))
proofs("with-growth-twice", lambda value: value["growth"].extend([growing(), growing()]))
proofs("with-growth-in-another-order", lambda value: value["growth"].extend([growing(), growing(since=2)]))
proofs("with-more-in-growth", lambda value: value["growth"].append(growing() | {"note": 1}))
proofs("with-a-step-in-capitals", lambda value: value["paths"][0].__setitem__(0, "A" * 64))
proofs("with-a-short-step", lambda value: value["paths"][0].__setitem__(0, "a" * 62))
proofs("with-sixty-five-steps", lambda value: value["paths"].__setitem__(0, ["a" * 64] * 65))
proofs("with-a-path-too-many", lambda value: value["paths"].append([]))
proofs("with-paths-in-an-object", lambda value: value.update(paths={}))


def another_size(_: list[bytes], value: dict[str, Any]) -> None:
    value["size"] += 1


def a_step_too_many(_: list[bytes], value: dict[str, Any]) -> None:
    value["paths"][0].append("a" * 64)


def a_step_too_few(_: list[bytes], value: dict[str, Any]) -> None:
    value["paths"][0].pop()


custody_lines("proofs-of-another-size", "size", another_size, "BU-23")
custody_lines("path-with-a-step-too-many", "inclusion", a_step_too_many, "BU-23")
custody_lines("path-with-a-step-too-few", "inclusion", a_step_too_few, "BU-23")


@vector("custody-entries", "malformed", "BU-23")
def log_without_its_last_line_feed() -> Bag:
    bag = Bag()
    bag.files[names.CUSTODY_LOG] = bag.files[names.CUSTODY_LOG][:-1]
    return bag.anew()


@vector("custody-entries", "malformed", "BU-23")
def log_with_carriage_returns() -> Bag:
    bag = Bag()
    bag.files[names.CUSTODY_LOG] = bag.files[names.CUSTODY_LOG].replace(b"\n", b"\r\n")
    return bag.anew()


# The note


def noted(change: Callable[[bytes], bytes]) -> Bag:
    bag = Bag()
    before = bag.files[names.CUSTODY_CHECKPOINT]
    bag.files[names.CUSTODY_CHECKPOINT] = change(before)
    assert bag.files[names.CUSTODY_CHECKPOINT] != before
    return bag.anew()


def note(name: str, code: str, change: Callable[[bytes], bytes]) -> None:
    VECTORS.append(
        Vector(
            f"note-{name}",
            lambda: noted(change).tar(),
            frozenset({"custody-checkpoint"}),
            code,
            cases=("BU-23",),
        )
    )


def signed_again(text: bytes) -> bytes:
    """A note over these lines by the device, its name and key id as they are."""
    bag = Bag()
    blob = bag.files[names.CUSTODY_CHECKPOINT].split(b" ")[-1]
    key_id = b64decode(blob)[:4]
    signature = b64encode(key_id + world().device.sign_raw(text))
    return text + f"\n\u2014 {origin_of(world().device.public)} ".encode() + signature + b"\n"


def lines_of(text: bytes) -> list[bytes]:
    return text.split(b"\n\n")[0].split(b"\n")


def with_key_id(text: bytes) -> bytes:
    start, _, blob = text.rpartition(b" ")
    return start + b" " + (b"B" if blob[:1] != b"B" else b"C") + blob[1:]


note("with-a-second-signature", "checkpoint", lambda text: text + text.split(b"\n\n")[1])
note("with-a-line-more", "checkpoint", lambda text: signed_again(b"\n".join([*lines_of(text), b"more", b""])))
note("with-a-zero-before-its-size", "checkpoint", lambda text: text.replace(b"\n5\n", b"\n05\n"))
note("without-its-signature", "checkpoint", lambda text: text.split(b"\n\n")[0] + b"\n\n")
note("with-a-hyphen-for-a-dash", "checkpoint", lambda text: text.replace("\u2014".encode(), b"-"))
note("of-another-origin", "origin", lambda text: text.replace(b"/device/", b"/Device/"))
note("by-another-name", "origin", lambda text: text[:-200] + text[-200:].replace(b"/device/", b"/Device/"))
note("with-another-key-id", "checkpoint-signature", with_key_id)
note("with-trailing-bytes", "checkpoint", lambda text: text + b"\n")


@vector("custody-checkpoint custody-entries", "other-checkpoint", "BU-23")
def two_heads_of_one_log() -> Bag:
    """The device signs another root of the same size: entries lead to the old one."""
    bag = Bag()
    head = Checkpoint(origin=origin_of(world().device.public), size=5, root=bytes(32))
    bag.files[names.CUSTODY_CHECKPOINT] = head.signed(world().device)
    return bag.anew()


# Sealing


def sealed_otherwise(change: dict[str, Any], sender: World, book: LogBook) -> None:
    book.write("bundle.seal", sender.bundle_id, sender.sealing() | change)


def abandoned(sender: World, book: LogBook) -> None:
    book.write("bundle.seal", sender.bundle_id, sender.sealing())
    book.write("bundle.abandon", sender.bundle_id)


def begun_otherwise(sender: World, book: LogBook) -> None:
    book.write("bundle.abandon", sender.bundle_id)
    book.write("bundle.seal", sender.bundle_id, sender.sealing())


@dataclass
class Sealer(World):
    """A sender whose sealing is written otherwise."""

    seals: Callable[[World, LogBook], None] = field(default=World.log_sealing)

    def log_sealing(self, book: LogBook) -> None:
        self.seals(self, book)


def by(seals: Callable[[World, LogBook], None]) -> Bag:
    good = world()
    sender = Sealer(device=good.device, body=good.body, bundle_id=good.bundle_id, seals=seals)
    return Bag(files=dict(members_of(sender.sealed()[1], sender.body)) | {names.PADDING: bytes(64)})


@vector("custody-seal", "no-seal-entry", "BU-23")
def bundle_that_was_abandoned() -> Bag:
    return by(abandoned)


@vector("custody-seal", "no-seal-entry", "BU-23")
def bundle_with_an_act_before_its_sealing() -> Bag:
    return by(begun_otherwise)


@vector("custody-seal", "other-seal-entry", "BU-23")
def log_that_names_another_recipient() -> Bag:
    return by(partial(sealed_otherwise, {"recipient": "9" * 40}))


@vector("custody-seal", "other-seal-entry", "BU-23")
def log_that_counts_other_records() -> Bag:
    return by(partial(sealed_otherwise, {"records": 2}))


@vector("custody-seal", "other-seal-entry", "BU-23")
def log_that_names_another_profile() -> Bag:
    return by(partial(sealed_otherwise, {"profile": "lead"}))


# What this reader saw before: `seen`


def seen(name: str, code: str, head: Callable[[], Checkpoint]) -> None:
    def notes() -> tuple[bytes, ...]:
        return (head().signed(world().device),)

    VECTORS.append(
        Vector(
            f"growth-{name}",
            lambda: Bag().tar(),
            frozenset({"custody-growth"}),
            code,
            cases=("BU-23",),
            seen=notes,
        )
    )


def head_of(size: int, root: bytes = bytes(32)) -> Checkpoint:
    return Checkpoint(origin=origin_of(world().device.public), size=size, root=root)


seen("from-another-head-of-the-same-size", "fork", lambda: head_of(5))
seen("from-a-smaller-head-without-a-proof", "unproved-growth", lambda: head_of(3))
seen("behind-a-larger-head", "unproved-prefix", lambda: head_of(9))
