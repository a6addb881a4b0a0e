from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from practice_vaults import (
    BODY,
    MENTIONED,
    PURPOSE,
    acquaint,
    kinds_of,
    make_vault,
    receive,
    recorded,
    walk_through,
)

from keys.identity import Identity
from keys.sealing import SealedReader
from testimony.bundle.canonical_tar import TarReader
from testimony.disclosure_request import DisclosureRequest, covers, parse_request
from testimony.errors import ConsentError, RequestError
from vault.answers import Answerable, answer_request, take_request
from vault.check import check_vault
from vault.disclosure_requests import HiddenPlace, make_request, received_newest
from vault.errors import NotFoundError, PolicyError
from vault.handover import prepare, seal
from vault.intake import Intake
from vault.marking import read_marks
from vault.received import get_received
from vault.redactor_marks import mark_after_signing
from vault.restrictions import restrict
from vault.review import save_walk, walk_of
from vault.store import Vault

FIRST = "account.text/0"


class Court:
    """A field vault, a body that holds one redacted record of it, and what goes to and fro."""

    def __init__(self, folder: Path, field: Vault, body: Vault, record_id: str) -> None:
        self.folder, self.field, self.body, self.record_id = folder, field, body, record_id
        self.sent = 0

    def seal(self) -> Intake:
        path = seal(self.field, prepare(self.field, to=BODY, purpose=PURPOSE), self.folder / "out").path
        return receive(self.body, path)

    def hidden(self) -> list[HiddenPlace]:
        return list(received_newest(self.body, self.record_id).hidden)

    def named(self, kind: str) -> HiddenPlace:
        return next(one for one in self.hidden() if one.kind == kind)

    def request(self, *places: str) -> bytes:
        return make_request(self.body, self.record_id, places, ground="IDENTIFY", words="To find a witness.")

    def taken(self, data: bytes) -> Answerable:
        self.sent += 1
        path = self.folder / f"{self.sent}.request"
        path.write_bytes(data)
        return take_request(self.field, path)

    def answered(self, *places: str) -> Intake:
        ready = self.taken(self.request(*places))
        sealed = answer_request(self.field, ready, [one.path for one in ready.lifts], self.folder / "answers")
        return receive(self.body, sealed.path)

    def text(self) -> str:
        return "\n".join(text for _, text in get_received(self.body, self.record_id)[0].paragraphs)


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Court]:
    with make_vault(tmp_path, "field-1", prefix="TST") as field, make_vault(tmp_path, BODY, "legal") as body:
        acquaint(field, body)
        record_id = recorded(field)
        walk_through(field, record_id)
        walk = walk_of(field, record_id, to=BODY, purpose=PURPOSE)
        save_walk(field, walk.hiding_words(FIRST, "Two cars", "SOURCE").hiding("account.text/1", "PRIVATE"))
        made = Court(tmp_path, field, body, record_id)
        made.seal()
        yield made


def test_one_name_is_asked_for_and_the_answer_shows_it_beside_its_code_and_nothing_more(court: Court) -> None:
    before = court.text()
    name = court.named("name")
    assert MENTIONED.split()[0] not in before
    intake = court.answered(name.path)
    assert intake.failure is None
    assert intake.continuity == {"TST-0000001": "lifts"}
    after = court.text()
    assert MENTIONED in after
    assert "Two cars" not in after
    assert court.answered("account.text/1").continuity == {"TST-0000001": "lifts"}
    assert MENTIONED in court.text()
    assert "told to go home" in court.text()
    assert kinds_of(court.body).count("request.issue") == 2
    assert kinds_of(court.field).count("request.import") == 2
    assert kinds_of(court.field).count("redaction.lift") == 2
    for vault in (court.field, court.body):
        assert check_vault(vault).holds


