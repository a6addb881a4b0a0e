"""Search: literal words in Arabic and English, exact forms first, the original text in every hit."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from practice_vaults import make_vault

from vault.errors import LimitError, NotFoundError
from vault.search import Hit, Searchable, find_words, index_record, unindex_record
from vault.store import Vault

ARABIC = "كَانَ أَخِي فِي البَيْتِ القديم، وسمعنا صوتَ السيّارات من جهة الطريق العام."


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1") as made:
        yield made


def put(vault: Vault, source: int, paragraphs: Sequence[str], names: Sequence[str] = ()) -> Searchable:
    searchable = Searchable(
        origin="own", record_id=f"AAAA-{source:04d}", version=1, source=source, paragraphs=paragraphs, names=names
    )
    with vault.transaction() as tx:
        index_record(tx, searchable)
    return searchable


def found(hits: Sequence[Hit]) -> list[tuple[int, int | None]]:
    return [(hit.source, hit.paragraph) for hit in hits]


def marked(hit: Hit) -> list[str]:
    return [hit.snippet[start:end] for start, end in hit.spans]


@pytest.mark.parametrize(
    "query", ["البيت", "بيت", "اخي", "أَخِي", "سيارة", "السيارات", "بالبيت", "صوت السيارات", "طريق عام"]
)
def test_an_arabic_word_is_found_without_its_vowels_and_with_its_clitics(vault: Vault, query: str) -> None:
    put(vault, 1, [ARABIC])
    put(vault, 2, ["لم يكن هناك أحد قرب الجسر."])
    assert found(find_words(vault, query)) == [(1, 0)]


def test_a_hit_shows_the_original_text_and_marks_the_words_in_it(vault: Vault) -> None:
    put(vault, 1, [ARABIC])
    (hit,) = find_words(vault, "اخي بيت")
    assert hit.snippet == ARABIC
    assert marked(hit) == ["أَخِي", "البَيْتِ"]


def test_exact_words_come_before_other_forms_and_names_before_both(vault: Vault) -> None:
    put(vault, 1, ["They asked for the stones."], names=["Stone"])
    put(vault, 2, ["One stone lay there."])
    put(vault, 3, ["Stones lay there."])
    assert found(find_words(vault, "stone")) == [(1, None), (2, 0), (3, 0), (1, 0)]


def test_every_word_must_be_there(vault: Vault) -> None:
    put(vault, 1, ["the mill and the quarry", "the quarry alone"])
    assert found(find_words(vault, "quarry mill")) == [(1, 0)]


@pytest.mark.case("RF-11")
@pytest.mark.parametrize(
    "query",
    ["'); DROP TABLE records; --", "%", "_", '"', "*", "NEAR(mill quarry)", "-mill", "mill:", "words:mill", "mill*", "^mill", "AND", "OR NOT", "{words stems} : mill", "mill + quarry", "\x00", '"mill', "(mill"],
)  # fmt: skip
def test_a_query_is_words_and_never_syntax(vault: Vault, query: str) -> None:
    put(vault, 1, ["near the mill and quarry we saw nothing: words or not"])
    for hit in find_words(vault, query):
        assert hit.source == 1
    assert vault.read("SELECT count(*) FROM search_paragraphs") == [(1,)]


@pytest.mark.case("RF-11")
def test_operators_are_looked_for_as_words(vault: Vault) -> None:
    put(vault, 1, ["near the mill"])
    put(vault, 2, ["at the mill"])
    assert found(find_words(vault, "NEAR mill")) == [(1, 0)]
    assert found(find_words(vault, "mill NOT near")) == []


@pytest.mark.case("RF-08", "RF-15")
@pytest.mark.parametrize("query", ["٠٩٠٠ ٠٠٠", "0900 000", "۰۹۰۰ ۰۰۰", "caf\u00e9", "cafe\u0301", "CAFÉ"])
def test_both_spellings_of_one_text_and_all_digits_are_found(vault: Vault, query: str) -> None:
    put(vault, 1, ["رقمه ٠٩٠٠ ٠٠٠ ٧٤١ في caf\u00e9"])
    put(vault, 2, ["رقمه 0900 000 741 في cafe\u0301"])
    assert {hit.source for hit in find_words(vault, query)} == {1, 2}


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_follow_each_other_without_gap_or_repeat(vault: Vault, limit: int) -> None:
    for source in range(1, 5):
        put(vault, source, [f"stone number {source}", "some stones"], names=["Stone"])
    whole = find_words(vault, "stone", limit=50)
    pages: list[Hit] = []
    cursor = None
    while page := find_words(vault, "stone", limit=limit, after=cursor):
        pages += page
        cursor = page[-1].cursor
    assert pages == whole
    assert len(whole) == 12


def test_a_record_taken_out_is_found_no_more_and_leaves_no_word_behind(vault: Vault) -> None:
    gone = put(vault, 1, ["quillfeather at the mill"], names=["Zaynab"])
    put(vault, 2, ["the mill again"])
    with vault.transaction() as tx:
        unindex_record(tx, gone)
    assert found(find_words(vault, "mill")) == [(2, 0)]
    assert find_words(vault, "zaynab") == find_words(vault, "quillfeather") == []
    for table in ("search_words_data", "search_names_data"):
        blocks = b"".join(block for (block,) in vault.read(f"SELECT block FROM {table}"))  # noqa: S608
        assert b"quillfeather" not in blocks
        assert b"zaynab" not in blocks


def test_a_record_indexed_again_is_found_once(vault: Vault) -> None:
    put(vault, 1, ["the first mill"])
    put(vault, 1, ["the second mill"])
    assert [hit.snippet for hit in find_words(vault, "mill")] == ["the second mill"]


def test_a_long_paragraph_is_shown_around_the_word(vault: Vault) -> None:
    put(vault, 1, ["before " * 200 + "the quarry " + "after " * 200])
    (hit,) = find_words(vault, "quarry")
    assert marked(hit) == ["quarry"]
    assert len(hit.snippet) <= 200
    assert hit.clipped == (True, True)


def test_a_query_that_is_too_long_is_refused(vault: Vault) -> None:
    with pytest.raises(LimitError):
        find_words(vault, "a" * 1001)
    with pytest.raises(LimitError):
        find_words(vault, " ".join(f"word{number}" for number in range(17)))


@pytest.mark.parametrize("cursor", ["", "x", "3.1", "1.-1", "1.99999999999999999999"])
def test_a_cursor_of_no_search_is_refused(vault: Vault, cursor: str) -> None:
    with pytest.raises(NotFoundError):
        find_words(vault, "mill", after=cursor)


def test_an_empty_query_finds_nothing(vault: Vault) -> None:
    put(vault, 1, ["the mill"])
    assert find_words(vault, " ،.! ") == []
