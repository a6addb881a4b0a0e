"""Finishing: everything is checked, numbered, coded, signed and logged in one transaction, or nothing is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import details_of, interview_bytes, interview_json, kinds_of, make_vault, passphrase, recorded
from shared_data import shared_file

from keys.digests import sha256
from keys.signature import RECORD, check_signatures
from testimony.bundle.exhibit_check import exhibit_number
from testimony.errors import CanonicalError, InterviewError
from testimony.interview import parse_interview
from testimony.redaction.commitments import commit
from testimony.redaction.consent_tree import commit_consent, event_digest
from testimony.redaction.record_slots import record_tree
from vault.attachments import attach, list_for, remove_exhibit
from vault.custody import head, lines_about
from vault.drafts import load_draft, save_draft
from vault.errors import NotFoundError, PolicyError, StorageFullError
from vault.finishing import is_granted
from vault.records import events_of, finish, get_record, list_records, new_from_interview
from vault.search import find_words
from vault.store import Vault

_MEDIA = ("audio", "video", "photo")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1", prefix="TST") as made:
        yield made


def test_a_finished_record_reads_back_as_it_was_taken(vault: Vault) -> None:
    record_id = recorded(vault)
    stored = get_record(vault, record_id)
    assert stored.stage == "finished"
    assert stored.record is not None
    assert stored.record.interview == parse_interview(interview_json())
    assert stored.case_code == "K7F3-9QZD"
    assert stored.interviewed_on == "2025-04-12"


@pytest.mark.parametrize("name", ["interview-ar.json", "interview-en.json"])
def test_both_practice_interviews_can_be_finished(vault: Vault, name: str) -> None:
    value = json.loads(shared_file("data", "practice", name).read_bytes())
    earlier = value["session"]["prior_statements"]
    for one in earlier if isinstance(earlier, list) else ():
        one["reason"] = "nobody wrote it down"  # C17: the data beside the repository does not say
    record_id = new_from_interview(vault, json.dumps(value).encode())
    done = finish(vault, record_id)
    assert done.control_number == "TST-0000001"
    assert done.head_digits == head(vault)


def test_the_head_is_signed_by_both_keys_and_says_what_was_committed(vault: Vault) -> None:
    stored = get_record(vault, recorded(vault))
    assert stored.record is not None
    assert stored.head is not None
    assert stored.signatures is not None
    check_signatures(stored.head_text, stored.signatures, RECORD, vault.identity.public)
    assert stored.head.commitment == commit(record_tree(stored.record), stored.seed)
    events = [event.to_bytes() for event in stored.events]
    assert stored.head.consent == commit_consent(events, stored.seed)
    assert stored.head.device == vault.identity.public.fingerprint
    assert stored.head.custody_origin.endswith(vault.identity.public.fingerprint.replace(" ", ""))


def test_the_log_names_root_head_and_each_consent_event_of_the_record(vault: Vault) -> None:
    record_id = recorded(vault)
    stored = get_record(vault, record_id)
    assert stored.head is not None
    kinds = [json.loads(line)["kind"] for line in lines_about(vault, record_id)]
    assert kinds == ["record.create", "consent.grant", "consent.refuse", "consent.confirm", "readback", "record.finish"]
    (done,) = details_of(vault, "record.finish")
    assert done["root"] == stored.head.root
    assert done["head"] == sha256(stored.head_text).hex()
    assert stored.head.custody_size < vault.log_state.size
    (granted,) = details_of(vault, "consent.grant")
    assert granted["event"] == event_digest(stored.events[0].to_bytes(), stored.seed)


def test_two_records_of_the_same_words_have_different_roots(vault: Vault) -> None:
    one, other = get_record(vault, recorded(vault)), get_record(vault, recorded(vault))
    assert one.head is not None
    assert other.head is not None
    assert one.head.root != other.head.root
    assert one.seed != other.seed


def test_one_person_has_one_code_in_a_case_and_another_in_another_case(vault: Vault) -> None:
    def codes(record_id: str) -> dict[str, str]:
        record = get_record(vault, record_id).record
        assert record is not None
        return {person.names[0]: person.code for person in record.persons}

    first, second = codes(recorded(vault)), codes(recorded(vault))
    other = codes(recorded(vault, record__case_code="ZZZZ-0001"))
    assert first == second
    assert not set(first.values()) & set(other.values())


def test_a_name_in_another_part_is_not_taken_for_the_same_person(vault: Vault) -> None:
    first = get_record(vault, recorded(vault)).record
    mentions = [{"who": "Barnaby Thistlewood", "role": "perpetrator as stated"}]
    second = get_record(vault, recorded(vault, mentions=mentions)).record
    assert first is not None
    assert second is not None
    assert first.persons[0].code != second.persons[0].code
    assert second.persons[0].code.startswith("P-")


def test_a_record_without_a_case_code_gets_one_that_tells_nothing(vault: Vault) -> None:
    one, other = recorded(vault, record=None), recorded(vault, record=None)
    codes = {get_record(vault, one).case_code, get_record(vault, other).case_code}
    assert len(codes) == 2
    assert all(code is not None and len(code) == 9 for code in codes)


def test_exhibits_are_numbered_right_behind_their_record(vault: Vault, tmp_path: Path) -> None:
    record_id = new_from_interview(vault, interview_bytes())
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_bytes(name.encode())
        attach(vault, record_id, tmp_path / name, kind="document", title=name)
    done = finish(vault, record_id)
    after = recorded(vault)
    numbers = [one.exhibit.control_number for one in list_for(vault, record_id)]
    record = get_record(vault, record_id).record
    assert record is not None
    assert [one.control_number for one in record.exhibits] == numbers
    assert numbers == [exhibit_number(done.control_number, index) for index in range(2)]
    later = get_record(vault, after).record
    assert later is not None
    assert later.control_number == "TST-0000004"


def test_every_problem_is_told_at_once_and_the_draft_stays(vault: Vault) -> None:
    record_id = new_from_interview(
        vault, interview_bytes(consent__confirm_end=None, consent__limits_explained=None, session__place=None)
    )
    before = vault.log_state.size
    with pytest.raises(InterviewError) as caught:
        finish(vault, record_id)
    assert {problem.path for problem in caught.value.problems} >= {
        "consent.confirm_end",
        "consent.limits_explained",
        "session.place",
    }
    assert vault.log_state.size == before
    assert load_draft(vault, record_id).paragraphs


def test_a_refusal_keeps_code_and_date_and_no_word(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "photo.bin").write_bytes(b"canary-photo" * 100)
    record_id = new_from_interview(vault, interview_bytes(consent__interview={"answer": "no", "how": "spoken"}))
    attach(vault, record_id, tmp_path / "photo.bin", kind="photo", title="canary")
    done = finish(vault, record_id)
    assert done.stage == "refused"
    assert done.control_number == ""
    (row,) = list_records(vault)
    assert (row.stage, row.case_code, row.date, row.place) == ("refused", "K7F3-9QZD", "2025-04-12", None)
    stored = get_record(vault, record_id)
    assert stored.record is None
    assert find_words(vault, "quarry") == []
    for table in ("drafts", "exhibits", "attachments", "persons", "consent_events"):
        assert vault.read(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608
    assert not [path for path in (vault.path / "attachments").rglob("*") if path.is_file()]
    assert kinds_of(vault)[-2:] == ["consent.refuse", "record.refuse"]


def test_nothing_can_be_edited_after_finishing(vault: Vault, tmp_path: Path) -> None:
    record_id = recorded(vault)
    record = get_record(vault, record_id).record
    assert record is not None
    (tmp_path / "late.txt").write_bytes(b"late")
    for act in (
        lambda: save_draft(vault, record_id, record.interview),
        lambda: attach(vault, record_id, tmp_path / "late.txt", kind="document"),
        lambda: finish(vault, record_id),
    ):
        with pytest.raises(NotFoundError):
            act()
    again = get_record(vault, record_id).record
    assert again == record


def test_a_passage_removed_before_finishing_is_gone(vault: Vault) -> None:
    record_id = new_from_interview(vault, interview_bytes())
    interview = load_draft(vault, record_id)
    kept = interview.answered("account.text", list(interview.paragraphs[:2])).answered(
        "account.source_of_knowledge", ["experienced", "saw"]
    )
    save_draft(vault, record_id, kept)
    finish(vault, record_id)
    record = get_record(vault, record_id).record
    assert record is not None
    assert len(record.interview.paragraphs) == 2
    assert find_words(vault, "quarry") == []


def test_a_full_disk_while_finishing_leaves_the_draft_and_no_half_record(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = new_from_interview(vault, interview_bytes())
    before = vault.log_state.size
    from vault import finishing

    def full(*_: object) -> None:
        raise StorageFullError(where="test")

    monkeypatch.setattr(finishing, "index_record", full)
    with pytest.raises(StorageFullError):
        finish(vault, record_id)
    monkeypatch.undo()
    assert vault.log_state.size == before
    assert vault.read("SELECT count(*) FROM records") == [(0,)]
    assert vault.read("SELECT count(*) FROM numbering") == [(0,)]
    assert finish(vault, record_id).control_number == "TST-0000001"


def test_a_real_interview_is_refused_by_a_practice_vault(vault: Vault) -> None:
    with pytest.raises(PolicyError) as caught:
        new_from_interview(vault, interview_bytes(practice=False))
    assert caught.value.reason == "practice-mismatch"


@pytest.mark.case("BU-20", "RF-12")
@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"{", b'{"a":1,"a":2}', b"[" * 5000, b'{"note":"\\ud800"}', b'{"note":1e400}', b"\xef\xbb\xbf{}"],
)
def test_a_file_that_is_no_interview_is_refused_and_makes_no_draft(vault: Vault, data: bytes) -> None:
    with pytest.raises((CanonicalError, InterviewError)):
        new_from_interview(vault, data)
    assert list_records(vault) == []


def test_consent_events_read_back_in_their_order(vault: Vault) -> None:
    events = events_of(vault, recorded(vault))
    assert [(event.kind, event.recipient) for event in events] == [
        ("grant", "practice-body"),
        ("refuse", "other-body"),
        ("confirm", ""),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_the_list_shows_each_record_once_on_pages_of_any_size(vault: Vault, limit: int) -> None:
    made = [recorded(vault) for _ in range(3)]
    made += [new_from_interview(vault, interview_bytes()) for _ in range(2)]
    listed, cursor = [], None
    while page := list_records(vault, after=cursor, limit=limit):
        listed += page
        cursor = page[-1].cursor
    assert sorted(row.record_id for row in listed) == sorted(made)
    assert [row.stage for row in listed] == ["draft"] * 2 + ["finished"] * 3
    assert listed == list_records(vault)


def test_the_list_never_holds_a_name(vault: Vault) -> None:
    recorded(vault)
    new_from_interview(vault, interview_bytes())
    assert "Quillfeather" not in repr(list_records(vault))
    assert "Thistlewood" not in repr([get_record(vault, row.record_id) for row in list_records(vault) if row.version])


@pytest.mark.parametrize("cursor", ["", "x", "1|a|b", "9|a|1", "1|2025"])
def test_a_cursor_of_no_list_is_refused(vault: Vault, cursor: str) -> None:
    with pytest.raises(NotFoundError):
        list_records(vault, after=cursor)


def test_an_unknown_id_is_not_found(vault: Vault) -> None:
    with pytest.raises(NotFoundError):
        get_record(vault, "AAAA-AAAA")
    with pytest.raises(NotFoundError):
        finish(vault, "AAAA-AAAA")


def test_a_record_is_still_there_after_the_vault_was_locked(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-1") as vault:
        record_id = recorded(vault)
        stored, path = get_record(vault, record_id), vault.path
    with Vault.unlock(path, passphrase()) as again:
        assert get_record(again, record_id) == stored


@pytest.mark.parametrize("kind", ["audio", "video", "photo"])
def test_a_recording_that_was_not_agreed_to_may_be_attached_but_the_record_cannot_be_finished(
    vault: Vault, tmp_path: Path, kind: str
) -> None:
    record_id = new_from_interview(
        vault, interview_bytes(consent__recording=dict.fromkeys(_MEDIA, "yes") | {kind: "no"})
    )
    (tmp_path / "file.bin").write_bytes(b"invented")
    attach(vault, record_id, tmp_path / "file.bin", kind="document")
    attach(vault, record_id, tmp_path / "file.bin", kind=kind)
    assert not is_granted(vault, record_id, kind)
    with pytest.raises(InterviewError) as caught:
        finish(vault, record_id)
    assert [(one.path, one.rule) for one in caught.value.problems] == [("exhibits/file/1", "C6")]
    remove_exhibit(vault, record_id, 1)
    assert finish(vault, record_id).stage == "finished"


def test_recordings_that_were_agreed_to_are_in_the_finished_record(vault: Vault, tmp_path: Path) -> None:
    record_id = new_from_interview(vault, interview_bytes(consent__recording=dict.fromkeys(_MEDIA, "yes")))
    for kind in _MEDIA:
        (tmp_path / kind).write_bytes(kind.encode())
        attach(vault, record_id, tmp_path / kind, kind=kind)
        assert is_granted(vault, record_id, kind)
    finish(vault, record_id)
    assert [one.exhibit.kind for one in list_for(vault, record_id)] == list(_MEDIA)
