"""What a roster says about a device: whether it may write now, whose it is, how much of its log is believed."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from testimony.custody.checkpoint import Checkpoint
from testimony.custody.growth import SeenHead, is_proved_beginning
from testimony.roster import Device, Person, Revocation, Role, Roster, Window


class Validity(StrEnum):
    """Whether a device may write at a time, and why not."""

    GOOD = "good"
    UNLISTED = "unlisted"
    REVOKED = "revoked"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"


def validity_of(roster: Roster, fingerprint: str, at: datetime) -> Validity:
    """Whether the device may seal and finish at this time.

    A revocation holds whatever the time: the clock of the device is its own claim.
    """
    device = device_of(roster, fingerprint)
    if device is None:
        return Validity.UNLISTED
    if revocation_of(roster, fingerprint) is not None:
        return Validity.REVOKED
    return max((_within(roster.window, at), _within(device.window, at)), key=_WEIGHT.index)


class Belief(StrEnum):
    """Whether the organisation stands by a state of a device's log, or nobody can tell."""

    BELIEVED = "believed"
    REVOKED = "revoked"
    UNPROVED = "unproved"


def belief_in(roster: Roster, fingerprint: str, head: Checkpoint, seen: Iterable[SeenHead]) -> Belief:
    """Whether a checkpoint of the device is one that the organisation still stands by.

    A log that is smaller than the one named by a revocation has to be one of those seen before, or proved to be the
    beginning of one that was: whoever holds the device could write a short history of their own.
    """
    revoked = revocation_of(roster, fingerprint)
    if revoked is None:
        return Belief.BELIEVED
    last = SeenHead(size=revoked.size, root=bytes.fromhex(revoked.root))
    if head.size >= last.size:
        return Belief.BELIEVED if (head.size, head.root) == (last.size, last.root) else Belief.REVOKED
    heads = (one for one in seen if one.size < last.size or (one.size, one.root) == (last.size, last.root))
    return Belief.BELIEVED if is_proved_beginning(head, heads) else Belief.UNPROVED


def device_of(roster: Roster, fingerprint: str) -> Device | None:
    """The device with these forty digits, or None."""
    return next((one for one in roster.devices if one.fingerprint == fingerprint), None)


def revocation_of(roster: Roster, fingerprint: str) -> Revocation | None:
    """What was taken back about the device, or None."""
    return next((one for one in roster.revoked if one.fingerprint == fingerprint), None)


def person_of(roster: Roster, fingerprint: str) -> Person | None:
    """Whose device it is, or None where it is not listed."""
    device = device_of(roster, fingerprint)
    return None if device is None else next(one for one in roster.people if one.code == device.person)


def first_of(roster: Roster, fingerprint: str) -> Device | None:
    """The device that this one continues in the end: itself where it continues none; None where it is not listed."""
    before = {one.fingerprint: one.of for one in roster.continues}
    while fingerprint in before:
        fingerprint = before[fingerprint]
    return device_of(roster, fingerprint)


def others_with(roster: Roster, role: Role, fingerprint: str) -> tuple[Person, ...]:
    """Everyone with this role whose device this is not."""
    own = person_of(roster, fingerprint)
    return tuple(one for one in roster.people if role in one.roles and one != own)


def staff_of(roster: Roster) -> dict[str, Person]:
    """Who works on which device, by its forty digits: every device that is listed and not taken back."""
    gone = {one.fingerprint for one in roster.revoked}
    people = {one.code: one for one in roster.people}
    return {one.fingerprint: people[one.person] for one in roster.devices if one.fingerprint not in gone}


_WEIGHT = (Validity.GOOD, Validity.NOT_YET_VALID, Validity.EXPIRED)


def _within(window: Window, at: datetime) -> Validity:
    if at < window.start:
        return Validity.NOT_YET_VALID
    return Validity.GOOD if at < window.end else Validity.EXPIRED
