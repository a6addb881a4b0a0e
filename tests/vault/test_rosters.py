"""Rosters in vaults: who may say what about whom, and what expiry and revocation stop and never stop."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    details_of,
    interview_bytes,
    kinds_of,
    make_vault,
    receive,
    recorded,
    walk_through_all,
)
from roster_world import ShiftedClock, continues, digits, revoked, since_1970, source, window, written

from keys.identity import Identity
from testimony.card import Card
from testimony.custody.growth import Standing
from testimony.errors import CustodyError, RosterError
from testimony.roster_source import roster_from
from vault.check import check_vault
from vault.contacts import Contact, add_contact, contact, list_contacts
from vault.drafts import load_draft, new_draft, save_draft
from vault.entitlement import add_vouched, overrule
from vault.errors import AlreadyImportedError, ContactError, PolicyError
from vault.handover import Sealed, prepare, seal
from vault.notices import import_notice, withdrawn_sources
from vault.records import finish, get_record, list_records, new_from_interview
from vault.rosters import accept_roster, governing, rosters_in_force, write_roster
from vault.store import Vault
from vault.withdrawal import Wish, withdraw


@dataclass(frozen=True, kw_only=True)
class Team:
    """An organisation's desk, its laptop, a second laptop, and a body: nobody knows the laptops but the desk."""

    desk: Vault
    field: Vault
    second: Vault
    body: Vault
    folder: Path

    def roster(self, number: int = 1, **more: object) -> bytes:
        staff = {"I-04": (("interviewer",), (self.field, self.second))}
        return written(self.desk, number, staff, **more)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with (
        make_vault(tmp_path, "desk") as desk,
        make_vault(tmp_path, "field-1", prefix="ONE") as field,
        make_vault(tmp_path, "field-2", prefix="TWO") as second,
        make_vault(tmp_path, BODY, "legal") as body,
    ):
        for vault in (field, second):
            acquaint_one_way(vault, desk)
            acquaint_one_way(vault, body)
        acquaint_one_way(body, desk)
        yield Team(desk=desk, field=field, second=second, body=body, folder=tmp_path)


def acquaint_one_way(vault: Vault, other: Vault) -> None:
    add_contact(vault, other.card(), digits(other))


def sealed_by(vault: Vault, folder: Path) -> Sealed:
    walk_through_all(vault)
    return seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), folder / f"out-{vault.settings.code}")


def refused(reason: str) -> "pytest.RaisesContext[PolicyError]":
    return pytest.raises(PolicyError, match=f"^policy: {reason}(:|$)")


def test_a_roster_is_accepted_logged_and_in_force(team: Team) -> None:
    data = team.roster()
    before = team.field.log_state.size
    accepted = accept_roster(team.field, data)
    assert (accepted.own, accepted.name) == (True, "desk-D1/1")
    assert kinds_of(team.field, before) == ["roster.accept", "staff.add", "staff.add"]
    assert {entry["role"] for entry in details_of(team.field, "staff.add")} == {"interviewer"}
    assert rosters_in_force(team.field) == (accepted,)
    assert governing(team.field) == accepted
    assert check_vault(team.field).holds


def test_the_vault_that_writes_a_roster_has_it_in_force_and_is_not_governed_by_it(team: Team) -> None:
    team.roster()
    assert [one.name for one in rosters_in_force(team.desk)] == ["desk-D1/1"]
    assert governing(team.desk) is None
    with refused("roster-number"):
        written(team.desk, 1, {"I-04": (("lead",), ())})


def test_only_a_compared_organisation_can_be_first(team: Team, tmp_path: Path) -> None:
    with make_vault(tmp_path, "stranger") as stranger:
        data = written(stranger, 1, {"I-04": (("interviewer",), (team.field,))})
    size = team.field.log_state.size
    with refused("roster-unknown"):
        accept_roster(team.field, data)
    assert team.field.log_state.size == size


def test_only_higher_numbers_are_accepted(team: Team) -> None:
    first, third, second = team.roster(1), team.roster(3), source(2, {"I-04": (("lead",), (team.field,))})
    accept_roster(team.field, third)
    size = team.field.log_state.size
    with refused("roster-number"):
        accept_roster(team.field, first)
    with refused("roster-number"):
        write_roster(team.desk, second)
    with pytest.raises(AlreadyImportedError):
        accept_roster(team.field, third)
    assert team.field.log_state.size == size
    assert [one.roster.number for one in rosters_in_force(team.field)] == [3]