def test_whom_a_redactor_marked_after_signing_stays_hidden_in_a_paragraph_that_is_lifted_whole(court: Court) -> None:
    mark = b'[{"paragraph":2,"words":"wait there","who":"Quillon","role":"victim"}]'
    mark_after_signing(court.field, court.record_id, read_marks(mark))
    court.seal()
    ready = court.taken(court.request("account.text/1"))
    assert "told to go home" in ready.lifts[0].text, "the control"
    assert "wait there" not in ready.lifts[0].text
    intake = receive(court.body, answer_request(court.field, ready, ["account.text/1"], court.folder / "answers").path)
    assert (intake.failure, intake.continuity) == (None, {"TST-0000001": "lifts"})
    assert "told to go home" in court.text()
    assert "wait there" not in court.text()


def test_a_gap_is_asked_for_by_its_number_and_lifted_word_for_word(court: Court) -> None:
    assert court.named("words").name == f"{FIRST}/gap-1"
    assert court.answered(f"{FIRST}/gap-1").continuity == {"TST-0000001": "lifts"}
    assert "Two cars stood across the road." in court.text()


def test_a_value_of_another_person_is_lifted_and_the_place_of_the_interview_with_it(court: Court) -> None:
    assert court.answered("session.place").failure is None
    newest = get_received(court.body, court.record_id)[0]
    assert newest.answers["session.place"]["verbatim"] == "the reading room of the upper mill"  # type: ignore[index,call-overload]


def test_the_witness_is_named_only_with_a_yes_to_it_and_what_protects_them_never(court: Court) -> None:
    for place, reason in (("witness.name", "lift-identity"), ("witness.safeguards", "lift-never")):
        ready = court.taken(court.request(place))
        with pytest.raises(PolicyError) as caught:
            answer_request(court.field, ready, [place], court.folder / "answers")
        assert caught.value.reason == reason
    assert court.seal().outcomes[0].outcome == "already"


def test_a_paragraph_that_was_restricted_is_lifted_by_no_answer(court: Court) -> None:
    asked = court.request("account.text/1")
    restrict(court.field, court.record_id, 2, "asked")
    ready = court.taken(asked)
    with pytest.raises(PolicyError) as caught:
        answer_request(court.field, ready, ["account.text/1"], court.folder / "answers")
    assert caught.value.reason == "lift-never"


def test_what_an_answer_lifted_goes_out_in_no_other_answer_once_it_is_restricted(court: Court) -> None:
    court.answered("account.text/1")
    restrict(court.field, court.record_id, 2, "asked")
    ready = court.taken(court.request(court.named("name").path))
    with pytest.raises(PolicyError) as caught:
        answer_request(court.field, ready, [one.path for one in ready.lifts], court.folder / "answers")
    assert caught.value.reason == "answer-narrower"


def test_an_answer_says_of_a_restricted_paragraph_that_consent_keeps_it(court: Court) -> None:
    restrict(court.field, court.record_id, 2, "asked")
    ready = court.taken(court.request(court.named("name").path))
    seen = answer_request(court.field, ready, [one.path for one in ready.lifts], court.folder / "answers")
    opened = SealedReader(BytesIO(seen.path.read_bytes()), [court.body.identity.opener()])
    members = {one.name: b"".join(iter(one.read, b"")) for one in TarReader(opened).members()}
    rows = members["data/legal/redaction-log.csv"].decode().splitlines()
    assert [row.split(",")[3] for row in rows if '"account.text/1"' in row] == ['"CONSENT"']


def test_what_is_not_hidden_cannot_be_asked_for(court: Court) -> None:
    for place in ("session.language", "account.text/2", "nothing.at.all", f"{FIRST}/0-1"):
        with pytest.raises(NotFoundError):
            court.request(place)


def _changed(court: Court, place: str, **changes: Any) -> bytes:
    request = parse_request(court.request(place)).check(court.body.identity.public)
    return replace(request, **changes).to_text(court.body.identity)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bundle_id": "0" * 32}, "request-bundle"),
        ({"root": "0" * 64}, "request-record"),
        ({"file_sha256": "0" * 64}, "request-record"),
        ({"version": 2}, "request-bundle"),
        ({"hidden": ("session.language",)}, "request-not-hidden"),
        ({"hidden": ("account.text/0/0-1",)}, "request-not-hidden"),
        ({"hidden": ("account.text/9",)}, "request-not-hidden"),
        ({"hidden": ("account.text/0/1-99999",)}, "request-not-hidden"),
    ],
)
def test_a_request_about_something_else_than_was_sealed_is_refused(court: Court, changes: Any, code: str) -> None:
    before = court.field.log_state.size
    with pytest.raises(RequestError) as caught:
        court.taken(_changed(court, "session.place", **changes))
    assert caught.value.code == code
    assert court.field.log_state.size == before


