"""Control numbers and codes: contiguous, never twice, and a used-up series is said so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from practice_vaults import MENTIONED, interview_json, make_vault

from testimony.interview import parse_interview
from testimony.mentions import normalise_for_match
from vault.custody import append
from vault.errors import LimitError, VaultDamagedError
from vault.numbering import take_numbers
from vault.people import people_of
from vault.snippets import snippet_of
from vault.stems import words_of
from vault.store import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1") as made:
        yield made


def taken(vault: Vault, prefix: str, count: int) -> tuple[str, ...]:
    with vault.transaction() as tx:
        numbers = take_numbers(tx, prefix, count)
        append(tx, vault, "record.view", "test")
    return numbers


def test_numbers_follow_each_other_in_each_series(vault: Vault) -> None:
    assert taken(vault, "AB", 2) == ("AB-0000001", "AB-0000002")
    assert taken(vault, "CD", 1) == ("CD-0000001",)
    assert taken(vault, "AB", 3) == ("AB-0000003", "AB-0000004", "AB-0000005")


def test_a_used_up_series_is_refused_and_takes_no_number(vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.execute("INSERT INTO numbering (series, next) VALUES ('AB', 9999999)")
        append(tx, vault, "record.view", "test")
    with pytest.raises(LimitError):
        taken(vault, "AB", 2)
    assert taken(vault, "AB", 1) == ("AB-9999999",)


@pytest.mark.parametrize("prefix", ["", "A", "abc", "TOOLONGX", "A-B"])
def test_a_prefix_that_no_control_number_may_have_is_refused(vault: Vault, prefix: str) -> None:
    with pytest.raises(LimitError):
        taken(vault, prefix, 1)


def people(vault: Vault, case_code: str = "K7F3-9QZD", **changes: object) -> dict[str, str]:
    with vault.transaction() as tx:
        found = people_of(tx, case_code, parse_interview(interview_json(**changes)))
        append(tx, vault, "record.view", "test")
    return {person.names[0]: person.code for person in found}


def test_other_spellings_of_one_name_are_one_person(vault: Vault) -> None:
    first = people(vault, mentions=[{"who": "أحمد  الخطيب", "role": "victim"}])
    again = people(vault, mentions=[{"who": "احمد الخطيب", "role": "victim"}])
    assert first["أحمد  الخطيب"] == again["احمد الخطيب"]


def test_codes_of_one_case_never_meet(vault: Vault) -> None:
    names = [
        {"who": f"Person {chr(65 + number // 26)}{chr(97 + number % 26)}", "role": "victim"} for number in range(60)
    ]
    codes = people(vault, mentions=names)
    assert len(set(codes.values())) == len(codes)


def test_a_code_cannot_be_computed_without_the_key_of_the_case(vault: Vault) -> None:
    one, other = people(vault)[MENTIONED], people(vault, "ZZZZ-0001")[MENTIONED]
    assert one != other
    assert len(vault.read("SELECT DISTINCT key FROM alias_keys")) == 2


def test_people_that_cannot_be_read_are_damage(vault: Vault) -> None:
    people(vault)
    with vault.transaction() as tx:
        tx.execute("UPDATE persons SET content = ?", (b"[]",))
        append(tx, vault, "record.view", "test")
    with pytest.raises(VaultDamagedError):
        people(vault)


@given(st.text(max_size=400), st.text(min_size=1, max_size=10))
def test_a_snippet_is_a_piece_of_the_text_and_every_span_lies_in_it(text: str, word: str) -> None:
    words = words_of(normalise_for_match(word))
    shown = snippet_of(text, words)
    assert shown.text in text
    assert len(shown.text) <= 200
    assert all(0 <= start < end <= len(shown.text) for start, end in shown.spans)
