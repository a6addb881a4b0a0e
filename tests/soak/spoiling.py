"""A reader of what comes from outside, and ways to spoil good input for it.

Bytes are changed, cut, repeated and mixed; in JSON also values are exchanged for others and written again canonically, so
that they reach the rules behind the spelling.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from keys.errors import KeysError
from testimony.canonical import decode, encode
from testimony.errors import TestimonyError
from vault.errors import VaultError

OURS = (KeysError, TestimonyError, VaultError)
# A longer run than the suite's: TESTIMONY_FUZZ=20000 pytest tests/testimony/test_parsers_never_crash.py
ROUNDS = int(os.environ.get("TESTIMONY_FUZZ", "250"))
SECONDS = 2.0
LIMIT = 1 << 24
TOKENS = (
    b"", b"\x00", b"\n", b"\r\n", b" ", b"-", b"\xff", b"\xed\xa0\x80", "٣".encode(), "²".encode(), "\u2028".encode(),
    b"0", b"-0", b"-1", b"1e999", b"NaN", b"9" * 400, b"9007199254740993", b"\\ud800", b'"', b"{}", b"[]", b"[" * 40,
    b"null", b"none", b"yes", b"0000-00-00T00:00:00+00:00", b"9999-12-31T23:59:59-23:59", b"0001-01-01T00:00:00+23:59",
    b"9999-12-31T23:59:60+00:00", b"0" * 64, b"A" * 5000, b"%s%n{0}", b"../", b"-----BEGIN SSH SIGNATURE-----\n",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**20, 2**20 + 1, 2**53 - 1, -(2**53 - 1), "", "0", "unknown", "\ud7ff", "a" * 600,
    "\x00", [], {}, [[]], [None], {"": None}, ["hide", 1, ""], ["show", "", {}], ["v"], ["@", "x"], ["@c", "x"],
    {"type": "void"}, {"type": "subtree", "n": 4, "runs": []}, "9999-12-31", "0001-01-01T00:00:00+23:59",
)  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """A reader and good input for it."""

    name: str
    good: Callable[[], bytes]
    read: Callable[[bytes], object]
    json: bool = False

    def __str__(self) -> str:
        return self.name


def mutations(good: bytes, chance: random.Random, count: int, *, json: bool) -> Iterator[bytes]:
    value: Any = decode(good.removesuffix(b"\n"), limit=LIMIT, where="good") if json else None
    for number in range(count):
        if json and number % 2:
            changed = encode(exchanged(value, chance))
            yield changed + b"\n" if good.endswith(b"\n") else changed
        else:
            yield spoiled(good, chance)


def spoiled(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 64, 500)))
        how = chance.randrange(5)
        if how == 0 and start < len(data):
            data[start] ^= 1 << chance.randrange(8)
        elif how == 1:
            data[start:end] = chance.choice(TOKENS)
        elif how == 2:
            data[start:start] = data[start:end]
        elif how == 3:
            del data[start:end]
        else:
            other = chance.randrange(len(data) + 1)
            data[start:end] = data[other : other + end - start]
    return bytes(data)


def exchanged(value: Any, chance: random.Random) -> Any:
    """The value with one node anywhere inside it exchanged, dropped, repeated or renamed."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(sorted(value))
        rest = dict(value)
        inner = rest.pop(name)
        if chance.random() < 0.1:
            return rest if chance.random() < 0.5 else {**rest, "x" + name: inner}
        return {**rest, name: exchanged(inner, chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        changed = [exchanged(value[place], chance)]
        if chance.random() < 0.2:
            changed = chance.choice(([], [value[place]] * 2, [value[-1]]))
        return [*value[:place], *changed, *value[place + 1 :]]
    return chance.choice(VALUES)


def endings(reader: Reader, count: int) -> dict[str, int]:
    """How often reading ended in a value and how often in an error of ours; anything else is raised."""
    chance = random.Random(reader.name)
    ends = {"value": 0, "error": 0}
    for data in mutations(reader.good(), chance, count, json=reader.json):
        before = time.process_time()
        try:
            reader.read(data)
            ends["value"] += 1
        except OURS:
            ends["error"] += 1
        assert time.process_time() - before < SECONDS
    return ends
