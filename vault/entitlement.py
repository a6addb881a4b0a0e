"""Whether the rosters in force let something be written, sealed for somebody, or believed (roster-v1.md, section 4).

Reading is never asked here.  A date that has passed, or is not there yet, can be overruled by a person who says why:
the log says so for the roster, and again for each act done under it, so that it travels with the record or bundle.
A device that was taken back, or is not listed any more, cannot.
"""

from typing import Final

from keys.digits import ungrouped
from keys.public_identity import PublicIdentity
from testimony.card import Card, parse_card
from testimony.custody.checkpoint import Checkpoint, origin_of_digits
from testimony.trust import Trust
from testimony.validity import Belief, Validity, belief_in, device_of, first_of, revocation_of, validity_of
from vault.contacts import Contact, add_known, check_profile, contact, contact_by_fingerprint, trust_of
from vault.custody import append
from vault.errors import ContactError, PolicyError
from vault.rosters import Accepted, governing, listing, rosters_in_force
from vault.seen_heads import heads_seen_of
from vault.store import Transaction, Vault

_FIRST_OF_ORIGIN: Final = (
    "SELECT sender, signer_card FROM received_bundles WHERE custody_origin = ? ORDER BY received_at, bundle_id LIMIT 1"
)
_DATES: Final = (Validity.EXPIRED, Validity.NOT_YET_VALID)


def require_writing(tx: Transaction, vault: Vault, object_id: str) -> None:
    """Nothing, when the organisation lets this device make this record or bundle now.

    Raises:
        PolicyError: Its roster or the device's line has expired ("device-expired"), is not valid yet
            ("device-not-yet-valid"), does not list it any more ("device-unlisted") or took it back ("device-revoked").
    """
    accepted = governing(vault)
    if accepted is not None:
        _require(tx, vault, accepted, vault.identity.public.fingerprint, ("device", object_id))


def require_recipient(tx: Transaction, vault: Vault, to: Contact, bundle_id: str) -> None:
    """Nothing, when no roster says that the recipient's keys are out of date or taken back.

    Raises:
        PolicyError: One does ("recipient-expired", "recipient-not-yet-valid", "recipient-revoked").
    """
    accepted = listing(vault, to.fingerprint)
    if accepted is not None:
        _require(tx, vault, accepted, to.fingerprint, ("recipient", bundle_id))


def overrule(vault: Vault, reason: str, code: str | None = None) -> Validity:
    """Pass over the date that stands in the way, for this device or for the recipient `code`, until the next number.

    Raises:
        PolicyError: No date stands in the way ("nothing-to-overrule").
        NotFoundError: There is no such contact.
        CustodyError: The reason is no code.
    """
    fingerprint = vault.identity.public.fingerprint if code is None else contact(vault, code).fingerprint
    accepted = governing(vault) if code is None else listing(vault, fingerprint)
    found = None if accepted is None else validity_of(accepted.roster, fingerprint, vault.clock.now().wall)
    if accepted is None or found not in _DATES:
        raise PolicyError("nothing-to-overrule")
    with vault.transaction() as tx:
        tx.execute(
            "UPDATE rosters SET overruled = ? WHERE organisation = ? AND number = ?",
            (str(found), ungrouped(accepted.roster.fingerprint), accepted.roster.number),
        )
        details: dict[str, str | int] = {"number": accepted.roster.number, "rule": str(found), "reason": reason}
        append(tx, vault, "roster.overrule", accepted.card.code, details)
    return found


def require_believed(vault: Vault, signer: PublicIdentity, checkpoint: Checkpoint) -> None:
    """Nothing, when the organisation stands by what this device had logged up to this checkpoint.

    Raises:
        PolicyError: It took the device back before that ("sender-revoked"), for the class of reason that is named; or
            after it, and nothing here proves that this was a beginning of the log it stands by ("sender-unproved").
    """
    accepted = listing(vault, signer.fingerprint)
    if accepted is None:
        return
    belief = belief_in(accepted.roster, signer.fingerprint, checkpoint, heads_seen_of(vault, signer))
    if belief is not Belief.BELIEVED:
        revoked = revocation_of(accepted.roster, signer.fingerprint)
        raise PolicyError(f"sender-{belief}", "" if revoked is None else revoked.reason)


