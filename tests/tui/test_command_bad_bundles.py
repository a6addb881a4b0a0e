"""Bad bundles, keys and vaults by command: each case of the catalogue ends with its exit code and a sentence."""

import io
import os
import time
from pathlib import Path

import pytest
from command_line import Commands, Pair, is_in
from practice_vaults import BODY, PURPOSE, make_vault, passphrase, recorded

from keys.sealing import open_stream, seal_stream
from vault.contacts import add_contact
from vault.store import Vault

USAGE, MACHINE, POLICY, CHECK_FAILED = 2, 3, 4, 1
ASKED = ("--to", BODY, "--purpose", PURPOSE)


# Bundles


@pytest.fixture
def bundle(command: Commands, pair: Pair) -> Path:
    (pair.folder / "out").mkdir(exist_ok=True)
    sealed = command("seal", pair.field, *ASKED, "--profile", "full", "--out", pair.folder / "out", "--json")
    assert sealed.code == 0
    return Path(sealed.json["path"])


def resealed(pair: Pair, bundle: Path, to: Path) -> Path:
    """The bundle opened by the body and sealed anew for somebody, as an attacker or a careless colleague could."""
    tar = io.BytesIO()
    with Vault.unlock(pair.legal, passphrase()) as legal, bundle.open("rb") as source:
        open_stream(source, tar, [legal.identity.opener()])
    target = pair.folder / "resealed.age"
    with Vault.unlock(to, passphrase()) as other, target.open("wb") as sink:
        seal_stream(io.BytesIO(tar.getvalue()), sink, [other.identity.public.recipient])
    return target


@pytest.mark.case("BU-05")
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        b"a letter\n",
        b"<!doctype html>",
        b"PK\x03\x04" + bytes(100),
        "text".encode("utf-16"),
        b"\x7fELF",
        bytes(1 << 20),
    ],
    ids=["empty", "one byte", "text", "HTML", "ZIP", "UTF-16", "ELF", "zeros"],
)
def test_a_file_that_was_never_a_bundle_is_called_so(command: Commands, pair: Pair, raw: bytes, language: str) -> None:
    (pair.folder / "file.age").write_bytes(raw)
    said = command("receive", "--accept-conditions", pair.legal, pair.folder / "file.age")
    assert said.code == USAGE
    assert language == "ar" or "This file is not a bundle." in said.err
    assert is_in(language, said.err)


