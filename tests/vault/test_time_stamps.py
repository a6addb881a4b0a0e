"""Time-stamps by stick, against an authority of OpenSSL that is made here: one certificate, two, an expired one."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from practice_vaults import BODY, PURPOSE, acquaint, details_of, make_vault, recorded
from vectors.generate import members_of

from keys.digests import sha256
from testimony.bundle.findings import Verdict
from testimony.bundle.names import GUIDE_AR, GUIDE_EN
from testimony.bundle.unseal import BundleFile
from testimony.custody.anchors import AnchorKind
from testimony.errors import AnchorError
from testimony.report import report_text
from testimony.time_tokens import parse_token, sorted_answer, time_request
from testimony.trust import Trust
from testimony.verify import examine_bundle
from vault.anchors import anchors_of, finished_between
from vault.check import check_vault
from vault.errors import AlreadyExistsError, AlreadyImportedError, LimitError, NotFoundError
from vault.handover import prepare, seal
from vault.store import Vault
from vault.time_stamps import import_answer, write_request

NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = timedelta(days=365)
CONFIG = """
[tsa]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Certified:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: RSAPrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def certified(
    name: str, by: Certified | None = None, *, stamps: bool = False, until: datetime = NOW + YEAR
) -> Certified:
    """A certificate by somebody or by itself."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if by is None else by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 2 * YEAR)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=not stamps, path_length=None), critical=True)
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return Certified(builder.sign(key if by is None else by.key, SHA256()), key)


@dataclass(frozen=True)
class Authority:
    """A time-stamp authority of OpenSSL in a folder of its own."""

    folder: Path
    root: Path

    def answer(self, request: Path) -> Path:
        """What `openssl ts -reply` says to a request."""
        reply = request.with_suffix(".tsr")
        command = ["openssl", "ts", "-reply", "-config", self.folder / "tsa.cnf", "-section", "tsa"]
        subprocess.run([*command, "-queryfile", request, "-out", reply], check=True, capture_output=True)
        return reply


def authority(folder: Path, signer: Certified, *between: Certified, root: Certified) -> Authority:
    folder.mkdir()
    key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tsa.key").write_bytes(key)
    (folder / "tsa.pem").write_bytes(signer.pem())
    (folder / "chain.pem").write_bytes(b"".join(one.pem() for one in between))
    more = f"certs = {folder}/chain.pem\n" if between else ""
    (folder / "serial").write_text("01\n")
    (folder / "root.pem").write_bytes(root.pem())
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder) + more)
    return Authority(folder, folder / "root.pem")


@pytest.fixture(scope="module")
def root() -> Certified:
    return certified("an invented root")


@pytest.fixture(scope="module")
def middle(root: Certified) -> Certified:
    return certified("an invented middle", root)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, root: Certified) -> Authority:
    """One certificate, directly under the root."""
    folder = tmp_path_factory.mktemp("authority") / "one"
    return authority(folder, certified("an invented authority", root, stamps=True), root=root)


@pytest.fixture(scope="module")
def chained(tmp_path_factory: pytest.TempPathFactory, root: Certified, middle: Certified) -> Authority:
    """A certificate under another one under the root."""
    folder = tmp_path_factory.mktemp("authority") / "two"
    return authority(folder, certified("an invented second", middle, stamps=True), middle, root=root)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path, "field-1", prefix="TST") as vault:
        yield vault


def refusal(vault: Vault, answer: Path, root: Path) -> str | None:
    before = vault.log_state.size
    with pytest.raises(AnchorError) as caught:
        import_answer(vault, answer, root)
    assert (anchors_of(vault), vault.log_state.size) == ((), before)
    return caught.value.code


@pytest.mark.parametrize("kind", ["plain", "chained"])
def test_an_answer_is_taken_in_and_bounds_the_log(
    vault: Vault, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    made: Authority = request.getfixturevalue(kind)
    record_id = recorded(vault)
    size = write_request(vault, tmp_path / "head.tsq")
    reply = made.answer(tmp_path / "head.tsq")
    stamped = import_answer(vault, reply, made.root)
    assert stamped.size == size
    assert abs(stamped.at - datetime.now(UTC)) < timedelta(minutes=1)
    (anchor,) = anchors_of(vault)
    assert (anchor.kind, anchor.size, anchor.at) == (AnchorKind.TOKEN, size, stamped.at)
    assert finished_between(vault, record_id, 1).not_after == anchor
    (details,) = details_of(vault, "token.import")
    assert details["token"] == sha256(reply.read_bytes()).hex()
    assert details["authority"] == sha256(made.root.read_bytes()).hex()
    assert details["imprint"] == details_of(vault, "token.request")[0]["imprint"]
    assert vault.read("SELECT content FROM anchors") == [(reply.read_bytes(),)], "byte for byte"
    assert check_vault(vault).holds
    with pytest.raises(AlreadyImportedError):
        import_answer(vault, reply, made.root)


def by_hand(guide: str, folder: Path) -> list[str]:
    """What OpenSSL answers to the two commands of a guide, its placeholders filled in as a person would."""
    show, verify = (line for line in guide.splitlines() if line.startswith("openssl ts"))
    (token,), (head,) = folder.glob("*.token"), folder.glob("*.head")
    shown = _answer_of(show.replace("NAME", token.stem), folder)
    at = next(line.removeprefix("Time stamp: ") for line in shown if line.startswith("Time stamp: "))
    told = "".join(line.split(" - ")[1].split("   ")[0] for line in shown if " - " in line)
    assert head.stem == "".join(char for char in told if char in "0123456789abcdef")[:64]
    (seconds,) = _answer_of(re.findall(r"date -d .*", guide)[0].replace("TIME", at), folder)
    filled = verify.replace("DIGEST", head.stem).replace("NAME", token.stem).replace("SECONDS", seconds)
    return _answer_of(filled, folder)


def _answer_of(command: str, folder: Path) -> list[str]:
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("kind", ["plain", "chained"])
def test_what_travels_is_verified_by_openssl_with_the_command_of_the_page(
    vault: Vault, tmp_path: Path, repository: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    made: Authority = request.getfixturevalue(kind)
    with make_vault(tmp_path, BODY, "legal") as body:
        acquaint(vault, body)
        recorded(vault)
        write_request(vault, tmp_path / "head.tsq")
        import_answer(vault, made.answer(tmp_path / "head.tsq"), made.root)
        bundle = seal(vault, prepare(vault, to=BODY, purpose=PURPOSE, profile="lead"), tmp_path).path
        with bundle.open("rb") as source:
            found = examine_bundle(
                BundleFile(source, [body.identity.opener()]),
                trust=Trust.of([vault.identity.public.fingerprint]),
                recipient=body.identity.public.recipient,
            )
        assert found.verdict is Verdict.PINNED
        assert "time-stamp; its signature is not checked here but by openssl ts" in report_text(found, "en")
        members = dict(members_of(bundle.read_bytes(), body.identity))
    folder = tmp_path / "bag" / "data" / "custody" / "anchors"
    folder.mkdir(parents=True)
    for name, data in members.items():
        if "/anchors/" in name:
            (folder / name.rsplit("/", 1)[1]).write_bytes(data)
    (folder / "authority.pem").write_bytes(made.root.read_bytes())
    page = (repository / "docs/format/time-v1.md").read_text("utf-8")
    command = page.split("```sh\n")[1].split("```")[0]
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("Verification: OK")) == (0, 1), done.stderr
    (head,) = folder.glob("*.head")
    for guide in (GUIDE_EN, GUIDE_AR):
        assert by_hand(members[guide].decode(), folder)[-1] == "Verification: OK"
    head.write_bytes(head.read_bytes() + b"x")
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    assert "Verification: OK" not in done.stdout, "the control: another head"


def test_an_authority_whose_certificate_had_ended_is_refused(vault: Vault, tmp_path: Path, root: Certified) -> None:
    ended = certified("an invented old one", root, stamps=True, until=NOW - timedelta(days=1))
    old = authority(tmp_path / "old", ended, root=root)
    write_request(vault, tmp_path / "head.tsq")
    try:
        reply = old.answer(tmp_path / "head.tsq")
    except subprocess.CalledProcessError:
        pytest.skip("this OpenSSL refuses to answer with an ended certificate")
    assert refusal(vault, reply, old.root) == "expired"


def test_a_root_that_ended_after_the_time_of_the_answer_is_no_reason_to_refuse(vault: Vault, tmp_path: Path) -> None:
    """A signature that was made in time stays one: what counts is the time that the answer says."""
    soon = certified("an invented short one", until=datetime.now(UTC) + timedelta(seconds=2))
    short = authority(tmp_path / "short", certified("its authority", soon, stamps=True), root=soon)
    write_request(vault, tmp_path / "head.tsq")
    reply = short.answer(tmp_path / "head.tsq")
    while datetime.now(UTC) <= soon.certificate.not_valid_after_utc:
        pass
    assert import_answer(vault, reply, short.root).size > 0


def test_an_answer_under_another_root_is_refused(vault: Vault, tmp_path: Path, plain: Authority) -> None:
    (tmp_path / "other.pem").write_bytes(certified("somebody else").pem())
    write_request(vault, tmp_path / "head.tsq")
    assert refusal(vault, plain.answer(tmp_path / "head.tsq"), tmp_path / "other.pem") == "authority"


def test_an_answer_whose_signature_was_changed_is_refused(vault: Vault, tmp_path: Path, plain: Authority) -> None:
    write_request(vault, tmp_path / "head.tsq")
    data = bytearray(plain.answer(tmp_path / "head.tsq").read_bytes())
    data[-1] ^= 1
    (tmp_path / "forged.tsr").write_bytes(data)
    assert refusal(vault, tmp_path / "forged.tsr", plain.root) == "authority"


def test_an_answer_for_another_digest_belongs_to_no_request(vault: Vault, tmp_path: Path, plain: Authority) -> None:
    (tmp_path / "head.tsq").write_bytes(time_request(bytes(32), b"nonce"))
    with pytest.raises(NotFoundError) as caught:
        import_answer(vault, plain.answer(tmp_path / "head.tsq"), plain.root)
    assert caught.value.kind == "time-request"


@pytest.mark.parametrize("nonce", [b"another nonce", None])
def test_an_answer_with_another_nonce_or_none_is_refused(
    vault: Vault, tmp_path: Path, plain: Authority, nonce: bytes | None
) -> None:
    write_request(vault, tmp_path / "head.tsq")
    imprint = bytes.fromhex(details_of(vault, "token.request")[0]["imprint"])
    other = tmp_path / "other.tsq"
    if nonce is not None:
        other.write_bytes(time_request(imprint, nonce))
    else:
        command = ["openssl", "ts", "-query", "-digest", imprint.hex(), "-sha256", "-no_nonce", "-cert", "-out", other]
        subprocess.run(command, check=True, capture_output=True)
    assert refusal(vault, plain.answer(other), plain.root) == "nonce"


def test_a_refusal_of_the_authority_is_told_as_one(vault: Vault, tmp_path: Path, plain: Authority) -> None:
    command = ["openssl", "ts", "-query", "-digest", "00" * 64, "-sha512", "-out", tmp_path / "head.tsq"]
    subprocess.run(command, check=True, capture_output=True)
    assert refusal(vault, plain.answer(tmp_path / "head.tsq"), plain.root) == "not-granted"


@pytest.mark.parametrize(
    "made", [b"", b"\x30\x00", b"<html>", b"\x30\x80\x00\x00", b"\x30\x82\x00\x01\x00", b"0" * 999]
)
def test_what_is_no_answer_is_refused(vault: Vault, tmp_path: Path, plain: Authority, made: bytes) -> None:
    (tmp_path / "made.tsr").write_bytes(made)
    assert refusal(vault, tmp_path / "made.tsr", plain.root) == "spelling"


def test_a_file_that_is_too_long_and_one_that_is_no_certificate_are_refused(
    vault: Vault, tmp_path: Path, plain: Authority
) -> None:
    write_request(vault, tmp_path / "head.tsq")
    reply = plain.answer(tmp_path / "head.tsq")
    (tmp_path / "no.pem").write_bytes(b"no certificate")
    assert refusal(vault, reply, tmp_path / "no.pem") == "certificate"
    reply.write_bytes(reply.read_bytes() + bytes(1 << 16))
    with pytest.raises(LimitError):
        import_answer(vault, reply, plain.root)


def test_a_cut_or_changed_answer_is_refused_or_says_the_same(vault: Vault, tmp_path: Path, plain: Authority) -> None:
    write_request(vault, tmp_path / "head.tsq")
    data = plain.answer(tmp_path / "head.tsq").read_bytes()
    broken = [data[:end] for end in range(0, len(data), 97)]
    for place in range(0, len(data), 41):
        changed = bytearray(data)
        changed[place] ^= 0x55
        broken.append(bytes(changed))
    for one in broken:
        (tmp_path / "broken.tsr").write_bytes(one)
        with suppress(AnchorError, NotFoundError):
            import_answer(vault, tmp_path / "broken.tsr", plain.root)
            # A few bytes of the frame are not signed: the version of the list, the name of the key's algorithm.
            assert parse_token(one) == parse_token(data)
    (tmp_path / "broken.tsr").write_bytes(data)
    assert import_answer(vault, tmp_path / "broken.tsr", plain.root).size, "the control: the whole one"


def test_a_request_is_read_by_openssl_and_asks_for_the_certificates(vault: Vault, tmp_path: Path) -> None:
    size = write_request(vault, tmp_path / "head.tsq")
    command = ["openssl", "ts", "-query", "-in", tmp_path / "head.tsq", "-text"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Version: 1" in said
    assert "Hash Algorithm: sha256" in said
    assert "Certificate required: yes" in said
    assert details_of(vault, "token.request")[0]["size"] == size
    assert vault.identity.public.fingerprint.encode() not in (tmp_path / "head.tsq").read_bytes()
    with pytest.raises(AlreadyExistsError):
        write_request(vault, tmp_path / "head.tsq")


def test_only_the_order_of_the_certificates_is_changed_to_read_an_answer(
    vault: Vault, tmp_path: Path, chained: Authority
) -> None:
    write_request(vault, tmp_path / "head.tsq")
    data = chained.answer(tmp_path / "head.tsq").read_bytes()
    again = sorted_answer(data)
    assert sorted(again) == sorted(data)
    assert sorted_answer(again) == again
    assert parse_token(again) == parse_token(data)
