import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_interview import AT, english, record_of

from testimony.canonical import decode, encode
from testimony.consent import Release, Request, events_from, facts_of, release_for
from testimony.errors import CanonicalError, RedactionError
from testimony.model import Record
from testimony.profiles import Plan, no_decisions, plan_disclosure
from testimony.redaction.choices import decided, decisions_from, exact_words, words_between, words_like
from testimony.redaction.decisions import Decisions, SpanDecision, WordRange, parse_decisions, tidied

PATH = "account.text/0"
SEED = bytes(range(32))


def _release(record: Record, profile: str = "pseudonymised") -> Release:
    request = Request(recipient="court-a", purpose="criminal investigation", profile=profile, at=AT)
    return release_for(facts_of(record, bytes(32)), events_from(record.interview, AT), request)


def _told(*paragraphs: str, mentions: Any = ()) -> Record:
    value = english()
    value["account"]["paragraphs"] = list(paragraphs)
    value["account"]["source_of_knowledge"] = ["saw"] * len(paragraphs)
    if mentions != ():
        value["mentions"] = mentions
    return record_of(value)


def _plan(record: Record, *decisions: SpanDecision, profile: str = "pseudonymised") -> Plan:
    release = _release(record, profile)
    made = no_decisions(release)
    for one in plan_disclosure(record, release).spans:
        made = made.deciding(SpanDecision(path=one.path, outcome="keep"))
    for decision in decisions:
        made = made.deciding(decision)
    return plan_disclosure(record, release, made)


def _words(path: str, *ranges: tuple[int, int]) -> SpanDecision:
    listed = tuple(WordRange(start=start, end=end, code="FAM") for start, end in ranges)
    return SpanDecision(path=path, outcome="words", ranges=listed)


def _example(repository: Path) -> bytes:
    page = (repository / "docs" / "format" / "decisions-v1.md").read_text(encoding="utf-8")
    found = re.search(r"```json\n(.*?)\n```", page, re.DOTALL)
    assert found is not None
    return found[1].encode()


def test_the_example_of_the_page_is_its_one_spelling(repository: Path) -> None:
    data = _example(repository)
    decisions = parse_decisions(data)
    assert decisions.to_bytes() == data
    assert decisions.hidden == 2
    page = (repository / "docs" / "format" / "decisions-v1.md").read_text(encoding="utf-8")
    assert f"`{decisions.digest(bytes(32))}`" in page
    assert f"`{decisions.log_object(bytes(32))}`" in page


@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: value | {"format": "testimony-vault redaction decisions v2"},
        lambda value: value | {"version": 0},
        lambda value: value | {"more": 1},
        lambda value: value | {"spans": value["spans"][::-1]},
        lambda value: value | {"spans": [*value["spans"], value["spans"][-1]]},
        lambda value: value | {"spans": [{"path": PATH, "decision": "show"}]},
        lambda value: value | {"spans": [{"path": PATH, "decision": "hide"}]},
        lambda value: value | {"spans": [{"path": PATH, "decision": "hide", "code": "ICC"}]},
        lambda value: value | {"spans": [{"path": PATH, "decision": "keep", "code": "FAM"}]},
        lambda value: value | {"spans": [{"path": PATH, "decision": "words"}]},
        lambda value: (
            value | {"spans": [{"path": PATH, "decision": "words", "ranges": [{"code": None, "start": 0, "end": 1}]}]}
        ),
        lambda value: (
            value | {"spans": [{"path": PATH, "decision": "words", "ranges": [{"code": "FAM", "start": 2, "end": 2}]}]}
        ),
        lambda value: (
            value
            | {
                "spans": [
                    {
                        "path": PATH,
                        "decision": "words",
                        "ranges": [{"code": "FAM", "start": 0, "end": 3}, {"code": "FAM", "start": 2, "end": 4}],
                    }
                ]
            }
        ),
        lambda value: value | {"spans": [{"path": PATH, "decision": "keep", "ranges": []}]},
    ],
)
def test_each_rule_of_the_page_is_held_by_the_reader(repository: Path, spoil: Any) -> None:
    value: Any = decode(_example(repository), limit=10_000, where="example")
    with pytest.raises((CanonicalError, RedactionError)):
        parse_decisions(encode(spoil(dict(value))))


