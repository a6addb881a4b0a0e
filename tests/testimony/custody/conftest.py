"""A small log that every custody test may ask for; its device has a real identity."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from keys.identity import Identity
from testimony.custody.entries import NO_ENTRY, Act, Entry
from testimony.custody.log import LogState, append
from testimony.custody.moments import Moment

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ROOT = "ab" * 32


@dataclass
class LogBook:
    """Writes entries as a vault does and keeps their lines."""

    device: str
    state: LogState = field(default_factory=LogState)
    lines: list[bytes] = field(default_factory=list)
    objects: dict[str, str] = field(default_factory=dict)

    def write(self, kind: str, about: str, details: dict | None = None, at: Moment | None = None) -> Entry:
        act = Act(kind=kind, object=about, actor="I-04", device=self.device, details=details or {})
        previous = self.objects.get(about, NO_ENTRY)
        entry, self.state = append(self.state, act, at or self.moment(), object_prev=previous)
        self.lines.append(entry.line())
        self.objects[about] = self.state.last
        return entry

    def moment(self, seconds: int | None = None, boot: str = "boot-1") -> Moment:
        seconds = 60 * len(self.lines) if seconds is None else seconds
        return Moment(
            wall=START + timedelta(seconds=seconds), monotonic_ns=(1000 + 60 * len(self.lines)) * 10**9, boot=boot
        )


@pytest.fixture(scope="session")
def identity() -> Identity:
    return Identity.generate()


@pytest.fixture
def new_book(identity: Identity) -> Callable[[], LogBook]:
    return lambda: LogBook(device=identity.public.fingerprint.replace(" ", ""))


@pytest.fixture
def book(new_book: Callable[[], LogBook]) -> LogBook:
    """Nine entries about the vault and two records."""
    book = new_book()
    book.write("vault.create", "vault", {"profile": "practice"})
    for record in ("K7F3-9QZD", "2XWM-40T1"):
        book.write("record.create", record)
        book.write("record.save", record, {"number": 1})
    book.write("record.finish", "K7F3-9QZD", {"version": 1, "root": ROOT, "head": "cd" * 32})
    book.write("record.save", "2XWM-40T1", {"number": 2})
    book.write("record.view", "K7F3-9QZD", {"version": 1})
    book.write("vault.lock", "vault")
    return book
