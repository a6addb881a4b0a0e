"""Where each part of a bundle lies and how large it may be (docs/format/bundle-v1.md, sections 3 and 7)."""

import re
from dataclasses import dataclass
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

BAGIT: Final = "bagit.txt"
BAG_INFO: Final = "bag-info.txt"
MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
STATEMENT: Final = "bundle.txt"
STATEMENT_ED25519: Final = "bundle.txt.sig"
STATEMENT_HYBRID: Final = "bundle.txt.pq.sig"
SIGNER_CARD: Final = "signer.card"
ALLOWED_SIGNERS: Final = "allowed_signers"
ALLOWED_SIGNERS_HYBRID: Final = "allowed_signers.pq"
GUIDE_EN: Final = "HOW-TO-VERIFY.txt"
GUIDE_AR: Final = "HOW-TO-VERIFY.ar.txt"
PADDING: Final = "padding"

TAG_FILES: Final = (
    BAGIT,
    BAG_INFO,
    MANIFEST,
    TAG_MANIFEST,
    STATEMENT,
    STATEMENT_ED25519,
    STATEMENT_HYBRID,
    SIGNER_CARD,
    ALLOWED_SIGNERS,
    ALLOWED_SIGNERS_HYBRID,
    GUIDE_EN,
    GUIDE_AR,
)
_TAG_PLACE: Final = {name: place for place, name in enumerate(TAG_FILES)}

CUSTODY_LOG: Final = "data/custody/log.jsonl"
CUSTODY_CHECKPOINT: Final = "data/custody/checkpoint.txt"
CUSTODY_PROOFS: Final = "data/custody/proofs.json"
CONDITIONS: Final = "data/legal/conditions.txt"
CONSENT_SUMMARY: Final = "data/legal/consent-summary.csv"
INDEX: Final = "data/legal/index.csv"
REDACTION_LOG: Final = "data/legal/redaction-log.csv"
WITHHELD: Final = "data/legal/withheld.csv"
CUSTODY_FILES: Final = (CUSTODY_CHECKPOINT, CUSTODY_LOG, CUSTODY_PROOFS)
LEGAL_FILES: Final = (CONDITIONS, CONSENT_SUMMARY, INDEX, REDACTION_LOG, WITHHELD)

HEAD: Final = "head"
HEAD_ED25519: Final = "head.sig"
HEAD_HYBRID: Final = "head.pq.sig"
RECORD: Final = "json"
RECORD_PARTS: Final = (HEAD, HEAD_HYBRID, HEAD_ED25519, RECORD)  # as they follow each other in the tar
CONSENT: Final = "consent"
CONSENT_ED25519: Final = "consent.sig"
CONSENT_HYBRID: Final = "consent.pq.sig"
CONSENT_PARTS: Final = (CONSENT, CONSENT_HYBRID, CONSENT_ED25519)  # all three or none
TXT: Final = "txt"
COMPANION_PARTS: Final = (HEAD, HEAD_HYBRID, HEAD_ED25519, RECORD, TXT)  # as they follow each other in the tar
COMPANION: Final = "companion"
TEXT: Final = "text"
FORM: Final = "form"
ANCHOR: Final = "anchor"
EXHIBIT: Final = "exhibit"

CONTROL_NUMBER: Final = re.compile(r"[A-Z0-9]{2,6}-[0-9]{7}")
RECORD_ID: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
BUNDLE_ID: Final = re.compile(r"[0-9a-f]{32}")
SHA256: Final = re.compile(r"[0-9a-f]{64}")
FORM_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
EXTENSION: Final = re.compile(r"[a-z0-9]{1,16}")
MEMBER_NAME: Final = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
MAX_NAME: Final = 100

MAX_MEMBERS: Final = 100_000
MAX_RECORDS: Final = 20_000  # each is five members, or eight
MAX_MEMBER_SIZE: Final = 8**11 - 1  # eleven octal digits of a POSIX tar header
MAX_MANIFEST: Final = 16 * MIB
MAX_STATEMENT: Final = 8 * MIB
MAX_TAG_FILE: Final = 64 * KIB
MAX_RECORD: Final = 16 * MIB
MAX_RECORDS_SIZE: Final = 128 * MIB  # all record files of a bundle: they are held until the verdict
MAX_HEAD: Final = 16 * KIB
MAX_SIGNATURE: Final = 16 * KIB
MAX_TEXT: Final = 24 * MIB
MAX_FORM: Final = 1 * MIB
MAX_CUSTODY: Final = 32 * MIB
MAX_LEGAL: Final = 32 * MIB
MAX_CONDITIONS: Final = 64 * KIB
MAX_ANCHOR: Final = 64 * KIB
MAX_ANCHORS: Final = 256  # files: anchors, and what is needed to check them

