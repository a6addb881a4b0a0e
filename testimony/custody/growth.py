"""Whether a log continues the heads of it that somebody has seen (docs/format/custody-v1.md, section 7.2)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

from testimony.canonical import JsonValue, as_integer, as_list, as_object, decode, encode
from testimony.custody.checkpoint import Checkpoint
from testimony.custody.log import MAX_ENTRIES
from testimony.custody.paths import parse_path, path_value
from testimony.errors import CanonicalError, CustodyError
from testimony.merkle import MerkleTree, TreeHead, check_consistency

MAX_GROWTH: Final = 512
_MAX_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Growth:
    """The proof that a log of `since` entries is the beginning of the log it travels with."""

    since: int
    path: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SeenHead:
    """A head of a log as somebody saw it earlier, with the proofs of growth that came with it."""

    size: int
    root: bytes
    growth: tuple[Growth, ...] = field(default=(), repr=False)


class Standing(StrEnum):
    """How a head stands to those seen before: none were, it is one of them, it goes on, or it is a proved beginning."""

    FIRST = "first"
    AGAIN = "again"
    CONTINUES = "continues"
    OLDER = "older"


def grow(tree: MerkleTree, sizes: Collection[int]) -> tuple[Growth, ...]:
    """The proofs from these earlier sizes, the newest first; of more than travel, the newest.

    Raises:
        CustodyError: The log was never of such a size.
    """
    newest = sorted(set(sizes), reverse=True)[:MAX_GROWTH]
    return tuple(Growth(since=size, path=tree.consistency_path(size)) for size in newest)


def check_growth(checkpoint: Checkpoint, growth: Sequence[Growth], seen: Sequence[SeenHead]) -> Standing:
    """How the log of the checkpoint stands to the heads of the same log that were seen before.

    It has to be proved from the newest head below its size, and, where larger heads were seen, to be the beginning of
    one of them.

    Raises:
        CustodyError: It contradicts a head that was seen ("fork"), has no proof from the newest one
            ("unproved-growth"), or is older than one and not proved to be its beginning ("unproved-prefix").
    """
    heads = {head.size: head for head in seen}
    if any(heads[head.size].root != head.root for head in seen):
        raise CustodyError(None, "fork")
    same = heads.get(checkpoint.size)
    if same is not None:
        if same.root != checkpoint.root:
            raise CustodyError(None, "fork")
        return Standing.AGAIN
    # Every log begins with the empty one: nothing can be proved of it, and nothing has to be.
    smaller = [size for size in heads if 0 < size < checkpoint.size]
    if smaller:
        _from_smaller(checkpoint, {one.since: one for one in growth}, [heads[size] for size in sorted(smaller)])
    larger = [heads[size] for size in sorted(heads) if size > checkpoint.size]
    if larger:
        _into_larger(checkpoint, larger)
        return Standing.OLDER
    return Standing.CONTINUES if smaller else Standing.FIRST


def is_proved_beginning(earlier: SeenHead | Checkpoint, heads: Iterable[SeenHead]) -> bool:
    """Whether a log is one of these heads, or a proof that came with a larger one shows that it is its beginning."""
    for head in heads:
        if (head.size, head.root) == (earlier.size, earlier.root):
            return True
        proofs = [one for one in head.growth if one.since == earlier.size and head.size > earlier.size]
        if any(_holds(earlier, head, one) for one in proofs):
            return True
    return False


def growth_value(growth: Iterable[Growth]) -> list[JsonValue]:
    """The proofs as they stand in JSON."""
    return [{"path": path_value(one.path), "since": one.since} for one in growth]


def read_growth(value: JsonValue, *, size: int) -> tuple[Growth, ...]:
    """The proofs out of JSON, for a log of `size` entries: the newest first, none twice, each from an earlier size.

    Raises:
        CanonicalError: There are too many, or one is not of that form.
        CustodyError: They are in another order, or from no earlier size.
    """
    found = tuple(_growth(one) for one in as_list(value, "growth", limit=MAX_GROWTH))
    sizes = [size, *(one.since for one in found)]
    if any(newer <= older for newer, older in pairwise(sizes)):
        raise CustodyError(None, "malformed")
    return found


def growth_bytes(growth: Iterable[Growth]) -> bytes:
    """The proofs as a vault keeps them beside the head they belong to."""
    return encode(growth_value(growth))


def parse_growth(data: bytes, *, size: int) -> tuple[Growth, ...]:
    """The proofs that a vault kept beside a head of `size` entries.

    Raises:
        CustodyError: They are malformed.
    """
    try:
        return read_growth(decode(data, limit=_MAX_BYTES, where="growth"), size=size)
    except CanonicalError as error:
        raise CustodyError(None, "malformed") from error


def _from_smaller(checkpoint: Checkpoint, growth: Mapping[int, Growth], smaller: Sequence[SeenHead]) -> None:
    if smaller[-1].size not in growth:
        # A proof from an older one alone would let a log pass that parts from the newest.
        raise CustodyError(None, "unproved-growth")
    for head in smaller:
        if head.size in growth:
            _check(head, checkpoint, growth[head.size])


def _into_larger(checkpoint: Checkpoint, larger: Sequence[SeenHead]) -> None:
    proofs = [(head, one) for head in larger for one in head.growth if one.since == checkpoint.size]
    if not proofs:
        raise CustodyError(None, "unproved-prefix")
    for head, growth in proofs:
        _check(checkpoint, head, growth)


def _check(earlier: SeenHead | Checkpoint, later: SeenHead | Checkpoint, growth: Growth) -> None:
    heads = (TreeHead(size=earlier.size, root=earlier.root), TreeHead(size=later.size, root=later.root))
    try:
        check_consistency(*heads, growth.path)
    except CustodyError as error:
        raise CustodyError(None, "fork") from error


def _holds(earlier: SeenHead | Checkpoint, later: SeenHead, growth: Growth) -> bool:
    try:
        _check(earlier, later, growth)
    except CustodyError:
        return False
    return True


def _growth(value: JsonValue) -> Growth:
    members = as_object(value, "growth", required=("path", "since"))
    since = as_integer(members["since"], "since", lowest=1, highest=MAX_ENTRIES)
    return Growth(since=since, path=parse_path(members["path"]))
