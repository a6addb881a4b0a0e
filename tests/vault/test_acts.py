"""Printing, derived exhibits, sittings, discarding: what the acts do besides their entry in the log."""

from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    NAME,
    PURPOSE,
    acquaint,
    details_of,
    interview_bytes,
    kinds_of,
    receive,
    recorded,
    walk_through,
)
from roster_world import revoked, written

from testimony.errors import ConsentError, CustodyError
from vault.attachments import Derivation, attach
from vault.check import check_vault
from vault.contacts import remove_contact
from vault.custody import note_kept
from vault.drafts import discard_draft, list_drafts
from vault.errors import NotFoundError, PolicyError
from vault.handover import prepare, seal
from vault.printing import printed_copy
from vault.records import finish, new_from_interview
from vault.rosters import accept_roster
from vault.sittings import close_session
from vault.store import Vault
from vault.viewing import take_in_hand


def walked(record_id: str, vault: Vault) -> str:
    """The id, once somebody walked through every span for the body."""
    walk_through(vault, record_id)
    return record_id


def with_derivative(vault: Vault) -> str:
    record_id = new_from_interview(vault, interview_bytes())
    for name, content, made in (
        ("original.bin", b"a face", None),
        ("blurred.bin", b"no face", Derivation(number=1, method="faces-blurred")),
    ):
        path = vault.path.parent / name
        path.write_bytes(content)
        attach(vault, record_id, path, kind="document", derivation=made)
    finish(vault, record_id)
    return record_id


def test_a_printed_copy_is_what_would_leave_with_its_conditions_on_top(vaults: tuple[Vault, Vault]) -> None:
    field, _ = vaults
    ready = prepare(field, to=BODY, purpose=PURPOSE, record_ids=[walked(recorded(field), field)])
    text = printed_copy(field, ready)
    assert ready.rows[0].rendition is not None
    assert text.endswith(ready.rows[0].rendition.text)
    assert BODY in text.splitlines()[1]
    assert "Do not pass it on" in text
    assert [part for part in NAME.split() if part in text] == []
    assert details_of(field, "record.print") == [{"version": 1, "profile": "pseudonymised"}]


def test_nothing_is_printed_without_consent(vaults: tuple[Vault, Vault]) -> None:
    field, _ = vaults
    record_id = recorded(field, consent__share=[])
    with pytest.raises(ConsentError):
        printed_copy(field, prepare(field, to=BODY, purpose=PURPOSE, record_ids=[record_id]))
    assert "record.print" not in kinds_of(field)


def test_one_record_at_a_time_is_printed(vaults: tuple[Vault, Vault]) -> None:
    field, _ = vaults
    recorded(field)
    recorded(field)
    with pytest.raises(PolicyError, match="one-record"):
        printed_copy(field, prepare(field, to=BODY, purpose=PURPOSE))


def test_nothing_is_printed_for_keys_that_were_taken_back_or_before_a_second_person_looked(
    vaults: tuple[Vault, Vault],
) -> None:
    field, body = vaults
    ready = prepare(field, to=BODY, purpose=PURPOSE, record_ids=[walked(recorded(field), field)])
    staff = {"I-04": (("interviewer",), (field,)), "A-02": (("approver",), ())}
    accept_roster(field, written(body, 1, staff))
    with pytest.raises(PolicyError, match="approval-needed"):
        printed_copy(field, ready)
    accept_roster(field, written(body, 2, {"I-04": (("interviewer",), (field,)), "L": (("legal",), (body,))}, revoked=[revoked(body)]))  # fmt: skip
    with pytest.raises(PolicyError, match="recipient-revoked"):
        printed_copy(field, ready)
    assert "record.print" not in kinds_of(field)


def test_a_derived_file_leaves_in_place_of_its_original(vaults: tuple[Vault, Vault], tmp_path: Path) -> None:
    field, body = vaults
    ready = prepare(field, to=BODY, purpose=PURPOSE, record_ids=[walked(with_derivative(field), field)])
    rendition = ready.rows[0].rendition
    assert rendition is not None
    assert [one.size for one in rendition.packed.exhibits] == [len(b"no face")]
    assert ("exhibits/0/file", "OTHER") in {(one.path, one.code) for one in rendition.withheld}
    intake = receive(body, seal(field, ready, tmp_path / "out").path)
    intake.raise_failure()
    assert [one.outcome for one in intake.outcomes] == ["imported"]
    (entry,) = details_of(field, "exhibit.derive")
    assert entry["method"] == "faces-blurred"
    assert check_vault(field).holds


