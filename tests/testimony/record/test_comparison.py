"""Two versions side by side: each paragraph of both stands there once, and nothing is called the same that is not."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from invented_interview import english

from testimony.answers import Given
from testimony.comparison import compare
from testimony.interview import Interview, parse_interview

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d e"]), max_size=8)


def interview(paragraphs: list[str]) -> Interview:
    taken = parse_interview(english())
    return replace(taken, answers={**taken.answers, "account.text": Given(tuple(paragraphs))})


@given(WORDS, WORDS)
def test_every_paragraph_of_both_versions_stands_in_the_comparison_once_and_in_order(old, new):
    compared = compare(interview(old), interview(new))
    before = [one for one in compared.paragraphs if one.before is not None]
    after = [one for one in compared.paragraphs if one.after is not None]
    assert [one.before for one in before] == list(range(len(old)))
    assert [one.after for one in after] == list(range(len(new)))
    assert [one.old_text for one in before] == old
    assert [one.new_text for one in after] == new
    for one in compared.paragraphs:
        assert (one.change == "same") == (one.old_text == one.new_text and None not in (one.before, one.after))
        assert (one.change == "added") == (one.before is None)
        assert (one.change == "removed") == (one.after is None)


def test_an_interview_differs_from_itself_in_nothing():
    taken = interview(["one", "two"])
    compared = compare(taken, taken)
    assert {one.change for one in compared.paragraphs} == {"same"}
    assert compared.fields == ()


def test_another_answer_is_named_by_its_field_and_not_by_its_words():
    taken = parse_interview(english())
    other = replace(taken, answers={**taken.answers, "account.mode": Given("verbatim")})
    changed = compare(taken, other)
    assert [one.id for one in changed.fields] == ["account.mode"]
    assert taken.paragraphs[0].split()[0] not in repr(changed)