_TAG_LIMITS: Final = {MANIFEST: MAX_MANIFEST, STATEMENT: MAX_STATEMENT}
_RECORD_LIMITS: Final = {
    **dict.fromkeys((HEAD, CONSENT), MAX_HEAD),
    **dict.fromkeys((HEAD_ED25519, HEAD_HYBRID, CONSENT_ED25519, CONSENT_HYBRID), MAX_SIGNATURE),
    RECORD: MAX_RECORD,
}
_COMPANION_LIMITS: Final = {**_RECORD_LIMITS, TXT: MAX_TEXT}
_FIXED_LIMITS: Final = {
    **dict.fromkeys(CUSTODY_FILES, MAX_CUSTODY),
    **dict.fromkeys(LEGAL_FILES, MAX_LEGAL),
    CONDITIONS: MAX_CONDITIONS,
}

_CONTROL: Final = CONTROL_NUMBER.pattern
_SHAPES: Final = (
    (
        re.compile(rf"data/records/(?P<key>{_CONTROL})\.(?P<part>(?:consent|head)(?:\.pq)?\.sig|consent|head|json)"),
        "record",
    ),
    (re.compile(rf"data/companions/(?P<key>{_CONTROL})\.(?P<part>head(?:\.pq)?\.sig|head|json|txt)"), COMPANION),
    (re.compile(rf"data/text/(?P<key>{_CONTROL})\.txt"), TEXT),
    (re.compile(rf"data/exhibits/(?P<key>{_CONTROL})\.{EXTENSION.pattern}"), EXHIBIT),
    (
        re.compile(r"data/custody/anchors/(?P<key>[0-9a-f]{64}\.(?:receipt|cosignature|token|head)|[0-9]{40}\.card)"),
        ANCHOR,
    ),
    (re.compile(rf"data/forms/(?P<key>{FORM_ID.pattern})\.json"), FORM),
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a member's name says it is: its part, the control number or form id, the most bytes it may have.

    `of` is empty but for a part of a companion.
    """

    part: str
    key: str
    limit: int
    of: str = ""


def place_of(name: str) -> Place | None:
    """What the member of this name is; None where a bundle has no such place."""
    if name in _TAG_PLACE:
        return Place(part="tag", key=name, limit=_TAG_LIMITS.get(name, MAX_TAG_FILE))
    if name in _FIXED_LIMITS:
        return Place(part="fixed", key=name, limit=_FIXED_LIMITS[name])
    if name == PADDING:
        return Place(part=PADDING, key="", limit=MAX_MEMBER_SIZE)
    for shape, part in _SHAPES:
        match = shape.fullmatch(name)
        if match is not None:
            return _shaped(match, part)
    return None


def is_member_name(name: str) -> bool:
    """Whether a name may stand in the tar at all: relative, plain ASCII, no part of dots alone, at most 100 bytes."""
    if len(name) > MAX_NAME or MEMBER_NAME.fullmatch(name) is None:
        return False
    return not any(part.strip(".") == "" for part in name.split("/"))


def is_held(name: str) -> bool:
    """Whether a reader holds the member until its verdict: what is shown of a record, and every part of a companion."""
    place = place_of(name)
    return place is not None and (place.of == COMPANION or place.part == RECORD)


def order_key(name: str) -> tuple[int, int, str]:
    """Sorts member names into the one order of the tar: tag files, data by name, padding last."""
    if name in _TAG_PLACE:
        return (0, _TAG_PLACE[name], "")
    return (2, 0, "") if name == PADDING else (1, 0, name)


def record_member(control_number: str, part: str) -> str:
    """The member name of one part of a record."""
    return f"data/records/{control_number}.{part}"


def text_member(control_number: str) -> str:
    """The member name of a record's reading copy."""
    return f"data/text/{control_number}.txt"


def companion_member(control_number: str, part: str) -> str:
    """The member name of one part of a companion."""
    return f"data/companions/{control_number}.{part}"


def exhibit_member(control_number: str, extension: str) -> str:
    """The member name of an exhibit: never its original name."""
    return f"data/exhibits/{control_number}.{extension}"


def anchor_member(digest: str, kind: str) -> str:
    """The member name of an anchor: its own SHA-256 in hex, and what it is."""
    return f"data/custody/anchors/{digest}.{kind}"


def anchor_head_member(digest: str) -> str:
    """The member name of the head that a time-stamp is about: its three lines, under their SHA-256."""
    return f"data/custody/anchors/{digest}.head"


def anchor_card_member(fingerprint: str) -> str:
    """The member name of the card by which an anchor's signatures are checked."""
    return f"data/custody/anchors/{fingerprint.replace(' ', '')}.card"


def form_member(form_id: str) -> str:
    """The member name of a form."""
    return f"data/forms/{form_id}.json"


def _shaped(match: re.Match[str], part: str) -> Place:
    if part == "record":
        part = match["part"]
        return Place(part=part, key=match["key"], limit=_RECORD_LIMITS[part])
    if part == COMPANION:
        return Place(part=match["part"], key=match["key"], limit=_COMPANION_LIMITS[match["part"]], of=COMPANION)
    limit = {ANCHOR: MAX_ANCHOR, TEXT: MAX_TEXT, FORM: MAX_FORM, EXHIBIT: MAX_MEMBER_SIZE}[part]
    return Place(part=part, key=match["key"], limit=limit)
