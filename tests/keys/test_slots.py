"""Key slots: every passphrase opens, nothing else does, and nothing is derived before the shape is right."""

import itertools
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import kdf_cost
from keys._primitives import aead_seal
from keys.chance import random_secret
from keys.errors import (
    KeyFormatError,
    KeysError,
    LimitError,
    SlotError,
    WipedSecretError,
    WrongPassphraseError,
)
from keys.passphrase import normalise
from keys.secret import Secret
from keys.slots import (
    FLOOR,
    MAX_SLOTS,
    PRACTICE_COST,
    TEST_COST,
    KdfCost,
    Slot,
    VaultKey,
    _kek,
    header_mac,
    make_recovery_slot,
    make_slot,
    open_any,
    open_slot,
    read_slots,
)

KEY = VaultKey(Secret(bytes(range(32))))
OTHER_KEY = VaultKey(Secret(bytes(32)))
FIRST, SECOND, WRONG = (normalise(f"practice passphrase {name}") for name in ("one", "two", "three"))
SLOT = make_slot(KEY, FIRST, cost=TEST_COST, label="أول")
SECOND_SLOT = make_slot(KEY, SECOND, cost=TEST_COST, label="second")
GOOD = SLOT.to_json()


def changed(**members: Any) -> dict[str, object]:
    return {**GOOD, **members}


def cost(**members: Any) -> dict[str, object]:
    return changed(argon2id={"m": 262144, "p": 4, "t": 3, **members})


@pytest.fixture
def derivations(monkeypatch: pytest.MonkeyPatch) -> list[KdfCost]:
    """Counts what reaches Argon2; the real work is still done."""
    seen: list[KdfCost] = []
    real = kdf_cost.argon2id

    def counted(passphrase: Secret, salt: bytes, *, memory_kib: int, passes: int, lanes: int) -> Secret:
        seen.append(KdfCost(memory_kib=memory_kib, passes=passes, lanes=lanes))
        return real(passphrase, salt, memory_kib=memory_kib, passes=passes, lanes=lanes)

    monkeypatch.setattr(kdf_cost, "argon2id", counted)
    return seen


def test_each_passphrase_opens_its_slot_and_gives_the_same_key() -> None:
    for passphrase, slot in ((FIRST, SLOT), (SECOND, SECOND_SLOT)):
        opened, found = open_any([SLOT, SECOND_SLOT], passphrase)
        assert (opened.secret(), found) == (KEY.secret(), slot)


def test_a_slot_survives_being_written_as_json() -> None:
    assert Slot.from_json(json.loads(json.dumps(GOOD))) == SLOT
    assert read_slots([GOOD], KEY.vault_id).slots == (SLOT,)


def test_a_key_file_is_needed_where_one_was_used() -> None:
    slot = make_slot(KEY, FIRST, cost=TEST_COST, label="", key_file=b"practice file")
    assert slot.kind == "passphrase-and-file"
    assert open_slot(slot, FIRST, b"practice file").secret() == KEY.secret()
    assert open_any([SLOT, slot], FIRST, b"practice file")[1] == slot
    for wrong in (None, b"", b"practice file\n"):
        with pytest.raises(WrongPassphraseError):
            open_slot(slot, FIRST, wrong)
    with pytest.raises(WrongPassphraseError):
        open_slot(SLOT, FIRST, b"practice file")


@pytest.mark.parametrize("key_file", [b"", bytes(64 * 1024 + 1)])
def test_a_key_file_of_another_size_is_refused(key_file: bytes) -> None:
    with pytest.raises(KeyFormatError):
        make_slot(KEY, FIRST, cost=TEST_COST, label="", key_file=key_file)


def test_a_recovery_secret_opens_its_own_slot_and_is_not_tried_as_a_passphrase() -> None:
    recovery = random_secret(32)
    slot = make_recovery_slot(KEY, recovery, cost=TEST_COST, label="shares")
    assert open_slot(slot, recovery).secret() == KEY.secret()
    with pytest.raises(WrongPassphraseError):
        open_any([SLOT, slot], recovery)


@pytest.mark.case("PW-16")
def test_every_failure_reads_the_same_and_costs_the_same(derivations: list[KdfCost]) -> None:
    damaged = Slot.from_json(changed(wrapped="00" * 48))
    messages, work = set(), set()
    for slots, passphrase in (
        ([SLOT, SECOND_SLOT], WRONG),
        ([damaged, SECOND_SLOT], FIRST),
        ([damaged, SECOND_SLOT], WRONG),
    ):
        derivations.clear()
        with pytest.raises(WrongPassphraseError) as caught:
            open_any(slots, passphrase)
        messages.add((str(caught.value), caught.value.code, caught.value.__cause__))
        work.add(tuple(derivations))
    assert len(messages) == 1
    assert work == {(TEST_COST, TEST_COST)}