def test_another_roster_of_the_same_number_is_refused(team: Team, tmp_path: Path) -> None:
    accept_roster(team.field, team.roster(1))
    twin = Card(kind="device", code="desk-D1", practice=True, public=team.desk.identity.public)
    other = roster_from(source(1, {"I-09": (("lead",), (team.field,))}), twin).to_text(team.desk.identity)
    with refused("roster-number"):
        accept_roster(team.field, other)


def test_a_forged_roster_is_refused(team: Team) -> None:
    data = team.roster()
    stranger = Identity.generate()
    card = Card(kind="device", code="desk-D1", practice=True, public=stranger.public)
    forged = roster_from(source(1, {"I-04": (("lead",), (team.field,))}), card).to_text(stranger)
    with refused("roster-unknown"):
        accept_roster(team.field, forged)
    swapped = data.replace(b"interviewer", b"approver", 1)
    with pytest.raises(RosterError):
        accept_roster(team.field, swapped)


def test_an_organisation_that_signs_under_another_code_is_refused(team: Team) -> None:
    card = Card(kind="device", code="other-desk", practice=True, public=team.desk.identity.public)
    renamed = roster_from(source(1, {"I-04": (("lead",), (team.field,))}), card).to_text(team.desk.identity)
    with pytest.raises(RosterError):
        accept_roster(team.field, renamed)


def test_a_real_roster_is_refused_in_a_practice_vault(team: Team) -> None:
    card = Card(kind="device", code="desk-D1", practice=False, public=team.desk.identity.public)
    real = roster_from(source(1, {"I-04": (("lead",), (team.field,))}), card).to_text(team.desk.identity)
    with refused("practice-mismatch"):
        accept_roster(team.field, real)


def test_no_organisation_speaks_about_a_device_of_another(team: Team) -> None:
    accept_roster(team.field, team.roster())
    theirs = written(team.body, 1, {"X": (("lead",), (team.second,))}, revoked=[revoked(team.second)])
    with refused("roster-other-organisation"):
        accept_roster(team.field, theirs)
    ours = written(team.body, 2, {"X": (("lead",), (team.field,))})
    with refused("roster-other-organisation"):
        accept_roster(team.field, ours)


def test_nobody_takes_a_device_over_that_its_organisation_left_out(team: Team) -> None:
    accept_roster(team.field, team.roster(1))
    accept_roster(team.field, written(team.desk, 2, {"I-05": (("lead",), (team.second,))}))
    with refused("roster-other-organisation"):
        accept_roster(team.field, written(team.body, 1, {"X": (("lead",), (team.field,))}))
    with refused("device-unlisted"):
        new_draft(team.field, language="eng")


def test_each_change_of_staff_between_two_numbers_is_in_the_log(team: Team) -> None:
    accept_roster(team.field, team.roster(1))
    before = team.field.log_state.size
    staff = {"I-04": (("interviewer", "lead"), (team.field,)), "I-05": (("lead",), (team.second,))}
    accept_roster(team.field, written(team.desk, 2, staff))
    assert sorted(kinds_of(team.field, before)[1:]) == ["staff.add", "staff.add", "staff.disable", "staff.disable"]
    accept_roster(team.field, written(team.desk, 3, staff, revoked=[revoked(team.second, "stolen")]))
    gone = details_of(team.field, "staff.disable")[-1]
    assert (gone["staff"], gone["reason"]) == ("I-05", "stolen")
    before = team.field.log_state.size
    accept_roster(team.field, written(team.desk, 4, staff, revoked=[revoked(team.second, "stolen")]))
    assert kinds_of(team.field, before) == ["roster.accept"]


@pytest.mark.case("KF-05")
@pytest.mark.parametrize(("dates", "reason"), [((-9, -1), "device-expired"), ((1, 9), "device-not-yet-valid")])
def test_outside_the_rosters_dates_nothing_is_written_and_everything_is_read(
    team: Team, dates: tuple[int, int], reason: str
) -> None:
    record_id, draft = recorded(team.field), new_from_interview(team.field, interview_bytes())
    walk_through_all(team.field)
    accept_roster(team.field, team.roster(dates=window(*dates)))
    size = team.field.log_state.size
    with refused(reason):
        new_draft(team.field, language="eng")
    with refused(reason):
        finish(team.field, draft)
    ready = prepare(team.field, to=BODY, purpose=PURPOSE, record_ids=[record_id])
    with refused(reason):
        seal(team.field, ready, team.folder / "out")
    assert team.field.log_state.size == size
    assert not (team.folder / "out").exists()
    assert team.field.read("SELECT * FROM bundles") == []
    assert get_record(team.field, record_id).record is not None
    assert len(list_records(team.field)) == 2
    save_draft(team.field, draft, load_draft(team.field, draft))
    assert check_vault(team.field).holds


