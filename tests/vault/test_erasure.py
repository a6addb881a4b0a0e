"""Erasure and holds (C11): no word of the record is left in the vault's files, the log and the rows still hold."""

import io
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from practice_vaults import (
    BODY,
    NAME,
    PHONE,
    PURPOSE,
    details_of,
    interview_bytes,
    kinds_of,
    receive,
)
from vault_sides import Sides

from vault.attachments import attach
from vault.check import check_vault
from vault.consent import Answer, record_answer
from vault.erasure import approve_erasure, erase, request_erasure, waiting_with
from vault.errors import NotFoundError, PolicyError, StorageError
from vault.handover import prepare, seal
from vault.holds import clear_hold, hold_on, set_hold
from vault.opening import database_key
from vault.record_list import list_records
from vault.records import finish, get_record, new_from_interview
from vault.reindexing import rebuild_index
from vault.search import find_words
from vault.store import Vault
from vault.tombstones import tombstone_of
from vault.viewing import view

PAGE = 4096
# Words of the invented interview; each stands in the account, a name, a place or a contact.
WORDS = ("quarry", "Thistlewood", "Quillfeather", "Zaynab", "upper mill", PHONE, "the yard plan")


def pages(vault: Vault) -> bytes:
    """Every page of the database under its encryption, free pages and slack included."""
    vault.settle()
    raw = database_key(vault._opened.key).reveal()[:32]
    content = (vault.path / "vault-0001.db").read_bytes()
    plain = io.BytesIO()
    for at in range(0, len(content), PAGE):
        page = content[at : at + PAGE]
        decryptor = Cipher(AES(raw), CBC(page[-80:-64])).decryptor()
        plain.write(decryptor.update(page[16 if at == 0 else 0 : -80]) + decryptor.finalize())
    return plain.getvalue()


def left_in(vault: Vault, *more: bytes) -> list[bytes]:
    """Which words of the record stand in the vault's database, in any case."""
    plain = pages(vault).lower()
    return [word for word in (*(text.lower().encode() for text in WORDS), *more) if word.lower() in plain]


def recorded(vault: Vault, folder: Path) -> str:
    record_id = new_from_interview(vault, interview_bytes())
    (folder / "plan.bin").write_bytes(b"an invented plan " * 900)
    attach(vault, record_id, folder / "plan.bin", kind="sketch", title="the yard plan")
    finish(vault, record_id)
    return record_id


def erased(vault: Vault, record_id: str) -> None:
    request_erasure(vault, record_id, "withdrawn")
    approve_erasure(vault, record_id, "I-77")
    erase(vault, record_id)


def test_no_word_name_key_or_file_of_an_erased_record_is_left(sides: Sides) -> None:
    record_id = recorded(sides.team, sides.folder)
    record_answer(sides.team, record_id, Answer(recipient=BODY, purpose=PURPOSE, answer="no"))
    stored = get_record(sides.team, record_id)
    (key,) = sides.team.read_one("SELECT key FROM attachments") or (b"",)
    secrets = (stored.seed, key, b"advocacy")
    assert left_in(sides.team, *secrets[:2]) == [*(word.lower().encode() for word in WORDS), *secrets[:2]], (
        "the control"
    )
    before = sides.team.log_state.size
    erased(sides.team, record_id)
    assert kinds_of(sides.team, before) == ["erase.request", "erase.approve", "exhibit.remove", "erase.done"]
    assert left_in(sides.team, *secrets) == []
    assert [path for path in (sides.team.path / "attachments").rglob("*") if path.is_file()] == []
    assert check_vault(sides.team).holds
    assert sides.team.read("SELECT 1 FROM persons UNION SELECT 1 FROM alias_keys") == []
    assert find_words(sides.team, "quarry") == []
    assert rebuild_index(sides.team) == 0


def test_what_stays_is_a_tombstone(sides: Sides) -> None:
    record_id = recorded(sides.team, sides.folder)
    stored = get_record(sides.team, record_id)
    assert stored.head is not None
    erased(sides.team, record_id)
    stone = tombstone_of(sides.team.read_one, record_id)
    assert stone is not None
    assert (stone.control_number, stone.root, stone.version) == ("TST-0000001", stored.head.root, 1)
    assert (stone.actor, stone.reason) == ("team", "withdrawn")
    assert details_of(sides.team, "erase.done") == [{"scope": "erase", "root": stored.head.root}]
    (row,) = list_records(sides.team)
    assert (row.stage, row.control_number, row.place, row.case_code) == ("erased", "TST-0000001", None, None)
    assert list_records(sides.team, after=row.cursor) == []
    with pytest.raises(NotFoundError) as caught:
        view(sides.team, record_id)
    assert caught.value.kind == "erased"
    with pytest.raises(NotFoundError):
        prepare(sides.team, to=BODY, purpose=PURPOSE, record_ids=[record_id])
    with pytest.raises(NotFoundError):
        erase(sides.team, record_id)


