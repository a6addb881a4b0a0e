"""The second person: demanded where the roster names one, for exactly what they saw, and nobody for themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    details_of,
    kinds_of,
    make_vault,
    recorded,
    redaction_log,
    walk_through_all,
)
from roster_world import digits, revoked, window, written

from testimony.approval import parse_request
from testimony.errors import ApprovalError
from vault.approvals import request_approval, subject_of, take_approval
from vault.check import check_vault
from vault.errors import AlreadyImportedError, PolicyError
from vault.handover import Handover, prepare, seal
from vault.review import save_walk, walk_of
from vault.rosters import accept_roster
from vault.second_person import give_approval
from vault.store import Vault


@dataclass(frozen=True, kw_only=True)
class Team:
    """A laptop that seals, a colleague who may approve, one who may not, their desk, and a body."""

    field: Vault
    second: Vault
    third: Vault
    desk: Vault
    body: Vault
    record_id: str
    folder: Path

    def roster(self, number: int = 1, second: tuple[str, ...] = ("approver",), **more: object) -> bytes:
        staff = {
            "I-04": (("approver", "interviewer"), (self.field,)),
            "A-02": (second, (self.second,)),
            "I-05": (("interviewer",), (self.third,)),
        }
        return written(self.desk, number, staff, **more)

    def ready(self, **more: object) -> Handover:
        walk_through_all(self.field)
        return prepare(self.field, to=BODY, purpose=PURPOSE, **more)  # type: ignore[arg-type]

    def approved(self, ready: Handover) -> bytes:
        subject = parse_request(request_approval(self.field, ready))
        return give_approval(self.second, subject, subject.digits)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with (
        make_vault(tmp_path, "desk") as desk,
        make_vault(tmp_path, "field-1", prefix="ONE") as field,
        make_vault(tmp_path, "second") as second,
        make_vault(tmp_path, "third") as third,
        make_vault(tmp_path, BODY, "legal") as body,
    ):
        acquaint(desk, field, second, third, body)
        record_id = recorded(field)
        made = Team(desk=desk, field=field, second=second, third=third, body=body, record_id=record_id, folder=tmp_path)
        roster = made.roster()
        for vault in (field, second, third):
            accept_roster(vault, roster)
        yield made


def refused(reason: str) -> "pytest.RaisesContext[PolicyError]":
    return pytest.raises(PolicyError, match=f"^policy: {reason}(:|$)")


def test_the_first_bundle_for_a_body_needs_a_second_person(team: Team) -> None:
    ready = team.ready()
    size = team.field.log_state.size
    with refused("approval-needed"):
        seal(team.field, ready, team.folder / "out")
    assert team.field.log_state.size == size
    assert not (team.folder / "out").exists()


def test_what_a_second_person_approved_is_sealed_and_names_them(team: Team) -> None:
    ready = team.ready()
    approval = team.approved(ready)
    assert kinds_of(team.second)[-1] == "redaction.approve"
    take_approval(team.field, approval)
    assert kinds_of(team.field)[-1] == "redaction.approve"
    assert details_of(team.field, "redaction.approve")[0]["digest"] == subject_of(team.field, ready).digest.hex()
    sealed = seal(team.field, team.ready(), team.folder / "out")
    assert sealed.approvers == ("A-02",)
    rows = [row for row in redaction_log(sealed.path, team.body) if row["by"]]
    assert rows
    assert {row["approved_by"] for row in rows} == {"A-02"}
    assert check_vault(team.field).holds


def test_a_request_holds_codes_and_digests_and_not_a_word(team: Team) -> None:
    text = request_approval(team.field, team.ready()).decode("ascii").lower()
    assert [word for word in ("zaynab", "thistlewood", "mill", "quarry", "0900") if word in text] == []


def test_later_bundles_for_the_same_body_and_profile_need_nobody_and_say_that_nobody_looked(team: Team) -> None:
    take_approval(team.field, team.approved(team.ready()))
    seal(team.field, team.ready(), team.folder / "out")
    recorded(team.field)
    assert seal(team.field, team.ready(), team.folder / "out").approvers == ()


def test_another_profile_needs_a_second_person_again(team: Team) -> None:
    take_approval(team.field, team.approved(team.ready()))
    seal(team.field, team.ready(), team.folder / "out")
    with refused("approval-needed"):
        seal(team.field, team.ready(profile="lead"), team.folder / "out")


def test_an_approval_is_for_exactly_what_was_seen(team: Team) -> None:
    take_approval(team.field, team.approved(team.ready()))
    recorded(team.field, record__case_code="X7F3-9QZD")
    with refused("approval-needed"):
        seal(team.field, team.ready(), team.folder / "out")
    seal(team.field, team.ready(record_ids=[team.record_id]), team.folder / "out")


@pytest.mark.parametrize("wrong", ["", "1234", "0" * 40])
def test_nobody_signs_without_the_digits_of_the_rendition(team: Team, wrong: str) -> None:
    subject = subject_of(team.field, team.ready())
    size = team.second.log_state.size
    with refused("approval-digits"):
        give_approval(team.second, subject, wrong)
    with refused("approval-digits"):
        give_approval(team.second, subject, digits(team.field))
    assert team.second.log_state.size == size


def test_only_somebody_with_the_role_can_sign(team: Team) -> None:
    subject = subject_of(team.field, team.ready())
    for vault in (team.third, team.desk):
        with refused("approval-role"):
            give_approval(vault, subject, subject.digits)


def test_nobody_approves_their_own_seal(team: Team) -> None:
    subject = subject_of(team.field, team.ready())
    with refused("approval-own"):
        give_approval(team.field, subject, subject.digits)


def test_two_devices_of_one_person_are_one_person(team: Team) -> None:
    subject = subject_of(team.field, team.ready())
    one = written(team.desk, 2, {"I-04": (("approver", "interviewer"), (team.field, team.second))})
    accept_roster(team.second, one)
    with refused("approval-own"):
        give_approval(team.second, subject, subject.digits)


def test_the_role_is_asked_again_when_the_approval_is_taken_and_when_it_is_used(team: Team) -> None:
    ready = team.ready()
    approval = team.approved(ready)
    accept_roster(team.field, team.roster(2, ("interviewer",)))
    with refused("approval-role"):
        take_approval(team.field, approval)
    accept_roster(team.field, team.roster(3))
    take_approval(team.field, approval)
    third = {"A-03": (("approver",), (team.third,)), "I-04": (("interviewer",), (team.field, team.second))}
    accept_roster(team.field, written(team.desk, 4, third))
    with refused("approval-needed"):
        seal(team.field, ready, team.folder / "out")


def test_an_approver_whose_device_was_taken_back_approves_nothing(team: Team) -> None:
    approval = team.approved(team.ready())
    accept_roster(team.field, team.roster(2, revoked=[revoked(team.second)]))
    with refused("approval-role"):
        take_approval(team.field, approval)


def test_an_approver_whose_dates_are_over_approves_nothing(team: Team) -> None:
    approval = team.approved(team.ready())
    accept_roster(team.field, team.roster(2, dates=window(-9, -1)))
    with refused("approval-role"):
        take_approval(team.field, approval)


def test_an_approval_for_another_device_is_refused(team: Team) -> None:
    approval = team.approved(team.ready())
    with refused("approval-device"):
        take_approval(team.third, approval)


def test_a_forged_or_repeated_approval_is_refused(team: Team) -> None:
    approval = team.approved(team.ready())
    with pytest.raises(ApprovalError):
        take_approval(team.field, approval.replace(b"A-02", b"A-03"))
    take_approval(team.field, approval)
    size = team.field.log_state.size
    with pytest.raises(AlreadyImportedError):
        take_approval(team.field, approval)
    assert team.field.log_state.size == size


def test_where_the_roster_names_nobody_else_nothing_is_demanded(team: Team) -> None:
    accept_roster(team.field, team.roster(2, ("interviewer",)))
    assert seal(team.field, team.ready(), team.folder / "out").approvers == ()


def test_without_a_roster_nothing_is_demanded_and_the_seal_says_that_nobody_looked(team: Team) -> None:
    recorded(team.desk)
    walk_through_all(team.desk)
    sealed = seal(team.desk, prepare(team.desk, to=BODY, purpose=PURPOSE), team.folder / "out")
    assert sealed.approvers == ()
    assert {row["approved_by"] for row in redaction_log(sealed.path, team.body)} == {""}


def test_what_was_hidden_before_is_shown_only_after_a_second_person_looked_again(team: Team) -> None:
    def prepared() -> Handover:
        return prepare(team.field, to=BODY, purpose=PURPOSE)

    team.ready()
    walk = walk_of(team.field, team.record_id, to=BODY, purpose=PURPOSE)
    save_walk(team.field, walk.hiding_words("account.text/0", "Two cars", "SOURCE"))
    take_approval(team.field, team.approved(prepared()))
    assert seal(team.field, prepared(), team.folder / "out").approvers == ("A-02",)
    save_walk(team.field, walk)
    size = team.field.log_state.size
    with refused("approval-lifts"):
        seal(team.field, prepared(), team.folder / "out")
    assert team.field.log_state.size == size
    take_approval(team.field, team.approved(prepared()))
    assert seal(team.field, prepared(), team.folder / "out").approvers == ("A-02",)
