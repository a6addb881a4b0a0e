"""Marks by hand in a draft, and what they are good for in the record."""

from pathlib import Path

import pytest
from practice_vaults import MENTIONED, interview_bytes, kinds_of, make_vault, recorded

from testimony.errors import CanonicalError, InterviewError
from vault.drafts import load_draft
from vault.errors import NotFoundError
from vault.finishing import finish
from vault.gazetteer import import_gazetteer
from vault.marking import mark_by_hand, read_marks, remove_mark, suggest_marks, view_marked
from vault.records import get_record, new_from_interview
from vault.store import Vault

HUSBAND = b'[{"paragraph":1,"words":"the mill","who":"Upper Mill","role":"place"}]'


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    with make_vault(tmp_path, "practice-team", prefix="TST") as made:
        yield made


def test_a_marked_place_gets_its_code_when_the_record_is_finished(vault: Vault) -> None:
    record_id = new_from_interview(vault, interview_bytes())
    mark_by_hand(vault, record_id, read_marks(HUSBAND))
    finish(vault, record_id)
    record = get_record(vault, record_id).record
    assert record is not None
    coded = {
        record.interview.paragraphs[one.paragraph][one.start : one.end]: record.persons[one.person].code[:2]
        for one in record.marks
    }
    assert coded["the mill"] == "L-"
    assert coded[MENTIONED] == "V-"


def test_one_person_marked_by_hand_in_two_records_of_a_case_has_one_code(vault: Vault) -> None:
    codes = set()
    for _ in range(2):
        record_id = new_from_interview(vault, interview_bytes())
        mark_by_hand(vault, record_id, read_marks(HUSBAND))
        finish(vault, record_id)
        record = get_record(vault, record_id).record
        codes.add(next(one.code for one in record.persons if one.kind == "L"))
    assert len(codes) == 1


def test_a_mark_that_marks_nothing_changes_nothing(vault: Vault) -> None:
    record_id = new_from_interview(vault, interview_bytes())
    before = load_draft(vault, record_id)
    for wrong in (
        b'[{"paragraph":1,"words":"no such words","who":"Barnaby Thistlewood"}]',
        b'[{"paragraph":1,"words":"the mill","who":"Upper Mill"}]',
        b'[{"paragraph":1,"words":"the mill","who":"Upper Mill","role":"no role"}]',
    ):
        with pytest.raises(InterviewError):
            mark_by_hand(vault, record_id, read_marks(wrong))
    assert load_draft(vault, record_id) == before


def test_a_mark_can_be_taken_back_and_marking_twice_marks_once(vault: Vault) -> None:
    record_id = new_from_interview(vault, interview_bytes())
    for _ in range(2):
        mark_by_hand(vault, record_id, read_marks(HUSBAND))
    assert len(load_draft(vault, record_id).hand_marks) == 1
    with pytest.raises(NotFoundError):
        remove_mark(vault, record_id, 2)
    remove_mark(vault, record_id, 1)
    assert load_draft(vault, record_id).hand_marks == ()


def test_looking_at_marks_and_suggestions_is_in_the_log(vault: Vault) -> None:
    record_id = new_from_interview(vault, interview_bytes())
    since = len(kinds_of(vault))
    view_marked(vault, record_id)
    suggest_marks(vault, record_id)
    assert kinds_of(vault, since) == ["record.view", "record.view"]


def test_a_finished_record_can_be_asked_for_suggestions_and_a_missing_one_cannot(vault: Vault) -> None:
    record_id = recorded(vault)
    assert suggest_marks(vault, record_id) == ()
    import_gazetteer(
        vault, "pcode,level,name_en,name_ar\nXA01,1,Quarry,\u0627\u0644\u0645\u0642\u0644\u0639\n".encode(), "XA"
    )
    assert [(one.words, one.reason) for one in suggest_marks(vault, record_id)] == [("quarry", "place")]
    with pytest.raises(NotFoundError):
        suggest_marks(vault, "0000-0000")


def test_a_list_of_marks_that_is_none_is_refused() -> None:
    with pytest.raises(CanonicalError):
        read_marks(b"[{")
    for wrong in (b"{}", b'[{"paragraph":1,"words":"x","who":"y","role":1,"z":2}]'):
        with pytest.raises(InterviewError):
            read_marks(wrong)
