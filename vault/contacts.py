"""Contacts: whom this vault seals to and whose seal it knows, each added after its forty digits were compared."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from keys.digests import equal, sha256
from keys.digits import parse_forty_digits, ungrouped
from keys.errors import KeysError
from testimony.bundle.statement import Addressee
from testimony.card import Card, parse_card
from testimony.trust import Trust
from vault.custody import append, salted
from vault.errors import ContactError, NotFoundError, PolicyError
from vault.store import Transaction, Vault

MAX_CONTACTS: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A card whose digits were compared, and when; or that an organisation's roster lists, and which number of it."""

    card: Card
    compared_at: datetime
    vouched_by: str = ""
    card_bytes: bytes = field(repr=False)

    @property
    def code(self) -> str:
        """The short name that commands and consent use."""
        return self.card.code

    @property
    def fingerprint(self) -> str:
        """The forty digits, in groups of four."""
        return self.card.public.fingerprint

    @property
    def practice(self) -> bool:
        """Whether this is somebody to practise with."""
        return self.card.practice


def preview_card(data: bytes) -> Card:
    """The card, to show its digits before they are compared.

    Raises:
        CardError: It is no card, or not signed by its own keys.
    """
    return parse_card(data)


def add_contact(vault: Vault, data: bytes, compared_digits: str) -> Contact:
    """The new contact, or the one that is there already under the same keys.

    `compared_digits` are the forty digits as the other side read them out; the comparison is logged.

    Raises:
        CardError: It is no card, or not signed by its own keys.
        ContactError: The digits are not those of the card ("digits-differ"), they are no forty digits ("digits"), the
            card is this vault's own ("own-card"), or another card stands under its code ("code-taken").
        PolicyError: A practice card offered to a real vault ("practice-contact"), or a real one to a practice vault
            ("real-contact").
    """
    card = preview_card(data)
    _check_digits(card, compared_digits)
    check_profile(vault, card)
    if card.public == vault.identity.public:
        raise ContactError("own-card", card.code)
    return add_known(vault, Contact(card=card, compared_at=vault.clock.now().wall, card_bytes=data))


def add_known(vault: Vault, new: Contact) -> Contact:
    """The new contact, or the one that is there already under the same keys; whose word it rests on is in it.

    A comparison made later takes the place of a roster's word.

    Raises:
        ContactError: Another card stands under its code, or its keys under another ("code-taken", "keys-known").
    """
    with vault.transaction() as tx:
        known = _known(tx, new.card)
        if known is not None and (new.vouched_by or not known.vouched_by):
            return known
        if known is not None:
            tx.execute("DELETE FROM contacts WHERE code = ?", (known.code,))
        _store(tx, new)
        details = {"fingerprint": ungrouped(new.fingerprint), "card": sha256(new.card_bytes).hex(), "contact": new.code}
        if new.vouched_by:
            details["vouched"] = new.vouched_by
        append(tx, vault, "contact.add", new.code, salted(details))
    return new


def remove_contact(vault: Vault, code: str, reason: str = "") -> None:
    """Take a contact out: nothing is sealed for it any more, and nothing more of it taken in by its own word.

    What was exchanged with it stays; adding it again needs a new comparison.

    Raises:
        NotFoundError: There is none.
        CustodyError: The reason is no code.
    """
    with vault.transaction() as tx:
        known = contact(vault, code)
        tx.execute("DELETE FROM contacts WHERE code = ?", (code,))
        details = {"fingerprint": ungrouped(known.fingerprint), "contact": code}
        append(tx, vault, "contact.remove", code, salted(details | ({"reason": reason} if reason else {})))


def list_contacts(vault: Vault) -> list[Contact]:
    """All contacts, by code."""
    rows = vault.read("SELECT compared_at, vouched_by, card FROM contacts ORDER BY code LIMIT ?", (MAX_CONTACTS,))
    return [_contact(*row) for row in rows]


def contact(vault: Vault, code: str) -> Contact:
    """The contact with this code.

    Raises:
        NotFoundError: There is none.
    """
    rows = vault.read("SELECT compared_at, vouched_by, card FROM contacts WHERE code = ?", (code,))
    if not rows:
        raise NotFoundError("contact", code)
    return _contact(*rows[0])


def contact_by_fingerprint(vault: Vault, fingerprint: str) -> Contact | None:
    """The contact whose keys have these forty digits, or None."""
    rows = vault.read(
        "SELECT compared_at, vouched_by, card FROM contacts WHERE fingerprint = ?", (ungrouped(fingerprint),)
    )
    return _contact(*rows[0]) if rows else None


def trust_of(vault: Vault) -> Trust:
    """Trust in every contact: their keys came with digits that were compared elsewhere."""
    rows = vault.read("SELECT fingerprint FROM contacts LIMIT ?", (MAX_CONTACTS,))
    return Trust.of(digits for (digits,) in rows)


def check_profile(vault: Vault, card: Card) -> None:
    """Nothing, when card and vault are both for practice or both real.

    Raises:
        PolicyError: They are not.
    """
    if card.practice != vault.practice:
        raise PolicyError("practice-contact" if card.practice else "real-contact", card.code)


def check_addressed(vault: Vault, recipients: Iterable[Addressee]) -> None:
    """Nothing, when the line with this vault's key has this vault's code and digits too: consent names a code.

    Raises:
        PolicyError: A seal to this vault's key under somebody else's name ("addressed-to-another").
    """
    own = parse_card(vault.card())
    mine = Addressee(code=own.code, fingerprint=own.public.fingerprint, recipient_digest=own.public.recipient_digest)
    if mine not in recipients:
        raise PolicyError("addressed-to-another", own.code)


def _check_digits(card: Card, compared: str) -> None:
    try:
        digits = parse_forty_digits(compared)
    except KeysError as error:
        raise ContactError("digits", card.code) from error
    if not equal(ungrouped(digits).encode(), ungrouped(card.public.fingerprint).encode()):
        raise ContactError("digits-differ", card.code)


def _known(tx: Transaction, card: Card) -> Contact | None:
    rows = tx.all(
        # Two codes that differ by a capital alone would be taken for one another by whoever chooses a recipient.
        "SELECT compared_at, vouched_by, card FROM contacts WHERE fingerprint = ? OR code = ? COLLATE NOCASE",
        (ungrouped(card.public.fingerprint), card.code),
    )
    for row in rows:
        known = _contact(*row)
        if known.card != card:
            raise ContactError("code-taken" if known.code.lower() == card.code.lower() else "keys-known", known.code)
        return known
    return None


def _store(tx: Transaction, new: Contact) -> None:
    tx.execute(
        "INSERT INTO contacts (code, kind, fingerprint, practice, compared_at, vouched_by, card)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            new.code,
            new.card.kind,
            ungrouped(new.fingerprint),
            int(new.practice),
            new.compared_at.isoformat(timespec="seconds"),
            new.vouched_by,
            new.card_bytes,
        ),
    )


def _contact(compared_at: str, vouched_by: str, card: bytes) -> Contact:
    return Contact(
        card=parse_card(card),
        compared_at=datetime.fromisoformat(compared_at),
        vouched_by=vouched_by,
        card_bytes=card,
    )
