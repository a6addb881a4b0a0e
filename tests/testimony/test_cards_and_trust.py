"""Cards, trust files and receipts: signed texts in one spelling."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from keys.identity import Identity
from keys.signature import CARD, RECEIPT
from testimony.bundle.findings import Verdict
from testimony.bundle.statement import CustodyLine
from testimony.card import MAX_CARD, Card, parse_card
from testimony.errors import CardError, ReceiptError, TrustError
from testimony.forms.form import Label
from testimony.receipts import Outcome, Receipt, parse_receipt
from testimony.text_lines import with_signatures
from testimony.trust import Trust, format_trust, parse_trust

DEVICE = Identity.generate()
OTHER = Identity.generate()


def card_of(identity=DEVICE, **changes) -> Card:
    return replace(Card(kind="device", code="field-07", practice=True, public=identity.public), **changes)


def refused_card(data: bytes) -> str:
    with pytest.raises(CardError) as caught:
        parse_card(data)
    return caught.value.code


def test_a_card_comes_back_as_it_was_written():
    body = Card(kind="body", code="court-1", names=Label(en="A Court", ar="محكمة"), practice=False, public=OTHER.public)
    for card, identity in ((card_of(), DEVICE), (body, OTHER)):
        assert parse_card(card.to_text(identity)) == card


def test_a_card_shows_its_forty_digits_and_three_keys():
    text = card_of().text().decode()
    public = DEVICE.public
    for shown in (public.fingerprint, public.ssh_ed25519_line(), public.ssh_hybrid_line(), public.recipient):
        assert shown in text


@pytest.mark.parametrize("kind", ["device", "person"])
def test_only_a_body_shows_names(kind):
    with pytest.raises(CardError):
        card_of(kind=kind, names=Label(en="Someone", ar="شخص"))


@pytest.mark.parametrize("name", ["", " a", "a\nb", "\u202egpj", "x" * 121, "a\u200bb"])
def test_a_name_that_could_deceive_a_reader_is_refused(name):
    with pytest.raises(CardError):
        card_of(kind="body", names=Label(en=name, ar="محكمة"))


@pytest.mark.case("KF-06")
@pytest.mark.parametrize("code", ["", "-x", "a b", "x" * 41, "مركز", "a/b", "court-\u0430"])
def test_a_code_is_a_short_plain_word(code):
    with pytest.raises(CardError):
        card_of(code=code)


def test_a_card_can_be_signed_only_by_its_own_identity():
    with pytest.raises(CardError):
        card_of().to_text(OTHER)


@pytest.mark.case("KF-01")
def test_every_changed_character_of_a_card_is_refused():
    data = card_of().to_text(DEVICE)
    places = [*range(len(card_of().text())), *range(len(card_of().text()), len(data), 41)]
    for place in places[::7]:
        changed = bytearray(data)
        changed[place] ^= 1
        assert refused_card(bytes(changed))


@pytest.mark.case("KF-01")
@pytest.mark.parametrize("cut", [0, 1, 100, 1000, -1, -30])
def test_a_card_cut_short_is_refused(cut):
    assert refused_card(card_of().to_text(DEVICE)[:cut]) in ("signature-missing", "card-signature", "spelling")


def test_a_card_signed_by_somebody_else_is_refused():
    text = card_of().text()
    assert refused_card(with_signatures(text, OTHER.sign(text, CARD))) == "card-signature"


def test_a_signature_made_for_another_purpose_is_refused():
    text = card_of().text()
    assert refused_card(with_signatures(text, DEVICE.sign(text, RECEIPT))) == "card-signature"


def test_a_card_with_another_persons_age_key_is_refused_though_its_signatures_hold():
    text = card_of().text().replace(DEVICE.public.recipient.encode(), OTHER.public.recipient.encode())
    assert refused_card(with_signatures(text, DEVICE.sign(text, CARD))) == "spelling"


@pytest.mark.case("KF-10")
@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.replace(b"\n", b"\r\n"),
        lambda d: b"\xef\xbb\xbf" + d,
        lambda d: d + b"\n",
        lambda d: b"\n" + d,
        lambda d: d + b"x" * MAX_CARD,
    ],
)
def test_a_card_has_one_spelling(change):
    assert refused_card(change(card_of().to_text(DEVICE)))


@pytest.mark.case("KF-02")
def test_a_secret_key_where_a_card_belongs_is_refused_without_being_repeated():
    secret = DEVICE.age_secret().reveal()
    with pytest.raises(CardError) as caught:
        parse_card(secret)
    assert secret[:20].decode() not in str(caught.value)


def test_a_trust_file_comes_back_as_the_fingerprints_in_it():
    cards = [card_of(), card_of(OTHER, code="other-1")]
    assert parse_trust(format_trust(cards)) == Trust(fingerprints=frozenset(card.public.fingerprint for card in cards))


def test_a_trust_file_may_hold_remarks_blank_lines_and_carriage_returns():
    digits = DEVICE.public.fingerprint
    data = f"# whose seal we expect\r\n\r\n{digits} the field office\r\n  {digits.replace(' ', '')}\n".encode()
    assert parse_trust(data).fingerprints == {digits}


@pytest.mark.case("KF-07")
def test_one_wrong_digit_in_a_trust_file_is_found():
    digits = DEVICE.public.fingerprint
    for place, char in enumerate(digits):
        if char != " ":
            wrong = digits[:place] + str((int(char) + 1) % 10) + digits[place + 1 :]
            with pytest.raises(TrustError):
                parse_trust(wrong.encode())


@pytest.mark.parametrize("data", [b"", b"# nobody\n", b"1234\n", b"\xff\xfe", b"hello world\n", b"x" * 300_000])
def test_a_trust_file_that_names_nobody_is_refused(data):
    with pytest.raises(TrustError):
        parse_trust(data)


def test_nobody_is_trusted_only_when_it_is_said():
    assert not Trust.nobody()
    assert Trust.of([DEVICE.public.fingerprint])


def receipt() -> Receipt:
    return Receipt(
        bundle_id="ab" * 16,
        bundle_sha256="cd" * 32,
        verdict=Verdict.PINNED,
        receiver="court-1",
        fingerprint=DEVICE.public.fingerprint,
        at=datetime(2025, 4, 11, 10, 20, tzinfo=UTC),
        custody=CustodyLine(origin="testimony-vault.invalid/device/1", size=7, root="ef" * 32),
        outcomes=(Outcome(control_number="ABC-0000001", record_id="K7F3-9QZD", outcome="imported"),),
    )


def test_a_receipt_comes_back_when_its_receiver_signed_it():
    signed = parse_receipt(receipt().to_text(DEVICE))
    assert signed.fingerprint == DEVICE.public.fingerprint
    assert signed.check(DEVICE.public) == receipt()


def test_a_receipt_by_somebody_else_is_refused():
    with pytest.raises(ReceiptError):
        receipt().to_text(OTHER)
    text = receipt().text()
    forged = parse_receipt(with_signatures(text, OTHER.sign(text, RECEIPT)))
    for public in (DEVICE.public, OTHER.public):
        with pytest.raises(ReceiptError):
            forged.check(public)


def test_a_changed_receipt_is_refused():
    data = receipt().to_text(DEVICE)
    for place in range(0, len(data), 11):
        changed = bytearray(data)
        changed[place] ^= 4
        with pytest.raises(ReceiptError):
            parse_receipt(bytes(changed)).check(DEVICE.public)


def test_a_receipt_that_names_a_record_twice_is_refused():
    outcomes = [
        Outcome(control_number="TST-0000001", record_id="K7F3-9Q00", outcome=outcome)
        for outcome in ("imported", "quarantined")
    ]
    good = Receipt(
        bundle_id="0b" * 16,
        bundle_sha256="0c" * 32,
        verdict=Verdict.PINNED,
        receiver="court-a",
        fingerprint=OTHER.public.fingerprint,
        at=datetime(2031, 5, 6, 9, tzinfo=UTC),
        custody=CustodyLine(origin="x", size=5, root="0d" * 32),
        outcomes=tuple(outcomes[:1]),
    )
    assert parse_receipt(good.to_text(OTHER)).check(OTHER.public) == good
    with pytest.raises(ReceiptError):
        parse_receipt(replace(good, outcomes=tuple(outcomes)).to_text(OTHER))
