"""Other people's programs open what is sealed here, and what they seal is opened here."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from keys.age_classic import PassphraseIdentity, X25519Identity, dearmor, open_any_stream
from keys.errors import HeaderError, NoMatchError
from keys.recipients import HybridIdentity
from keys.sealing import open_stream, seal_stream
from keys.secret import Secret

pytestmark = pytest.mark.interop

SIZES = [0, 1, 65536, 65537, 3 * 1024 * 1024 + 7]


@pytest.fixture(scope="session")
def npm_age(repository: Path) -> list[str]:
    """The command that runs npm's age-encryption."""
    named = os.environ.get("TESTIMONY_NPM")
    modules = (Path(named) if named else repository / ".interop") / "node_modules"
    if shutil.which("node") is None or not (modules / "age-encryption").is_dir():
        pytest.skip("no node, or no npm age-encryption in TESTIMONY_NPM or .interop")
    return ["node", str(Path(__file__).with_name("age_interop.mjs")), str(modules)]


@pytest.fixture(scope="session")
def stock_age() -> str:
    found = shutil.which("age")
    if found is None:
        pytest.skip("no age on this machine")
    return found


@pytest.mark.parametrize("size", SIZES)
def test_npm_age_opens_what_we_seal(size: int, npm_age: list[str], tmp_path: Path, reader: HybridIdentity) -> None:
    text = os.urandom(size)
    with (tmp_path / "sealed").open("wb") as sink:
        seal_stream(io.BytesIO(text), sink, [HybridIdentity.generate().recipient(), reader.recipient()])
    key = reader.secret().reveal().decode()
    subprocess.run([*npm_age, "open", key, tmp_path / "sealed", tmp_path / "plain"], check=True)
    assert (tmp_path / "plain").read_bytes() == text


@pytest.mark.parametrize("size", SIZES)
def test_we_open_what_npm_age_seals(size: int, npm_age: list[str], tmp_path: Path, reader: HybridIdentity) -> None:
    (tmp_path / "plain").write_bytes(text := os.urandom(size))
    subprocess.run([*npm_age, "seal", reader.recipient(), tmp_path / "plain", tmp_path / "sealed"], check=True)
    sink = io.BytesIO()
    with (tmp_path / "sealed").open("rb") as source:
        open_stream(source, sink, [reader])
    assert sink.getvalue() == text


def test_npm_age_refuses_a_changed_file_too(npm_age: list[str], tmp_path: Path, reader: HybridIdentity) -> None:
    sink = io.BytesIO()
    seal_stream(io.BytesIO(b"practice"), sink, [reader.recipient()])
    data = bytearray(sink.getvalue())
    data[-1] ^= 1
    (tmp_path / "sealed").write_bytes(data)
    key = reader.secret().reveal().decode()
    done = subprocess.run(
        [*npm_age, "open", key, tmp_path / "sealed", tmp_path / "plain"], check=False, capture_output=True
    )
    assert done.returncode != 0


@pytest.mark.parametrize("armor", [[], ["-a"]])
def test_we_read_what_stock_age_seals_to_a_classical_key(armor: list[str], stock_age: str, tmp_path: Path) -> None:
    text = os.urandom(200_000)
    written = subprocess.run(["age-keygen"], check=True, capture_output=True, text=True).stdout
    secret = written.splitlines()[-1]
    public = next(line for line in written.splitlines() if "public key" in line).split()[-1]
    data = subprocess.run([stock_age, *armor, "-r", public], input=text, check=True, capture_output=True).stdout
    sink = io.BytesIO()
    content = dearmor(data) if armor else data
    open_any_stream(io.BytesIO(content), sink, [X25519Identity.parse(Secret(secret.encode()))])
    assert sink.getvalue() == text
    with pytest.raises(NoMatchError):
        open_any_stream(io.BytesIO(content), io.BytesIO(), [PassphraseIdentity(Secret(b"practice"))])
    with pytest.raises(HeaderError):
        open_stream(io.BytesIO(content), io.BytesIO(), [HybridIdentity.generate()])