def test_a_case_keeps_the_people_and_the_records_that_are_not_erased(sides: Sides) -> None:
    first, second = recorded(sides.team, sides.folder), recorded(sides.team, sides.folder)
    erased(sides.team, first)
    kept = get_record(sides.team, second)
    assert kept.record is not None
    assert {code for (code,) in sides.team.read("SELECT code FROM persons")} == {
        one.code for one in kept.record.persons
    }
    assert find_words(sides.team, "quarry")
    assert [path for path in (sides.team.path / "attachments").rglob("*") if path.is_file()]
    sides.handed(sides.body, "second").raise_failure()
    assert check_vault(sides.team).holds


def test_a_sealed_file_that_waits_in_the_outbox_goes_too(sides: Sides) -> None:
    record_id = sides.recorded()
    sealed = seal(sides.team, prepare(sides.team, to=BODY, purpose=PURPOSE, profile="lead"))
    assert sealed.path.exists()
    assert waiting_with(sides.team, record_id) == (sealed.path.name,)
    erased(sides.team, record_id)
    assert not sealed.path.exists()


def test_nothing_is_erased_while_a_sealed_file_cannot_be_removed_and_a_second_try_does_it(sides: Sides) -> None:
    record_id = sides.recorded()
    sealed = seal(sides.team, prepare(sides.team, to=BODY, purpose=PURPOSE, profile="lead"))
    sealed.path.rename(sides.folder / "aside")
    sealed.path.mkdir()
    with pytest.raises(StorageError):
        erased(sides.team, record_id)
    assert (tombstone_of(sides.team.read_one, record_id), kinds_of(sides.team)[-1]) == (None, "erase.approve")
    sealed.path.rmdir()
    (sides.folder / "aside").rename(sealed.path)
    erase(sides.team, record_id)
    assert not sealed.path.exists()


def test_a_table_added_later_would_be_erased_unless_it_is_named(sides: Sides) -> None:
    record_id = sides.recorded()
    with sides.team.transaction() as tx:
        tx.execute("CREATE TABLE later (record_id TEXT, words TEXT)")
        tx.execute("INSERT INTO later VALUES (?, 'a later word')", (record_id,))
    erased(sides.team, record_id)
    assert sides.team.read("SELECT * FROM later") == []


# Two people, and holds


def test_erasure_needs_three_steps_in_their_order_and_two_people(sides: Sides) -> None:
    record_id = sides.recorded()
    for step, reason in (
        (lambda: erase(sides.team, record_id), "erase-not-approved"),
        (lambda: approve_erasure(sides.team, record_id, "I-77"), "erase-not-asked"),
        (lambda: request_erasure(sides.team, record_id, "weather"), "erase-reason"),  # type: ignore[arg-type]
    ):
        with pytest.raises(PolicyError) as caught:
            step()
        assert caught.value.reason == reason
    request_erasure(sides.team, record_id, "other")
    for step, reason in (
        (lambda: request_erasure(sides.team, record_id, "other"), "erase-asked"),
        (lambda: approve_erasure(sides.team, record_id, "team"), "same-person"),
        (lambda: erase(sides.team, record_id), "erase-not-approved"),
    ):
        with pytest.raises(PolicyError) as caught:
            step()
        assert caught.value.reason == reason
    assert get_record(sides.team, record_id).record is not None
    actor = [line for (line,) in sides.team.read("SELECT line FROM custody WHERE kind = 'erase.request'")]
    assert b'"actor":"team"' in actor[0]
    approve_erasure(sides.team, record_id, "I-77")
    approved = [line for (line,) in sides.team.read("SELECT line FROM custody WHERE kind = 'erase.approve'")]
    assert b'"actor":"I-77"' in approved[0]
    erase(sides.team, record_id)


