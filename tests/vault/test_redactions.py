import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    details_of,
    kinds_of,
    make_vault,
    receive,
    recorded,
)

from keys.sealing import open_stream
from testimony.bundle.revision import Revision
from testimony.errors import ConsentError, RedactionError
from vault import handover, rendition, revisions
from vault.check import check_vault
from vault.custody import append
from vault.errors import NotFoundError, PolicyError
from vault.handover import prepare, seal
from vault.record_list import list_records
from vault.redactions import decisions_under
from vault.review import Walk, save_walk, walk_of
from vault.store import Vault

FIRST, SECOND = "account.text/0", "account.text/1"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Vault, Vault, str]]:
    with make_vault(tmp_path, "field-1", prefix="TST") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        record_id = recorded(field)
        yield field, body, record_id


def walk(vault: Vault, record_id: str) -> Walk:
    return walk_of(vault, record_id, to=BODY, purpose=PURPOSE)


def kept(found: Walk) -> Walk:
    for path in found.open:
        found = found.keeping(path)
    return found


def text_for(vault: Vault) -> str:
    found = prepare(vault, to=BODY, purpose=PURPOSE).rows[0].rendition
    assert found is not None
    return found.text


def test_a_walk_goes_on_where_it_stopped_and_each_saving_is_in_the_log(pair: tuple[Vault, Vault, str]) -> None:
    vault, _, record_id = pair
    before = vault.log_state.size
    begun = walk(vault, record_id)
    assert len(begun.open) == len(begun.spans) == 3
    save_walk(vault, begun)
    assert kinds_of(vault, before) == []
    save_walk(vault, begun.keeping(FIRST))
    save_walk(vault, walk(vault, record_id).hiding_words(SECOND, "card", "FAM"))
    assert kinds_of(vault, before) == ["redaction.apply"] * 2
    resumed = walk(vault, record_id)
    assert [one.path for one in resumed.spans if one.decision is not None] == [FIRST, SECOND]
    last = details_of(vault, "redaction.apply")[-1]
    assert (last["profile"], last["version"]) == ("pseudonymised", 1)
    assert last["digest"] == resumed.decisions.digest(resumed.stored.seed)
    assert all(str(finding.status) == "pass" for finding in check_vault(vault).findings)


@pytest.mark.case("RF-18")
def test_hidden_shown_again_and_hidden_otherwise_only_the_last_state_leaves(
    pair: tuple[Vault, Vault, str], tmp_path: Path
) -> None:
    vault, body, record_id = pair
    done = kept(walk(vault, record_id))
    states = (
        done.hiding_words(FIRST, "cars", "SOURCE"),
        done,
        done.hiding(FIRST, "PRIVATE"),
        done.hiding_words(SECOND, "card", "FAM"),
    )
    seen = []
    for state in states:
        save_walk(vault, state)
        seen.append(text_for(vault))
    assert ["cars" in text for text in seen] == [False, True, False, True]
    assert ["card" in text for text in seen] == [True, True, True, False]
    assert len(vault.read("SELECT 1 FROM redactions")) == 1
    sink = io.BytesIO()
    with seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out").path.open("rb") as source:
        open_stream(source, sink, [body.identity.opener()])
    tar = sink.getvalue()
    assert b"Two cars" in tar
    for gone in (b"his card", b'"card', b'"account.text/0/gap', b'"account.text/0","PRIVATE"'):
        assert gone not in tar
    assert b'"account.text/1/gap-1","FAM"' in tar


def test_a_redacted_record_is_received_and_shows_its_gap(pair: tuple[Vault, Vault, str], tmp_path: Path) -> None:
    vault, body, record_id = pair
    save_walk(vault, kept(walk(vault, record_id)).hiding_words(FIRST, "Two cars", "SOURCE"))
    path = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), tmp_path / "out").path
    intake = receive(body, path)
    assert intake.failure is None
    assert [one.outcome for one in intake.outcomes] == ["imported"]


