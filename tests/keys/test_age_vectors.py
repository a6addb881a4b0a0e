"""C2SP/CCTV's age test kit: each of its files says in its head how it must end."""

import hashlib
import io
import zlib
from pathlib import Path

import pytest
from shared_data import shared_file, shared_names

from keys.age_classic import PassphraseIdentity, X25519Identity, dearmor, open_any_stream
from keys.errors import ArmorError, HeaderError, HeaderMacError, NoMatchError, PayloadError, SealedFileError
from keys.recipients import HybridIdentity
from keys.sealing import SealedReader, open_stream
from keys.secret import Secret

NAMES = shared_names("vectors", "age")

OUTCOMES: dict[str, type[SealedFileError]] = {
    "HMAC failure": HeaderMacError,
    "armor failure": ArmorError,
    "header failure": HeaderError,
    "no match": NoMatchError,
    "payload failure": PayloadError,
}

Identity = HybridIdentity | X25519Identity | PassphraseIdentity


def read_vector(path: Path) -> tuple[dict[str, list[str]], bytes]:
    """The head as lists of values, and the file itself."""
    head, _, body = path.read_bytes().partition(b"\n\n")
    values: dict[str, list[str]] = {}
    for line in head.decode().splitlines():
        name, _, value = line.partition(": ")
        values.setdefault(name, []).append(value)
    return values, zlib.decompress(body) if "compressed" in values else body


def identities_of(values: dict[str, list[str]]) -> list[Identity]:
    keys = [
        HybridIdentity.parse(text) if "PQ" in text else X25519Identity.parse(text)
        for text in values.get("identity", [])
    ]
    return [*keys, *(PassphraseIdentity(Secret(text.encode())) for text in values.get("passphrase", []))]


def outcome_of(values: dict[str, list[str]], body: bytes, sink: io.BytesIO) -> type[SealedFileError] | None:
    try:
        content = dearmor(body) if "armored" in values else body
        open_any_stream(io.BytesIO(content), sink, identities_of(values))
    except SealedFileError as error:
        return type(error)
    return None


@pytest.mark.parametrize("name", NAMES or ["absent"])
@pytest.mark.case("KF-03", "KF-11")
def test_each_age_vector_ends_as_its_head_says(name: str) -> None:
    values, body = read_vector(shared_file("vectors", "age", name))
    sink = io.BytesIO()
    assert outcome_of(values, body, sink) is OUTCOMES.get(values["expect"][0])
    if "payload" in values:
        assert hashlib.sha256(sink.getvalue()).hexdigest() == values["payload"][0]
    else:
        assert sink.getvalue() == b""


def test_all_143_vectors_are_there_and_all_outcomes_occur() -> None:
    shared_file("vectors", "age")
    expected = {read_vector(shared_file("vectors", "age", name))[0]["expect"][0] for name in NAMES}
    assert len(NAMES) == 143
    assert expected == {"success", *OUTCOMES}


def test_a_vector_with_a_wrong_head_would_be_noticed() -> None:
    values, body = read_vector(shared_file("vectors", "age", "hybrid_bad_tag"))
    assert outcome_of(values, body, io.BytesIO()) is not OUTCOMES["header failure"]
    values, body = read_vector(shared_file("vectors", "age", "hybrid"))
    assert outcome_of(values, body[:-1], io.BytesIO()) is PayloadError


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("hybrid")] or ["absent"])
@pytest.mark.case("KF-03", "KF-11")
def test_the_reader_of_bundles_accepts_only_purely_hybrid_files(name: str) -> None:
    values, body = read_vector(shared_file("vectors", "age", name))
    if "armored" in values:
        pytest.skip("bundles are never armored")
    identities = [one for one in identities_of(values) if isinstance(one, HybridIdentity)]
    if name in ("hybrid", "hybrid_multiple_recipients"):
        sink = io.BytesIO()
        open_stream(io.BytesIO(body), sink, identities)
        assert hashlib.sha256(sink.getvalue()).hexdigest() == values["payload"][0]
        assert SealedReader(io.BytesIO(body), identities).read() == sink.getvalue()
    else:
        with pytest.raises(SealedFileError):
            open_stream(io.BytesIO(body), io.BytesIO(), identities)