@pytest.mark.case("KF-05")
def test_a_clock_of_1970_stops_writing_until_a_person_overrules_it_and_the_record_says_so(team: Team) -> None:
    accept_roster(team.field, team.roster())
    team.field.clock = since_1970()
    with refused("device-not-yet-valid"):
        new_draft(team.field, language="eng")
    overrule(team.field, "clock-unset")
    before = team.field.log_state.size
    record_id = recorded(team.field)
    assert kinds_of(team.field, before)[:2] == ["record.create", "roster.overrule"]
    (said, begun, finished) = details_of(team.field, "roster.overrule")
    assert said == {"number": 1, "rule": "not-yet-valid", "reason": "clock-unset"}
    assert begun == finished == {"number": 1, "rule": "not-yet-valid"}
    about = team.field.read("SELECT object FROM custody WHERE kind = 'roster.overrule' ORDER BY seq")
    assert about == [("desk-D1",), (record_id,), (record_id,)]


def test_what_was_overruled_is_over_with_the_next_number(team: Team) -> None:
    accept_roster(team.field, team.roster(1, dates=window(-9, -1)))
    overrule(team.field, "no-courier")
    new_draft(team.field, language="eng")
    accept_roster(team.field, team.roster(2, dates=window(-9, -1)))
    with refused("device-expired"):
        new_draft(team.field, language="eng")


def test_only_the_date_that_was_overruled_is_passed_over(team: Team) -> None:
    accept_roster(team.field, team.roster(1, dates=window(-9, -1)))
    overrule(team.field, "no-courier")
    team.field.clock = since_1970()
    with refused("device-not-yet-valid"):
        new_draft(team.field, language="eng")


def test_an_overruling_travels_with_the_bundle_and_its_log_still_verifies(team: Team) -> None:
    accept_roster(team.body, team.roster(1))
    recorded(team.field)
    accept_roster(team.field, team.roster(2, dates=window(-9, -1)))
    overrule(team.field, "no-courier")
    intake = receive(team.body, sealed_by(team.field, team.folder).path)
    intake.raise_failure()
    log = intake.examination.contents
    assert log is not None
    kinds = [entry.kind for entry in log.custody.carried.entries]
    assert kinds[-2:] == ["bundle.seal", "roster.overrule"]


@pytest.mark.parametrize("reason", ["a reason in words", "سبب"])
def test_a_reason_is_a_code(team: Team, reason: str) -> None:
    accept_roster(team.field, team.roster(1, dates=window(-9, -1)))
    with pytest.raises(CustodyError):
        overrule(team.field, reason)
    assert governing(team.field).overruled == ""  # type: ignore[union-attr]


def test_there_is_nothing_to_overrule_where_no_date_stands_in_the_way(team: Team) -> None:
    with refused("nothing-to-overrule"):
        overrule(team.field, "why-not")
    accept_roster(team.field, team.roster())
    with refused("nothing-to-overrule"):
        overrule(team.field, "why-not")


def test_a_revoked_device_writes_nothing_and_nobody_can_overrule_it(team: Team) -> None:
    record_id = recorded(team.field)
    accept_roster(team.field, team.roster(revoked=[revoked(team.field)]))
    for clock in (team.field.clock, ShiftedClock(by=since_1970().by)):
        team.field.clock = clock
        with refused("device-revoked"):
            new_draft(team.field, language="eng")
        with refused("nothing-to-overrule"):
            overrule(team.field, "please")
    assert get_record(team.field, record_id).record is not None


@pytest.mark.case("KF-05")
def test_nothing_is_sealed_for_keys_that_expired_unless_a_person_overrules_it(team: Team) -> None:
    recorded(team.field)
    accept_roster(team.field, written(team.body, 1, {"L-01": (("legal",), (team.body,))}, dates=window(-9, -1)))
    assert governing(team.field) is None
    with refused("recipient-expired"):
        sealed_by(team.field, team.folder)
    with refused("nothing-to-overrule"):
        overrule(team.field, "no-answer")
    overrule(team.field, "no-answer", BODY)
    sealed_by(team.field, team.folder)
    assert kinds_of(team.field)[-3:] == ["bundle.seal", "roster.overrule", "bundle.handover"]


@pytest.mark.case("KF-05")
def test_nothing_is_sealed_for_keys_that_were_taken_back(team: Team) -> None:
    recorded(team.field)
    staff = {"L-01": (("legal",), (team.body,))}
    accept_roster(team.field, written(team.body, 1, staff, revoked=[revoked(team.body, "compromised")]))
    with refused("recipient-revoked"):
        sealed_by(team.field, team.folder)
    with refused("nothing-to-overrule"):
        overrule(team.field, "please", BODY)


