"""A disk that loses what was not synced: the calls of a real run, replayed up to a power cut.

A write lasts once its file was synced, a name once its folder was.  What is pending at the cut may be there, or not, or
in part, each for itself: more than real file systems allow, never less.
"""

import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "write,writev,pwrite64,fsync,fdatasync,rename,unlink,mkdir,rmdir,ftruncate,openat,close"
SECTOR = 512
VARIANTS = ("nothing", "everything", "names", "data", "torn", "some", "some more")
_LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"^(\d+)\b")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that succeeded: its name, its texts as bytes, its first descriptor and its last number, its answer."""

    name: str
    texts: tuple[bytes, ...]
    descriptor: int
    number: int
    answer: int
    flags: str

    @property
    def path(self) -> str:
        return self.texts[0].decode()


def read_calls(report: Path) -> list[Call]:
    """The calls that strace wrote down with -xx."""
    found = []
    for line in report.read_text("ascii").splitlines():
        match = _LINE.match(line)
        if match is None or int(match[3]) < 0:
            continue
        name, inside, answer = match[1], match[2], int(match[3])
        descriptor, last = _FD.match(inside), inside.rsplit(", ", 1)[-1]
        texts = tuple(bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(inside))
        number = int(last) if last.isdigit() else 0
        place = int(descriptor[1]) if descriptor else -1
        found.append(Call(name=name, texts=texts, descriptor=place, number=number, answer=answer, flags=inside))
    return found


@dataclass
class Node:
    """The content of a file: what is on the disk, and the writes and cuts that are not yet."""

    safe: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def content(self, kept: list[tuple[int, bytes | None]]) -> bytes:
        data = bytearray(self.safe)
        for place, piece in kept:
            if piece is None:
                data[place:] = b""
            else:
                data += bytes(max(0, place - len(data)))
                data[place : place + len(piece)] = piece
        return bytes(data)


# What happened to a name: "name" with its file or None for a folder, "unname", "move" with the name before.
Change = tuple[str, str, Node | str | None]


class Disk:
    """A folder as the disk has it and as the program sees it."""

    def __init__(self, folder: Path, base: Path) -> None:
        self.folder = str(folder)
        self.seen: dict[str, Node | None] = {}
        for path in base.rglob("*"):
            self.seen[str(folder / path.relative_to(base))] = Node(path.read_bytes()) if path.is_file() else None
        self.seen[self.folder] = None
        self.safe = dict(self.seen)
        self.renamed: list[Change] = []
        self.open: dict[int, tuple[str, Node | None]] = {}
        self.at: dict[int, int] = {}
        self.said: list[str] = []

    def apply(self, call: Call) -> None:
        work = getattr(self, f"_{call.name}", None)
        if work is not None:
            work(call)

    def _openat(self, call: Call) -> None:
        path = call.texts[1].decode() if len(call.texts) > 1 else call.path
        self.open.pop(call.answer, None)
        if not path.startswith(self.folder):
            return
        if path not in self.seen and "O_CREAT" in call.flags:
            self._name(path, Node())
        if path in self.seen:
            self.open[call.answer] = (path, self.seen[path])
            self.at[call.answer] = 0

    def _close(self, call: Call) -> None:
        self.open.pop(call.descriptor, None)

    def _pwrite64(self, call: Call) -> None:
        self._put(call, call.number)

    def _write(self, call: Call) -> None:
        self._put(call, self.at.get(call.descriptor, 0))
        self.at[call.descriptor] = self.at.get(call.descriptor, 0) + call.answer

    def _put(self, call: Call, place: int) -> None:
        _, node = self.open.get(call.descriptor, ("", None))
        if node is not None:
            if len(call.texts[-1]) < call.answer:
                raise ValueError("strace cut a write short")
            node.pending.append((place, call.texts[-1][: call.answer]))

    def _writev(self, call: Call) -> None:
        self.said += b"".join(call.texts).decode().splitlines()

    def _ftruncate(self, call: Call) -> None:
        _, node = self.open.get(call.descriptor, ("", None))
        if node is not None:
            node.pending.append((call.number, None))
            self.at[call.descriptor] = call.number

    def _fsync(self, call: Call) -> None:
        if call.descriptor not in self.open:
            return
        path, node = self.open[call.descriptor]
        if node is None:
            self._sync_names(path)
        else:
            node.safe, node.pending = node.content(node.pending), []

    _fdatasync = _fsync

    def _rename(self, call: Call) -> None:
        old, new = (text.decode() for text in call.texts)
        moved = ("move", new, old)
        self.renamed.append(moved)
        _change(self.seen, [moved])

    def _unlink(self, call: Call) -> None:
        self._unname(call.path)

    _rmdir = _unlink

    def _mkdir(self, call: Call) -> None:
        if call.path.startswith(self.folder):
            self._name(call.path, None)

    def _name(self, path: str, node: Node | None) -> None:
        self.seen[path] = node
        self.renamed.append(("name", path, node))

    def _unname(self, path: str) -> None:
        if path in self.seen:
            del self.seen[path]
            self.renamed.append(("unname", path, None))

    def _sync_names(self, folder: str) -> None:
        mine = [one for one in self.renamed if one[1].rsplit("/", 1)[0] == folder]
        self.renamed = [one for one in self.renamed if one not in mine]
        _change(self.safe, mine)

    def after_the_cut(self, variant: str, chance: random.Random, target: Path) -> None:
        """Write the folder as it may be found when the power is back."""
        names = dict(self.safe)
        if variant in ("everything", "names", "torn"):
            _change(names, self.renamed)
        elif variant.startswith("some"):
            _change(names, self.renamed[: chance.randint(0, len(self.renamed))])
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for path, node in sorted(names.items()):
            place = target / path[len(self.folder) :].lstrip("/")
            if node is None:
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
            elif place.parent.is_dir():
                place.write_bytes(node.content(_kept(node, variant, chance)))


def cuts(calls: list[Call], disk: Disk, target: Path, wanted: int, first: int = 1) -> Iterator[list[str]]:
    """`wanted` power cuts after the call `first`: what had been said before each, with what it leaves in `target`."""
    chance, done = random.Random(20260101), 0
    places = sorted(chance.choices(range(first, len(calls) + 1), k=wanted))
    for number, place in enumerate(places):
        for call in calls[done:place]:
            disk.apply(call)
        done = place
        disk.after_the_cut(VARIANTS[number % len(VARIANTS)], chance, target)
        yield list(disk.said)


def _change(names: dict[str, Node | None], changes: list[Change]) -> None:
    for kind, path, what in changes:
        if kind == "move":
            for old in [old for old in names if old == what or old.startswith(f"{what}/")]:
                names[path + old[len(str(what)) :]] = names.pop(old)
        elif kind == "name":
            names[path] = what if isinstance(what, Node) else None
        else:
            names.pop(path, None)


def _kept(node: Node, variant: str, chance: random.Random) -> list[tuple[int, bytes | None]]:
    if variant in ("nothing", "names"):
        return []
    if variant in ("everything", "data"):
        return node.pending
    if variant == "torn" and node.pending:
        place, piece = node.pending[-1]
        torn = piece and piece[: SECTOR * chance.randint(0, len(piece) // SECTOR)]
        return [*node.pending[:-1], (place, torn)]
    return [one for one in node.pending if chance.random() < 0.5]