def test_a_decision_since_the_preview_stops_the_seal(pair: tuple[Vault, Vault, str], tmp_path: Path) -> None:
    vault, _, record_id = pair
    save_walk(vault, kept(walk(vault, record_id)))
    previewed = prepare(vault, to=BODY, purpose=PURPOSE)
    save_walk(vault, walk(vault, record_id).hiding(FIRST, "PRIVATE"))
    with pytest.raises(PolicyError) as caught:
        seal(vault, previewed, tmp_path / "out")
    assert (caught.value.reason, caught.value.where) == ("review-changed", record_id)
    assert "bundle.seal" not in kinds_of(vault)


@pytest.mark.case("RF-19")
def test_words_hidden_here_and_shown_there_stop_the_seal_until_decided(
    pair: tuple[Vault, Vault, str], tmp_path: Path
) -> None:
    vault, _body, _ = pair
    told = ["The red key hung there.", "Nobody took the Red Key.", "We left."]
    record_id = recorded(vault, account__paragraphs=told, mentions=[])
    hidden = kept(walk(vault, record_id)).hiding_words(FIRST, "red key", "SOURCE")
    save_walk(vault, hidden)
    ready = prepare(vault, to=BODY, purpose=PURPOSE, record_ids=[record_id])
    with pytest.raises(PolicyError) as caught:
        seal(vault, ready, tmp_path / "out")
    assert (caught.value.reason, caught.value.where) == ("same-words", f"{record_id} {SECOND}")
    save_walk(vault, hidden.hiding_same("SOURCE"))
    everywhere = prepare(vault, to=BODY, purpose=PURPOSE, record_ids=[record_id])
    assert seal(vault, everywhere, tmp_path / "out").count == 1
    save_walk(vault, hidden.keeping(SECOND))
    there = prepare(vault, to=BODY, purpose=PURPOSE, record_ids=[record_id]).rows[0].rendition
    assert there is not None
    assert "Red Key" in there.text
    assert "red key" not in there.text


def test_nobody_walks_through_a_record_that_may_not_leave(pair: tuple[Vault, Vault, str]) -> None:
    vault, _, record_id = pair
    with pytest.raises(ConsentError):
        walk_of(vault, record_id, to=BODY, purpose="advocacy")
    with pytest.raises(NotFoundError):
        walk_of(vault, record_id, to="nobody", purpose=PURPOSE)
    with pytest.raises(PolicyError):
        walk_of(vault, record_id, to=BODY, purpose=PURPOSE, profile="everything")


def test_a_walk_for_one_purpose_says_nothing_about_another(pair: tuple[Vault, Vault, str]) -> None:
    vault, _, record_id = pair
    save_walk(vault, kept(walk(vault, record_id)))
    full = walk_of(vault, record_id, to=BODY, purpose=PURPOSE, profile="full")
    assert decisions_under(vault, full.release) is None


def test_a_file_with_an_entry_too_few_changes_nothing(pair: tuple[Vault, Vault, str]) -> None:
    vault, _, record_id = pair
    found = walk(vault, record_id)
    entries = [{"path": one.path, "decision": "keep"} for one in found.spans]
    value = json.loads(json.dumps({"spans": entries[:-1]}))
    with pytest.raises(RedactionError) as caught:
        found.reading(value)
    assert (caught.value.code, caught.value.path) == ("open-span", found.spans[-1].path)


def sealed_again(vault: Vault, out: Path) -> Path:
    return seal(vault, prepare(vault, to=BODY, purpose=PURPOSE), out).path


