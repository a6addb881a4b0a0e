"""Rosters: one spelling, each rule broken alone, and what follows for a device."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keys.identity import Identity
from keys.secret import Secret
from keys.signature import RECEIPT, ROSTER
from testimony.card import Card
from testimony.custody.checkpoint import Checkpoint, origin_of
from testimony.custody.growth import SeenHead, grow
from testimony.errors import CanonicalError, RosterError
from testimony.merkle import MerkleTree, leaf_hash
from testimony.roster import EMPTY_ROOT, MAX_ROSTER, Device, Person, Roster, Window, parse_roster
from testimony.roster_source import roster_from
from testimony.text_lines import with_signatures
from testimony.validity import (
    Belief,
    Validity,
    belief_in,
    first_of,
    others_with,
    person_of,
    staff_of,
    validity_of,
)

ORGANISATION, OLD, NEW, SECOND = (Identity.from_secret(Secret(bytes(range(start, start + 128)))) for start in range(4))
OTHER = Identity.generate()
CARD = Card(kind="body", code="north-desk", practice=True, public=ORGANISATION.public)
ROOT = "2d08d09309f497e105acb8dd819d2164fb60b10a0fb51731501bdbb17ea470f1"
DURING = datetime(2031, 7, 1, tzinfo=UTC)
_WINDOW = {"valid_from": "2031-05-01T00:00:00+00:00", "valid_until": "2032-05-01T00:00:00+00:00"}
_LATER = {**_WINDOW, "valid_from": "2031-06-03T00:00:00+00:00"}
SOURCE: dict[str, Any] = {
    "number": 3,
    **_WINDOW,
    "people": [{"code": "I-04", "roles": ["interviewer"]}, {"code": "A-02", "roles": ["lead", "approver"]}],
    "devices": [
        {"code": "I-04-D1", "digits": OLD.public.fingerprint, "person": "I-04", **_WINDOW},
        {"code": "I-04-D2", "digits": NEW.public.fingerprint.replace(" ", ""), "person": "I-04", **_LATER},
        {"code": "A-02-D1", "digits": SECOND.public.fingerprint, "person": "A-02", **_WINDOW},
    ],
    "revoked": [
        {
            "digits": OLD.public.fingerprint,
            "reason": "lost",
            "since": "2031-06-02T00:00:00+00:00",
            "size": 812,
            "root": ROOT,
        }
    ],
    "continues": [{"digits": NEW.public.fingerprint, "of": OLD.public.fingerprint}],
}


def roster(**changes: Any) -> Roster:
    return roster_from(json.dumps(SOURCE | changes).encode(), CARD)


def signed(text: bytes) -> bytes:
    return with_signatures(text, ORGANISATION.sign(text, ROSTER))


def refused(data: bytes) -> str:
    with pytest.raises(RosterError) as caught:
        parse_roster(data).check(ORGANISATION.public)
    return caught.value.code


def test_the_example_of_the_page_is_what_the_code_gives(repository: Path) -> None:
    page = (repository / "docs" / "format" / "roster-v1.md").read_text(encoding="utf-8")
    assert page.split("```\n")[1].encode() == roster().text()


def test_a_roster_comes_back_when_its_organisation_signed_it() -> None:
    found = parse_roster(roster().to_text(ORGANISATION))
    assert (found.organisation, found.fingerprint) == ("north-desk", ORGANISATION.public.fingerprint)
    assert found.check(ORGANISATION.public) == roster()


def test_a_roster_by_somebody_else_is_refused() -> None:
    with pytest.raises(RosterError):
        roster().to_text(OTHER)
    text = roster().text()
    forged = with_signatures(text, OTHER.sign(text, ROSTER))
    assert refused(forged) == "roster-signature"
    with pytest.raises(RosterError):
        parse_roster(forged).check(OTHER.public)


def test_a_signature_made_for_another_purpose_is_refused() -> None:
    text = roster().text()
    assert refused(with_signatures(text, ORGANISATION.sign(text, RECEIPT))) == "roster-signature"


def test_every_changed_character_is_refused() -> None:
    data = roster().to_text(ORGANISATION)
    for place in range(0, len(data), 13):
        changed = bytearray(data)
        changed[place] ^= 1
        assert refused(bytes(changed))


def line(start: str) -> bytes:
    return next(one for one in roster().text().splitlines(keepends=True) if one.startswith(start.encode()))


_NEW, _OLD, _SECOND = (one.public.fingerprint.encode() for one in (NEW, OLD, SECOND))
MALFORMED = {
    "another version": (b"roster v1", b"roster v2", "spelling"),
    "a number with a zero before it": (b"number: 3", b"number: 03", "spelling"),
    "the number nought": (b"number: 3", b"number: 0", "code"),
    "a window that ends before it begins": (b"until: 2032", b"until: 2030", "window"),
    "a time without an offset": (b"from: 2031-05-01T00:00:00+00:00", b"from: 2031-05-01T00:00:00Z", "spelling"),
    "a day that there is not": (b"from: 2031-05-01", b"from: 2031-02-30", "spelling"),
    "an unknown role": (b"I-04 interviewer\n", b"I-04 investigator\n", "roles"),
    "a role twice": (b"approver,lead", b"approver,approver", "roles"),
    "roles out of order": (b"approver,lead", b"lead,approver", "roles"),
    "people out of order": (line("person: A"), line("person: I") * 2, "order"),
    "a person twice": (line("person: I"), line("person: I") * 2, "order"),
    "two people apart by a capital": (line("person: I"), line("person: I") + b"person: i-04 lead\n", "twin"),
    "a person's name": (b"person: I-04 ", "person: Hälä ".encode(), "spelling"),
    "a device twice": (line("device: 0"), line("device: 0") * 2, "order"),
    "two devices of one code": (b"9431 I-04-D2", b"9431 I-04-D1", "twin"),
    "a device of nobody": (b"I-04-D2 I-04 ", b"I-04-D2 I-05 ", "unlisted"),
    "a digit that was misread": (b"device: 0958 1705", b"device: 0958 1706", "digits"),
    "a device's window that ends before it begins": (b"I-04 2031-06-03", b"I-04 2033-06-03", "window"),
    "an unknown reason": (b" lost since", b" gone since", "reason"),
    "a revocation twice": (line("revoked"), line("revoked") * 2, "order"),
    "a revocation of a device that is not listed": (b"revoked: " + _OLD, b"revoked: " + OTHER.public.fingerprint.encode(), "unlisted"),
    "an empty log with the root of another": (b"size 812", b"size 0", "log"),
    "entries with the root of an empty log": (ROOT.encode(), EMPTY_ROOT.encode(), "log"),
    "a root in capitals": (ROOT.encode(), ROOT.upper().encode(), "spelling"),
    "a device that continues itself": (b"continues: " + _NEW, b"continues: " + _OLD, "circle"),
    "a device that continues one which was not taken back": (b" of " + _OLD, b" of " + _SECOND, "not-revoked"),
    "a device that continues one which is not listed": (
        b" of " + _OLD,
        b" of " + OTHER.public.fingerprint.encode(),
        "unlisted",
    ),
    "two devices that continue one": (
        line("continues"),
        line("continues") + b"continues: " + _SECOND + b" of " + _OLD + b"\n",
        "twin",
    ),
    "lines in another order": (line("practice") + line("number"), line("number") + line("practice"), "spelling"),
    "a blank line": (b"practice", b"\npractice", "spelling"),
    "a carriage return": (b"practice: yes\n", b"practice: yes\r\n", "spelling"),
    "a line more": (line("continues"), line("continues") + b"note: hello\n", "spelling"),
    "no line about its window": (line("valid-until"), b"", "spelling"),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_a_signed_roster_that_breaks_one_rule_is_refused_by_that_rule(name: str) -> None:
    old, new, code = MALFORMED[name]
    text = roster().text()
    assert text.count(old) == 1
    assert refused(signed(text.replace(old, new))) == code


def test_the_writer_of_the_malformed_rosters_writes_good_ones_too() -> None:
    assert parse_roster(signed(roster().text())).check(ORGANISATION.public) == roster()


@pytest.mark.parametrize("data", [b"", b"x" * (MAX_ROSTER + 1), b"\xff" * 100, bytes(3000)])
def test_what_is_no_roster_is_refused(data: bytes) -> None:
    assert refused(data)


def test_a_longer_way_round_is_a_circle_too() -> None:
    revoked = [SOURCE["revoked"][0], SOURCE["revoked"][0] | {"digits": NEW.public.fingerprint}]
    around = [*SOURCE["continues"], {"digits": OLD.public.fingerprint, "of": NEW.public.fingerprint}]
    with pytest.raises(RosterError) as caught:
        roster(revoked=revoked, continues=around)
    assert caught.value.code == "circle"


def test_more_people_than_the_page_allows_are_refused() -> None:
    with pytest.raises(RosterError) as caught:
        replace(roster(), people=tuple(Person(code=f"P{n:05}", roles=("lead",)) for n in range(5_001)), devices=())
    assert caught.value.code == "roster-too-long"


@pytest.mark.parametrize(
    "changes",
    [
        {"note": "hello"},
        {"number": "3"},
        {"number": 0},
        {"people": {}},
        {"people": [{"code": "I-04"}]},
        {"people": [{"code": "I-04", "roles": []}]},
        {"valid_from": "tomorrow"},
        {"devices": [SOURCE["devices"][0] | {"digits": "1234"}]},
        {"revoked": [SOURCE["revoked"][0] | {"since": "2031-06-02"}]},
    ],
)
def test_a_file_that_describes_no_roster_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((CanonicalError, RosterError)):
        roster(**changes)


def test_a_device_may_write_within_its_window_and_that_of_the_roster() -> None:
    found = roster()
    new, second = NEW.public.fingerprint, SECOND.public.fingerprint
    assert validity_of(found, new, DURING) is Validity.GOOD
    assert validity_of(found, new, datetime(2031, 6, 2, tzinfo=UTC)) is Validity.NOT_YET_VALID
    assert validity_of(found, second, datetime(2031, 6, 2, tzinfo=UTC)) is Validity.GOOD
    assert validity_of(found, second, found.window.end - timedelta(seconds=1)) is Validity.GOOD
    assert validity_of(found, second, found.window.end) is Validity.EXPIRED
    assert validity_of(found, second, found.window.start) is Validity.GOOD
    assert validity_of(found, OTHER.public.fingerprint, DURING) is Validity.UNLISTED


@pytest.mark.case("KF-05")
def test_a_clock_of_1970_is_before_every_window() -> None:
    assert validity_of(roster(), SECOND.public.fingerprint, datetime(1970, 1, 1, tzinfo=UTC)) is Validity.NOT_YET_VALID


def test_a_devices_own_window_counts_though_the_roster_is_valid() -> None:
    device = Device(
        fingerprint=SECOND.public.fingerprint,
        code="D",
        person="P",
        window=Window(start=DURING - timedelta(days=2), end=DURING - timedelta(days=1)),
    )
    found = replace(roster(), people=(Person(code="P", roles=("lead",)),), devices=(device,), revoked=(), continues=())
    assert validity_of(found, device.fingerprint, DURING) is Validity.EXPIRED


@pytest.mark.parametrize("at", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2031, 5, 2, tzinfo=UTC), DURING])
def test_a_revoked_device_may_not_write_whatever_its_clock_says(at: datetime) -> None:
    assert validity_of(roster(), OLD.public.fingerprint, at) is Validity.REVOKED


def log_of(size: int) -> MerkleTree:
    return MerkleTree([leaf_hash(bytes([place])) for place in range(size)])


def head_of(size: int, root: bytes | None = None) -> Checkpoint:
    return Checkpoint(origin=origin_of(OLD.public), size=size, root=root or log_of(size).root())


def seen_head(size: int, *since: int, of: int | None = None) -> SeenHead:
    """A head of the honest log, or of one that parts from it after `of` entries, with proofs from earlier sizes."""
    if of is None:
        return SeenHead(size=size, root=log_of(size).root(), growth=grow(log_of(size), since))
    forked = MerkleTree([leaf_hash(bytes([place])) for place in [*range(of), *(250 for _ in range(of, size))]])
    return SeenHead(size=size, root=forked.root(), growth=grow(forked, since))


def taken_back(size: int, root: bytes) -> Roster:
    return roster(revoked=[SOURCE["revoked"][0] | {"size": size, "root": root.hex()}])


def test_a_revoked_device_is_believed_at_the_state_that_the_organisation_names_and_not_beyond() -> None:
    found, old = taken_back(9, log_of(9).root()), OLD.public.fingerprint
    assert belief_in(found, old, head_of(9), ()) is Belief.BELIEVED
    assert belief_in(found, old, head_of(9, bytes(32)), ()) is Belief.REVOKED
    assert belief_in(found, old, head_of(10), [seen_head(10)]) is Belief.REVOKED
    assert belief_in(found, NEW.public.fingerprint, head_of(10_000, bytes(32)), ()) is Belief.BELIEVED


@pytest.mark.parametrize(
    ("seen", "belief"),
    [
        ((), Belief.UNPROVED),
        ((seen_head(5),), Belief.BELIEVED),
        ((seen_head(9, 5),), Belief.BELIEVED),
        ((seen_head(7, 3, 5),), Belief.BELIEVED),
        ((seen_head(4),), Belief.UNPROVED),
        ((seen_head(7, 3),), Belief.UNPROVED),
        ((seen_head(12, 5),), Belief.UNPROVED),
        ((seen_head(9, 5, of=6),), Belief.UNPROVED),
        ((seen_head(7, 5, of=2),), Belief.UNPROVED),
    ],
)
def test_an_earlier_state_of_a_revoked_device_is_believed_only_with_a_proof(
    seen: tuple[SeenHead, ...], belief: Belief
) -> None:
    found = taken_back(9, log_of(9).root())
    assert belief_in(found, OLD.public.fingerprint, head_of(5), seen) is belief


def test_a_device_of_which_nothing_is_believed_has_the_root_of_an_empty_log() -> None:
    found = roster(revoked=[SOURCE["revoked"][0] | {"size": 0, "root": EMPTY_ROOT}])
    assert belief_in(found, OLD.public.fingerprint, head_of(1), [seen_head(1)]) is Belief.REVOKED


def test_a_device_is_one_persons_and_continues_the_first() -> None:
    found = roster()
    assert getattr(person_of(found, NEW.public.fingerprint), "code", None) == "I-04"
    assert person_of(found, OTHER.public.fingerprint) is None
    assert getattr(first_of(found, NEW.public.fingerprint), "code", None) == "I-04-D1"
    assert getattr(first_of(found, SECOND.public.fingerprint), "code", None) == "A-02-D1"
    assert first_of(found, OTHER.public.fingerprint) is None


def test_staff_are_the_people_on_devices_that_were_not_taken_back() -> None:
    assert {person.code for person in staff_of(roster()).values()} == {"I-04", "A-02"}
    assert OLD.public.fingerprint not in staff_of(roster())


def test_somebody_else_with_a_role_is_never_oneself() -> None:
    found = roster()
    assert [one.code for one in others_with(found, "approver", NEW.public.fingerprint)] == ["A-02"]
    assert others_with(found, "approver", SECOND.public.fingerprint) == ()