@pytest.mark.case("PW-16")
def test_a_vault_without_a_fitting_slot_makes_the_caller_wait_too(derivations: list[KdfCost]) -> None:
    with pytest.raises(WrongPassphraseError):
        open_any([SLOT], FIRST, key_file=b"practice file")
    assert derivations == [TEST_COST]


@pytest.mark.case("PW-16")
def test_no_wrong_passphrase_is_accepted() -> None:
    for number in range(200):
        with pytest.raises(WrongPassphraseError):
            open_any([SLOT], normalise(f"wrong {number}"))


@pytest.mark.case("PW-16")
def test_a_damaged_slot_does_not_block_the_others() -> None:
    damaged = Slot.from_json(changed(wrapped="00" * 48))
    assert open_any([damaged, SECOND_SLOT], SECOND)[0].secret() == KEY.secret()


@pytest.mark.case("VF-09")
@pytest.mark.parametrize(
    "members",
    [
        {"argon2id": {"m": 65536, "p": 1, "t": 3}},
        {"id": "00" * 8},
        {"kind": "recovery"},
        {"label": "another"},
        {"salt": "00" * 32},
        {"vault": OTHER_KEY.vault_id.hex()},
        {"wrapped": SECOND_SLOT.wrapped.hex()},
    ],
    ids=lambda members: next(iter(members)),
)
def test_no_member_of_a_slot_can_be_changed(members: dict[str, object]) -> None:
    with pytest.raises(WrongPassphraseError):
        open_slot(Slot.from_json(changed(**members)), FIRST)


@pytest.mark.case("VF-09")
def test_every_changed_bit_of_the_wrapped_key_is_refused() -> None:
    for place in range(48):
        wrapped = bytearray(SLOT.wrapped)
        wrapped[place] ^= 1 << place % 8
        with pytest.raises(WrongPassphraseError):
            open_slot(Slot.from_json(changed(wrapped=wrapped.hex())), FIRST)


@pytest.mark.case("VF-09")
@pytest.mark.parametrize("members", [{"m": 65535}, {"t": 2}, {"m": 8192}, {"m": 8192, "t": 1, "p": 2}])
def test_a_cost_below_the_least_is_refused_before_any_derivation(
    members: dict[str, int], derivations: list[KdfCost]
) -> None:
    with pytest.raises(SlotError):
        Slot.from_json(cost(**members))
    assert derivations == []


SHAPES: dict[str, tuple[Any, type[KeysError]]] = {
    "not an object": ([], SlotError),
    "a text": ("slot", SlotError),
    "a member missing": ({name: value for name, value in GOOD.items() if name != "salt"}, SlotError),
    "a member too many": (changed(note=""), SlotError),
    "version 0": (changed(v=0), SlotError),
    "version 2": (changed(v=2), SlotError),
    "version true": (changed(v=True), SlotError),
    "version 1.0": (changed(v=1.0), SlotError),
    "an unknown kind": (changed(kind="escrow"), SlotError),
    "a kind that is no text": (changed(kind=["passphrase"]), SlotError),
    "a label that is no text": (changed(label=None), SlotError),
    "a long label": (changed(label="x" * 65), SlotError),
    "a label with an escape": (changed(label="\x1b[2J"), SlotError),
    "a label that turns the line": (changed(label="\u202ex"), SlotError),
    "a label with a surrogate": (changed(label="\ud800"), SlotError),
    "no salt": (changed(salt=""), SlotError),
    "a salt of 15 bytes": (changed(salt="00" * 15), SlotError),
    "a salt of 1,000 bytes": (changed(salt="00" * 1000), SlotError),
    "a salt in capitals": (changed(salt="AB" * 32), SlotError),
    "a salt that is no text": (changed(salt=0), SlotError),
    "a salt of other digits": (changed(salt="٠٠" * 32), SlotError),
    "a short id": (changed(id="00"), SlotError),
    "a short wrapped key": (changed(wrapped="00" * 47), SlotError),
    "a long vault id": (changed(vault="00" * 17), SlotError),
    "an unknown derivation": (changed(argon2id={"n": 1}), SlotError),
    "a derivation that is no object": (changed(argon2id=None), SlotError),
    "another member in the derivation": (cost(v=19), SlotError),
    "m = 0": (cost(m=0), SlotError),
    "t = 0": (cost(t=0), SlotError),
    "p = 0": (cost(p=0), SlotError),
    "m = -1": (cost(m=-1), SlotError),
    "m = true": (cost(m=True), SlotError),
    "m = 262144.0": (cost(m=262144.0), SlotError),
    "m as text": (cost(m="262144"), SlotError),
    "m = 2^32 KiB": (cost(m=2**32), LimitError),
    "m = 10^30": (cost(m=10**30), LimitError),
    "m just above 2 GiB": (cost(m=2 * 1024 * 1024 + 1), LimitError),
    "p = 2^24": (cost(p=2**24), LimitError),
    "t = 2^31": (cost(t=2**31), LimitError),
}


