"""Whether a log continues the heads of it that somebody has seen."""

from dataclasses import replace

import pytest

from testimony.custody.checkpoint import Checkpoint as LogHead
from testimony.custody.checkpoint import origin_of
from testimony.custody.growth import (
    MAX_GROWTH,
    Growth,
    SeenHead,
    Standing,
    check_growth,
    grow,
    growth_bytes,
    parse_growth,
)
from testimony.errors import CustodyError
from testimony.merkle import MerkleTree, leaf_hash


@pytest.fixture
def tree(book) -> MerkleTree:
    return MerkleTree([leaf_hash(line) for line in book.lines])


@pytest.fixture
def forked(book, new_book) -> MerkleTree:
    """The same device's log, written anew from its fifth entry on."""
    other = new_book()
    other.lines = list(book.lines[:5])
    leaves = [leaf_hash(line) for line in book.lines[:5]] + [leaf_hash(bytes([place])) for place in range(7)]
    return MerkleTree(leaves)


@pytest.fixture
def head(identity):
    def at(tree: MerkleTree, size: int) -> LogHead:
        return LogHead(origin=origin_of(identity.public), size=size, root=tree.root(size))

    return at


def seen(tree: MerkleTree, size: int, *since: int) -> SeenHead:
    """The head of a bundle that was taken in, and the proofs of growth that came with it."""
    prefix = MerkleTree(tree._levels[0][:size])
    return SeenHead(size=size, root=tree.root(size), growth=grow(prefix, since))


def refusal(*arguments) -> str | None:
    with pytest.raises(CustodyError) as caught:
        check_growth(*arguments)
    return caught.value.code


def test_the_first_head_of_a_log_stands_for_itself(tree, head):
    assert check_growth(head(tree, 9), (), []) is Standing.FIRST


def test_a_log_that_grew_from_every_head_that_was_seen_continues_them(tree, head):
    heads = [seen(tree, 3), seen(tree, 5, 3)]
    assert check_growth(head(tree, 9), grow(tree, [3, 5]), heads) is Standing.CONTINUES


def test_the_proof_from_the_newest_head_is_enough(tree, head):
    assert check_growth(head(tree, 9), grow(tree, [5]), [seen(tree, 3), seen(tree, 5, 3)]) is Standing.CONTINUES


@pytest.mark.case("BU-23")
def test_a_proof_from_an_older_head_alone_is_not_enough(tree, forked, head):
    """A log that parts from the newest head can still continue an older one."""
    heads = [seen(tree, 4), seen(tree, 8, 4)]
    assert refusal(head(forked, 11), grow(MerkleTree(forked._levels[0][:11]), [4]), heads) == "unproved-growth"


@pytest.mark.case("BU-23")
def test_a_log_without_any_proof_is_refused(tree, head):
    assert refusal(head(tree, 9), (), [seen(tree, 4)]) == "unproved-growth"


@pytest.mark.case("BU-23")
def test_a_fork_is_refused_whatever_proof_it_brings(tree, forked, head):
    honest = grow(forked, [8])
    stolen = tuple(replace(one, since=8) for one in grow(tree, [5]))
    for proof in (honest, stolen):
        assert refusal(head(forked, 12), proof, [seen(tree, 8)]) == "fork"


@pytest.mark.case("BU-23")
def test_two_heads_of_one_size_are_a_fork(tree, forked, head):
    assert refusal(head(forked, 8), grow(MerkleTree(forked._levels[0][:8]), [4]), [seen(tree, 8)]) == "fork"
    assert refusal(head(tree, 9), grow(tree, [8]), [seen(tree, 8), seen(forked, 8)]) == "fork"


def test_a_broken_proof_from_an_older_head_is_refused_although_the_newest_holds(tree, head):
    proofs = (*grow(tree, [7]), Growth(since=4, path=(bytes(32),)))
    assert refusal(head(tree, 9), proofs, [seen(tree, 4), seen(tree, 7)]) == "fork"


@pytest.mark.case("BU-12")
def test_the_same_head_again_is_the_log_as_it_was_seen(tree, head):
    assert check_growth(head(tree, 5), (), [seen(tree, 3), seen(tree, 5), seen(tree, 9)]) is Standing.AGAIN


@pytest.mark.case("BU-12")
def test_an_older_head_is_taken_where_a_later_one_proves_it_a_beginning(tree, head):
    heads = [seen(tree, 3), seen(tree, 7, 3), seen(tree, 9, 3, 5, 7)]
    assert check_growth(head(tree, 5), grow(MerkleTree(tree._levels[0][:5]), [3]), heads) is Standing.OLDER


@pytest.mark.case("BU-12", "BU-23")
def test_a_log_whose_last_entries_were_taken_away_is_refused(tree, head):
    assert refusal(head(tree, 6), (), [seen(tree, 9, 5)]) == "unproved-prefix"


@pytest.mark.case("BU-23")
def test_an_older_head_of_another_history_is_refused(tree, forked, head):
    assert refusal(head(forked, 7), (), [seen(tree, 9, 7)]) == "fork"


def test_an_older_head_has_to_continue_what_is_older_still(tree, head):
    assert refusal(head(tree, 5), (), [seen(tree, 3), seen(tree, 9, 5)]) == "unproved-growth"


def test_what_a_vault_keeps_reads_back(tree):
    growth = grow(tree, [2, 5, 8])
    assert [one.since for one in growth] == [8, 5, 2]
    assert parse_growth(growth_bytes(growth), size=9) == growth
    for broken in (b"", b"{}", growth_bytes(reversed(growth)), growth_bytes(growth) + b" "):
        with pytest.raises(CustodyError, match=r"^malformed$"):
            parse_growth(broken, size=9)


def test_of_more_sizes_than_travel_the_newest_do():
    tree = MerkleTree([leaf_hash(b"%d" % place) for place in range(MAX_GROWTH + 9)])
    growth = grow(tree, range(1, tree.size))
    assert (len(growth), growth[0].since, growth[-1].since) == (MAX_GROWTH, tree.size - 1, tree.size - MAX_GROWTH)
