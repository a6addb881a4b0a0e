"""Two signatures over one text; both must hold."""

import base64
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from shared_data import shared_file

from keys._primitives import InvalidSignature
from keys.composite import composite_verify
from keys.errors import KeyFormatError, KeysError, LimitError, SignatureError
from keys.identity import Identity, PublicIdentity
from keys.secret import Secret
from keys.signature import (
    BUNDLE,
    NAMESPACES,
    RECEIPT,
    AllowedSigners,
    Signatures,
    check_signatures,
    format_allowed_signers,
    parse_allowed_signers,
    verify_raw,
)

SIGNER = Identity.from_secret(Secret(bytes(range(128))))
OTHER = Identity.from_secret(Secret(bytes(range(1, 129))))
TEXT = "bundle: practice\nنص مخترع للتجربة\n".encode()
SIGNED = SIGNER.sign(TEXT, BUNDLE)


def armored(content: bytes) -> bytes:
    lines = base64.b64encode(content)
    body = b"".join(lines[start : start + 70] + b"\n" for start in range(0, len(lines), 70))
    return b"-----BEGIN SSH SIGNATURE-----\n" + body + b"-----END SSH SIGNATURE-----\n"


def blob(data: bytes) -> bytes:
    return base64.b64decode(b"".join(data.splitlines()[1:-1]))


def test_good_signatures_hold_in_each_namespace() -> None:
    for namespace in NAMESPACES:
        check_signatures(TEXT, SIGNER.sign(TEXT, namespace), namespace, SIGNER.public)


def test_a_changed_text_is_refused() -> None:
    with pytest.raises(SignatureError, match="ed25519"):
        check_signatures(TEXT + b" ", SIGNED, BUNDLE, SIGNER.public)


def test_another_signer_is_refused() -> None:
    with pytest.raises(SignatureError, match="another key"):
        check_signatures(TEXT, SIGNED, BUNDLE, OTHER.public)


def test_a_signature_for_another_purpose_is_refused() -> None:
    with pytest.raises(SignatureError, match="another purpose"):
        check_signatures(TEXT, SIGNER.sign(TEXT, RECEIPT), BUNDLE, SIGNER.public)


def test_an_unknown_purpose_is_neither_signed_nor_checked() -> None:
    with pytest.raises(SignatureError):
        SIGNER.sign(TEXT, "file")
    with pytest.raises(SignatureError):
        check_signatures(TEXT, SIGNED, "file", SIGNER.public)


@pytest.mark.parametrize("kind", ["ed25519", "hybrid"])
def test_one_good_signature_is_not_enough(kind: str) -> None:
    forged = OTHER.sign(TEXT, BUNDLE)
    with pytest.raises(SignatureError, match=kind):
        check_signatures(TEXT, replace(SIGNED, **{kind: getattr(forged, kind)}), BUNDLE, SIGNER.public)


def test_the_two_signatures_do_not_stand_in_for_each_other() -> None:
    with pytest.raises(SignatureError, match="another kind"):
        check_signatures(TEXT, Signatures(ed25519=SIGNED.hybrid, hybrid=SIGNED.hybrid), BUNDLE, SIGNER.public)
    with pytest.raises(SignatureError, match="another kind"):
        check_signatures(TEXT, Signatures(ed25519=SIGNED.ed25519, hybrid=SIGNED.ed25519), BUNDLE, SIGNER.public)


@pytest.mark.parametrize(
    "half", [slice(-64, None), slice(-64 - 2420, -64)], ids=["its Ed25519 half", "its ML-DSA half"]
)
def test_half_a_hybrid_signature_is_not_enough(half: slice) -> None:
    ours, theirs = bytearray(blob(SIGNED.hybrid)), blob(OTHER.sign(TEXT, BUNDLE).hybrid)
    ours[half] = theirs[half]
    with pytest.raises(SignatureError, match="hybrid"):
        check_signatures(TEXT, replace(SIGNED, hybrid=armored(bytes(ours))), BUNDLE, SIGNER.public)


