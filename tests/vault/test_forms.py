"""Forms of an organisation: one form an id, its bytes bound to the log, and every record read by its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from own_forms import FORM_ID, own_form_bytes
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    details_of,
    interview_bytes,
    kinds_of,
    make_vault,
    passphrase,
    receive,
    walk_through,
)

from testimony.errors import FormError, InterviewError
from testimony.forms.reading import COMPANION_FORM_IDS, core_form, form_bytes, parse_form
from vault.corrections import correct
from vault.drafts import load_draft
from vault.errors import NotFoundError, PolicyError
from vault.forms import import_form, list_forms, own_form
from vault.handover import prepare, seal
from vault.received import get_received
from vault.records import finish, get_record, new_from_interview
from vault.reindexing import rebuild_index
from vault.store import Vault

STORM = {"sky": "storm", "signs": ["hail"], "told": "It hailed on the mill.", "hail": 3}


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1", prefix="TST") as made:
        yield made


def interview_with_weather() -> bytes:
    return interview_bytes(weather=STORM)


def test_a_form_that_was_taken_in_can_be_chosen_and_the_log_names_its_bytes(vault: Vault) -> None:
    before = vault.log_state.size
    form = import_form(vault, own_form_bytes())
    assert [one.id for one in list_forms(vault)] == ["core-1", FORM_ID]
    assert own_form(vault, FORM_ID) == form
    assert kinds_of(vault, before) == ["form.add"]
    assert details_of(vault, "form.add") == [{"digest": form.digest, "form": FORM_ID, "origin": "own"}]


def test_the_same_form_again_changes_nothing(vault: Vault) -> None:
    import_form(vault, own_form_bytes())
    before = vault.log_state.size
    import_form(vault, own_form_bytes())
    import_form(vault, form_bytes("core-1"))
    assert vault.log_state.size == before
    assert len(list_forms(vault)) == 2


@pytest.mark.parametrize("form_id", [FORM_ID, "core-1"])
def test_another_form_under_an_id_that_is_taken_is_refused(vault: Vault, form_id: str) -> None:
    import_form(vault, own_form_bytes())
    before = vault.log_state.size
    other = own_form_bytes(form_id, title={"ar": "أخرى", "en": "Another"})
    with pytest.raises(PolicyError) as caught:
        import_form(vault, other)
    assert caught.value.reason == "form-id-taken"
    assert vault.log_state.size == before


@pytest.mark.parametrize("form_id", COMPANION_FORM_IDS)
def test_a_form_of_companions_or_one_under_their_name_is_no_form_of_interviews(vault: Vault, form_id: str) -> None:
    for data in (form_bytes(form_id), own_form_bytes(form_id)):
        with pytest.raises((FormError, PolicyError)):
            import_form(vault, data)
    assert len(list_forms(vault)) == 1


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", own_form_bytes() + b"\n", own_form_bytes()[:-1], b"\xff" * 100])
def test_what_is_no_form_in_its_one_spelling_is_refused(vault: Vault, data: bytes) -> None:
    with pytest.raises(FormError):
        import_form(vault, data)
    assert len(list_forms(vault)) == 1


def test_a_form_that_is_not_here_cannot_be_chosen(vault: Vault) -> None:
    with pytest.raises(NotFoundError):
        own_form(vault, "own-9")


def test_a_record_is_drafted_finished_and_read_by_its_own_form(tmp_path: Path, vault: Vault) -> None:
    form = import_form(vault, own_form_bytes())
    record_id = new_from_interview(vault, interview_with_weather(), form)
    assert load_draft(vault, record_id).form == form
    finish(vault, record_id)
    stored = get_record(vault, record_id)
    assert stored.record is not None
    assert stored.record.form == form
    assert stored.head is not None
    assert stored.head.form_sha256 == form.digest
    assert rebuild_index(vault) == 1


def test_an_answer_to_another_form_is_not_dropped_in_silence(vault: Vault) -> None:
    with pytest.raises(InterviewError):
        new_from_interview(vault, interview_with_weather())


@pytest.mark.parametrize(
    ("weather", "missing"),
    [
        ({"sky": "clear"}, []),
        ({"sky": "storm"}, ["weather.told"]),
        ({"sky": "storm", "signs": ["wind"]}, ["weather.told"]),
        ({"signs": ["wind", "hail"]}, ["weather.hail"]),
        ({"sky": {"state": "declined"}}, []),
        ({"sky": "storm", "told": {"state": "declined"}}, []),
        ({"sky": "clear", "told": "said before the answer was changed"}, []),
    ],
)
def test_a_question_is_needed_only_where_its_condition_holds(
    vault: Vault, weather: dict[str, object], missing: list[str]
) -> None:
    form = import_form(vault, own_form_bytes())
    record_id = new_from_interview(vault, interview_bytes(weather=weather), form)
    if not missing:
        finish(vault, record_id)
        return
    with pytest.raises(InterviewError) as caught:
        finish(vault, record_id)
    assert [problem.path for problem in caught.value.problems] == missing


def test_a_record_of_a_foreign_form_is_taken_in_with_it_and_shown_by_it(tmp_path: Path, vault: Vault) -> None:
    form = import_form(vault, own_form_bytes())
    with make_vault(tmp_path, BODY, "legal") as body:
        acquaint(vault, body)
        # The body has another form of the same name; each record keeps the one it was taken with.
        own = import_form(body, own_form_bytes(title={"ar": "أخرى", "en": "Another"}))
        record_id = new_from_interview(vault, interview_with_weather(), form)
        finish(vault, record_id)
        walk_through(vault, record_id)
        handover = prepare(vault, to=BODY, purpose=PURPOSE)
        result = receive(body, seal(vault, handover, tmp_path / "out").path)
        assert result.failure is None
        (received,) = get_received(body, record_id)
        assert received.form == form != own
        assert received.answers["weather.told"] == "It hailed on the mill."
        assert [one.digest for one in list_forms(body)] == [core_form().digest, own.digest]
        assert {"digest": form.digest, "form": FORM_ID, "origin": "received"} in details_of(body, "form.add")


def test_a_received_form_becomes_one_of_ours_when_it_is_taken_in(tmp_path: Path, vault: Vault) -> None:
    with make_vault(tmp_path, BODY, "legal") as body:
        acquaint(vault, body)
        record_id = new_from_interview(vault, interview_with_weather(), import_form(vault, own_form_bytes()))
        finish(vault, record_id)
        walk_through(vault, record_id)
        receive(body, seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out").path)
        assert len(list_forms(body)) == 1
        import_form(body, own_form_bytes())
        assert [one.id for one in list_forms(body)] == ["core-1", FORM_ID]


def test_a_correction_is_taken_by_the_form_of_its_record(vault: Vault) -> None:
    form = import_form(vault, own_form_bytes())
    record_id = new_from_interview(vault, interview_with_weather(), form)
    finish(vault, record_id)
    corrected = interview_bytes(weather=STORM | {"hail": 4})
    correct(vault, record_id, corrected, "error")
    stored = get_record(vault, record_id)
    assert stored.record is not None
    assert (stored.version, stored.record.form) == (2, form)


def test_forms_are_there_after_the_lock(tmp_path: Path) -> None:
    with make_vault(tmp_path, "field-2") as made:
        import_form(made, own_form_bytes())
    with Vault.unlock(tmp_path / "field-2.vault", passphrase()) as again:
        assert own_form(again, FORM_ID) == parse_form(own_form_bytes())