def test_a_forged_request_and_one_of_a_stranger_are_refused(court: Court) -> None:
    data = court.request("session.place")
    with pytest.raises(RequestError) as caught:
        court.taken(data.replace(b"ground: IDENTIFY", b"ground: DEFENCE"))
    assert caught.value.code == "request-signature"
    stranger = Identity.generate()
    request = parse_request(data).check(court.body.identity.public)
    with pytest.raises(PolicyError):
        court.taken(replace(request, fingerprint=stranger.public.fingerprint).to_text(stranger))


def test_a_request_that_was_answered_is_not_answered_again_and_an_old_one_not_at_all(court: Court) -> None:
    first, second = court.request("session.place"), court.request("account.text/1")
    ready = court.taken(first)
    answer_request(court.field, ready, ["session.place"], court.folder / "answers")
    with pytest.raises(PolicyError) as refused:
        court.taken(first)
    assert refused.value.reason == "request-answered"
    with pytest.raises(RequestError) as caught:
        court.taken(second)
    assert caught.value.code == "request-superseded"


def test_nothing_is_granted_that_was_not_asked_for(court: Court) -> None:
    ready = court.taken(court.request("session.place"))
    for granted, code in (((), "request-nothing"), (("account.text/1",), "request-not-asked")):
        with pytest.raises(RequestError) as caught:
            answer_request(court.field, ready, granted, court.folder / "answers")
        assert caught.value.code == code


def test_an_answer_to_a_request_that_this_vault_never_made_is_not_taken_in(court: Court) -> None:
    ready = court.taken(court.request("session.place"))
    sealed = answer_request(court.field, ready, ["session.place"], court.folder / "answers")
    with court.body.transaction() as tx:
        tx.execute("DELETE FROM disclosure_requests")
        from vault.custody import append

        append(tx, court.body, "record.view", "test")
    assert [one.outcome for one in receive(court.body, sealed.path).outcomes] == ["quarantined"]


def test_a_request_has_one_spelling(court: Court) -> None:
    data = court.request("session.place", "account.text/1")
    request = parse_request(data).check(court.body.identity.public)
    assert isinstance(request, DisclosureRequest)
    assert request.hidden == ("account.text/1", "session.place")
    for old, new in (
        (b"hidden: account.text/1\nhidden: session.place", b"hidden: session.place\nhidden: account.text/1"),
        (b"hidden: session.place\n", b"hidden: session.place\nhidden: session.place\n"),
        (b"ground: IDENTIFY", b"ground: CURIOUS"),
        (b"request v1", b"request v2"),
        (b"words: To", b"words:  To"),
        (b"revision: 1 ", b"revision: 01 "),
    ):
        assert old in data
        with pytest.raises(RequestError):
            parse_request(data.replace(old, new))


def test_one_path_covers_what_lies_within_it() -> None:
    assert covers("session.place", "session.place/verbatim")
    assert covers("account.text/0/3-9", "account.text/0/4-9")
    assert not covers("account.text/0/3-9", "account.text/0/2-4")
    assert not covers("account.text/0/3-9", "account.text/1/4-5")
    assert not covers("session.place/verbatim", "session.place")
    assert not covers("session", "session.place")


def test_an_answer_is_refused_where_consent_is_gone(court: Court) -> None:
    from vault.consent import Answer, record_answer

    data = court.request("session.place")
    record_answer(court.field, court.record_id, Answer(recipient=BODY, purpose=PURPOSE, answer="no"))
    with pytest.raises(ConsentError):
        court.taken(data)