@pytest.mark.case("VF-08")
@pytest.mark.parametrize(("value", "expected"), SHAPES.values(), ids=SHAPES.keys())
def test_a_malformed_slot_is_refused_before_any_derivation(
    value: Any, expected: type[KeysError], derivations: list[KdfCost]
) -> None:
    with pytest.raises(expected):
        Slot.from_json(value, 3)
    table = read_slots([value, GOOD], KEY.vault_id)
    assert (table.slots, [type(error) for error in table.refused]) == ((SLOT,), [expected])
    assert derivations == []


@pytest.mark.case("VF-08")
@pytest.mark.parametrize("value", [None, {}, [], "[]", 0, [None], [changed(v=2)] * 3])
def test_a_list_without_a_usable_slot_is_refused(value: Any) -> None:
    with pytest.raises(SlotError):
        read_slots(value)


@pytest.mark.case("VF-08")
def test_a_thousand_slots_are_refused_by_their_number() -> None:
    with pytest.raises(LimitError):
        read_slots([GOOD] * 1000)
    assert len(read_slots([changed(id=f"{number:016x}") for number in range(MAX_SLOTS)]).slots) == MAX_SLOTS


@pytest.mark.case("VF-08")
def test_a_repeated_id_and_a_slot_of_another_vault_are_set_aside() -> None:
    foreign = make_slot(OTHER_KEY, FIRST, cost=TEST_COST, label="").to_json()
    table = read_slots([GOOD, GOOD, foreign, SECOND_SLOT.to_json()], KEY.vault_id)
    assert table.slots == (SLOT, SECOND_SLOT)
    assert [error.slot for error in table.refused if isinstance(error, SlotError)] == [1, 2]


@pytest.mark.case("VF-08")
def test_slots_open_in_any_order() -> None:
    for order in itertools.permutations([SLOT, SECOND_SLOT]):
        assert open_any(order, FIRST)[0].secret() == KEY.secret()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(GOOD)), inner, max_size=8),
        max_leaves=20,
    )
)
def test_any_json_ends_in_a_slot_or_in_our_own_error(value: Any) -> None:
    with pytest.raises(KeysError):
        Slot.from_json(value)


def test_new_slots_are_not_cheaper_than_the_floor_and_their_labels_are_visible() -> None:
    cheap = KdfCost(memory_kib=128 * 1024, passes=3, lanes=4)
    for members in (
        {"cost": cheap, "label": ""},
        {"cost": TEST_COST, "label": "\n"},
        {"cost": TEST_COST, "label": "x" * 65},
    ):
        with pytest.raises(KeyFormatError):
            make_slot(KEY, FIRST, **members)  # type: ignore[arg-type]
    assert TEST_COST.is_test
    assert not PRACTICE_COST.is_test
    assert PRACTICE_COST == FLOOR


def test_a_slot_at_the_floor_really_opens() -> None:
    slot = make_slot(KEY, FIRST, cost=FLOOR, label="floor")
    assert open_slot(Slot.from_json(slot.to_json()), FIRST).secret() == KEY.secret()


def test_each_purpose_has_its_own_key_and_the_vault_id_says_nothing_of_them() -> None:
    purposes = ("sqlcipher", "sqlcipher-salt", "attachments", "header-mac", "log-head", "blind-index")
    keys = {KEY.subkey(purpose).reveal() for purpose in purposes}
    assert len(keys | {KEY.secret().reveal(), KEY.vault_id}) == 8
    assert len(KEY.subkey("sqlcipher-salt", 16)) == 16
    assert KEY.subkey("sqlcipher") != OTHER_KEY.subkey("sqlcipher")


def test_the_vault_key_and_its_subkeys_are_those_of_the_format_page() -> None:
    assert KEY.vault_id.hex() == "54f03c4e14d747b6d756e1d4f8be324a"
    assert KEY.subkey("sqlcipher").reveal().hex() == "ce134c5437b2750412c999156ea0e824179047e22202bbaa48b0d636ef1e49ea"


def test_the_code_of_a_header_depends_on_key_and_body() -> None:
    codes = {header_mac(KEY, b"body"), header_mac(KEY, b"bodx"), header_mac(OTHER_KEY, b"body")}
    assert len(codes) == 3
    assert header_mac(KEY, b"body") in codes


def test_a_vault_key_does_not_print_and_can_be_wiped() -> None:
    key = VaultKey.generate()
    assert key.secret().reveal().hex() not in repr(key)
    key.wipe()
    with pytest.raises(WipedSecretError):
        key.subkey("sqlcipher")
    with pytest.raises(KeyFormatError):
        VaultKey(Secret(bytes(31)))


@pytest.mark.case("VF-09")
def test_a_slot_that_opens_to_the_key_of_another_vault_is_refused() -> None:
    forged = aead_seal(_kek(SLOT, FIRST, None), bytes(12), OTHER_KEY.secret().reveal(), SLOT.authenticated())
    with pytest.raises(WrongPassphraseError):
        open_slot(replace(SLOT, wrapped=forged), FIRST)
