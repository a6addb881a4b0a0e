"""Drafts: saved whole, at once, and never without a trace of having begun and ended."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from practice_vaults import details_of, interview_json, kinds_of, make_vault, passphrase

from testimony.interview import Interview, empty_interview, parse_interview
from vault.check import check_vault
from vault.clock import Reading
from vault.drafts import discard_draft, list_drafts, load_draft, new_draft, save_draft
from vault.errors import NotFoundError, PolicyError, VaultDamagedError
from vault.store import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1") as made:
        yield made


def interview(**changes: object) -> Interview:
    return parse_interview(interview_json(**changes))


def test_a_new_draft_is_empty_invented_and_in_the_log(vault: Vault):
    record_id = new_draft(vault, language="apc")
    loaded = load_draft(vault, record_id)
    assert (loaded.language, loaded.practice, loaded.paragraphs) == ("apc", True, ())
    assert kinds_of(vault, 1) == ["record.create"]


def test_a_saved_draft_comes_back_word_for_word(vault: Vault):
    record_id = new_draft(vault)
    written = interview(account__paragraphs=["\u200fكنت في البيت.\u202e\x1b[0m", "a\u0301"], account__source_of_knowledge=["saw", "saw"])  # fmt: skip
    save_draft(vault, record_id, written)
    assert load_draft(vault, record_id) == written
    listed = list_drafts(vault)[0]
    assert (listed.record_id, listed.sequence, listed.case_code, listed.language) == (record_id, 2, "K7F3-9QZD", "eng")
    assert "mill" not in repr(listed)


@pytest.mark.case("RF-17")
def test_saves_are_ordered_by_their_sequence_and_not_by_the_clock(vault: Vault):
    record_id = new_draft(vault)
    stopped = Reading(wall=datetime(2031, 5, 4, tzinfo=UTC), monotonic_ns=1, boot_id="boot-1")
    vault.clock = SimpleNamespace(now=lambda: stopped)
    for number in range(5):
        save_draft(vault, record_id, interview(note=str(number)))
    assert list_drafts(vault)[0].sequence == 6
    assert load_draft(vault, record_id).note == "4"


def test_many_saves_become_one_entry_when_the_vault_is_locked(tmp_path: Path):
    with make_vault(tmp_path, "field-1") as vault:
        record_id = new_draft(vault)
        for number in range(20):
            save_draft(vault, record_id, interview(note=str(number)))
    with Vault.unlock(tmp_path / "field-1.vault", passphrase()) as vault:
        assert details_of(vault, "record.save") == [{"number": 21}]
        assert check_vault(vault).holds
    with Vault.unlock(tmp_path / "field-1.vault", passphrase()) as vault:
        assert len(details_of(vault, "record.save")) == 1, "nothing was saved, so nothing is logged"


def test_a_discarded_draft_is_gone_and_the_log_says_that_it_was(vault: Vault):
    record_id = new_draft(vault, interview())
    discard_draft(vault, record_id)
    assert list_drafts(vault) == ()
    assert kinds_of(vault, 2) == ["record.discard"]
    for act in (lambda: load_draft(vault, record_id), lambda: save_draft(vault, record_id, interview()), lambda: discard_draft(vault, record_id)):  # fmt: skip
        with pytest.raises(NotFoundError):
            act()
    assert check_vault(vault).holds


def test_an_interview_of_the_other_profile_is_refused_by_policy(vault: Vault):
    real = empty_interview("apc", practice=False)
    with pytest.raises(PolicyError) as caught:
        new_draft(vault, real)
    assert caught.value.reason == "practice-mismatch"
    record_id = new_draft(vault)
    with pytest.raises(PolicyError):
        save_draft(vault, record_id, real)


def test_a_draft_that_is_no_interview_any_more_is_damage_and_names_no_word(vault: Vault):
    record_id = new_draft(vault, interview())
    with vault.transaction() as tx:
        tx.execute("UPDATE drafts SET content = ?", (b'{"mill":1}',))
    with pytest.raises(VaultDamagedError) as caught:
        load_draft(vault, record_id)
    assert record_id in str(caught.value)
    assert "mill" not in str(caught.value)


@pytest.mark.case("RF-01")
def test_a_long_account_is_saved_in_milliseconds(vault: Vault):
    paragraphs = [" ".join(["word"] * 100)] * 100
    long = interview(account__paragraphs=paragraphs, account__source_of_knowledge=["saw"] * 100)
    record_id = new_draft(vault, long)
    began = time.perf_counter()
    for _ in range(10):
        save_draft(vault, record_id, long)
    assert (time.perf_counter() - began) / 10 < 0.1
    assert load_draft(vault, record_id).paragraphs == tuple(paragraphs)