def trusted(vault: Vault) -> Trust:
    """Trust in every contact and in every device that a roster in force lists."""
    listed = [one.fingerprint for accepted in rosters_in_force(vault) for one in accepted.roster.devices]
    return Trust.of((*trust_of(vault).fingerprints, *listed))


def sender_of(vault: Vault, fingerprint: str) -> tuple[str, str] | None:
    """Under which name a bundle of this device is kept, and by which roster's word; None where nobody knows it.

    A device that continues another is kept under the name of the first, and any under the name it had before: whether
    its card was added or compared meanwhile must not make its records and notices those of two senders.
    """
    accepted = listing(vault, fingerprint)
    known = contact_by_fingerprint(vault, fingerprint)
    first = None if accepted is None else first_of(accepted.roster, fingerprint)
    if accepted is None or first is None:
        return None if known is None else (_name_before(vault, fingerprint) or known.code, known.vouched_by)
    earlier = contact_by_fingerprint(vault, first.fingerprint)
    name = f"{accepted.card.code}/{first.code}" if earlier is None else earlier.code
    compared = known is not None and not known.vouched_by
    before = _name_before(vault, first.fingerprint) or _name_before(vault, fingerprint)
    return before or name, "" if compared and first.fingerprint == fingerprint else accepted.name


def known_card(vault: Vault, fingerprint: str) -> Card | None:
    """The card of a device that a contact is, or that a roster lists and a bundle brought; None of any other."""
    known = contact_by_fingerprint(vault, fingerprint)
    if known is not None:
        return known.card
    if listing(vault, fingerprint) is None:
        return None
    row = vault.read_one(_FIRST_OF_ORIGIN, (origin_of_digits(fingerprint),))
    return None if row is None else parse_card(row[1])


def add_vouched(vault: Vault, data: bytes) -> Contact:
    """The new contact whose digits stand in a roster in force: its organisation's word instead of a comparison.

    Raises:
        CardError: It is no card, or not signed by its own keys.
        ContactError: Its keys are known under another code, or another card under its code.
        PolicyError: No roster vouches for it now ("not-vouched"): not listed, taken back, under another code, or the
            card of a body, which is always compared.
    """
    card = parse_card(data)
    check_profile(vault, card)
    if card.public == vault.identity.public:
        raise ContactError("own-card", card.code)
    accepted = listing(vault, card.public.fingerprint)
    device = None if accepted is None else device_of(accepted.roster, card.public.fingerprint)
    now = vault.clock.now().wall
    if accepted is None or device is None or device.code != card.code or card.kind == "body":
        raise PolicyError("not-vouched", card.code)
    if validity_of(accepted.roster, card.public.fingerprint, now) is not Validity.GOOD:
        raise PolicyError("not-vouched", card.code)
    return add_known(vault, Contact(card=card, compared_at=now, vouched_by=accepted.name, card_bytes=data))


def _name_before(vault: Vault, fingerprint: str) -> str | None:
    row = vault.read_one(_FIRST_OF_ORIGIN, (origin_of_digits(fingerprint),))
    return None if row is None else str(row[0])


def _require(tx: Transaction, vault: Vault, accepted: Accepted, fingerprint: str, about: tuple[str, str]) -> None:
    what, object_id = about
    found = validity_of(accepted.roster, fingerprint, vault.clock.now().wall)
    if found is Validity.GOOD:
        return
    if found not in _DATES or accepted.overruled != found:
        raise PolicyError(f"{what}-{found}", accepted.name)
    append(tx, vault, "roster.overrule", object_id, {"number": accepted.roster.number, "rule": str(found)})
