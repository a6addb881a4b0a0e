"""Key slots: several passphrases, each of which alone opens the vault (docs/format/slots-v1.md)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from keys._primitives import TAG_SIZE, InvalidTag, aead_open, aead_seal
from keys.chance import random_bytes
from keys.digests import equal, hkdf_sha256, lp, sha256
from keys.errors import KeyFormatError, LimitError, SlotError, WrongPassphraseError
from keys.kdf_cost import (
    CAP,
    FLOOR,
    LEAST_READ,
    MOST_READ,
    PRACTICE_COST,
    TEST_COST,
    KdfCost,
    calibrate,
    derive,
)
from keys.secret import Secret
from keys.vault_key import VAULT_ID_SIZE, VAULT_KEY_SIZE, VaultKey, header_mac

__all__ = [
    "CAP",
    "FLOOR",
    "MAX_SLOTS",
    "PRACTICE_COST",
    "TEST_COST",
    "KdfCost",
    "Slot",
    "SlotTable",
    "VaultKey",
    "calibrate",
    "check_slot_shape",
    "header_mac",
    "make_recovery_slot",
    "make_slot",
    "open_any",
    "open_slot",
    "read_slots",
]

SlotKind = Literal["passphrase", "passphrase-and-file", "recovery"]

MAX_SLOTS: Final = 16
MAX_LABEL: Final = 64
MAX_KEY_FILE: Final = 64 * 1024
_VERSION: Final = 1
_ID_SIZE: Final = 8
_SALT_SIZE: Final = 32
_WRAPPED_SIZE: Final = VAULT_KEY_SIZE + TAG_SIZE
_KEK_LABEL: Final = b"testimony/slot/v1"
_ZERO_NONCE: Final = bytes(12)
_KINDS: Final[tuple[SlotKind, ...]] = ("passphrase", "passphrase-and-file", "recovery")
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})+")
_MEMBERS: Final = frozenset({"argon2id", "id", "kind", "label", "salt", "v", "vault", "wrapped"})
_COST_MEMBERS: Final = frozenset({"m", "p", "t"})


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The vault key, wrapped under one passphrase; valid by shape, which says nothing about its bytes."""

    slot_id: bytes
    kind: SlotKind
    label: str = field(repr=False)
    salt: bytes
    cost: KdfCost
    vault_id: bytes
    wrapped: bytes = field(repr=False)

    @classmethod
    def from_json(cls, value: object, place: int | None = None) -> "Slot":
        """The slot of a parsed JSON object.

        Raises:
            SlotError: A member is missing, surplus or breaks its rule.
            LimitError: It asks for more work than a reader may spend.
        """
        return check_slot_shape(value, place)

    def to_json(self) -> dict[str, object]:
        """The object of docs/format/slots-v1.md, section 2."""
        return {
            "argon2id": {"m": self.cost.memory_kib, "p": self.cost.lanes, "t": self.cost.passes},
            "id": self.slot_id.hex(),
            "kind": self.kind,
            "label": self.label,
            "salt": self.salt.hex(),
            "v": _VERSION,
            "vault": self.vault_id.hex(),
            "wrapped": self.wrapped.hex(),
        }

    def authenticated(self) -> bytes:
        """Everything but the wrapped key, framed: what cannot be changed without the slot failing."""
        cost = (self.cost.memory_kib, self.cost.passes, self.cost.lanes)
        return _KEK_LABEL + lp(
            self.slot_id,
            self.kind.encode("ascii"),
            self.label.encode("utf-8"),
            self.salt,
            *(number.to_bytes(4, "big") for number in cost),
            self.vault_id,
        )


@dataclass(frozen=True, kw_only=True)
class SlotTable:
    """The slots that may be tried, and what was wrong with the others: one bad slot does not block the rest."""

    slots: tuple[Slot, ...]
    refused: tuple[SlotError | LimitError, ...]


