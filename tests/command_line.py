"""The `testimony` command as tests run it: in this process for speed, or as the real program."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from practice_vaults import (
    BODY,
    MENTIONED,
    NAME,
    PASSPHRASE,
    PHONE,
    acquaint,
    interview_bytes,
    make_vault,
    walk_through,
)
from shared_data import REPOSITORY

from testimony.canonical import decode
from testimony.errors import ConsentError
from tui.commands.group import run
from vault.attachments import attach
from vault.records import finish, new_from_interview

# Words of the invented interview that no message may repeat.
WORDS = (*NAME.split(), *MENTIONED.split(), PHONE, "quarry", "upper mill", PASSPHRASE)
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one canonical JSON object that it must be."""
        assert self.out.endswith("\n")
        return decode(self.out[:-1].encode("utf-8"), limit=1 << 24, where="out")


def checked(said: Said) -> Said:
    """The same, after what holds for every run: no traceback, no words of a testimony, nothing a terminal acts on."""
    assert said.code in {0, 1, 2, 3, 4, 130}
    assert "Traceback" not in said.out + said.err
    assert not _ACTING.search(said.err)
    # JSON for another program is exact and canonical, which leaves everything above U+007E as it is.
    assert not (_CONTROL if said.out.startswith("{") else _ACTING).search(said.out)
    assert [word for word in WORDS if word in said.err] == []
    if said.code not in {0, 130}:
        assert said.err.strip(), "a refusal says why"
    return said


@contextmanager
def descriptor_of(data: bytes) -> Iterator[int]:
    """A descriptor from which the bytes can be read, as `3<file` gives it."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        number = os.dup(file.fileno())
        os.lseek(number, 0, os.SEEK_SET)
        try:
            yield number
        finally:
            with suppress(OSError):  # the command closed it after reading; the number may be another file's by now
                if os.path.sameopenfile(number, file.fileno()):
                    os.close(number)


def with_passphrase(words: Sequence[str], number: int) -> list[str]:
    """The command line with the descriptor named, before what follows `--`."""
    end = words.index("--") if "--" in words else len(words)
    return [*words[:end], "--passphrase-fd", str(number), *words[end:]]


@dataclass(frozen=True, kw_only=True)
class Commands:
    """`testimony` in this process; the passphrase of the practice vaults is given on a descriptor."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: object, passphrase: str | bytes | None = PASSPHRASE) -> Said:
        given = passphrase.encode("utf-8") if isinstance(passphrase, str) else passphrase
        words = [str(argument) for argument in arguments]
        hook = sys.excepthook
        self.capsys.readouterr()
        try:
            if given is None:
                code = run(words)
            else:
                with descriptor_of(given) as number:
                    code = run(with_passphrase(words, number))
        finally:
            sys.excepthook = hook
        out, err = self.capsys.readouterr()
        return checked(Said(code=code, out=out, err=err))


def program(
    *arguments: object, passphrase: str = PASSPHRASE, environment: dict[str, str] | None = None, **more: Any
) -> Said:
    """`testimony` as a process of its own; the passphrase stands in a file on descriptor 3, as in a script."""
    words = [str(argument) for argument in arguments]
    with descriptor_of(passphrase.encode("utf-8") + b"\n") as number:
        given = with_passphrase(words, number) if passphrase else words
        done = subprocess.run(
            [sys.executable, "-m", "tui", *given],
            cwd=more.pop("cwd", REPOSITORY),
            env=(environment or {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}),
            pass_fds=(number,),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
            **more,
        )
    return checked(Said(code=done.returncode, out=done.stdout.decode("utf-8"), err=done.stderr.decode("utf-8")))


def speak_arabic(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a start under LANG=ar_SY.UTF-8 sets once for the whole process, set for one test."""
    names = sorted(path.stem for path in (REPOSITORY / "tui" / "commands").glob("*.py"))
    # All of them are loaded before the first is changed: each copies the language when it is loaded.
    for module in [import_module(f"tui.commands.{name}") for name in names]:
        if hasattr(module, "LANGUAGE"):
            monkeypatch.setattr(module, "LANGUAGE", "ar")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two practice vaults that know each other, closed; the first holds one finished record with an exhibit."""

    folder: Path
    field: Path
    legal: Path
    record_id: str


def make_pair(folder: Path, **changes: Any) -> Pair:
    """A field vault with one finished record, and the vault of the body."""
    with make_vault(folder, "practice-team", prefix="TST") as field, make_vault(folder, BODY, "legal") as legal:
        acquaint(field, legal)
        record_id = new_from_interview(field, interview_bytes(**changes))
        (folder / "sketch.bin").write_bytes(bytes(range(256)) * 400)
        attach(field, record_id, folder / "sketch.bin", kind="sketch", title="the yard")
        finish(field, record_id)
        with suppress(ConsentError):  # nobody walks through what may not leave
            walk_through(field, record_id)
        return Pair(folder=folder, field=field.path, legal=legal.path, record_id=record_id)


def is_in(language: str, words: str) -> bool:
    """Whether each line is a sentence of the language."""
    arabic = [bool(re.search("[\u0600-\u06ff]", line)) for line in words.splitlines() if line.strip()]
    return all(arabic) if language == "ar" else not any(arabic)