@pytest.mark.case("BU-01", "BU-02")
@pytest.mark.parametrize("harm", ["flipped", "cut"])
def test_a_damaged_bundle_is_refused_by_a_check_that_a_person_understands(
    command: Commands, pair: Pair, bundle: Path, harm: str, language: str
) -> None:
    raw = bytearray(bundle.read_bytes())
    raw[len(raw) // 2] ^= 1
    bundle.write_bytes(raw if harm == "flipped" else raw[: len(raw) // 2])
    said = command("receive", "--accept-conditions", pair.legal, bundle)
    assert said.code == CHECK_FAILED
    assert "age-layer" not in said.err
    assert is_in(language, said.err)
    if language == "en":
        assert "the sealed file opens to its last byte" in said.err
    assert command("receive", "--accept-conditions", pair.legal, bundle, "--json").json["refused"] is True
    assert command("list", pair.legal, "--json").json["records"] == []


@pytest.mark.case("BU-11")
def test_a_bundle_passed_on_to_another_body_is_refused(
    command: Commands, pair: Pair, bundle: Path, language: str
) -> None:
    with make_vault(pair.folder, "third-body", "legal") as third, Vault.unlock(pair.field, passphrase()) as field:
        add_contact(third, field.card(), field.identity.public.fingerprint)
    said = command("receive", "--accept-conditions", third.path, resealed(pair, bundle, third.path))
    assert said.code == POLICY
    assert language == "ar" or "addressed to another body" in said.err
    assert command("list", third.path, "--json").json["records"] == []
    unopened = command("receive", "--accept-conditions", third.path, bundle)
    assert unopened.code == POLICY


@pytest.mark.case("BU-25")
def test_ones_own_export_is_called_so(command: Commands, pair: Pair, bundle: Path) -> None:
    said = command("receive", "--accept-conditions", pair.field, resealed(pair, bundle, pair.field))
    assert said.code == 0
    assert "sealed by this vault itself" in said.out


@pytest.mark.case("BU-10")
def test_a_bundle_by_somebody_unknown_is_refused(command: Commands, pair: Pair, language: str) -> None:
    with make_vault(pair.folder, "stranger") as stranger, Vault.unlock(pair.legal, passphrase()) as legal:
        add_contact(stranger, legal.card(), legal.identity.public.fingerprint)
        recorded(stranger)
    sealed = command("seal", stranger.path, *ASKED, "--profile", "full", "--out", pair.folder, "--json")
    said = command("receive", "--accept-conditions", pair.legal, sealed.json["path"])
    assert said.code == POLICY
    assert is_in(language, said.err)


# Keys and contacts


@pytest.mark.case("KF-02")
def test_a_private_key_where_a_card_belongs_is_refused_and_not_repeated(
    command: Commands, pair: Pair, language: str
) -> None:
    with Vault.unlock(pair.legal, passphrase()) as legal:
        secret = legal.identity.age_secret().reveal().decode("ascii")
    keys = {
        "age.txt": secret,
        "ssh": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n-----END OPENSSH PRIVATE KEY-----\n",
        "public.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFl5thuXRLr3CglAL5XtnfBi78Ba/PqgXVGh6N9GV03U\n",
    }
    for name, text in keys.items():
        (pair.folder / name).write_text(text, encoding="ascii")
        said = command("contact", "add", pair.field, pair.folder / name, "--digits", "1234 " * 10)
        assert (said.code, said.out) == (USAGE, "")
        assert text.splitlines()[0][:24] not in said.err
        assert is_in(language, said.err)


@pytest.mark.case("KF-04", "KF-07")
def test_a_card_is_added_once_and_never_with_other_digits_nor_ones_own(
    command: Commands, pair: Pair, language: str
) -> None:
    card, own = pair.folder / "legal.card", pair.folder / "own.card"
    command("card", pair.legal, "--out", card)
    command("card", pair.field, "--out", own)
    digits = command("card", pair.legal, "--json").json["fingerprint"]
    own_digits = command("card", pair.field, "--json").json["fingerprint"]
    assert command("contact", "add", pair.field, card, "--digits", digits).code == 0
    assert len(command("contact", "list", pair.field, "--json").json["contacts"]) == 1
    for given, heard in ((card, own_digits), (own, own_digits), (card, digits[:-1] + "x"), (card, "")):
        said = command("contact", "add", pair.field, given, "--digits", heard)
        assert said.code in {USAGE, POLICY}
        assert is_in(language, said.err)
    assert len(command("contact", "list", pair.field, "--json").json["contacts"]) == 1


def test_an_unknown_recipient_is_named_as_what_is_missing(command: Commands, pair: Pair, language: str) -> None:
    said = command("seal", pair.field, "--to", "nobody", "--purpose", PURPOSE, "--out", pair.folder / "out")
    assert said.code == USAGE
    assert is_in(language, said.err)
    assert language == "ar" or "No contact has this code" in said.err
    assert not (pair.folder / "out").exists()


@pytest.mark.parametrize("verb", ["finish", "attach"])
def test_what_is_finished_is_not_changed(command: Commands, pair: Pair, verb: str, language: str) -> None:
    more = (pair.folder / "f",) if verb == "attach" else ()
    (pair.folder / "f").write_bytes(b"x")
    said = command(verb, pair.field, pair.record_id, *more)
    assert said.code == USAGE
    assert language == "ar" or "What is finished cannot be changed" in said.err


# Vault files


@pytest.mark.case("VF-12")
@pytest.mark.parametrize("kind", ["link", "pipe", "file", "folder", "device", "nothing", "full"])
def test_what_is_no_vault_is_not_opened_and_not_made_one(
    command: Commands, pair: Pair, kind: str, language: str
) -> None:
    path = pair.folder / "other.vault"
    match kind:
        case "link":
            path.symlink_to(pair.field)
        case "pipe":
            os.mkfifo(path)
        case "file":
            path.write_bytes(b"SQLite format 3\x00")
        case "folder":
            path.mkdir()
        case "device":
            path = Path("/dev/null")
        case "full":
            path = Path("/dev/full")
        case _:
            pass
    before = sorted(pair.folder.rglob("*"))
    for words in (("list", path), ("check", path), ("custody", path)):
        said = command(*words)
        assert said.code in {USAGE, MACHINE}
        assert said.out == ""
        assert is_in(language, said.err)
    if kind != "nothing":
        assert command("init", path, "--practice").code in {USAGE, MACHINE}
    assert sorted(pair.folder.rglob("*")) == before


@pytest.mark.case("VF-13")
def test_a_vault_open_to_others_is_opened_with_a_warning(command: Commands, pair: Pair) -> None:
    pair.field.chmod(0o755)
    said = command("list", pair.field)
    assert said.code == 0
    assert "Other users of this computer can read" in said.err


@pytest.mark.case("VF-14")
def test_a_vault_that_is_open_elsewhere_is_busy_at_once(command: Commands, pair: Pair, language: str) -> None:
    with Vault.unlock(pair.field, passphrase()) as vault:
        began = time.monotonic()
        said = command("list", pair.field)
        assert time.monotonic() - began < 1
        assert said.code == MACHINE
        assert is_in(language, said.err)
        assert vault.read("SELECT count(*) FROM records") == [(1,)]


@pytest.mark.case("VF-22")
@pytest.mark.parametrize(
    "name",
    [
        "خزنة",
        "a\u0301",
        "with space",
        "new\nline",
        "-rf",
        "file:x.db?mode=memory",
        "file:y?nolock=1",
        ":memory:",
        "v" * 255,
    ],
)
def test_a_vault_of_any_name_is_a_folder_of_that_name(
    command: Commands, pair: Pair, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pair.folder)
    pair.field.rename(pair.folder / name)
    said = command("list", "--json", "--", name)
    assert said.code == 0
    assert len(said.json["records"]) == 1
    assert command("list", "--", f"./{name}").code == 0
    assert not (pair.folder / "x.db").exists()


@pytest.mark.case("VF-04", "VF-05", "VF-08")
@pytest.mark.parametrize(
    ("file", "raw"),
    [
        ("vault-0001.db", b""),
        ("vault-0001.db", b"SQLite format 3\x00" + bytes(5000)),
        ("header.A", b"{}"),
        ("header.B", b""),
    ],
)
def test_a_damaged_vault_says_so_and_is_left_as_it_is(
    command: Commands, pair: Pair, file: str, raw: bytes, language: str
) -> None:
    (pair.field / file).write_bytes(raw)
    said = command("check", pair.field)
    if file.startswith("header"):  # the other copy serves
        assert said.code in {0, CHECK_FAILED}
        assert is_in(language, said.err)
        return
    assert said.code == CHECK_FAILED
    assert is_in(language, said.err)
    assert (pair.field / file).read_bytes() == raw
