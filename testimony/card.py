"""A card: the public keys of a device, a body or a person, signed by themselves (docs/format/card-v1.md).

A card proves only that whoever made it holds the keys. That they are *whose* keys is decided by comparing the forty
digits by another way: read aloud, on paper, in person.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from keys.errors import KeysError
from keys.identity import Identity, PublicIdentity
from keys.signature import CARD, check_signatures
from keys.sshsig import ED25519, HYBRID, parse_public_line
from testimony.errors import CardError
from testimony.forms.form import Label
from testimony.text_lines import TextLines, is_plain_line, split_signatures, with_signatures

CardKind = Literal["device", "body", "person"]

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MAX_CARD: Final = 32 * 1024
MAX_CARD_NAME: Final = 120

_FIRST_LINE: Final = "testimony-vault card v1"
_KIND: Final = re.compile(r"device|body|person")
_YES_NO: Final = re.compile(r"yes|no")
_NAME: Final = re.compile(rf".{{1,{MAX_CARD_NAME}}}")
_FINGERPRINT: Final = re.compile(r"[0-9]{4}(?: [0-9]{4}){9}")
_SSH_KEY: Final = re.compile(r"ssh-[a-z0-9@.-]+ [A-Za-z0-9+/]{40,2000}={0,2}")
_RECIPIENT: Final = re.compile(r"age1pq1[02-9ac-hj-np-z]{100,3000}")


@dataclass(frozen=True, kw_only=True)
class Card:
    """Who may be sealed to, or whose seal this is: a code, never a person's name; only a body shows its names."""

    kind: CardKind
    code: str
    names: Label | None = field(default=None, repr=False)
    practice: bool
    public: PublicIdentity

    def __post_init__(self) -> None:
        if self.kind not in ("device", "body", "person") or CODE.fullmatch(self.code) is None:
            raise CardError("card-code", self.kind)
        if self.names is not None and not self._has_allowed_names(self.names):
            raise CardError("card-names", self.kind)

    def text(self) -> bytes:
        """The lines that are signed."""
        names = [] if self.names is None else [f"name-en: {self.names.en}", f"name-ar: {self.names.ar}"]
        lines = [
            _FIRST_LINE,
            f"kind: {self.kind}",
            f"code: {self.code}",
            *names,
            f"practice: {'yes' if self.practice else 'no'}",
            f"fingerprint: {self.public.fingerprint}",
            f"ed25519: {self.public.ssh_ed25519_line()}",
            f"hybrid: {self.public.ssh_hybrid_line()}",
            f"age: {self.public.recipient}",
        ]
        return "".join(f"{line}\n" for line in lines).encode("utf-8")

    def to_text(self, identity: Identity) -> bytes:
        """The card file: the lines and both signatures over them.

        Raises:
            CardError: The identity is not the one that the card shows ("card-identity").
        """
        if identity.public != self.public:
            raise CardError("card-identity", self.code)
        text = self.text()
        return with_signatures(text, identity.sign(text, CARD))

    def _has_allowed_names(self, names: Label) -> bool:
        return self.kind == "body" and all(is_plain_line(name, MAX_CARD_NAME) for name in (names.en, names.ar))


def parse_card(data: bytes) -> Card:
    """The card of a card file whose two signatures hold under the keys it shows.

    Raises:
        CardError: Too long, malformed, spelled otherwise than this page allows, or not signed by its own keys.
    """
    if len(data) > MAX_CARD:
        raise CardError("card-too-long", "card")
    text, signatures = split_signatures(data, "card", CardError)
    card = _parse_text(text)
    try:
        check_signatures(text, signatures, CARD, card.public)
    except KeysError as error:
        raise CardError("card-signature", card.code) from error
    return card


def _parse_text(text: bytes) -> Card:
    lines = TextLines(text, "card", CardError)
    lines.literal(_FIRST_LINE)
    kind = lines.value("kind", _KIND)
    code = lines.value("code", CODE)
    name_en = lines.optional("name-en", _NAME)
    names = None if name_en is None else Label(en=name_en, ar=lines.value("name-ar", _NAME))
    practice = lines.value("practice", _YES_NO) == "yes"
    lines.value("fingerprint", _FINGERPRINT)
    public = _public(
        lines.value("ed25519", _SSH_KEY),
        lines.value("hybrid", _SSH_KEY),
        lines.value("age", _RECIPIENT),
    )
    lines.end()
    card = Card(kind=cast("CardKind", kind), code=code, names=names, practice=practice, public=public)
    if card.text() != text:
        raise CardError("spelling", "card")
    return card


def _public(ed25519_line: str, hybrid_line: str, recipient: str) -> PublicIdentity:
    try:
        ed25519_kind, ed25519 = parse_public_line(ed25519_line)
        hybrid_kind, hybrid = parse_public_line(hybrid_line)
        if (ed25519_kind, hybrid_kind) != (ED25519, HYBRID):
            raise CardError("card-keys", "card")
        return PublicIdentity(ed25519=ed25519, hybrid=hybrid, recipient=recipient)
    except KeysError as error:
        raise CardError("card-keys", "card") from error
