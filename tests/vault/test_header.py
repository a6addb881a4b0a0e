"""The header: two copies, one authority, and no way to make a damaged file look like a wrong passphrase."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from practice_vaults import make_vault, passphrase

from keys.errors import WrongPassphraseError
from keys.passphrase import normalise
from vault.errors import VaultDamagedError, VaultError, VaultTooNewError, VaultTooOldError
from vault.header import open_header, parse_header, read_copies, write_both
from vault.layout import Layout
from vault.store import Vault


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    make_vault(tmp_path, "field-1").lock()
    return Layout(folder=tmp_path / "field-1.vault")


def test_each_lock_writes_the_older_copy_and_leaves_the_newer_one_alone(layout: Layout):
    def generations() -> list[int]:
        return [copy.header.generation for copy in read_copies(layout) if copy.header is not None]

    first = generations()
    Vault.unlock(layout.folder, passphrase()).lock()
    second = generations()
    assert max(second) == max(first) + 1
    assert min(second) == max(first)


@pytest.mark.case("VF-01")
def test_every_flipped_bit_of_one_copy_is_found_and_the_other_copy_opens_the_vault(layout: Layout):
    newest = max(read_copies(layout), key=lambda copy: copy.header.generation if copy.header else 0)
    path = layout.headers[newest.place]
    original = path.read_bytes()
    for place in range(0, 8 * len(original), 41):
        broken = bytearray(original)
        broken[place // 8] ^= 1 << place % 8
        path.write_bytes(broken)
        assert open_header(layout, passphrase()).damaged == (path.name,), place
    path.write_bytes(original)
    assert open_header(layout, passphrase()).damaged == ()


def test_a_damaged_copy_is_reported_at_opening_and_healed_by_the_next_lock(layout: Layout):
    layout.headers[0].write_bytes(b"")
    with Vault.unlock(layout.folder, passphrase()) as vault:
        assert ("header-damaged", "header.A") in [(note.code, note.detail) for note in vault.notes]
    layout_notes = []
    for _ in range(2):
        with Vault.unlock(layout.folder, passphrase()) as vault:
            layout_notes.append([note.code for note in vault.notes])
    assert layout_notes[-1] == []


def test_when_both_copies_are_damaged_the_vault_is_damaged_and_not_the_passphrase_wrong(layout: Layout):
    for path in layout.headers:
        path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(VaultDamagedError):
        open_header(layout, passphrase())


def test_copies_whose_code_does_not_match_are_damage_although_the_passphrase_is_right(layout: Layout):
    for path in layout.headers:
        path.write_bytes(re.sub(rb'"log_size":\d', b'"log_size":9', path.read_bytes()))
    with pytest.raises(VaultDamagedError) as caught:
        open_header(layout, passphrase())
    assert caught.value.reason == "header-code"


@pytest.mark.case("PW-16")
def test_wrong_passphrases_are_all_refused_alike_whatever_is_damaged(layout: Layout):
    messages = set()
    for number in range(20):
        with pytest.raises(WrongPassphraseError) as caught:
            open_header(layout, normalise(f"wrong passphrase number {number}"))
        messages.add(str(caught.value))
    layout.headers[0].write_bytes(layout.headers[0].read_bytes().replace(b'"wrapped":"', b'"wrapped":"00')[:-3] + b"\n")
    with pytest.raises(WrongPassphraseError) as caught:
        open_header(layout, normalise("wrong passphrase"))
    assert messages == {str(caught.value)}


@pytest.mark.case("VF-08")
def test_one_slot_that_cannot_be_used_does_not_block_another(layout: Layout):
    opened = open_header(layout, passphrase())
    strange = {**opened.header.slots[0], "kind": "of-a-later-release", "id": "00" * 8}
    write_both(
        layout, type(opened.header)(**{**vars(opened.header), "slots": (strange, *opened.header.slots)}), opened.key
    )
    again = open_header(layout, passphrase())
    assert again.slot == 1
    assert again.header.slots[0] == strange, "what this release cannot read is kept for the one that can"


def _edit(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda members: {**members, **changes}


def _slot(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda members: {**members, "slots": [{**members["slots"][0], **changes}]}


@pytest.mark.case("VF-08")
@pytest.mark.parametrize(
    "edit",
    [
        _edit(slots=[]),
        _edit(slots="x"),
        _edit(slots=[1]),
        _slot(argon2id={"m": 2**32, "p": 1, "t": 1}),
        _slot(argon2id={"m": 8192, "p": 1, "t": 0}),
        _slot(argon2id={"m": 8192, "p": 2**24, "t": 1}),
        _slot(argon2id={"m": 0, "p": 1, "t": 1}),
        _slot(salt=""),
        _slot(salt="00" * 15),
        _slot(salt="00" * 1000),
        _slot(vault="00" * 16),
        _slot(kind="other"),
        lambda members: {**members, "slots": [members["slots"][0]] * 1000},
        _edit(generation=0),
        _edit(generation=-1),
        _edit(log_size=2**60),
        _edit(database="../elsewhere.db"),
        _edit(database="file:x?mode=memory"),
        _edit(cipher="none"),
        _edit(page_size=512),
        _edit(profile="test"),
        _edit(extra=1),
        lambda members: {name: value for name, value in members.items() if name != "salt"},
    ],
)
def test_a_header_that_breaks_a_rule_is_damage_before_any_derivation(layout: Layout, edit: Callable[[Any], Any]):
    for path in layout.headers:
        changed = json.dumps(edit(json.loads(path.read_bytes())), sort_keys=True, separators=(",", ":"))
        path.write_bytes(changed.encode() + b"\n")
    with pytest.raises(VaultDamagedError):
        open_header(layout, passphrase())


@pytest.mark.case("VF-08")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b" " + data,
        lambda data: data + b"\n",
        lambda data: data + b"x",
        lambda data: data[:-1],
        lambda data: data.replace(b'"format"', b'"format" ', 1),
        lambda data: b'{"format":1,' + data[1:],
        lambda data: b"\xef\xbb\xbf" + data,
        lambda _: b"\xff" * 100,
        lambda _: b"[" * 100_000,
        lambda _: b"",
        lambda data: data * 200,
    ],
)
def test_another_spelling_of_the_same_header_is_damage(layout: Layout, spoil: Callable[[bytes], bytes]):
    for path in layout.headers:
        path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(VaultDamagedError):
        open_header(layout, passphrase())


@pytest.mark.case("VF-10")
@pytest.mark.parametrize(
    ("number", "refusal"), [(0, VaultTooOldError), (2, VaultTooNewError), (2**32, VaultTooNewError)]
)
def test_another_format_number_is_named_old_or_new(layout: Layout, number: int, refusal: type[VaultError]):
    for path in layout.headers:
        path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":%d' % number))
    with pytest.raises(refusal):
        open_header(layout, passphrase())


def test_the_header_on_the_disk_is_one_line_that_says_nothing_about_people(layout: Layout):
    data = layout.headers[0].read_bytes()
    assert data.count(b"\n") == 1
    header, code = parse_header(data, "header.A")
    assert (len(code), header.database) == (32, "vault-0001.db")
    assert b"field-1" not in data