def make_slot(
    vault_key: VaultKey, passphrase: Secret, *, cost: KdfCost, label: str, key_file: bytes | None = None
) -> Slot:
    """A new slot; `passphrase` is normalised already.

    Raises:
        KeyFormatError: The label, the cost or the key file breaks a rule.
        EnvironmentFaultError: The machine does not give the memory.
    """
    kind: SlotKind = "passphrase" if key_file is None else "passphrase-and-file"
    return _wrapped(vault_key, passphrase, _blank(vault_key, kind, cost, label), key_file)


def make_recovery_slot(vault_key: VaultKey, recovery: Secret, *, cost: KdfCost, label: str) -> Slot:
    """A new slot for a recovery secret, which is kept in shares and never typed as a passphrase.

    Raises:
        KeyFormatError: The label or the cost breaks a rule.
        EnvironmentFaultError: The machine does not give the memory.
    """
    return _wrapped(vault_key, recovery, _blank(vault_key, "recovery", cost, label), None)


def open_slot(slot: Slot, passphrase: Secret, key_file: bytes | None = None) -> VaultKey:
    """The vault key.

    Raises:
        WrongPassphraseError: The passphrase is wrong, or the slot was changed: nobody can tell which.
        EnvironmentFaultError: The machine does not give the memory.
    """
    try:
        opened = aead_open(_kek(slot, passphrase, key_file), _ZERO_NONCE, slot.wrapped, slot.authenticated())
    except InvalidTag:
        raise WrongPassphraseError from None
    vault_key = VaultKey(Secret(opened))
    # ChaCha20-Poly1305 does not commit to its key: the id does (formats.md, section 6).
    if not equal(vault_key.vault_id, slot.vault_id):
        raise WrongPassphraseError
    return vault_key


def open_any(slots: Sequence[Slot], passphrase: Secret, key_file: bytes | None = None) -> tuple[VaultKey, Slot]:
    """The vault key and the slot that gave it.

    Where none opens, every slot of the fitting kind was tried, and at least one derivation was made. Recovery
    slots are not among them: their secret is put together from shares and goes to `open_slot`.

    Raises:
        WrongPassphraseError: No slot opens, for whatever reason.
        EnvironmentFaultError: The machine does not give the memory.
    """
    kind = "passphrase" if key_file is None else "passphrase-and-file"
    fitting = [slot for slot in slots if slot.kind == kind]
    for slot in fitting:
        try:
            return open_slot(slot, passphrase, key_file), slot
        except WrongPassphraseError:
            continue
    if not fitting:
        derive(passphrase, bytes(_SALT_SIZE), slots[0].cost if slots else FLOOR).wipe()
    raise WrongPassphraseError


def read_slots(value: object, vault_id: bytes | None = None) -> SlotTable:
    """The slots of a header, in their order; shape only, no derivation is made.

    A slot that breaks a rule, repeats an id or belongs to another vault stands under `refused`.

    Raises:
        SlotError: Not a list, or an empty one, or none of its slots is usable.
        LimitError: More than 16 slots.
    """
    if not isinstance(value, list) or not value:
        raise SlotError(None, "a list with at least one slot is expected")
    if len(value) > MAX_SLOTS:
        raise LimitError("key slots", MAX_SLOTS)
    slots: list[Slot] = []
    refused: list[SlotError | LimitError] = []
    for place, item in enumerate(value):
        try:
            slots.append(_check_place(check_slot_shape(item, place), slots, vault_id, place))
        except (SlotError, LimitError) as error:
            refused.append(error)
    if not slots:
        raise refused[0]
    return SlotTable(slots=tuple(slots), refused=tuple(refused))