def test_every_changed_byte_of_a_signature_file_is_refused() -> None:
    for kind in ("ed25519", "hybrid"):
        data = getattr(SIGNED, kind)
        for place in range(0, len(data), 1 if kind == "ed25519" else 17):
            for bit in (1, 4, 128):
                changed = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
                with pytest.raises(SignatureError):
                    check_signatures(TEXT, replace(SIGNED, **{kind: changed}), BUNDLE, SIGNER.public)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n",
        lambda data: data[:-1],
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b" " + data,
        lambda data: armored(blob(data) + b"\x00"),
        lambda data: armored(blob(data)[:-1]),
        lambda data: armored(blob(data)[:20]),
        lambda _: armored(b""),
        lambda data: armored(blob(data).replace(b"sha512", b"sha256")),
        lambda data: armored(blob(data).replace(b"SSHSIG\x00\x00\x00\x01", b"SSHSIG\x00\x00\x00\x02")),
        lambda data: data.replace(b"\n", b"", 2),
        lambda _: b"",
        lambda _: b"A" * 100_000,
    ],
)
def test_a_signature_file_has_one_spelling(change) -> None:
    for kind in ("ed25519", "hybrid"):
        with pytest.raises(SignatureError):
            check_signatures(TEXT, replace(SIGNED, **{kind: change(getattr(SIGNED, kind))}), BUNDLE, SIGNER.public)


def test_the_composite_signature_is_that_of_the_published_vector() -> None:
    vector = json.loads(shared_file("vectors", "composite-mldsa44-ed25519.json").read_text())
    message, context = base64.b64decode(vector["m"]), base64.b64decode(vector["ctx"])
    for case in vector["tests"]:
        public, plain, with_context = (base64.b64decode(case[name]) for name in ("pk", "s", "sWithContext"))
        composite_verify(public, plain, message)
        composite_verify(public, with_context, message, context=context)
        for signature in (with_context, plain[:-1] + bytes([plain[-1] ^ 1]), bytes([plain[0] ^ 1]) + plain[1:]):
            with pytest.raises(InvalidSignature):
                composite_verify(public, signature, message)


