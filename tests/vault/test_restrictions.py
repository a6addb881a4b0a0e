"""C12: after finishing a passage can only be restricted; no body sees it, no correction loses it, the log says so."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    PURPOSE,
    acquaint,
    details_of,
    interview_bytes,
    kinds_of,
    make_vault,
    receive,
    recorded,
    walk_through_all,
)

from vault.corrections import correct
from vault.erasure import approve_erasure, erase, request_erasure
from vault.errors import NotFoundError, PolicyError
from vault.handover import seal
from vault.preview import prepare
from vault.received import get_received
from vault.rendition import Rendition
from vault.restriction_rows import same_elsewhere
from vault.restrictions import lift_restriction, list_restrictions, restrict
from vault.review import walk_of
from vault.store import Vault

PARAGRAPHS = json.loads(interview_bytes())["account"]["paragraphs"]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1", prefix="TST") as made, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(made, body)
        yield made


@pytest.fixture
def record_id(vault: Vault) -> str:
    return recorded(vault)


def rendered(vault: Vault, profile: str = "full", version: int | None = None) -> Rendition:
    if version is None:
        walk_through_all(vault, profile=profile)
    rendition = prepare(vault, to=BODY, purpose=PURPOSE, profile=profile, version=version).rows[0].rendition
    assert rendition is not None
    return rendition


@pytest.mark.parametrize("profile", ["full", "pseudonymised", "lead"])
def test_a_restricted_paragraph_is_withheld_under_every_profile(vault: Vault, record_id: str, profile: str) -> None:
    restrict(vault, record_id, 3, "asked")
    rendition = rendered(vault, profile)
    assert "quarry" not in rendition.text
    if profile != "lead":
        assert ("account.text/2", "CONSENT") in {(one.path, one.code) for one in rendition.withheld}


def test_without_the_restriction_the_paragraph_is_there(vault: Vault, record_id: str) -> None:
    assert "quarry" in rendered(vault).text
    restrict(vault, record_id, 3, "asked")
    lift_restriction(vault, record_id, 3, "asked")
    assert "quarry" in rendered(vault).text


def test_a_bundle_holds_whose_index_lacks_the_row_of_a_restricted_paragraph(tmp_path: Path) -> None:
    events = [{"event": f"E{place}", "edtf": "2025-03-07", "paragraphs": str(place)} for place in (2, 3)]
    with make_vault(tmp_path, "field-1", prefix="TST") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        made = recorded(field, index={"events": events})
        restrict(field, made, 3, "asked")
        sealed = seal(field, prepare(field, to=BODY, purpose=PURPOSE, profile="full"), tmp_path / "out")
        receive(body, sealed.path).raise_failure()
        (newest,) = get_received(body, made)
    assert [one["event"] for one in newest.answers["index.events"]] == ["E2"]  # type: ignore[index,union-attr,call-overload]
    assert [place for place, _ in newest.paragraphs] == [0, 1]


def test_nobody_is_asked_to_review_what_cannot_leave(vault: Vault, record_id: str) -> None:
    restrict(vault, record_id, 3, "asked")
    walk = walk_of(vault, record_id, to=BODY, purpose=PURPOSE)
    assert "account.text/1" in {one.path for one in walk.spans}
    assert "account.text/2" not in {one.path for one in walk.spans}


def test_a_restriction_between_preview_and_seal_stops_the_seal(vault: Vault, record_id: str, tmp_path: Path) -> None:
    walk_through_all(vault, profile="full")
    ready = prepare(vault, to=BODY, purpose=PURPOSE, profile="full")
    restrict(vault, record_id, 3, "asked")
    with pytest.raises(PolicyError) as caught:
        seal(vault, ready, tmp_path)
    assert caught.value.reason == "review-changed"


def test_the_log_says_it_and_tells_no_number(vault: Vault, record_id: str) -> None:
    since = len(kinds_of(vault))
    restrict(vault, record_id, 3, "safety")
    lift_restriction(vault, record_id, 3, "asked")
    assert kinds_of(vault, since) == ["redaction.restrict", "redaction.unrestrict"]
    said = details_of(vault, "redaction.restrict")[-1]
    assert said.keys() == {"digest", "version", "reason"}
    assert (said["version"], said["reason"]) == (1, "safety")


@pytest.mark.parametrize("paragraph", [0, 4])
def test_a_paragraph_that_there_is_not_changes_nothing(vault: Vault, record_id: str, paragraph: int) -> None:
    since = len(kinds_of(vault))
    with pytest.raises(NotFoundError):
        restrict(vault, record_id, paragraph, "asked")
    with pytest.raises(NotFoundError):
        lift_restriction(vault, record_id, 1, "asked")
    assert kinds_of(vault, since) == []


def test_a_correction_keeps_the_paragraph_with_the_same_words_restricted(vault: Vault, record_id: str) -> None:
    restrict(vault, record_id, 3, "asked")
    texts = [PARAGRAPHS[2], PARAGRAPHS[0] + " It was cold.", PARAGRAPHS[1]]
    correct(vault, record_id, interview_bytes(account__paragraphs=texts), "other")
    assert list_restrictions(vault, record_id) == ((1, 3), (2, 1))
    assert details_of(vault, "redaction.restrict")[-1]["reason"] == "carried"
    assert "quarry" not in rendered(vault).text


def test_where_its_words_changed_every_changed_paragraph_is_restricted_until_lifted(
    vault: Vault, record_id: str
) -> None:
    restrict(vault, record_id, 3, "asked")
    texts = [PARAGRAPHS[0] + " It was cold.", PARAGRAPHS[1], PARAGRAPHS[2] + " It rained."]
    correct(vault, record_id, interview_bytes(account__paragraphs=texts), "other")
    assert list_restrictions(vault, record_id) == ((1, 3), (2, 1), (2, 3))
    lift_restriction(vault, record_id, 1, "asked")
    assert list_restrictions(vault, record_id) == ((1, 3), (2, 3))


def test_an_earlier_version_does_not_let_the_paragraph_out(vault: Vault, record_id: str) -> None:
    correct(vault, record_id, interview_bytes(account__paragraphs=[*PARAGRAPHS[:2], "It rained."]), "other")
    restrict(vault, record_id, 3, "asked")
    assert "quarry" not in rendered(vault, version=1).text


def test_the_rule_from_one_version_to_another() -> None:
    assert same_elsewhere(1, ("a", "b"), ("b", "a", "b")) == {0, 2}
    assert same_elsewhere(1, ("a", "b"), ("a", "c", "d")) == {1, 2}
    assert same_elsewhere(1, ("a", "b"), ("a",)) == set()


def test_erasure_takes_the_rows_too(vault: Vault, record_id: str) -> None:
    restrict(vault, record_id, 3, "asked")
    request_erasure(vault, record_id, "withdrawn")
    approve_erasure(vault, record_id, "S-02")
    erase(vault, record_id)
    assert vault.read("SELECT * FROM restrictions") == []
