"""Somebody recognised after signing: hidden from then on, coded as the redactor's word, never silently forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    interview_bytes,
    kinds_of,
    make_vault,
    receive,
    recorded,
    walk_through_all,
)

from testimony.errors import InterviewError
from vault.corrections import correct
from vault.errors import NotFoundError, PolicyError
from vault.gazetteer import import_gazetteer
from vault.handover import seal
from vault.marking import read_marks, suggest_marks
from vault.preview import prepare
from vault.received import get_received
from vault.records import get_record
from vault.redactor_marks import mark_after_signing, remove_redactor_mark, view_redactor_marks
from vault.store import Vault

CARS = b'[{"paragraph":1,"words":"Two cars","who":"Seventh Column","role":"unit"}]'
BARNABY = b'[{"paragraph":3,"words":"below the quarry","who":"Barnaby Thistlewood"}]'


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1", prefix="TST") as made, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(made, body)
        made.body = body  # type: ignore[attr-defined]
        yield made


def text_for(vault: Vault, profile: str = "pseudonymised") -> str:
    walk_through_all(vault, profile=profile)
    rendition = prepare(vault, to=BODY, purpose=PURPOSE, profile=profile).rows[0].rendition
    assert rendition is not None
    return rendition.text


def test_marked_words_are_hidden_and_the_copy_says_whose_code_stands_there(vault: Vault) -> None:
    record_id = recorded(vault)
    assert "Two cars" in text_for(vault)
    assert mark_after_signing(vault, record_id, read_marks(CARS)) == 1
    text = text_for(vault)
    assert "Two cars" not in text
    code = view_redactor_marks(vault, record_id)[0].code
    assert code.startswith("U-")
    assert f"[{code} — redactor]" in text


def test_a_person_of_the_record_keeps_one_code(vault: Vault) -> None:
    record_id = recorded(vault)
    mark_after_signing(vault, record_id, read_marks(BARNABY))
    record = get_record(vault, record_id).record
    assert record is not None
    signed = next(one.code for one in record.persons if one.kind == "V")
    assert view_redactor_marks(vault, record_id)[0].code == signed


def test_a_full_release_shows_the_words_and_no_code_of_the_redactor(vault: Vault) -> None:
    record_id = recorded(vault)
    mark_after_signing(vault, record_id, read_marks(CARS))
    text = text_for(vault, "full")
    assert "Two cars" in text
    assert "redactor" not in text


def test_the_sealed_bundle_holds_and_its_receiver_reads_whose_word_it_is(vault: Vault, tmp_path: Path) -> None:
    record_id = recorded(vault)
    mark_after_signing(vault, record_id, read_marks(CARS))
    walk_through_all(vault)
    (tmp_path / "out").mkdir()
    sealed = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out")
    taken = receive(vault.body, sealed.path)  # type: ignore[attr-defined]
    assert taken.examination.failures == ()
    shown = get_received(vault.body, record_id)[0]  # type: ignore[attr-defined]
    assert any("— redactor]" in text for _, text in shown.paragraphs)


def test_a_mark_set_between_preview_and_seal_stops_the_seal(vault: Vault, tmp_path: Path) -> None:
    record_id = recorded(vault)
    walk_through_all(vault)
    ready = prepare(vault, to=BODY, purpose=PURPOSE)
    mark_after_signing(vault, record_id, read_marks(CARS))
    with pytest.raises(PolicyError) as caught:
        seal(vault, ready, tmp_path)
    assert caught.value.reason == "review-changed"


def test_marking_and_taking_back_are_in_the_log(vault: Vault) -> None:
    record_id = recorded(vault)
    since = len(kinds_of(vault))
    mark_after_signing(vault, record_id, read_marks(CARS))
    remove_redactor_mark(vault, record_id, 1)
    assert kinds_of(vault, since) == ["redaction.apply", "redaction.lift"]
    assert view_redactor_marks(vault, record_id) == ()
    with pytest.raises(NotFoundError):
        remove_redactor_mark(vault, record_id, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        b'[{"paragraph":1,"words":"no such words","who":"Barnaby Thistlewood"}]',
        b'[{"paragraph":1,"words":"Two cars","who":"Nobody Known"}]',
        b'[{"paragraph":1,"words":"cars stood","who":"Barnaby Thistlewood"}]',
    ],
)
def test_a_mark_that_cannot_be_one_changes_nothing(vault: Vault, wrong: bytes) -> None:
    record_id = recorded(vault)
    mark_after_signing(vault, record_id, read_marks(CARS))
    before, since = get_record(vault, record_id).late, len(kinds_of(vault))
    with pytest.raises(InterviewError):
        mark_after_signing(vault, record_id, read_marks(wrong))
    assert get_record(vault, record_id).late == before
    assert kinds_of(vault, since) == []


def test_a_correction_holds_back_each_paragraph_with_words_that_were_marked_before_it(vault: Vault) -> None:
    record_id = recorded(vault)
    mark_after_signing(vault, record_id, read_marks(CARS))
    paragraphs = [
        "I walked up to the mill with Barnaby Thistlewood at noon. Two cars stood across the road.",
        "They asked Barnaby for his card. I, Zaynab, was told to go home and wait there.",
        "We found Thistlewood two days later below the quarry.",
    ]
    correct(vault, record_id, interview_bytes(account__paragraphs=paragraphs), "other")
    text = text_for(vault)
    assert "Two cars" not in text
    assert "They asked V-" in text
    mark_after_signing(vault, record_id, read_marks(CARS))
    assert "— redactor]" in text_for(vault)


def test_what_the_redactor_marked_is_not_suggested_again(vault: Vault) -> None:
    record_id = recorded(vault)
    import_gazetteer(vault, "pcode,level,name_en,name_ar\nXA01,1,Two Cars,\u0645\u0643\u0627\u0646\n".encode(), "XA")
    assert [one.words for one in suggest_marks(vault, record_id)] == ["Two cars"]
    mark_after_signing(vault, record_id, read_marks(CARS))
    assert suggest_marks(vault, record_id) == ()
