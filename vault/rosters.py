"""Rosters: the one this vault writes as an organisation, and those it took from organisations whose card it compared.

The highest number of each organisation is in force.  The first roster that lists this device says whom it works for,
and no other organisation can say so afterwards.
"""

from dataclasses import dataclass
from typing import Final

from keys.digests import sha256
from keys.digits import ungrouped
from testimony.card import Card, parse_card
from testimony.custody.moments import wall_text
from testimony.errors import RosterError, TestimonyError
from testimony.roster import Person, Roster, parse_roster
from testimony.roster_source import roster_from
from testimony.validity import device_of, revocation_of, staff_of
from vault._sqlcipher import Row
from vault.contacts import contact_by_fingerprint
from vault.custody import append
from vault.errors import AlreadyImportedError, PolicyError, VaultDamagedError
from vault.store import Transaction, Vault

_MAX_ROSTERS: Final = 1_000
_IN_FORCE: Final = (
    "SELECT number, own, overruled, card, content FROM rosters AS r"
    " WHERE number = (SELECT max(number) FROM rosters WHERE organisation = r.organisation)"
    " ORDER BY organisation LIMIT ?"
)


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A roster that was accepted: its organisation's card, whether this device works for it, and what was overruled."""

    roster: Roster
    card: Card
    own: bool
    overruled: str

    @property
    def name(self) -> str:
        """Organisation and number, as entries and screens name it."""
        return f"{self.card.code}/{self.roster.number}"


def write_roster(vault: Vault, source: bytes) -> bytes:
    """The signed roster that a JSON file describes; this vault is its organisation and accepts it at once.

    Raises:
        CanonicalError: The file is no JSON that may be read, or has another member.
        RosterError: It breaks a rule of the page.
        PolicyError: Its number is not above the last one ("roster-number").
    """
    card = vault.card()
    data = roster_from(source, parse_card(card)).to_text(vault.identity)
    with vault.transaction() as tx:
        _accept(tx, vault, data, card)
    return data


def accept_roster(vault: Vault, data: bytes) -> Accepted:
    """The roster in a file, now in force.

    Raises:
        RosterError: Malformed, or not signed by its organisation.
        PolicyError: Of an organisation whose card was never compared ("roster-unknown"), of the other profile, with a
            number not above the last one ("roster-number"), or about a device that another organisation's roster
            lists ("roster-other-organisation").
        AlreadyImportedError: This very roster is in force.
    """
    signed = parse_roster(data)
    with vault.transaction() as tx:
        return _accept(tx, vault, data, _card_of(tx, vault, signed.fingerprint, signed.organisation))


def rosters_in_force(vault: Vault) -> tuple[Accepted, ...]:
    """The newest roster of each organisation, by its digits.

    Raises:
        VaultDamagedError: What is stored is no roster of its organisation.
    """
    return tuple(map(_accepted, vault.read(_IN_FORCE, (_MAX_ROSTERS,))))


def governing(vault: Vault) -> Accepted | None:
    """The roster of the organisation that this device works for, or None where it was never listed by one."""
    return next((one for one in rosters_in_force(vault) if one.own), None)


def listing(vault: Vault, fingerprint: str) -> Accepted | None:
    """The roster in force that lists the device with these forty digits, or None."""
    return next((one for one in rosters_in_force(vault) if device_of(one.roster, fingerprint)), None)


def _card_of(tx: Transaction, vault: Vault, fingerprint: str, code: str) -> bytes:
    """The organisation's card: the one of its first roster, or for a first one that of a contact that was compared."""
    row = tx.one("SELECT card FROM rosters WHERE organisation = ? LIMIT 1", (ungrouped(fingerprint),))
    if row is not None:
        return bytes(row[0])
    organisation = contact_by_fingerprint(vault, fingerprint)
    if organisation is None or organisation.vouched_by:
        raise PolicyError("roster-unknown", code)
    return organisation.card_bytes