def test_a_lesser_redacted_revision_says_what_it_lifts_and_is_compared_with_the_one_before(
    pair: tuple[Vault, Vault, str], tmp_path: Path
) -> None:
    vault, body, record_id = pair
    hidden = kept(walk(vault, record_id)).hiding_words(FIRST, "Two cars", "SOURCE").hiding(SECOND, "PRIVATE")
    save_walk(vault, hidden)
    first = receive(body, sealed_again(vault, tmp_path))
    assert first.continuity == {"TST-0000001": "first"}
    lighter = kept(hidden.undoing(FIRST).undoing(SECOND))
    save_walk(vault, lighter)
    size = vault.log_state.size
    path = sealed_again(vault, tmp_path)
    assert kinds_of(vault, size)[:2] == ["redaction.lift", "bundle.seal"]
    second = receive(body, path)
    assert second.continuity == {"TST-0000001": "lifts"}
    assert [one.outcome for one in second.outcomes] == ["imported"]
    assert "TST-0000001-R02\n" in text_for(vault)
    found = [json.loads(file)["revision"] for (file,) in body.read("SELECT disclosure FROM received_records")]
    assert [one["number"] for one in found] == [1, 2]
    assert sorted(row.name for row in list_records(body)) == [record_id, f"{record_id} R02"]
    assert [row.name for row in list_records(vault)] == [record_id]
    assert SECOND in found[1]["lifts"]
    assert [one for one in found[1]["lifts"] if one.startswith(f"{FIRST}/")]
    again = receive(body, sealed_again(vault, tmp_path))
    assert [one.outcome for one in again.outcomes] == ["already"]
    save_walk(vault, lighter.hiding(SECOND, "PRIVATE"))
    narrower = receive(body, sealed_again(vault, tmp_path))
    assert narrower.continuity == {"TST-0000001": "narrower"}


def test_a_revision_whose_earlier_one_never_came_says_so(pair: tuple[Vault, Vault, str], tmp_path: Path) -> None:
    vault, body, record_id = pair
    save_walk(vault, kept(walk(vault, record_id)).hiding(FIRST, "PRIVATE"))
    sealed_again(vault, tmp_path)
    save_walk(vault, kept(walk(vault, record_id).undoing(FIRST)))
    assert receive(body, sealed_again(vault, tmp_path)).continuity == {"TST-0000001": "unseen"}


def test_a_first_revision_beside_another_first_one_that_shows_something_else_says_so(
    pair: tuple[Vault, Vault, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, body, record_id = pair
    save_walk(vault, kept(walk(vault, record_id)).hiding(FIRST, "PRIVATE"))
    assert receive(body, sealed_again(vault, tmp_path)).continuity == {"TST-0000001": "first"}
    monkeypatch.setattr(rendition, "revision_after", lambda *_, **__: Revision())
    monkeypatch.setattr(handover, "log_revision", lambda *_: None)
    save_walk(vault, kept(walk(vault, record_id).undoing(FIRST)))
    again = receive(body, sealed_again(vault, tmp_path))
    assert again.continuity == {"TST-0000001": "restarts"}
    assert [one.outcome for one in again.outcomes] == ["imported"]


@pytest.mark.parametrize("change", ["lifts", "number"])
def test_a_revision_that_lifts_something_else_than_it_says_is_not_taken_in(
    pair: tuple[Vault, Vault, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    vault, body, record_id = pair
    save_walk(vault, kept(walk(vault, record_id)).hiding(FIRST, "PRIVATE").hiding(SECOND, "PRIVATE"))
    receive(body, sealed_again(vault, tmp_path))
    save_walk(vault, kept(walk(vault, record_id).undoing(FIRST).undoing(SECOND)))
    honest = revisions.revision_after

    def lying(*given: Any, **more: Any) -> Revision:
        made = honest(*given, **more)
        return replace(made, lifts=(FIRST,)) if change == "lifts" else made

    monkeypatch.setattr(rendition, "revision_after", lying)
    if change == "number":
        with body.transaction() as tx:
            tx.execute("UPDATE received_records SET head = ?", (b"another head",))
            append(tx, body, "record.view", "test")
    result = receive(body, sealed_again(vault, tmp_path))
    assert [one.outcome for one in result.outcomes] == ["quarantined"]
    assert len(body.read("SELECT 1 FROM received_records")) == 1


def test_another_revision_since_the_preview_stops_the_seal(pair: tuple[Vault, Vault, str], tmp_path: Path) -> None:
    vault, _, record_id = pair
    save_walk(vault, kept(walk(vault, record_id)))
    previewed = prepare(vault, to=BODY, purpose=PURPOSE, profile="full")
    sealed_again(vault, tmp_path)
    with pytest.raises(PolicyError) as caught:
        seal(vault, previewed, tmp_path)
    assert caught.value.reason == "revision-changed"
