"""The file door: whole or not at all, private from the first byte, links never followed."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.errors import (
    AlreadyExistsError,
    LimitError,
    NotFoundError,
    SourceFileError,
    StorageError,
    StorageFullError,
    VaultBusyError,
)
from vault.files import (
    FileLock,
    create_exclusive,
    fill,
    open_regular,
    read_bounded,
    safe_name,
    write_all,
    write_atomic,
)
from vault.quarantine import QuarantineFile


def test_a_file_is_replaced_whole_and_is_private(tmp_path: Path):
    path = tmp_path / "a"
    old = os.umask(0)
    try:
        write_atomic(path, b"one")
        write_atomic(path, b"two")
    finally:
        os.umask(old)
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


@pytest.mark.case("VF-16")
def test_a_full_disk_is_called_full_and_the_old_file_stands():
    with pytest.raises(StorageFullError), Path("/dev/full").open("r+b", buffering=0) as stream:
        write_all(stream, b"x")


def test_a_refused_write_leaves_the_old_file_and_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a"
    write_atomic(path, b"old")

    def refuse(_: int) -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError) as caught:
        write_atomic(path, b"new")
    assert caught.value.reason == "EIO"
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path):
    (tmp_path / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AlreadyExistsError):
        create_exclusive(tmp_path / "a")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.case("KF-09")
def test_a_small_file_is_read_whole_and_a_larger_one_not_at_all(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"x" * 100)
    assert read_bounded(tmp_path / "a", 100) == b"x" * 100
    with pytest.raises(LimitError):
        read_bounded(tmp_path / "a", 99)
    with pytest.raises(NotFoundError):
        read_bounded(tmp_path / "b", 99)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceFileError):
        open_regular(tmp_path / "pipe")


def test_a_lock_keeps_a_second_holder_out_until_it_is_released(tmp_path: Path):
    first = FileLock(tmp_path / "lock")
    with pytest.raises(VaultBusyError):
        FileLock(tmp_path / "lock")
    first.write(b"note")
    first.release()
    second = FileLock(tmp_path / "lock")
    assert second.read(100) == b"note"
    second.release()


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path: Path):
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SourceFileError):
        FileLock(tmp_path / "lock")
    assert not (tmp_path / "elsewhere").exists()


def test_a_quarantine_file_is_gone_when_the_work_ends_however_it_ends(tmp_path: Path):
    folder = tmp_path / "quarantine"
    with QuarantineFile(folder) as held:
        write_all(held.stream, b"sealed")
        assert held.path.read_bytes() == b"sealed"
    assert list(folder.iterdir()) == []
    held = QuarantineFile(folder)
    held.__exit__(ValueError, ValueError(), None)
    assert list(folder.iterdir()) == []


def test_the_reserve_really_takes_its_space(tmp_path: Path):
    fill(tmp_path / "reserve", 2 << 20)
    found = (tmp_path / "reserve").stat()
    assert (found.st_size, found.st_blocks * 512 >= 2 << 20) == (2 << 20, True)


@given(st.text(max_size=400))
def test_every_safe_name_fits_every_file_system(text: str):
    import re

    safe = safe_name(text)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}", safe)
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", safe)
    assert safe_name(safe) == safe