def test_another_spelling_of_the_same_decisions_is_refused(repository: Path) -> None:
    with pytest.raises(CanonicalError):
        parse_decisions(_example(repository).replace(b'":"', b'": "', 1))
    value: Any = decode(_example(repository), limit=10_000, where="example")
    kept = {"path": PATH, "decision": "keep", "ranges": []}
    with pytest.raises(CanonicalError, match=r"^not-canonical at decisions$"):
        parse_decisions(encode(value | {"spans": [kept]}))


def test_no_decision_holds_a_word_and_its_repr_none_either() -> None:
    record = _told("The miller kept the key.")
    plan = _plan(record, _words(PATH, (4, 10)))
    assert "miller" not in repr(plan)
    assert "miller" not in repr(plan.spans[0])


def test_the_digest_depends_on_the_seed_and_on_every_decision() -> None:
    empty = no_decisions(_release(_told("One.")))
    kept = empty.deciding(SpanDecision(path=PATH, outcome="keep"))
    hidden = empty.deciding(SpanDecision(path=PATH, outcome="hide", code="FAM"))
    digests = {one.digest(SEED) for one in (empty, kept, hidden)} | {kept.digest(bytes(32))}
    assert len(digests) == 4
    with pytest.raises(RedactionError):
        kept.digest(b"short")


@given(
    st.lists(
        st.builds(
            lambda start, length, code: WordRange(start=start, end=start + length, code=code),
            st.integers(0, 40),
            st.integers(1, 9),
            st.sampled_from(["FAM", "THIRD", None]),
        ),
        max_size=8,
    )
)
def test_tidied_ranges_lie_apart_and_hide_exactly_what_was_hidden(ranges: list[WordRange]) -> None:
    listed = tidied(ranges)
    assert all(one.end <= other.start for one, other in itertools.pairwise(listed))

    def hidden(found: Any) -> set[int]:
        return {place for one in found if one.code is not None for place in range(one.start, one.end)}

    assert hidden(listed) == hidden(ranges)


def test_a_hidden_range_of_words_becomes_a_gap_with_a_row_and_its_code() -> None:
    record = _told("The miller kept the key under a stone.")
    plan = _plan(record, _words(PATH, (4, 10), (20, 23)))
    assert plan.selection.paragraphs[PATH].hidden == ((4, 10), (20, 23))
    assert [(one.path, one.code) for one in plan.withheld if one.path.startswith(PATH)] == [
        (f"{PATH}/gap-1", "FAM"),
        (f"{PATH}/gap-2", "FAM"),
    ]
    assert plan.spans[0].as_decided() == "The […] kept the […] under a stone."


def test_words_side_by_side_hidden_for_two_reasons_leave_one_gap_with_both() -> None:
    record = _told("The miller kept the key.")
    ranges = (WordRange(start=4, end=10, code="FAM"), WordRange(start=11, end=15, code="SOURCE"))
    plan = _plan(record, SpanDecision(path=PATH, outcome="words", ranges=ranges))
    assert [(one.path, one.code) for one in plan.withheld if one.path.startswith(PATH)] == [
        (f"{PATH}/gap-1", "FAM"),
        (f"{PATH}/gap-1", "SOURCE"),
    ]


def test_a_paragraph_or_a_value_that_is_hidden_whole_is_withheld_with_its_code() -> None:
    record = record_of(english())
    free = next(one.path for one in _plan(record).spans if one.kind == "text")
    hide = [SpanDecision(path=path, outcome="hide", code="SV-DETAIL") for path in (PATH, free)]
    plan = _plan(record, *hide)
    assert PATH not in plan.selection.paragraphs
    assert not plan.shows(free)
    assert {(PATH, "SV-DETAIL"), (free, "SV-DETAIL")} <= {(one.path, one.code) for one in plan.withheld}


