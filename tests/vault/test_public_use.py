"""C15: public use needs a yes of its own and the signatures of two other people for exactly what leaves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    interview_bytes,
    make_vault,
    receive,
    recorded,
    redaction_log,
    walk_through,
)
from roster_world import revoked, written

from testimony.erasure_approval import parse_any_request
from testimony.errors import ConsentError
from vault.answers import take_request
from vault.approvals import request_approval, take_approval
from vault.check import check_vault
from vault.disclosure_requests import make_request, received_newest
from vault.errors import AlreadyImportedError
from vault.handover import Handover, prepare, seal
from vault.printing import printed_copy
from vault.records import finish, new_from_interview
from vault.review import walk_of
from vault.rosters import accept_roster
from vault.second_person import give_approval
from vault.store import Vault

PUBLIC = "public use"
YES = [{"recipient": BODY, "purpose": one, "answer": "yes"} for one in (PURPOSE, PUBLIC)]
APPROVES, RECORDS = ("approver",), ("approver", "interviewer")


@dataclass
class House:
    """A laptop that seals, two who approve, the desk that writes rosters, and a body; each test begins a record."""

    team: Vault
    second: Vault
    third: Vault
    desk: Vault
    body: Vault
    folder: Path
    rosters: int = 0
    record_id: str = field(default="")

    def staffed(self, staff: Any = None, **more: Any) -> None:
        """The next roster is in force; where nothing is said, the laptop's own person and two others approve."""
        self.rosters += 1
        everybody = {
            "A-02": (APPROVES, (self.second,)),
            "A-03": (APPROVES, (self.third,)),
            "I-04": (RECORDS, (self.team,)),
        }
        data = written(self.desk, self.rosters, staff or everybody, **more)
        for vault in (self.team, self.second, self.third):
            accept_roster(vault, data)

    def begin(self, share: list[dict[str, str]] | None = None) -> None:
        self.staffed()
        self.record_id = new_from_interview(self.team, interview_bytes(consent__share=share or YES))
        finish(self.team, self.record_id)

    def ready(self, purpose: str = PUBLIC) -> Handover:
        walk_through(self.team, self.record_id, purpose=purpose)
        return self.prepared(purpose)

    def prepared(self, purpose: str = PUBLIC) -> Handover:
        return prepare(self.team, to=BODY, purpose=purpose, record_ids=[self.record_id])

    def approve(self, ready: Handover, *approvers: Vault) -> None:
        subject = parse_any_request(request_approval(self.team, ready))
        for approver in approvers:
            take_approval(self.team, give_approval(approver, subject, subject.digits))

    def sealed(self, ready: Handover) -> Path:
        return seal(self.team, ready, self.folder / "out").path


@pytest.fixture(scope="module")
def vaults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("public")
    with (
        make_vault(folder, "desk") as desk,
        make_vault(folder, "field-1", prefix="ONE") as team,
        make_vault(folder, "second") as second,
        make_vault(folder, "third") as third,
        make_vault(folder, BODY, "legal") as body,
    ):
        acquaint(desk, team, second, third, body)
        yield House(team=team, second=second, third=third, desk=desk, body=body, folder=folder)


@pytest.fixture
def house(vaults: House) -> House:
    vaults.begin()
    return vaults


def closed(reason: str) -> "pytest.RaisesContext[ConsentError]":
    return pytest.raises(ConsentError, match=reason)


def nothing_leaves(house: House, ready: Handover) -> None:
    """Neither a bundle nor a sheet of paper, and the log does not grow."""
    size = house.team.log_state.size
    for way_out in (house.sealed, lambda one: printed_copy(house.team, one)):
        with closed("public-use-unsigned"):
            way_out(ready)
    assert house.team.log_state.size == size


