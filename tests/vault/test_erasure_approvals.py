"""The second person of an erasure: by the roster, with a signature on exactly what was asked for; else a typed code."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from practice_vaults import acquaint, details_of, interview_bytes, kinds_of, make_vault, recorded
from roster_world import digits, revoked, written

from testimony.erasure_approval import parse_erasure_request
from vault.check import check_vault
from vault.corrections import correct
from vault.erasure import approve_erasure, erase, request_erasure
from vault.erasure_approvals import erasure_to_approve, take_erasure_approval
from vault.errors import AlreadyImportedError, NotFoundError, PolicyError
from vault.holds import clear_hold, set_hold
from vault.rosters import accept_roster
from vault.second_person import give_approval
from vault.store import Vault
from vault.tombstones import tombstone_of


@dataclass(frozen=True, kw_only=True)
class Team:
    """A laptop with a record whose erasure was asked for, two colleagues, and the desk that signs the roster."""

    field: Vault
    second: Vault
    third: Vault
    desk: Vault
    record_id: str

    def roster(self, number: int, second: tuple[str, ...] = ("approver",), **more: object) -> None:
        staff = {
            "I-04": (("approver", "interviewer"), (self.field,)),
            "A-02": (second, (self.second,)),
            "A-03": (("interviewer",), (self.third,)),
        }
        data = written(self.desk, number, staff, **more)
        for vault in (self.field, self.second, self.third):
            accept_roster(vault, data)

    def approval(self, by: Vault | None = None) -> bytes:
        erasure = parse_erasure_request(erasure_to_approve(self.field, self.record_id).to_text())
        return give_approval(by or self.second, erasure, erasure.digits)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with (
        make_vault(tmp_path, "desk") as desk,
        make_vault(tmp_path, "field-1", prefix="ONE") as field,
        make_vault(tmp_path, "second") as second,
        make_vault(tmp_path, "third") as third,
    ):
        acquaint(desk, field, second, third)
        record_id = recorded(field)
        made = Team(desk=desk, field=field, second=second, third=third, record_id=record_id)
        made.roster(1)
        request_erasure(field, record_id, "withdrawn")
        yield made


def refused(reason: str) -> "pytest.RaisesContext[PolicyError]":
    return pytest.raises(PolicyError, match=f"^policy: {reason}(:|$)")


def test_a_record_is_erased_after_the_second_person_signed_for_it(team: Team) -> None:
    for code in ("A-02", "A-03", "I-77"):
        with refused("erase-unsigned"):
            approve_erasure(team.field, team.record_id, code)
    with refused("erase-not-approved"):
        erase(team.field, team.record_id)
    digest = erasure_to_approve(team.field, team.record_id).digest.hex()
    approval = take_erasure_approval(team.field, team.approval())
    assert (approval.approver, kinds_of(team.second)[-1]) == ("A-02", "redaction.approve")
    (said,) = details_of(team.field, "erase.approve")
    assert said == {"scope": "erase", "reason": "withdrawn", "approval": digest, "salt": said["salt"]}
    (line,) = team.field.read("SELECT line FROM custody WHERE kind = 'erase.approve'")
    assert b'"actor":"A-02"' in line[0]
    erase(team.field, team.record_id)
    assert tombstone_of(team.field.read_one, team.record_id) is not None
    for vault in (team.field, team.second):
        assert check_vault(vault).holds


def test_the_approval_holds_no_word_and_cannot_be_kept_for_another_request(team: Team) -> None:
    approval = team.approval()
    words = (b"zaynab", b"thistlewood", b"mill", b"quarry")
    assert [word for word in words if word in approval.lower()] == []
    take_erasure_approval(team.field, approval)
    with pytest.raises(AlreadyImportedError):
        take_erasure_approval(team.field, approval)
    # Another record, asked for by another line.
    other = recorded(team.field)
    with refused("erase-not-asked"):
        erasure_to_approve(team.field, other)
    request_erasure(team.field, other, "withdrawn")
    with refused("erase-not-approved"):
        erase(team.field, other)


def test_a_correction_since_the_approval_needs_another_one(team: Team) -> None:
    approval = team.approval()
    correct(team.field, team.record_id, interview_bytes(account__mode="verbatim"), "other")
    with refused("erase-not-asked"):
        take_erasure_approval(team.field, approval)
    take_erasure_approval(team.field, team.approval())
    correct(team.field, team.record_id, interview_bytes(account__mode="summary"), "other")
    with refused("erase-unsigned"):
        erase(team.field, team.record_id)
    take_erasure_approval(team.field, team.approval())
    erase(team.field, team.record_id)


def test_nobody_signs_without_the_digits_the_role_or_for_their_own_request(team: Team) -> None:
    erasure = erasure_to_approve(team.field, team.record_id)
    for wrong in ("", "1234", digits(team.field)):
        with refused("approval-digits"):
            give_approval(team.second, erasure, wrong)
    for vault, reason in ((team.third, "role"), (team.desk, "role"), (team.field, "own")):
        with refused(f"approval-{reason}"):
            team.approval(vault)


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize("how", ["revoked", "role"])
def test_who_may_not_approve_any_more_approves_no_erasure(team: Team, taken: bool, how: str) -> None:
    approval = team.approval()
    if taken:
        take_erasure_approval(team.field, approval)
    staff = {"I-04": (("interviewer",), (team.field,)), "A-02": (("approver",), (team.second,))}
    staff |= {"A-03": (("approver",), (team.third,))}
    gone = {"revoked": [revoked(team.second)]} if how == "revoked" else {}
    if how == "role":
        staff["A-02"] = (("interviewer",), (team.second,))
    roster = written(team.desk, 2, staff, **gone)
    for vault in (team.field, team.third):
        accept_roster(vault, roster)
    if not taken:
        with refused("approval-role"):
            take_erasure_approval(team.field, approval)
        return
    with refused("erase-unsigned"):
        erase(team.field, team.record_id)
    take_erasure_approval(team.field, team.approval(team.third))
    erase(team.field, team.record_id)


def test_a_hold_stops_a_signed_approval_too(team: Team) -> None:
    approval = team.approval()
    set_hold(team.field, team.record_id, "court-a", "order-7")
    with refused("held"):
        take_erasure_approval(team.field, approval)
    clear_hold(team.field, team.record_id, "court-a", "order-9")
    take_erasure_approval(team.field, approval)


def test_an_approval_for_another_device_is_refused(team: Team) -> None:
    approval = team.approval()
    with pytest.raises(NotFoundError):
        take_erasure_approval(team.third, approval)


def test_where_the_roster_names_nobody_who_signs_a_typed_code_is_of_somebody_it_names(team: Team) -> None:
    team.roster(2, ("interviewer",), revoked=[revoked(team.third)])
    for code, reason in (("I-77", "second-unknown"), ("A-03", "second-unknown"), ("I-04", "same-person")):
        with refused(reason):
            approve_erasure(team.field, team.record_id, code)
    approve_erasure(team.field, team.record_id, "A-02")
    erase(team.field, team.record_id)


def test_a_code_typed_before_there_was_a_roster_is_not_enough_under_one(team: Team) -> None:
    record_id = recorded(team.desk)
    request_erasure(team.desk, record_id, "mistake")
    approve_erasure(team.desk, record_id, "I-77")
    staff = {"D-01": (("approver",), (team.desk,)), "A-02": (("approver",), (team.second,))}
    written(team.desk, 2, staff)
    with refused("erase-unsigned"):
        erase(team.desk, record_id)
