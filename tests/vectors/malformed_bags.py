"""Malformed in the bag: manifests, tag files, the statement, its signatures and its signer."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace

from vectors.generate import (
    ORDER_OF_ED25519,
    VECTORS,
    Bag,
    Vector,
    members_of,
    resealed,
    stranger,
    vector,
    world,
)
from vectors.world import World

from keys.digests import sha256
from keys.signature import BUNDLE, RECEIPT
from testimony.bundle import names
from testimony.bundle.bag import signers_of

# Manifests


@vector("manifests", "unlisted", "BU-13")
def file_that_no_manifest_lists() -> Bag:
    bag = Bag()
    manifest = bag.files[names.MANIFEST].split(b"\n")
    bag.files[names.MANIFEST] = b"\n".join(line for line in manifest if not line.endswith(b"conditions.txt"))
    return bag.restate().retag()


@vector("manifests", "absent", "BU-13", verdict="incomplete")
def listed_file_that_is_not_there() -> Bag:
    bag = Bag()
    more = f"{'0' * 64}  data/text/TST-0000009.txt\n".encode()
    bag.files[names.MANIFEST] += more
    return bag.restate().retag()


@vector("manifests", "listed-twice", "BU-13")
def file_listed_twice() -> Bag:
    bag = Bag()
    last = bag.files[names.MANIFEST].split(b"\n")[-2] + b"\n"
    bag.files[names.MANIFEST] += last
    return bag.restate().retag()


@vector("manifests", "listed-twice", "BU-13")
def file_listed_twice_with_two_digests() -> Bag:
    bag = Bag()
    last = bag.files[names.MANIFEST].split(b"\n")[-2]
    bag.files[names.MANIFEST] += b"0" * 64 + last[64:] + b"\n"
    return bag.restate().retag()


@vector("manifests", "absent", "BU-13", "BU-16")
def file_listed_in_another_case() -> Bag:
    bag = Bag()
    bag.edit(names.MANIFEST, b"  data/text/TST", b"  data/text/tst")
    return bag.restate().retag()


@vector("manifests", "manifest-spelling")
def manifest_with_upper_case_digests() -> Bag:
    bag = Bag()
    bag.files[names.MANIFEST] = b"\n".join(
        line[:64].upper() + line[64:] for line in bag.files[names.MANIFEST].split(b"\n")
    )
    return bag.restate().retag()


@vector("manifests", "manifest-spelling")
def manifest_with_carriage_returns() -> Bag:
    bag = Bag()
    bag.files[names.MANIFEST] = bag.files[names.MANIFEST].replace(b"\n", b"\r\n")
    return bag.restate().retag()


@vector("manifests", "manifest-order")
def manifest_in_another_order() -> Bag:
    bag = Bag()
    lines = bag.files[names.MANIFEST].split(b"\n")[:-1]
    bag.files[names.MANIFEST] = b"\n".join(reversed(lines)) + b"\n"
    return bag.restate().retag()


@vector("manifests", "not-the-signed-one")
def manifest_other_than_the_signed_one() -> Bag:
    bag = Bag()
    bag.edit(names.CONDITIONS, b"without", b"with no")
    return bag.remanifest().retag()


@vector("manifests", "changed", "BU-01")
def conditions_changed_under_an_old_manifest() -> Bag:
    return Bag().edit(names.CONDITIONS, b"not", b"now")


@vector("manifests", "unlisted")
def tag_file_that_the_tag_manifest_leaves_out() -> Bag:
    bag = Bag()
    lines = bag.files[names.TAG_MANIFEST].split(b"\n")
    bag.files[names.TAG_MANIFEST] = b"\n".join(line for line in lines if not line.endswith(b" bagit.txt"))
    return bag


@vector("manifests", "changed")
def tag_manifest_with_a_wrong_digest() -> Bag:
    bag = Bag()
    digest = sha256(bag.files[names.BAGIT]).hex().encode()
    return bag.edit(names.TAG_MANIFEST, digest, b"0" * 64)


# Other tag files


@vector("tag-files", "differs")
def bagit_of_another_version() -> Bag:
    return Bag().edit(names.BAGIT, b"1.0", b"0.9").retag()


@vector("tag-files", "differs")
def bag_info_with_other_counts() -> Bag:
    bag = Bag()
    bag.files[names.BAG_INFO] += b"Source-Organization: somebody\n"
    return bag.retag()


@vector("tag-files", "differs", "BU-10")
def allowed_signers_with_a_second_key() -> Bag:
    bag = Bag()
    more = signers_of(replace(world().card, public=stranger().public))
    bag.files[names.ALLOWED_SIGNERS] += more.ed25519.encode()
    return bag.retag()


@vector("tag-files", "differs")
def guide_that_sends_the_reader_elsewhere() -> Bag:
    return Bag().edit(names.GUIDE_EN, b"https://age-encryption.org", b"https://example.invalid").retag()


# The statement


def stated(*edits: tuple[bytes, bytes]) -> Bag:
    return Bag().restate(*edits).retag()


STATEMENT_EDITS: tuple[tuple[str, bytes, bytes], ...] = (
    ("with-an-unknown-line", b"practice: ", b"priority: high\npractice: "),
    ("without-its-suite", b"suite: age-mlkem768x25519 ", b"suite: age-x25519 "),
    ("with-a-weaker-digest", b" sha256\n", b" sha1\n"),
    ("with-blanks", b"profile: full", b"profile:  full"),
    ("with-a-wrong-count", b"count: 1 of 2; 1 withheld", b"count: 1 of 1; 0 withheld"),
    ("with-a-time-without-offset", b"+00:00\nnot-before", b"Z\nnot-before"),
    ("with-a-thirteenth-month", b"claimed-time: 2031-05", b"claimed-time: 2031-13"),
    ("with-a-trailing-line", b"guide: HOW-TO-VERIFY.txt", b"\nguide: HOW-TO-VERIFY.txt"),
    ("with-version-zero-of-a-record", b" v1 ", b" v0 "),
    ("with-a-bidi-purpose", b"purpose: criminal", "purpose: \u202ecriminal".encode()),
    ("with-an-upper-case-id", b"bundle: ", b"bundle: A"),
    ("with-a-reason-of-many-words", b" CONSENT\n", b" the witness said no\n"),
    ("not-in-utf-8", b"purpose: criminal", b"purpose: \xff"),
)
for title, before, after in STATEMENT_EDITS:
    VECTORS.append(
        Vector(
            f"statement-{title}",
            lambda before=before, after=after: stated((before, after)).tar(),
            frozenset({"statement"}),
            "spelling",
            1,
            ("BU-06",) if "weaker" in title or "suite" in title else (),
        )
    )
for version in (b"0", b"2", b"4294967296"):
    VECTORS.append(
        Vector(
            f"statement-version-{version.decode()}",
            lambda version=version: stated((b"bundle v1", b"bundle v" + version)).tar(),
            frozenset({"statement"}),
            "bundle-unsupported",
            2,
            ("BU-06",),
        )
    )


@vector("statement", "spelling")
def statement_without_recipients() -> Bag:
    text = Bag().files[names.STATEMENT]
    line = next(one for one in text.split(b"\n") if one.startswith(b"recipient: "))
    return stated((line + b"\n", b""))


@vector("statement", "spelling")
def statement_with_a_recipient_twice() -> Bag:
    text = Bag().files[names.STATEMENT]
    line = next(one for one in text.split(b"\n") if one.startswith(b"recipient: "))
    return stated((line, line + b"\n" + line))


@vector("statement", "spelling")
def statement_with_carriage_returns() -> Bag:
    bag = Bag()
    bag.files[names.STATEMENT] = bag.files[names.STATEMENT].replace(b"\n", b"\r\n")
    text = bag.files[names.STATEMENT]
    both = bag.signer.sign(text, BUNDLE)
    bag.files |= {names.STATEMENT_ED25519: both.ed25519, names.STATEMENT_HYBRID: both.hybrid}
    return bag.retag()


VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"statement"}))


# Signatures and signer


@vector("signatures", "signature", "BU-10")
def signature_of_length_zero() -> Bag:
    bag = Bag()
    bag.files[names.STATEMENT_ED25519] = b""
    return bag.retag()


@vector("members signatures", "signature-missing", "BU-10")
def signature_missing() -> Bag:
    bag = Bag()
    del bag.files[names.STATEMENT_HYBRID]
    return bag.retag()


@vector("signatures", "signature", "BU-10")
def signatures_exchanged() -> Bag:
    bag = Bag()
    first, second = bag.files[names.STATEMENT_ED25519], bag.files[names.STATEMENT_HYBRID]
    bag.files |= {names.STATEMENT_ED25519: second, names.STATEMENT_HYBRID: first}
    return bag.retag()


@vector("signatures", "signature", "BU-10")
def signature_by_an_unknown_key() -> Bag:
    bag = Bag(signer=stranger())
    return bag.restate().retag()


@vector("signatures", "signature", "BU-10")
def signature_over_another_bundle() -> Bag:
    bag = Bag()
    both = bag.signer.sign(b"testimony-vault bundle v1\nanother\n", BUNDLE)
    bag.files |= {names.STATEMENT_ED25519: both.ed25519, names.STATEMENT_HYBRID: both.hybrid}
    return bag.retag()


@vector("signatures", "signature", "BU-10")
def signature_for_another_purpose() -> Bag:
    bag = Bag()
    both = bag.signer.sign(bag.files[names.STATEMENT], RECEIPT)
    bag.files |= {names.STATEMENT_ED25519: both.ed25519, names.STATEMENT_HYBRID: both.hybrid}
    return bag.retag()


def armored_edit(data: bytes, change: Callable[[bytearray], None]) -> bytes:
    lines = data.split(b"\n")
    blob = bytearray(b64decode(b"".join(lines[1:-2])))
    change(blob)
    text = b64encode(bytes(blob))
    return b"\n".join([lines[0], *(text[start : start + 70] for start in range(0, len(text), 70)), lines[-2], b""])


@vector("signatures", "signature", "BU-10")
def signature_malleable() -> Bag:
    bag = Bag()

    def add_the_order(blob: bytearray) -> None:
        blob[-32:] = ((int.from_bytes(blob[-32:], "little") + ORDER_OF_ED25519) % 2**256).to_bytes(32, "little")

    bag.files[names.STATEMENT_ED25519] = armored_edit(bag.files[names.STATEMENT_ED25519], add_the_order)
    return bag.retag()


def _spoil(place: int) -> Bag:
    bag = Bag()

    def change(blob: bytearray) -> None:
        blob[place] ^= 1

    bag.files[names.STATEMENT_HYBRID] = armored_edit(bag.files[names.STATEMENT_HYBRID], change)
    return bag.retag()


@vector("signatures", "signature", "BU-10")
def hybrid_signature_with_a_bad_ml_dsa_half() -> Bag:
    return _spoil(-1000)


@vector("signatures", "signature", "BU-10")
def hybrid_signature_with_a_bad_ed25519_half() -> Bag:
    return _spoil(-10)


@vector("signer-card signatures tag-files record-signatures custody-checkpoint", "other-signer", "BU-10")
def card_of_somebody_else() -> Bag:
    bag = Bag()
    bag.files[names.SIGNER_CARD] = replace(world().card, public=stranger().public).to_text(stranger())
    return bag.retag()


@vector("signer-card", "practice")
def practice_card_under_a_real_statement() -> Bag:
    return stated((b"practice: yes", b"practice: no"))


VECTORS[-1] = replace(VECTORS[-1], expect=frozenset({"signer-card", "record-heads"}))


@vector("signer-card", "card-signature")
def card_with_a_broken_signature() -> Bag:
    bag = Bag()
    bag.files[names.SIGNER_CARD] = bag.files[names.SIGNER_CARD].replace(b"code: field-07", b"code: field-08")
    return bag.retag()


@vector("signer-trusted", "unknown-signer", "BU-10", trust="stranger", verdict="self-consistent")
def seal_by_somebody_who_is_not_trusted() -> Bag:
    return Bag()


@vector("addressed-to-you", "addressed-to-another", "BU-11", exits=4)
def seal_forwarded_under_the_old_signature() -> bytes:
    """Sealed to another body, opened by it, and sealed again to ours."""
    other = World(device=world().device)
    members = members_of(other.sealed()[1], other.body)
    return resealed(Bag(files=dict(members)).tar())