def check_slot_shape(value: object, place: int | None = None) -> Slot:
    """The slot, when every member keeps its rule; before any derivation is made.

    Raises:
        SlotError: A member is missing, surplus or breaks its rule.
        LimitError: It asks for more work than a reader may spend.
    """
    if not isinstance(value, Mapping) or set(value) != _MEMBERS:
        raise SlotError(place, "not an object with the eight members of a slot")
    if value["v"] is True or value["v"] != _VERSION or not isinstance(value["v"], int):
        raise SlotError(place, "an unknown version")
    kind = next((known for known in _KINDS if known == value["kind"]), None)
    if kind is None or not isinstance(value["label"], str) or not _is_label(value["label"]):
        raise SlotError(place, "an unknown kind or a malformed label")
    return Slot(
        slot_id=_octets(value["id"], _ID_SIZE, place),
        kind=kind,
        label=value["label"],
        salt=_octets(value["salt"], _SALT_SIZE, place),
        cost=_read_cost(value["argon2id"], place),
        vault_id=_octets(value["vault"], VAULT_ID_SIZE, place),
        wrapped=_octets(value["wrapped"], _WRAPPED_SIZE, place),
    )


def _check_place(slot: Slot, before: Sequence[Slot], vault_id: bytes | None, place: int) -> Slot:
    if any(slot.slot_id == other.slot_id for other in before):
        raise SlotError(place, "the id of a slot before it")
    if vault_id is not None and slot.vault_id != vault_id:
        raise SlotError(place, "a slot of another vault")
    return slot


def _read_cost(value: object, place: int | None) -> KdfCost:
    if not isinstance(value, Mapping) or set(value) != _COST_MEMBERS:
        raise SlotError(place, "an unknown derivation")
    memory, passes, lanes = value["m"], value["t"], value["p"]
    if not all(type(number) is int and number > 0 for number in (memory, passes, lanes)):
        raise SlotError(place, "a cost that is not a positive whole number")
    cost = KdfCost(memory_kib=memory, passes=passes, lanes=lanes)
    if memory > MOST_READ.memory_kib or passes > MOST_READ.passes or lanes > MOST_READ.lanes:
        raise LimitError("the cost of a key slot, in KiB of memory,", MOST_READ.memory_kib)
    if not cost.is_test and (memory < LEAST_READ.memory_kib or passes < LEAST_READ.passes):
        raise SlotError(place, "a cost below the least that is allowed")
    return cost


def _octets(value: object, size: int, place: int | None) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * size or not _HEX.fullmatch(value):
        raise SlotError(place, "a member that is not lower-case hex of the right length")
    return bytes.fromhex(value)


def _is_label(label: str) -> bool:
    return len(label) <= MAX_LABEL and label.isprintable()


def _blank(vault_key: VaultKey, kind: SlotKind, cost: KdfCost, label: str) -> Slot:
    """A slot with everything but the wrapped key."""
    if not _is_label(label):
        raise KeyFormatError("slot label", "at most 64 visible characters are expected")
    if not cost.is_test and (cost.memory_kib < FLOOR.memory_kib or cost.passes < FLOOR.passes):
        raise KeyFormatError("slot cost", "below the least for a new slot")
    return Slot(
        slot_id=random_bytes(_ID_SIZE),
        kind=kind,
        label=label,
        salt=random_bytes(_SALT_SIZE),
        cost=cost,
        vault_id=vault_key.vault_id,
        wrapped=bytes(_WRAPPED_SIZE),
    )


def _wrapped(vault_key: VaultKey, passphrase: Secret, slot: Slot, key_file: bytes | None) -> Slot:
    if key_file is not None and not 0 < len(key_file) <= MAX_KEY_FILE:
        raise KeyFormatError("key file", "between 1 byte and 64 KiB are expected")
    kek = _kek(slot, passphrase, key_file)
    # A zero nonce is safe: the salt is fresh, so this key seals this one message only.
    return replace(slot, wrapped=aead_seal(kek, _ZERO_NONCE, vault_key.secret().reveal(), slot.authenticated()))


def _kek(slot: Slot, passphrase: Secret, key_file: bytes | None) -> bytes:
    tag = derive(passphrase, slot.salt, slot.cost)
    file_digest = sha256(key_file) if key_file is not None else b""
    kek = hkdf_sha256(lp(tag.reveal(), file_digest), _KEK_LABEL, salt=slot.salt)
    tag.wipe()
    return kek