def test_a_bundle_of_a_listed_device_is_taken_in_by_the_word_of_its_organisation(team: Team) -> None:
    recorded(team.field)
    bundle = sealed_by(team.field, team.folder).path
    assert receive(team.body, bundle).failure is not None
    accept_roster(team.body, team.roster())
    intake = receive(team.body, bundle)
    intake.raise_failure()
    assert (str(intake.verdict), intake.vouched_by) == ("pinned", "desk-D1/1")
    assert team.body.read("SELECT sender FROM received_bundles") == [("desk-D1/field-1-D1",)]
    assert check_vault(team.body).holds


def test_a_sender_whose_digits_were_compared_needs_nobodys_word(team: Team) -> None:
    acquaint_one_way(team.body, team.field)
    recorded(team.field)
    accept_roster(team.body, team.roster())
    assert receive(team.body, sealed_by(team.field, team.folder).path).vouched_by == ""
    assert team.body.read("SELECT sender FROM received_bundles") == [("field-1-D1",)]


def test_a_device_that_was_left_out_is_unknown_again(team: Team) -> None:
    recorded(team.field)
    accept_roster(team.body, team.roster(1))
    accept_roster(team.body, written(team.desk, 2, {"I-04": (("interviewer",), (team.second,))}))
    failure = receive(team.body, sealed_by(team.field, team.folder).path).failure
    assert getattr(failure, "reason", None) == "unknown-signer"


@pytest.mark.parametrize("compared", [False, True])
@pytest.mark.parametrize(("size", "root"), [(3, None), (None, "0c" * 32)])
def test_a_bundle_from_after_a_revocation_is_refused_with_its_class(
    team: Team, compared: bool, size: int | None, root: str | None
) -> None:
    if compared:
        acquaint_one_way(team.body, team.field)
    recorded(team.field)
    bundle = sealed_by(team.field, team.folder).path
    # The handing over is logged after the checkpoint that the bundle carries.
    size = size or team.field.log_state.size - 1
    gone = [revoked(team.field, "stolen", size, root)]
    accept_roster(team.body, team.roster(revoked=gone))
    before = team.body.log_state.size
    failure = receive(team.body, bundle).failure
    assert isinstance(failure, PolicyError)
    assert (failure.reason, failure.where) == ("sender-revoked", "stolen")
    assert kinds_of(team.body, before) == ["bundle.verify"]
    assert team.body.read("SELECT * FROM received_records") == []


def test_a_bundle_from_before_a_revocation_is_accepted_once_a_later_one_proves_it(team: Team) -> None:
    recorded(team.field)
    early = sealed_by(team.field, team.folder).path
    later = sealed_by(team.field, team.folder).path
    size, root = team.field.read("SELECT size, root FROM checkpoints ORDER BY size DESC LIMIT 1")[0]
    accept_roster(team.body, team.roster(revoked=[revoked(team.field, "lost", size, root.hex())]))
    failure = receive(team.body, early).failure
    assert isinstance(failure, PolicyError)
    assert (failure.reason, failure.where) == ("sender-unproved", "lost")
    assert team.body.read("SELECT * FROM received_records") == []
    receive(team.body, later).raise_failure()
    receive(team.body, early).raise_failure()


def test_a_bundle_that_was_here_before_the_revocation_is_still_known(team: Team) -> None:
    recorded(team.field)
    bundle = sealed_by(team.field, team.folder).path
    accept_roster(team.body, team.roster())
    receive(team.body, bundle).raise_failure()
    accept_roster(team.body, team.roster(2, revoked=[revoked(team.field)]))
    assert [one.outcome for one in receive(team.body, bundle).outcomes] == ["already"]


def test_the_state_that_the_revocation_names_is_accepted_itself(team: Team) -> None:
    recorded(team.field)
    bundle = sealed_by(team.field, team.folder).path
    size, root = team.field.read("SELECT size, root FROM checkpoints ORDER BY size DESC LIMIT 1")[0]
    accept_roster(team.body, team.roster(revoked=[revoked(team.field, "lost", size, root.hex())]))
    receive(team.body, bundle).raise_failure()


def test_a_device_that_continues_a_lost_one_is_the_same_sender_with_a_log_of_its_own(team: Team) -> None:
    acquaint_one_way(team.body, team.field)
    recorded(team.field)
    receive(team.body, sealed_by(team.field, team.folder).path).raise_failure()
    gone = [revoked(team.field)]
    accept_roster(team.body, team.roster(revoked=gone, continues=continues([(team.second, team.field)])))
    recorded(team.second)
    intake = receive(team.body, sealed_by(team.second, team.folder).path)
    intake.raise_failure()
    assert (intake.vouched_by, intake.standing) == ("desk-D1/1", Standing.FIRST)
    rows = team.body.read("SELECT sender, custody_origin FROM received_bundles")
    assert {sender for sender, _ in rows} == {"field-1-D1"}
    assert len({origin for _, origin in rows}) == 2