def _accept(tx: Transaction, vault: Vault, data: bytes, card_bytes: bytes) -> Accepted:
    card = parse_card(card_bytes)
    roster = parse_roster(data).check(card.public)
    before = next((one for one in rosters_in_force(vault) if one.card.public == card.public), None)
    _refuse_unfit(vault, roster, card)
    if before is not None and before.roster == roster:
        raise AlreadyImportedError("roster", card.code)
    if before is not None and before.roster.number >= roster.number:
        raise PolicyError("roster-number", card.code)
    own = _is_own(vault, roster, before)
    _refuse_devices_of_others(vault, roster, own=own)
    tx.execute(
        "INSERT INTO rosters (organisation, number, own, accepted_at, overruled, card, content)"
        " VALUES (?, ?, ?, ?, '', ?, ?)",
        (
            ungrouped(roster.fingerprint),
            roster.number,
            int(own),
            wall_text(vault.clock.now().wall),
            card_bytes,
            data,
        ),
    )
    details: dict[str, str | int] = {"number": roster.number, "digest": sha256(data).hex()}
    append(tx, vault, "roster.accept", card.code, details)
    _log_staff(tx, vault, None if before is None else before.roster, roster)
    return Accepted(roster=roster, card=card, own=own, overruled="")


def _refuse_unfit(vault: Vault, roster: Roster, card: Card) -> None:
    if roster.organisation != card.code:
        raise RosterError("roster-signer", card.code)
    if roster.practice != vault.practice:
        raise PolicyError("practice-mismatch", card.code)


def _is_own(vault: Vault, roster: Roster, before: Accepted | None) -> bool:
    """Whether this device works for the organisation: it was listed by it before, or is listed here first."""
    listed = device_of(roster, vault.identity.public.fingerprint) is not None
    return listed or (before is not None and before.own)


def _refuse_devices_of_others(vault: Vault, roster: Roster, *, own: bool) -> None:
    """No organisation speaks about a device of another one: it could take it back."""
    fingerprints = {one.fingerprint for one in roster.devices}
    for other in rosters_in_force(vault):
        if other.roster.fingerprint == roster.fingerprint:
            continue
        theirs = {one.fingerprint for one in other.roster.devices}
        if fingerprints & theirs or (own and other.own):
            raise PolicyError("roster-other-organisation", other.card.code)


def _log_staff(tx: Transaction, vault: Vault, before: Roster | None, after: Roster) -> None:
    """One entry for each device that somebody works on now, or does not any more, since the number before."""
    old, new = {} if before is None else staff_of(before), staff_of(after)
    for fingerprint in sorted(old.keys() | new.keys()):
        was, now = old.get(fingerprint), new.get(fingerprint)
        if was == now:
            continue
        if was is not None:
            gone: dict[str, str | int] = {
                "fingerprint": ungrouped(fingerprint),
                "staff": was.code,
                "reason": _reason(after, fingerprint),
            }
            append(tx, vault, "staff.disable", was.code, gone)
        if now is not None:
            append(tx, vault, "staff.add", now.code, _added(fingerprint, now))


def _reason(roster: Roster, fingerprint: str) -> str:
    revoked = revocation_of(roster, fingerprint)
    if revoked is not None:
        return revoked.reason
    return "unlisted" if device_of(roster, fingerprint) is None else "roles"


def _added(fingerprint: str, person: Person) -> dict[str, str | int]:
    return {"fingerprint": ungrouped(fingerprint), "staff": person.code, "role": "+".join(person.roles)}


def _accepted(row: Row) -> Accepted:
    number, own, overruled, card_bytes, content = row
    try:
        card = parse_card(card_bytes)
        roster = parse_roster(content).check(card.public)
    except TestimonyError as error:
        raise VaultDamagedError("content", f"roster {number}") from error
    return Accepted(roster=roster, card=card, own=bool(own), overruled=overruled)
