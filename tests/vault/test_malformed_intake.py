"""What each check refuses, given to a vault: nothing is stored, one entry is left, and no word is repeated."""

from collections.abc import Iterator

import pytest
from invented_interview import told_words
from practice_vaults import kinds_of, make_vault, receive
from vectors.catalogue import VECTORS
from vectors.generate import resealed, sealed, world

from keys.identity import Identity
from keys.secret import Secret
from testimony.errors import TestimonyError
from vault.contacts import add_contact
from vault.errors import VaultError
from vault.intake import Intake
from vault.store import Vault

# Those that are refused only for what was seen before, or because their sender is a stranger, stand in test_intake.py.
ALONE = [one for one in VECTORS if not one.seen() and one.earlier is None and one.trust == "sender"]
# The first vector of every set of checks that fail together.
MALFORMED = {one.expect: one for one in reversed(ALONE)}.values()


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """A vault with the keys of the body that every vector is addressed to, which knows their sender."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Identity, "generate", lambda: Identity.from_secret(Secret(world().body.secret().reveal())))
        vault = make_vault(tmp_path_factory.mktemp("body"), "court-a", "legal")
    with vault:
        add_contact(vault, world().card.to_text(world().device), world().device.public.fingerprint)
        yield vault


def received(vault: Vault, data: bytes) -> Intake:
    """What came of it; a tar is sealed first, since a vault takes nothing else."""
    path = vault.path.parent / "given.age"
    path.write_bytes(resealed(data) if data[257:262] == b"ustar" else data)
    return receive(vault, path)


def stored(vault: Vault) -> list[object]:
    """Every row that an intake could write, and every file."""
    tables = (
        "received_bundles",
        "received_records",
        "received_companions",
        "exhibits",
        "attachments",
        "search_paragraphs",
    )
    rows = [row for table in tables for row in vault.read(f"SELECT * FROM {table}")]  # noqa: S608
    folders = (vault.layout.attachments, vault.layout.quarantine)
    return [*rows, *(path for folder in folders for path in folder.rglob("*") if path.is_file())]


def test_a_malformed_bundle_is_refused_stores_nothing_and_is_not_repeated(body: Vault) -> None:
    there = stored(body)
    for one in MALFORMED:
        before = body.log_state.size
        intake = received(body, one.make())
        assert isinstance(intake.failure, TestimonyError | VaultError), one.name
        assert stored(body) == there, one.name
        assert kinds_of(body, before) in ([], ["bundle.verify"]), one.name
        assert not [word for word in told_words() if word in f"{intake.failure} {intake!r}"], one.name
    assert len(MALFORMED) > 40


def test_the_bundle_they_are_made_from_is_taken_in(body: Vault) -> None:
    before = stored(body)
    assert received(body, sealed()).failure is None
    assert len(stored(body)) > len(before)