def test_a_field_that_needs_no_review_can_be_hidden_and_no_decision_shows_one_that_is_dropped() -> None:
    record = record_of(english())
    shown = _plan(record, SpanDecision(path="session.language", outcome="hide", code="PRIVATE"))
    assert not shown.shows("session.language")
    opened = [SpanDecision(path=path, outcome="keep") for path in ("witness.name/given", "session.place/verbatim")]
    plan = _plan(record, *opened)
    assert not plan.shows("witness.name/given")
    assert not plan.shows("session.place/verbatim")


def test_a_full_release_asks_for_no_walk_and_still_hides_what_was_decided() -> None:
    record = _told("The miller kept the key.")
    assert _plan(record, profile="full").spans == ()
    plan = _plan(record, _words(PATH, (4, 10)), profile="full")
    assert plan.selection.paragraphs[PATH].hidden == ((4, 10),)


def test_hiding_the_very_words_that_held_a_paragraph_lets_the_rest_go() -> None:
    # A name that came to the form only as a contact's word and has no code in the account.
    record = record_of(english())
    record = _told("I told Bellamy nothing.", "Then I left.")
    bare = type(record)(**{**{f: getattr(record, f) for f in record.__dataclass_fields__}, "marks": ()})
    held = _plan(bare)
    assert PATH not in held.selection.paragraphs
    (start, end), *_ = held.spans[0].held
    freed = _plan(bare, _words(PATH, (start, end)))
    assert freed.selection.paragraphs[PATH].hidden == ((start, end),)


def test_decisions_for_another_body_purpose_profile_or_version_are_refused() -> None:
    record = _told("One.")
    release = _release(record)
    right = no_decisions(release)
    for name, other in (
        ("body", "court-b"),
        ("purpose", "advocacy"),
        ("profile", "lead"),
        ("version", 2),
        ("record_id", "K7F3-9QZZ"),
    ):
        fields = {key: getattr(right, key) for key in right.__dataclass_fields__} | {name: other}
        with pytest.raises(RedactionError) as caught:
            plan_disclosure(record, release, Decisions(**fields))
        assert caught.value.code == "other-decisions"


@pytest.mark.case("RF-19")
def test_the_same_words_elsewhere_are_found_in_every_spelling_until_each_is_decided() -> None:
    record = _told("The miller kept the key.", "A MILLER came, and the miller's dog.", "Nobody else.", mentions=[])
    plan = _plan(record, _words(PATH, (4, 10)))
    assert [one.path for one in plan.same] == ["account.text/1"] * len(plan.same)
    assert len(plan.same) >= 1
    stay = [WordRange(start=one.start, end=one.end, code=None) for one in plan.same]
    kept = SpanDecision(path="account.text/1", outcome="keep", ranges=tuple(stay))
    assert _plan(record, _words(PATH, (4, 10)), kept).same == ()
    whole = SpanDecision(path="account.text/1", outcome="hide", code="FAM")
    assert _plan(record, _words(PATH, (4, 10)), whole).same == ()


@pytest.mark.case("RF-19")
def test_the_same_arabic_words_are_found_with_other_marks_and_prefixes() -> None:
    record = _told("رأيت الطحّان عند الباب.", "ثم جاء والطحان معه.", mentions=[])
    start = "رأيت الطحّان عند الباب.".index("الطحّان")
    plan = _plan(record, _words(PATH, (start, start + len("الطحّان"))))
    assert [one.path for one in plan.same] == ["account.text/1"]


def _begun(record: Record) -> tuple[Any, Decisions, Any]:
    plan = _plan(record)
    return plan.spans, no_decisions(_release(record)), {*plan.selection.shown, *plan.selection.paragraphs}


