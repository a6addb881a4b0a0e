"""What a body learns from the log in its bundle: of walks for others, of marks, of erasures asked for, nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from practice_vaults import (
    BODY,
    OTHER_BODY,
    PURPOSE,
    acquaint,
    interview_json,
    make_vault,
    passphrase,
    receive,
    recorded,
    walk_through,
)

from testimony.custody.entries import Entry
from vault.contacts import contact, remove_contact
from vault.erasure import approve_erasure, erase, request_erasure
from vault.erasure_steps import tombstones_for
from vault.handover import prepare, seal
from vault.holds import clear_hold, set_hold
from vault.marking import read_marks
from vault.records import get_record
from vault.redactor_marks import mark_after_signing, remove_redactor_mark
from vault.review import save_walk, walk_of
from vault.store import Vault

FIRST, SECOND = "account.text/0", "account.text/1"
BOTH = [
    *interview_json()["consent"]["share"][:1],
    {"recipient": OTHER_BODY, "purpose": PURPOSE, "answer": "yes"},
]


def walked(vault: Vault, record_id: str) -> None:
    walk_through(vault, record_id, to=OTHER_BODY)


def walked_under_another_profile(vault: Vault, record_id: str) -> None:
    for body in (BODY, OTHER_BODY):
        walk = walk_of(vault, record_id, to=body, purpose=PURPOSE, profile="full")
        save_walk(vault, walk.hiding(FIRST, "PRIVATE"))


def walked_again_with_words_hidden(vault: Vault, record_id: str) -> None:
    walked(vault, record_id)
    walk = walk_of(vault, record_id, to=OTHER_BODY, purpose=PURPOSE)
    save_walk(vault, walk.hiding_words(FIRST, "Two cars", "SOURCE").hiding(SECOND, "PRIVATE"))


def sealed_and_lifted(vault: Vault, record_id: str) -> None:
    walked_again_with_words_hidden(vault, record_id)
    seal(vault, prepare(vault, to=OTHER_BODY, purpose=PURPOSE))
    walk = walk_of(vault, record_id, to=OTHER_BODY, purpose=PURPOSE)
    save_walk(vault, walk.undoing(SECOND).keeping(SECOND))
    seal(vault, prepare(vault, to=OTHER_BODY, purpose=PURPOSE))


def marked_and_unmarked(vault: Vault, record_id: str) -> None:
    mark_after_signing(vault, record_id, read_marks(b'[{"paragraph":1,"words":"Two cars","who":"U","role":"unit"}]'))
    remove_redactor_mark(vault, record_id, 1)


def asked_to_be_erased(vault: Vault, record_id: str) -> None:
    request_erasure(vault, record_id, "court-order")
    approve_erasure(vault, record_id, "I-77")
    set_hold(vault, record_id, "court-a", "order-7")


FOR_OTHERS = (
    walked,
    walked_under_another_profile,
    walked_again_with_words_hidden,
    sealed_and_lifted,
    marked_and_unmarked,
    asked_to_be_erased,
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A team with a record, and the body's vault: both closed, to be copied."""
    folder = tmp_path_factory.mktemp("finished")
    with (
        make_vault(folder, "field-1", prefix="TST") as field,
        make_vault(folder, BODY, "legal") as body,
        make_vault(folder, OTHER_BODY, "legal") as other,
    ):
        acquaint(field, body, other)
        record_id = recorded(field, consent__share=BOTH)
        return field.path, body.path, record_id


@pytest.fixture
def twin(finished: tuple[Path, Path, str], tmp_path: Path) -> Iterator[tuple[Vault, Vault, str]]:
    for path in finished[:2]:
        copytree(path, tmp_path / path.name)
    with (
        Vault.unlock(tmp_path / finished[0].name, passphrase()) as field,
        Vault.unlock(tmp_path / finished[1].name, passphrase()) as body,
    ):
        yield field, body, finished[2]


def handed(field: Vault, body: Vault, record_id: str) -> tuple[Entry, ...]:
    """The entries that a bundle for the body carries, once somebody walked through the record for it."""
    walk_through(field, record_id)
    intake = receive(body, seal(field, prepare(field, to=BODY, purpose=PURPOSE)).path)
    intake.raise_failure()
    assert intake.examination.contents is not None
    return intake.examination.contents.custody.carried.entries