def test_a_card_can_be_added_by_the_word_of_a_roster_and_says_so(team: Team) -> None:
    accept_roster(team.field, team.roster())
    added = add_vouched(team.field, team.second.card())
    assert added.vouched_by == "desk-D1/1"
    assert details_of(team.field, "contact.add")[-1]["vouched"] == "desk-D1/1"
    assert contact(team.field, "field-2-D1") == added
    acquaint_one_way(team.field, team.second)
    assert contact(team.field, "field-2-D1").vouched_by == ""
    assert add_vouched(team.field, team.second.card()).vouched_by == ""
    assert check_vault(team.field).holds


def listed_body(team: Team) -> tuple[bytes, bytes]:
    return written(team.desk, 1, {"I-04": (("lead",), (team.body,))}), team.body.card()


def unlisted(team: Team) -> tuple[bytes, bytes]:
    return written(team.desk, 1, {"I-04": (("lead",), ())}), team.second.card()


def taken_back(team: Team) -> tuple[bytes, bytes]:
    return team.roster(revoked=[revoked(team.second)]), team.second.card()


def expired(team: Team) -> tuple[bytes, bytes]:
    return team.roster(dates=window(-9, -1)), team.second.card()


def renamed(team: Team) -> tuple[bytes, bytes]:
    card = Card(kind="device", code="court-a", practice=True, public=team.second.identity.public)
    return team.roster(), card.to_text(team.second.identity)


@pytest.mark.parametrize("make", [listed_body, unlisted, taken_back, expired, renamed])
def test_a_roster_vouches_only_for_a_device_that_may_work_now_under_its_code(team: Team, make: object) -> None:
    data, card = make(team)  # type: ignore[operator]
    accept_roster(team.field, data)
    with refused("not-vouched"):
        add_vouched(team.field, card)


def test_an_organisation_that_only_a_roster_vouches_for_cannot_write_rosters(team: Team) -> None:
    accept_roster(team.field, team.roster())
    add_vouched(team.field, team.second.card())
    with refused("roster-unknown"):
        accept_roster(team.field, written(team.second, 1, {"X": (("lead",), ())}))


def test_a_vaults_own_card_is_no_contact(team: Team) -> None:
    accept_roster(team.field, team.roster())
    with pytest.raises(ContactError):
        add_vouched(team.field, team.field.card())
    assert all(isinstance(one, Contact) for one in list_contacts(team.field))


def withdrawn_by(team: Team, record_id: str) -> Path:
    (notice,) = withdraw(team.field, record_id, Wish(asks="stop-sharing"), team.folder).notices
    return notice


@pytest.mark.parametrize("meanwhile", ["nothing", "vouched", "compared"])
def test_a_withdrawal_reaches_what_came_by_the_word_of_a_roster(team: Team, meanwhile: str) -> None:
    record_id = recorded(team.field)
    accept_roster(team.body, team.roster())
    receive(team.body, sealed_by(team.field, team.folder).path).raise_failure()
    if meanwhile == "vouched":
        add_vouched(team.body, team.field.card())
    if meanwhile == "compared":
        acquaint_one_way(team.body, team.field)
    import_notice(team.body, withdrawn_by(team, record_id))
    assert len(withdrawn_sources(team.body)) == 1


def test_a_withdrawal_by_a_device_that_nobody_vouches_for_any_more_is_refused(team: Team) -> None:
    record_id = recorded(team.field)
    accept_roster(team.body, team.roster(1))
    receive(team.body, sealed_by(team.field, team.folder).path).raise_failure()
    accept_roster(team.body, written(team.desk, 2, {"I-04": (("interviewer",), (team.second,))}))
    with refused("unknown-signer"):
        import_notice(team.body, withdrawn_by(team, record_id))


def test_a_sender_keeps_its_name_when_its_card_is_compared_later(team: Team) -> None:
    recorded(team.field)
    accept_roster(team.body, team.roster())
    receive(team.body, sealed_by(team.field, team.folder).path).raise_failure()
    acquaint_one_way(team.body, team.field)
    recorded(team.field)
    receive(team.body, sealed_by(team.field, team.folder).path).raise_failure()
    assert {sender for (sender,) in team.body.read("SELECT sender FROM received_bundles")} == {"desk-D1/field-1-D1"}
