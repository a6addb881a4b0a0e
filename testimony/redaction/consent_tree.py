"""The consent events of a record in a tree of their own (docs/format/redaction-v1.md, section 8).

A body sees the events about itself and that there may be others, never to whom.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from keys.digests import hkdf_sha256, hmac_sha256
from testimony.canonical import JsonValue
from testimony.errors import RedactionError
from testimony.redaction.commitments import Commitment, commit
from testimony.redaction.disclosure import disclose
from testimony.redaction.leaves import Branch, Leaf, LeafType, Padding, join
from testimony.redaction.opened import OpenLeaf
from testimony.redaction.reading import read_tree
from testimony.redaction.salts import SEED_SIZE
from testimony.redaction.selection import Selection
from testimony.redaction.shapes import TEXT, ListShape

PATH: Final = "consent"
# Own seeds: a form may have a field of that name, and one salt must never serve two values.
_TREE_LABEL: Final = b"testimony/consent-seed/v1\x00"
_NUMBER_SIZE: Final = 4
_EVENT_LABEL: Final = b"testimony/consent-event/v1\x00"


def commit_consent(events: Sequence[bytes], seed: bytes, *, number: int = 0) -> Commitment:
    """The root over these events, each as its canonical JSON; `seed` is the record's own.

    `number` is 0 for the tree in the head, and for that of a later consent statement how many events it has.

    Raises:
        RedactionError: There are too many events, or the seed is of another size.
    """
    return commit(_tree(events), _seed(seed, number))


def disclose_consent(
    events: Sequence[bytes], seed: bytes, shown: Collection[int], *, number: int = 0
) -> dict[str, JsonValue]:
    """The disclosure of the events at these places; `number` as it was committed to.

    Raises:
        RedactionError: There are too many events, or the seed is of another size.
    """
    tree = _seed(seed, number)
    return disclose(_tree(events), tree, Selection(shown=frozenset(join(PATH, place) for place in shown)))


def read_consent(value: JsonValue, *, root: bytes, n: int) -> Mapping[int, bytes]:
    """The shown events by their places, each as the bytes that were committed to.

    Raises:
        RedactionError: The disclosure is malformed or does not lead to that root.
    """
    tree = read_tree(value, commitment=Commitment(root=root, n=n), shape=ListShape(element=TEXT), path=PATH)
    return {
        place: leaf.value.encode("utf-8")
        for place, leaf in sorted(tree.items.items())
        if isinstance(leaf, OpenLeaf) and isinstance(leaf.value, str)
    }


def event_digest(event: bytes, seed: bytes) -> str:
    """The digest by which a custody entry names a consent event: keyed, since events are few and could be guessed.

    Raises:
        RedactionError: The seed is of another size.
    """
    return hmac_sha256(hkdf_sha256(_checked(seed), _EVENT_LABEL), event).hex()


def _tree(events: Sequence[bytes]) -> Branch:
    leaves = (Leaf(path=join(PATH, place), type=LeafType.TEXT, value=event) for place, event in enumerate(events))
    return Branch(path=PATH, children=tuple(leaves), padding=Padding.LIST)


def _seed(seed: bytes, number: int) -> bytes:
    """A seed for each tree: two trees of one record share events, and must not share salts."""
    later = number.to_bytes(_NUMBER_SIZE, "big") if number else b""
    return hkdf_sha256(_checked(seed), _TREE_LABEL + later)


def _checked(seed: bytes) -> bytes:
    if len(seed) != SEED_SIZE:
        raise RedactionError(PATH, "seed")
    return seed
