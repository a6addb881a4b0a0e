"""Withdrawal (C10): nothing more leaves, each body that has the record is told, and the notice stands before it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from practice_vaults import (
    BODY,
    OTHER_BODY,
    PURPOSE,
    acquaint,
    details_of,
    kinds_of,
    make_vault,
    receive,
    unlocked_copy,
)
from vault_sides import Sides

from keys.identity import Identity
from testimony.errors import ConsentError, WithdrawalError
from testimony.withdrawal import MAX_BUNDLES, Notice, Party, parse_notice
from vault.check import check_vault
from vault.consent import Answer, record_answer
from vault.custody import append
from vault.errors import AlreadyImportedError, NotFoundError, PolicyError
from vault.handover import prepare, seal
from vault.notices import import_notice, refuse_withdrawn, withdrawn_sources
from vault.received import get_received
from vault.record_list import list_records
from vault.records import get_record
from vault.viewing import find_noted
from vault.withdrawal import Wish, delivered, withdraw, write_notices

BOTH = [{"recipient": body, "purpose": PURPOSE, "answer": "yes"} for body in (BODY, OTHER_BODY)]
ALL = Wish(asks="stop-sharing")
CODES = ("team", BODY, OTHER_BODY)
FROM_BODY = Wish(asks="stop-sharing", to=BODY)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three locked vaults that know each other; copied for every test."""
    folder = tmp_path_factory.mktemp("begun")
    with (
        make_vault(folder, "team", prefix="TST") as team,
        make_vault(folder, BODY, "legal") as body,
        make_vault(folder, OTHER_BODY, "legal") as other,
    ):
        acquaint(team, body, other)
    return folder


