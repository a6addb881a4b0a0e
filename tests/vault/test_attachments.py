"""Attachments: plain files only, streamed, encrypted, whole or absent, the original never altered."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import details_of, kinds_of, make_vault, passphrase

from keys.errors import PayloadError
from vault import attachment_files
from vault.attachments import attach, list_for, open_attachment, remove_exhibit, sweep
from vault.check import check_vault
from vault.drafts import discard_draft, new_draft
from vault.errors import LimitError, NotFoundError, PolicyError, SourceFileError, VaultError
from vault.files import safe_name
from vault.store import Vault

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1") as made:
        yield made


@pytest.fixture
def record_id(vault: Vault) -> str:
    return new_draft(vault)


def files_in(vault: Vault) -> list[Path]:
    return [path for path in (vault.path / "attachments").rglob("*") if path.is_file()]


@pytest.mark.case("AT-01")
@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 5_000_000])
def test_a_file_of_any_size_comes_back_as_it_was(vault: Vault, record_id: str, tmp_path: Path, size: int):
    content = os.urandom(size)
    (tmp_path / "a.bin").write_bytes(content)
    seen: list[tuple[int, int]] = []
    exhibit = attach(vault, record_id, tmp_path / "a.bin", kind="photo", title="t", progress=lambda *step: seen.append(step))  # fmt: skip
    assert (exhibit.size, exhibit.sha256) == (size, hashlib.sha256(content).hexdigest())
    (attached,) = list_for(vault, record_id)
    with open_attachment(vault, attached.attachment_id) as stream:
        assert stream.read() == content
    assert seen[-1] == (size, size)
    assert (tmp_path / "a.bin").read_bytes() == content
    assert details_of(vault, "exhibit.import") == [{"exhibit": attached.attachment_id, "sha256": exhibit.sha256, "size": size}]  # fmt: skip


@pytest.mark.case("AT-01")
def test_a_file_above_the_limit_is_refused_before_a_byte_is_read(vault: Vault, record_id: str, tmp_path: Path):
    with (tmp_path / "sparse").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(LimitError):
        attach(vault, record_id, tmp_path / "sparse", kind="video")
    assert files_in(vault) == []


def test_nothing_of_the_content_or_the_name_shows_in_the_folder(vault: Vault, record_id: str, tmp_path: Path):
    (tmp_path / "Barnaby.png").write_bytes(PNG + b"canary" * 1000)
    attach(vault, record_id, tmp_path / "Barnaby.png", kind="photo")
    vault.settle()
    everything = b"".join(path.read_bytes() for path in vault.path.rglob("*") if path.is_file())
    assert b"canary" not in everything
    assert b"Barnaby" not in everything
    assert not any("arnaby" in path.name for path in vault.path.rglob("*"))


@pytest.mark.case("AT-03")
def test_only_plain_files_with_one_name_are_taken(vault: Vault, record_id: str, tmp_path: Path):
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "twice").write_bytes(b"x")
    (tmp_path / "twin").hardlink_to(tmp_path / "twice")
    os.mkfifo(tmp_path / "pipe")
    sources = [tmp_path / name for name in ("link", "twice", "pipe", ".")]
    sources += [Path("/dev/zero"), Path("/dev/full"), Path("/proc/self/mem"), vault.path / "header.A", vault.path / "vault-0001.db"]  # fmt: skip
    for source in sources:
        with pytest.raises(SourceFileError):
            attach(vault, record_id, source, kind="document")
    with pytest.raises(NotFoundError):
        attach(vault, record_id, tmp_path / "absent", kind="document")
    assert list_for(vault, record_id) == ()
    assert files_in(vault) == []


@pytest.mark.case("AT-02", "BU-26")
@pytest.mark.parametrize("change", ["grows", "shrinks", "is rewritten", "is replaced"])
def test_a_file_that_changes_while_it_is_read_is_refused(vault: Vault, record_id: str, tmp_path: Path, change: str):
    source = tmp_path / "moving"
    source.write_bytes(os.urandom(6 << 20))
    done: list[int] = []

    def meddle(*_: int) -> None:
        if done:
            return
        done.append(1)
        if change == "grows":
            with source.open("ab") as stream:
                stream.write(b"more")
        elif change == "shrinks":
            os.truncate(source, 3 << 20)
        elif change == "is rewritten":
            with source.open("r+b") as stream:
                stream.write(b"other")
            os.utime(source, ns=(1, 1))
        else:
            (tmp_path / "other").write_bytes(b"other")
            (tmp_path / "other").rename(source)

    with pytest.raises(SourceFileError) as caught:
        attach(vault, record_id, source, kind="video", progress=meddle)
    assert caught.value.reason == "changed"
    assert files_in(vault) == []
    assert list_for(vault, record_id) == ()


@pytest.mark.case("AT-12")
def test_the_same_file_twice_is_one_blob_and_two_references(vault: Vault, record_id: str, tmp_path: Path):
    other = new_draft(vault)
    (tmp_path / "a.png").write_bytes(PNG + b"same")
    (tmp_path / "b.png").write_bytes(PNG + b"same")
    attach(vault, record_id, tmp_path / "a.png", kind="photo")
    attach(vault, other, tmp_path / "b.png", kind="photo")
    (first,), (second,) = list_for(vault, record_id), list_for(vault, other)
    assert first.attachment_id == second.attachment_id
    assert (first.exhibit.original_name, second.exhibit.original_name) == ("a.png", "b.png")
    assert len(files_in(vault)) == 1
    remove_exhibit(vault, record_id, 0)
    assert open_attachment(vault, second.attachment_id).read() == PNG + b"same"
    discard_draft(vault, other)
    assert files_in(vault) == []
    assert vault.read("SELECT * FROM attachments") == []
    assert check_vault(vault).holds


def test_removing_an_exhibit_takes_its_key_first_and_is_logged(vault: Vault, record_id: str, tmp_path: Path):
    (tmp_path / "a.png").write_bytes(PNG)
    attach(vault, record_id, tmp_path / "a.png", kind="photo")
    remove_exhibit(vault, record_id, 0)
    assert kinds_of(vault, 2) == ["exhibit.import", "exhibit.remove"]
    with pytest.raises(NotFoundError):
        remove_exhibit(vault, record_id, 0)


def test_a_record_that_is_no_draft_takes_no_attachment(vault: Vault, tmp_path: Path):
    (tmp_path / "a.png").write_bytes(PNG)
    with pytest.raises(NotFoundError):
        attach(vault, "K7F3-9QZD", tmp_path / "a.png", kind="photo")
    assert files_in(vault) == []


@pytest.mark.case("AT-07", "AT-11")
def test_a_name_is_kept_as_it_was_told_and_the_type_is_told_by_the_content(vault: Vault, record_id: str, tmp_path: Path):  # fmt: skip
    names = {
        "صورة.JPG": "jpg",
        "photo.jpg.desktop": "desktop",
        "gpj.\u202eexe": "",
        ".hidden": "",
        "a b\n": "",
        "x.ÉXE": "",
    }
    for name in names:
        (tmp_path / name).write_bytes(PNG)
    for name, extension in names.items():
        exhibit = attach(vault, record_id, tmp_path / name, kind="photo")
        assert (exhibit.original_name, exhibit.media_type) == (name, "image/png")
        assert exhibit.extension == extension or name.startswith("gpj"), name
    with (tmp_path / os.fsdecode(b"bad\xff.png")).open("wb") as stream:
        stream.write(PNG)
    assert (
        attach(vault, record_id, tmp_path / os.fsdecode(b"bad\xff.png"), kind="photo").original_name == "bad\\udcff.png"
    )


def test_a_damaged_attachment_is_found_while_reading_and_named_by_the_check(vault: Vault, record_id: str, tmp_path: Path):  # fmt: skip
    (tmp_path / "a.bin").write_bytes(os.urandom(3 << 20))
    attach(vault, record_id, tmp_path / "a.bin", kind="audio")
    (file,) = files_in(vault)
    content = bytearray(file.read_bytes())
    content[2 << 20] ^= 1
    file.write_bytes(content)
    with pytest.raises(PayloadError), open_attachment(vault, file.name) as stream:
        stream.read()
    report = check_vault(vault)
    assert [(one.layer, one.code, one.where) for one in report.findings if one.status == "fail"] == [("attachments", "attachment-damaged", file.name)]  # fmt: skip
    file.unlink()
    report = check_vault(vault)
    assert [one.code for one in report.findings if one.status == "fail"] == ["attachment-missing"]


def test_leftovers_are_swept_at_opening_or_reported_and_never_dropped_silently(tmp_path: Path):
    (tmp_path / "a.png").write_bytes(PNG)
    with make_vault(tmp_path, "field-1") as vault:
        record_id = new_draft(vault)
        attach(vault, record_id, tmp_path / "a.png", kind="photo")
        (file,) = files_in(vault)
    orphan = file.parent.parent / "00" / ("00" * 16)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"left by a crash before its row")
    (file.parent / "aa.part").write_bytes(b"unfinished")
    (tmp_path / "field-1.vault" / "outbox" / "x.part").write_bytes(b"unfinished")
    file.rename(tmp_path / "away")
    with Vault.unlock(tmp_path / "field-1.vault", passphrase()) as vault:
        notes = {note.code: note.detail for note in vault.notes}
        assert (notes["unfinished-files"], notes["files-without-row"], notes["rows-without-file"]) == ("2", "1", "1")
        assert orphan.exists()
        assert sweep(vault) == (file.name,)
        assert not orphan.exists()
        assert len(list_for(vault, record_id)) == 1


def test_a_write_that_fails_leaves_no_file_and_no_row(vault: Vault, record_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # fmt: skip
    (tmp_path / "a.bin").write_bytes(os.urandom(2 << 20))
    monkeypatch.setattr(attachment_files, "free_space", lambda _: 0)
    with pytest.raises(VaultError) as caught:
        attach(vault, record_id, tmp_path / "a.bin", kind="audio")
    assert caught.value.code == "storage-full"
    assert files_in(vault) == []


@pytest.mark.case("BU-15", "AT-11")
def test_a_safe_name_is_one_that_every_file_system_takes():
    import re

    for name in ("CON", "nul.txt", "com1.log", "a:ads", "x. ", "../../etc", "gpj\u202e.exe", "", ".", "صورة", "a" * 300, "-rf", "..a", "file_"):  # fmt: skip
        safe = safe_name(name)
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", safe), name
        assert not re.match(r"(?i)(con|nul|com\d)(\.|$)|[.-]", safe), name
        assert safe_name(safe) == safe


def test_a_kind_that_the_form_does_not_know_is_refused_before_the_file_is_read(
    vault: Vault, record_id: str, tmp_path: Path
):
    (tmp_path / "a.bin").write_bytes(b"practice")
    with pytest.raises(PolicyError) as caught:
        attach(vault, record_id, tmp_path / "a.bin", kind="painting")
    assert caught.value.reason == "exhibit-kind"
    assert list_for(vault, record_id) == ()
