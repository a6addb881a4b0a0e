"""The header beside the database, in two copies (docs/format/vault-v1.md, section 3; the slots: slots-v1.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from keys.digests import equal
from keys.errors import EnvironmentFaultError, KeysError, SlotError, WrongPassphraseError
from keys.errors import LimitError as KeysLimitError
from keys.secret import Secret
from keys.slots import Slot, SlotTable, VaultKey, header_mac, open_any, read_slots
from testimony.canonical import JsonValue, as_integer, as_list, as_object, as_text, decode, encode
from testimony.errors import CanonicalError
from vault._sqlcipher import PAGE_SIZE
from vault.errors import (
    LimitError,
    NotAVaultError,
    NotFoundError,
    SourceFileError,
    VaultDamagedError,
    VaultError,
    VaultTooNewError,
    VaultTooOldError,
)
from vault.files import facts, read_bounded, write_atomic
from vault.layout import Layout

FORMAT: Final = 1
MAX_HEADER: Final = 64 * 1024
_CIPHER: Final = "sqlcipher-4"
_MAX_SLOTS: Final = 16
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_SHORT: Final = re.compile(r"[0-9a-f]{32}")
_DATABASE: Final = re.compile(r"vault-[0-9]{4}\.db")
_PROFILE: Final = re.compile(r"real|practice")
_MEMBERS: Final = (
    "cipher", "database", "format", "generation", "log_chain", "log_size",
    "mac", "page_size", "profile", "salt", "slots", "vault",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Header:
    """What must be known before the database can be opened, and how far its log had grown when it was last closed."""

    generation: int
    vault_id: str
    profile: str
    database: str
    salt: str
    log_size: int
    log_chain: str
    slots: tuple[Mapping[str, Any], ...] = field(repr=False)

    def members(self) -> dict[str, JsonValue]:
        """The members that the code authenticates."""
        return {
            "cipher": _CIPHER,
            "database": self.database,
            "format": FORMAT,
            "generation": self.generation,
            "log_chain": self.log_chain,
            "log_size": self.log_size,
            "page_size": PAGE_SIZE,
            "profile": self.profile,
            "salt": self.salt,
            "slots": [cast("JsonValue", slot) for slot in self.slots],
            "vault": self.vault_id,
        }

    def to_bytes(self, key: VaultKey) -> bytes:
        """The file: one line of canonical JSON with its authentication code."""
        code = header_mac(key, encode(self.members())).hex()
        return encode({**self.members(), "mac": code}) + b"\n"

    def table(self) -> SlotTable:
        """The slots that may be tried."""
        return read_slots([dict(slot) for slot in self.slots], bytes.fromhex(self.vault_id))


@dataclass(frozen=True, kw_only=True)
class HeaderCopy:
    """One of the two files: its header and code, or what is wrong with it."""

    place: int
    header: Header | None
    code: bytes = b""
    fault: VaultError | None = None

    def is_of(self, key: VaultKey) -> bool:
        """Whether this copy was written by whoever holds the key, and not changed since."""
        return self.header is not None and equal(header_mac(key, encode(self.header.members())), self.code)


@dataclass(frozen=True, kw_only=True)
class OpenedHeader:
    """The vault key, the slot that gave it by its place, the header to go by, and the copies that are damaged."""

    key: VaultKey
    slot: int
    header: Header
    damaged: tuple[str, ...]


def read_copies(layout: Layout) -> tuple[HeaderCopy, HeaderCopy]:
    """Both copies, each parsed or with its fault.

    Raises:
        NotAVaultError: Neither file is there.
        VaultTooNewError: A newer release wrote the one that can be read.
    """
    first, second = (_read_copy(layout, place) for place in range(2))
    if all(isinstance(copy.fault, NotFoundError) for copy in (first, second)):
        raise NotAVaultError("no-header")
    if first.header is None and second.header is None:
        faults = sorted((first.fault, second.fault), key=lambda fault: isinstance(fault, VaultDamagedError))
        raise faults[0] or VaultDamagedError("header", "header.A")
    return first, second


def open_header(layout: Layout, passphrase: Secret) -> OpenedHeader:
    """The newest copy that its own key vouches for.  "Wrong passphrase" is decided here and nowhere else.

    Raises:
        WrongPassphraseError: No slot of either copy opens.
        VaultDamagedError: A slot opens and no copy is what its key wrote, or no copy can be read.
    """
    copies = sorted(read_copies(layout), key=lambda copy: -(copy.header.generation if copy.header else -1))
    key, slot = _open_slots(copies, passphrase)
    sound = [copy for copy in copies if copy.is_of(key)]
    damaged = tuple(layout.headers[copy.place].name for copy in copies if copy not in sound)
    if not sound or sound[0].header is None:
        key.wipe()
        raise VaultDamagedError("header-code", "header.A")
    header = sound[0].header
    return OpenedHeader(key=key, slot=_place_of(slot, header), header=header, damaged=damaged)


def write_header(layout: Layout, header: Header, key: VaultKey) -> Header:
    """The header of the next generation, put in place of the older copy."""
    newer = replace(header, generation=header.generation + 1)
    write_atomic(layout.headers[newer.generation % 2], newer.to_bytes(key))
    return newer


def write_both(layout: Layout, header: Header, key: VaultKey) -> Header:
    """The header two generations on, in both places: for changes of which no older copy may stay."""
    return write_header(layout, write_header(layout, header, key), key)


def _read_copy(layout: Layout, place: int) -> HeaderCopy:
    path = layout.headers[place]
    try:
        if facts(path) is None:
            raise NotFoundError("file", path.name)
        header, code = parse_header(read_bounded(path, MAX_HEADER), path.name)
    except (LimitError, SourceFileError) as error:
        return HeaderCopy(place=place, header=None, fault=VaultDamagedError("header", error.reason))
    except VaultError as error:
        return HeaderCopy(place=place, header=None, fault=error)
    return HeaderCopy(place=place, header=header, code=code)


def parse_header(data: bytes, where: str) -> tuple[Header, bytes]:
    """The header in a file and its authentication code, which is not checked yet.

    Raises:
        VaultDamagedError: Not the one spelling of a header.
        VaultTooNewError: A format that this release does not know.
        VaultTooOldError: A format that no release can have written.
    """
    try:
        if not data.endswith(b"\n"):
            raise VaultDamagedError("header", where)
        value = decode(data[:-1], limit=MAX_HEADER, where=where)
        _refuse_other_formats(value)
        return _header(as_object(value, where, required=_MEMBERS), where)
    except CanonicalError as error:
        raise VaultDamagedError("header", where) from error


def _refuse_other_formats(value: JsonValue) -> None:
    number = value.get("format") if isinstance(value, dict) else None
    if isinstance(number, int) and not isinstance(number, bool):
        if number > FORMAT:
            raise VaultTooNewError("format", str(number))
        if number < FORMAT:
            raise VaultTooOldError("format", str(number))


def _header(members: Mapping[str, JsonValue], where: str) -> tuple[Header, bytes]:
    if members["format"] != FORMAT or members["cipher"] != _CIPHER or members["page_size"] != PAGE_SIZE:
        raise VaultDamagedError("header", where)
    slots = as_list(members["slots"], where, limit=_MAX_SLOTS)
    header = Header(
        generation=as_integer(members["generation"], where, lowest=1),
        vault_id=as_text(members["vault"], where, pattern=_SHORT),
        profile=as_text(members["profile"], where, pattern=_PROFILE),
        database=as_text(members["database"], where, pattern=_DATABASE),
        salt=as_text(members["salt"], where, pattern=_SHORT),
        log_size=as_integer(members["log_size"], where),
        log_chain=as_text(members["log_chain"], where, pattern=_HASH),
        slots=tuple(slot for slot in slots if isinstance(slot, dict)),
    )
    if not slots or len(header.slots) != len(slots):
        raise VaultDamagedError("header", where)
    return header, bytes.fromhex(as_text(members["mac"], where, pattern=_HASH))


def _open_slots(copies: list[HeaderCopy], passphrase: Secret) -> tuple[VaultKey, Slot]:
    """The key from the newer copy's slots, or from the older one's where those differ."""
    tried: list[object] = []
    unusable: KeysError | None = None
    starved: KeysError | None = None
    for copy in copies:
        if copy.header is None or copy.header.slots in tried:
            continue
        try:
            table = _table(copy.header)
            tried.append(copy.header.slots)
            return open_any(table.slots, passphrase)
        except WrongPassphraseError:
            continue
        except EnvironmentFaultError as error:
            starved = error  # nobody vouches for a slot yet: one that asks for too much must not block the others
        except (SlotError, KeysLimitError) as error:
            unusable = error
    if starved is not None:
        raise starved
    if not tried and unusable is not None:
        raise VaultDamagedError("slots", "header") from unusable
    raise WrongPassphraseError


def _table(header: Header) -> SlotTable:
    table = header.table()
    if header.profile == "real" and any(slot.cost.is_test for slot in table.slots):
        # The cheap cost of tests in a real vault can only be an attempt to make guessing cheap.
        raise SlotError(None, "a cost for practice only")
    return table


def _place_of(slot: Slot, header: Header) -> int:
    ids = [found.get("id") for found in header.slots]
    return ids.index(slot.slot_id.hex()) if slot.slot_id.hex() in ids else 0
