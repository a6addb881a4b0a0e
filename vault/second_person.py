"""Who may be the second person, by the roster that this device works under (roster-v1.md), and what they sign."""

from typing import Any, Final, TypeVar

from keys.digits import parse_forty_digits
from keys.errors import KeysError
from testimony.approval import Approvable, Approval, SignedApproval, Subject
from testimony.erasure_approval import Erasure
from testimony.roster import Person, Roster
from testimony.validity import Validity, others_with, person_of, staff_of, validity_of
from vault.contacts import contact_by_fingerprint
from vault.custody import append
from vault.errors import PolicyError
from vault.rosters import governing
from vault.store import Transaction, Vault

ROLE: Final = "approver"
_ID: Final = 32
_Said = TypeVar("_Said", bound=Approvable)


def give_approval(vault: Vault, about: Subject | Erasure, digits: str) -> bytes:
    """The signed approval of what was asked for; `digits` are those read on the screen where it was asked.

    Raises:
        PolicyError: The digits are not those of this request ("approval-digits"), the roster gives this device's person
            no such role now ("approval-role"), or it is this person's own request ("approval-own").
    """
    if canonical_digits(digits) != about.digits:
        raise PolicyError("approval-digits")
    own, accepted = vault.identity.public.fingerprint, governing(vault)
    if accepted is None:
        raise PolicyError("approval-role")
    person = approver_with(vault, accepted.roster, own)
    refuse_own(accepted.roster, person, about.device)
    approval = Approval(subject=about, approver=person.code, fingerprint=own, at=vault.clock.now().wall)
    with vault.transaction() as tx:
        note_approved(tx, vault, about)
    return approval.to_text(vault.identity)


def checked_by_contact(vault: Vault, signed: SignedApproval[_Said]) -> Approval[_Said] | None:
    """The approval, when its signatures are those of a contact; None where its signer is none.

    Raises:
        ApprovalError: A signature fails.
    """
    signer = contact_by_fingerprint(vault, signed.fingerprint)
    return None if signer is None else signed.check(signer.card.public)


def require_approver(vault: Vault, approval: Approval[Any]) -> None:
    """Nothing, when whoever signed may approve what this device does, by the roster in force.

    Raises:
        PolicyError: They have no such role now ("approval-role"), or it is the person of this device ("approval-own").
    """
    accepted = governing(vault)
    if accepted is None or approver_with(vault, accepted.roster, approval.fingerprint).code != approval.approver:
        raise PolicyError("approval-role", approval.approver)
    refuse_own(accepted.roster, person_of(accepted.roster, approval.fingerprint), vault.identity.public.fingerprint)


def note_approved(tx: Transaction, vault: Vault, about: Subject | Erasure) -> None:
    """Write the approval to the log: about no record and no bundle.

    The history of a record must not tell for whom else it was looked at.
    """
    digest = about.digest.hex()
    details: dict[str, str | int] = {"digest": digest}
    if isinstance(about, Subject):
        details["profile"] = about.profile
    append(tx, vault, "redaction.approve", f"approval/{digest[:_ID]}", details)


def approver_with(vault: Vault, roster: Roster, fingerprint: str) -> Person:
    """The person of a device that may work now, who may approve.

    Raises:
        PolicyError: The device is not listed, taken back or out of its dates, or its person has no such role
            ("approval-role").
    """
    person = person_of(roster, fingerprint)
    good = validity_of(roster, fingerprint, vault.clock.now().wall) is Validity.GOOD
    if person is None or not good or ROLE not in person.roles:
        raise PolicyError("approval-role", "" if person is None else person.code)
    return person


def still_approves(vault: Vault, roster: Roster, code: str, fingerprint: str) -> bool:
    """Whether this approver may still approve what this device does, from their own device.

    A roster accepted since may have taken the role or the device away, or given the device to somebody else.
    """
    try:
        person = approver_with(vault, roster, fingerprint)
        refuse_own(roster, person, vault.identity.public.fingerprint)
    except PolicyError:
        return False
    return person.code == code


def possible_approvers(vault: Vault) -> frozenset[str]:
    """The codes of everybody else who could approve now; empty without a roster."""
    accepted, own = governing(vault), vault.identity.public.fingerprint
    if accepted is None or person_of(accepted.roster, own) is None:
        return frozenset()
    roster, now = accepted.roster, vault.clock.now().wall
    good = {one.person for one in roster.devices if validity_of(roster, one.fingerprint, now) is Validity.GOOD}
    return frozenset(one.code for one in others_with(roster, ROLE, own) if one.code in good)


def refuse_own(roster: Roster, approver: Person | None, device: str) -> None:
    """Nothing, when the approver is somebody else than the person of the device.

    Raises:
        PolicyError: It is the same person, or the roster does not know whose device it is ("approval-own").
    """
    own = person_of(roster, device)
    if own is None or own == approver:
        raise PolicyError("approval-own", "" if approver is None else approver.code)


def has_another(roster: Roster, fingerprint: str) -> bool:
    """Whether the roster names somebody else than this device's person who approves."""
    return bool(others_with(roster, ROLE, fingerprint))


def require_named(roster: Roster, code: str, own: str) -> None:
    """Nothing, when the roster names this person, not as the one of our own device nor with every device taken back.

    Raises:
        PolicyError: It does not name them or took them back ("second-unknown"), or they work here ("same-person").
    """
    person = next((one for one in roster.people if one.code == code), None)
    devices = {one.fingerprint for one in roster.devices if one.person == code}
    if person is None or (devices and devices.isdisjoint(staff_of(roster))):
        raise PolicyError("second-unknown", code)
    if person == person_of(roster, own):
        raise PolicyError("same-person", code)


def canonical_digits(typed: str) -> str:
    """Forty digits as they are printed.

    Raises:
        PolicyError: They are none ("approval-digits").
    """
    try:
        return parse_forty_digits(typed)
    except KeysError as error:
        raise PolicyError("approval-digits") from error
