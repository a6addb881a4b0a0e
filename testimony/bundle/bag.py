"""The tag files of the bag, as they are written and as they are compared (docs/format/bundle-v1.md, section 3.1)."""

from collections.abc import Iterable
from typing import Final

from keys.signature import BUNDLE, RECORD, AllowedSigners, format_allowed_signers
from testimony.bundle.guides import guide_texts
from testimony.bundle.names import GUIDE_AR, GUIDE_EN
from testimony.card import Card

BAGIT_TEXT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def bag_info(bundle_id: str, sizes: Iterable[int]) -> bytes:
    """bag-info.txt: the bundle's id and the count of data bytes and files; no name, address or software."""
    counted = tuple(sizes)
    return f"External-Identifier: {bundle_id}\nPayload-Oxum: {sum(counted)}.{len(counted)}\n".encode("ascii")


def signers_of(card: Card) -> AllowedSigners:
    """The two files by which `ssh-keygen -Y verify` knows the keys of this card, for a seal and for record heads."""
    return format_allowed_signers(card.code, card.public, (BUNDLE, RECORD))


def guide_files(bundle_id: str, card: Card) -> dict[str, bytes]:
    """The two guides, by name."""
    english, arabic = guide_texts(bundle_id=bundle_id, signer=card.code, fingerprint=card.public.fingerprint)
    return {GUIDE_EN: english, GUIDE_AR: arabic}