def told(entries: tuple[Entry, ...]) -> list[tuple[str, str, dict[str, Any]]]:
    """Each entry but for its place in the log, its time, and the ids that are drawn anew for each bundle."""
    drawn = {entry.object for entry in entries if entry.kind.startswith("bundle.")}
    return [(one.kind, "bundle" if one.object in drawn else one.object, dict(one.details)) for one in entries]


@pytest.fixture(scope="module")
def without(finished: tuple[Path, Path, str], tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What the bundle of the twin carries that did nothing for anybody else."""
    folder = tmp_path_factory.mktemp("without")
    for path in finished[:2]:
        copytree(path, folder / path.name)
    with (
        Vault.unlock(folder / finished[0].name, passphrase()) as field,
        Vault.unlock(folder / finished[1].name, passphrase()) as body,
    ):
        return told(handed(field, body, finished[2]))


@pytest.mark.parametrize("act", FOR_OTHERS)
def test_a_body_sees_the_same_entries_whatever_was_done_for_others(
    twin: tuple[Vault, Vault, str], without: list[Any], act: Callable[[Vault, str], None]
) -> None:
    field, body, record_id = twin
    size = field.log_state.size
    act(field, record_id)
    assert field.log_state.size > size, "the control"
    assert told(handed(field, body, record_id)) == without


def test_a_body_sees_its_own_walk_and_how_often_it_was_saved(
    twin: tuple[Vault, Vault, str], without: list[Any]
) -> None:
    field, body, record_id = twin
    walk = walk_of(field, record_id, to=BODY, purpose=PURPOSE)
    own = [one for one in without if one[0] == "redaction.apply"]
    assert [(about, details["profile"], details["version"]) for _, about, details in own] == [
        (walk.decisions.log_object(walk.stored.seed), "pseudonymised", 1)
    ]
    save_walk(field, walk.hiding(SECOND, "PRIVATE"))
    assert [one.kind for one in handed(field, body, record_id)].count("redaction.apply") == 2


def test_no_number_of_hidden_spans_stands_in_the_log(twin: tuple[Vault, Vault, str]) -> None:
    field, body, record_id = twin
    walked_again_with_words_hidden(field, record_id)
    handed(field, body, record_id)
    lines = [json.loads(line) for (line,) in field.read("SELECT line FROM custody WHERE kind = 'redaction.apply'")]
    assert {tuple(one["details"]) for one in lines} == {("digest", "profile", "version")}
    assert record_id not in {one["object"] for one in lines}


def test_no_line_about_others_can_be_found_by_trying_what_may_stand_in_it(twin: tuple[Vault, Vault, str]) -> None:
    # The line behind it and the proof of its neighbour give its hash away, and all else in it can be guessed or known.
    field, _, record_id = twin
    set_hold(field, record_id, "court-a", "order-7")
    clear_hold(field, record_id, "court-a", "order-7")
    request_erasure(field, record_id, "court-order")
    approve_erasure(field, record_id, "I-77")
    remove_contact(field, OTHER_BODY)
    kinds = {"contact.add", "contact.remove", "hold.set", "hold.clear", "erase.request", "erase.approve"}
    lines = [json.loads(line) for (line,) in field.read("SELECT line FROM custody")]
    told = [one for one in lines if one["kind"] in kinds]
    assert {one["kind"] for one in told} == kinds
    assert len({one["details"]["salt"] for one in told}) == len(told)


def test_a_body_that_was_given_a_record_is_shown_its_tombstone_and_no_other_body_is(
    twin: tuple[Vault, Vault, str],
) -> None:
    field, body, record_id = twin
    walk_through(field, record_id)
    root = get_record(field, record_id).head
    assert root is not None
    receive(body, seal(field, prepare(field, to=BODY, purpose=PURPOSE)).path).raise_failure()
    request_erasure(field, record_id, "court-order")
    approve_erasure(field, record_id, "I-77")
    erase(field, record_id)
    second = recorded(field, consent__share=BOTH)
    (stone,) = [one for one in handed(field, body, second) if one.kind.startswith("erase.")]
    assert (stone.kind, stone.object) == ("erase.done", f"tombstone/{record_id}")
    assert dict(stone.details) == {"scope": "erase", "root": root.root}
    with field.transaction() as tx:
        digits = {code: contact(field, code).fingerprint.replace(" ", "") for code in (BODY, OTHER_BODY)}
        assert [len(tombstones_for(tx, digits[code])) for code in (BODY, OTHER_BODY)] == [1, 0]
