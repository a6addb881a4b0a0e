"""Contacts: a card comes in only after its forty digits were compared, and the comparison is logged."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import details_of, kinds_of, make_vault

from keys.digits import arabic_indic
from keys.identity import Identity
from testimony.card import Card
from testimony.errors import CardError
from vault.contacts import add_contact, contact, contact_by_fingerprint, list_contacts, preview_card, trust_of
from vault.errors import ContactError, NotFoundError, PolicyError
from vault.store import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1") as made:
        yield made


def card_of(identity: Identity, code: str = "body-1", *, practice: bool = True) -> bytes:
    return Card(kind="body", code=code, practice=practice, public=identity.public).to_text(identity)


def test_a_card_whose_digits_were_compared_is_a_contact_and_the_log_says_so(vault: Vault) -> None:
    other = Identity.generate()
    before = vault.log_state.size
    added = add_contact(vault, card_of(other), arabic_indic(other.public.fingerprint.replace(" ", "-")))
    assert contact(vault, "body-1") == added
    assert [one.code for one in list_contacts(vault)] == ["body-1"]
    assert contact_by_fingerprint(vault, other.public.fingerprint) == added
    assert trust_of(vault).fingerprints == {other.public.fingerprint}
    assert kinds_of(vault, before) == ["contact.add"]
    assert details_of(vault, "contact.add")[0]["fingerprint"] == other.public.fingerprint.replace(" ", "")


@pytest.mark.case("KF-07")
def test_digits_of_another_card_are_refused_and_nothing_is_stored(vault: Vault) -> None:
    other, stranger = Identity.generate(), Identity.generate()
    with pytest.raises(ContactError) as caught:
        add_contact(vault, card_of(other), stranger.public.fingerprint)
    assert caught.value.reason == "digits-differ"
    assert list_contacts(vault) == []


@pytest.mark.case("KF-07")
def test_one_wrong_digit_is_found(vault: Vault) -> None:
    other = Identity.generate()
    digits = other.public.fingerprint
    wrong = ("1" if digits[0] != "1" else "2") + digits[1:]
    with pytest.raises(ContactError) as caught:
        add_contact(vault, card_of(other), wrong)
    assert caught.value.reason == "digits"


def test_the_same_card_twice_is_one_contact_and_one_entry(vault: Vault) -> None:
    other = Identity.generate()
    first = add_contact(vault, card_of(other), other.public.fingerprint)
    before = vault.log_state.size
    assert add_contact(vault, card_of(other), other.public.fingerprint) == first
    assert vault.log_state.size == before


@pytest.mark.case("KF-06")
def test_another_card_under_a_known_code_is_refused(vault: Vault) -> None:
    one, other = Identity.generate(), Identity.generate()
    add_contact(vault, card_of(one), one.public.fingerprint)
    with pytest.raises(ContactError) as caught:
        add_contact(vault, card_of(other), other.public.fingerprint)
    assert caught.value.reason == "code-taken"


def test_known_keys_under_another_code_are_refused(vault: Vault) -> None:
    one = Identity.generate()
    add_contact(vault, card_of(one), one.public.fingerprint)
    with pytest.raises(ContactError) as caught:
        add_contact(vault, card_of(one, "body-2"), one.public.fingerprint)
    assert caught.value.reason == "keys-known"


def test_the_vaults_own_card_is_refused(vault: Vault) -> None:
    with pytest.raises(ContactError) as caught:
        add_contact(vault, vault.card(), vault.identity.public.fingerprint)
    assert caught.value.reason == "own-card"


def test_a_real_card_is_refused_by_a_practice_vault(vault: Vault) -> None:
    other = Identity.generate()
    with pytest.raises(PolicyError) as caught:
        add_contact(vault, card_of(other, practice=False), other.public.fingerprint)
    assert caught.value.reason == "real-contact"


@pytest.mark.case("KF-01")
@pytest.mark.parametrize(
    "damage", [lambda data: data[:-200], lambda data: data.replace(b"body-1", b"body-9"), lambda _: b""]
)
def test_a_damaged_card_is_refused_before_anything_is_shown(damage: object) -> None:
    with pytest.raises(CardError):
        preview_card(damage(card_of(Identity.generate())))  # type: ignore[operator]


def test_an_unknown_code_is_not_found(vault: Vault) -> None:
    with pytest.raises(NotFoundError):
        contact(vault, "nobody")


@pytest.mark.case("KF-06")
def test_a_code_that_differs_by_a_capital_alone_is_taken(vault: Vault) -> None:
    first, second = Identity.generate(), Identity.generate()
    add_contact(vault, card_of(first, "court-a"), first.public.fingerprint)
    with pytest.raises(ContactError) as caught:
        add_contact(vault, card_of(second, "Court-A"), second.public.fingerprint)
    assert caught.value.reason == "code-taken"
