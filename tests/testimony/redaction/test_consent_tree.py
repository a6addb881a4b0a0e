"""The consent statement: a body sees the events about itself."""

import json

import pytest

from testimony.canonical import encode
from testimony.errors import RedactionError
from testimony.redaction.commitments import commit
from testimony.redaction.consent_tree import commit_consent, disclose_consent, event_digest, read_consent
from testimony.redaction.leaves import Branch, Leaf, LeafType, Padding

EVENTS = [encode({"seq": number, "recipient": f"body-{number}", "answer": "yes"}) for number in range(5)]


@pytest.fixture
def statement(seed):
    return commit_consent(EVENTS, seed)


def test_the_events_of_one_body_come_back_exactly(statement, seed):
    value = disclose_consent(EVENTS, seed, [1, 3])
    assert read_consent(value, root=statement.root, n=statement.n) == {1: EVENTS[1], 3: EVENTS[3]}


def test_the_other_bodies_are_not_in_it_nor_how_many_they_are(seed):
    few = encode(disclose_consent(EVENTS, seed, [1]))
    many = encode(disclose_consent([*EVENTS, *EVENTS[:3]], seed, [1]))
    assert b"body-0" not in few
    assert len(few) == len(many)


def test_a_changed_event_is_refused(statement, seed):
    value = json.loads(encode(disclose_consent(EVENTS, seed, [2])))
    shown = next(run for run in value["runs"] if run[0] == "show")
    shown[2]["value"] = shown[2]["value"].replace("yes", "no")
    with pytest.raises(RedactionError) as caught:
        read_consent(value, root=statement.root, n=statement.n)
    assert caught.value.path == "consent"


def test_an_event_moved_to_another_place_is_refused(statement, seed):
    value = json.loads(encode(disclose_consent(EVENTS, seed, [2])))
    shown = next(run for run in value["runs"] if run[0] == "show")
    shown[2]["path"] = "consent/1"
    with pytest.raises(RedactionError) as caught:
        read_consent(value, root=statement.root, n=statement.n)
    assert caught.value.path == "consent/2"


def test_a_record_without_events_has_a_statement_too(seed):
    empty = commit_consent([], seed)
    assert read_consent(disclose_consent([], seed, []), root=empty.root, n=empty.n) == {}


def test_a_field_named_consent_shares_no_salt_with_the_statement(statement, seed):
    leaves = tuple(Leaf(path=f"consent/{place}", type=LeafType.TEXT, value=event) for place, event in enumerate(EVENTS))
    assert commit(Branch(path="consent", children=leaves, padding=Padding.LIST), seed).root != statement.root


def test_the_digest_in_the_log_depends_on_event_and_seed(seed):
    digests = {event_digest(event, key) for event in EVENTS for key in (seed, bytes(32))}
    assert len(digests) == 10
    assert all(len(digest) == 64 for digest in digests)


def test_a_seed_of_another_size_is_refused():
    for attempt in (lambda: commit_consent(EVENTS, b""), lambda: event_digest(EVENTS[0], bytes(31))):
        with pytest.raises(RedactionError):
            attempt()