def test_a_hold_needs_authority_and_reason_is_visible_and_blocks_erasure(sides: Sides) -> None:
    record_id = sides.recorded()
    assert hold_on(sides.team, record_id) is None
    for authority, reason in (("", "order-7"), ("court-a", ""), ("the court", "order-7"), ("court-a", NAME)):
        with pytest.raises(PolicyError) as caught:
            set_hold(sides.team, record_id, authority, reason)
        assert caught.value.reason == "hold-code"
    request_erasure(sides.team, record_id, "withdrawn")
    approve_erasure(sides.team, record_id, "I-77")
    set_hold(sides.team, record_id, "court-a", "order-7")
    hold = hold_on(sides.team, record_id)
    assert hold is not None
    assert (hold.authority, hold.reason) == ("court-a", "order-7")
    for step, reason in (
        (lambda: erase(sides.team, record_id), "held"),
        (lambda: set_hold(sides.team, record_id, "court-b", "order-8"), "held-already"),
        (lambda: approve_erasure(sides.team, record_id, "I-78"), "erase-approved"),
    ):
        with pytest.raises(PolicyError) as caught:
            step()
        assert caught.value.reason == reason
    (said,) = details_of(sides.team, "hold.set")
    assert said == {"authority": "court-a", "reason": "order-7", "salt": said["salt"]}
    clear_hold(sides.team, record_id, "court-a", "order-9")
    (said,) = details_of(sides.team, "hold.clear")
    assert said == {"authority": "court-a", "reason": "order-9", "salt": said["salt"]}
    assert hold_on(sides.team, record_id) is None
    with pytest.raises(NotFoundError):
        clear_hold(sides.team, record_id, "court-a", "order-9")
    erase(sides.team, record_id)


def test_a_hold_stops_an_approval(sides: Sides) -> None:
    record_id = sides.recorded()
    request_erasure(sides.team, record_id, "withdrawn")
    set_hold(sides.team, record_id, "court-a", "order-7")
    with pytest.raises(PolicyError) as caught:
        approve_erasure(sides.team, record_id, "I-77")
    assert caught.value.reason == "held"


def test_no_body_learns_of_a_hold_from_the_history_of_a_record(sides: Sides) -> None:
    record_id = sides.recorded()
    set_hold(sides.team, record_id, "court-a", "order-7")
    intake = sides.handed(sides.body, "a")
    intake.raise_failure()
    assert intake.examination.contents is not None
    carried = intake.examination.contents.custody.carried.entries
    assert "record.finish" in {entry.kind for entry in carried}, "the control"
    assert {entry.kind for entry in carried}.isdisjoint({"hold.set", "hold.clear"})


def test_there_is_nothing_to_hold_or_erase_where_there_is_no_record(sides: Sides) -> None:
    draft = new_from_interview(sides.team, interview_bytes())
    for record_id in (draft, "K7F3-9QZX"):
        for step in (
            lambda one=record_id: request_erasure(sides.team, one, "other"),
            lambda one=record_id: set_hold(sides.team, one, "court-a", "order-7"),
        ):
            with pytest.raises(NotFoundError):
                step()


# What was received


def test_a_received_record_is_erased_and_the_same_file_does_not_bring_it_back(sides: Sides) -> None:
    record_id = recorded(sides.team, sides.folder)
    handover = prepare(sides.team, to=BODY, purpose=PURPOSE, profile="full")
    sealed = seal(sides.team, handover, sides.folder / "a")
    receive(sides.body, sealed.path).raise_failure()
    assert b"quarry" in left_in(sides.body), "the control"
    erased(sides.body, record_id)
    assert left_in(sides.body) == []
    assert [path for path in (sides.body.path / "attachments").rglob("*") if path.is_file()] == []
    assert check_vault(sides.body).holds
    again = receive(sides.body, sealed.path)
    assert [one.outcome for one in again.outcomes] == ["already"]
    assert left_in(sides.body) == []
    assert [row.stage for row in list_records(sides.body)] == ["erased"]


def test_a_new_bundle_under_a_new_yes_is_taken_in_after_an_erasure(sides: Sides) -> None:
    record_id = sides.recorded()
    sides.handed(sides.body, "a").raise_failure()
    (before,) = sides.body.read_one("SELECT max(id) FROM received_records") or (0,)
    erased(sides.body, record_id)
    later = sides.handed(sides.body, "b")
    later.raise_failure()
    assert [one.outcome for one in later.outcomes] == ["imported"]
    # A notice says by the id which records were here before it: an id that was erased must not come again.
    assert (sides.body.read_one("SELECT max(id) FROM received_records") or (0,))[0] > before
