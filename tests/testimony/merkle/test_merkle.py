"""Trees and proofs against the recursive definitions of RFC 6962, written out a second time here."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimony.errors import CustodyError
from testimony.merkle import (
    EMPTY_ROOT,
    MerkleTree,
    Peaks,
    TreeHead,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    leaf_hash,
    perfect_root,
    root,
)

LARGEST = 65
LEAVES = [leaf_hash(number.to_bytes(2)) for number in range(LARGEST)]

# The test tree of RFC 9162's predecessors, as the certificate transparency code publishes it.
CT_INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def written_out_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    children = written_out_root(leaves[:split]) + written_out_root(leaves[split:])
    return hashlib.sha256(b"\x01" + children).digest()


ROOTS = [written_out_root(LEAVES[:size]) for size in range(LARGEST + 1)]


def test_the_roots_of_the_certificate_transparency_tree_come_out():
    leaves = [leaf_hash(data) for data in CT_INPUTS]
    assert [root(leaves[: size + 1]).hex() for size in range(len(leaves))] == CT_ROOTS


def test_an_empty_tree_has_the_hash_of_nothing():
    assert root([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_a_perfect_tree_has_the_root_of_the_whole():
    for size in (1, 2, 4, 8, 16, 32, 64):
        assert perfect_root(LEAVES[:size]) == ROOTS[size]


def test_a_tree_grown_leaf_by_leaf_has_the_root_of_the_whole_at_every_size():
    peaks = Peaks()
    for size, expected in enumerate(ROOTS):
        assert peaks.root() == root(LEAVES[:size]) == MerkleTree(LEAVES).root(size) == expected
        peaks = peaks.add(leaf_hash(size.to_bytes(2)))


def test_every_leaf_of_every_tree_up_to_65_is_proved_and_in_no_other_place():
    for size in range(1, LARGEST + 1):
        tree = MerkleTree(LEAVES[:size])
        for index in range(size):
            path = tree.inclusion_path(index)
            check_inclusion(LEAVES[index], index, size, path, ROOTS[size])
            for other in {0, index ^ 1, size - 1} - {index}:
                with pytest.raises(CustodyError, match=r"^inclusion at entry"):
                    check_inclusion(LEAVES[index], other, size, path, ROOTS[size])


def test_every_growth_up_to_65_is_proved_and_no_other_growth_by_the_same_path():
    for size in range(1, LARGEST + 1):
        tree = MerkleTree(LEAVES[:size])
        later = TreeHead(size=size, root=ROOTS[size])
        for earlier in range(1, size + 1):
            path = tree.consistency_path(earlier)
            check_consistency(TreeHead(size=earlier, root=ROOTS[earlier]), later, path)
            with pytest.raises(CustodyError, match=r"^consistency$"):
                check_consistency(TreeHead(size=earlier, root=leaf_hash(b"other")), later, path)


@given(st.integers(1, LARGEST), st.data())
def test_a_path_with_a_changed_missing_or_further_hash_is_refused(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = list(inclusion_path(index, LEAVES[:size]))
    place = data.draw(st.integers(0, len(path)))
    broken = data.draw(st.sampled_from(["change", "drop", "add"]))
    if broken == "add" or not path:
        path.insert(place, LEAVES[0])
    elif broken == "drop":
        path.pop(place % len(path))
    else:
        path[place % len(path)] = leaf_hash(b"other")
    with pytest.raises(CustodyError, match=r"^inclusion at entry"):
        check_inclusion(LEAVES[index], index, size, path, ROOTS[size])


@given(st.integers(2, LARGEST), st.data())
def test_a_consistency_proof_with_a_changed_missing_or_further_hash_is_refused(size, data):
    earlier = data.draw(st.integers(1, size - 1))
    path = list(consistency_path(earlier, LEAVES[:size]))
    place = data.draw(st.integers(0, len(path)))
    broken = data.draw(st.sampled_from(["change", "drop", "add"]))
    if broken == "add":
        path.insert(place, LEAVES[0])
    elif broken == "drop":
        path.pop(place % len(path))
    else:
        path[place % len(path)] = leaf_hash(b"other")
    with pytest.raises(CustodyError, match=r"^consistency$"):
        check_consistency(TreeHead(size=earlier, root=ROOTS[earlier]), TreeHead(size=size, root=ROOTS[size]), path)


def test_a_log_that_became_shorter_or_has_another_root_at_the_same_size_is_refused():
    with pytest.raises(CustodyError, match=r"^consistency$"):
        check_consistency(TreeHead(size=7, root=ROOTS[7]), TreeHead(size=6, root=ROOTS[6]), ())
    with pytest.raises(CustodyError, match=r"^consistency$"):
        check_consistency(TreeHead(size=6, root=ROOTS[6]), TreeHead(size=6, root=ROOTS[5]), ())


def test_every_log_continues_the_empty_one_and_only_that():
    check_consistency(TreeHead(size=0, root=EMPTY_ROOT), TreeHead(size=9, root=ROOTS[9]), ())
    with pytest.raises(CustodyError, match=r"^consistency$"):
        check_consistency(TreeHead(size=0, root=ROOTS[1]), TreeHead(size=9, root=ROOTS[9]), ())


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0)])
def test_a_place_outside_the_tree_is_refused(index, size):
    with pytest.raises(CustodyError, match=r"^inclusion at entry"):
        check_inclusion(LEAVES[0], index, size, (), ROOTS[1])
    with pytest.raises(CustodyError, match=r"^inclusion at entry"):
        inclusion_path(index, LEAVES[:size])


def test_paths_that_are_too_long_or_hold_no_hashes_are_refused_before_they_are_hashed():
    with pytest.raises(CustodyError, match=r"^inclusion at entry"):
        check_inclusion(LEAVES[0], 0, 2, [LEAVES[1]] * 1000, ROOTS[2])
    with pytest.raises(CustodyError, match=r"^inclusion at entry"):
        check_inclusion(LEAVES[0], 0, 2, [b"short"], ROOTS[2])


def test_growth_from_nothing_has_no_proof():
    with pytest.raises(CustodyError, match=r"^consistency$"):
        MerkleTree(LEAVES).consistency_path(0)


@pytest.mark.parametrize("size", [-1, 66])
def test_a_root_at_a_size_the_tree_never_had_is_refused(size):
    with pytest.raises(CustodyError, match=r"^size$"):
        MerkleTree(LEAVES).root(size)
    with pytest.raises(CustodyError, match=r"^consistency$"):
        MerkleTree(LEAVES).consistency_path(size)