def test_two_others_open_it_and_the_bundle_names_both_and_an_answer_stays_closed(house: House) -> None:
    ready = house.ready()
    house.approve(ready, house.third, house.second)
    assert "public use" in printed_copy(house.team, ready)
    path = house.sealed(ready)
    rows = redaction_log(path, house.body)
    codes = [row for row in rows if not row["by"]]
    assert codes
    assert {row["approved_by"] for row in codes} == {""}
    assert {row["approved_by"] for row in rows if row["by"]} == {"A-02 A-03"}
    assert (rows[0]["path"], rows[0]["basis"]) == ("record", "public use")
    receive(house.body, path).raise_failure()
    hidden = next(one.path for one in received_newest(house.body, house.record_id).hidden)
    asked = house.folder / "asked"
    asked.write_bytes(make_request(house.body, house.record_id, [hidden], ground="IDENTIFY", words="To find them."))
    with closed("public-use-closed"):
        take_request(house.team, asked)
    assert check_vault(house.team).holds


def test_none_or_one_or_one_twice_is_not_two(house: House) -> None:
    ready = house.ready()
    nothing_leaves(house, ready)
    house.approve(ready, house.second)
    nothing_leaves(house, ready)
    with pytest.raises(AlreadyImportedError):
        house.approve(ready, house.second)
    nothing_leaves(house, ready)


def test_an_approval_for_another_purpose_is_not_one_for_this(house: House) -> None:
    house.approve(house.ready(PURPOSE), house.second, house.third)
    nothing_leaves(house, house.ready())


def test_without_two_others_in_the_roster_nothing_is_even_prepared(house: House) -> None:
    fewer = (
        {"A-02": (APPROVES, (house.second,)), "I-04": (RECORDS, (house.team,))},
        {"A-02": (APPROVES, (house.second, house.third)), "I-04": (RECORDS, (house.team,))},
        {"A-02": (APPROVES, (house.second,)), "A-03": (APPROVES, ()), "I-04": (RECORDS, (house.team,))},
        {"A-02": (APPROVES, (house.second,)), "A-03": (("lead",), (house.third,)), "I-04": (RECORDS, (house.team,))},
    )
    for staff in fewer:
        house.staffed(staff)
        (row,) = house.prepared().rows
        assert (row.rendition, row.decision.reason) == (None, "public-use-closed")
        with closed("public-use-closed"):
            walk_of(house.team, house.record_id, to=BODY, purpose=PUBLIC)


def test_without_a_roster_nothing_is_even_prepared(house: House) -> None:
    recorded(house.desk, consent__share=YES)
    (row,) = prepare(house.desk, to=BODY, purpose=PUBLIC).rows
    assert row.decision.reason == "public-use-closed"


def test_an_approver_without_the_role_or_the_device_counts_no_more(house: House) -> None:
    ready = house.ready()
    house.approve(ready, house.second, house.third)
    team = {"I-04": (RECORDS, (house.team,))}
    for staff in (
        {**team, "A-02": (APPROVES, (house.second,)), "A-03": (("lead",), (house.third,))},
        {**team, "A-02": (APPROVES, (house.second,)), "A-05": (APPROVES, (house.third,))},
        {"I-04": (RECORDS, (house.team, house.third)), "A-02": (APPROVES, (house.second,))},
    ):
        house.staffed(staff)
        nothing_leaves(house, ready)
    house.staffed()
    assert house.sealed(ready).exists()


def test_two_of_staff_do_not_stand_for_the_witness(house: House) -> None:
    house.begin([{"recipient": BODY, "purpose": PURPOSE, "answer": "yes"}])
    (row,) = house.prepared().rows
    assert (row.decision.rule, row.decision.reason) == ("C2", "never-asked")


# The last one: what a roster takes back, no later roster gives again.
def test_an_approver_whose_device_was_taken_back_counts_no_more(house: House) -> None:
    ready = house.ready()
    house.approve(ready, house.second, house.third)
    house.staffed(revoked=[revoked(house.third)])
    nothing_leaves(house, ready)
