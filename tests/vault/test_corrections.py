"""Corrections: a further version with the first text kept, end to end from the draft to the body that receives both."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    details_of,
    interview_bytes,
    interview_json,
    kinds_of,
    make_vault,
    receive,
    recorded,
)

from keys.signature import RECORD, check_signatures
from testimony.bundle.exhibit_check import exhibit_number
from testimony.consent_events import ConsentEvent
from testimony.errors import CanonicalError, ConsentError, InterviewError
from testimony.redaction.commitments import commit
from testimony.redaction.consent_tree import commit_consent
from testimony.redaction.record_slots import record_tree
from vault import received
from vault.attachments import attach, list_for, remove_exhibit
from vault.consent import Answer, add_event, record_answer
from vault.corrections import begin_correction, compare_versions, correct
from vault.custody import append
from vault.drafts import discard_draft, draft_version, list_drafts, load_draft, save_draft
from vault.errors import NotFoundError, PolicyError
from vault.handover import prepare, seal
from vault.received import get_received
from vault.record_list import list_records
from vault.records import StoredRecord, finish, get_record, new_from_interview
from vault.reindexing import rebuild_index
from vault.replay import log_faults, row_faults
from vault.search import find_words
from vault.store import Vault
from vault.versions import versions_of
from vault.viewing import OpenDraft, view

FIRST = interview_json()["account"]["paragraphs"]
SECOND = [
    FIRST[0],
    "They asked Barnaby for his card at the gate.",
    FIRST[2],
    "It was a lantern that I saw, not a fire.",
]
SOURCES = ["experienced", "saw", "saw", "saw"]
CORRECTED = interview_bytes(account__paragraphs=SECOND, account__source_of_knowledge=SOURCES)


@dataclass
class World:
    """A field vault with one finished record that has a file, and the body that it is sealed for."""

    field: Vault
    body: Vault
    folder: Path
    record_id: str

    def sealed(self, version: int | None = None) -> Path:
        ready = prepare(
            self.field, to=BODY, purpose=PURPOSE, profile="full", record_ids=[self.record_id], version=version
        )
        return seal(self.field, ready).path

    def newest(self) -> StoredRecord:
        return get_record(self.field, self.record_id)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with make_vault(tmp_path, "field-1", prefix="TST") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        record_id = new_from_interview(field, interview_bytes())
        (tmp_path / "paper.txt").write_bytes(b"a drawing of the yard " * 100)
        attach(field, record_id, tmp_path / "paper.txt", kind="document", title="paper")
        finish(field, record_id)
        yield World(field, body, tmp_path, record_id)


def paragraphs_of(stored: StoredRecord) -> list[str]:
    assert stored.record is not None
    return list(stored.record.interview.paragraphs)


def whole(vault: Vault) -> bool:
    return not log_faults(vault) and not row_faults(vault, vault.subkey("log-head").reveal())


def test_a_correction_is_the_next_version_and_the_first_text_stays(world: World) -> None:
    first = world.newest()
    done = correct(world.field, world.record_id, CORRECTED, "error")
    assert (done.record_id, done.version, done.stage) == (world.record_id, 2, "finished")
    second = world.newest()
    assert second.version == 2
    assert paragraphs_of(second) == SECOND
    assert get_record(world.field, world.record_id, 1) == first
    assert paragraphs_of(first) == FIRST
    assert [one.version for one in versions_of(world.field, world.record_id)] == [1, 2]
    assert whole(world.field)


def test_its_head_is_signed_over_a_new_tree_and_names_the_root_before(world: World) -> None:
    first = world.newest()
    correct(world.field, world.record_id, CORRECTED, "error")
    second = world.newest()
    assert first.head is not None
    assert second.head is not None
    assert second.record is not None
    assert second.signatures is not None
    assert (second.head.version, second.head.previous_root) == (2, first.head.root)
    assert second.seed != first.seed
    assert second.head.commitment == commit(record_tree(second.record), second.seed)
    assert second.head.consent == commit_consent([event.to_bytes() for event in first.events], second.seed)
    assert second.events == first.events
    check_signatures(second.head_text, second.signatures, RECORD, world.field.identity.public)


def test_the_log_says_that_and_why_it_was_corrected_and_never_what(world: World) -> None:
    before = world.field.log_state.size
    correct(world.field, world.record_id, CORRECTED, "clarified")
    second = world.newest()
    assert second.head is not None
    assert kinds_of(world.field, before) == ["correction.begin", "readback", "record.correct"]
    (details,) = details_of(world.field, "record.correct")
    assert details["reason"] == "clarified"
    assert (details["version"], details["root"]) == (2, second.head.root)
    assert details["previous_root"] == second.head.previous_root
    lines = world.field.read("SELECT line FROM custody")
    assert not [line for (line,) in lines if b"lantern" in line or b"gate" in line]


def test_a_version_takes_numbers_of_its_own_so_that_no_number_means_two_texts(world: World) -> None:
    recorded(world.field)
    correct(world.field, world.record_id, CORRECTED, "error")
    first, second = get_record(world.field, world.record_id, 1).record, world.newest().record
    assert first is not None
    assert second is not None
    assert (first.control_number, second.control_number) == ("TST-0000001", "TST-0000004")
    for record in (first, second):
        listed = list_for(world.field, world.record_id, record.version)
        assert [one.exhibit for one in listed] == list(record.exhibits)
        assert record.control_number is not None
        assert [one.control_number for one in record.exhibits] == [exhibit_number(record.control_number, 0)]


def test_a_draft_of_a_correction_is_edited_and_finished_like_an_interview(world: World) -> None:
    assert begin_correction(world.field, world.record_id, "added") == 2
    (draft,) = list_drafts(world.field)
    assert (draft.record_id, draft.version) == (world.record_id, 2)
    interview = load_draft(world.field, world.record_id)
    assert list(interview.paragraphs) == FIRST
    (world.folder / "late.txt").write_bytes(b"a second drawing")
    attach(world.field, world.record_id, world.folder / "late.txt", kind="sketch", title="found later")
    changed = interview.answered("account.text", SECOND).answered("account.source_of_knowledge", SOURCES)
    save_draft(world.field, world.record_id, changed)
    assert paragraphs_of(world.newest()) == FIRST
    assert finish(world.field, world.record_id).version == 2
    assert draft_version(world.field, world.record_id) is None
    record = world.newest().record
    assert record is not None
    assert [one.title for one in record.exhibits] == ["paper", "found later"]
    assert [one.exhibit.title for one in list_for(world.field, world.record_id, 1)] == ["paper"]
    assert whole(world.field)


def test_an_exhibit_of_the_first_version_cannot_be_corrected_away_but_a_new_one_can_be_taken_back(world: World) -> None:
    begin_correction(world.field, world.record_id, "added")
    (world.folder / "late.txt").write_bytes(b"a second drawing")
    attach(world.field, world.record_id, world.folder / "late.txt", kind="sketch")
    with pytest.raises(PolicyError) as caught:
        remove_exhibit(world.field, world.record_id, 0)
    assert caught.value.reason == "exhibit-stays"
    remove_exhibit(world.field, world.record_id, 1)
    assert [one.exhibit.title for one in list_for(world.field, world.record_id)] == ["paper"]


def test_a_discarded_correction_leaves_the_record_and_its_files_as_they_were(world: World) -> None:
    before, files = world.newest(), list_for(world.field, world.record_id)
    begin_correction(world.field, world.record_id, "added")
    (world.folder / "late.txt").write_bytes(b"a second drawing")
    attach(world.field, world.record_id, world.folder / "late.txt", kind="sketch")
    discard_draft(world.field, world.record_id)
    assert world.newest() == before
    assert list_for(world.field, world.record_id) == files
    assert world.field.read("SELECT count(*) FROM attachments") == [(1,)]
    assert kinds_of(world.field)[-2:] == ["exhibit.remove", "record.discard"]
    assert begin_correction(world.field, world.record_id, "added") == 2
    assert finish(world.field, world.record_id).version == 2


def test_two_corrections_follow_each_other_in_one_chain(world: World) -> None:
    correct(world.field, world.record_id, CORRECTED, "error")
    third = [*SECOND[:3], "It was a lamp."]
    again = interview_bytes(account__paragraphs=third, account__source_of_knowledge=SOURCES)
    assert correct(world.field, world.record_id, again, "translation-of-term").version == 3
    roots = [one.root for one in versions_of(world.field, world.record_id)]
    heads = [get_record(world.field, world.record_id, number).head for number in (1, 2, 3)]
    assert [head.previous_root for head in heads if head is not None] == [None, *roots[:2]]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("consent__share", [{"recipient": BODY, "purpose": PURPOSE, "answer": "ask me first"}]),
        ("consent__identity", [{"recipient": BODY, "answer": "yes"}]),
        ("consent__recording", {"audio": "yes", "video": "no", "photo": "yes"}),
        ("consent__contact", {"answer": "yes"}),
        ("consent__confirm_end", "changed"),
        ("consent__interview", {"answer": "no", "how": "spoken"}),
    ],
)
def test_a_correction_cannot_change_an_answer_about_consent(world: World, place: str, value: object) -> None:
    size = world.field.log_state.size
    with pytest.raises(InterviewError) as caught:
        correct(world.field, world.record_id, interview_bytes(**{place: value}), "error")
    assert (place.replace("__", "."), "consent-changed") in {(one.path, one.rule) for one in caught.value.problems}
    begin_correction(world.field, world.record_id, "error")
    save_draft(
        world.field,
        world.record_id,
        load_draft(world.field, world.record_id).answered(place.replace("__", "."), value),  # type: ignore[arg-type]
    )
    with pytest.raises(InterviewError):
        finish(world.field, world.record_id)
    assert kinds_of(world.field, size)[:1] == ["correction.begin"]
    assert world.newest().version == 1


def test_safeguards_that_the_first_version_needed_cannot_be_corrected_away(world: World) -> None:
    guards = {"approved_by": "I-02", "guardian": "G-01", "reason": "asked for it", "assent": "yes"}
    child = interview_bytes(witness__capacity="child", witness__safeguards=guards)
    record_id = new_from_interview(world.field, child)
    finish(world.field, record_id)
    with pytest.raises(InterviewError) as caught:
        correct(world.field, record_id, CORRECTED, "error")
    assert [(one.path, one.rule) for one in caught.value.problems] == [("witness.capacity", "C8-corrected-away")]
    # The other way round is the stricter one, and allowed.
    assert correct(world.field, world.record_id, child, "error").version == 2


def test_what_was_refused_withdrawn_or_emptied_cannot_be_corrected(world: World) -> None:
    refused = recorded(world.field, consent__interview={"answer": "no", "how": "spoken"})
    withdrew = recorded(world.field, consent__confirm_end="withdrew")
    erased = recorded(world.field)
    with world.field.transaction() as tx:
        tx.execute("UPDATE records SET content = NULL WHERE record_id = ?", (erased,))
        append(tx, world.field, "erase.done", f"tombstone/{erased}", {"scope": "erase"})
    for record_id, reason in (
        (refused, "correct-refused"),
        (withdrew, "correct-withdrawn"),
        (erased, "correct-erased"),
    ):
        with pytest.raises(PolicyError) as caught:
            begin_correction(world.field, record_id, "error")
        assert caught.value.reason == reason
    with pytest.raises(NotFoundError):
        begin_correction(world.field, "AAAA-AAAA", "error")
    with pytest.raises(NotFoundError):
        begin_correction(world.field, new_from_interview(world.field, interview_bytes()), "error")


def test_a_record_withdrawn_while_its_correction_was_open_is_not_finished_again(world: World) -> None:
    begin_correction(world.field, world.record_id, "error")
    with world.field.transaction() as tx:
        add_event(
            tx, world.field, world.newest(), lambda seq, at: ConsentEvent(seq=seq, at=at, kind="withdraw", answer="no")
        )
    with pytest.raises(PolicyError) as caught:
        finish(world.field, world.record_id)
    assert caught.value.reason == "correct-withdrawn"
    assert world.newest().version == 1


def test_consent_goes_on_by_record_over_both_versions(world: World) -> None:
    yes = Answer(recipient=BODY, purpose=PURPOSE, answer="yes")
    record_answer(world.field, world.record_id, yes)
    correct(world.field, world.record_id, CORRECTED, "error")
    assert receive(world.body, world.sealed()).failure is None
    record_answer(world.field, world.record_id, yes)
    for version, leaves in ((1, 4), (2, 4)):
        stored = get_record(world.field, world.record_id, version)
        assert stored.head is not None
        assert stored.head.consent_leaves == leaves
        assert len(stored.events) == 5
        assert receive(world.body, world.sealed(version)).failure is None
    record_answer(world.field, world.record_id, replace(yes, answer="no"))
    for version in (1, 2):
        with pytest.raises(ConsentError):
            world.sealed(version)


def test_one_correction_at_a_time_for_one_of_five_reasons(world: World) -> None:
    with pytest.raises(PolicyError) as caught:
        begin_correction(world.field, world.record_id, "because the gate was green")
    assert caught.value.reason == "correct-reason"
    begin_correction(world.field, world.record_id, "other")
    for act in (
        lambda: begin_correction(world.field, world.record_id, "other"),
        lambda: correct(world.field, world.record_id, CORRECTED, "other"),
    ):
        with pytest.raises(PolicyError) as caught:
            act()
        assert caught.value.reason == "correct-open"


def test_a_file_that_is_no_interview_begins_nothing(world: World) -> None:
    size = world.field.log_state.size
    for data in (b"{", interview_bytes(account__paragraphs=[]), interview_bytes(session__place=None)):
        with pytest.raises((CanonicalError, InterviewError)):
            correct(world.field, world.record_id, data, "error")
    with pytest.raises(PolicyError):
        correct(world.field, world.record_id, interview_bytes(practice=False), "error")
    assert world.field.log_state.size == size
    assert list_drafts(world.field) == ()


def test_the_record_is_shown_as_it_was_finished_and_the_open_correction_by_its_version(world: World) -> None:
    begin_correction(world.field, world.record_id, "error")
    assert isinstance(view(world.field, world.record_id), StoredRecord)
    draft = view(world.field, world.record_id, 2)
    assert isinstance(draft, OpenDraft)
    assert draft.version == 2
    finish(world.field, world.record_id)
    assert view(world.field, world.record_id).version == 2
    assert view(world.field, world.record_id, 1).version == 1
    assert [one["version"] for one in details_of(world.field, "record.view")] == [1, 2, 2, 1]
    with pytest.raises(NotFoundError):
        view(world.field, world.record_id, 3)


def test_the_list_shows_the_newest_version_once(world: World) -> None:
    correct(world.field, world.record_id, CORRECTED, "error")
    assert [(row.record_id, row.version) for row in list_records(world.field)] == [(world.record_id, 2)]


def test_search_finds_the_newest_version_first_and_still_the_words_of_the_first(world: World) -> None:
    correct(world.field, world.record_id, CORRECTED, "error")
    for _ in range(2):
        assert [hit.version for hit in find_words(world.field, "quarry")] == [2, 1]
        assert [hit.version for hit in find_words(world.field, "lantern")] == [2]
        assert [hit.version for hit in find_words(world.field, "told to go home")] == [1]
        rebuild_index(world.field)


def test_versions_are_compared_by_paragraph_and_the_log_says_that_both_were_viewed(world: World) -> None:
    correct(world.field, world.record_id, CORRECTED, "error")
    comparison = compare_versions(world.field, world.record_id, 1, 2)
    assert [one.change for one in comparison.paragraphs] == ["same", "changed", "same", "added"]
    assert [one.id for one in comparison.fields] == ["account.source_of_knowledge"]
    assert [one["version"] for one in details_of(world.field, "record.view")] == [1, 2]
    assert "lantern" not in repr(comparison)
    with pytest.raises(NotFoundError):
        compare_versions(world.field, world.record_id, 1, 3)


def test_the_newest_version_is_sealed_unless_another_is_named(world: World) -> None:
    correct(world.field, world.record_id, CORRECTED, "error")
    for version, expected in ((None, 2), (1, 1)):
        taken = receive(world.body, world.sealed(version))
        assert [one.outcome for one in taken.outcomes] == ["imported"]
        assert get_received(world.body, world.record_id)[0].version == 2
        assert expected in {one.version for one in get_received(world.body, world.record_id)}


def test_a_body_that_holds_the_first_version_keeps_both_and_shows_the_correction_first(world: World) -> None:
    assert receive(world.body, world.sealed()).failure is None
    correct(world.field, world.record_id, CORRECTED, "error")
    taken = receive(world.body, world.sealed())
    assert taken.failure is None
    assert [one.outcome for one in taken.outcomes] == ["imported"]
    newest, first = get_received(world.body, world.record_id)
    assert [text for _, text in newest.paragraphs] == SECOND
    assert [text for _, text in first.paragraphs][::2] == FIRST[::2]
    assert newest.head.previous_root == first.head.root
    assert view(world.body, world.record_id).version == 2
    assert view(world.body, world.record_id, 1).version == 1
    assert [hit.version for hit in find_words(world.body, "quarry")] == [2, 1]


@pytest.mark.parametrize("first", [1, 2])
def test_a_correction_of_another_text_than_the_one_held_is_a_conflict(world: World, first: int) -> None:
    correct(world.field, world.record_id, CORRECTED, "error")
    paths = {number: world.sealed(number) for number in (1, 2)}
    assert receive(world.body, paths[first]).failure is None
    with world.body.transaction() as tx:
        if first == 1:
            tx.execute("UPDATE received_records SET root = zeroblob(32)")
        else:
            (head,) = tx.one("SELECT head FROM received_records") or (b"",)
            previous = received.parse_head(head).previous_root or ""
            changed = head.replace(previous.encode(), b"0" * 64)
            tx.execute("UPDATE received_records SET head = ?", (changed,))
        append(tx, world.body, "bundle.verify", "file/test", {"verdict": "invalid", "bundle_sha256": "0" * 64})
    taken = receive(world.body, paths[3 - first])
    assert [one.outcome for one in taken.outcomes] == ["conflict"]


def test_the_chain_that_travels_proves_that_an_earlier_version_exists(world: World) -> None:
    correct(world.field, world.record_id, CORRECTED, "error")
    taken = receive(world.body, world.sealed())
    assert taken.failure is None
    rows = world.field.read("SELECT line FROM custody WHERE object = ? ORDER BY seq", (world.record_id,))
    kinds = [json.loads(line)["kind"] for (line,) in rows]
    assert [kind for kind in kinds if kind.startswith(("record.finish", "record.correct"))] == [
        "record.finish",
        "record.correct",
    ]
    (newest,) = get_received(world.body, world.record_id)
    first = get_record(world.field, world.record_id, 1)
    assert first.head is not None
    assert newest.head.previous_root == first.head.root
