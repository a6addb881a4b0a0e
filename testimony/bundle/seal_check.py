"""Checks of the tag files: statement, both signatures, signer, manifests (docs/format/bundle-v1.md, section 6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from keys.digests import sha256
from keys.errors import KeysError
from keys.signature import BUNDLE, Signatures, check_signatures
from testimony.bundle.bag import BAGIT_TEXT, bag_info, signers_of
from testimony.bundle.findings import Check, Ledger
from testimony.bundle.manifest import parse_manifest
from testimony.bundle.names import (
    ALLOWED_SIGNERS,
    ALLOWED_SIGNERS_HYBRID,
    BAG_INFO,
    BAGIT,
    GUIDE_AR,
    GUIDE_EN,
    MANIFEST,
    SIGNER_CARD,
    STATEMENT,
    STATEMENT_ED25519,
    STATEMENT_HYBRID,
    TAG_FILES,
    TAG_MANIFEST,
)
from testimony.bundle.statement import Signer, Statement, parse_statement
from testimony.card import Card, parse_card
from testimony.errors import TestimonyError

Seen = Mapping[str, tuple[str, int]]  # member name to SHA-256 in hex and size in bytes


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What the tag files say: the statement, its signer's card, and the digest that the manifest gives each member."""

    statement: Statement
    signer: Card
    manifest: Mapping[str, str] = field(repr=False)


def check_seal(tags: Mapping[str, bytes], ledger: Ledger) -> Seal | None:
    """Check what can be checked before the data passes; None where the statement or the card cannot be read."""
    for name in TAG_FILES:
        if name not in tags:
            ledger.fail(Check.MEMBERS, "absent", name)
    statement = _statement(tags, ledger)
    signer = _signer(tags, statement, ledger)
    manifest = _manifest(tags, statement, ledger)
    if signer is not None:
        _signatures(tags, signer, ledger)
    if statement is None or signer is None:
        return None
    _tag_files(tags, statement, signer, ledger)
    return Seal(statement=statement, signer=signer, manifest=manifest)


def check_manifests(tags: Mapping[str, bytes], seal: Seal, seen: Seen, ledger: Ledger) -> None:
    """Check that every file is listed with its digest, that every listed file is there, and the counts of the bag."""
    tagged = {name: digest for name, (digest, _) in seen.items() if name in TAG_FILES and name != TAG_MANIFEST}
    data = {name: digest for name, (digest, _) in seen.items() if name.startswith("data/")}
    if TAG_MANIFEST in tags:
        _compare(_listed(tags[TAG_MANIFEST], TAG_MANIFEST, ledger), tagged, ledger)
    if MANIFEST in tags:
        _compare(seal.manifest, data, ledger)
    ledger.made(Check.MANIFESTS)
    if is_whole(seal, seen):
        expected = bag_info(seal.statement.bundle_id, [seen[name][1] for name in data])
        ledger.expect(tags.get(BAG_INFO) == expected, Check.TAG_FILES_AGREE, "differs", BAG_INFO)


def is_whole(seal: Seal, seen: Seen) -> bool:
    """Whether every listed file is there; else what counts them differs for that reason alone, and it is said once."""
    return seal.manifest.keys() <= seen.keys()


def _statement(tags: Mapping[str, bytes], ledger: Ledger) -> Statement | None:
    try:
        statement = parse_statement(tags.get(STATEMENT, b""))
    except TestimonyError as error:
        ledger.fail(Check.STATEMENT_SPELLING, error.code, error.where)
        return None
    ledger.made(Check.STATEMENT_SPELLING)
    return statement


def _signer(tags: Mapping[str, bytes], statement: Statement | None, ledger: Ledger) -> Card | None:
    try:
        card = parse_card(tags.get(SIGNER_CARD, b""))
    except TestimonyError as error:
        ledger.fail(Check.SIGNER, error.code, SIGNER_CARD)
        return None
    if statement is not None:
        shown = Signer(kind=card.kind, code=card.code, fingerprint=card.public.fingerprint)
        ledger.expect(shown == statement.signer, Check.SIGNER, "other-signer", SIGNER_CARD)
        ledger.expect(card.practice == statement.practice, Check.SIGNER, "practice", SIGNER_CARD)
    return card


def _signatures(tags: Mapping[str, bytes], signer: Card, ledger: Ledger) -> None:
    if not {STATEMENT, STATEMENT_ED25519, STATEMENT_HYBRID} <= tags.keys():
        ledger.fail(Check.SIGNATURES, "signature-missing", STATEMENT)
        return
    both = Signatures(ed25519=tags[STATEMENT_ED25519], hybrid=tags[STATEMENT_HYBRID])
    try:
        check_signatures(tags[STATEMENT], both, BUNDLE, signer.public)
    except KeysError as error:
        ledger.fail(Check.SIGNATURES, error.code, STATEMENT)
    ledger.made(Check.SIGNATURES)


def _manifest(tags: Mapping[str, bytes], statement: Statement | None, ledger: Ledger) -> Mapping[str, str]:
    data = tags.get(MANIFEST, b"")
    if statement is not None:
        signed = sha256(data).hex() == statement.manifest_sha256
        ledger.expect(signed, Check.MANIFESTS, "not-the-signed-one", MANIFEST)
    return _listed(data, MANIFEST, ledger)


def _listed(data: bytes, name: str, ledger: Ledger) -> Mapping[str, str]:
    try:
        return parse_manifest(data, name)
    except TestimonyError as error:
        ledger.fail(Check.MANIFESTS, error.code, error.where)
        return {}


def _compare(listed: Mapping[str, str], found: Mapping[str, str], ledger: Ledger) -> None:
    for name in sorted(listed.keys() - found.keys()):
        ledger.fail(Check.MANIFESTS, "absent", name)
    for name in sorted(found.keys() - listed.keys()):
        ledger.fail(Check.MANIFESTS, "unlisted", name)
    for name in sorted(found.keys() & listed.keys()):
        if found[name] != listed[name]:
            ledger.fail(Check.MANIFESTS, "changed", name)


def _tag_files(tags: Mapping[str, bytes], statement: Statement, signer: Card, ledger: Ledger) -> None:
    signers = signers_of(signer)
    expected = {
        BAGIT: BAGIT_TEXT,
        ALLOWED_SIGNERS: signers.ed25519.encode("ascii"),
        ALLOWED_SIGNERS_HYBRID: signers.hybrid.encode("ascii"),
    }
    for name, content in expected.items():
        ledger.expect(tags.get(name) == content, Check.TAG_FILES_AGREE, "differs", name)
    for name, digest in zip((GUIDE_EN, GUIDE_AR), statement.guides, strict=True):
        held = sha256(tags.get(name, b"")).hex() == digest
        ledger.expect(held, Check.TAG_FILES_AGREE, "differs", name)