@pytest.fixture(scope="module")
def handed_over(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The same after both bodies took in a record: the folder and the record."""
    folder = tmp_path_factory.mktemp("handed")
    with unlocked_copy(begun, folder, *CODES) as (team, body, other):
        sides = Sides(folder=folder, team=team, body=body, other=other)
        record_id = sides.recorded(consent__share=BOTH)
        sides.handed(body, "a").raise_failure()
        sides.handed(other, "b").raise_failure()
    return folder, record_id


@pytest.fixture
def sides(begun: Path, tmp_path: Path) -> Iterator[Sides]:
    with unlocked_copy(begun, tmp_path, *CODES) as (team, body, other):
        yield Sides(folder=tmp_path, team=team, body=body, other=other)


@pytest.fixture
def shared(handed_over: tuple[Path, str], tmp_path: Path) -> Iterator[Sides]:
    """A record that both bodies have."""
    folder, record_id = handed_over
    with unlocked_copy(folder, tmp_path, *CODES) as (team, body, other):
        yield Sides(folder=tmp_path, team=team, body=body, other=other, record_id=record_id)


def test_after_a_withdrawal_from_everybody_nothing_leaves_and_both_bodies_are_told(shared: Sides) -> None:
    record_id = shared.record_id
    prepared = prepare(shared.team, to=BODY, purpose=PURPOSE)
    before = shared.team.log_state.size
    done = withdraw(shared.team, record_id, ALL, shared.folder / "notices")
    assert sorted(kinds_of(shared.team, before)) == ["consent.withdraw", "withdrawal.issue", "withdrawal.issue"]
    assert details_of(shared.team, "consent.withdraw")[-1]["reach"] == "everything"
    assert len(done.notices) == 2
    assert set(done.bodies) == {BODY, OTHER_BODY}
    assert [shared.rule(body) for body in (BODY, OTHER_BODY)] == ["C10", "C10"]
    with pytest.raises(ConsentError):
        seal(shared.team, prepared, shared.folder / "late")
    assert check_vault(shared.team).holds


def test_a_withdrawal_from_one_body_leaves_the_other_and_tells_it_nothing(shared: Sides) -> None:
    record_id = shared.record_id
    done = withdraw(shared.team, record_id, FROM_BODY, shared.folder / "notices")
    assert done.bodies == (BODY,)
    assert (shared.rule(BODY), shared.rule(OTHER_BODY)) == ("C10", "")
    rendition = prepare(shared.team, to=OTHER_BODY, purpose=PURPOSE).rows[0].rendition
    assert rendition is not None
    assert BODY.encode() not in rendition.packed.file
    shared.handed(shared.other, "c").raise_failure()
    assert details_of(shared.team, "consent.withdraw")[-1]["reach"] == "one-body"
    assert BODY.encode() not in b"".join(
        line for (line,) in shared.team.read("SELECT line FROM custody WHERE object = ?", (record_id,))
    )


def test_a_withdrawal_for_one_purpose_leaves_the_others(shared: Sides) -> None:
    record_id = shared.record_id
    record_answer(shared.team, record_id, replace_answer(purpose="advocacy"))
    withdraw(shared.team, record_id, Wish(asks="stop-sharing", to=BODY, purpose=PURPOSE), shared.folder / "notices")
    assert shared.rule(BODY) == "C10"
    assert prepare(shared.team, to=BODY, purpose="advocacy").rows[0].allowed


def replace_answer(**changes: str) -> Answer:
    return replace(Answer(recipient=BODY, purpose=PURPOSE, answer="yes"), **changes)


def test_a_yes_after_a_withdrawal_is_a_new_grant_and_its_bundle_holds(shared: Sides) -> None:
    record_id = shared.record_id
    withdraw(shared.team, record_id, ALL, shared.folder / "notices")
    assert record_answer(shared.team, record_id, replace_answer()).kind == "grant"
    shared.handed(shared.body, "d").raise_failure()
    assert shared.rule(OTHER_BODY) == "C10"


def test_what_left_is_listed_with_body_date_bundle_and_version(shared: Sides) -> None:
    record_id = shared.record_id
    left = delivered(shared.team, record_id)
    assert {one.body for one in left} == {BODY, OTHER_BODY}
    assert all(one.version == 1 and one.sealed_at and len(one.bundle_id) == 32 for one in left)
    assert [one.body for one in delivered(shared.team, record_id, FROM_BODY)] == [BODY]
    assert delivered(shared.team, record_id, Wish(asks="erase", to=BODY, purpose="advocacy")) == ()


def test_a_notice_names_only_what_its_body_has(shared: Sides) -> None:
    record_id = shared.record_id
    left = {one.fingerprint: one.bundle_id for one in delivered(shared.team, record_id)}
    for path in withdraw(shared.team, record_id, ALL, shared.folder / "notices").notices:
        notice = parse_notice(path.read_bytes()).check(shared.team.identity.public)
        assert notice.bundles == (left[notice.receiver.fingerprint.replace(" ", "")],)
        assert path.stat().st_mode & 0o777 == 0o600


def test_removing_the_name_closes_the_identity_and_keeps_the_grant(sides: Sides) -> None:
    record_id = sides.recorded(consent__identity=[{"recipient": BODY, "answer": "yes"}])
    before = prepare(sides.team, to=BODY, purpose=PURPOSE, profile="full").rows[0].decision
    assert before.identity_allowed
    done = withdraw(sides.team, record_id, Wish(asks="remove-name"), sides.folder / "notices")
    after = prepare(sides.team, to=BODY, purpose=PURPOSE, profile="full").rows[0].decision
    assert [event.kind for event in done.events] == ["change"]
    assert (after.allowed, after.identity_allowed) == (True, False)
    assert before.grant is not None
    assert after.grant is not None
    assert after.grant.review_by == before.grant.review_by


def test_a_request_to_erase_is_logged_and_what_reaches_nothing_is_refused(sides: Sides) -> None:
    record_id = sides.recorded()
    before = sides.team.log_state.size
    withdraw(sides.team, record_id, Wish(asks="erase"), sides.folder / "notices")
    assert kinds_of(sides.team, before) == ["consent.withdraw", "erase.request"]
    with pytest.raises(PolicyError) as caught:
        withdraw(sides.team, record_id, Wish(asks="remove-name"), sides.folder / "notices")
    assert caught.value.reason == "nothing-to-withdraw"
    with pytest.raises(PolicyError):
        Wish(asks="erase", purpose=PURPOSE)


def test_notices_that_were_lost_are_written_again_byte_for_byte(shared: Sides) -> None:
    record_id = shared.record_id
    first = withdraw(shared.team, record_id, ALL, shared.folder / "notices").notices
    again = write_notices(shared.team, record_id, shared.folder / "again")
    assert {path.name: path.read_bytes() for path in first} == {path.name: path.read_bytes() for path in again}
    with pytest.raises(NotFoundError):
        write_notices(shared.team, shared.recorded(), shared.folder / "again")


# The other side


def notice_for_body(shared: Sides, wish: Wish = ALL) -> tuple[str, Path]:
    record_id = shared.record_id
    done = withdraw(shared.team, record_id, wish, shared.folder / "notices")
    own = shared.body.identity.public.fingerprint
    return record_id, next(path for path in done.notices if own in path.read_text())


@pytest.mark.parametrize("asks", ["stop-sharing", "remove-name", "erase"])
def test_a_notice_stands_before_the_record_in_show_search_and_list(shared: Sides, asks: str) -> None:
    record_id, path = notice_for_body(shared, Wish(asks=asks))  # type: ignore[arg-type]
    assert get_received(shared.body, record_id)[0].notices == ()
    before = shared.body.log_state.size
    held = import_notice(shared.body, path)
    assert kinds_of(shared.body, before) == ["withdrawal.import"]
    assert (held.record_id, held.asks, held.sender) == (record_id, asks, "team-D1")
    assert get_received(shared.body, record_id)[0].notices == (held,)
    assert [row.stage for row in list_records(shared.body)] == ["withdrawn"]
    assert all(hit.withdrawn for hit in find_noted(shared.body, record_id))
    assert find_noted(shared.body, record_id)
    with pytest.raises(PolicyError) as caught:
        refuse_withdrawn(shared.body, get_received(shared.body, record_id)[0].source)
    assert caught.value.reason == "withdrawn-notice"
    assert check_vault(shared.body).holds


def test_without_a_notice_nothing_is_said_to_be_withdrawn(shared: Sides) -> None:
    record_id = shared.record_id
    assert withdrawn_sources(shared.body) == frozenset()
    refuse_withdrawn(shared.body, get_received(shared.body, record_id)[0].source)
    assert not any(hit.withdrawn for hit in find_noted(shared.body, record_id))


def test_a_notice_reaches_a_bundle_that_it_names_and_that_comes_later(sides: Sides) -> None:
    record_id = sides.recorded(consent__share=BOTH)
    sides.handed(sides.body, "a").raise_failure()
    late = seal(sides.team, prepare(sides.team, to=BODY, purpose=PURPOSE, profile="lead"), sides.folder / "late")
    (path,) = withdraw(sides.team, record_id, ALL, sides.folder / "notices").notices
    import_notice(sides.body, path)
    receive(sides.body, late.path).raise_failure()
    assert all(one.notices for one in get_received(sides.body, record_id))


def test_a_later_yes_lives_beside_the_older_notice(shared: Sides) -> None:
    record_id, path = notice_for_body(shared)
    import_notice(shared.body, path)
    record_answer(shared.team, record_id, replace_answer())
    shared.handed(shared.body, "d").raise_failure()
    newest, oldest = get_received(shared.body, record_id)
    assert newest.bundle_id != oldest.bundle_id
    assert oldest.notices
    assert newest.notices == ()


def test_a_notice_twice_changes_nothing(shared: Sides) -> None:
    _, path = notice_for_body(shared)
    import_notice(shared.body, path)
    before = shared.body.log_state.size
    with pytest.raises(AlreadyImportedError):
        import_notice(shared.body, path)
    assert shared.body.log_state.size == before


def forged(sides: Sides, path: Path, signer: Identity, **changes: object) -> Path:
    """The notice with changes, signed by whoever `signer` is."""
    notice = parse_notice(path.read_bytes())._notice
    party = Party(code=notice.sender.code, fingerprint=signer.public.fingerprint)
    made: Notice = replace(notice, sender=party, **changes)  # type: ignore[arg-type]
    out = sides.folder / "forged.withdrawal"
    out.write_bytes(made.to_text(signer))
    return out


def refusal(sides: Sides, path: Path) -> tuple[type[Exception], str]:
    """How the body refuses the notice; it leaves no trace."""
    before = sides.body.log_state.size
    with pytest.raises((WithdrawalError, PolicyError, NotFoundError)) as caught:
        import_notice(sides.body, path)
    assert sides.body.log_state.size == before
    assert sides.body.read("SELECT 1 FROM notices") == []
    error = caught.value
    return type(error), error.code if isinstance(error, WithdrawalError) else error.reason


def test_a_notice_of_a_stranger_is_refused(shared: Sides) -> None:
    _, path = notice_for_body(shared)
    assert refusal(shared, forged(shared, path, Identity.generate())) == (PolicyError, "unknown-signer")


def test_a_notice_whose_words_were_changed_is_refused(shared: Sides) -> None:
    _, path = notice_for_body(shared)
    path.write_bytes(path.read_bytes().replace(b"asks: stop-sharing", b"asks: erase"))
    assert refusal(shared, path) == (WithdrawalError, "withdrawal-signature")


def test_a_notice_for_another_body_is_refused(shared: Sides) -> None:
    record_id = shared.record_id
    own = shared.other.identity.public.fingerprint
    done = withdraw(shared.team, record_id, ALL, shared.folder / "notices")
    assert refusal(shared, next(path for path in done.notices if own in path.read_text())) == (
        PolicyError,
        "not-for-you",
    )


def test_a_notice_by_a_contact_who_did_not_send_the_record_is_refused(shared: Sides) -> None:
    _, path = notice_for_body(shared)
    assert refusal(shared, forged(shared, path, shared.other.identity)) == (WithdrawalError, "withdrawal-bundle")


def test_a_notice_about_what_was_never_received_is_refused(shared: Sides) -> None:
    _, path = notice_for_body(shared)
    team = shared.team.identity
    assert refusal(shared, forged(shared, path, team, bundles=("0b" * 16,))) == (NotFoundError, "bundle")
    assert refusal(shared, forged(shared, path, team, record_id="K7F3-9QZX")) == (NotFoundError, "record")


def test_a_real_notice_in_a_practice_vault_is_refused(shared: Sides) -> None:
    _, path = notice_for_body(shared)
    assert refusal(shared, forged(shared, path, shared.team.identity, practice=False)) == (
        PolicyError,
        "practice-mismatch",
    )


def test_a_withdrawal_is_written_down_whole_or_not_at_all(shared: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    record_id = shared.record_id
    before = shared.team.log_state.size

    def broken(*_: object) -> bytes:
        raise WithdrawalError("spelling")

    monkeypatch.setattr(Notice, "to_text", broken)
    with pytest.raises(WithdrawalError):
        withdraw(shared.team, record_id, ALL, shared.folder / "notices")
    assert shared.team.log_state.size == before
    assert get_record(shared.team, record_id).statement is None
    assert shared.rule(BODY) == ""


def test_a_body_with_more_bundles_than_a_notice_names_gets_several_and_the_withdrawal_holds(shared: Sides) -> None:
    team = shared.team
    record_id = shared.record_id
    with team.transaction() as tx:
        for table in ("bundles", "bundle_records"):
            names = [
                name for (name,) in tx.all("SELECT name FROM pragma_table_info(?)", (table,)) if name != "bundle_id"
            ]
            rest = ", ".join(names)
            for number in range(MAX_BUNDLES):
                tx.execute(
                    f"INSERT INTO {table} (bundle_id, {rest}) SELECT ?, {rest} FROM {table} ORDER BY rowid LIMIT 1",  # noqa: S608  # two tables of ours
                    (f"{number:032x}",),
                )
        append(tx, team, "checkpoint", "vault", {"size": 1, "root": "0a" * 32})
    done = withdraw(team, record_id, FROM_BODY, shared.folder / "notices")
    assert len(done.notices) == 2
    assert shared.rule(BODY) == "C10"