@pytest.mark.interop
def test_stock_ssh_keygen_accepts_our_signature_and_refuses_a_changed_text(tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen on this machine")
    (tmp_path / "text.sig").write_bytes(SIGNED.ed25519)
    (tmp_path / "allowed").write_text(format_allowed_signers("device-1", SIGNER.public, [BUNDLE]).ed25519)
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "device-1", "-n", BUNDLE, "-s", "text.sig"]
    assert subprocess.run(command, input=TEXT, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    assert subprocess.run(command, input=TEXT + b"x", cwd=tmp_path, capture_output=True, check=False).returncode != 0


@pytest.mark.interop
def test_what_stock_ssh_keygen_signs_is_spelled_as_we_spell_it(tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen on this machine")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "id"], cwd=tmp_path, check=True)
    (tmp_path / "text").write_bytes(TEXT)
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", "id", "-n", BUNDLE, "text"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    line = (tmp_path / "id.pub").read_text().split(" ")
    key = base64.b64decode(line[1])[-32:]
    signer = PublicIdentity(ed25519=key, hybrid=SIGNER.public.hybrid, recipient=SIGNER.public.recipient)
    assert signer.ssh_ed25519_line() == " ".join(line[:2])
    with pytest.raises(SignatureError, match="hybrid: made by another key"):
        check_signatures(
            TEXT,
            Signatures(ed25519=(tmp_path / "text.sig").read_bytes(), hybrid=OTHER.sign(TEXT, BUNDLE).hybrid),
            BUNDLE,
            signer,
        )


def test_plain_signatures_hold_and_a_changed_one_does_not() -> None:
    note = b"practice.example/device-1\n3\nAAAA\n"
    signature = SIGNER.sign_raw(note)
    verify_raw(SIGNER.public.ed25519, signature, note)
    for public, changed, data in (
        (SIGNER.public.ed25519, signature, note + b"\n"),
        (OTHER.public.ed25519, signature, note),
        (SIGNER.public.ed25519, signature[:-1], note),
        (SIGNER.public.ed25519, signature + b"\x00", note),
        (SIGNER.public.ed25519[:-1], signature, note),
    ):
        with pytest.raises(SignatureError):
            verify_raw(public, changed, data)


def test_a_plain_signature_cannot_be_asked_for_over_the_inside_of_a_signature_file() -> None:
    with pytest.raises(SignatureError):
        SIGNER.sign_raw(b"SSHSIG\x00\x00\x00\x16bundle@testimony-vault")


@pytest.mark.case("KF-03")
@pytest.mark.parametrize(
    "point",
    [bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", b"\xff" * 32, b"\x01" + bytes(30) + b"\x80"],
    ids=["order 4", "order 1", "order 2", "not canonical", "order 1 with a sign"],
)
def test_a_signing_key_under_which_one_signature_fits_many_texts_is_refused(point: bytes) -> None:
    with pytest.raises(SignatureError):
        verify_raw(point, point + bytes(32), b"any text")
    with pytest.raises(KeyFormatError):
        PublicIdentity(ed25519=point, hybrid=SIGNER.public.hybrid, recipient=SIGNER.public.recipient)
    with pytest.raises(KeyFormatError):
        PublicIdentity(
            ed25519=SIGNER.public.ed25519, hybrid=SIGNER.public.hybrid[:-32] + point, recipient=SIGNER.public.recipient
        )


def test_one_ed25519_key_in_both_signatures_is_refused() -> None:
    public = SIGNER.public
    with pytest.raises(KeyFormatError):
        PublicIdentity(ed25519=public.ed25519, hybrid=public.hybrid[:-32] + public.ed25519, recipient=public.recipient)


def test_an_identity_is_the_same_after_it_was_kept() -> None:
    fresh = Identity.generate()
    again = Identity.from_secret(fresh.secret())
    assert again.public == fresh.public
    assert again.age_secret().reveal().startswith(b"AGE-SECRET-KEY-PQ-1")
    assert again.opener().recipient() == fresh.public.recipient
    assert len({Identity.generate().public.fingerprint for _ in range(5)}) == 5


def test_the_fingerprint_covers_all_three_keys() -> None:
    ours, theirs = SIGNER.public, OTHER.public
    mixed = [replace(ours, **{name: getattr(theirs, name)}) for name in ("ed25519", "hybrid", "recipient")]
    assert len({key.fingerprint for key in (ours, theirs, *mixed)}) == 5
    assert ours.fingerprint == "0215 9644 8988 9202 9373 5155 2117 5277 3745 7074"


@pytest.mark.parametrize("size", [0, 127, 129])
def test_an_identity_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(KeyFormatError):
        Identity.from_secret(Secret(bytes(size)))


def test_private_keys_do_not_print_and_can_be_wiped() -> None:
    identity = Identity.generate()
    assert identity.age_secret().reveal().decode() not in f"{identity!r}{identity}"
    identity.wipe()
    with pytest.raises(KeysError):
        identity.sign(TEXT, BUNDLE)


def test_allowed_signers_are_read_back_line_by_line() -> None:
    files = format_allowed_signers("device-1", SIGNER.public, [BUNDLE, RECEIPT])
    assert isinstance(files, AllowedSigners)
    for text, algorithm, key in (
        (files.ed25519, "ssh-ed25519", SIGNER.public.ed25519),
        (files.hybrid, "ssh-mldsa44-ed25519@openssh.com", SIGNER.public.hybrid),
    ):
        (line,) = parse_allowed_signers(text.encode())
        assert (line.principal, line.namespaces) == ("device-1", (BUNDLE, RECEIPT))
        assert (line.algorithm, line.public_key) == (algorithm, key)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + "\n",
        lambda text: "# comment\n" + text,
        lambda text: text.replace("namespaces", "cert-authority,namespaces"),
        lambda text: text.replace(BUNDLE, "file"),
        lambda text: text.replace("ssh-ed25519 ", "ssh-ed25519  "),
        lambda text: text.replace("device-1", "*"),
        lambda text: text[:-2] + "\n",
        lambda text: text.replace("ssh-ed25519", "ssh-rsa"),
        lambda text: text.replace("device", "devicé"),
        lambda _: "",
    ],
)
def test_any_other_allowed_signers_file_is_refused(change) -> None:
    text = format_allowed_signers("device-1", SIGNER.public, [BUNDLE]).ed25519
    with pytest.raises(KeyFormatError):
        parse_allowed_signers(change(text).encode())


def test_a_huge_allowed_signers_file_is_refused_by_its_length() -> None:
    with pytest.raises(LimitError):
        parse_allowed_signers(b"\n" * 2_000_000)


def test_a_principal_that_would_break_the_line_is_refused() -> None:
    for principal in ("", "two words", "a,b", '"', "*", "-", "a\nb", "x" * 200):
        with pytest.raises(KeyFormatError):
            format_allowed_signers(principal, SIGNER.public, [BUNDLE])
