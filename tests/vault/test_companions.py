"""Translations, transcripts and observations: objects of their own class, which go no further than their record."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from practice_vaults import (
    BODY,
    MENTIONED,
    NAME,
    PURPOSE,
    acquaint,
    details_of,
    interview_bytes,
    make_vault,
    receive,
    recorded,
)

from keys.digests import sha256
from keys.sealing import SealedReader
from keys.signature import RECORD, check_signatures
from testimony.bundle.canonical_tar import TarReader
from testimony.errors import InterviewError
from testimony.redaction.commitments import commit
from testimony.redaction.head import parse_head
from testimony.redaction.record_slots import record_tree
from vault.approvals import subject_of
from vault.attachments import attach
from vault.companions import StoredCompanion, add_companion, companions_of, get_companion
from vault.corrections import begin_correction, correct
from vault.custody import lines_about
from vault.erasure import approve_erasure, erase, request_erasure
from vault.errors import NotFoundError, PolicyError
from vault.handover import prepare, seal
from vault.received_companions import companions_received
from vault.records import finish, get_record, new_from_interview
from vault.replay import log_faults, row_faults
from vault.restrictions import restrict
from vault.store import Vault

ARABIC = [
    "مشيت إلى الطاحونة مع برنابي ثيسلوود قبل الظهر.",
    "سألوا برنابي عن بطاقته. قيل لي أنا زينب أن أعود.",
    "وجدنا ثيسلوود بعد يومين.",
]

# In the last paragraph alone it names the man whom the other two mention.
NAMED_LAST = ["مشيت إلى الطاحونة قبل الظهر.", "سألوه عن بطاقته.", "وجدنا برنابي ثيسلوود بعد يومين."]


@dataclass
class World:
    """A field vault with one finished record that has a file, and the body that it is sealed for."""

    field: Vault
    body: Vault
    record_id: str

    def codes(self) -> dict[str, str]:
        record = get_record(self.field, self.record_id).record
        assert record is not None
        return {one.kind: one.code for one in record.persons}

    def translation(self, **changes: Any) -> bytes:
        value: dict[str, Any] = {
            "practice": True,
            "language": "arb",
            "companion": {"by": "T-02", "method": "human", "made_on": "2025-05-02"},
            "account": {"paragraphs": ARABIC},
            "mentions": [
                {"who": "برنابي ثيسلوود", "code": self.codes()["V"]},
                {"who": "زينب", "code": self.codes()["W"]},
            ],
        }
        return json.dumps(value | changes, ensure_ascii=False).encode()

    def transcript(self, **changes: Any) -> bytes:
        text = {"paragraphs": ["A voice says: the gate is shut."]}
        return self.translation(language="eng", source={"exhibit": "TST-0000002"}, account=text, mentions=[], **changes)

    def sealed(self, profile: str = "full") -> Path:
        ready = prepare(self.field, to=BODY, purpose=PURPOSE, profile=profile, record_ids=[self.record_id])
        return seal(self.field, ready).path

    def members(self, path: Path) -> dict[str, bytes]:
        opened = SealedReader(io.BytesIO(path.read_bytes()), [self.body.identity.opener()])
        return {one.name: b"".join(iter(one.read, b"")) for one in TarReader(opened).members()}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield from make_world(tmp_path)


def make_world(folder: Path, **changes: Any) -> Iterator[World]:
    with make_vault(folder, "field-1", prefix="TST") as field, make_vault(folder, BODY, "legal") as body:
        acquaint(field, body)
        record_id = new_from_interview(field, interview_bytes(**changes))
        (folder / "tape.bin").write_bytes(b"an invented tape " * 100)
        attach(field, record_id, folder / "tape.bin", kind="document", title="tape")
        finish(field, record_id)
        yield World(field, body, record_id)


def test_a_translation_is_signed_as_what_it_is_and_of_which_version(world: World) -> None:
    added = add_companion(world.field, world.record_id, "translation", world.translation())
    source, head = get_record(world.field, world.record_id), parse_head(added.head_text)
    assert source.head is not None
    check_signatures(added.head_text, added.signatures, RECORD, world.field.identity.public)
    assert (head.form_id, head.version, head.control_number) == ("translation-1", 1, "TST-0000003")
    assert head.record_id == added.companion_id != world.record_id
    assert head.commitment == commit(record_tree(added.record), added.seed)
    answers = added.record.interview.to_json()
    assert isinstance(answers, dict)
    assert answers["source"] == {"record": world.record_id, "version": 1, "root": source.head.root}
    assert get_companion(world.field, added.companion_id) == added
    assert companions_of(world.field, world.record_id, 1) == (added,)
    assert companions_of(world.field, world.record_id, 2) == ()
    assert not log_faults(world.field)
    assert not row_faults(world.field, world.field.subkey("log-head").reveal())


def test_its_names_have_the_codes_of_the_case_in_the_language_of_the_translation(world: World) -> None:
    added = add_companion(world.field, world.record_id, "translation", world.translation())
    marked = {
        (mark.paragraph, ARABIC[mark.paragraph][mark.start : mark.end], added.record.persons[mark.person].code[0])
        for mark in added.record.marks
    }
    assert (0, "برنابي ثيسلوود", "V") in marked
    assert (1, "زينب", "W") in marked


def test_the_log_of_the_source_names_it_and_not_who_made_it(world: World) -> None:
    added = add_companion(world.field, world.record_id, "translation", world.translation())
    (details,) = details_of(world.field, "translation.add")
    assert details == {"digest": sha256(added.head_text).hex(), "language": "arb", "method": "human"}
    assert b"T-02" not in lines_about(world.field, world.record_id)[-1]


def test_a_translation_travels_with_its_source_and_the_body_keeps_and_shows_it(world: World) -> None:
    added = add_companion(world.field, world.record_id, "translation", world.translation())
    path = world.sealed()
    members = world.members(path)
    number = added.record.control_number
    assert {name for name in members if name.startswith("data/companions/")} == {
        f"data/companions/{number}.{part}" for part in ("head", "head.sig", "head.pq.sig", "json", "txt")
    }
    assert "data/forms/translation-1.json" in members
    assert f'"{number}","companion"'.encode() in members["data/legal/index.csv"]
    taken = receive(world.body, path)
    assert taken.failure is None
    (came,) = companions_received(world.body, world.record_id, 1)
    assert (came.companion_id, came.kind, came.language) == (added.companion_id, "translation", "arb")
    assert f"translation of {world.record_id} v1: arb, human" in came.text
    assert "برنابي ثيسلوود" in came.text


def test_the_name_of_a_witness_who_is_not_to_be_named_stands_as_a_code_in_the_translation(world: World) -> None:
    add_companion(world.field, world.record_id, "translation", world.translation())
    assert receive(world.body, world.sealed()).failure is None
    (came,) = companions_received(world.body, world.record_id, 1)
    assert "زينب" not in came.text
    assert f"أنا {world.codes()['W']} أن" in came.text


def test_a_name_in_the_language_of_the_record_that_no_code_covers_keeps_its_paragraph_here(world: World) -> None:
    account = {"paragraphs": [ARABIC[0], "مع Quillfeather", ARABIC[2]]}
    add_companion(world.field, world.record_id, "translation", world.translation(account=account, mentions=[]))
    path = world.sealed()
    text = next(
        data for name, data in world.members(path).items() if name.startswith("data/companions/") and ".txt" in name
    )
    assert b"Quillfeather" not in text
    assert receive(world.body, path).failure is None


def test_a_paragraph_that_was_restricted_stays_in_the_translation_too(world: World) -> None:
    add_companion(world.field, world.record_id, "translation", world.translation())
    restrict(world.field, world.record_id, 3, "asked")
    shown = world.members(world.sealed())["data/companions/TST-0000003.txt"].decode()
    assert "الطاحونة" in shown, "the control"
    assert "بعد يومين" not in shown


def test_whom_only_a_restricted_paragraph_names_is_not_in_what_is_shown_of_the_translation(world: World) -> None:
    add_companion(world.field, world.record_id, "translation", world.translation(account={"paragraphs": NAMED_LAST}))

    def shown() -> str:
        members = world.members(world.sealed())
        return "".join(
            data.decode() for name, data in members.items() if name.startswith("data/companions/TST-0000003")
        )

    assert "برنابي" in shown(), "the control"
    restrict(world.field, world.record_id, 3, "asked")
    assert "برنابي" not in shown()


@pytest.mark.parametrize("profile", ["pseudonymised", "lead", "statistics"])
def test_no_translation_leaves_under_a_profile_that_does_not_show_the_account_unreviewed(
    world: World, profile: str
) -> None:
    add_companion(world.field, world.record_id, "translation", world.translation())
    ready = prepare(world.field, to=BODY, purpose=PURPOSE, profile=profile, record_ids=[world.record_id])
    rendition = ready.rows[0].rendition
    assert rendition is not None
    assert rendition.packed.companions == ()


def test_a_body_that_has_the_record_gets_the_translation_that_was_made_later(world: World) -> None:
    assert receive(world.body, world.sealed()).failure is None
    assert companions_received(world.body, world.record_id, 1) == ()
    add_companion(world.field, world.record_id, "translation", world.translation())
    taken = receive(world.body, world.sealed())
    assert [one.outcome for one in taken.outcomes] == ["already"]
    assert len(companions_received(world.body, world.record_id, 1)) == 1


def test_a_translation_of_the_first_version_does_not_go_with_the_second(world: World) -> None:
    add_companion(world.field, world.record_id, "translation", world.translation())
    correct(world.field, world.record_id, interview_bytes(account__mode="verbatim"), "error")
    assert not [name for name in world.members(world.sealed()) if name.startswith("data/companions/")]
    again = add_companion(world.field, world.record_id, "translation", world.translation())
    assert again.version == 2
    path = world.sealed()
    assert receive(world.body, path).failure is None
    assert len(companions_received(world.body, world.record_id, 2)) == 1


def test_a_transcript_travels_with_its_exhibit(world: World) -> None:
    added = add_companion(world.field, world.record_id, "transcript", world.transcript())
    assert added.record.form.id == "transcript-1"
    assert receive(world.body, world.sealed()).failure is None
    (came,) = companions_received(world.body, world.record_id, 1)
    assert "A voice says" in came.text
    (details,) = details_of(world.field, "transcript.add")
    assert details["language"] == "eng"


def test_a_transcript_stays_where_its_exhibit_stays(tmp_path: Path) -> None:
    for world in make_world(tmp_path):
        (path,) = world.field.read("SELECT original_name FROM exhibits")[0]
        assert path == "tape.bin"
        # A word that must not leave keeps the exhibit here, and so its transcript.
        record_id = new_from_interview(world.field, interview_bytes())
        (tmp_path / "named.txt").write_bytes(b"spoken by Zaynab Quillfeather")
        attach(world.field, record_id, tmp_path / "named.txt", kind="document", title="note")
        finish(world.field, record_id)
        world.record_id = record_id
        number = get_record(world.field, record_id).record
        assert number is not None
        exhibit = number.exhibits[0].control_number
        value = json.loads(world.transcript())
        value["source"] = {"exhibit": exhibit}
        add_companion(world.field, record_id, "transcript", json.dumps(value).encode())
        members = world.members(world.sealed())
        assert not [name for name in members if name.startswith(("data/companions/", "data/exhibits/"))]


def test_an_observation_never_leaves_and_the_log_that_travels_does_not_tell_of_it(world: World) -> None:
    words = {"paragraphs": ["The person looked tired."]}
    value = {"practice": True, "language": "eng", "companion": {"by": "I-04"}, "account": words}
    before = lines_about(world.field, world.record_id)
    added = add_companion(world.field, world.record_id, "observation", json.dumps(value).encode())
    assert lines_about(world.field, world.record_id) == before
    assert len(lines_about(world.field, added.companion_id)) == 1
    path = world.sealed()
    members = world.members(path)
    assert not [name for name in members if "companions" in name or "observation" in name]
    assert added.companion_id.encode() not in members["data/custody/log.jsonl"]
    assert receive(world.body, path).failure is None


@pytest.mark.parametrize(
    ("change", "path", "rule"),
    [
        ({"language": None}, "session.language", "required"),
        ({"companion": {"by": "T-02"}}, "companion.method", "required"),
        ({"companion": {"by": "T-02", "method": "guessed"}}, "companion.method", "not-in-vocabulary"),
        ({"account": {"paragraphs": ARABIC[:2]}}, "account.text", "one-a-source-paragraph"),
        ({"mentions": [{"who": "زينب", "code": "W-0000"}]}, "mentions/0/code", "no-such-person"),
        ({"mentions": [{"who": "زينب"}]}, "mentions/0", "required"),
        ({"source": {"version": 2}}, "source.version", "other-source"),
        ({"source": {"root": "00" * 32}}, "source.root", "other-source"),
        ({"witness": {"name": "x"}}, "interview", "unknown-member"),
    ],
)
def test_a_file_that_is_no_translation_of_this_record_is_refused_with_its_places(
    world: World, change: dict[str, Any], path: str, rule: str
) -> None:
    size = world.field.log_state.size
    with pytest.raises(InterviewError) as caught:
        add_companion(world.field, world.record_id, "translation", world.translation(**change))
    assert (path, rule) in {(one.path, one.rule) for one in caught.value.problems}
    assert world.field.log_state.size == size


def test_a_transcript_of_an_exhibit_that_is_not_there_is_refused(world: World) -> None:
    value = json.loads(world.transcript())
    value["source"] = {"exhibit": "TST-0000009"}
    with pytest.raises(InterviewError) as caught:
        add_companion(world.field, world.record_id, "transcript", json.dumps(value).encode())
    assert [(one.path, one.rule) for one in caught.value.problems] == [("source.exhibit", "no-such-exhibit")]


def test_what_was_refused_or_withdrawn_gets_no_companion(world: World) -> None:
    translation = world.translation()
    withdrew = recorded(world.field, consent__confirm_end="withdrew")
    with pytest.raises(PolicyError):
        add_companion(world.field, withdrew, "translation", translation)
    with pytest.raises(NotFoundError):
        add_companion(world.field, "AAAA-AAAA", "translation", translation)
    with pytest.raises(PolicyError):
        add_companion(world.field, world.record_id, "translation", world.translation(practice=False))


def test_its_words_are_in_no_repr(world: World) -> None:
    added: StoredCompanion = add_companion(world.field, world.record_id, "translation", world.translation())
    assert not [word for word in (*NAME.split(), *MENTIONED.split(), "برنابي") if word in repr(added)]


def test_an_erased_record_leaves_no_version_no_draft_and_no_companion(world: World) -> None:
    add_companion(world.field, world.record_id, "translation", world.translation())
    correct(world.field, world.record_id, interview_bytes(account__mode="verbatim"), "error")
    add_companion(world.field, world.record_id, "translation", world.translation())
    begin_correction(world.field, world.record_id, "error")
    request_erasure(world.field, world.record_id, "withdrawn")
    approve_erasure(world.field, world.record_id, "I-02")
    erase(world.field, world.record_id)
    for table in ("records", "drafts", "companions", "exhibits", "attachments", "consent_events"):
        assert world.field.read(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608
    assert not row_faults(world.field, world.field.subkey("log-head").reveal())


def test_a_second_persons_approval_does_not_hold_for_a_companion_that_they_did_not_see(world: World) -> None:
    def subject() -> bytes:
        ready = prepare(world.field, to=BODY, purpose=PURPOSE, profile="full", record_ids=[world.record_id])
        return subject_of(world.field, ready).digest

    before = subject()
    assert subject() == before
    add_companion(world.field, world.record_id, "translation", world.translation())
    assert subject() != before


def test_a_translation_of_an_erased_record_does_not_come_back_with_the_same_file(world: World) -> None:
    acquaint(world.body, world.field)
    add_companion(world.field, world.record_id, "translation", world.translation())
    sealed = world.sealed()
    receive(world.body, sealed).raise_failure()
    assert companions_received(world.body, world.record_id, 1), "the control"
    request_erasure(world.body, world.record_id, "withdrawn")
    approve_erasure(world.body, world.record_id, "I-77")
    erase(world.body, world.record_id)
    receive(world.body, sealed).raise_failure()
    assert companions_received(world.body, world.record_id, 1) == ()