def test_under_the_full_profile_the_original_goes_too(vaults: tuple[Vault, Vault]) -> None:
    field, _ = vaults
    ready = prepare(field, to=BODY, purpose=PURPOSE, profile="full", record_ids=[with_derivative(field)])
    assert ready.rows[0].rendition is not None
    assert len(ready.rows[0].rendition.packed.exhibits) == 2


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_file_is_derived_only_from_an_exhibit_of_the_same_draft(vaults: tuple[Vault, Vault], number: int) -> None:
    field, _ = vaults
    record_id = new_from_interview(field, interview_bytes())
    path = field.path.parent / "a.bin"
    path.write_bytes(b"x")
    attach(field, record_id, path, kind="photo")
    with pytest.raises(NotFoundError):
        attach(field, record_id, path, kind="photo", derivation=Derivation(number=number, method="blurred"))


def test_how_a_file_was_derived_is_a_code(vaults: tuple[Vault, Vault]) -> None:
    field, _ = vaults
    record_id = new_from_interview(field, interview_bytes())
    path = field.path.parent / "a.bin"
    path.write_bytes(b"x")
    attach(field, record_id, path, kind="photo")
    with pytest.raises(CustodyError):
        attach(field, record_id, path, kind="photo", derivation=Derivation(number=1, method="the face of Zaynab"))
    assert check_vault(field).holds


def test_a_sitting_that_broke_off_is_said_at_the_next_and_one_that_was_discarded_too(
    vaults: tuple[Vault, Vault],
) -> None:
    field, _ = vaults
    record_id = new_from_interview(field, interview_bytes())
    before = field.log_state.size
    take_in_hand(field, record_id)
    take_in_hand(field, record_id)
    close_session(field, record_id)
    take_in_hand(field, record_id)
    discard_draft(field, record_id)
    close_session(field, record_id)
    kinds = ["open", "abort", "open", "close", "open", "abort"]
    assert kinds_of(field, before) == [*(f"session.{kind}" for kind in kinds), "record.discard"]
    assert [entry["reason"] for entry in details_of(field, "session.abort")] == ["interrupted", "discarded"]


def test_a_discarded_interview_leaves_no_row_and_no_file(vaults: tuple[Vault, Vault]) -> None:
    field, _ = vaults
    record_id = new_from_interview(field, interview_bytes())
    path = field.path.parent / "a.bin"
    path.write_bytes(b"x" * 100)
    attach(field, record_id, path, kind="photo")
    discard_draft(field, record_id)
    assert list_drafts(field) == ()
    assert field.read("SELECT * FROM exhibits") == field.read("SELECT * FROM attachments") == []
    assert [one for one in field.layout.attachments.rglob("*") if one.is_file()] == []


def test_a_finished_record_cannot_be_discarded(vaults: tuple[Vault, Vault]) -> None:
    field, _ = vaults
    with pytest.raises(NotFoundError):
        discard_draft(field, recorded(field))


def test_the_log_says_whether_the_account_was_read_back(vaults: tuple[Vault, Vault]) -> None:
    field, _ = vaults
    recorded(field)
    assert details_of(field, "readback") == [{"answer": "yes", "corrections": 0}]


def test_nothing_is_sealed_for_a_contact_that_was_taken_out(vaults: tuple[Vault, Vault], tmp_path: Path) -> None:
    field, body = vaults
    ready = prepare(field, to=BODY, purpose=PURPOSE, record_ids=[walked(recorded(field), field)])
    remove_contact(field, BODY)
    with pytest.raises(NotFoundError):
        seal(field, ready, tmp_path / "out")
    with pytest.raises(NotFoundError):
        remove_contact(field, BODY)
    acquaint(field, body)
    # A comparison of another second is another contact: what was prepared before it is prepared again.
    again = prepare(field, to=BODY, purpose=PURPOSE, record_ids=[ready.rows[0].record_id])
    seal(field, again, tmp_path / "out")


def test_where_the_head_is_kept_is_a_code(vaults: tuple[Vault, Vault]) -> None:
    field, _ = vaults
    with pytest.raises(CustodyError):
        note_kept(field, "with my cousin Zaynab")
    size, root = field.log_state.size, field.log_state.root().hex()
    note_kept(field, "paper")
    assert details_of(field, "checkpoint") == [{"size": size, "root": root, "kept": "paper"}]
