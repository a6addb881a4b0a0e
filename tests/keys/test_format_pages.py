"""The examples printed in docs/format are real: a reader takes them from the page."""

import io
import json
import re
from pathlib import Path

from keys import kdf_cost
from keys.attachment_cipher import decrypt_attachment
from keys.identity import Identity
from keys.passphrase import normalise
from keys.secret import Secret
from keys.signature import BUNDLE, Signatures, check_signatures, format_allowed_signers
from keys.slots import Slot, VaultKey, open_slot

COUNTING = bytes(range(128))
PASSPHRASE = "Seven-WORDS are  not  enough"


def blocks(repository: Path, page: str) -> list[str]:
    text = (repository / "docs" / "format" / page).read_text(encoding="utf-8")
    return re.findall(r"```(?:json)?\n(.*?)```", text, re.DOTALL)


def test_the_signature_of_the_page_is_good_and_its_line_and_digits_are_ours(repository: Path) -> None:
    identity = Identity.from_secret(Secret(COUNTING))
    file, line_and_digits = blocks(repository, "signatures-v1.md")[:2]
    text = b"bundle: practice\n"
    signatures = Signatures(ed25519=file.encode(), hybrid=identity.sign(text, BUNDLE).hybrid)
    check_signatures(text, signatures, BUNDLE, identity.public)
    line, digits = line_and_digits.splitlines()
    assert format_allowed_signers("device-1", identity.public, [BUNDLE]).ed25519 == f"{line}\n"
    assert identity.public.fingerprint == digits
    assert len(signatures.hybrid) == 5422


def test_the_slot_of_the_page_opens_with_its_passphrase(repository: Path) -> None:
    written, steps = blocks(repository, "slots-v1.md")[:2]
    slot = Slot.from_json(json.loads(written))
    assert json.dumps(slot.to_json(), sort_keys=True, separators=(",", ":")) == written.strip()
    vault_key = open_slot(slot, normalise(PASSPHRASE))
    assert vault_key.secret().reveal() == COUNTING[:32]
    values = dict(re.findall(r"^(\S+(?: id)?) +(.+)$", steps, re.MULTILINE))
    assert values["normalised"] == normalise(PASSPHRASE).reveal().decode()
    assert values["Argon2id"] == kdf_cost.derive(normalise(PASSPHRASE), slot.salt, slot.cost).reveal().hex()
    assert values["vault id"] == vault_key.vault_id.hex()
    framed = re.search(r"^aad +(.*?)^vault id", steps, re.MULTILINE | re.DOTALL)
    assert framed is not None
    spelled_out = framed[1].replace("0001…1f", COUNTING[:32].hex())
    assert bytes.fromhex("".join(spelled_out.split())) == slot.authenticated()


def test_the_subkeys_of_the_page_are_those_of_its_vault_key(repository: Path) -> None:
    text = (repository / "docs" / "format" / "slots-v1.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \| `([0-9a-f]+)` \|$", text, re.MULTILINE)
    vault_key = VaultKey(Secret(COUNTING[:32]))
    assert [(purpose, vault_key.subkey(purpose, int(size)).reveal().hex()) for purpose, size, _ in rows] == [
        (purpose, value) for purpose, _, value in rows
    ]
    assert len(rows) == 6


def test_the_attachment_of_the_page_opens(repository: Path) -> None:
    data = bytes.fromhex("".join(blocks(repository, "attachments-v1.md")[0].split()))
    sink = io.BytesIO()
    assert decrypt_attachment(io.BytesIO(data), sink, Secret(COUNTING[:32]), COUNTING[:16]) == 9
    assert sink.getvalue() == b"practice\n"