def test_a_file_names_words_by_number_by_mention_and_by_themselves() -> None:
    record = _told("We saw Bellamy near the old mill, the old one.", "Two.")
    spans, begun, shown = _begun(record)
    entries = [{"path": one.path, "decision": "keep"} for one in spans]
    entries[0] = {
        "path": PATH,
        "decision": "words",
        "ranges": [
            {"mention": 1, "code": "THIRD"},
            {"words": [1, 1], "code": "OTHER"},
            {"exact": "old", "occurrence": 2, "code": "W-LOC"},
        ],
    }
    made = decisions_from({"spans": entries}, spans, begun, shown=shown)
    decision = made.about(PATH)
    assert decision is not None
    text = record.interview.paragraphs[0]
    assert [(text[one.start : one.end], one.code) for one in decision.ranges] == [
        ("We", "OTHER"),
        ("Bellamy", "THIRD"),
        ("old", "W-LOC"),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda entries: entries[1:], "open-span"),
        (lambda entries: [*entries, entries[0]], "twice"),
        (lambda entries: [*entries, {"path": "witness.name/given", "decision": "keep"}], "unknown-span"),
        (lambda entries: [{"path": PATH, "decision": "keep", "code": "FAM"}, *entries[1:]], "malformed"),
        (lambda entries: [{"path": PATH, "decision": "hide"}, *entries[1:]], "reason"),
        (lambda entries: [{"path": PATH, "decision": "words", "ranges": []}, *entries[1:]], "decision"),
        (
            lambda entries: [
                {"path": PATH, "decision": "words", "ranges": [{"words": [1, 99], "code": "FAM"}]},
                *entries[1:],
            ],
            "words",
        ),
        (
            lambda entries: [
                {"path": PATH, "decision": "words", "ranges": [{"exact": "nowhere", "code": "FAM"}]},
                *entries[1:],
            ],
            "words",
        ),
        (
            lambda entries: [
                {"path": PATH, "decision": "words", "ranges": [{"exact": "One", "words": [1, 1], "code": "FAM"}]},
                *entries[1:],
            ],
            "malformed",
        ),
        (
            lambda entries: [
                {"path": PATH, "decision": "words", "ranges": [{"words": [1, 1]}]},
                *entries[1:],
            ],
            "malformed",
        ),
        *(
            (lambda entries, one=one: [{"path": PATH, "decision": "words", "ranges": [one]}, *entries[1:]], "malformed")
            for one in (
                {"exact": "One", "occurrence": "1", "code": "FAM"},
                {"exact": "One", "occurrence": True, "code": "FAM"},
                {"exact": 1, "code": "FAM"},
                {"mention": "1", "code": "FAM"},
                {"words": [1], "code": "FAM"},
                {"words": [1, "1"], "code": "FAM"},
                {"words": [1, 1], "stays": 1},
                "One",
            )
        ),
    ],
)
def test_a_file_that_leaves_something_open_or_says_what_cannot_be_is_refused(change: Any, code: str) -> None:
    record = _told("One.", "Two.")
    spans, begun, shown = _begun(record)
    entries = [{"path": one.path, "decision": "keep"} for one in spans]
    assert decisions_from({"spans": entries}, spans, begun, shown=shown).spans
    with pytest.raises(RedactionError) as caught:
        decisions_from({"spans": change(entries)}, spans, begun, shown=shown)
    assert (caught.value.code, caught.value.path) == (code, "" if code == "unknown-span" else PATH)


def test_a_value_is_never_cut() -> None:
    record = record_of(english())
    span = next(one for one in _plan(record).spans if one.kind == "text")
    with pytest.raises(RedactionError) as caught:
        decided(span, [WordRange(start=0, end=1, code="FAM")])
    assert caught.value.code == "not-a-paragraph"


def test_words_are_named_by_a_person_as_they_stand_and_a_name_by_its_code_alone() -> None:
    record = _told("We saw Bellamy near the old mill, the OLD one.", "Two.")
    span = _plan(record).spans[0]
    code = next(word.text for word in span.words if word.is_code)
    assert len(words_like(span, "old", "FAM")) == 2
    assert len(words_like(span, code, "FAM")) == 1
    assert words_like(span, "Bellamy", "FAM") == ()
    assert words_between(span, 3, 3, None).start == exact_words(span, "Bellamy", 1, None).start
